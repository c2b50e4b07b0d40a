"""Write one partner's own rows as a workbook to fill in: nothing of any other partner is in the file."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from planner.cells import write_cell
from planner.exchange.contribution.codes import Codes
from planner.exchange.contribution.formulas import RowFormulas
from planner.exchange.contribution.layout import (
    ANSWER_MEANINGS,
    CHECK,
    CODES_SHEET,
    FIRST_ROW,
    FORMAT,
    FORMAT_LABEL,
    HEADER_ROW,
    LISTS,
    NAME,
    PARTNER_LABEL,
    PLAN_LABEL,
    PLEDGES,
    REFUSALS,
    ROW_CODE,
    ROW_SHEETS,
    START_SHEET,
    STATUS,
    UNIT,
    VALUE,
    Answer,
    Field,
    RowSheet,
    fresh_codes,
    refusal_code,
)
from planner.exchange.contribution.reading import is_filled_in
from planner.files import refuse_unwritable, replace_file, saying_why
from planner.problems import ConcordError, EnvironmentProblem
from planner.report.data_sheet import Frame, set_up_page
from planner.report.styles import GAP_INK, GENERAL, TEXT, Look, Pen
from planner.scenario import Scenario
from resources.columns import Kind
from resources.offers import Partner

EMPTY_ROWS = 40  # to add rows in
_AMOUNT = "#,##0.##"
_LOCKED = Look(role="locked")
_FORMATS = {Kind.NUMBER: _AMOUNT, Kind.SHARE: "0.0%"}
_STEPS = (
    "Go through the sheet Pledges: every row is something that you bring. Change what is no longer right, and choose "
    f"“{Answer.UPDATE}” in its first column.",
    f"Add what is missing in the empty rows below yours, with “{Answer.NEW}” in the first column.",
    "Do the same in the sheet Refusals, where you say what you do not serve.",
    "Look at the column Check: it says whether a row can be taken in, or why not. White cells are yours; grey ones are "
    "worked out or fixed. The sheet Codes explains the codes.",
    "Save the file as .xlsx and send it back. The plan changes only after the coordinator has seen every change.",
)


def file_names(partners: Iterable[Partner]) -> Mapping[str, str]:
    """The name under which each partner's workbook goes out, by code: no two are one on any system."""
    names: dict[str, str] = {}
    used: set[str] = set()
    for partner in partners:
        base = f"contribution-{re.sub(r'[^0-9A-Za-z._-]', '-', partner.code)}"
        endings = ("", *(f"-{number}" for number in range(2, len(names) + 3)))
        name = next(f"{base}{ending}.xlsx" for ending in endings if f"{base}{ending}.xlsx".casefold() not in used)
        used.add(name.casefold())
        names[partner.code] = name
    return names


def write_contributions(scenario: Scenario, folder: Path, partner_codes: Iterable[str] | None = None) -> Sequence[Path]:
    """Write the workbooks of some partners, or of all, into a folder; the files that were written.

    Raises EnvironmentProblem, with nothing written, where one of them would replace what a partner filled in.
    """
    names = file_names(scenario.partners)
    targets = {code: folder / names[code] for code in partner_codes or names}
    for target in targets.values():
        if target.exists() and is_filled_in(target):
            raise EnvironmentProblem(
                f"{target} was filled in and would be lost, so nothing was written; import it first and move it away, "
                "or name another folder."
            )
    for code, target in targets.items():
        write_contribution(scenario, code, target)
    return tuple(targets.values())


def write_contribution(scenario: Scenario, partner_code: str, path: str | os.PathLike[str]) -> None:
    """Write the workbook of one partner. Raises ConcordError for an unknown partner, EnvironmentProblem where the file
    cannot be written; `path` is then as it was."""
    partner = next((row for row in scenario.partners if row.code == partner_code), None)
    if partner is None:
        codes = ", ".join(row.code for row in scenario.partners) or "none"
        raise ConcordError(f"There is no partner '{partner_code}'; the partners are: {codes}.")
    refuse_unwritable(path)
    content = BytesIO()  # a zip file that meets a full disk would complain once more when it is let go of
    with saying_why(Path(path)):
        book = Workbook(write_only=True)
        _Writer(book, scenario, partner).write()
        book.save(content)
    with replace_file(path) as fresh:
        fresh.write_bytes(content.getvalue())


