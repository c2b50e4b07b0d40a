"""Write a plan as a workbook that a board can read and a planner can filter."""

import os
from dataclasses import replace
from typing import Any

from planner.plan import Plan
from planner.progress import Progress, Tell, to_nobody
from planner.report.board import DECISIONS, RECORD_SHEET, with_board_columns
from planner.report.coverage_sheet import Ranking, write_coverage_sheet
from planner.report.data_sheet import Frame, Layout, write_data_sheet
from planner.report.new_book import new_book
from planner.report.partner_sheets import LEFT_OUT, has_partner_sheets, write_partner_sheets
from planner.report.reasons import GAP_GROUPS, STRANDED_GROUPS
from planner.report.summary_sheet import TITLE, SummarySheet
from planner.report.table import Table
from planner.report.tables import PlanTables
from planner.scenario import Scenario

ALWAYS = ("allocations", "coverage", "gaps", "partners", "rules")  # sheets of every plan, with or without rows
WITHOUT_PLAN = ("rules", "conflict", "fixes")  # sheets that say something where there is no plan

_LAYOUTS = (
    Layout(
        "allocations",
        "Allocations",
        printed=(
            "pledge", "partner_name", "initiative_name", "region_name", "resource_name", "period_label", "start",
            "quantity", "unit", "value", "text",
        ),
        beside=("initiative", "region"),
        summed=("value",),
    ),
    Layout("coverage", "Coverage", printed=()),
    Layout(
        "activities",
        RECORD_SHEET,
        printed=(
            "initiative_name", "region_name", "decision", "coverage", "funding_required", "funding_allocated",
            "implementer", "reason", "text", "board", "board_reason",
        ),
        beside=("effective", "logistics_given", "personnel_given", "partners", "initiative", "region"),
        summed=("funding_required", "funding_allocated"),
        frozen=2,
        widths={"text": 36, "initiative_name": 26, "implementer": 24, "board_reason": 26},
        entries={"board": tuple(DECISIONS), "board_reason": ()},
    ),
    Layout(
        "gaps",
        "Gaps",
        printed=(
            "initiative_name", "region_name", "resource_name", "period_label", "required", "allocated", "missing",
            "unit", "value", "reason", "text",
        ),
        beside=(*GAP_GROUPS, "initiative", "region", "start"),
        summed=("value",),
        frozen=2,
        widths={"text": 58},
    ),
    Layout(
        "partners",
        "Partners",
        printed=(
            "partner_name", "type", "local", "offered", "allocated", "paid", "unused", "logistics", "personnel",
            "activities", "value", "share",
        ),
        beside=("partner",),
        summed=("offered", "allocated", "paid", "unused", "value"),
    ),
    Layout(
        "supply",
        "Supply",
        printed=(
            "partner_name", "category", "resource_name", "unit", "offered", "allocated", "paid", "unused", "used",
            "value",
        ),
        beside=("partner", "resource"),
        summed=("value",),
    ),
    Layout(
        "stranded",
        "Stranded supply",
        printed=(
            "pledge", "partner_name", "resource_name", "unit", "usable", "allocated", "paid", "unused", "value",
            "reason", "text",
        ),
        beside=(*STRANDED_GROUPS, "partner", "resource"),
        summed=("value",),
    ),
    Layout(
        "changes",
        "Changes",
        printed=("by", "name", "unit", "old", "new", "change", "change_share", "flag"),
        frozen=2,
    ),
    Layout(
        "delivery",
        "Delivery paid",
        printed=("pledge", "partner_name", "region_name", "period_label", "start", "quantity"),
        beside=("partner", "region", "period"),
        summed=("quantity",),
    ),
    Layout(
        "rules",
        "Rules",
        printed=("title", "scope", "state", "unit", "limit", "actual", "price", "step", "statement"),
        beside=("rule",),
    ),
    Layout("prices", "Prices", printed=("condition", "text", "unit", "most", "gain"), beside=("rule", "scope")),
    Layout(
        "asks",
        "Ask list",
        printed=(
            "resource_name", "amount", "amount_unit", "gain", "unit", "initiative_name", "region_name",
            "period_label", "text",
        ),
        beside=("partners", "pledges", "resource"),
        widths={"initiative_name": 26, "text": 58},
    ),
    Layout("method", "Method", printed=("key", "text"), widths={"text": 90}),
    Layout("conflict", "Conflict", printed=("rule", "scope", "text")),
    Layout("fixes", "Fixes", printed=("number", "text", "sheet", "key", "column", "old", "new")),
)  # fmt: skip


def write_plan_workbook(scenario: Scenario, plan: Plan, path: str | os.PathLike[str], tell: Tell = to_nobody) -> None:
    """Write the plan, or the news that there is none, with everything that explains it.

    Raises EnvironmentProblem where the file cannot be written; `path` is then, and when cancelled, as it was.
    """
    tables = PlanTables(scenario, plan)
    frame = Frame(
        title=scenario.settings.title or plan.title or "Plan",
        plan=plan.name,
        label=scenario.settings.sensitivity.upper(),
    )
    with new_book(path) as book:
        by_key = {layout.key: layout for layout in _LAYOUTS}
        summary = SummarySheet(book.create_sheet(TITLE), tables, frame, by_key["supply"], by_key["partners"])
        layouts = []
        for layout in _LAYOUTS:
            tell(0.0)  # working a table out takes its time
            layouts += [layout] if _is_shown(layout, tables) else []
        has_partners = plan.has_allocations and has_partner_sheets(tables)
        keys = [layout.key for layout in layouts] + ["allocations"] * has_partners
        progress = Progress(tell, sum(len(tables[key].rows) for key in keys))
        rankings: tuple[Ranking, ...] = ()
        for layout in layouts:
            if layout.key == "coverage":
                rankings = write_coverage_sheet(book, tables["coverage"], frame, layout.title)
            else:
                write_data_sheet(book, _table(tables, layout.key), frame, layout, progress)
        if has_partners:
            write_partner_sheets(book, tables, frame, [TITLE, *(layout.title for layout in _LAYOUTS)], progress)
        summary.write(rankings)
        _describe(book, frame)


def _table(tables: PlanTables, key: str) -> Table:
    """A table as its sheet shows it."""
    if key == "activities":
        return with_board_columns(tables[key])
    if key == "partners" and not has_partner_sheets(tables):
        return replace(tables[key], note=LEFT_OUT)
    return tables[key]


def _is_shown(layout: Layout, tables: PlanTables) -> bool:
    """Sheets with rows, and of a plan with allocations those that people look for in any case."""
    if not tables.plan.has_allocations:
        return layout.key in WITHOUT_PLAN and bool(tables[layout.key].rows)
    return layout.key in ALWAYS or bool(tables[layout.key].rows)


def _describe(book: Any, frame: Frame) -> None:
    """What the file itself says of the plan."""
    book.properties.creator = "Concord"
    book.properties.title = "".join(sign for sign in frame.title if sign.isprintable())
    book.properties.keywords = frame.label
