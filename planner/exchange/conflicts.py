"""A workbook of the conflicts of a merge: people choose in it, and it is read back."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from planner.cells import CellError, is_blank, plain_text, read_cell
from planner.exchange.workbook.package import open_package
from planner.exchange.workbook.sheet_row import CellFault, SheetRow
from planner.files import replace_file
from planner.merge import Change, Key, Side, Written
from planner.merge.words import row_words, sheet_of, value_words
from planner.problems import ConcordError, EnvironmentProblem
from planner.report.data_sheet import LINE_HEIGHT, Frame, set_up_page, wrapped_lines
from planner.report.styles import TEXT, Look, Pen
from planner.scenario import Settings
from planner.separators import AMOUNTS, refuse_two_readings

SHEET = "Conflicts"
COLUMNS = ("sheet", "row", "column", "base", "mine", "theirs", "take", "other value", "key")
HIGHEST_ROW = 400  # points; a spreadsheet program takes little more
WIDTHS = (14, 40, 18, 24, 24, 24, 10, 24, 10)
TAKE, OTHER, KEY = (COLUMNS.index(name) + 1 for name in ("take", "other value", "key"))
OPEN = "FFF2CC"  # behind the cells of what is left to decide
HINT = "Write mine or theirs, or leave this empty and write another value beside it."


Answer = tuple[Any, Any]  # the cells take and other value as somebody filled them in


def write_conflicts(
    conflicts: Sequence[Change], path: str | os.PathLike[str], answers: Mapping[Key, Answer] | None = None
) -> None:
    """One line per conflict, with the answers that there are; the others are marked. Raises EnvironmentProblem."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    for letter, width in zip("ABCDEFGHI", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.column_dimensions["I"].hidden = True
    last = max(2, len(conflicts) + 1)
    set_up_page(sheet, Frame("Conflicts of a merge", HINT, ""), f"A1:H{last}", repeated_rows="1:1")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:H{len(conflicts) + 1}"
    choice = DataValidation("list", formula1='"mine,theirs"', allow_blank=True, showErrorMessage=True)
    choice.promptTitle, choice.prompt, choice.error = "Which one", HINT, HINT
    choice.add(f"G2:G{last}")
    sheet.data_validations.append(choice)
    is_open = FormulaRule(['AND($G2="",$H2="")'], fill=PatternFill(bgColor=OPEN))  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add(f"G2:H{last}", is_open)
    pen = Pen(sheet)
    sheet.append([pen.text(name, Look(role="head")) for name in COLUMNS])
    for number, change in enumerate(conflicts, 2):
        texts = (
            sheet_of(change),
            row_words(change.key.table, change.row),
            "row" if change.is_row else change.key.column,
            *(value_words(change, value) for value in (change.base, change.mine, change.theirs)),
        )
        lines = max(wrapped_lines(text, width) for text, width in zip(texts, WIDTHS, strict=False))
        sheet.row_dimensions[number].height = min(LINE_HEIGHT * lines, HIGHEST_ROW)
        look = Look(TEXT, is_wrapped=True)
        cells = (*texts, *(answers or {}).get(change.key, ("", "")), _key_text(change))
        sheet.append([pen.any(value, look) for value in cells])
    with replace_file(path) as fresh:
        book.save(fresh)


def read_conflicts(
    path: str | os.PathLike[str], conflicts: Iterable[Change], settings: Settings
) -> dict[Key, Side | Written]:
    """The decisions that people wrote; conflicts that they left open are not in it.

    Raises EnvironmentProblem for what is no such workbook, ConcordError naming the cell for a decision that cannot be
    read. Lines about what is no conflict any more, or one of other values, say nothing.
    """
    decisions: dict[Key, Side | Written] = {}
    for number, change, (take, other) in _answered(Path(path), conflicts):
        try:
            decisions[change.key] = _decision(change, take, other, settings)
        except CellError as problem:
            raise ConcordError(f"{path}: {SHEET}!{'G' if is_blank(other) else 'H'}{number}: {problem}") from problem
    return decisions


def read_answers(path: str | os.PathLike[str], conflicts: Iterable[Change]) -> dict[Key, Answer]:
    """What people filled in about these conflicts, as it stands there. Raises EnvironmentProblem as above."""
    return {change.key: answer for _, change, answer in _answered(Path(path), conflicts)}


def _answered(path: Path, conflicts: Iterable[Change]) -> Iterator[tuple[int, Change, Answer]]:
    """The lines with an answer about a conflict that still is what it was when it was put."""
    known = {_key_text(change): change for change in conflicts}
    for number, cells in _lines(path):
        change = known.get(plain_text(cells.get(KEY, "")))
        take, other = (cells.get(place) for place in (TAKE, OTHER))
        if change is not None and not (is_blank(take) and is_blank(other)):
            yield number, change, (_plain(take), _plain(other))


def _plain(value: Any) -> Any:
    """What a cell takes again as it was; times of day, which no column has, as text."""
    return str(value) if isinstance(value, time | timedelta) else value


def _decision(change: Change, take: Any, other: Any, settings: Settings) -> Side | Written:
    for raw in (take, other):
        if isinstance(raw, CellFault):
            raise CellError(str(raw))
    if not is_blank(take) and not is_blank(other):
        raise CellError("Both a side and another value are written here; leave one of the two cells empty.")
    if is_blank(other):
        word = str(take).strip().casefold()
        if word not in (side.value for side in Side):
            raise CellError(f"{str(take)!r} is not a side; write mine or theirs.")
        return Side(word)
    if change.is_row or change.key.column == "extra":
        raise CellError("Here only mine or theirs can be taken; write one of them in the column take.")
    if change.column.kind in AMOUNTS:
        refuse_two_readings(other)
    return Written(read_cell(change.column, other, settings))


def _lines(path: Path) -> Iterator[SheetRow]:
    """Every line below the headings. Raises EnvironmentProblem where the file is no workbook of conflicts."""
    with open_package(path) as package:
        rows = iter(package.rows(SHEET)) if SHEET in package.titles else iter(())
        header = next(rows, SheetRow(1, {}))
        if tuple(header.values.get(number) for number in range(1, len(COLUMNS) + 1)) != COLUMNS:
            raise EnvironmentProblem(f"{path} is not a workbook of conflicts; name the one that the merge wrote.")
        yield from rows


def _key_text(change: Change) -> str:
    """Which conflict it is, of which values: an answer to other values is no answer."""
    key = change.key
    values = [value_words(change, value) for value in (change.base, change.mine, change.theirs)]
    digest = hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]
    return f"{key.table} {key.row_id} {key.column} {digest}"