class _Writer:
    """One workbook of one partner."""

    def __init__(self, book: Any, scenario: Scenario, partner: Partner) -> None:
        self._book, self._scenario, self._partner = book, scenario, partner
        self._codes = Codes(scenario)
        self._readings: dict[RowSheet, Sequence[RowFormulas]] = {}
        self._name = partner.name or partner.code
        title = scenario.settings.title or "Scenario"
        self._frame = Frame(title, f"Contribution of {self._name}", scenario.settings.sensitivity.upper())

    def write(self) -> None:
        """Every sheet; the first says what to do."""
        self._write_start()
        self._write_pledges()
        self._write_refusals()
        self._write_codes()
        for rows in ROW_SHEETS:
            self._write_readings(rows)
        self._book.properties.creator = "Concord"
        self._book.properties.keywords = self._frame.label

    def _begin(self, title: str, widths: Sequence[int]) -> tuple[Any, Pen]:
        sheet = self._book.create_sheet(title)
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        set_up_page(sheet, self._frame)
        sheet.protection.sheet = True  # without a password: against slips, not against people
        sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.formatCells = False
        return sheet, Pen(sheet)

    def _write_start(self) -> None:
        sheet, pen = self._begin(START_SHEET, (22, 100))

        def section(title: str) -> None:
            sheet.append([])
            sheet.append([pen.text(title, Look(role="section"))])

        sheet.row_dimensions[1].height = 24
        sheet.append([pen.text(f"What {self._name} brings", Look(role="title"))])
        sheet.append([pen.text(self._frame.line, Look(role="label"))])
        section("What to do")
        for number, step in enumerate(_STEPS, 1):
            sheet.row_dimensions[FIRST_ROW - 1 + number].height = 28 if len(step) > 115 else 15
            sheet.append([pen.text(f"{number}.", Look(align="right")), pen.text(step, Look(is_wrapped=True))])
        section("Status of a row")
        for answer, meaning in ANSWER_MEANINGS.items():
            sheet.append([pen.text(answer.value, Look(role="strong")), pen.text(meaning, Look())])
        section("About this file")
        periods, length = self._codes.periods, self._scenario.settings.period
        for label, value in (
            ("Partner", self._name),
            (PARTNER_LABEL, self._partner.code),
            (PLAN_LABEL, self._frame.title),
            ("Currency of the plan", self._scenario.settings.currency),
            ("Periods", f"{' to '.join(dict.fromkeys((periods[0], periods[-1])))}, each a {length}"),
            (FORMAT_LABEL, FORMAT),
        ):
            sheet.append([pen.text(label, Look(role="strong")), pen.text(value, Look())])
        told = "Only rows of this partner are in this file, and only they can be changed with it."
        sheet.append([])
        sheet.append([pen.text(told, Look(role="hint"))])

    def _write_pledges(self) -> None:
        rows = [row for row in self._scenario.pledges if row.partner == self._partner.code]
        fresh = fresh_codes(self._partner.code, {row.code for row in self._scenario.pledges})
        entries = [(row.code, row) for row in rows] + [
            (code, None) for code, _ in zip(fresh, range(EMPTY_ROWS), strict=False)
        ]
        sheet, pen, letters = self._begin_rows(PLEDGES, f"What {self._name} brings", len(entries), is_summed=True)
        agreed = {line.pledge: line.resource for line in self._scenario.baseline}
        for told in self._formulas(PLEDGES, letters, [row for _, row in entries], [agreed.get(c) for c, _ in entries]):
            code, row = entries[told.row - FIRST_ROW]
            worked_out = {
                CHECK: pen.formula(told.pledge_check(), _LOCKED),
                ROW_CODE: pen.text(code, _LOCKED),
                NAME: pen.formula(told.resource_name(), _LOCKED),
                UNIT: pen.formula(told.unit(), _LOCKED),
                VALUE: pen.formula(told.usable_money(), Look(_AMOUNT, "locked", align="right")),
            }
            sheet.append(self._cells(pen, PLEDGES, row, worked_out))

    def _write_refusals(self) -> None:
        rows: list[Any] = [row for row in self._scenario.vetoes if row.partner == self._partner.code]
        entries = [*rows, *[None] * EMPTY_ROWS]
        sheet, pen, letters = self._begin_rows(REFUSALS, f"What {self._name} does not serve", len(entries))
        for told, row in zip(self._formulas(REFUSALS, letters, entries), entries, strict=True):
            worked_out = {
                CHECK: pen.formula(told.refusal_check(), _LOCKED),
                ROW_CODE: pen.any(refusal_code(row) if row is not None else "", _LOCKED),
            }
            sheet.append(self._cells(pen, REFUSALS, row, worked_out))

    def _formulas(
        self, rows: RowSheet, letters: Mapping[str, str], sent: Sequence[Any], agreed: Sequence[str | None] = ()
    ) -> Sequence[RowFormulas]:
        """The formulas of every row: in the hidden sheet the values stand where the cells do, the texts beside them."""
        own, hidden = f"'{rows.title}'!", f"'{rows.reading_title}'!"
        beside = {name: get_column_letter(at) for at, name in enumerate(letters, len(letters) + 1)}
        self._readings[rows] = [
            RowFormulas(
                sheet=rows,
                codes=self._codes,
                at={name: f"{own}{letter}{number}" for name, letter in letters.items()},
                written={name: f"{hidden}{letter}{number}" for name, letter in beside.items()},
                read={name: f"{hidden}{letter}{number}" for name, letter in letters.items()},
                row=number,
                last=FIRST_ROW + len(sent) - 1,
                sent=row,
                agreed=resource,
            )
            for number, (row, resource) in enumerate(zip_longest(sent, agreed), FIRST_ROW)
        ]
        return self._readings[rows]

    def _write_readings(self, rows: RowSheet) -> None:
        """The hidden sheet of what is read of each cell, which the checks look at."""
        sheet, pen = self._begin(rows.reading_title, ())
        sheet.sheet_state = "hidden"
        sheet.append([pen.text(self._partner.code, _LOCKED)])  # where OWN_CODE is
        for _ in range(FIRST_ROW - 2):
            sheet.append([])
        for told in self._readings[rows]:
            texts, values = told.texts(), told.values()
            cells = [pen.formula(values[name], _LOCKED) if name in values else None for name in told.read]
            cells[list(told.read).index(CHECK)] = pen.any(told.agreed, _LOCKED)
            sheet.append(cells + [pen.formula(texts[name], _LOCKED) if name in texts else None for name in told.read])

    def _begin_rows(
        self, rows: RowSheet, title: str, count: int, *, is_summed: bool = False
    ) -> tuple[Any, Pen, Mapping[str, str]]:
        """A sheet down to its header, and the letter of each of its columns."""
        sheet, pen = self._begin(rows.title, [column.width for column in rows.columns])
        letters = {column.name: get_column_letter(number) for number, column in enumerate(rows.columns, 1)}
        last = FIRST_ROW + count - 1
        sheet.freeze_panes = f"D{FIRST_ROW}"
        sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        sheet.column_dimensions[letters[ROW_CODE]].hidden = rows is REFUSALS
        for number, height in ((1, 24), (3, 66), (HEADER_ROW, 30)):
            sheet.row_dimensions[number].height = height
        self._add_checks(sheet, rows, letters, last)
        first: list[Any] = [pen.text(title, Look(role="title"))]
        if is_summed:
            total = f"=SUM({letters[VALUE]}{FIRST_ROW}:{letters[VALUE]}{last})"
            first += [None] * (list(letters).index(VALUE) - 2)
            first += [
                pen.text("Total of money:", Look(role="hint", align="right")),
                pen.formula(total, Look(_AMOUNT, "total", align="right")),
            ]
        sheet.append(first)
        sheet.append([pen.text(self._frame.line, Look(role="label"))])
        sheet.append([pen.text(column.hint, Look(role="hint", is_wrapped=True)) for column in rows.columns])
        sheet.append([pen.text(self._heading(column), Look(role="head", is_wrapped=True)) for column in rows.columns])
        return sheet, pen, letters

    def _heading(self, column: Field) -> str:
        return f"{column.heading}, {self._scenario.settings.currency}" if column.name == VALUE else column.heading

    def _cells(self, pen: Pen, rows: RowSheet, row: Any, worked_out: Mapping[str, Any]) -> list[Any]:
        status = pen.any("" if row is None else Answer.NONE.value, Look(role="entry", is_open=True))
        made = {STATUS: status, **worked_out}
        return [made.get(column.name) or self._entry(pen, rows, column, row) for column in rows.columns]

    def _entry(self, pen: Pen, rows: RowSheet, field: Field, row: Any) -> Any:
        """A cell to fill in, with what the scenario holds; what the coordinator noted stays at home."""
        column = rows.column(field.name)
        is_figure = column.kind in _FORMATS
        look = Look(
            _FORMATS.get(column.kind, TEXT),
            "entry",
            is_wrapped=field.name in ("note", "reason"),
            align="right" if is_figure else "",
            is_open=True,
        )
        if row is None or field.name == "note":
            return pen.any("", look)
        value = getattr(row, field.name)
        if column.kind is Kind.CHOICE:
            return pen.any(value, look)
        if column.kind is Kind.PERIOD and value in range(1, len(self._codes.periods) + 1):
            return pen.text(self._codes.periods[value - 1], look)
        return pen.any(write_cell(column, value), look)

    def _add_checks(self, sheet: Any, rows: RowSheet, letters: Mapping[str, str], last: int) -> None:
        """Drop-down lists and limits; lists of several codes offer one code and take more."""
        _offer(sheet, letters[STATUS], last, f'"{",".join(Answer)}"')
        for field in rows.fields:
            column, letter = rows.column(field.name), letters[field.name]
            if field.name in LISTS:
                area = self._codes.lists[LISTS[field.name]].area()
                _offer(sheet, letter, last, area, is_strict=column.kind is not Kind.CODES)
            elif column.choices:
                _offer(sheet, letter, last, f'"{",".join(column.choices)}"')
            elif column.kind in _FORMATS:
                most, told = ("1", "a share from 0 % to 100 %") if column.kind is Kind.SHARE else ("1E+15", "a number")
                limit = DataValidation("decimal", operator="between", formula1="0", formula2=most, allow_blank=True)
                limit.errorTitle, limit.error = field.heading, f"Please write {told}, not below 0."
                limit.showErrorMessage = True
                limit.add(f"{letter}{FIRST_ROW}:{letter}{last}")
                sheet.data_validations.append(limit)
        check = f"{letters[CHECK]}{FIRST_ROW}"
        is_open = FormulaRule([f'AND({check}<>"",{check}<>"OK")'], font=Font(color=GAP_INK, bold=True))  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(f"{check}:{letters[CHECK]}{last}", is_open)

    def _write_codes(self) -> None:
        sheet, pen = self._begin(CODES_SHEET, self._codes.widths)
        sheet.freeze_panes = f"A{FIRST_ROW}"
        lists = tuple(self._codes.lists.values())
        sheet.append([pen.text("Codes and what they mean", Look(role="title"))])
        sheet.append([pen.text(self._frame.line, Look(role="label"))])
        sheet.append([])
        sheet.append(
            [cell for each in lists for cell in (*(pen.text(h, Look(role="head")) for h in each.headings), None)]
        )
        for index in range(max(len(each.rows) for each in lists)):
            cells: list[Any] = []
            for each in lists:
                values = each.rows[index] if index < len(each.rows) else (None,) * len(each.headings)
                cells += [pen.any(value, Look(TEXT if isinstance(value, str) else GENERAL)) for value in values]
                cells.append(None)
            sheet.append(cells)


def _offer(sheet: Any, letter: str, last: int, source: str, *, is_strict: bool = True) -> None:
    offer = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=is_strict)
    offer.errorTitle, offer.error = "Not in the list", "Please choose one of the list."
    offer.add(f"{letter}{FIRST_ROW}:{letter}{last}")
    sheet.data_validations.append(offer)
