"""Write a scenario workbook that reads back as an equal scenario, and that people can fill in."""

import math
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from planner.cells import CellError, plain_text, read_cell, write_cell
from planner.exchange.workbook.limits import LAST_COLUMN, LAST_ROW
from planner.exchange.workbook.reading import SETTINGS_SHEET
from planner.exchange.workbook.texts import LONGEST_TEXT, escape_text, unescape_text
from planner.problems import InputProblem, Place, Problem
from planner.progress import Progress, Tell, to_nobody
from planner.report.new_book import new_book
from planner.scenario import Scenario, Settings, Table
from resources.columns import Column, Kind, columns_of

_TEXT_FORMAT, _DATE_FORMAT, _GENERAL = "@", "yyyy-mm-dd", "General"
_TEXT_KINDS = (Kind.TEXT, Kind.CODE, Kind.CODES)
_LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FIRST_DATE = date(1900, 3, 1)  # spreadsheet programs disagree about earlier days: they go out as text
_WIDTHS = {Kind.TEXT: 32, Kind.CODE: 16, Kind.CODES: 24, Kind.NUMBER: 14, Kind.DATE: 12, Kind.CHOICE: 14}
_SHORTEST_WIDTH = 10


def write_workbook(scenario: Scenario, path: str | os.PathLike[str], tell: Tell = to_nobody) -> None:
    """Write the scenario as a workbook. Raises InputProblem where a value cannot stand in one, EnvironmentProblem
    where the file cannot be written; `path` is then, and when cancelled, as it was."""
    problems: list[Problem] = []
    progress = Progress(tell, sum(len(rows) for _, rows in scenario.tables()))
    with new_book(path) as book:
        _SettingsWriter(book, problems).write(scenario.settings)
        for table, rows in scenario.tables():
            _TableWriter(book, table, problems).write(rows, progress)
        if problems:
            raise InputProblem(tuple(problems), str(path))


class _SheetWriter:
    """One sheet: a header, then rows of cells, every one checked to read back as it was."""

    def __init__(self, book: Workbook, title: str, problems: list[Problem]) -> None:
        self._sheet: Any = book.create_sheet(title)
        self._title = title
        self._problems = problems
        self._cells: dict[tuple[str, bool], Any] = {}
        self._sound: set[tuple[Column, Any]] = set()

    def _start(self, columns: Sequence[tuple[str, str, int]], rows: int) -> None:
        """Write the header. `columns`: name, number format and width of each."""
        if rows >= LAST_ROW or len(columns) > LAST_COLUMN:
            self._fail(
                f"The sheet {self._title} would have {rows:,} rows and {len(columns):,} columns; "
                f"a workbook holds {LAST_ROW:,} and {LAST_COLUMN:,}. Split the scenario."
            )
        for number, (_, format_, width) in enumerate(columns, 1):
            dimension = self._sheet.column_dimensions[get_column_letter(number)]
            dimension.width, dimension.number_format = width, format_
        self._sheet.freeze_panes = "A2"
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{rows + 1}"
        self._sheet.append([self._heading(name) for name, _, _ in columns])

    def _heading(self, name: str) -> Any:
        cell = WriteOnlyCell(self._sheet, value=escape_text(name))
        cell.data_type = "s"
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="2F4858")
        cell.alignment = Alignment(vertical="center")
        return cell

    def _value(self, column: Column, value: Any, where: Place, *, is_blank_default: bool = True) -> Any:
        """The cell of a value; None where the cell stays empty. Unwritable values are problems."""
        written = write_cell(column if is_blank_default else _without_default(column), value)
        self._check(column, value, written, where)
        return self._cell(written)

    def _check(self, column: Column, value: Any, written: Any, where: Place) -> None:
        if isinstance(written, float) and math.isfinite(written):
            return
        if isinstance(written, str):
            if (column, written) in self._sound:
                return
            self._check_length(written, where)
            self._sound.add((column, written))
        try:
            back = read_cell(column, unescape_text(escape_text(written)) if isinstance(written, str) else written)
        except CellError as error:
            # A required cell that is still empty goes out empty, and is a problem when it comes in.
            if written is not None or value not in (None, "", ()):
                self._fail(f"{error} Nothing was written.", where)
            return
        if back != value:
            self._fail(f"{plain_text(value)!r} cannot stand in a workbook; change it. Nothing was written.", where)

    def _check_length(self, text: str, where: Place) -> None:
        if len(escape_text(text)) > LONGEST_TEXT:
            self._fail(
                f"This text has {len(text):,} characters, but a workbook cell holds {LONGEST_TEXT:,}; "
                "shorten it. Nothing was written.",
                where,
            )

    def _cell(self, written: str | float | date | None) -> Any:
        """A cell to append. One prepared cell per style serves all rows: each is written out before the next."""
        if written is None:
            return None
        if isinstance(written, date) and written < _FIRST_DATE:
            written = written.isoformat()
        is_text = isinstance(written, str)
        key = (
            _TEXT_FORMAT if is_text else _DATE_FORMAT if isinstance(written, date) else _GENERAL,
            isinstance(written, str) and written.startswith(_LOOKS_LIKE_A_FORMULA),
        )
        cell: Any = WriteOnlyCell(self._sheet)
        style = self._cells.get(key)
        if style is None:
            cell.number_format = key[0]
            cell.quotePrefix = key[1]
            style = self._cells[key] = cell._style
        cell._style = style
        if isinstance(written, str):
            cell.value = escape_text(written)
            cell.data_type = "s"
        elif isinstance(written, date):
            cell.value = written
        else:
            cell.value = repr(written)  # all 17 digits: openpyxl itself would keep 16
            cell.data_type = "n"
        return cell

    def _fail(self, message: str, where: Place | None = None) -> None:
        self._problems.append(Problem("unwritable", message, where or Place(self._title)))


