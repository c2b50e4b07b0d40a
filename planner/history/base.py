"""What two files started from, also where each took in saves of the other before.

Of two people who merged each other's save there are several latest saves in common. They are merged in their turn, as
far back as it takes; where they contradict each other the base is disputed, so that what either side made of it is
asked about and neither side's decision wins in silence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner.history.ancestry import latest_of, lineage, states_by_id
from planner.history.versions import contents
from planner.merge import Disputed, Key, Side, merge
from planner.merge.change import Presence
from planner.scenario import Scenario, Settings
from planner.store import State, StoredFile

DEEPEST = 8  # rounds of mutual merges gone through; before them, what is not the same counts as disputed


@dataclass(frozen=True, slots=True)
class Base:
    """The latest saves that two files have in common (one, unless they merged each other's), and what they held.

    `disputed`: the cells and rows in which those saves contradict each other.
    """

    states: tuple[State, ...]
    scenario: Scenario
    disputed: Mapping[Key, Disputed] = field(default_factory=dict)


def no_base(scenario: Scenario) -> Base:
    """What to compare with where nothing is known to be common: what differs from the scenario is then asked about."""
    return Base((), Scenario(settings=Settings(id=scenario.settings.id)))


def common_base(mine: StoredFile, theirs: StoredFile) -> Base | None:
    """The latest saves that both descend from; None where there are none, or neither file tells what one of them was.

    An older save is none to compare with: what was changed since and taken back would count as not touched.
    """
    shared = {state.id for state in mine.states} & {state.id for state in theirs.states}
    own = theirs.states[-1].id if theirs.states else ""  # descends from all in its file, also where no record says so
    joining = _Joining(states_by_id(mine.states, theirs.states), shared)
    latest = joining.latest({own} if own in shared else shared)
    wanted = joining.wanted(latest)
    known = contents(mine, wanted)
    known |= contents(theirs, wanted - known.keys())
    is_told = bool(latest) and all(state.id in known for state in latest)  # not so in a stranger's circle of saves
    return joining.base(latest, known) if is_told else None


class _Joining:
    """Merges the latest of saves that two files share, from what those have in common again."""

    def __init__(self, states: Mapping[str, State], shared: set[str]) -> None:
        self._states, self._shared = states, shared
        self._bases: dict[tuple[State, ...], Base] = {}

    def latest(self, ids: set[str]) -> tuple[State, ...]:
        """Those of the saves that none of the others descends from, oldest first."""
        return latest_of(self._states, ids)

    def wanted(self, latest: Sequence[State]) -> set[str]:
        """The saves whose content `base` asks for."""
        found: set[str] = set()
        rounds = {tuple(latest)} - {()}
        for _ in range(DEEPEST + 1):
            found |= {state.id for states in rounds for state in states}
            rounds = {before for states in rounds for _, before in self._steps(states)} - {()}
        return found

    def base(self, latest: tuple[State, ...], known: Mapping[str, Scenario], depth: int = 0) -> Base:
        """What these saves are, merged; from nothing where it is not known what those before them were."""
        if latest not in self._bases:
            joined = Base(latest, known[latest[0].id])
            for state, before in self._steps(latest):
                is_told = bool(before) and all(each.id in known for each in before) and depth < DEEPEST
                start = self.base(before, known, depth + 1) if is_told else no_base(joined.scenario)
                joined = _merged(start, joined, known[state.id])
            self._bases[latest] = joined
        return self._bases[latest]

    def _steps(self, latest: Sequence[State]) -> Iterator[tuple[State, tuple[State, ...]]]:
        """Each save but the first, with the latest that it has in common with all before it."""
        line = lineage(self._states, [latest[0].id])
        for state in latest[1:]:
            other = lineage(self._states, [state.id])
            yield state, self.latest(self._shared & line & other)
            line |= other


def _merged(start: Base, one: Base, other: Scenario) -> Base:
    """Two that go on from one start; what is a conflict between them is disputed, and rows in dispute are kept."""
    merged = merge(start.scenario, one.scenario, other, disputed=start.disputed)
    disputed = dict(one.disputed)
    for change in merged.conflicts:
        values = (*disputed.get(change.key, Disputed(())).values, change.mine, change.theirs)
        disputed[change.key] = Disputed(tuple(value for at, value in enumerate(values) if value not in values[:at]))
    kept = {
        change.key: Side.THEIRS if change.mine is Presence.DELETED else Side.MINE
        for change in merged.conflicts
        if change.is_row
    }
    if kept:
        merged = merge(start.scenario, one.scenario, other, kept, start.disputed)
    return replace(one, scenario=merged.scenario, disputed=disputed)
