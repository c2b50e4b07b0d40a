"""How much a scenario file may hold: far more than people need, far less than would exhaust a computer."""

import sqlite3

from planner.problems import ConcordError
from planner.scenario import Scenario

MOST_ROWS = 2_000_000  # of all tables together; twenty times a very large scenario
LONGEST_ROW = 1 << 22  # bytes, all texts of a row together
LONGEST_WHOLE = 1 << 28  # bytes of one plan, or of what one save changed, which are one value each


def limit_rows(connection: sqlite3.Connection) -> None:
    """From here on a longer row is an sqlite3.DataError, read or written."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_ROW)


def limit_wholes(connection: sqlite3.Connection) -> None:
    """The same for plans and records of saves, and for work on whole pages."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_WHOLE)


def refuse_too_many_rows(scenario: Scenario) -> None:
    """Raise ConcordError for a scenario that could be written but not be opened again."""
    count = sum(len(rows) for _, rows in scenario.tables())
    if count > MOST_ROWS:
        raise ConcordError(
            f"The scenario has {count:,} rows, more than the {MOST_ROWS:,} that a file may hold; split it in two."
        )
