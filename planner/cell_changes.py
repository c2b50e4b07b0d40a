"""Changes of single cells: those in which two versions of a scenario differ, and a fix applied to a copy.

A change that empties a cell which may not be empty takes its row away.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from planner.cells import fallback, read_cell, show_cell
from planner.plan import Change, Fix
from planner.problems import ConcordError
from planner.scenario import TABLE_BY_SHEET, Scenario, Table
from resources.columns import Column, Kind


def apply_fix(scenario: Scenario, fix: Fix) -> Scenario:
    """A copy of the scenario with every change of the fix. Raises ConcordError where a cell has changed since."""
    return apply_changes(scenario, fix.changes)


def apply_changes(scenario: Scenario, changes: Iterable[Change]) -> Scenario:
    """A copy of the scenario with these changes, one after another; a key that no row has makes a new row.

    Raises ConcordError as `apply_fix` does.
    """
    for change in changes:
        scenario = _applied(scenario, change)
    return scenario


def changes_between(before: Scenario, after: Scenario) -> tuple[Change, ...]:
    """The cells in which `after` differs, in workbook order.

    The rows of each table are those of `before` in their places, then perhaps new ones; or some are gone, and the
    others as they were.
    """
    found: dict[tuple[Any, ...], Change] = {}
    for table, rows in after.tables():
        old_rows = before.rows(table)
        if rows is old_rows:
            continue
        changes = _removals(table, old_rows, rows) if len(rows) < len(old_rows) else _changes(table, old_rows, rows)
        for change in changes:
            found[change.sheet, tuple(change.key.items()), change.column, change.old] = change
    return tuple(found.values())


def _changes(table: Table, old_rows: Sequence[Any], rows: Sequence[Any]) -> Iterator[Change]:
    for index, row in enumerate(rows):
        old = old_rows[index] if index < len(old_rows) else _blank(table, _key(table, row))
        yield from _differences(table, old, row)


def _removals(table: Table, old_rows: Sequence[Any], rows: Sequence[Any]) -> Iterator[Change]:
    left = iter(rows)
    following = next(left, None)
    for row in old_rows:
        if row == following:
            following = next(left, None)
        else:
            column = _removing_column(table)
            yield Change(table.sheet, _key(table, row), column.name, show_cell(column, getattr(row, column.name)), "")


def _removing_column(table: Table) -> Column:
    """The cell that is emptied to take a row away."""
    return next(column for column in table.columns if column.is_required)


def _differences(table: Table, old: Any, new: Any) -> Iterator[Change]:
    for column in table.columns:
        was, becomes = (show_cell(column, getattr(row, column.name)) for row in (old, new))
        if was != becomes:
            yield Change(table.sheet, _key(table, old), column.name, was, becomes)


def _applied(scenario: Scenario, change: Change) -> Scenario:
    """One change; rows with one key (several vetoes, say) all get it where they hold the old value."""
    table = TABLE_BY_SHEET[change.sheet]
    column = next(column for column in table.columns if column.name == change.column)
    rows = list(scenario.rows(table))
    mine = [index for index, row in enumerate(rows) if _has_key(table, row, change)]
    if not mine and table.key_columns:
        rows.append(_blank(table, change.key))
        mine = [len(rows) - 1]
    mine = [index for index in mine if show_cell(column, getattr(rows[index], column.name)) == change.old]
    if not mine:
        raise ConcordError(
            f"{change.sheet}: {', '.join(filter(None, change.key.values()))} no longer has the {change.column} "
            f"'{change.old}'; plan again to see what would help now."
        )
    if change.new or not column.is_required:
        value = read_cell(column, change.new, scenario.settings)
        for index in mine:
            rows[index] = replace(rows[index], **{column.name: value})
    else:
        rows = [row for index, row in enumerate(rows) if index not in mine]
    tables: dict[str, Any] = {table.name: tuple(rows)}
    return replace(scenario, **tables)


def _naming_columns(table: Table) -> tuple[Column, ...]:
    """The columns that name a row: its key, or of rows without one what they refer to and when."""
    return table.key_columns or tuple(
        column for column in table.columns if column.refers_to or column.kind is Kind.PERIOD
    )


def _key(table: Table, row: Any) -> dict[str, str]:
    return {column.name: show_cell(column, getattr(row, column.name)) for column in _naming_columns(table)}


def _has_key(table: Table, row: Any, change: Change) -> bool:
    return all(
        show_cell(column, getattr(row, column.name)) == change.key[column.name]
        for column in _naming_columns(table)
        if column.name in change.key
    )


def _blank(table: Table, key: Any) -> Any:
    """A new row of defaults with this key."""
    required = {column.name: fallback(column) for column in table.columns if column.is_required}
    named = {
        column.name: read_cell(column, key[column.name])
        for column in table.columns
        if column.name in key and (key[column.name] or not column.is_required)
    }
    return table.row_class(**(required | named))
