"""Tables of what came out: key figures, objectives, rules, and what clashes where there is no plan."""

import math
from collections.abc import Iterator
from typing import Any

from planner.plan import Plan, RuleReport
from planner.report.figures import Figures
from planner.report.table import PERCENT, ReportColumn, Table
from planner.report.words import RULE_STATES, WEIGHTINGS, amount_words
from planner.report.worth import gain_unit, shown_gain
from planner.rulebook import OBJECTIVES, RULES, SCOPE_KINDS, ValueKind
from resources.codelists import code_list
from resources.columns import Kind
from resources.offers import STATUSES

FUNDING_ALLOCATED = "Funding allocated"
KEY_FIGURES = (  # of the totals: name, title, unit; scenario currency where it has none
    ("coverage", "Coverage", PERCENT),
    ("effective", "Effective coverage", PERCENT),
    ("worst_region", "Worst-covered region", PERCENT),
    ("funding_coverage", "Funding coverage", PERCENT),
    ("local_share", "Local share of funding", PERCENT),
    ("funding_allocated", FUNDING_ALLOCATED, ""),
    ("delivery_cost", "Delivery cost", ""),
)
_MOST_BROKEN = 4  # rules told of a comparison: the plan beside it is what people came for
_MONEY = "money"
_OBJECTIVE_UNITS = {"delivery_cost": _MONEY, "burden": _MONEY}  # shares are in percent, the others have no unit


def key_figures(figures: Figures) -> Table:
    """The plan's totals beside those of the plain pro-rata split and, where there is one, of the agreed plan."""
    plan = figures.plan
    totals = plan.totals if plan.has_allocations else None
    plain = plan.pro_rata.totals if plan.pro_rata is not None else None
    agreed = plan.baseline.totals if plan.baseline is not None else None
    rows = []
    for name, title, unit in KEY_FIGURES:
        mine, other, before = (getattr(each, name) if each is not None else None for each in (totals, plain, agreed))
        change = mine - other if mine is not None and other is not None else None
        rows.append((title, unit or figures.currency, mine, other, change, *((before,) if agreed is not None else ())))
    columns = (
        ReportColumn("figure", "Figure"),
        ReportColumn("unit", "Unit"),
        ReportColumn("plan", "This plan", Kind.NUMBER, unit_column="unit"),
        ReportColumn("pro_rata", "Pro-rata split", Kind.NUMBER, unit_column="unit"),
        ReportColumn("change", "Difference", Kind.NUMBER, unit_column="unit"),
        *((ReportColumn("baseline", "Agreed plan", Kind.NUMBER, unit_column="unit"),) if agreed is not None else ()),
    )
    told = (f"{head} {'; '.join(text.rstrip('.') for text in texts)}." for head, texts in broken_rules(plan))
    return Table("key_figures", "Key figures", columns, tuple(rows), note=" ".join(told))


