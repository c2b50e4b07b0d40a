"""Schema version 3 of the scenario file, frozen with its first release: saves know what else they descend from."""

from typing import TYPE_CHECKING

from planner.store import version_2

if TYPE_CHECKING:
    from sqlite_utils import Database

MERGES = """
CREATE TABLE merges (
    position INTEGER PRIMARY KEY,
    state TEXT NOT NULL REFERENCES states (id),
    merged TEXT NOT NULL  -- a save that it descends from beside its parent; perhaps not one of this file
) STRICT;
"""
SCHEMA = f"{version_2.SCHEMA}{MERGES}"


def migrate(database: "Database") -> None:
    """Merges were not recorded; but a file descends from all its saves, also from those that none goes on from."""
    database.executescript(MERGES)
    database.execute(
        "INSERT INTO merges SELECT position, (SELECT state FROM scenario), id FROM states "
        "WHERE id NOT IN (SELECT parent FROM records) AND id NOT IN (SELECT state FROM scenario)"
    )
