"""What was changed from one version of a scenario to another."""

from collections.abc import Iterator
from typing import Any

from planner.merge.change import ABSENT, DELETED, EXTRA, PRESENT, SETTINGS, Change, Key
from planner.merge.matching import with_ids_of
from planner.merge.renaming import codes_of, refer_to
from planner.scenario import TABLES, Scenario, Settings
from resources.columns import columns_of


def differences(before: Scenario, after: Scenario) -> tuple[Change, ...]:
    """Every changed cell and every added or deleted row, in workbook order: base = mine = before, theirs = after.

    A renamed code is one change; what refers to it counts as changed only where it refers to something else now.
    """
    after = with_ids_of(before, after)
    return tuple(_differences(refer_to(before, codes_of(after)), after))


def _differences(before: Scenario, after: Scenario) -> Iterator[Change]:
    for name in changed_columns(SETTINGS, before.settings, after.settings):
        yield _cell(SETTINGS, before.settings, after.settings, name)
    for table in TABLES:
        old, new = before.rows(table), after.rows(table)
        if old is new:
            continue
        later = {row.id: row for row in new}
        for row in old:
            other = later.pop(row.id, None)
            if other is None:
                yield Change(Key(table.name, row.id), row, PRESENT, PRESENT, DELETED)
            elif other is not row:
                for name in changed_columns(table.name, row, other):
                    yield _cell(table.name, row, other, name)
        for row in later.values():
            yield Change(Key(table.name, row.id), row, ABSENT, ABSENT, PRESENT)


def _cell(table: str, old: Any, new: Any, name: str) -> Change:
    value = getattr(old, name)
    return Change(Key(table, old.id, name), new, value, value, getattr(new, name))


def changed_columns(table: str, *rows: Any) -> Iterator[str]:
    """The columns in which these rows are not all alike, in workbook order."""
    first, *others = rows
    if all(row == first for row in others):
        return
    columns = columns_of(Settings) if table == SETTINGS else columns_of(type(first))
    for name in (*(column.name for column in columns), EXTRA.name):
        value = getattr(first, name)
        if any(getattr(row, name) != value for row in others):
            yield name
