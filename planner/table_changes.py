"""Where two versions of a scenario differ, for views and journals that follow an edit."""

from dataclasses import dataclass
from itertools import compress, count
from operator import is_not
from typing import Any

from planner.scenario import TABLES, Scenario


@dataclass(frozen=True, slots=True)
class TableChange:
    """In a table, `removed` rows from index `first` on gave way to `inserted` new ones; equal numbers: edited rows.

    `table` is the attribute of Scenario; "settings" counts as a table of one row.
    """

    table: str
    first: int
    removed: int
    inserted: int


def table_changes(before: Scenario, after: Scenario) -> tuple[TableChange, ...]:
    """Where two scenarios differ, one span of rows per table, found by the row objects."""
    changes = []
    if before.settings is not after.settings:
        changes.append(TableChange("settings", 0, 1, 1))
    for table in TABLES:
        old, new = before.rows(table), after.rows(table)
        if old is not new:
            first = _common(old, new)
            tail = _common(old[::-1], new[::-1])  # does not reach into the head: no row stands twice in a table
            if len(old) - tail > first or len(new) - tail > first:
                changes.append(TableChange(table.name, first, len(old) - tail - first, len(new) - tail - first))
    return tuple(changes)


def _common(old: tuple[Any, ...], new: tuple[Any, ...]) -> int:
    """How many rows both start with."""
    return next(compress(count(), map(is_not, old, new)), min(len(old), len(new)))


def is_same(one: Scenario, other: Scenario) -> bool:
    """Whether everything is equal, the identities of rows too. Quick where most rows are the same objects."""
    return one == other and all(
        rows is others or [row.id for row in rows] == [row.id for row in others]
        for (_, rows), (_, others) in zip(one.tables(), other.tables(), strict=True)
    )
