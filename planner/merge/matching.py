"""Which rows of two versions are one and the same: by id, and where ids are not shared, by key or content.

Workbooks carry no ids, and a row that was deleted and typed again has a new one.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import replace
from typing import Any

from planner.scenario import TABLES, Scenario, Table


def with_ids_of(reference: Scenario, version: Scenario) -> Scenario:
    """The version with each row that the reference knows under another id renamed to that id; content is untouched."""
    changed: dict[str, Any] = {"settings": replace(version.settings, id=reference.settings.id)}
    for table in TABLES:
        rows = _matched(table, reference.rows(table), version.rows(table))
        if rows is not version.rows(table):
            changed[table.name] = rows
    return replace(version, **changed)


def _matched(table: Table, known: tuple[Any, ...], rows: tuple[Any, ...]) -> tuple[Any, ...]:
    if known is rows:
        return rows
    ids = {row.id for row in known}
    own = {row.id for row in rows}
    strangers = [row for row in rows if row.id not in ids]
    free = [row for row in known if row.id not in own]
    if not strangers or not free:
        return rows
    new_ids = dict(_pairs(table, free, strangers))
    return tuple(replace(row, id=new_ids[row.id]) if row.id in new_ids else row for row in rows)


def _pairs(table: Table, free: Iterable[Any], strangers: Collection[Any]) -> Iterable[tuple[str, str]]:
    """(id in the version, id in the reference) of rows with one key; of tables without keys, of equal rows."""
    waiting: dict[Hashable, list[str]] = defaultdict(list)
    for row in free:
        waiting[_name(table, row)].append(row.id)
    for ids in waiting.values():
        ids.reverse()  # taken from the end: the first of equal rows goes first
    for row in strangers:
        same = waiting.get(_name(table, row))
        if same:
            yield row.id, same.pop()


def _name(table: Table, row: Any) -> Hashable:
    columns = table.key_columns or table.columns
    return tuple(getattr(row, column.name) for column in columns)
