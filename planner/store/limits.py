"""How much a scenario file may hold: far more than people need, far less than would exhaust a computer."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from planner.problems import ConcordError
from planner.scenario import Scenario
from planner.store.stored_file import State

MOST_ROWS = 2_000_000  # of all tables together; twenty times a very large scenario
LONGEST_ROW = 1 << 22  # bytes, all texts of a row together
LONGEST_WHOLE = 1 << 28  # bytes of one plan, or of what one save changed, which are one value each
MOST_RECORDED = 1 << 26  # bytes of what all saves changed; a few hundred for each cell that somebody edits


def limit_rows(connection: sqlite3.Connection) -> None:
    """From here on a longer row is an sqlite3.DataError, read or written."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_ROW)


def limit_wholes(connection: sqlite3.Connection) -> None:
    """The same for plans and records of saves, and for work on whole pages."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_WHOLE)


def thinned(states: Sequence[State]) -> tuple[State, ...]:
    """The saves, with what the oldest of them changed forgotten where all that is too much; that of the last stays.

    What they descend from, who made them, when and why stays too.
    """
    room = MOST_RECORDED
    kept: list[State] = []
    for state in reversed(states):
        room -= len(state.record.changes)
        kept.append(state if room >= 0 or not kept else _without_changes(state))
    return tuple(reversed(kept))


def _without_changes(state: State) -> State:
    record = replace(state.record, parent="", changes=b"", merged=state.record.parents)
    return replace(state, record=record)


def refuse_too_many_rows(scenario: Scenario) -> None:
    """Raise ConcordError for a scenario that could be written but not be opened again."""
    count = sum(len(rows) for _, rows in scenario.tables())
    if count > MOST_ROWS:
        raise ConcordError(
            f"The scenario has {count:,} rows, more than the {MOST_ROWS:,} that a file may hold; split it in two."
        )
