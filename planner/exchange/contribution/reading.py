"""Read a contribution workbook that came back: rows with a status, each by itself."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from planner.cells import (
    BLANKS,
    CellError,
    as_percentage,
    is_blank,
    parse_period,
    period_label,
    period_names,
    period_of,
    plain_text,
    plainly,
    read_cell,
    show_cell,
)
from planner.exchange.contribution.layout import (
    CHECK,
    CODES_SHEET,
    FORMAT,
    FORMAT_LABEL,
    PARTNER_LABEL,
    PLAN_LABEL,
    PLEDGES,
    ROW_CODE,
    ROW_SHEETS,
    START_SHEET,
    STATUS,
    Answer,
    Field,
    RowSheet,
)
from planner.exchange.findings import Finding, Outcome, shown
from planner.exchange.workbook.package import Package, open_package, sheet_titles
from planner.exchange.workbook.sheet_row import CellFault, SheetRow
from planner.files import FileKind, kind_of
from planner.problems import EnvironmentProblem
from planner.progress import Tell, to_nobody
from planner.scenario import Settings
from planner.separators import AMOUNTS, refuse_two_readings
from resources.columns import Column, Kind

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ANSWERS = {answer.value.lower(): answer for answer in Answer}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the partner left it: its cells by column, and where it stands."""

    sheet: RowSheet
    number: int
    answer: Answer
    code: str
    values: Mapping[str, Any]
    columns: Mapping[str, int]
    has_status: bool = True  # whether the answer was written, not left empty

    def text(self, column: str) -> str:
        """What stands in one of its cells, to be shown; its code where that is no cell with a value of its own."""
        if column not in self.values:
            return self.code
        return shown(show_cell(self.sheet.column(column), self.values[column]))

    def cell(self, column: str = "") -> str:
        """The address of one of its cells; of its first one without a column."""
        number = self.columns.get(column, min(self.columns.values()))
        return f"{self.sheet.title}!{get_column_letter(number)}{self.number}"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one file says: whose it is, its rows that say something, and what could not be read."""

    file: str
    partner: str
    plan: str  # title of the scenario that it was made of
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def is_contribution(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a contribution workbook. Raises EnvironmentProblem where it cannot be opened."""
    if kind_of(path) is not FileKind.WORKBOOK:
        return False
    return {START_SHEET, PLEDGES.title, CODES_SHEET} <= set(sheet_titles(Path(path)))


