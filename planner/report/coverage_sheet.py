"""The coverage matrix as a sheet: one hue from pale to dark, hatched where an activity does not go ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from planner.report.data_sheet import HEADER_ROW, Frame, set_up_page
from planner.report.demand import ALL
from planner.report.styles import HEAT, HEAT_LIGHT_TEXT_FROM, HEAT_MIDDLE, ON_ACCENT, Look, Pen
from planner.report.table import Mark, Table
from resources.columns import Kind

_LEGEND = "Hatched: does not go ahead  ·  Dot: no need there"
_NO_NEED = "·"
_PERCENT = "0%"  # short enough for the cells of the matrix and the labels of the bars
MOST_RANKED = 16  # bars that a chart shows well


@dataclass(frozen=True)
class Ranking:
    """Rows of a sheet that hold names (column A) and coverage (column B), least covered first."""

    title: str
    sheet: Any
    first: int
    last: int


def write_coverage_sheet(book: Any, table: Table, frame: Frame, title: str) -> tuple[Ranking, ...]:
    """The matrix with its totals, every region a column; below it the rankings, which charts are made from."""
    sheet = book.create_sheet(title)
    pen = Pen(sheet)
    count = len(table.columns)
    last_row = HEADER_ROW + max(1, len(table.rows))
    sheet.column_dimensions["A"].width = 34
    for number in range(2, count + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 13
    sheet.row_dimensions[1].height = 24
    sheet.row_dimensions[HEADER_ROW].height = 32
    sheet.freeze_panes = f"B{HEADER_ROW + 1}"
    set_up_page(sheet, frame, f"A1:{get_column_letter(count - 1)}{last_row}", f"{HEADER_ROW}:{HEADER_ROW}")
    sheet.print_title_cols = "A:A"
    _colour(sheet, f"B{HEADER_ROW + 1}:{get_column_letter(count - 1)}{last_row}")
    sheet.append([pen.text(table.title, Look(role="title"))])
    sheet.append([pen.text(f"{frame.line}  ·  {table.note} {_LEGEND}", Look(role="hint"))])
    names = [column for column in table.columns if column.name != "initiative"]
    sheet.append(
        [
            pen.text(
                column.title, Look(role="head", is_wrapped=True, align="center" if column.kind is Kind.SHARE else "")
            )
            for column in names
        ]
        + [pen.text("Code", Look(role="head"))]
    )
    for index in range(len(table.rows)):
        sheet.row_dimensions[HEADER_ROW + 1 + index].height = 20
        sheet.append(_cells(pen, table, index))
    return tuple(_rankings(sheet, pen, table, last_row))


def _rankings(sheet: Any, pen: Pen, table: Table, row: int) -> Iterator[Ranking]:
    for title, heading, found in (
        ("Coverage by region", "Region", _regions(table)),
        ("Coverage by initiative", "Initiative", _initiatives(table)),
    ):
        if len(found) < 2:
            continue  # one bar compares nothing
        shown = sorted(found, key=lambda pair: pair[1])[:MOST_RANKED]
        told = title if len(shown) == len(found) else f"{title}: the {MOST_RANKED} least covered"
        sheet.append([])
        sheet.append([pen.text(told, Look(role="section")), pen.text("", Look(role="section"))])
        sheet.append([pen.text(heading, Look(role="head")), pen.text("Coverage", Look(role="head", align="right"))])
        for name, value in shown:
            sheet.append([pen.text(name, Look()), pen.number(value, Look(_PERCENT, align="right"))])
        yield Ranking(told, sheet, row + 4, row + 3 + len(shown))
        row += 3 + len(shown)


def _regions(table: Table) -> list[tuple[str, float]]:
    if not table.rows:
        return []
    totals = zip(table.columns, table.rows[-1], strict=True)
    return [(column.title, value) for column, value in totals if isinstance(value, float) and column.name != ALL]


def _initiatives(table: Table) -> list[tuple[str, float]]:
    names, values = table.positions["name"], table.positions[ALL]
    rows = [row for index, row in enumerate(table.rows) if table.marks.get((index, "name")) is not Mark.TOTAL]
    return [(row[names], row[values]) for row in rows if row[values] is not None]


def _colour(sheet: Any, area: str) -> None:
    light_text = CellIsRule(  # type: ignore[no-untyped-call]
        operator="greaterThanOrEqual", formula=[str(HEAT_LIGHT_TEXT_FROM)], font=Font(color=ON_ACCENT)
    )
    scale = ColorScaleRule(  # type: ignore[no-untyped-call]
        start_type="num", start_value=0, start_color=HEAT[0],
        mid_type="num", mid_value=HEAT_MIDDLE, mid_color=HEAT[1],
        end_type="num", end_value=1, end_color=HEAT[2],
    )  # fmt: skip
    sheet.conditional_formatting.add(area, light_text)
    sheet.conditional_formatting.add(area, scale)


def _cells(pen: Pen, table: Table, index: int) -> Iterator[Any]:
    is_total = table.marks.get((index, "name")) is Mark.TOTAL
    for value, column in zip(table.rows[index], table.columns, strict=True):
        mark = table.marks.get((index, column.name))
        if column.name == "initiative":
            continue
        if column.kind is not Kind.SHARE:
            yield pen.text(value, Look(role="row total" if is_total else "row name"))
        elif mark is Mark.NOT_AHEAD or mark is Mark.REFUSED:
            yield pen.text("not ahead" if mark is Mark.NOT_AHEAD else "refused", Look(role="not ahead"))
        elif value is None:
            yield pen.text(_NO_NEED, Look(role="no need"))
        else:
            is_sum = is_total or column.name == ALL
            yield pen.number(value, Look(_PERCENT, "heat total" if is_sum else "heat"))
    yield pen.any(table.value(index, "initiative"), Look(role="hint"))
