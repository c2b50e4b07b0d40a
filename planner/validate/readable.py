"""Cells that hold no value of their column's kind: found first, and replaced so that every other check can read on.

A file from a stranger or a paste may hold anything: nothing, text for a number, infinity, a date where a code belongs.
"""

import dataclasses
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from planner.cells import fallback
from planner.problems import Problem
from planner.scenario import TABLES, Scenario, Settings, Table
from planner.validate.findings import error, quoted
from resources.columns import Column, Kind

SETTINGS_TABLE = Table("Scenario", "settings", Settings)
TOO_LARGE = 1e15

_TYPES: dict[Kind, frozenset[type]] = {
    Kind.TEXT: frozenset({str}),
    Kind.CODE: frozenset({str}),
    Kind.CODES: frozenset({tuple}),
    Kind.NUMBER: frozenset({float, int}),
    Kind.WHOLE: frozenset({int}),
    Kind.SHARE: frozenset({float, int}),
    Kind.YES_NO: frozenset({bool}),
    Kind.PERIOD: frozenset({int}),
    Kind.DATE: frozenset({date}),
    Kind.CHOICE: frozenset({str}),
}
_WANTED = {
    Kind.TEXT: "text",
    Kind.CODE: "a code of 1 to 40 characters",
    Kind.CODES: "codes separated by semicolons",
    Kind.NUMBER: "a number such as 1250.5",
    Kind.WHOLE: "a whole number such as 4",
    Kind.SHARE: "a share from 0 to 1, such as 0.25 or 25 %",
    Kind.YES_NO: "yes or no",
    Kind.PERIOD: "the number of a period, from 1",
    Kind.DATE: "a date such as 2027-01-01",
    Kind.CHOICE: "one of the words offered",
}
NUMBER_KINDS = frozenset({Kind.NUMBER, Kind.WHOLE, Kind.SHARE, Kind.PERIOD})


@dataclass(frozen=True, slots=True)
class _Flaw:
    """One thing that cannot be read, and what stands in for it. Without a column the whole row is replaced."""

    problem: Problem
    table: Table
    row: int
    column: Column | None
    replacement: Any


def check_cell_values(scenario: Scenario) -> Iterator[Problem]:
    """Every cell holds a value of its column's kind: no text for a number, nothing infinite, nothing too large."""
    for flaw in _flaws(scenario):
        yield flaw.problem


def readable(scenario: Scenario) -> Scenario:
    """The scenario with every unreadable cell replaced by a harmless value; rows keep their places."""
    changes: dict[str, Any] = {}
    for table in (SETTINGS_TABLE, *TABLES):
        rows = getattr(scenario, table.name)
        if not isinstance(rows, Settings if table is SETTINGS_TABLE else tuple):
            changes[table.name] = _sound_row(Settings) if table is SETTINGS_TABLE else ()
    by_table: dict[str, list[_Flaw]] = {}
    for flaw in _flaws(scenario):
        by_table.setdefault(flaw.table.name, []).append(flaw)
    for name, flaws in by_table.items():
        rows = [*_rows(scenario, flaws[0].table)]
        for flaw in flaws:
            column = flaw.column
            if flaw.row >= 0:
                row = rows[flaw.row]
                rows[flaw.row] = (
                    dataclasses.replace(row, **{column.name: flaw.replacement}) if column else flaw.replacement
                )
        changes[name] = rows[0] if name == SETTINGS_TABLE.name else tuple(rows)
    return dataclasses.replace(scenario, **changes) if changes else scenario


def rows_of(scenario: Scenario) -> Iterator[tuple[Table, tuple[Any, ...]]]:
    """Every table with its rows, the settings first as a table of one row."""
    yield SETTINGS_TABLE, (scenario.settings,)
    yield from scenario.tables()


def _rows(scenario: Scenario, table: Table) -> Iterable[Any]:
    rows: Any = getattr(scenario, table.name)
    if table is SETTINGS_TABLE:
        return (rows,)
    return rows if isinstance(rows, tuple) else ()


def _flaws(scenario: Scenario) -> Iterator[_Flaw]:
    for table in (SETTINGS_TABLE, *TABLES):
        whole: Any = getattr(scenario, table.name)
        if table is not SETTINGS_TABLE and not isinstance(whole, tuple):
            problem = error("table_unreadable", table.sheet, None, "", f"The table {table.sheet} cannot be read.")
            yield _Flaw(problem, table, -1, None, None)
            continue
        rows = [*_rows(scenario, table)]
        if not set(map(type, rows)) <= {table.row_class}:
            for index, row in enumerate(rows):
                if type(row) is not table.row_class:
                    rows[index] = _sound_row(table.row_class)
                    yield _Flaw(
                        error("row_unreadable", table.sheet, index, "", "This row cannot be read; type it again."),
                        table, index, None, rows[index],
                    )  # fmt: skip
        for column in table.columns:
            yield from _column_flaws(table, column, list(map(attrgetter(column.name), rows)))


def _column_flaws(table: Table, column: Column, values: list[Any]) -> Iterator[_Flaw]:
    may_be_empty = column.default is None and not column.is_required
    types = _TYPES[column.kind] | ({type(None)} if may_be_empty else frozenset())
    if set(map(type, values)) <= types and _is_sound(column, values):
        return  # the ordinary case, without a look at single rows
    for index, value in enumerate(values):
        message = _what_is_wrong(column, value, types)
        if message:
            code, text = message
            problem = error(code, table.sheet, index, column.name, text)
            yield _Flaw(problem, table, index, column, _stand_in(table, column))


def _is_sound(column: Column, values: list[Any]) -> bool:
    """Whether a column of the right types holds finite numbers, or tuples of text alone."""
    if column.kind in NUMBER_KINDS:
        return all(map(TOO_LARGE.__gt__, [abs(value) for value in values if value is not None]))
    if column.kind is Kind.CODES:
        return all(type(code) is str for codes in values if codes for code in codes)
    return True


def _what_is_wrong(column: Column, value: Any, types: frozenset[type]) -> tuple[str, str] | None:
    wanted = f"write {' or '.join(column.choices) if column.choices else _WANTED[column.kind]}"
    if type(value) not in types:
        if value is None:
            return "cell_empty", f"The cell {column.name} is empty; {wanted}."
        return "cell_unreadable", f"{quoted(value)} cannot stand in {column.name}; {wanted}."
    if column.kind is Kind.CODES and not all(type(code) is str for code in value):
        return "cell_unreadable", f"{quoted(value)} cannot stand in {column.name}; {wanted}."
    if column.kind in NUMBER_KINDS and value is not None and not abs(value) < TOO_LARGE:
        if isinstance(value, float) and not math.isfinite(value):
            return "number_not_finite", f"{column.name} is {quoted(value)}, which is no finite number; {wanted}."
        return "number_too_large", (
            f"{column.name} is {quoted(value)}, which is too large to be meant; write a number below "
            "1,000,000,000,000,000 (1e15), in a larger unit if need be."
        )
    return None


def _stand_in(table: Table, column: Column) -> Any:
    if table is SETTINGS_TABLE and column.name == "periods":
        return int(column.maximum or 1)  # so that no sound period is called too late
    return fallback(column)


def _sound_row(row_class: type[Any]) -> Any:
    columns = Table("", "", row_class).columns
    return row_class(**{column.name: fallback(column) for column in columns})
