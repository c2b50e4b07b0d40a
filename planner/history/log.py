"""Who changed what and when, as people ask for it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from planner.history.versions import NOTHING_ELSE, Writers, versions
from planner.merge import Change, Key, differences
from planner.merge.change import SETTINGS
from planner.scenario import TABLE_BY_NAME, Scenario
from planner.store import State, StoredFile


@dataclass(frozen=True, slots=True)
class Entry:
    """One save with what it changed. Without a scenario, and then without changes, where the file does not tell.

    `writers`: of what came in with a merge, the save of the merged file that wrote it.
    """

    state: State
    changes: tuple[Change, ...] = ()
    scenario: Scenario | None = None
    writers: Mapping[Key, State] = field(default_factory=dict)

    def people(self, change: Change) -> tuple[str, str]:
        """Who wrote what a change brought, and who merged it where that is somebody else; empty where not known."""
        merger = self.state.record.person
        writer = self.writers.get(change.key, self.state).record.person
        return (merger, "") if writer == merger else (writer, merger)


def entries(stored: StoredFile, known: Mapping[str, Scenario] = NOTHING_ELSE) -> Iterator[Entry]:
    """Every save that a file descends from, the latest first on each line of them; `known` as for `versions`."""
    writers = Writers(stored, known)
    for version in versions(stored, known):
        if version.after is None or version.before is None:
            yield Entry(version.state, (), version.after)
        else:
            changes = differences(version.before, version.after)
            keys = [change.key for change in changes]
            yield Entry(version.state, changes, version.after, writers.brought_by(version.state, version.after, keys))


def partner_finder(scenario: Scenario) -> Callable[[Change], frozenset[str]]:
    """Finds the codes of the partners whom a change concerns: those named in its row, or by its pledge."""
    giver = {pledge.code: pledge.partner for pledge in scenario.pledges}

    def partners_of(change: Change) -> frozenset[str]:
        row: Any = change.row
        named = {row.code} if change.key.table == "partners" else set()
        for column in TABLE_BY_NAME[change.key.table].columns if change.key.table != SETTINGS else ():
            if column.refers_to == "partners":
                named.add(getattr(row, column.name))
            elif column.refers_to == "pledges":
                named.add(giver.get(getattr(row, column.name), ""))
        return frozenset(named - {""})

    return partners_of


def moment_words(state: State) -> str:
    """When a save was made, where it was made: `2027-01-05 09:42`."""
    return state.saved_at.replace("T", " ")[:16]