class _SettingsWriter(_SheetWriter):
    """The sheet Scenario: one key and value per row, every key shown."""

    def __init__(self, book: Workbook, problems: list[Problem]) -> None:
        super().__init__(book, SETTINGS_SHEET, problems)

    def write(self, settings: Settings) -> None:
        columns = columns_of(Settings)
        self._start([("key", _TEXT_FORMAT, 16), ("value", _GENERAL, 60)], len(columns) + len(settings.extra))
        known = {column.name for column in columns}
        for column in columns:
            where = Place(SETTINGS_SHEET, None, column.name)
            value = self._value(column, getattr(settings, column.name), where, is_blank_default=False)
            self._sheet.append([column.name, value])
        for name, text in settings.extra:
            where = Place(SETTINGS_SHEET, None, name)
            _check_extra_name(name, known, where, self._problems)
            self._check_length(text, where)
            self._sheet.append([self._cell(name), self._cell(text or None)])


class _TableWriter(_SheetWriter):
    """The sheet of a table: its columns, then those that came with a workbook and are kept as notes."""

    def __init__(self, book: Workbook, table: Table, problems: list[Problem]) -> None:
        super().__init__(book, table.sheet, problems)
        self._table = table

    def write(self, rows: Sequence[Any], progress: Progress) -> None:
        columns = self._table.columns
        notes = sorted({name for row in rows for name, _ in row.extra})
        for name in notes:
            _check_extra_name(name, {column.name for column in columns}, Place(self._title, None, name), self._problems)
        headings = [(column.name, *_look_of(column)) for column in columns]
        self._offer_choices(columns)
        self._start(headings + [(name, _TEXT_FORMAT, 24) for name in notes], len(rows))
        for index, row in enumerate(progress.over(rows)):
            cells = list(self._row(index, row, columns, notes))
            if all(cell is None for cell in cells):
                cells[0] = self._cell(" ")  # a row that says nothing yet is a row: only empty ones are skipped
            self._sheet.append(cells)

    def _row(self, index: int, row: Any, columns: Iterable[Column], notes: Sequence[str]) -> Iterator[Any]:
        for column in columns:
            yield self._value(column, getattr(row, column.name), Place(self._title, index, column.name))
        if notes:
            texts = dict(row.extra)
            for name in notes:
                text = texts.get(name)
                self._check_length(text or "", Place(self._title, index, name))
                yield self._cell(text or None)

    def _offer_choices(self, columns: Sequence[Column]) -> None:
        """Pick-lists for columns with a fixed set of answers; what stands in them is checked on reading."""
        for number, column in enumerate(columns, 1):
            answers = ("yes", "no") if column.kind is Kind.YES_NO else column.choices
            if answers:
                offer = DataValidation("list", formula1=f'"{",".join(answers)}"', allow_blank=True)
                letter = get_column_letter(number)
                offer.add(f"{letter}2:{letter}{LAST_ROW}")
                self._sheet.data_validations.append(offer)


def _look_of(column: Column) -> tuple[str, int]:
    """Number format and width of a column; text, so that codes typed into it keep their zeros."""
    format_ = _TEXT_FORMAT if column.kind in _TEXT_KINDS else _DATE_FORMAT if column.kind is Kind.DATE else _GENERAL
    return format_, max(_WIDTHS.get(column.kind, _SHORTEST_WIDTH), len(column.name) + 4)


def _without_default(column: Column) -> Column:
    """The same column for a sheet that shows every value."""
    return Column(column.name, column.kind, None, column.help, choices=column.choices)


def _check_extra_name(name: str, known: Iterable[str], where: Place, problems: list[Problem]) -> None:
    """A note's name must come back as the name of a note."""
    if not name.strip() or unescape_text(escape_text(name)).strip() != name or name.lower() in known:
        message = f"The note {name!r} cannot be a column of its own; rename it. Nothing was written."
        problems.append(Problem("unwritable", message, where))
