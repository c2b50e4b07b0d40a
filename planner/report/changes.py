"""The table of what the plan changes since the plan agreed last."""

from planner.changes import ACTIVITY, CATEGORY, FUNDING_FOR, LARGE, PARTNER
from planner.plan import Shift
from planner.report.figures import Figures
from planner.report.table import ReportColumn, Table
from resources.codelists import code_list
from resources.columns import Kind

_BY = {PARTNER: "Partner", ACTIVITY: "Activity", CATEGORY: "Budget category"}
_LARGE = f"over {LARGE:.0%}".replace("%", " %")


def changes(figures: Figures) -> Table:
    """Old and new figure of every partner, activity and budget category, with the large shifts flagged."""
    rows = tuple(
        (
            _BY.get(shift.by, shift.by),
            _name(figures, shift),
            figures.unit_over_time(shift.resource) if shift.resource else figures.currency,
            shift.old,
            shift.new,
            shift.change,
            shift.share,
            _LARGE if shift.is_large else "",
        )
        for shift in figures.plan.changes
    )
    columns = (
        ReportColumn("by", "By"),
        ReportColumn("name", "Name"),
        ReportColumn("unit", "Unit"),
        ReportColumn("old", "Agreed plan", Kind.NUMBER, unit_column="unit"),
        ReportColumn("new", "This plan", Kind.NUMBER, unit_column="unit"),
        ReportColumn("change", "Change", Kind.NUMBER, unit_column="unit"),
        ReportColumn("change_share", "Change, share", Kind.SHARE),
        ReportColumn("flag", "Flag"),
    )
    note = (
        f"Flagged: shifts of {_LARGE} of the agreed figure, which peacebuilding funds approve. Values, without delivery"
        " payments; a resource without a unit value stands by itself."
    )
    return Table("changes", "Changes since the agreed plan", columns, rows, note=note)


def _name(figures: Figures, shift: Shift) -> str:
    match shift.by:
        case "partner":
            name = figures.name("partners", shift.code)
        case "activity":
            name = f"{figures.name('initiatives', shift.code)}, {figures.name('regions', shift.region)}"
        case _:
            name = category_name(shift.code)
    return f"{name}: {figures.name('resources', shift.resource)}" if shift.resource else name


def category_name(code: str) -> str:
    """A budget category in words: `funding:15220` with the name of the purpose."""
    if not code.startswith(FUNDING_FOR):
        return code.capitalize()
    purpose = code.removeprefix(FUNDING_FOR)
    entry = code_list("dac_purposes").get(purpose)
    return f"Funding, {entry.name} ({purpose})" if entry is not None else f"Funding, {purpose or 'no purpose given'}"
