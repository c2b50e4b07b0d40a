"""What two files have in common: the saves that both descend from, and everything that goes on with a merged file."""

from collections.abc import Iterable, Mapping
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


def joined_states(*lists: Iterable[State]) -> tuple[State, ...]:
    """Every save once, oldest first, and none before those that it descends from."""
    states: dict[str, State] = {}
    for state in (state for states in lists for state in states):
        if state.id not in states or state.record.parent:  # where one list tells what it changed, that counts
            states[state.id] = state
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
