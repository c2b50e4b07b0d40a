"""What two files have in common: the saves that both descend from, and everything that goes on with a merged file."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from planner.plan import Plan
from planner.store import State, StoredFile

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def descends(version: StoredFile, earlier: StoredFile) -> bool:
    """Whether one file is a later save of the other, or the same one."""
    return bool(earlier.states) and earlier.states[-1].id in {state.id for state in version.states}


def lineage(states: Mapping[str, State], ids: Iterable[str]) -> set[str]:
    """These saves and all that they descend from, as far as `states` tells."""
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += states[at].record.parents if at in states else ()
    return found


def latest_of(states: Mapping[str, State], ids: Iterable[str]) -> tuple[State, ...]:
    """Those of the saves that no other of them descends from, oldest first."""
    known = set(ids)
    passed = lineage(states, (parent for state_id in known for parent in states[state_id].record.parents))
    return tuple(sorted((states[state_id] for state_id in known - passed), key=_age))


def states_by_id(*lists: Iterable[State]) -> dict[str, State]:
    """Every save once. What the first list with a save says of it stands: a later one may be a stranger's.

    A later one adds what the save changed, where that has been forgotten, and what else it descends from, where that
    leads round in no circle: files from before that was written down do not all know it.
    """
    states: dict[str, State] = {}
    added: list[tuple[str, str]] = []
    for state in (state for states_of_one in lists for state in states_of_one):
        known = states.setdefault(state.id, state)
        if known is not state:
            states[state.id] = known = _remembered(known, state)
            added += ((state.id, merged) for merged in state.record.merged if merged not in known.record.parents)
    for state_id, merged in dict.fromkeys(added):
        if merged in states and state_id not in lineage(states, [merged]):
            state = states[state_id]
            states[state_id] = replace(state, record=replace(state.record, merged=(*state.record.merged, merged)))
    return states


def told_otherwise(mine: StoredFile, theirs: StoredFile) -> tuple[State, ...]:
    """The saves of mine of which theirs says something else, beyond what either has forgotten or never knew."""
    others = {state.id: state for state in theirs.states}
    return tuple(state for state in mine.states if state.id in others and not _is_alike(state, others[state.id]))


def joined_states(*lists: Iterable[State]) -> tuple[State, ...]:
    """Every save once, oldest first, and none before those that it descends from; else as `states_by_id`."""
    states = states_by_id(*lists)
    placed: dict[str, State] = {}
    entered: set[str] = set()  # placed, or waiting for their parents
    for state in sorted(states.values(), key=saved_at):
        waiting = [state]
        while waiting:
            at = waiting[-1]
            entered.add(at.id)
            fresh = (states[each] for each in at.record.parents if each in states and each not in entered)
            parents = sorted(fresh, key=_age, reverse=True)
            if not parents:
                placed.setdefault(at.id, waiting.pop())
            waiting += parents
    return tuple(placed.values())


def joined_plans(*lists: Iterable[Plan]) -> tuple[Plan, ...]:
    """Every plan once, oldest first; nobody's are lost."""
    plans = {plan.id: plan for plans in lists for plan in plans}
    return tuple(sorted(plans.values(), key=lambda plan: _moment(plan.made_at)))


def saved_at(state: State) -> datetime:
    """When a save was made; long ago where that cannot be read."""
    return _moment(state.saved_at)


def _remembered(known: State, other: State) -> State:
    """A save with what it changed, where only the other record of it still tells."""
    record, told = known.record, other.record
    if record.parent or not told.parent or told.parent not in record.merged:
        return known
    merged = tuple(each for each in record.merged if each != told.parent)
    return replace(known, record=replace(record, parent=told.parent, changes=told.changes, merged=merged))


def _is_alike(one: State, other: State) -> bool:
    if not (one.record.parent and other.record.parent):  # one has forgotten what the save changed, or never knew
        one, other = (replace(each, record=replace(each.record, parent="", changes=b"")) for each in (one, other))
    return replace(one, record=replace(one.record, merged=other.record.merged)) == other


def _age(state: State) -> tuple[datetime, str]:
    """The order of saves in which everybody has them."""
    return saved_at(state), state.id


def _moment(text: str) -> datetime:
    """A time with its offset, to be compared with others; long ago where it cannot be read."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return LONG_AGO
