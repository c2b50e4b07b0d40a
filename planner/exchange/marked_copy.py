"""What was found in files that somebody sent, as a workbook to send back: a list, and copies with the cells coloured.

The copies hold values alone: no formulas, links or macros of the file that was sent. Widths, merged cells, frozen panes
and drop-down lists stay.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.worksheet.dimensions import ColumnDimension

from planner.exchange.csv_table import CsvError, read_csv
from planner.exchange.findings import Finding, Outcome, shown
from planner.exchange.workbook.limits import LAST_ROW
from planner.exchange.workbook.package import Package, open_package, sheet_titles
from planner.exchange.workbook.sheet_layout import SheetLayout, named_sheet
from planner.exchange.workbook.sheet_row import CellFault
from planner.files import FileKind, kind_of, refuse_unwritable, replace_file, saying_why
from planner.problems import EnvironmentProblem
from planner.report.data_sheet import Frame, set_up_page
from planner.report.partner_sheets import sheet_title
from planner.report.styles import Look, Pen

LIST_SHEET = "Problems"
_ROLES = {Outcome.REFUSED: "refused", Outcome.DROPPED: "dropped", Outcome.WARNING: "warned"}
_HEADINGS = (
    ("File", 30),
    ("Cell", 24),
    ("What became of it", 16),
    ("Value", 28),
    ("What is wrong, and what to write", 90),
)
_WIDTH = 16
_LONGEST_TEXT = 1000  # characters of a cell; thousands of the longest ones would take a minute
_ADDRESS = re.compile(r"(?P<sheet>.+)!(?P<cell>[A-Z]{1,3}[0-9]{1,7})")
_LINE = re.compile(r"line (?P<line>[0-9]+)(, (?P<column>.+))?")

Marks = Mapping[tuple[int, int], Sequence[Finding]]  # by row and column
Rows = Iterator[tuple[int, Mapping[int, Any]]]  # number of each row, its values by column


@dataclass(frozen=True, slots=True)
class _Copy:
    """One sheet to copy: its cells, those with findings, and how it is laid out."""

    title: str
    rows: Rows
    marks: Marks
    layout: SheetLayout = field(default_factory=SheetLayout)


def is_problem_list(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a workbook that `write_findings` wrote. Raises EnvironmentProblem where it cannot be opened."""
    if kind_of(path) is not FileKind.WORKBOOK or LIST_SHEET not in sheet_titles(Path(path)):
        return False
    with open_package(Path(path)) as package:
        first = next(iter(package.rows(LIST_SHEET)), None)
    return first is not None and list(first.values.values()) == [heading for heading, _ in _HEADINGS]


def write_findings(findings: Sequence[Finding], path: str | os.PathLike[str]) -> None:
    """Write the list and the copies. Raises EnvironmentProblem where the file cannot be written."""
    refuse_unwritable(path)
    content = BytesIO()  # a zip file that meets a full disk would complain once more when it is let go of
    with saying_why(Path(path)):
        book = Workbook(write_only=True)
        _write_list(book, findings)
        used = {LIST_SHEET.casefold()}
        for sheets in _copies(findings):
            names: dict[str, str] = {}
            for each in sheets:
                names[each.title] = sheet_title(each.title, used)
                used.add(names[each.title].casefold())
            for each in sheets:
                sheet = book.create_sheet(names[each.title])
                _lay_out(sheet, each, names)
                _write_rows(sheet, each)
        book.save(content)
    with replace_file(path) as fresh:
        fresh.write_bytes(content.getvalue())


def _write_list(book: Any, findings: Sequence[Finding]) -> None:
    sheet = book.create_sheet(LIST_SHEET)
    pen = Pen(sheet)
    for number, (_, width) in enumerate(_HEADINGS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    set_up_page(sheet, Frame("What was found in the files", "", ""))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_HEADINGS))}{len(findings) + 1}"
    sheet.append([pen.text(heading, Look(role="head")) for heading, _ in _HEADINGS])
    order = list(Outcome)
    for finding in sorted(findings, key=lambda each: order.index(each.outcome)):
        texts = (Path(finding.file).name, finding.cell, finding.outcome.value, finding.value, finding.message)
        looks = (Look(), Look(), Look(role=_ROLES[finding.outcome]), Look(), Look(is_wrapped=True))
        sheet.append([pen.text(text, look) for text, look in zip(texts, looks, strict=True)])


