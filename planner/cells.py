"""What people type into a cell, and the value it becomes: workbooks, pasted tables and rules read cells here only."""

import calendar
import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from planner.problems import ConcordError
from planner.scenario import PERIOD_LENGTHS, Settings
from resources.columns import Column, Kind

BLANKS = " \t\r\n\u00a0\u2007\u2009\u202f"  # with the no-break and thin spaces that spreadsheets and web pages put in
LONGEST_CODE = 40
MOST_PERIODS = 1200
LARGEST_WHOLE = 2**53  # beyond it neighbouring whole numbers can no longer be told apart
DIGITS_KEPT = 10**15  # a number cell keeps 15 digits; longer codes have lost some already

_DROP_BLANKS = str.maketrans("", "", BLANKS)
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d+([.,]\d+){2,}")
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class CellError(ConcordError):
    """A cell that cannot be read; the text says what is wrong with it and what to write instead."""


def read_cell(column: Column, raw: object, settings: Settings | None = None) -> Any:
    """The value of a cell as `column` keeps it; empty gives the column's default.

    `raw` is text, a number, a yes/no, a date or None. Dates in period columns need `settings`. Limits of the column
    (severity 1-5 ...) are left to the checks, so that a value out of range can be kept and shown. Raises CellError.
    """
    if is_blank(raw) and not (column.kind is Kind.TEXT and raw):
        if column.is_required:
            raise CellError(f"This cell is empty; write {_wanted(column)}.")
        return column.default
    match column.kind:
        case Kind.TEXT:
            return plain_text(raw)
        case Kind.CODE:
            return parse_code(raw)
        case Kind.CODES:
            return parse_codes(raw)
        case Kind.NUMBER:
            return parse_number(raw)
        case Kind.WHOLE:
            return parse_whole(raw)
        case Kind.SHARE:
            return parse_share(raw)
        case Kind.YES_NO:
            return parse_yes_no(raw)
        case Kind.PERIOD:
            return parse_period(raw, settings)
        case Kind.DATE:
            return parse_date(raw)
        case Kind.CHOICE:
            return _parse_choice(raw, column.choices)


def write_cell(column: Column, value: Any) -> str | float | int | date | None:
    """The value as a workbook cell shows it; None for the default of a column that is no key.

    `read_cell(column, write_cell(column, value)) == value` for every value that a scenario may hold.
    """
    if value in (None, "", ()) or (value == column.default and not column.is_key):
        return None
    match column.kind:
        case Kind.CODES:
            return "; ".join(value)
        case Kind.YES_NO:
            return "yes" if value else "no"
        case Kind.NUMBER | Kind.SHARE if float(value).is_integer() and abs(value) < DIGITS_KEPT:
            return int(value)
    written: str | float | int | date = value
    return written


def show_cell(column: Column, value: Any) -> str:
    """The value as plain text for screens and messages, which `read_cell` reads back to the same value."""
    if value is None:
        return ""
    match column.kind:
        case Kind.CODES:
            return "; ".join(value)
        case Kind.YES_NO:
            return "yes" if value else "no"
        case Kind.DATE:
            return str(value.isoformat())
        case Kind.NUMBER | Kind.SHARE | Kind.WHOLE | Kind.PERIOD:
            return _number_text(value)
    return str(value)


def fallback(column: Column) -> Any:
    """What stands in for a cell that could not be read, so that the rest of its row can still be checked."""
    if column.default is not None or not column.is_required:
        return column.default
    if column.kind in (Kind.WHOLE, Kind.PERIOD):
        return 1
    return 1.0 if column.is_minimum_excluded else 0.0


def plain_text(raw: object) -> str:
    """A cell of any type as text: whole numbers without a point, days as 2027-03-31, yes or no."""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == datetime.min.time() else raw.isoformat(" ")
    if isinstance(raw, date):
        return raw.isoformat()
    return _number_text(raw) if isinstance(raw, int | float) else str(raw)


def is_blank(raw: object) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return raw is None or (isinstance(raw, str) and not raw.strip(BLANKS))


def parse_number(raw: object) -> float:
    """A finite number; as text with a decimal point or comma, blanks dropped. Raises CellError."""
    if isinstance(raw, bool | date):
        raise CellError(f"{_quoted(raw)} is not a number; write digits, such as 1250.5.")
    if isinstance(raw, int | float):
        try:
            number = float(raw)
        except OverflowError:
            number = math.inf
    else:
        text = str(raw).translate(_DROP_BLANKS).replace("\u2212", "-")
        if not _NUMBER.fullmatch(text):
            raise CellError(_why_no_number(raw, text))
        number = float(text.replace(",", "."))
    if not math.isfinite(number):
        raise CellError(f"{_quoted(raw)} is not a finite number; write digits, such as 1250.5.")
    return number


