"""What two files have in common: the saves that both descend from, and everything that goes on with a merged file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from planner.history.versions import scenario_at
from planner.plan import Plan
from planner.problems import ConcordError
from planner.scenario import Scenario
from planner.store import State, StoredFile

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Base:
    """The save that two files have in common, with its content."""

    state: State
    scenario: Scenario


def common_base(mine: StoredFile, theirs: StoredFile) -> Base | None:
    """The latest save that both descend from and whose content either of them tells; None where there is none."""
    shared = {state.id for state in theirs.states}
    for state in reversed(joined_states(mine.states)):
        if state.id in shared:
            for stored in (mine, theirs):
                try:
                    return Base(state, scenario_at(stored, state.id))
                except ConcordError:
                    continue
    return None


def descends(version: StoredFile, earlier: StoredFile) -> bool:
    """Whether one file is a later save of the other, or the same one."""
    return bool(earlier.states) and earlier.states[-1].id in {state.id for state in version.states}


def joined_states(*lists: Iterable[State]) -> tuple[State, ...]:
    """Every save once, oldest first, and none before its parent."""
    states = {state.id: state for states in lists for state in states}
    placed: dict[str, State] = {}
    for state in sorted(states.values(), key=saved_at):
        line: dict[str, State] = {}
        at: State | None = state
        while at is not None and at.id not in placed and at.id not in line:
            line[at.id] = at
            at = states.get(at.record.parent)
        placed |= reversed(line.items())
    return tuple(placed.values())


def joined_plans(*lists: Iterable[Plan]) -> tuple[Plan, ...]:
    """Every plan once, oldest first; nobody's are lost."""
    return tuple(sorted({plan.id: plan for plans in lists for plan in plans}.values(), key=lambda plan: plan.made_at))


def saved_at(state: State) -> datetime:
    """When a save was made; long ago where that cannot be read."""
    try:
        moment = datetime.fromisoformat(state.saved_at)
    except ValueError:
        return LONG_AGO
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