def _copies(findings: Sequence[Finding]) -> Iterator[Sequence[_Copy]]:
    """For each file the sheets in which something was found; a file that is gone has no copy."""
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_file[finding.file].append(finding)
    for file, mine in by_file.items():
        try:
            if kind_of(file) is FileKind.WORKBOOK:
                yield from _copies_of_workbook(Path(file), mine)
            elif kind_of(file) is FileKind.TEXT:
                yield from _copies_of_csv(Path(file), mine)
        except (EnvironmentProblem, CsvError):
            continue


def _copies_of_workbook(path: Path, findings: Sequence[Finding]) -> Iterator[Sequence[_Copy]]:
    """The marked sheets, and those that hold their lists."""
    marks: dict[str, dict[tuple[int, int], list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        if found := _ADDRESS.fullmatch(finding.cell):
            letters, row = coordinate_from_string(found["cell"])
            marks[found["sheet"]][row, column_index_from_string(letters)].append(finding)
    with open_package(path) as package:
        layouts = {title: package.layout(title) for title in package.titles if title in marks}
        lists = {title for layout in layouts.values() for title in layout.named_sheets} & set(package.titles)
        yield [
            _Copy(title, _rows_of(package, title), marks.get(title, {}), layouts.get(title) or package.layout(title))
            for title in package.titles
            if title in marks or title in lists
        ]


def _rows_of(package: Package, title: str) -> Rows:
    """The rows up to where the sheet is damaged."""
    with suppress(EnvironmentProblem):
        for row in package.rows(title):
            yield row.number, row.values


def _copies_of_csv(path: Path, findings: Sequence[Finding]) -> Iterator[Sequence[_Copy]]:
    table = read_csv(path, takes_any_delimiter=True)
    columns = {title: number for number, title in enumerate(table.header, 1)}
    marks: dict[tuple[int, int], list[Finding]] = defaultdict(list)
    for finding in findings:
        if found := _LINE.fullmatch(finding.cell):
            marks[int(found["line"]), columns.get(found["column"], 1)].append(finding)
    if marks:
        header = (1, dict(enumerate(table.header, 1)))
        body = ((row.line, {columns[title]: text for title, text in row.cells.items()}) for row in table.rows)
        yield [_Copy(path.stem, iter([header, *body]), marks)]


def _lay_out(sheet: Any, copied: _Copy, names: Mapping[str, str]) -> None:
    """What can be kept of the layout; `names` are the titles of the copies by those of the sheets."""
    layout = copied.layout
    sheet.sheet_format.defaultColWidth = _WIDTH
    for each in layout.columns:
        letter = get_column_letter(each.first)
        sheet.column_dimensions[letter] = ColumnDimension(
            sheet, index=letter, min=each.first, max=each.last, width=each.width, hidden=each.is_hidden
        )
    if layout.frozen:
        sheet.freeze_panes = layout.frozen
    for area in layout.merges:
        bounds: Any = range_boundaries(area)
        left, top, right, bottom = bounds
        inside = (place for place in copied.marks if top <= place[0] <= bottom and left <= place[1] <= right)
        if all(place == (top, left) for place in inside):  # the other cells of a merged range are not seen
            sheet.merged_cells.add(area)
    for validation in layout.validations:
        title = named_sheet(validation)
        if not title or names.get(title) == title:
            sheet.data_validations.append(validation)


def _write_rows(sheet: Any, copied: _Copy) -> None:
    """The values where they stood, the cells with findings coloured and commented."""
    pen = Pen(sheet)
    marked: dict[int, dict[int, Sequence[Finding]]] = defaultdict(dict)
    for (row, column), findings in copied.marks.items():
        marked[row][column] = findings
    written = 0
    for number, values in copied.rows:
        if not written < number <= LAST_ROW:
            continue
        while written < number - 1:
            sheet.append([])
            written += 1
        mine = marked.get(number, {})
        last = max([*values, *mine])
        sheet.append([_cell(pen, values.get(column), mine.get(column, ())) for column in range(1, last + 1)])
        written = number


def _cell(pen: Pen, value: Any, findings: Sequence[Finding]) -> Any:
    role = _ROLES[min((finding.outcome for finding in findings), key=list(Outcome).index)] if findings else "plain"
    kept = value.sign if isinstance(value, CellFault) else value if _is_plain(value) else shown(value)
    cell = pen.any(kept[:_LONGEST_TEXT] if isinstance(kept, str) else kept, Look(role=role))
    if findings:
        text = "\n".join(f"{finding.outcome.value.capitalize()}: {finding.message}" for finding in findings)
        cell.comment = Comment(_printable(text), "Concord", width=360, height=120)
    return cell


def _is_plain(value: Any) -> bool:
    """Whether a cell takes the value as it is; times of day and durations go out as text."""
    return value is None or isinstance(value, str | int | float) or hasattr(value, "year")


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign == "\n")
