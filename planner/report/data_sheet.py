"""Sheets of rows: a title, the total of the rows shown, a header that stays in sight, and filters."""

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from planner.progress import Progress
from planner.report.styles import WHOLE, Look, Pen, format_of, take_cells_alone
from planner.report.table import ReportColumn, Table
from resources.columns import Kind

HEADER_ROW = 3
LAST_ROW = 1_048_576  # of a sheet in Excel
_SAMPLE = 300  # rows that column widths are taken from
_NARROWEST, _WIDEST = 8, 34
_FIGURES = frozenset({Kind.NUMBER, Kind.WHOLE, Kind.SHARE})
LINE_HEIGHT = 13.5  # points
_HEADING_ROOM = 4  # characters of a header's width that its margin and the filter's button take
_PROSE = {  # widths of columns of sentences and long names, wrapped
    "text": 60,
    "statement": 60,
    "name": 60,
    "why": 50,
    "partners": 34,
    "key": 34,
    "logistics_given": 30,
    "personnel_given": 30,
    "implementer": 22,
    "reason": 20,
}


@dataclass(frozen=True)
class Frame:
    """What stands on every sheet: the scenario's title, the plan's name, and who may see it."""

    title: str
    plan: str
    label: str

    @property
    def line(self) -> str:
        """The line under a sheet's title."""
        return f"{self.label}  ·  {self.title}  ·  {self.plan}" if self.plan else f"{self.label}  ·  {self.title}"


@dataclass(frozen=True)
class Layout:
    """How a table becomes a sheet: its printed columns, then those beside them (codes) that are not printed.

    Columns that a table has only where they say something are named too. `widths` are for other widths than usual;
    `entries` are columns to fill in, with the answers that they offer.
    """

    key: str
    title: str
    printed: tuple[str, ...]
    beside: tuple[str, ...] = ()
    summed: tuple[str, ...] = ()
    frozen: int = 1
    widths: Mapping[str, float] = field(default_factory=dict)
    entries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def wraps(self, column: str) -> bool:
        """Whether a column's text goes on in a second line; beside the printed ones it would make rows high for all."""
        return column in self.printed and (column in _PROSE or column in self.widths)


def cells_of(table: Table, layout: Layout, name: str) -> str:
    """A column on the first sheet of a layout, as formulas name it: `'Supply'!$F$4:$F$40`."""
    order = [each for each in (*layout.printed, *layout.beside) if each in table.positions]
    letter = get_column_letter(order.index(name) + 1)
    last = HEADER_ROW + max(1, min(len(table.rows), LAST_ROW - HEADER_ROW))
    return f"'{layout.title}'!${letter}${HEADER_ROW + 1}:${letter}${last}"


def write_data_sheet(book: Any, table: Table, frame: Frame, layout: Layout, progress: Progress | None = None) -> None:
    """One sheet, or several where one does not hold all rows; each row is a step of `progress`."""
    printed = tuple(name for name in layout.printed if name in table.positions)
    beside = tuple(name for name in layout.beside if name in table.positions)
    order = [table.positions[name] for name in (*printed, *beside)]
    columns = tuple(table.columns[position] for position in order)
    room = LAST_ROW - HEADER_ROW
    for part, start in enumerate(range(0, max(1, len(table.rows)), room), 1):
        rows = [tuple(row[position] for position in order) for row in table.rows[start : start + room]]
        sheet = book.create_sheet(layout.title if part == 1 else f"{layout.title} ({part})")
        shown = Table(table.key, table.title, columns, tuple(rows), note=table.note)
        _write(sheet, shown, frame, replace(layout, printed=printed), progress or Progress())


def _write(sheet: Any, table: Table, frame: Frame, layout: Layout, progress: Progress) -> None:
    take_cells_alone(sheet)
    pen = Pen(sheet)
    count = len(table.columns)
    last_row = HEADER_ROW + max(1, len(table.rows))
    widths = list(_widths(table, layout))
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[1].height = 24
    sheet.row_dimensions[HEADER_ROW].height = max(30, 14 * max(map(_heading_lines, table.columns, widths)) + 2)
    sheet.freeze_panes = f"{get_column_letter(layout.frozen + 1)}{HEADER_ROW + 1}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(count)}{last_row}"
    set_up_page(sheet, frame, f"A1:{get_column_letter(len(layout.printed))}{last_row}", f"{HEADER_ROW}:{HEADER_ROW}")
    sheet.append(list(_title_row(pen, table, layout.summed, last_row)))
    sheet.append([pen.text(frame.line + (f"  ·  {table.note}" if table.note else ""), Look(role="hint"))])
    sheet.append([_heading(pen, column) for column in table.columns])
    wrapped = [
        (position, widths[position]) for position, column in enumerate(table.columns) if layout.wraps(column.name)
    ]
    _offer_answers(sheet, table, layout, last_row)
    body, looks = Pen(sheet, reuses=True), _looks(table, layout)
    for number, row in enumerate(progress.over(table.rows), HEADER_ROW + 1):
        lines = max((wrapped_lines(row[position] or "", width) for position, width in wrapped), default=1)
        if lines > 1:
            sheet.row_dimensions[number].height = LINE_HEIGHT * lines
        sheet.append(_cells(body, table, looks, row))
    if not table.rows:
        sheet.append([pen.text("Nothing to show here.", Look(role="hint"))])


