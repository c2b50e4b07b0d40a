"""A sheet for each partner: what the plan asks of it, when, where and why."""

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from planner.progress import Progress
from planner.report.data_sheet import Frame, Layout, write_data_sheet
from planner.report.table import ReportColumn, Table
from planner.report.tables import PlanTables

MOST_SHEETS, MOST_LINES = 60, 20_000  # beyond them the workbook is no longer one that people leaf through
LEFT_OUT = "Of so many, partners have no sheets of their own; filter the sheet Allocations."
_PRINTED = (
    "pledge", "resource_name", "quantity", "unit", "period_label", "start", "initiative_name", "region_name",
    "implementer", "value", "text",
)  # fmt: skip
_BESIDE = ("initiative", "region", "resource", "period")
_WIDTHS = {"text": 44, "implementer": 28, "initiative_name": 28, "unit": 10}
_LONGEST_TITLE = 31  # of a sheet in Excel
_DELIVERY = "Delivery"


def has_partner_sheets(tables: PlanTables) -> bool:
    """Whether there are few enough of them to be of use."""
    lines = tables["allocations"].rows
    return len({row[1] for row in lines}) <= MOST_SHEETS and len(lines) <= MOST_LINES


def write_partner_sheets(
    book: Any, tables: PlanTables, frame: Frame, taken: Collection[str], progress: Progress | None = None
) -> None:
    """One sheet for every partner that gives something, in the order of the scenario."""
    rows = _rows_by_partner(tables)
    used = {title.casefold() for title in taken}
    columns = _columns(tables)
    for partner in tables.scenario.partners:
        if partner.code in rows:
            name = partner.name or partner.code
            title = sheet_title(name, used)
            used.add(title.casefold())
            table = Table("partner", f"What we ask of {name}", columns, tuple(rows[partner.code]))
            layout = Layout("partner", title, printed=_PRINTED, beside=_BESIDE, summed=("value",), widths=_WIDTHS)
            write_data_sheet(book, table, frame, layout, progress)


def _columns(tables: PlanTables) -> tuple[ReportColumn, ...]:
    """Those of the allocations, with who carries out what is served."""
    *others, value, text = tables["allocations"].columns
    return (*others, ReportColumn("implementer", "Carried out by"), value, text)


def _rows_by_partner(tables: PlanTables) -> dict[str, list[tuple[Any, ...]]]:
    """The allocations of each partner, then what it pays for delivery."""
    figures, table = tables.figures, tables["allocations"]
    at = table.positions
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in table.rows:
        detail = figures.details.get((row[at["initiative"]], row[at["region"]]))
        implementer = figures.name("partners", detail.implementer) if detail is not None and detail.implementer else ""
        *others, value, text = row
        found[row[at["partner"]]].append((*others, implementer, value, text))
    for line in figures.plan.delivery:
        pledge = figures.pledges.get(line.pledge)
        if pledge is not None:
            label, start = figures.period(line.period)
            resource = (pledge.resource, figures.name("resources", pledge.resource))
            where = ("", _DELIVERY, line.region, figures.name("regions", line.region))
            when = (line.period, label, start)
            paid = (line.quantity, figures.currency, "", line.quantity, "Pays for bringing goods and people there.")
            who = (line.pledge, pledge.partner, figures.name("partners", pledge.partner))
            found[pledge.partner].append((*who, *where, *resource, *when, *paid))
    return found


def sheet_title(name: str, used: Collection[str]) -> str:
    """The name as the title of a sheet: without signs that Excel refuses, and of no other sheet."""
    plain = "".join(sign for sign in name if sign.isprintable())
    base = re.sub(r"[\[\]:*?/\\]", " ", plain).strip(" '")[:_LONGEST_TITLE] or "Partner"
    title, number = base, 1
    while title.casefold() in used or title.casefold() == "history":  # Excel keeps this one for itself
        number += 1
        ending = f" ({number})"
        title = base[: _LONGEST_TITLE - len(ending)] + ending
    return title
