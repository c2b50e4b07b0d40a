"""What changed from one save to the next, compact and for both ways: forward to the later one, and back.

JSON, deflated. For each table that changed, SQL values as in the scenario file:
"removed", "added": {"at": [place in the older, in the newer table], "columns": {name: [value, ...]}};
"order": of the rows in both, for each place in the newer table its place in the older one; absent where none moved;
"cells": {column: [[place], [older value], [newer value]]}, places counted among the rows in both, in the newer order.
"""

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from planner.scenario import Scenario, Table
from planner.store.rows import (
    STORED_TABLES,
    DamagedContent,
    column_from_sql,
    column_to_sql,
    from_sql,
    names_of,
)
from resources.columns import Kind

LARGEST = 1 << 26  # bytes, unpacked: more than twice a paste of 100,000 rows
MOST_LISTS = 10_000  # several for each column of each table; a byte of a list that should not be there takes twenty
LEVEL = 1  # of deflating: higher ones take three times as long for a tenth less

_TEXTS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')

Rows = tuple[Any, ...]


def pack(before: Scenario, after: Scenario) -> bytes:
    """Everything in which two scenarios differ; empty where they do not."""
    changed = {}
    for table in STORED_TABLES:
        if found := _difference(table, _rows_of(before, table), _rows_of(after, table)):
            changed[table.name] = found
    if not changed:
        return b""
    return zlib.compress(json.dumps(changed, ensure_ascii=False, separators=(",", ":")).encode(), LEVEL)


def go_forward(before: Scenario, packed: bytes) -> Scenario:
    """The later scenario. Raises DamagedContent where the changes do not lead on from this one."""
    return _stepped(before, packed, _forward)


def go_back(after: Scenario, packed: bytes) -> Scenario:
    """The earlier scenario. Raises DamagedContent where the changes do not lead to this one."""
    return _stepped(after, packed, _back)


def _rows_of(scenario: Scenario, table: Table) -> Rows:
    return (scenario.settings,) if table.name == "settings" else scenario.rows(table)


