"""Three-way merge: what either side changed since the base is kept; what both changed differently is a conflict."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from planner.merge.change import (
    ABSENT,
    CHANGED,
    DELETED,
    PRESENT,
    SETTINGS,
    Change,
    Disputed,
    Key,
    Side,
    State,
    Written,
)
from planner.merge.difference import changed_columns
from planner.merge.matching import with_ids_of
from planner.merge.ordering import merged_order
from planner.merge.renaming import Codes, codes_of, refer_to
from planner.scenario import TABLES, Scenario, Table

Decisions = Mapping[Key, Side | Written]
Disputes = Mapping[Key, Disputed]
NO_DISPUTES: Disputes = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge. In `scenario`, what is undecided stands as mine has it."""

    scenario: Scenario
    changes: tuple[Change, ...]  # every cell and row that either side changed, in workbook order
    undecided: tuple[Change, ...]  # the conflicts among them without a decision

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """Everything that both sides changed differently, decided or not."""
        return tuple(change for change in self.changes if change.state is State.CONFLICT)


def merge(
    base: Scenario,
    mine: Scenario,
    theirs: Scenario,
    decisions: Decisions | None = None,
    disputed: Disputes = NO_DISPUTES,
) -> Merged:
    """Bring two descendants of one base together.

    Edits to different cells merge by themselves, and alike edits are silent. A cell changed twice, a row changed and
    deleted, and cells of two new rows with one key are conflicts, each settled by its decision. The keys of decisions
    are those of the changes of an earlier call. Where the base is `disputed` (keys of its rows), whatever differs is a
    conflict.
    """
    mine = with_ids_of(base, mine)
    theirs = with_ids_of(mine, with_ids_of(base, theirs))
    decisions = decisions or {}
    codes = _codes_after(base, mine, theirs, decisions, disputed)
    base, mine, theirs = (refer_to(version, codes) for version in (base, mine, theirs))
    work = _Work(decisions, disputed)
    tables: dict[str, Any] = {"settings": work.row(SETTINGS, base.settings, mine.settings, theirs.settings)}
    for table in TABLES:
        tables[table.name] = work.table(table, base.rows(table), mine.rows(table), theirs.rows(table))
    undecided = tuple(
        change for change in work.changes if change.state is State.CONFLICT and change.key not in work.decisions
    )
    return Merged(replace(mine, **tables), tuple(work.changes), undecided)


class _Work:
    """Merges table after table and notes what changed on the way."""

    def __init__(self, decisions: Decisions, disputed: Disputes) -> None:
        self.decisions, self.disputed = decisions, disputed
        self._disputed_rows = {(key.table, key.row_id) for key in disputed}
        self.changes: list[Change] = []

    def table(self, table: Table, base: tuple[Any, ...], mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> Any:
        """The rows of a merged table."""
        if base is mine and base is theirs:
            return mine
        old, own, other = ({row.id: row for row in rows} for rows in (base, mine, theirs))
        kept = {}
        for row_id in {**old, **own, **other}:
            row = self.row(table.name, old.get(row_id), own.get(row_id), other.get(row_id))
            if row is not None:
                kept[row_id] = row
        return tuple(kept[row_id] for row_id in merged_order(list(old), list(own), list(other), set(kept)))

    def row(self, table: str, base: Any, mine: Any, theirs: Any) -> Any:
        """The merged row; None where it is gone."""
        if mine is not None and theirs is not None:
            return self._cells(table, base, mine, theirs)
        if base is None:
            self._note(table, mine or theirs, ABSENT, *(ABSENT if row is None else PRESENT for row in (mine, theirs)))
            return mine or theirs
        left = mine or theirs
        if left is None or (left == base and (table, base.id) not in self._disputed_rows):
            self._note(table, base, PRESENT, *(DELETED if row is None else PRESENT for row in (mine, theirs)))
            return None
        # One side deleted what the other went on changing.
        change = self._note(table, left, PRESENT, *(DELETED if row is None else CHANGED for row in (mine, theirs)))
        return mine if self.decisions.get(change.key) is not Side.THEIRS else theirs

    def _cells(self, table: str, base: Any, mine: Any, theirs: Any) -> Any:
        """A row that both sides have: cell by cell."""
        if base is None and mine == theirs:
            self._note(table, mine, ABSENT, PRESENT, PRESENT)
            return mine
        values = {}
        for name in changed_columns(table, mine, theirs, *(() if base is None else (base,))):
            key = Key(table, mine.id, name)
            old = self.disputed.get(key) or (ABSENT if base is None else getattr(base, name))
            change = Change(key, mine, old, getattr(mine, name), getattr(theirs, name))
            self.changes.append(change)
            value = self._decided(change)
            if value != change.mine:
                values[name] = value
        return replace(mine, **values) if values else mine

    def _decided(self, change: Change) -> Any:
        if change.state is not State.CONFLICT:
            return change.theirs if change.state is State.THEIRS else change.mine
        decision = self.decisions.get(change.key)
        if isinstance(decision, Written):
            return decision.value
        return change.theirs if decision is Side.THEIRS else change.mine

    def _note(self, table: str, row: Any, base: Any, mine: Any, theirs: Any) -> Change:
        change = Change(Key(table, row.id), row, base, mine, theirs)
        self.changes.append(change)
        return change


def _codes_after(base: Scenario, mine: Scenario, theirs: Scenario, decisions: Decisions, disputed: Disputes) -> Codes:
    """The code that each row will have once both sides are merged."""
    old, own, other = codes_of(base), codes_of(mine), codes_of(theirs)
    after: Codes = {}
    for name in own:
        after[name] = {**other[name], **own[name]}
        for row_id in own[name].keys() & other[name].keys():
            ours, yours, before = own[name][row_id], other[name][row_id], old[name].get(row_id)
            if ours != yours:
                key = Key(name, row_id, "code")
                decision = decisions.get(key)
                if isinstance(decision, Written):
                    after[name][row_id] = str(decision.value)
                elif decision is Side.THEIRS if key in disputed or yours != before != ours else ours == before:
                    after[name][row_id] = yours
    return after
