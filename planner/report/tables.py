"""Every table of a plan, computed once for the screen, the charts and the Excel report alike."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from planner.plan import Plan
from planner.report import changes, demand, flows, outcome, supply, worth
from planner.report.figures import Figures
from planner.report.table import Mark, ReportColumn, Table
from planner.scenario import Scenario

__all__ = ["BUILDERS", "Mark", "PlanTables", "ReportColumn", "Table"]

BUILDERS: Mapping[str, Callable[[Figures], Table]] = {
    "key_figures": outcome.key_figures,
    "objectives": outcome.objectives,
    "coverage": demand.coverage,
    "effective": demand.effective,
    "activities": demand.activities,
    "allocations": supply.allocations,
    "delivery": supply.delivery,
    "gaps": demand.gaps,
    "partners": supply.partners,
    "supply": supply.supply,
    "resources": demand.resources,
    "stranded": supply.stranded,
    "flows": flows.flows,
    "periods": flows.periods,
    "rules": outcome.rules,
    "changes": changes.changes,
    "prices": worth.prices,
    "asks": worth.asks,
    "conflict": outcome.conflict,
    "fixes": outcome.fixes,
    "method": outcome.method,
}


class PlanTables(Mapping[str, Table]):
    """The tables of one plan of one scenario by their keys; each is built when first asked for and then kept."""

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        self.scenario = scenario
        self.plan = plan
        self._built: dict[str, Table] = {}

    @cached_property
    def figures(self) -> Figures:
        """The sums that the tables share."""
        return Figures(self.scenario, self.plan)

    def __getitem__(self, key: str) -> Table:
        if key not in self._built:
            self._built[key] = BUILDERS[key](self.figures)
        return self._built[key]

    def __iter__(self) -> Iterator[str]:
        return iter(BUILDERS)

    def __len__(self) -> int:
        return len(BUILDERS)
