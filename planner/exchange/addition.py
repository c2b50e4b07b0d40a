"""Add the rows of one scenario to another, row by row: a new key is a new row, a known key updates its row."""

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from planner.scenario import TABLE_BY_SHEET, TABLES, Scenario, Settings, Table
from resources.columns import columns_of

GivenColumns = Callable[[str, Any], Collection[str]]
"""Which columns of a row its source gives: (sheet, row) -> column names. The other columns are left as they are."""

_KEYS = {"baseline": ("pledge", "initiative", "region", "period")}  # its resource is the pledge's, written or not


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of one sheet."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        return f"{self.added} added, {self.updated} updated, {self.unchanged} unchanged"


def filled_columns(sheet: str, row: Any) -> Collection[str]:
    """The columns in which a row says something: for sources that leave the others open."""
    columns = columns_of(Settings) if sheet == "Scenario" else TABLE_BY_SHEET[sheet].columns
    return [column.name for column in columns if getattr(row, column.name) != column.default]


def add_scenario(
    base: Scenario, addition: Scenario, given: GivenColumns = filled_columns, *, with_settings: bool = True
) -> tuple[Scenario, Mapping[str, Counts]]:
    """`base` with the rows of `addition`, and what became of them by sheet. Rows of `base` keep their ids.

    Rows without a key (vetoes) are added unless an equal one is there. Nothing is ever removed.
    """
    counts: dict[str, Counts] = {}
    tables: dict[str, Any] = {}
    for table in TABLES:
        rows = addition.rows(table)
        if rows:
            tables[table.name], counts[table.sheet] = _add_rows(table, base.rows(table), rows, given)
    settings = base.settings
    if with_settings:
        names = given("Scenario", addition.settings)
        settings = _updated(base.settings, addition.settings, names)
        changed = sum(getattr(settings, name) != getattr(base.settings, name) for name in names)
        if names:
            counts = {"Scenario": Counts(updated=changed, unchanged=len(names) - changed)} | counts
    return dataclasses.replace(base, settings=settings, **tables), counts


def changed_settings(before: Settings, after: Settings) -> tuple[tuple[str, Any, Any], ...]:
    """Every figure of the scenario itself that differs: name, before, after."""
    return tuple(
        (column.name, getattr(before, column.name), getattr(after, column.name))
        for column in columns_of(Settings)
        if getattr(before, column.name) != getattr(after, column.name)
    )


def key_of(table: Table, row: Any) -> tuple[Any, ...]:
    """What makes two rows of a table the same row; all columns where the table has no key."""
    key: tuple[Any, ...] = _key_reader(table)(row)
    return key


def _key_reader(table: Table) -> Callable[[Any], Any]:
    """Reads the key of the rows of a table."""
    names = _KEYS.get(table.name) or [column.name for column in table.key_columns or table.columns]
    read = attrgetter(*names)
    return read if len(names) > 1 else lambda row: (read(row),)


def _add_rows(
    table: Table, rows: Sequence[Any], new: Sequence[Any], given: GivenColumns
) -> tuple[tuple[Any, ...], Counts]:
    result = list(rows)
    read_key = _key_reader(table)
    index_of = {read_key(row): index for index, row in enumerate(result)}
    added = updated = unchanged = 0
    for row in new:
        key = read_key(row)
        index = index_of.get(key)
        if index is None:
            index_of[key] = len(result)
            result.append(row)
            added += 1
            continue
        changed = _updated(result[index], row, given(table.sheet, row))
        unchanged += changed == result[index]
        updated += changed != result[index]
        result[index] = changed
    return tuple(result), Counts(added, updated, unchanged)


def _updated(row: Any, new: Any, names: Collection[str]) -> Any:
    extra = tuple(sorted((dict(row.extra) | dict(new.extra)).items()))
    return dataclasses.replace(row, **{name: getattr(new, name) for name in names}, extra=extra)