def broken_rules(plan: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is compared with the plan, and the first few rules that it breaks; only what breaks some."""
    for head, comparison in (
        ("The pro-rata split breaks:", plan.pro_rata),
        ("The agreed plan breaks today:", plan.baseline),
    ):
        if comparison is not None and comparison.broken:
            first, others = comparison.broken[:_MOST_BROKEN], len(comparison.broken) - _MOST_BROKEN
            yield head, (*first, *((f"and {others} more",) if others > 0 else ()))


def objectives(figures: Figures) -> Table:
    """The objectives in their order, with what was reached and what was proven."""
    rows = []
    for rank, row in enumerate(figures.plan.objectives, 1):
        title = OBJECTIVES[row.objective].title if row.objective in OBJECTIVES else row.objective
        whole = figures.objective_wholes.get(row.objective)
        unit = PERCENT if whole else _OBJECTIVE_UNITS.get(row.objective, "").replace(_MONEY, figures.currency)
        reached = (value / (whole or 1.0) for value in (row.value, row.best, row.bound))
        rows.append((rank, title, unit, *reached, row.gap))
    columns = (
        ReportColumn("order", "Order", Kind.WHOLE),
        ReportColumn("objective", "Objective"),
        ReportColumn("unit", "Unit"),
        ReportColumn("value", "In the plan", Kind.NUMBER, unit_column="unit"),
        ReportColumn("best", "Best at its level", Kind.NUMBER, unit_column="unit"),
        ReportColumn("bound", "Proven limit", Kind.NUMBER, unit_column="unit"),
        ReportColumn("gap", "Gap", Kind.SHARE),
    )
    return Table("objectives", "Objectives", columns, tuple(rows))


def rules(figures: Figures) -> Table:
    """Every rule in the plan: its limit, what the plan does, and what easing it a step would gain."""
    rows = []
    gained = gain_unit(figures)
    for report in figures.plan.rules:
        reference = RULES.get(report.rule)
        rows.append(
            (
                report.rule,
                reference.title if reference is not None else report.rule,
                scope_words(figures, report.scope),
                RULE_STATES.get(report.state, report.state),
                rule_unit(figures, report),
                rule_figure(report, report.limit),
                rule_figure(report, report.actual),
                *_price(figures, report),
                reference.statement if reference is not None else "",
            )
        )
    columns = (
        ReportColumn("rule", "Rule key"),
        ReportColumn("title", "Rule"),
        ReportColumn("scope", "Covers"),
        ReportColumn("state", "State"),
        ReportColumn("unit", "Unit"),
        ReportColumn("limit", "Limit", Kind.NUMBER, unit_column="unit"),
        ReportColumn("actual", "In the plan", Kind.NUMBER, unit_column="unit"),
        ReportColumn("price", f"Price, {gained.removeprefix('percentage ')}" if gained else "Price", Kind.NUMBER),
        ReportColumn("step", "For each"),
        ReportColumn("statement", "What it says"),
    )
    note = "Price: what the first objective would gain from each step by which the limit is eased."
    return Table("rules", "Rules", columns, tuple(rows), note=note)


def _price(figures: Figures, report: RuleReport) -> tuple[float | None, str]:
    """What a step of a rule's limit gains, and the step: of money a round sum of which the limit holds ten."""
    if report.price is None:
        return None, ""
    unit = rule_unit(figures, report)
    is_sum = bool(unit) and unit != PERCENT and report.limit is not None
    step = 10.0 ** max(0, math.floor(math.log10(max(1.0, abs(report.limit or 1.0) / 10)))) if is_sum else 1.0
    return shown_gain(figures, report.price * step), f"{amount_words(step)} {unit}".strip()


def rule_unit(figures: Figures, report: RuleReport) -> str:
    """Unit of a rule's limit and of what the plan does."""
    reference = RULES.get(report.rule)
    kind = reference.value_kind if reference is not None else ValueKind.NUMBER
    return {ValueKind.SHARE: PERCENT, ValueKind.MONEY: figures.currency}.get(kind, "")


def rule_figure(report: RuleReport, value: float | None) -> Any:
    """The figure of a rule as people write it: yes and no, a status, or the number itself."""
    reference = RULES.get(report.rule)
    if value is None or reference is None:
        return value
    match reference.value_kind:
        case ValueKind.YES_NO:
            return "yes" if value else "no"
        case ValueKind.STATUS if float(value).is_integer() and 0 <= value < len(STATUSES):
            return STATUSES[int(value)]
    return value


def scope_words(figures: Figures, scope: str) -> str:
    """`region:R1` as "Region Upper Ostra"; an empty scope is the whole plan."""
    kind, colon, code = scope.partition(":")
    if not colon:
        return scope or "Whole plan"
    if kind == "type":
        entry = code_list("organisation_types").get(code)
        return f"{SCOPE_KINDS['type'].capitalize()} {entry.name if entry is not None else code}"
    table = f"{kind}s"
    return f"{SCOPE_KINDS.get(kind, kind).capitalize()} {figures.name(table, code) if table in figures.names else code}"


def conflict(figures: Figures) -> Table:
    """The conditions that clash, where no plan is possible."""
    rows = tuple(
        (RULES[row.rule].title if row.rule in RULES else row.rule, scope_words(figures, row.scope), row.text)
        for row in figures.plan.conflict
    )
    columns = (
        ReportColumn("rule", "Rule"),
        ReportColumn("scope", "Covers"),
        ReportColumn("text", "What it asks"),
    )
    return Table("conflict", "Rules that clash", columns, rows)


def fixes(figures: Figures) -> Table:
    """What to change so that a plan becomes possible: one line for every cell of every fix."""
    rows: list[tuple[Any, ...]] = []
    for number, fix in enumerate(figures.plan.fixes, 1):
        if not fix.changes:
            rows.append((number, fix.text, "", "", "", "", ""))
        for change in fix.changes:
            key = ", ".join(f"{name} {code}" for name, code in change.key.items() if code)
            rows.append((number, fix.text, change.sheet, key, change.column, change.old, change.new))
    columns = (
        ReportColumn("number", "Fix", Kind.WHOLE),
        ReportColumn("text", "What to do"),
        ReportColumn("sheet", "Sheet"),
        ReportColumn("key", "Row"),
        ReportColumn("column", "Column"),
        ReportColumn("old", "Now"),
        ReportColumn("new", "Change to"),
    )
    return Table("fixes", "What would make a plan possible", columns, tuple(rows))


def method(figures: Figures) -> Table:
    """How the plan was made: what somebody needs to make it again, or to doubt it."""
    plan, settings = figures.plan, figures.scenario.settings
    stopped = {"time": "The time limit ended the search.", "user": "The user ended the search."}
    rows = [
        ("Scenario", settings.title),
        ("Who may see it", settings.sensitivity),
        ("Scenario fingerprint", plan.fingerprint),
        ("Plan", plan.name),
        ("Made at", plan.made_at[:16].replace("T", " ")),
        ("Periods", f"{settings.periods}, each a {settings.period}"),
        ("Currency", settings.currency),
        ("Activities weigh by", WEIGHTINGS.get(settings.weighting, settings.weighting)),
        *(
            (f"Objective {rank}", f"{OBJECTIVES[row.objective].title}, gap {row.gap:.2%}")
            for rank, row in enumerate(plan.objectives, 1)
            if row.objective in OBJECTIVES
        ),
        ("Rules that are on", str(sum(report.state != "off" for report in plan.rules))),
        ("Search", stopped.get(plan.run.stopped or "", "The search ended by itself.")),
        ("Seconds", f"{plan.run.seconds:,.1f}" if plan.run.seconds else ""),
        ("Seed", str(plan.run.seed)),
        ("Solver", plan.run.solver),
        *((f"Version of {name}", version) for name, version in sorted(plan.run.versions.items())),
        ("Checked", "Every rule was checked again on the finished plan, from the scenario alone."),
        (
            "Made again",
            "The same scenario, options, seed and versions give the same plan, unless somebody ended it.",
        ),
    ]
    columns = (ReportColumn("key", "What"), ReportColumn("text", "In this plan"))
    return Table("method", "Method", columns, tuple(row for row in rows if row[1]))
