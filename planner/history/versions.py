"""The content of earlier saves, worked out from a file and the changes that its records hold."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from planner.history.ancestry import descends, lineage
from planner.history.delta import go_back, go_forward
from planner.merge.change import ROW, Key
from planner.problems import ConcordError
from planner.scenario import TABLE_BY_NAME, Scenario
from planner.store import State, StoredFile
from planner.store.rows import DamagedContent
from planner.table_changes import is_same

NOTHING_ELSE: Mapping[str, Scenario] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Version:
    """One save: the scenario that it holds and the one before; None where the file does not tell any more."""

    state: State
    before: Scenario | None
    after: Scenario | None


def versions(stored: StoredFile, known: Mapping[str, Scenario] = NOTHING_ELSE) -> Iterator[Version]:
    """Every save that a file descends from, the file's own first, then each beside those that it can be told from.

    `known`: what some saves were that cannot be told from the file alone.
    """
    states = {state.id: state for state in stored.states}
    children: dict[str, list[State]] = defaultdict(list)
    for state in stored.states:
        children[state.record.parent].append(state)
    told: set[str] = set()
    walked: set[str] = set()
    waiting = [(state_id, scenario) for state_id, scenario in known.items() if state_id in states]
    waiting += [(stored.states[-1].id, stored.scenario)] if stored.states else []
    while waiting:
        at, scenario = waiting.pop()
        if at in walked:
            continue
        walked.add(at)
        state = states[at]
        for child in children[at]:
            if child.id not in walked and (later := _moved(go_forward, scenario, child)) is not None:
                told.add(child.id)
                yield Version(child, scenario, later)
                waiting.append((child.id, later))
        parent = state.record.parent
        earlier = _moved(go_back, scenario, state) if parent in states else None
        if at not in told:
            told.add(at)
            yield Version(state, earlier, scenario)
        if earlier is not None and parent not in walked:
            waiting.append((parent, earlier))
    yield from (Version(state, None, None) for state in stored.states if state.id not in told)


def _moved(go: Any, scenario: Scenario, state: State) -> Scenario | None:
    try:
        moved: Scenario = go(scenario, state.record.changes)
    except DamagedContent:
        return None
    return moved


def contents(
    stored: StoredFile, wanted: Collection[str], known: Mapping[str, Scenario] = NOTHING_ELSE
) -> dict[str, Scenario]:
    """What the scenario was at these saves, those of them that the file tells; `known` as for `versions`."""
    left = set(wanted)
    found: dict[str, Scenario] = {}
    for version in versions(stored, known) if left else ():
        sides = ((version.state.id, version.after), (version.state.record.parent, version.before))
        for state_id, scenario in sides:
            if state_id in left and scenario is not None:
                found[state_id] = scenario
                left.remove(state_id)
        if not left:
            break
    return found


def scenario_at(stored: StoredFile, state_id: str) -> Scenario:
    """What the scenario was at an earlier save. Raises ConcordError where the file does not tell."""
    try:
        return contents(stored, (state_id,))[state_id]
    except KeyError:
        raise ConcordError(
            "This file does not hold what the scenario was at that save; open a copy from that time."
        ) from None


def holds(version: StoredFile, earlier: StoredFile) -> bool:
    """Whether one file is a later save of the other, which is what it was at that save, as far as the file tells."""
    if not descends(version, earlier):
        return False
    own = earlier.states[-1].id
    return all(is_same(known, earlier.scenario) for known in contents(version, (own,)).values())


def last_writers(stored: StoredFile, since: Collection[str], keys: Collection[Key]) -> dict[Key, State]:
    """By cell or row, all changed after the saves `since`, the last save that changed it, as far as the file tells.

    What came in with a merge was changed by a save of the merged file.
    """
    if not stored.states or not keys:
        return {}
    return Writers(stored).since(since, stored.states[-1], stored.scenario, keys)


class Writers:
    """Finds in the saves of a file who wrote what; `known` as for `versions`."""

    def __init__(self, stored: StoredFile, known: Mapping[str, Scenario] = NOTHING_ELSE) -> None:
        self._stored, self._known = stored, known
        self._states = {state.id: state for state in stored.states}

    @cached_property
    def _merged(self) -> Mapping[str, Scenario]:
        """The content of every save that was merged into another, where it can be told."""
        wanted = {merged for state in self._stored.states for merged in state.record.merged}
        return contents(self._stored, wanted, self._known)

    def since(
        self, since: Collection[str], state: State, scenario: Scenario, keys: Collection[Key]
    ) -> dict[Key, State]:
        """As `last_writers`, from the save `state` of this content on."""
        found: dict[Key, State] = {}
        waiting = [(state, scenario, list(keys), len(self._states))]
        while waiting:
            at, content, left, most = waiting.pop()
            if at.id in since or not left or not most:  # a stranger's file may go round in circles
                continue
            parent = at.record.parent
            if parent in since and not at.record.merged:  # nobody else is left
                found |= dict.fromkeys(left, at)
                continue
            before = _moved(go_back, content, at) if parent in self._states else None
            if before is None:
                continue
            changed = set(changed_keys(before, content, left))
            if parent in self._states:
                waiting.append((self._states[parent], before, [key for key in left if key not in changed], most - 1))
            brought = self.brought(at, content, changed)
            for other, came in brought.items():
                waiting.append((self._states[other], self._merged[other], came, most - 1))
                changed -= set(came)
            found |= dict.fromkeys(changed, at)
        return found

    def brought(self, state: State, scenario: Scenario, keys: Collection[Key]) -> dict[str, list[Key]]:
        """Those of the cells and rows that the save, of this content, has from saves merged into it, by these."""
        found: dict[str, list[Key]] = {}
        left = list(keys)
        for merged in state.record.merged if left else ():
            if merged in self._merged:
                found[merged] = list(_alike_keys(self._merged[merged], scenario, left))
                came = set(found[merged])
                left = [key for key in left if key not in came]
        return found

    def brought_by(self, state: State, scenario: Scenario, keys: Collection[Key]) -> dict[Key, State]:
        """By cell or row that came in with a merge by this save, the save of the merged file that wrote it."""
        found: dict[Key, State] = {}
        before = lineage(self._states, [state.record.parent])
        for merged, came in self.brought(state, scenario, keys).items():
            found |= self.since(before, self._states[merged], self._merged[merged], came)
        return found


def changed_keys(before: Scenario, after: Scenario, keys: Collection[Key]) -> Iterator[Key]:
    """Those of the cells and rows in which two scenarios differ."""
    by_table: dict[str, list[Key]] = defaultdict(list)
    for key in keys:
        by_table[key.table].append(key)
    for name, asked in by_table.items():
        old, new = _rows_by_id(before, name), _rows_by_id(after, name)
        for key in asked:
            one, other = old.get(key.row_id), new.get(key.row_id)
            if one is other:
                continue
            is_whole = key.column == ROW or one is None or other is None
            if is_whole or getattr(one, key.column) != getattr(other, key.column):
                yield key


def _alike_keys(one: Scenario, other: Scenario, keys: Collection[Key]) -> Iterator[Key]:
    """Those of the cells that have one value in both, and of the rows that both have, or neither has."""
    tables = {key.table for key in keys}
    sides = [{name: _rows_by_id(scenario, name) for name in tables} for scenario in (one, other)]
    for key in keys:
        first, second = (side[key.table].get(key.row_id) for side in sides)
        if first is None or second is None:
            is_alike = key.column == ROW and first is second
        else:
            is_alike = key.column == ROW or getattr(first, key.column) == getattr(second, key.column)
        if is_alike:
            yield key


def _rows_by_id(scenario: Scenario, name: str) -> Mapping[str, Any]:
    rows = (scenario.settings,) if name == "settings" else scenario.rows(TABLE_BY_NAME[name])
    return {row.id: row for row in rows}