def parse_whole(raw: object) -> int:
    """A whole number; 7.0 is 7. Raises CellError."""
    number = parse_number(raw)
    if not number.is_integer():
        raise CellError(f"{_quoted(raw)} is not a whole number; write one without decimals, such as {round(number)}.")
    if abs(number) > LARGEST_WHOLE:
        raise CellError(f"{_quoted(raw)} is too large; write a whole number of at most 15 digits.")
    return int(number)


def parse_share(raw: object) -> float:
    """A share from 0 to 1; `25 %` is 0.25. Raises CellError."""
    text = str(raw).translate(_DROP_BLANKS)
    is_percent = isinstance(raw, str) and text.endswith("%")
    try:
        share = parse_number(text[:-1] if is_percent else raw)
    except CellError as error:
        if is_percent or "write digits" in str(error):
            raise CellError(f"{_quoted(raw)} is not a share; write a number from 0 to 1, or a percentage.") from error
        raise
    share = share / 100 if is_percent else share
    if not 0 <= share <= 1:
        hint = (
            f"for {_number_text(share)} percent write {_number_text(share)} %"
            if 1 < share <= 100 and not is_percent
            else "as in 25 %"
        )
        raise CellError(f"{_quoted(raw)} is not a share from 0 to 1; write 0.25 or 25 % ({hint}).")
    return share


def parse_yes_no(raw: object) -> bool:
    """yes, no, true, false, 1 or 0, in any letter case. Raises CellError."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    answer = _YES_NO.get(str(raw).strip(BLANKS).lower())
    if answer is None:
        raise CellError(f"{_quoted(raw)} is neither yes nor no; write yes or no.")
    return answer


def parse_period(raw: object, settings: Settings | None = None) -> int:
    """The number of a period: written from 1, as tables show it (`2027 Q3`), or as a date inside it.

    Names and dates need `settings`, dates its `start`. Raises CellError.
    """
    if settings is not None and (named := period_names(settings).get(plainly(plain_text(raw)))):
        return named
    day = raw if isinstance(raw, date) else _iso_date(str(raw))
    if day is not None:
        if settings is None or settings.start is None:
            raise CellError(
                f"{_quoted(raw)} is a date, but the scenario has no start date; write the number of the period, "
                "or give the sheet Scenario a start."
            )
        return period_of(day, settings)
    try:
        number = parse_whole(raw)
    except CellError as error:
        name = f"its name, such as {period_label(1, settings)}, " if settings is not None else ""
        raise CellError(
            f"{_quoted(raw)} is not a period; write {name}its number from 1, or a date inside it, such as 2027-03-31."
        ) from error
    if number < 1:
        raise CellError(f"{_quoted(raw)} is not a period; periods are numbered from 1.")
    return number


def parse_date(raw: object) -> date:
    """A day; as text in the form 2027-03-31. Raises CellError."""
    day = raw if isinstance(raw, date) else _iso_date(str(raw))
    if day is None:
        raise CellError(f"{_quoted(raw)} is not a date; write year, month and day, such as 2027-03-31.")
    return day.date() if isinstance(day, datetime) else day


def parse_code(raw: object) -> str:
    """A code of 1-40 characters, trimmed; a number cell is read without its decimal point. Raises CellError."""
    if isinstance(raw, bool | date):
        raise CellError(
            f"{_quoted(raw)} is not a code but what the spreadsheet program made of it; "
            "format the cell as text and write the code again."
        )
    if isinstance(raw, int | float) and not abs(raw) < DIGITS_KEPT:
        raise CellError(
            f"{_quoted(raw)} has more digits than a number cell keeps; format the cell as text and write it again."
        )
    code = plain_text(raw).strip(BLANKS)
    if not code:
        raise CellError(f"This code is empty; write 1 to {LONGEST_CODE} characters.")
    if len(code) > LONGEST_CODE:
        raise CellError(f"{_quoted(code)} has {len(code)} characters; write a code of at most {LONGEST_CODE}.")
    if re.search(r"[;:]", code) or len(code.splitlines()) > 1:
        raise CellError(f"{_quoted(code)} is not a code; write it without semicolon, colon and line break.")
    return code


def parse_codes(raw: object) -> tuple[str, ...]:
    """Codes separated by semicolons. Raises CellError."""
    parts = raw.split(";") if isinstance(raw, str) else [raw]
    return tuple(parse_code(part) for part in parts if not is_blank(part))


def period_start(number: int, settings: Settings) -> date:
    """First day of a period (1, 2, ...). Raises CellError without a start date or beyond the calendar's end."""
    if settings.start is None:
        raise CellError("The scenario has no start date; give the sheet Scenario a start, such as 2027-01-01.")
    months = settings.start.year * 12 + settings.start.month - 1 + (number - 1) * _months(settings)
    year, month = divmod(months, 12)
    if not date.min.year <= year <= date.max.year:
        raise CellError(f"Period {number} lies beyond the calendar; use fewer periods.")
    return date(year, month + 1, min(settings.start.day, calendar.monthrange(year, month + 1)[1]))


