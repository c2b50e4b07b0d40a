"""Who changed what and when, as people ask for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from planner.history.versions import versions
from planner.merge import Change, differences
from planner.merge.change import SETTINGS
from planner.scenario import TABLE_BY_NAME, Scenario
from planner.store import State, StoredFile


@dataclass(frozen=True, slots=True)
class Entry:
    """One save with what it changed. Without a scenario, and then without changes, where the file does not tell."""

    state: State
    changes: tuple[Change, ...] = ()
    scenario: Scenario | None = None


def entries(stored: StoredFile) -> Iterator[Entry]:
    """Every save that a file descends from, the latest first on each line of them."""
    for version in versions(stored):
        if version.after is None or version.before is None:
            yield Entry(version.state, (), version.after)
        else:
            yield Entry(version.state, differences(version.before, version.after), version.after)


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
