"""Rows of a scenario as rows of SQL tables and back.

Reading trusts nothing: every value is checked for its type, a column at a time. Whether the values make sense (codes
that exist, shares up to 1) is for the checks of the scenario, which tell a person where to put it right.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from planner.scenario import TABLES, Settings, Table
from resources.columns import Column, Kind

STORED_TABLES: tuple[Table, ...] = (Table("Scenario", "settings", Settings), *TABLES)  # settings: a table of one row

EXTRA = "extra"  # beside the columns: cells of columns that Concord does not know
Extra = tuple[tuple[str, str], ...]

_STORED_TYPES: dict[Kind, type] = {
    Kind.NUMBER: float,
    Kind.SHARE: float,
    Kind.WHOLE: int,
    Kind.PERIOD: int,
    Kind.YES_NO: int,
}


class DamagedContent(Exception):
    """A value in the file that Concord cannot have written."""


def names_of(table: Table) -> tuple[str, ...]:
    """The SQL columns of a table beside `position`, in the order of `to_sql` and `from_sql`."""
    return ("id", *(column.name for column in table.columns), EXTRA)


def to_sql(table: Table, rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows as tuples of SQL values, each with its position first. Raises ValueError where an id stands twice."""
    if len({row.id for row in rows}) < len(rows):
        raise ValueError(f"{table.name}: two rows have one id")
    columns: list[Iterable[Any]] = [range(len(rows)), [row.id for row in rows]]
    for name in names_of(table)[1:]:
        columns.append(column_to_sql(table, name, [getattr(row, name) for row in rows]))
    return list(zip(*columns, strict=True))


def column_to_sql(table: Table, name: str, values: Sequence[Any]) -> Sequence[Any]:
    """The values of one column, "extra" too, as SQL values."""
    write = _write_list if name == EXTRA else _WRITERS.get(_column(table, name).kind)
    return _each(values, write) if write is not None else values


def from_sql(table: Table, stored: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The rows that `to_sql` wrote, without their position. Raises DamagedContent."""
    if not stored:
        return ()
    ids, *cells = zip(*stored, strict=True)
    _check_types(f"{table.name}.id", ids, {str})
    if len(set(ids)) < len(ids):
        raise DamagedContent(f"{table.name}: two rows have one id")
    values = [column_from_sql(table, name, stored) for name, stored in zip(names_of(table)[1:], cells, strict=True)]
    return _built(table, (ids, *values))


def column_from_sql(table: Table, name: str, stored: Sequence[Any]) -> Sequence[Any]:
    """The values that `column_to_sql` wrote. Raises DamagedContent."""
    if name == EXTRA:
        _check_types(f"{table.name}.{name}", stored, {str})
        return _each(stored, _read_extra)
    column = _column(table, name)
    allowed = {_STORED_TYPES.get(column.kind, str)} | ({type(None)} if column.is_optional else set())
    _check_types(f"{table.name}.{name}", stored, allowed)
    return _each(stored, _READERS[column.kind]) if column.kind in _READERS else stored


def _column(table: Table, name: str) -> Column:
    return next(column for column in table.columns if column.name == name)


def _built(table: Table, columns: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    """Rows of these columns, in the order of `names_of`.

    A column is put into all rows at once: a fifth of the time of calling the class for each of 100,000 rows.
    """
    row_class = table.row_class
    built = tuple(object.__new__(row_class) for _ in columns[0])
    for name, values in zip(names_of(table), columns, strict=True):
        deque(map(getattr(row_class, name).__set__, built, values), maxlen=0)
    return built


def _check_types(what: str, values: Sequence[Any], allowed: set[type]) -> None:
    if wrong := set(map(type, values)) - allowed:
        raise DamagedContent(f"{what}: holds {min(kind.__name__ for kind in wrong)}")


def _each(values: Sequence[Any], convert: Callable[[Any], Any]) -> list[Any]:
    """Convert every value, equal ones only once: columns repeat a few values many times."""
    return list(map(cache(convert), values))


def _write_yes_no(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _write_date(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _write_list(values: Sequence[Any]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _read_yes_no(stored: int | None) -> bool | None:
    if stored not in (None, 0, 1):
        raise DamagedContent(f"{stored} for yes or no")
    return None if stored is None else bool(stored)


def _read_date(stored: str | None) -> date | None:
    try:
        return None if stored is None else date.fromisoformat(stored)
    except ValueError as error:
        raise DamagedContent(f"{stored!r} for a date") from error


def read_codes(stored: str) -> tuple[str, ...]:
    """A list of texts. Raises DamagedContent."""
    codes = _parse_list(stored)
    if any(type(code) is not str for code in codes):
        raise DamagedContent(f"{stored[:40]!r} for a list of codes")
    return tuple(codes)


def _read_extra(stored: str) -> Extra:
    pairs = _parse_list(stored)
    if any(type(pair) is not list or [type(text) for text in pair] != [str, str] for pair in pairs):
        raise DamagedContent(f"{stored[:40]!r} for cells of other columns")
    return tuple((column, text) for column, text in pairs)


def _parse_list(stored: str) -> list[Any]:
    try:
        parsed = json.loads(stored)
    except (ValueError, RecursionError) as error:
        raise DamagedContent(f"{stored[:40]!r} for a list") from error
    if type(parsed) is not list:
        raise DamagedContent(f"{stored[:40]!r} for a list")
    return parsed


_WRITERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.YES_NO: _write_yes_no,
    Kind.DATE: _write_date,
    Kind.CODES: _write_list,
}
_READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.YES_NO: _read_yes_no,
    Kind.DATE: _read_date,
    Kind.CODES: read_codes,
}
