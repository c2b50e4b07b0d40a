"""A plan in words: what it reaches, what is missing, and what the rules do."""

import math
from collections.abc import Iterator
from typing import Any

from planner.cells import period_label
from planner.plan import Fix, Plan
from planner.report.tables import PlanTables, Table
from planner.scenario import Scenario
from ui.command_line.output import table_lines

MOST_GAPS = 10
MOST_ASKS = 3
TINY_GAP = 5e-6  # shown as 0.00 %: proven as far as figures show
UNKNOWN_GAP = 1.0  # a bound this far away says nothing

_STOPPED = {"time": ", when the time limit ended the search", "user": ", when the search was cancelled"}


def summary_lines(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """The whole result, ready to print."""
    yield from key_figure_lines(scenario, plan)
    if not plan.has_allocations:
        return
    tables = PlanTables(scenario, plan)
    yield ""
    yield from _objective_lines(plan)
    going = sum(activity.go for activity in plan.activities)
    ahead = "activity goes ahead" if len(plan.activities) == 1 else "activities go ahead"
    lines = f"{len(plan.allocations)} allocation{'' if len(plan.allocations) == 1 else 's'}"
    yield f"{going} of {len(plan.activities)} {ahead}; {lines}."
    yield from _gap_lines(scenario, plan)
    yield from _change_lines(tables["changes"])
    yield from _rule_lines(tables["rules"])
    yield from _price_lines(tables["prices"])
    yield from _ask_lines(plan)


def key_figure_lines(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Title, status and key figures beside the pro-rata split; of a scenario without a plan, why there is none."""
    yield f"{scenario.settings.title or 'Plan'}: {status_words(plan)}"
    if not plan.has_allocations:
        yield from _conflict_lines(plan)
        return
    figures = PlanTables(scenario, plan)["key_figures"]
    yield ""
    shown = [column for column in figures.columns if column.name in ("plan", "pro_rata", "baseline")]
    rows = [("", *(column.title for column in shown))]
    for index in range(len(figures.rows)):
        unit = figures.value(index, "unit")
        values = (_figure(figures.value(index, column.name), unit) for column in shown)
        rows.append((str(figures.value(index, "figure")), *values))
    yield from table_lines(rows, right=range(1, len(shown) + 1))
    if figures.note:
        yield figures.note


def status_words(plan: Plan) -> str:
    """The status as a person says it."""
    gap = max((objective.gap for objective in plan.objectives), default=0.0)
    within = f"within {100 * gap:.2g} %" if TINY_GAP < gap < UNKNOWN_GAP else "how near to the best is not known"
    match plan.status:
        case "optimal":
            return "Optimal (proven)" if gap <= TINY_GAP else f"Optimal {within} (proven)"
        case "feasible" | "interrupted":
            words = within if gap > TINY_GAP else "nothing better is known"
            return f"Best found, {words}{_STOPPED.get(plan.run.stopped or '', '')}"
        case "infeasible":
            return "No plan can satisfy all the rules (proven)"
    return f"No plan was found{_STOPPED.get(plan.run.stopped or '', '')}"


def _objective_lines(plan: Plan) -> Iterator[str]:
    from planner.rulebook import OBJECTIVES

    rows = [("Objective", "In the plan", "Best at its level", "Proven limit", "Gap")]
    for row in plan.objectives:
        title = OBJECTIVES[row.objective].title if row.objective in OBJECTIVES else row.objective
        values = [f"{value:,.6g}" if math.isfinite(value) else "-" for value in (row.value, row.best, row.bound)]
        gap = f"{100 * row.gap:.2f} %" if row.gap < UNKNOWN_GAP else "-"
        rows.append((title, values[0], values[1], values[2], gap))
    yield from table_lines(rows, right=(1, 2, 3, 4))
    yield ""


def _gap_lines(scenario: Scenario, plan: Plan) -> Iterator[str]:
    if not plan.gaps:
        yield "Every requirement is met in full."
        return
    if len(plan.gaps) == 1:
        yield "1 requirement is not met in full:"
    else:
        yield f"{len(plan.gaps)} requirements are not met in full. The largest gaps, by share:"
    largest = sorted(plan.gaps, key=lambda gap: -gap.missing / gap.required if gap.required else 0.0)[:MOST_GAPS]
    yield from table_lines(
        [
            (
                f"  {gap.initiative}",
                gap.region,
                gap.resource,
                period_label(gap.period, scenario.settings),
                f"{gap.missing:,.10g} of {gap.required:,.10g} missing",
                gap.text or gap.reason,
            )
            for gap in largest
        ],
        right=(4,),
    )


def _change_lines(changes: Table) -> Iterator[str]:
    """The large shifts since the agreed plan, those of budget categories by name."""
    large = [index for index, flag in enumerate(changes.column("flag")) if flag]
    if not large:
        return
    shifts = f"{len(large)} shift{'' if len(large) == 1 else 's'} of {changes.value(large[0], 'flag')}"
    yield f"{shifts} since the agreed plan; budget categories among them:"
    rows = [_change_cells(changes, index) for index in large if changes.value(index, "by") == "Budget category"]
    yield from table_lines(rows or [("  none", "", "", "")], right=(1, 2, 3))


def _change_cells(changes: Table, index: int) -> tuple[str, ...]:
    unit = changes.value(index, "unit")
    figures = (_figure(changes.value(index, name), unit) for name in ("old", "new", "change"))
    return (f"  {changes.value(index, 'name')}", *figures)


def _rule_lines(rules: Table) -> Iterator[str]:
    if not rules.rows:
        return
    yield ""
    rows = [("Rule", "Covers", "State", "Limit", "In the plan")]
    for index in range(len(rules.rows)):
        unit = rules.value(index, "unit")
        rows.append(
            (
                str(rules.value(index, "title")),
                str(rules.value(index, "scope")),
                str(rules.value(index, "state")),
                _figure(rules.value(index, "limit"), unit),
                _figure(rules.value(index, "actual"), unit),
            )
        )
    yield from table_lines(rows, right=(3, 4))


def _price_lines(prices: Table) -> Iterator[str]:
    """The conditions that a plan was made without."""
    tried = [index for index in range(len(prices.rows)) if prices.value(index, "gain") is not None]
    if not tried:
        return
    unit = prices.value(tried[0], "unit")
    yield ""
    yield from table_lines(
        [
            ("Condition", "Gain without it"),
            *(
                (str(prices.value(index, "text")), f"{prices.value(index, 'gain'):,.3g} {unit}".strip())
                for index in tried
            ),
        ],
        right=(1,),
    )


def _ask_lines(plan: Plan) -> Iterator[str]:
    asks = [ask for ask in plan.asks if ask.gain > 0][:MOST_ASKS]
    if asks:
        yield ""
        yield "What to ask for first:"
        yield from (f"  {ask.text}" for ask in asks)


def _conflict_lines(plan: Plan) -> Iterator[str]:
    for member in plan.conflict:
        scope = f" ({member.scope})" if member.scope else ""
        yield f"  {member.rule}{scope}: {member.text}"
    if plan.fixes:
        yield "What would make a plan possible:"
    for fix in plan.fixes:
        yield f"  {fix.text}{_effect(fix)}"


def _effect(fix: Fix) -> str:
    """What a plan with this fix reaches, where it was planned."""
    if fix.totals is None:
        return ""
    coverage, effective = (_figure(share, "%") for share in (fix.totals.coverage, fix.totals.effective))
    return f" (coverage {coverage}, effective {effective})"


def _figure(value: Any, unit: str) -> str:
    """A figure with its unit; shares as percentages."""
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    if unit == "%":
        return f"{100 * value:.1f} %"
    return f"{value:,.2f} {unit}" if unit else f"{value:,.6g}"