def _stepped(scenario: Scenario, packed: bytes, step: Any) -> Scenario:
    if not packed:
        return scenario
    fresh: dict[str, Any] = {}
    try:
        unpacked = zlib.decompressobj()
        text = unpacked.decompress(packed, LARGEST)
        if not unpacked.eof:
            raise DamagedContent("changes that do not end")
        _refuse_lists(text)
        changed = json.loads(text)
        for table in STORED_TABLES:
            if table.name in changed:
                rows = step(table, _rows_of(scenario, table), changed[table.name])
                fresh[table.name] = rows[0] if table.name == "settings" else rows
    except (zlib.error, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise DamagedContent("changes that cannot be read") from error
    return replace(scenario, **fresh)


def _refuse_lists(text: bytes) -> None:
    """Raise DamagedContent for many more lists than changes have: they would take all memory before they are read."""
    if _lists_in(text) > MOST_LISTS and _lists_in(_TEXTS.sub(b"", text)) > MOST_LISTS:
        raise DamagedContent("lists that no changes have")


def _lists_in(text: bytes) -> int:
    return text.count(b"[") + text.count(b"{")


# -- packing


def _difference(table: Table, old: Rows, new: Rows) -> dict[str, Any]:
    if old is new:
        return {}
    found: dict[str, Any] = {}
    places = {row.id: place for place, row in enumerate(old)}
    known = {row.id for row in new}
    for name, rows, others in (("removed", old, known), ("added", new, places)):
        at = [place for place, row in enumerate(rows) if row.id not in others]
        if at:
            found[name] = {"at": at, "columns": _columns(table, [rows[place] for place in at])}
    kept = [row for row in new if row.id in places]
    before = [place for place, row in enumerate(old) if row.id in known]
    order = [places[row.id] for row in kept]
    if order != before:
        rank = {place: at for at, place in enumerate(before)}
        found["order"] = [rank[place] for place in order]
    if cells := dict(_cells(table, [old[place] for place in order], kept)):
        found["cells"] = cells
    return found


def _columns(table: Table, rows: Sequence[Any]) -> dict[str, Any]:
    columns = {name: _to_sql(table, name, [getattr(row, name) for row in rows]) for name in names_of(table)[1:]}
    return {"id": [row.id for row in rows], **columns}


def _cells(table: Table, old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """The columns with cells that differ between the same rows in two states."""
    touched = [place for place, (one, other) in enumerate(zip(old, new, strict=True)) if one is not other]
    for name in names_of(table)[1:] if touched else ():
        value = attrgetter(name)
        at = [place for place in touched if value(old[place]) != value(new[place])]
        if at:
            yield name, [at, *(_to_sql(table, name, [value(rows[place]) for place in at]) for rows in (old, new))]


def _to_sql(table: Table, name: str, values: Sequence[Any]) -> Sequence[Any]:
    kinds = {column.name: column.kind for column in table.columns}
    if kinds.get(name) in (Kind.NUMBER, Kind.SHARE):  # whole ones too, as a column of the file makes them
        return [None if value is None else float(value) for value in values]
    return column_to_sql(table, name, values)


# -- unpacking


def _forward(table: Table, rows: Rows, change: Mapping[str, Any]) -> Rows:
    kept = _without(table, rows, change.get("removed"))
    if order := change.get("order"):
        _check_order(order, kept)
        kept = [kept[place] for place in order]
    return _with(table, _rewritten(table, kept, change, is_back=False), change.get("added"))


def _back(table: Table, rows: Rows, change: Mapping[str, Any]) -> Rows:
    kept = _rewritten(table, _without(table, rows, change.get("added")), change, is_back=True)
    if order := change.get("order"):
        _check_order(order, kept)
        ranked: list[Any] = [None] * len(kept)
        for place, row in zip(order, kept, strict=True):
            ranked[place] = row
        kept = ranked
    return _with(table, kept, change.get("removed"))


def _check_order(order: Sequence[int], rows: Sequence[Any]) -> None:
    if sorted(order) != list(range(len(rows))):
        raise DamagedContent("an order of other rows")


def _without(table: Table, rows: Rows, gone: Mapping[str, Any] | None) -> list[Any]:
    """The rows but those of `gone`, which have to be what they were."""
    if gone is None:
        return list(rows)
    at = set(gone["at"])
    if [rows[place] for place in sorted(at)] != list(_read(table, gone)):
        raise DamagedContent("other rows than were changed")
    return [row for place, row in enumerate(rows) if place not in at]


def _with(table: Table, rows: Sequence[Any], fresh: Mapping[str, Any] | None) -> Rows:
    """The rows and those of `fresh`, in their places."""
    if fresh is None:
        return tuple(rows)
    placed = dict(zip(fresh["at"], _read(table, fresh), strict=True))
    others = iter(rows)
    whole = range(len(rows) + len(placed))
    if not placed.keys() <= set(whole):
        raise DamagedContent("rows beyond the end")
    return tuple(placed[place] if place in placed else next(others) for place in whole)


def _read(table: Table, packed: Mapping[str, Any]) -> Rows:
    columns = [packed["columns"][name] for name in names_of(table)]
    return from_sql(table, list(zip(*columns, strict=True)))


def _rewritten(table: Table, rows: list[Any], change: Mapping[str, Any], *, is_back: bool) -> list[Any]:
    """The rows with their cells as they were, or became."""
    values: dict[int, dict[str, Any]] = defaultdict(dict)
    for name, (at, old, new) in change.get("cells", {}).items():
        if name not in names_of(table)[1:]:
            raise DamagedContent(f"{table.name} has no column {name}")
        present, wanted = (column_from_sql(table, name, stored) for stored in ((new, old) if is_back else (old, new)))
        for place, found, value in zip(at, present, wanted, strict=True):
            if getattr(rows[place], name) != found:
                raise DamagedContent(f"{table.name}.{name}: another value than was changed")
            values[place][name] = value
    for place, cells in values.items():
        rows[place] = replace(rows[place], **cells)
    return rows
