"""Who changed what and when, as people ask for it."""

from collections.abc import Iterator
from dataclasses import dataclass

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


def partners_of(change: Change, scenario: Scenario) -> frozenset[str]:
    """The codes of the partners whom a change concerns: those named in its row, or by its pledge."""
    name, row = change.key.table, change.row
    if name == SETTINGS:
        return frozenset()
    named = {row.code} if name == "partners" else set()  # type: ignore[attr-defined]
    for column in TABLE_BY_NAME[name].columns:
        if column.refers_to == "partners":
            named.add(getattr(row, column.name))
        elif column.refers_to == "pledges":
            code = getattr(row, column.name)
            named |= {pledge.partner for pledge in scenario.pledges if pledge.code == code}
    return frozenset(named - {""})


def moment_words(state: State) -> str:
    """When a save was made, where it was made: `2027-01-05 09:42`."""
    return state.saved_at.replace("T", " ")[:16]
