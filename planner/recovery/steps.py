"""What one edit changed, as JSON and back: new rows whole, all others by where they stood.

One edit among 100,000 rows is one row here. In each table that changed, rows `first` to `first + removed` give way to
`pieces`, one after the other: {"kept": [start, count]} are rows of those removed, {"rows": [...]} are new.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from planner.scenario import Scenario, Table
from planner.store import rows
from planner.table_changes import table_changes

_TABLES = {table.name: table for table in rows.STORED_TABLES}


def step_to_json(before: Scenario, after: Scenario) -> dict[str, Any]:
    """The tables that differ."""
    changed = {}
    for span in table_changes(before, after):
        old = rows_of(before, span.table)[span.first : span.first + span.removed]
        new = rows_of(after, span.table)[span.first : span.first + span.inserted]
        pieces = _pieces(_TABLES[span.table], old, new)
        changed[span.table] = {"first": span.first, "removed": span.removed, "pieces": pieces}
    return changed


def step_from_json(scenario: Scenario, changed: dict[str, Any]) -> Scenario:
    """The scenario after the edit. Raises KeyError, TypeError, ValueError or DamagedContent."""
    fresh: dict[str, Any] = {}
    for name, span in changed.items():
        before = rows_of(scenario, name)
        first, end = span["first"], span["first"] + span["removed"]
        if not 0 <= first <= end <= len(before):
            raise ValueError(f"{name} has no rows {first} to {end}")
        between = [row for piece in span["pieces"] for row in _read(_TABLES[name], before[first:end], piece)]
        after = (*before[:first], *between, *before[end:])
        fresh[name] = after[0] if name == "settings" else after
    return replace(scenario, **fresh)


def rows_of(scenario: Scenario, name: str) -> tuple[Any, ...]:
    """The rows of a table; the settings are a table of one row."""
    return (scenario.settings,) if name == "settings" else scenario.rows(_TABLES[name])


def _pieces(table: Table, old: Sequence[Any], new: Sequence[Any]) -> list[dict[str, Any]]:
    places = {id(row): place for place, row in enumerate(old)}
    pieces: list[dict[str, Any]] = []
    for row in new:
        place = places.get(id(row))
        last = pieces[-1] if pieces else {}
        if place is None:
            if "rows" not in last:
                pieces.append(last := {"rows": []})
            last["rows"].append(row)
        elif "kept" in last and sum(last["kept"]) == place:
            last["kept"][1] += 1
        else:
            pieces.append({"kept": [place, 1]})
    for piece in pieces:
        if "rows" in piece:
            piece["rows"] = [values[1:] for values in rows.to_sql(table, piece["rows"])]  # without their position
    return pieces


def _read(table: Table, old: Sequence[Any], piece: dict[str, Any]) -> Sequence[Any]:
    if "rows" in piece:
        return rows.from_sql(table, [tuple(values) for values in piece["rows"]])
    start, count = piece["kept"]
    if not 0 <= start <= start + count <= len(old):
        raise ValueError(f"{table.name} has no rows {start} to {start + count} to keep")
    return old[start : start + count]
