"""The columns that say which requirement a row is about, shared by every table of requirements."""

from typing import Any

from planner.report.figures import Figures
from planner.report.table import ReportColumn
from resources.columns import Kind

NEED_COLUMNS = (
    ReportColumn("initiative", "Initiative code"),
    ReportColumn("initiative_name", "Initiative"),
    ReportColumn("region", "Region code"),
    ReportColumn("region_name", "Region"),
    ReportColumn("resource", "Resource code"),
    ReportColumn("resource_name", "Resource"),
    ReportColumn("period", "Period no.", Kind.PERIOD),
    ReportColumn("period_label", "Period"),
    ReportColumn("start", "Starts on", Kind.DATE),
)


def need_cells(figures: Figures, initiative: str, region: str, resource: str, period: int) -> tuple[Any, ...]:
    """The cells of NEED_COLUMNS for one requirement."""
    name = figures.name
    label, start = figures.period(period)
    return (
        initiative,
        name("initiatives", initiative),
        region,
        name("regions", region),
        resource,
        name("resources", resource),
        period,
        label,
        start,
    )
