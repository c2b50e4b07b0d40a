"""A workbook of the conflicts of a merge: people choose in it, and it is read back."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from planner.cells import CellError, is_blank, read_cell
from planner.exchange.workbook.texts import unescape_text
from planner.files import replace_file, saying_why
from planner.merge import Change, Key, Side, Written
from planner.merge.words import row_words, sheet_of, value_words
from planner.problems import ConcordError, EnvironmentProblem
from planner.report.styles import TEXT, Look, Pen
from planner.scenario import Settings

SHEET = "Conflicts"
COLUMNS = ("sheet", "row", "column", "base", "mine", "theirs", "take", "other value", "key")
WIDTHS = (14, 40, 18, 24, 24, 24, 10, 24, 10)
TAKE, OTHER, KEY = (COLUMNS.index(name) for name in ("take", "other value", "key"))
HINT = "Write mine or theirs, or leave this empty and write another value beside it."


def write_conflicts(conflicts: Sequence[Change], path: str | os.PathLike[str]) -> None:
    """One line per conflict, with empty cells for the decisions. Raises EnvironmentProblem where that fails."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    for letter, width in zip("ABCDEFGHI", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.column_dimensions["I"].hidden = True
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:H{len(conflicts) + 1}"
    choice = DataValidation("list", formula1='"mine,theirs"', allow_blank=True, showErrorMessage=True)
    choice.promptTitle, choice.prompt, choice.error = "Which one", HINT, HINT
    choice.add(f"G2:G{max(2, len(conflicts) + 1)}")
    sheet.data_validations.append(choice)
    pen = Pen(sheet)
    sheet.append([pen.text(name, Look(role="head")) for name in COLUMNS])
    for change in conflicts:
        texts = (
            sheet_of(change),
            row_words(change.key.table, change.row),
            "row" if change.is_row else change.key.column,
            *(value_words(change, value) for value in (change.base, change.mine, change.theirs)),
            "",
            "",
            _key_text(change.key),
        )
        sheet.append([pen.text(text, Look(TEXT)) for text in texts])
    with replace_file(path) as fresh:
        book.save(fresh)


def read_conflicts(
    path: str | os.PathLike[str], conflicts: Iterable[Change], settings: Settings
) -> dict[Key, Side | Written]:
    """The decisions that people wrote; conflicts that they left open are not in it.

    Raises EnvironmentProblem for what is no such workbook, ConcordError naming the cell for a decision that cannot be
    read. Lines about what is no conflict any more say nothing.
    """
    known = {_key_text(change.key): change for change in conflicts}
    decisions: dict[Key, Side | Written] = {}
    for number, cells in _lines(Path(path)):
        change = known.get(str(cells[KEY] or ""))
        take, other = (cells[place] for place in (TAKE, OTHER))
        if change is None or (is_blank(take) and is_blank(other)):
            continue
        try:
            decisions[change.key] = _decision(change, take, other, settings)
        except CellError as problem:
            raise ConcordError(f"{path}: {SHEET}!{'G' if is_blank(other) else 'H'}{number}: {problem}") from problem
    return decisions


def _decision(change: Change, take: Any, other: Any, settings: Settings) -> Side | Written:
    if not is_blank(take) and not is_blank(other):
        raise CellError("Both a side and another value are written here; leave one of the two cells empty.")
    if is_blank(other):
        word = str(take).strip().casefold()
        if word not in (side.value for side in Side):
            raise CellError(f"{str(take)!r} is not a side; write mine or theirs.")
        return Side(word)
    if change.is_row or change.key.column == "extra":
        raise CellError("Here only mine or theirs can be taken; write one of them in the column take.")
    return Written(read_cell(change.column, unescape_text(other) if isinstance(other, str) else other, settings))


def _lines(path: Path) -> list[tuple[int, tuple[Any, ...]]]:
    """Row number and cells of every line."""
    try:
        with saying_why(path):
            book = load_workbook(path, read_only=True, data_only=True)
    except EnvironmentProblem:
        raise
    except Exception as error:  # openpyxl lets pass whatever a broken package makes its parts raise
        raise EnvironmentProblem(f"{path} is not a workbook; name the workbook of conflicts.") from error
    try:
        rows = list(book[SHEET].iter_rows(values_only=True)) if SHEET in book.sheetnames else []
    finally:
        book.close()
    if not rows or tuple(rows[0][: len(COLUMNS)]) != COLUMNS:
        raise EnvironmentProblem(f"{path} is not a workbook of conflicts; name the one that the merge wrote.")
    return [(number, row) for number, row in enumerate(rows[1:], 2) if len(row) >= len(COLUMNS)]


def _key_text(key: Key) -> str:
    return f"{key.table} {key.row_id} {key.column}".rstrip()
