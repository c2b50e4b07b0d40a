"""A scenario without what its audience may not see. The same scenario and audience always give the same copy.

A cell that stays at home is empty in the copy, as if nothing had been written there; where an empty cell would be an
error or mean something else (any region, any partner), the whole row stays. What names a row that stays follows it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from planner.problems import ConcordError
from planner.scenario import TABLES, Scenario, Settings, Table
from planner.sensitivity import Labels, Level, labels_of
from planner.sharing.audience import Audience
from resources.columns import Column, Kind, columns_of

SETTINGS = Table("Scenario", "settings", Settings)
SAYS_ELSE_WHEN_EMPTY = {  # columns of which an empty cell means any, or a default: the row would say something else
    "pledges": ("initiatives", "regions", "currency"),
    "rules": ("value", "on"),
    "vetoes": ("initiative", "region", "with_partner", "implementer"),
    "delivery_costs": ("partner", "resource", "region"),
}


@dataclass(frozen=True, slots=True)
class Withheld:
    """A row that stays at home, or the columns of a row whose cells do. `row` is as it is at home."""

    table: Table
    row: Any
    columns: tuple[str, ...] = ()  # none: the whole row


@dataclass(frozen=True, slots=True)
class Redacted:
    """What leaves, and what does not."""

    scenario: Scenario
    withheld: tuple[Withheld, ...]


def redact(scenario: Scenario, audience: Audience) -> Redacted:
    """What of the scenario leaves for this audience.

    Raises ConcordError for a scenario that is confidential as a whole. Of an internal one, as every scenario is that
    nobody labelled, the public may see what is left.
    """
    if scenario.settings.sensitivity == Level.CONFIDENTIAL.word and audience.clearance < Level.CONFIDENTIAL:
        raise ConcordError(
            "The scenario as a whole is labelled confidential, so no copy of it is made for others; "
            "label it internal in its settings first if that is meant."
        )
    work = {table.name: list(_visible(table, scenario.rows(table), audience)) for table in TABLES}
    _follow(scenario, work)
    settings, hidden = _without_hidden(SETTINGS, scenario.settings, labels_of(scenario.settings), audience)
    if audience.clearance is Level.PUBLIC:
        settings = replace(settings, sensitivity=Level.PUBLIC.word)
    withheld = [Withheld(SETTINGS, scenario.settings, hidden)] if hidden else []
    for table in TABLES:
        left = {row.id: row for row in work[table.name]}
        for row in scenario.rows(table):
            columns = _emptied(row, left[row.id]) if row.id in left else ()
            if columns or row.id not in left:
                withheld.append(Withheld(table, row, columns))
    tables = {name: tuple(rows) for name, rows in work.items()}
    return Redacted(Scenario(settings=settings, id=scenario.id, **tables), tuple(withheld))


def _visible(table: Table, rows: Collection[Any], audience: Audience) -> Iterator[Any]:
    """The rows that the audience may see, without the cells that it may not."""
    for row in rows:
        labels = labels_of(row)
        if not audience.may_see_row(table.name, row, labels):
            continue
        left, hidden = _without_hidden(table, row, labels, audience)
        if not any(_is_needed(table, column) for column in table.columns if column.name in hidden):
            yield left


def _without_hidden(table: Table, row: Any, labels: Labels, audience: Audience) -> tuple[Any, tuple[str, ...]]:
    """The row with the cells emptied that hold something the audience may not see, and the names of their columns."""
    defaults: Mapping[str, Any] = {column.name: column.default for column in columns_of(type(row))} | {"extra": ()}
    hidden = tuple(
        name
        for name, default in defaults.items()
        if getattr(row, name) != default and not audience.may_see_cell(table.name, row, labels, name)
    )
    return (replace(row, **{name: defaults[name] for name in hidden}) if hidden else row), hidden


def _is_needed(table: Table, column: Column) -> bool:
    """Whether a row without this cell would be wrong, or be another row."""
    return column.is_required or column.is_key or column.name in SAYS_ELSE_WHEN_EMPTY.get(table.name, ())


def _follow(scenario: Scenario, work: dict[str, list[Any]]) -> None:
    """Take out of `work` what names rows that are not in it any more, until nothing does."""
    while True:
        gone = {name: _gone(scenario, name, work) for name in _referred()}
        if not any(gone.values()):
            return
        before = {name: len(rows) for name, rows in work.items()}
        for table in TABLES:
            work[table.name] = [left for row in work[table.name] if (left := _following(table, row, gone)) is not None]
        if before == {name: len(rows) for name, rows in work.items()}:
            return


def _referred() -> set[str]:
    return {column.refers_to for table in TABLES for column in table.columns if column.refers_to}


def _gone(scenario: Scenario, name: str, work: Mapping[str, list[Any]]) -> set[str]:
    """The codes that only rows have which stay at home."""
    return {row.code for row in getattr(scenario, name)} - {row.code for row in work[name]}


def _following(table: Table, row: Any, gone: Mapping[str, set[str]]) -> Any:
    """The row without the codes that are gone; None where it is nothing without them."""
    if table.name == "rules" and row.scope.rpartition(":")[2].strip() in set().union(*gone.values()):
        return None
    changed: dict[str, Any] = {}
    for column in table.columns:
        codes = gone.get(column.refers_to)
        value = getattr(row, column.name)
        if not codes or not value:
            continue
        named = value if column.kind is Kind.CODES else (value,)
        left = tuple(code for code in named if code not in codes)
        if len(left) == len(named):
            continue
        if not left and _is_needed(table, column):
            return None
        changed[column.name] = left if column.kind is Kind.CODES else ""
    return replace(row, **changed) if changed else row


def _emptied(row: Any, left: Any) -> tuple[str, ...]:
    names = (*(column.name for column in columns_of(type(row))), "extra")
    return tuple(name for name in names if getattr(row, name) != getattr(left, name))
