"""Differences and history as tables to look at, to filter and to export."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from planner.history import Entry, entries, joined_states, moment_words, partner_finder
from planner.merge import Change, differences
from planner.merge.change import Presence
from planner.report.table import ReportColumn, Table
from planner.scenario import Scenario
from planner.sharing import copies_in
from planner.store import StoredFile
from resources.columns import Kind
from ui.desktop.versions.change_words import ChangeWords

MOST_TOLD = 20_000  # changes of one save; the file has them all
CHANGE_COLUMNS = (
    ReportColumn("sheet", "Sheet"),
    ReportColumn("row", "Row"),
    ReportColumn("partner", "Partner"),
    ReportColumn("column", "Column"),
    ReportColumn("before", "Before"),
    ReportColumn("after", "After"),
)
SAVE_COLUMNS = (
    ReportColumn("when", "When"),
    ReportColumn("who", "Who"),
    ReportColumn("changes", "Changes", Kind.WHOLE),
    ReportColumn("comment", "Comment"),
    ReportColumn("done", "What was done"),
)
UNSAVED = ""  # in place of the id of a save: what is not saved yet


@dataclass(frozen=True, slots=True)
class History:
    """The saves, the latest first, with their ids; and every change, each with the place of its save."""

    saves: Table
    ids: tuple[str, ...]
    changes: Table
    save_of: tuple[int, ...]

    def changes_of(self, save: int) -> Table:
        """The changes of one save alone."""
        rows = (row for row, at in zip(self.changes.rows, self.save_of, strict=True) if at == save)
        return changes_table("history", "Changes", rows, is_history=True)


def difference_table(before: Scenario, after: Scenario) -> Table:
    """What differs between two scenarios, a line for each cell or row."""
    return changes_table("differences", "Differences", _rows(differences(before, after), after))


def changes_table(key: str, title: str, rows: Iterable[tuple[Any, ...]], *, is_history: bool = False) -> Table:
    """A table of changes; of a history with who made them and when."""
    return Table(key, title, (*(SAVE_COLUMNS[:2] if is_history else ()), *CHANGE_COLUMNS), tuple(rows))


def history(stored: StoredFile, now: Scenario, person: str) -> History:
    """Who changed what, from the saves of a file and what was changed since by `person`."""
    place = {state.id: number for number, state in enumerate(joined_states(stored.states))}
    told = [(place[entry.state.id], *_told(entry)) for entry in entries(stored, copies_in(stored))]
    if stored.states and (fresh := differences(stored.scenario, now)):
        save = ("not saved yet", person, len(fresh), "", "")
        told.append((len(place), UNSAVED, save, [(*save[:2], *row) for row in _rows(fresh, now)]))
    told.sort(key=lambda each: -each[0])
    saves = Table("saves", "Saves", SAVE_COLUMNS, tuple(save for _, _, save, _ in told))
    rows = [(at, row) for at, (_, _, _, changes) in enumerate(told) for row in changes]
    return History(
        saves,
        tuple(state_id for _, state_id, _, _ in told),
        changes_table("history", "Changes", (row for _, row in rows), is_history=True),
        tuple(at for at, _ in rows),
    )


def _told(entry: Entry) -> tuple[str, tuple[Any, ...], list[tuple[Any, ...]]]:
    record = entry.state.record
    by = (moment_words(entry.state), record.person or "not known")
    is_first = not record.parents
    done = "; ".join(record.done) or ("first save, or saved before Concord kept a history" if is_first else "")
    save = (*by, len(entry.changes) if record.parent else None, record.comment, done)
    if entry.scenario is None:
        return entry.state.id, save, []
    rows = zip(entry.changes, _rows(entry.changes, entry.scenario), strict=False)  # not all may be told
    return entry.state.id, save, [(by[0], _people(entry, change), *row) for change, row in rows]


def _people(entry: Entry, change: Change) -> str:
    """`Ben, merged by Ana`."""
    writer, merger = entry.people(change)
    return f"{writer or 'not known'}, merged by {merger}" if merger else writer or "not known"


def _rows(changes: tuple[Change, ...], scenario: Scenario) -> Iterator[tuple[Any, ...]]:
    words, partners_of = ChangeWords(scenario), partner_finder(scenario)
    names = {row.code: row.name or row.code for row in scenario.partners}
    for change in changes[:MOST_TOLD]:
        partners = "; ".join(names.get(code, code) for code in sorted(partners_of(change)))
        yield (words.sheet(change), words.row(change), partners, words.column(change), *_values(words, change))
    if len(changes) > MOST_TOLD:
        yield ("", f"... and {len(changes) - MOST_TOLD:,} more", "", "", "", "")


def _values(words: ChangeWords, change: Change) -> tuple[str, str]:
    if change.is_row:
        return ("–", "added") if change.base is Presence.ABSENT else ("present", "deleted")
    return words.value(change, change.base), words.value(change, change.theirs)
