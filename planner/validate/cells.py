"""Single cells: what must not be empty, how codes and texts look, choices, ranges and periods."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from operator import attrgetter
from typing import Any

from planner.cells import CellError, parse_code
from planner.problems import Problem
from planner.scenario import Scenario, Table
from planner.validate.findings import error, quoted
from planner.validate.readable import NUMBER_KINDS, rows_of
from resources.columns import Column, Kind

LONGEST_TEXT = 32_767  # what a workbook cell holds

_PLAIN_CODE = re.compile(r"[\w.,+/()\-]{1,40}")  # most codes; the others are looked at one by one
_UNSTORABLE = re.compile("[\ud800-\udfff]")  # halves of a character, which no file can hold


def check_required_cells(scenario: Scenario) -> Iterator[Problem]:
    """No required cell is empty."""
    for table, column, values in _columns_of_kind(scenario, Kind.CODE, Kind.CHOICE):
        if column.is_required and "" in values:
            for index in _indexes(values, ""):
                if column.choices:
                    wanted = " or ".join(column.choices)
                elif column.refers_to:
                    wanted = f"a code of the sheet {column.refers_to.capitalize()}"
                else:
                    wanted = "a code"
                yield error(
                    "cell_empty", table.sheet, index, column.name, f"The cell {column.name} is empty; write {wanted}."
                )


def check_currency_of_scenario(scenario: Scenario) -> Iterator[Problem]:
    """The scenario has a currency."""
    if not scenario.settings.currency:
        yield error("cell_empty", "Scenario", 0, "currency", "The scenario has no currency; write one, such as USD.")


def check_code_form(scenario: Scenario) -> Iterator[Problem]:
    """Codes have 1-40 characters without semicolon, colon, line break and outer blanks."""
    for table, column, values in _columns_of_kind(scenario, Kind.CODE):
        wrong = {code: why for code in set(values) if code and (why := _why_no_code(code))}
        for index in _indexes(values, *wrong) if wrong else ():
            yield error("code_form", table.sheet, index, column.name, wrong[values[index]])
    for table, column, values in _columns_of_kind(scenario, Kind.CODES):
        for index, codes in enumerate(values):
            for code in codes:
                if why := _why_no_code(code):
                    yield error("code_form", table.sheet, index, column.name, why)


def check_text_form(scenario: Scenario) -> Iterator[Problem]:
    """Texts hold nothing that a file cannot keep: no half characters, and no more than a workbook cell takes."""
    for table, column, values in _columns_of_kind(scenario, Kind.TEXT, Kind.CODE, Kind.CODES):
        texts = [";".join(codes) for codes in values] if column.kind is Kind.CODES else values
        if _UNSTORABLE.search("\n".join(texts)):
            for index, text in enumerate(texts):
                if _UNSTORABLE.search(text):
                    message = f"{quoted(text)} holds a character that cannot be stored; type it again."
                    yield error("text_form", table.sheet, index, column.name, message)
        if max(map(len, texts), default=0) > LONGEST_TEXT:
            for index, text in enumerate(texts):
                if len(text) > LONGEST_TEXT:
                    message = f"This text has {len(text):,} characters; write at most {LONGEST_TEXT:,}."
                    yield error("text_form", table.sheet, index, column.name, message)


def check_choices(scenario: Scenario) -> Iterator[Problem]:
    """A cell with a list of words to choose from holds one of them."""
    for table, column, values in _columns_of_kind(scenario, Kind.CHOICE):
        allowed = set(column.choices) | {""}  # what is empty and must not be is found elsewhere
        if column.default:
            allowed.discard("")
        if wrong := set(values) - allowed:
            for index in _indexes(values, *wrong):
                near = get_close_matches(values[index].casefold()[:40], column.choices, n=1)
                hint = f"did you mean {near[0]}? Otherwise write" if near else "write"
                message = f"{quoted(values[index])} is not known in {column.name}; {hint} {_either(column.choices)}."
                yield error("choice", table.sheet, index, column.name, message)


def check_number_ranges(scenario: Scenario) -> Iterator[Problem]:
    """Numbers lie inside the limits of their column: shares 0-1, severity 1-5, no negative quantities."""
    for table, column, values in _columns_of_kind(scenario, *NUMBER_KINDS):
        low, high = column.minimum, column.maximum
        numbers = [value for value in values if value is not None]
        if column.kind is Kind.PERIOD or not numbers:
            continue
        is_low = low is not None and (min(numbers) <= low if column.is_minimum_excluded else min(numbers) < low)
        if not is_low and (high is None or max(numbers) <= high):
            continue
        for index, value in enumerate(values):
            if value is not None and not _is_inside(column, value):
                message = f"{column.name} is {value:.15g}; write {_limits(column)}."
                yield error("number_range", table.sheet, index, column.name, message)


def check_period_ranges(scenario: Scenario) -> Iterator[Problem]:
    """Periods exist: 1 to the scenario's number of periods."""
    last = scenario.settings.periods
    if last < 1:
        return  # that is the one thing to correct
    for table, column, values in _columns_of_kind(scenario, Kind.PERIOD):
        outside = {period for period in set(values) if period is not None and not 1 <= period <= last}
        for index in _indexes(values, *outside) if outside else ():
            allowed = f"a period from 1 to {last}" if last > 1 else "1"
            message = (
                f"{column.name} is {values[index]}, but the scenario has {last} period{'s' * (last != 1)}; "
                f"write {allowed}, or change periods in the sheet Scenario."
            )
            yield error("period_range", table.sheet, index, column.name, message)


def check_period_order(scenario: Scenario) -> Iterator[Problem]:
    """A pledge's window does not end before it begins."""
    for index, pledge in enumerate(scenario.pledges):
        first, last = pledge.from_period or 1, pledge.to_period or scenario.settings.periods
        if pledge.to_period is not None and first > last:
            message = f"The window runs from period {first} to period {last}; write a to_period of {first} or later."
            yield error("period_order", "Pledges", index, "to_period", message)


def _columns_of_kind(scenario: Scenario, *kinds: Kind) -> Iterator[tuple[Table, Column, list[Any]]]:
    for table, rows in rows_of(scenario):
        for column in table.columns:
            if column.kind in kinds and rows:
                yield table, column, list(map(attrgetter(column.name), rows))


def _indexes(values: list[Any], *wanted: Any) -> list[int]:
    sought = set(wanted)
    return [index for index, value in enumerate(values) if value in sought]


def _why_no_code(code: str) -> str | None:
    if _PLAIN_CODE.fullmatch(code):
        return None
    try:
        trimmed = parse_code(code)
    except CellError as problem:
        return str(problem)
    return None if trimmed == code else f"{quoted(code)} has blanks around it; write {quoted(trimmed)}."


def _is_inside(column: Column, value: float) -> bool:
    low, high = column.minimum, column.maximum
    if low is not None and (value <= low if column.is_minimum_excluded else value < low):
        return False
    return high is None or value <= high


def _limits(column: Column) -> str:
    if column.kind is Kind.SHARE:
        return "a share from 0 to 1, such as 0.25 or 25 %"
    what = "a whole number" if column.kind is Kind.WHOLE else "a number"
    low = f"{column.minimum:.15g}"
    if column.maximum is not None:
        return f"{what} from {low} to {column.maximum:.15g}"
    return f"{what} above {low}" if column.is_minimum_excluded else f"{what} of {low} or more"


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
