"""What a plan would reach with each fix: its key figures, planned for the first objective alone and verified."""

from collections.abc import Callable
from dataclasses import replace

from planner.cell_changes import apply_changes
from planner.plan import Fix, Totals
from planner.rulebook import objectives
from planner.scenario import Scenario
from solver.arrays import build_arrays
from solver.model import build_model
from solver.network.splitting import split_flows
from solver.options import Options
from solver.pro_rata import ProRata
from solver.search.levels import Search
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
    return tuple(
        fix
        if is_stopped()
        else replace(fix, totals=_totals(apply_changes(scenario, fix.changes), options, is_stopped, began))
        for fix in fixes
    )


def _totals(
    scenario: Scenario,
    options: Options,
    is_stopped: Callable[[], bool],
    began: float,
) -> Totals | None:
    """The verified key figures of the best plan for the first objective; None where none was found in time."""
    levels = objectives(scenario)[:1]
    model = build_model(build_arrays(scenario), levels)
    if model.program.size > MOST_VARIABLES:
        return None
    split = ProRata(model)
    opening = split.reaching_minimum(split.values())
    found = Search(model, levels, options, lambda event: None, is_stopped, began, opening).run()
    if found.values is None:
        return None
    measured = measure(scenario, *split_flows(model, found.values))
    return measured.totals if measured.is_sound else None
