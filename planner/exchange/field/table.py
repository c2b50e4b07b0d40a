"""The table in a sheet or CSV file: below titles, with headings of several rows, merged cells, and perhaps tags."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries

from planner.cells import plain_text
from planner.exchange.csv_table import clean_text, read_csv
from planner.exchange.field.roles import plain, role_of, role_of_tag
from planner.exchange.workbook import KNOWN_SHEETS, SETTINGS_SHEET
from planner.exchange.workbook.package import Package, open_package, sheet_titles
from planner.exchange.workbook.sheet_row import CellFault, SheetRow
from planner.files import FileKind, kind_of
from planner.problems import ConcordError, EnvironmentProblem
from planner.progress import Tell, to_nobody
from planner.scenario import TABLE_BY_SHEET

_SEARCHED = 40  # rows in which the headings are looked for
_TAG = re.compile(r"#\s*[a-z][a-z0-9_]*(\s*\+\s*[a-z0-9_]+)*\s*", re.IGNORECASE)
_LEAST_HEADINGS = 2
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})  # also saved as plain text


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: its number from 1, its heading on one line, and its tag where there is one."""

    number: int
    title: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row below the headings: values by column number. Text is cleaned of odd blanks and line breaks."""

    number: int
    cells: Mapping[int, Any]


@dataclass(frozen=True, slots=True)
class FieldTable:
    """A table with its place; `sheet` is empty for CSV files."""

    file: str
    sheet: str
    headings: tuple[Heading, ...]
    rows: tuple[TableRow, ...]
    others: tuple[str, ...] = ()  # further sheets, which were not read

    def address(self, row: int, column: int | None = None) -> str:
        """Where a cell stands, as people look for it."""
        if self.sheet:
            return f"{self.sheet}!{get_column_letter(column or 1)}{row}"
        title = next((heading.title for heading in self.headings if heading.number == column), "")
        return f"line {row}, {title}" if title else f"line {row}"


def is_field_workbook(path: Path) -> bool:
    """Whether a workbook has none of the sheets of a scenario: what is in it may be a table from the field.

    A sheet that only has the name of one (Activities, Partners ...) but not the columns of its keys is none.
    """
    if kind_of(path) is not FileKind.WORKBOOK:
        return False
    known = {
        title: KNOWN_SHEETS[title.strip().lower()]
        for title in sheet_titles(path)
        if title.strip().lower() in KNOWN_SHEETS
    }
    if not known or SETTINGS_SHEET in known.values():
        return not known
    with open_package(path) as package:
        return not any(_has_keys(next(package.rows(title), None), sheet) for title, sheet in known.items())


def _has_keys(first: SheetRow | None, sheet: str) -> bool:
    table = TABLE_BY_SHEET[sheet]
    named = {plain_text(value).strip().lower() for value in first.values.values()} if first is not None else set()
    keys = table.key_columns or [column for column in table.columns if column.is_required]
    return all(column.name in named for column in keys if column.is_required)


def read_table(path: Path, sheet: str = "", named: Iterable[str] = (), tell: Tell = to_nobody) -> FieldTable:
    """The table in a file: of the sheet named, else of the sheet whose headings say most; `named` are headings too.

    Raises ConcordError where there is none, EnvironmentProblem where the file cannot be opened.
    """
    kind = kind_of(path)
    if kind is FileKind.TEXT:
        return _csv_table(path, tell)
    if kind is FileKind.XML:
        raise ConcordError(
            f"{path} is no table: it is an XML file, and holds no IATI activities. Tables are read from .xlsx and .csv."
        )
    with open_package(path, tell=tell) as package:
        if sheet and sheet not in package.titles:
            raise ConcordError(f"{path} has no sheet '{sheet}'; its sheets are {', '.join(package.titles)}.")
        titles = [sheet] if sheet else list(package.titles)
        told = frozenset(map(plain, named))
        known = {title: max(_scores(_first_rows(package, title), told), default=0) for title in titles}
        best = max(titles, key=lambda title: known[title], default="")
        if not best or known[best] < _LEAST_HEADINGS:
            raise EnvironmentProblem(
                f"{path} is not a Concord workbook: it has none of the sheets of a scenario, and no row in it names "
                "columns such as Organisation, Cluster and Region. For a table from the field name the sheet with "
                "--sheet, or say what its columns are with --map 'HEADING=partner'."
            )
        table = _read_sheet(path, package, best, told)
    return FieldTable(
        table.file, best, table.headings, table.rows, tuple(title for title in package.titles if title != best)
    )


def _csv_table(path: Path, tell: Tell) -> FieldTable:
    table = read_csv(path, takes_any_delimiter=True, tell=tell)
    if len(table.header) < _LEAST_HEADINGS:
        raise ConcordError(
            f"{path} is no table: its first line names no columns, separated by commas, semicolons or tabs."
        )
    headings = tuple(Heading(number, title, table.tags.get(title, "")) for number, title in enumerate(table.header, 1))
    rows = tuple(
        TableRow(row.line, {heading.number: row[heading.title] for heading in headings if row[heading.title]})
        for row in table.rows
    )
    return FieldTable(str(path), "", headings, rows)


def _first_rows(package: Package, title: str) -> list[TableRow]:
    rows = package.rows(title)
    return [_cleaned(row) for row, _ in zip(rows, range(_SEARCHED), strict=False)]


def _read_sheet(path: Path, package: Package, title: str, told: Collection[str]) -> FieldTable:
    first = _first_rows(package, title)
    scores = _scores(first, told)
    at = scores.index(max(scores))  # the first of several that say as much
    header = first[at]
    titles = {number: plain_text(value) for number, value in header.cells.items()}
    above = first[at - 1] if at and len(first[at - 1].cells) > 1 else None
    for number, value in above.cells.items() if above is not None else ():
        titles.setdefault(number, plain_text(value))
    last_number = header.number
    if at + 1 < len(first) and _goes_on(header, first[at + 1]):
        below = first[at + 1]
        last_number = below.number
        for number, value in below.cells.items():
            group = titles.get(max((left for left in titles if left <= number), default=number), "")
            titles[number] = clean_text(f"{titles.get(number) or group} {value}")
    tags: Mapping[int, Any] = {}
    for row in first[at + 1 : at + 4]:
        if _is_tag_row(row):
            tags, last_number = row.cells, row.number
            break
    headings = tuple(Heading(number, titles[number], str(tags.get(number, ""))) for number in sorted(titles))
    rows = tuple(row for row in _filled(package, title) if row.number > last_number and not _is_tag_row(row))
    return FieldTable(str(path), title, headings, rows)


def _filled(package: Package, title: str) -> Iterator[TableRow]:
    """The rows, every cell of a merged range with its value."""
    merges: list[Any] = [range_boundaries(area) for area in package.merges(title)]
    values: dict[tuple[int, int], Any] = {}
    starts: dict[int, list[tuple[int, int, int, int]]] = {}
    for left, top, right, bottom in merges:
        starts.setdefault(top, []).append((left, top, right, bottom))
    open_ranges: list[tuple[int, int, int, int]] = []
    for raw in package.rows(title):
        row = _cleaned(raw)
        cells = dict(row.cells)
        open_ranges = [area for area in open_ranges if area[3] >= row.number] + starts.pop(row.number, [])
        for left, top, right, _ in open_ranges:
            if top == row.number and left in cells:
                values[left, top] = cells[left]
            if (left, top) in values:
                for column in range(left, right + 1):
                    cells.setdefault(column, values[left, top])
        yield TableRow(row.number, cells)


def _cleaned(row: SheetRow) -> TableRow:
    values = {}
    for number, raw in row.values.items():
        value = clean_text(raw) if isinstance(raw, str) and not isinstance(raw, CellFault) else raw
        if value in _ERRORS:
            value = CellFault(f"This cell holds the error {value}; write a value, or repair its formula.")
        if value != "":
            values[number] = value
    return TableRow(row.number, values)


def _scores(rows: Sequence[TableRow], told: Collection[str]) -> list[int]:
    """How many different things the cells of each row name, as headings do, or the tags right below them."""
    scores = [_score(row, told) for row in rows]
    for index, row in enumerate(rows[1:], 1):
        if _is_tag_row(row):
            tagged = {role for value in row.cells.values() if (role := role_of_tag(str(value))) is not None}
            scores[index - 1] = max(scores[index - 1], len(tagged))
    return scores


def _score(row: TableRow, told: Collection[str]) -> int:
    texts = [value for value in row.cells.values() if isinstance(value, str) and not isinstance(value, CellFault)]
    if len(texts) < _LEAST_HEADINGS or any(len(text) > 200 for text in texts) or _is_tag_row(row):
        return 0
    known = {role for text in texts if (role := role_of(text)[0]) is not None}
    return len(known) + sum(plain(text) in told for text in texts)


def _goes_on(header: TableRow, below: TableRow) -> bool:
    """Whether the headings go on in the row below: texts that stand under empty cells or under a wider heading."""
    if _is_tag_row(below) or not all(isinstance(value, str) for value in below.cells.values()):
        return False
    fresh = [number for number in below.cells if number not in header.cells]
    return bool(fresh) and len(below.cells) < len(header.cells) + len(fresh) and _only_under_gaps(header, below)


def _only_under_gaps(header: TableRow, below: TableRow) -> bool:
    """A lower heading stands in an empty column, or where the next column of the header is empty (a merged one)."""
    return all(number not in header.cells or number + 1 not in header.cells for number in below.cells)


def _is_tag_row(row: TableRow) -> bool:
    texts = [value for value in row.cells.values() if isinstance(value, str)]
    tags = [text for text in texts if _TAG.fullmatch(text)]
    return len(tags) >= _LEAST_HEADINGS and len(tags) * 2 > len(row.cells) and any(map(role_of_tag, tags))
