"""What a plan would reach with each fix: its key figures, planned for the first objective alone and verified."""

from collections.abc import Callable
from dataclasses import replace

from planner.cell_changes import apply_changes
from planner.plan import Fix, Totals
from planner.rulebook import objectives
from planner.scenario import Scenario
from solver.arrays import build_arrays
from solver.model import build_model
from solver.network.plan_model import PlanModel
from solver.network.splitting import split_flows
from solver.options import Options
from solver.pro_rata import ProRata
from solver.search.levels import Found, Search
from solver.verify import measure

MOST_VARIABLES = 20_000  # larger scenarios take too long to be planned once for each fix


def with_effects(
    scenario: Scenario,
    fixes: tuple[Fix, ...],
    options: Options,
    is_stopped: Callable[[], bool],
    began: float,
) -> tuple[Fix, ...]:
    """The fixes with what each would reach, as far as time allows; none where the scenario is large."""
    planned: list[Fix] = []
    for fix in fixes:
        fixed = apply_changes(scenario, fix.changes)
        levels = objectives(fixed)[:1]
        if is_stopped() or (model := build_model(build_arrays(fixed), levels)).program.size > MOST_VARIABLES:
            break
        split = ProRata(model)
        opening = split.reaching_minimum(split.values())
        found = Search(model, levels, options, lambda event: None, is_stopped, began, opening).run()
        planned.append(replace(fix, totals=_totals(fixed, model, found)))
    return (*planned, *fixes[len(planned) :])


def _totals(scenario: Scenario, model: PlanModel, found: Found) -> Totals | None:
    """The verified key figures of what was found; None where nothing was."""
    if found.values is None:
        return None
    measured = measure(scenario, *split_flows(model, found.values))
    return measured.totals if measured.is_sound else None
