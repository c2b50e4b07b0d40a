"""The released schema versions of the scenario file, in order, and the way from each to the next.

A file of an older version is migrated as a copy in memory; the file itself keeps every byte until it is saved.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from planner.store import version_1, version_2, version_3

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = int.from_bytes(b"Conc", "big")  # bytes 68 to 71 of every scenario file


@dataclass(frozen=True, slots=True)
class Version:
    """A released schema, and the function that turns a database of the version before into one of this version."""

    number: int
    schema: str
    migrate: "Callable[[Database], None] | None" = None


VERSIONS: tuple[Version, ...] = (
    Version(1, version_1.SCHEMA),
    Version(2, version_2.SCHEMA, version_2.migrate),
    Version(3, version_3.SCHEMA, version_3.migrate),
)


def migrate(connection: sqlite3.Connection, number: int, versions: Sequence[Version] = VERSIONS) -> None:
    """Bring a database of version `number` to the last version, step by step.

    Give it a copy: a failure leaves it half way.
    """
    later = [version for version in versions if version.number > number]
    if not later:
        return
    from sqlite_utils import Database  # takes half a second: it brings pandas in

    database = Database(connection)
    for version in later:
        if version.migrate is None:
            raise ValueError(f"no migration leads to version {version.number}")
        version.migrate(database)
        connection.execute(f"PRAGMA user_version = {version.number}")


@cache
def objects_of(schema: str) -> tuple[tuple[str, str, str, str | None], ...]:
    """Everything that a database of this schema holds: type, name, table and SQL text of each object, sorted."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(schema)
        return read_objects(connection)


def read_objects(connection: sqlite3.Connection) -> tuple[tuple[str, str, str, str | None], ...]:
    """Everything that this database holds: type, name, table and SQL text of each object, sorted."""
    return tuple(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"))