def is_filled_in(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a contribution workbook in which somebody gave a row a status.

    Raises EnvironmentProblem where it cannot be opened.
    """
    if not is_contribution(path):
        return False
    with open_package(Path(path)) as package:
        return any(_has_answers(package, sheet.title) for sheet in ROW_SHEETS if sheet.title in package.titles)


def _has_answers(package: Package, title: str) -> bool:
    """Whether a row says more than that nothing is to be updated."""
    number = 0  # of the column with the status
    for row in package.rows(title):
        said = plain_text(row.values.get(number, "")).strip().lower()
        if number and said not in ("", Answer.NONE.value.lower()):
            return True
        number = number or next(
            (at for at, value in row.values.items() if plain_text(value).strip().lower() == STATUS.lower()), 0
        )
    return False


def read_contribution(path: str | os.PathLike[str], settings: Settings, tell: Tell = to_nobody) -> Contribution:
    """The rows in a contribution workbook; dates and names of periods are read by the scenario's settings.

    Raises EnvironmentProblem where the file is none, or of a newer kind.
    """
    tell(0)
    with open_package(Path(path), tell=tell) as package:
        about = _about(package) if START_SHEET in package.titles else {}
        partner = about.get(PARTNER_LABEL, "")
        if FORMAT_LABEL not in about or not partner:
            raise EnvironmentProblem(
                f"{path} is not a contribution workbook: its sheet {START_SHEET} names no partner."
            )
        if about[FORMAT_LABEL] != FORMAT:
            raise EnvironmentProblem(
                f"{path} says that it is '{shown(about[FORMAT_LABEL])}', but this version of Concord reads '{FORMAT}'; "
                "write the contribution workbook anew and send that one."
            )
        return _Reading(package, str(path), settings).read(partner, about.get(PLAN_LABEL, ""))


def _about(package: Package) -> Mapping[str, str]:
    """What the first sheet says of the file: the text beside each label."""
    rows = [tuple(row.values.values()) for row in package.rows(START_SHEET)]
    return {plain_text(cells[0]).strip(): plain_text(cells[1]).strip() for cells in rows if len(cells) >= 2}


class _Reading:
    """One reading of one workbook: collects findings on the way."""

    def __init__(self, package: Package, file: str, settings: Settings) -> None:
        self._package, self._file, self._settings = package, file, settings
        self._findings: list[Finding] = []

    def read(self, partner: str, plan: str) -> Contribution:
        rows = [row for sheet in ROW_SHEETS for row in self._rows(sheet)]
        return Contribution(self._file, partner, plan, tuple(rows), tuple(self._findings))

    def _rows(self, sheet: RowSheet) -> Iterator[Row]:
        if sheet.title not in self._package.titles:
            self._find(Outcome.WARNING, sheet.title, "", f"The sheet {sheet.title} is missing; nothing in it changes.")
            return
        rows = iter(self._package.rows(sheet.title))
        columns = self._header(sheet, rows)
        if columns is None:
            return
        for written in rows:
            if (row := self._row(sheet, columns, written)) is not None:
                yield row

    def _header(self, sheet: RowSheet, rows: Iterable[SheetRow]) -> Mapping[str, int] | None:
        """The number of each column, from the first row that names the status and the code."""
        names = {column.heading.lower(): column.name for column in sheet.columns}
        for row in rows:
            titles = {plain_text(value).strip().lower(): number for number, value in row.values.items()}
            if STATUS.lower() in titles and ROW_CODE.lower() in titles:
                return {names[title]: number for title, number in titles.items() if title in names}
        message = "The row with the headings is missing; start from the workbook as it was sent."
        self._find(Outcome.WARNING, sheet.title, "", message)
        return None

    def _row(self, sheet: RowSheet, columns: Mapping[str, int], written: SheetRow) -> Row | None:
        """One row; None for one without a status, or with a cell that cannot be read."""
        raw = {name: written.values[number] for name, number in columns.items() if number in written.values}
        row = Row(sheet, written.number, Answer.NONE, plain_text(raw.get(ROW_CODE, "")).strip(), {}, columns)
        fields = [field for field in sheet.fields if field.name in columns]
        is_filled = any(not is_blank(raw.get(field.name)) for field in fields)
        said = plain_text(raw.get(STATUS, "")).strip()
        answer = _ANSWERS.get(plainly(said)) if said else Answer.NONE
        if answer is None:
            words = ", ".join(Answer)
            self._find(Outcome.REFUSED, row.cell(STATUS), said, f"'{shown(said)}' is no status; write one of: {words}.")
            return None
        if answer is Answer.NONE and not is_filled:
            return None
        if CHECK in columns and CHECK not in raw and answer is not Answer.NONE:
            message = "This row has no Check, for it stands below the prepared ones; it is read as they are."
            self._find(Outcome.WARNING, row.cell(), row.code, message)
        values: dict[str, Any] = {}
        is_sound = True
        for field in fields if answer is not Answer.DELETE else ():
            try:
                values[field.name] = self._value(sheet.column(field.name), raw.get(field.name))
                self._tell_percentage(row, field, raw.get(field.name))
            except CellError as error:
                value = shown(raw.get(field.name) or "")
                if answer is Answer.NONE:
                    values[field.name] = value  # nothing is taken over from it, but it may be a change
                    continue
                is_sound = False
                self._find(Outcome.REFUSED, row.cell(field.name), value, _told(field, error))
        return Row(sheet, written.number, answer, row.code, values, columns, bool(said)) if is_sound else None

    def _tell_percentage(self, row: Row, field: Field, raw: object) -> None:
        """Tell of a plain number that was read as a percentage."""
        if row.sheet.column(field.name).kind is Kind.SHARE and (percentage := as_percentage(raw)):
            message = f"{field.heading}: {shown(raw)} was read as {percentage}, for a share is never above 1."
            self._find(Outcome.WARNING, row.cell(field.name), shown(raw), message)

    def _value(self, column: Column, raw: object) -> Any:
        if isinstance(raw, CellFault):
            raise CellError(str(raw))
        if column.kind is Kind.PERIOD and not is_blank(raw):
            return self._period(raw)
        if column.kind in (*AMOUNTS, Kind.SHARE):
            _refuse_other_digits(raw)
        if column.kind is Kind.SHARE:
            raw = as_percentage(raw) or raw
        if column.kind in AMOUNTS:
            refuse_two_readings(raw)
        return read_cell(column, raw, self._settings)

    def _period(self, raw: object) -> int:
        """The number of a period of the plan: written as its name, its number, or a day inside it. Raises CellError."""
        try:
            self._refuse_other_days(raw)
            number = parse_period(raw, self._settings)
            if number > self._settings.periods:  # a day whose cell lost its format is a number of days
                number = period_of(from_excel(number), self._settings)
            if number <= self._settings.periods:
                return number
        except (CellError, OverflowError):
            pass
        labels = tuple(period_label(number, self._settings) for number in (1, self._settings.periods))
        raise CellError(
            f"'{shown(raw)}' is not a period of this plan, which runs from {labels[0]} to {labels[1]}; choose one of "
            f"the sheet {CODES_SHEET}."
        )

    def _refuse_other_days(self, raw: object) -> None:
        """Raises CellError for a day with a time, or written otherwise than 2027-03-31: the formulas read none."""
        _refuse_other_digits(raw)
        is_day = isinstance(raw, str) and "-" in raw and plainly(raw) not in period_names(self._settings)
        if is_day and not _DAY.fullmatch(str(raw).strip(BLANKS)):
            raise CellError("This is not a day.")

    def _find(self, outcome: Outcome, cell: str, value: str, message: str) -> None:
        self._findings.append(Finding(outcome, self._file, cell, value, message))


def _refuse_other_digits(raw: object) -> None:
    """Raises CellError for digits of other scripts, which the formulas of the workbook do not read."""
    if isinstance(raw, str) and any(sign.isdigit() and not sign.isascii() for sign in raw):
        raise CellError(f"'{shown(raw)}' has other digits than 0 to 9; write it with these.")


def _told(field: Field, error: CellError) -> str:
    return f"{field.heading}: {error}"
