"""What came with a file that was merged, beside the changes to the tables."""

from collections.abc import Iterable
from dataclasses import dataclass

from planner.plan import Plan
from planner.store import Stamp, State, StoredFile


@dataclass(frozen=True, slots=True)
class Arrival:
    """The file's own save (empty where it has none), the saves and plans (ids) that were not here, and its stamp."""

    save: str
    states: tuple[State, ...] = ()
    plans: tuple[str, ...] = ()
    stamp: Stamp | None = None

    @classmethod
    def of(cls, theirs: StoredFile, states: Iterable[State], plans: Iterable[Plan]) -> "Arrival":
        """What `theirs` brings to a document that has these saves and plans."""
        known, own = {state.id for state in states}, {plan.id for plan in plans}
        return cls(
            theirs.states[-1].id if theirs.states else "",
            tuple(state for state in theirs.states if state.id not in known),
            tuple(plan.id for plan in theirs.plans if plan.id not in own),
            theirs.stamp,
        )


def saves_of(arrivals: Iterable[Arrival]) -> set[str]:
    """The ids of all saves that came with these files."""
    return {state.id for arrival in arrivals for state in arrival.states}
