"""Tables of what things are worth to a plan: the price of each condition, and what to ask for."""

from planner.report.figures import Figures
from planner.report.table import ReportColumn, Table
from planner.rulebook import OBJECTIVES, RULES
from resources.columns import Kind

POINTS = "percentage points"
_MEANS = ("coverage", "effective")  # sums over activities, shown as what they mean: shares of all weights
_MONEY = ("delivery_cost", "burden")
_TITLES = {"earmark": "Earmark", "veto": "Veto"}
_GAIN_NOTE = "Gains are those of the first objective, {objective}, with the same activities going ahead."


def prices(figures: Figures) -> Table:
    """Every condition that costs something: what one unit less of it gains, and what the plan gains without it."""
    unit = gain_unit(figures)
    rows = tuple(
        (
            _TITLES.get(row.rule) or (RULES[row.rule].title if row.rule in RULES else row.rule),
            row.text,
            unit,
            shown_gain(figures, row.most),
            shown_gain(figures, row.gain),
            row.rule,
            row.scope,
        )
        for row in figures.plan.prices
    )
    columns = (
        ReportColumn("condition", "Condition"),
        ReportColumn("text", "What it asks"),
        ReportColumn("unit", "Unit"),
        ReportColumn("most", "Costs at most", Kind.NUMBER, unit_column="unit"),
        ReportColumn("gain", "Gain without it, planned again", Kind.NUMBER, unit_column="unit"),
        ReportColumn("rule", "Rule key"),
        ReportColumn("scope", "Covers"),
    )
    note = f"{_note(figures)} Conditions of yes and no are priced only by planning again." if rows else ""
    return Table("prices", "What conditions cost", columns, rows, note=note)


def asks(figures: Figures) -> Table:
    """What one unit more of each resource would buy, the most useful first."""
    unit = gain_unit(figures)
    rows = tuple(
        (
            figures.name("resources", row.resource),
            row.amount,
            figures.unit(row.resource),
            shown_gain(figures, row.gain),
            unit,
            figures.name("initiatives", row.initiative) if row.gain > 0 else "",
            figures.name("regions", row.region) if row.gain > 0 else "",
            figures.period(row.period)[0] if row.gain > 0 else "",
            ", ".join(figures.name("partners", code) for code in row.partners),
            ", ".join(row.pledges),
            row.text,
            row.resource,
        )
        for row in figures.plan.asks
    )
    columns = (
        ReportColumn("resource_name", "Resource"),
        ReportColumn("amount", "This much more", Kind.NUMBER),
        ReportColumn("amount_unit", "Of"),
        ReportColumn("gain", "Gains", Kind.NUMBER, unit_column="unit"),
        ReportColumn("unit", "Unit"),
        ReportColumn("initiative_name", "First for"),
        ReportColumn("region_name", "Region"),
        ReportColumn("period_label", "Period"),
        ReportColumn("partners", "Who brings it"),
        ReportColumn("pledges", "Pledges that could grow"),
        ReportColumn("text", "In words"),
        ReportColumn("resource", "Resource code"),
    )
    return Table("asks", "What to ask for", columns, rows, note=_note(figures) if rows else "")


def _first(figures: Figures) -> str:
    return figures.plan.objectives[0].objective if figures.plan.objectives else ""


def gain_unit(figures: Figures) -> str:
    """Unit of a gain of the first objective."""
    objective = _first(figures)
    if objective in (*_MEANS, "worst_region"):
        return POINTS
    return figures.currency if objective in _MONEY else ""


def shown_gain(figures: Figures, gain: float | None) -> float | None:
    """A gain in the unit of the table: of a weighted sum in points of all weights."""
    if gain is None or gain_unit(figures) != POINTS:
        return gain
    total = sum(figures.weights.values()) if _first(figures) in _MEANS else 1.0
    return 100 * gain / total if total > 0 else gain


def _note(figures: Figures) -> str:
    objective = _first(figures)
    title = OBJECTIVES[objective].title if objective in OBJECTIVES else objective
    return _GAIN_NOTE.format(objective=title)