def _heading(pen: Pen, column: ReportColumn) -> Any:
    return pen.text(column.header, Look(role="head", is_wrapped=True, align=_align(column)))


def _title_row(pen: Pen, table: Table, summed: Sequence[str], last_row: int) -> Iterator[Any]:
    """The title, and above each summed column the total of the rows that a filter leaves."""
    for number, column in enumerate(table.columns, 1):
        if number == 1:
            yield pen.text(table.title, Look(role="title"))
        elif column.name in summed:
            letter = get_column_letter(number)
            formula = f"=SUBTOTAL(109,{letter}{HEADER_ROW + 1}:{letter}{last_row})"
            yield pen.formula(formula, Look(WHOLE, "total", align="right"))
        elif number < len(table.columns) and table.columns[number].name in summed:
            yield pen.text("Total shown:", Look(role="hint", align="right"))
        else:
            yield None


def _looks(table: Table, layout: Layout) -> list[Look]:
    """How the cells of each column look; of figures without their format, which goes by the figure."""
    return [
        Look(role="entry", is_wrapped=True)
        if column.name in layout.entries
        else Look(is_wrapped=layout.wraps(column.name), align=_align(column))
        for column in table.columns
    ]


def _cells(pen: Pen, table: Table, looks: Sequence[Look], row: Sequence[Any]) -> Iterator[Any]:
    for value, column, look in zip(row, table.columns, looks, strict=True):
        if column.kind in _FIGURES and isinstance(value, int | float):
            unit = row[table.positions[column.unit_column]] if column.unit_column else ""
            format_ = format_of(value, unit, is_share=column.kind is Kind.SHARE)
            yield pen.number(value, Look(format_, align="right"))
        else:
            yield pen.any(value, look)


def _offer_answers(sheet: Any, table: Table, layout: Layout, last_row: int) -> None:
    """Drop-down lists for the columns to fill in."""
    for name, answers in layout.entries.items():
        if answers:
            offer = DataValidation("list", formula1=f'"{",".join(answers)}"', allow_blank=True, showErrorMessage=True)
            offer.errorTitle, offer.error = "Not in the list", "Please choose one of the list, or leave it empty."
            letter = get_column_letter(table.positions[name] + 1)
            offer.add(f"{letter}{HEADER_ROW + 1}:{letter}{last_row}")
            sheet.data_validations.append(offer)


def _align(column: ReportColumn) -> str:
    if column.kind in _FIGURES:
        return "right"
    return "center" if column.kind in (Kind.DATE, Kind.PERIOD, Kind.YES_NO) else ""


def _widths(table: Table, layout: Layout) -> Iterator[float]:
    sample = table.rows[:_SAMPLE]
    for position, column in enumerate(table.columns):
        longest = max((_length(row[position]) for row in sample), default=0)
        if column.name in layout.summed:
            total = float(round(sum(row[position] or 0.0 for row in table.rows)))
            longest = max(longest, round(1.2 * _length(total)))  # the total is larger and bold
        heading = max(len(word) for word in column.header.split()) + _HEADING_ROOM
        widest = layout.widths.get(column.name, _PROSE.get(column.name, _WIDEST))
        if column.name in layout.entries:  # empty still: as wide as its longest answer, or as it may get
            longest = max(map(len, layout.entries[column.name]), default=round(widest))
        yield float(min(widest, max(_NARROWEST, heading, longest + 3)))


def _heading_lines(column: ReportColumn, width: float) -> int:
    """Lines that a header takes in a column of this width."""
    return len(textwrap.wrap(column.header, max(1, int(width) - _HEADING_ROOM)))


def wrapped_lines(text: str, width: float) -> int:
    """Lines that a wrapped text takes; programs that open the file do not all work out the height by themselves."""
    return max(1, math.ceil(len(text) / (1.12 * width))) if text else 1


def _length(value: Any) -> int:
    if isinstance(value, float):
        return len(f"{value:,.0f}") if abs(value) >= 1000 or value.is_integer() else len(f"{value:,.2f}")
    return 10 if hasattr(value, "isoformat") else len(str(value)) if value is not None else 0


def set_up_page(sheet: Any, frame: Frame, area: str = "", repeated_rows: str = "") -> None:
    """Landscape A4, as wide as one page, the label in the print header, page numbers below.

    Before the first row: a write-only sheet begins with these settings.
    """
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.75
    sheet.page_margins.header = sheet.page_margins.footer = 0.35
    if area:
        sheet.print_area = area
    if repeated_rows:
        sheet.print_title_rows = repeated_rows
    sheet.sheet_view.showGridLines = False
    sheet.oddHeader.left.text = header_text(frame.title)
    sheet.oddHeader.right.text = header_text(frame.label)
    sheet.oddFooter.left.text = f"{header_text(frame.plan)}  &A".strip()
    sheet.oddFooter.right.text = "Page &P of &N"


def header_text(text: str) -> str:
    """Text for a print header, where & begins a code and 255 characters are all there is."""
    return "".join(sign for sign in text if sign.isprintable())[:80].replace("&", "&&")
