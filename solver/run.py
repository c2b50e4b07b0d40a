"""Scenario in, verified plan out: checks, arrays, model, search, split, verification, reasons."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cache

from planner import __version__
from planner.changes import changes_since_baseline
from planner.fingerprint import fingerprint
from planner.plan import Allocation, Comparison, DeliveryPayment, ObjectiveResult, Plan, Run
from planner.problems import InputProblem, Severity
from planner.rulebook import objectives
from planner.scenario import Scenario
from planner.validate import check
from solver.agreed_plan import compare_baseline
from solver.arrays import build_arrays
from solver.attendance import Attended, attend
from solver.events import Event, PhaseStarted
from solver.model import build_model
from solver.network.plan_model import PlanModel
from solver.network.splitting import split_flows
from solver.options import Options
from solver.pro_rata import ProRata, compare_pro_rata
from solver.reasons.choices import Choices
from solver.reasons.explain import ActivityFigures, Explainer
from solver.repair.effects import with_effects
from solver.repair.feasibility import Feasibility
from solver.repair.fixes import Clash, explain_clash
from solver.search.goals import relative_gap
from solver.search.levels import Found, Search
from solver.verify import Measurement, measure
from solver.worth.pricing import price_plan

PRICING_SHARE = 0.03  # of the time limit, at least
SOLVER = "HiGHS and SCIP (OR-Tools)"


class UnsoundPlan(Exception):
    """A finished plan that breaks a rule: a bug of the solver, never shown as a plan. `violations` are sentences."""

    def __init__(self, violations: tuple[str, ...]) -> None:
        super().__init__("The plan that was found breaks a rule: " + " ".join(violations[:5]))
        self.violations = violations


def solve(
    scenario: Scenario,
    options: Options | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Plan:
    """The best joint plan under every rule, or the proof that there is none. Reads and writes no files.

    Raises InputProblem where the scenario has errors, and UnsoundPlan (a bug) where verification fails. Cancelling and
    the time limit end the search with the best plan so far.
    """
    began, asked = time.monotonic(), options or Options()
    refuse_errors(scenario)
    nothing = Found(None, (), False, False, "user")
    return attend(
        lambda run: _work(scenario, asked, run, began),
        lambda: _no_plan(scenario, asked, nothing, None, began, Clash()),
        on_event,
        cancelled,
        asked.time_limit,
    )


def _work(scenario: Scenario, options: Options, run: Attended, began: float) -> Plan:
    """The whole way from scenario to plan; every plan that a level comes to is kept for a run that is left."""

    def begin(phase: str) -> None:
        run.tell(PhaseStarted(phase, time.monotonic() - began))

    begin("arrays")
    levels = objectives(scenario)
    model = build_model(build_arrays(scenario), levels)
    begin("pro_rata")
    pro_rata = ProRata(model)
    split = pro_rata.values()
    comparison = compare_pro_rata(model, split)

    def verified(found: Found) -> Callable[[], Plan]:
        """What makes a plan of a solution whose lines keep every rule."""
        assert found.values is not None
        allocations, delivery = split_flows(model, found.values)
        measured = measure(scenario, allocations, delivery)
        if not measured.is_sound:
            raise UnsoundPlan(tuple(violation.text for violation in measured.violations))
        answer = allocations, delivery, measured
        return lambda: _finished(scenario, options, found, comparison, began, answer, model)

    opening = pro_rata.reaching_minimum(split)
    search = Search(model, levels, options, run.tell, run.is_stopped, began, opening)
    found = search.run(lambda so_far: run.keep(verified(so_far)))
    if found.values is None:
        clash = Clash()
        if found.is_infeasible:
            feasibility = Feasibility(options, run.is_stopped, began)
            clash = explain_clash(scenario, feasibility, begin)
            answer = _no_plan(scenario, options, found, comparison, began, clash)
            run.keep(lambda: answer)
            begin("effects")
            fixes = with_effects(scenario, clash.fixes, options, run.is_stopped, began)
            clash = replace(clash, fixes=fixes)
        return _no_plan(scenario, options, found, comparison, began, clash)
    begin("verify")
    plan = verified(found)()
    if run.is_stopped():
        return plan
    run.keep(lambda: plan)
    begin("prices")
    priced = price_plan(scenario, plan, model, found.values, _seconds_for_prices(options, began), run.is_stopped)
    return replace(priced, run=replace(priced.run, seconds=round(time.monotonic() - began, 3)))


def refuse_errors(scenario: Scenario) -> None:
    """Raise InputProblem with every error of the scenario, if it has any."""
    errors = tuple(problem for problem in check(scenario) if problem.severity is Severity.ERROR)
    if errors:
        raise InputProblem(errors)


def _seconds_for_prices(options: Options, began: float) -> float | None:
    """What is left of the time, but at least a small part of it."""
    if options.time_limit is None:
        return None
    return max(options.time_limit - (time.monotonic() - began), PRICING_SHARE * options.time_limit)


def _finished(
    scenario: Scenario,
    options: Options,
    found: Found,
    comparison: Comparison,
    began: float,
    answer: tuple[list[Allocation], list[DeliveryPayment], Measurement],
    model: PlanModel,
) -> Plan:
    allocations, delivery, measured = answer
    figures = {
        key: ActivityFigures(activity.go, activity.coverage, activity.effective)
        for key, activity in measured.activities.items()
    }
    explainer = Explainer(model.arrays, allocations, delivery, figures, measured.rules)
    leftovers = explainer.leftovers
    choices = Choices(model.arrays, objectives(scenario), model.sources, leftovers, allocations)
    status = "interrupted" if found.stopped == "user" else "optimal" if found.is_proven else "feasible"
    return Plan(
        title=scenario.settings.title,
        fingerprint=fingerprint(scenario),
        status=status,
        objectives=(
            *(replace(result, value=measured.objectives[result.objective]) for result in found.results),
            *(_not_optimised(key, measured.objectives[key], bound) for key, bound in found.waiting),
        ),
        totals=measured.totals,
        activities=explainer.activities(),
        allocations=tuple(replace(line, text=choices.text(line)) for line in allocations),
        delivery=tuple(delivery),
        gaps=explainer.gaps(),
        rules=measured.rules,
        pro_rata=comparison,
        baseline=compare_baseline(scenario),
        stranded=explainer.stranded(),
        changes=changes_since_baseline(scenario, allocations),
        run=_run(options, found.stopped, began),
        made_at=datetime.now().astimezone().isoformat(timespec="seconds"),
    )


def _not_optimised(key: str, value: float, bound: float) -> ObjectiveResult:
    """The result of a level that has not had its turn."""
    return ObjectiveResult(key, value, value, bound, relative_gap(value, bound))


def _no_plan(
    scenario: Scenario,
    options: Options,
    found: Found,
    comparison: Comparison | None,
    began: float,
    clash: Clash,
) -> Plan:
    """The answer without a plan: proven impossible with the conditions that clash, or nothing found in time."""
    return Plan(
        title=scenario.settings.title,
        fingerprint=fingerprint(scenario),
        status="infeasible" if found.is_infeasible else "unknown",
        conflict=clash.conflict,
        fixes=clash.fixes,
        pro_rata=comparison,
        baseline=compare_baseline(scenario),
        run=_run(options, found.stopped, began),
        made_at=datetime.now().astimezone().isoformat(timespec="seconds"),
    )


def _run(options: Options, stopped: str | None, began: float) -> Run:
    return Run(
        seconds=round(time.monotonic() - began, 3),
        seed=options.seed,
        solver=SOLVER,
        stopped=stopped,
        versions=_versions(),
    )


@cache
def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {"concord": __version__}
    for name in ("ortools", "numpy"):
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