def period_of(day: date, settings: Settings) -> int:
    """The number of the period that a day lies in (past the plan's last one too). Raises CellError before the start."""
    if isinstance(day, datetime):
        day = day.date()
    start = period_start(1, settings)
    if day < start:
        raise CellError(f"{day} lies before the start of the scenario, {start}; write a later date.")
    number = ((day.year - start.year) * 12 + day.month - start.month) // _months(settings) + 1
    return number if period_start(number, settings) <= day else number - 1


def period_label(number: int, settings: Settings) -> str:
    """What people call a period: `2027 Q1`, `2027-03`, `2027`; `Feb 2027 - Apr 2027` for other quarters."""
    try:
        first, following = period_start(number, settings), period_start(number + 1, settings)
    except CellError:
        return f"Period {number}"
    if first.day != 1:
        return f"{first} - {date.fromordinal(following.toordinal() - 1)}"
    months = _months(settings)
    if months == 1:
        return f"{first:%Y-%m}"
    if (first.month - 1) % months == 0:
        return f"{first.year}" if months == 12 else f"{first.year} Q{(first.month - 1) // months + 1}"
    last = date.fromordinal(following.toordinal() - 1)
    names = calendar.month_abbr
    return f"{names[first.month]} {first.year} - {names[last.month]} {last.year}"


@lru_cache(maxsize=8)
def period_names(settings: Settings) -> Mapping[str, int]:
    """The number of each period of the plan by its name."""
    return {
        plainly(period_label(number, settings)): number for number in range(1, min(settings.periods, MOST_PERIODS) + 1)
    }


def plainly(text: str) -> str:
    """Text for comparing: small letters, with one blank between words."""
    return " ".join(text.lower().split())


def _months(settings: Settings) -> int:
    return PERIOD_LENGTHS.get(settings.period, PERIOD_LENGTHS["quarter"])


def _parse_choice(raw: object, choices: tuple[str, ...]) -> str:
    choice = plain_text(raw).strip(BLANKS).lower()
    if choice not in choices:
        raise CellError(f"{_quoted(raw)} is not known here; write {_one_of(choices)}.")
    return choice


def _one_of(choices: tuple[str, ...]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}"


def _iso_date(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text.strip(BLANKS)) if "-" in text else None
    except ValueError:
        return None


def _number_text(number: float) -> str:
    """The shortest text that reads back as the same number, without a needless `.0`."""
    if isinstance(number, float) and number.is_integer() and abs(number) < DIGITS_KEPT:
        return str(int(number))
    return str(number)


def _quoted(raw: object) -> str:
    text = plain_text(raw)
    return f"'{text if len(text) <= 60 else text[:57] + '...'}'"


def _why_no_number(raw: object, text: str) -> str:
    if _GROUPED.fullmatch(text):
        signs = re.sub(r"[^.,]", "", text)
        # 1.234.567 has thousands separators alone; of 1.234,5 the last sign is the decimal one.
        whole, decimals = (text, "") if len(set(signs)) == 1 else text.rsplit(signs[-1], 1)
        plain = re.sub(r"[.,]", "", whole) + (f".{decimals}" if decimals else "")
        return f"{_quoted(raw)} has more than one decimal sign; write {plain}, without thousands separators."
    if text.endswith("%"):
        return f"{_quoted(raw)} is a percentage, but a plain number is needed here; write digits, such as 1250.5."
    return f"{_quoted(raw)} is not a number; write digits alone, such as 1250.5."


def _wanted(column: Column) -> str:
    match column.kind:
        case Kind.CODE:
            return f"a code of the sheet {column.refers_to.capitalize()}" if column.refers_to else "a code"
        case Kind.CHOICE:
            return _one_of(column.choices)
        case Kind.NUMBER | Kind.WHOLE | Kind.PERIOD:
            return "a number"
    return "a value"
