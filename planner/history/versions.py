"""The content of earlier saves, worked out from a file and the changes that its records hold."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planner.history.delta import go_back, go_forward
from planner.merge.change import ROW, Key
from planner.problems import ConcordError
from planner.scenario import TABLE_BY_NAME, Scenario
from planner.store import State, StoredFile
from planner.store.rows import DamagedContent


@dataclass(frozen=True, slots=True)
class Version:
    """One save: the scenario that it holds and the one before; None where the file does not tell any more."""

    state: State
    before: Scenario | None
    after: Scenario | None


def versions(stored: StoredFile) -> Iterator[Version]:
    """Every save that a file descends from, the file's own first, then each beside those that it can be told from."""
    states = {state.id: state for state in stored.states}
    children: dict[str, list[State]] = defaultdict(list)
    for state in stored.states:
        children[state.record.parent].append(state)
    told: set[str] = set()
    known: set[str] = set()
    waiting = [(stored.states[-1].id, stored.scenario)] if stored.states else []
    while waiting:
        at, scenario = waiting.pop()
        if at in known:
            continue
        known.add(at)
        state = states[at]
        for child in children[at]:
            if child.id not in known and (later := _moved(go_forward, scenario, child)) is not None:
                told.add(child.id)
                yield Version(child, scenario, later)
                waiting.append((child.id, later))
        parent = state.record.parent
        earlier = _moved(go_back, scenario, state) if parent in states else None
        if at not in told:
            told.add(at)
            yield Version(state, earlier, scenario)
        if earlier is not None and parent not in known:
            waiting.append((parent, earlier))
    yield from (Version(state, None, None) for state in stored.states if state.id not in told)


def _moved(go: Any, scenario: Scenario, state: State) -> Scenario | None:
    try:
        moved: Scenario = go(scenario, state.record.changes)
    except DamagedContent:
        return None
    return moved


def scenario_at(stored: StoredFile, state_id: str) -> Scenario:
    """What the scenario was at an earlier save. Raises ConcordError where the file does not tell."""
    if stored.states and stored.states[-1].id == state_id:
        return stored.scenario
    for version in versions(stored):
        if version.state.id == state_id and version.after is not None:
            return version.after
        if version.state.record.parent == state_id and version.before is not None:
            return version.before
    raise ConcordError("This file does not hold what the scenario was at that save; open a copy from that time.")


def last_writers(stored: StoredFile, since: str, keys: Collection[Key]) -> Mapping[Key, State]:
    """By cell or row, all changed after the save `since`, the last save that changed it, as far as the file tells."""
    states = {state.id: state for state in stored.states}
    found: dict[Key, State] = {}
    scenario, state = stored.scenario, stored.states[-1] if stored.states else None
    left = list(keys)
    while left and state is not None and state.id != since:
        if state.record.parent == since:  # nobody else is left
            return found | dict.fromkeys(left, state)
        earlier = _moved(go_back, scenario, state) if state.record.parent in states else None
        if earlier is None:
            break
        found |= dict.fromkeys(changed_keys(earlier, scenario, left), state)
        left = [key for key in left if key not in found]
        scenario, state = earlier, states.get(state.record.parent)
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


def _rows_by_id(scenario: Scenario, name: str) -> Mapping[str, Any]:
    rows = (scenario.settings,) if name == "settings" else scenario.rows(TABLE_BY_NAME[name])
    return {row.id: row for row in rows}
