"""Schema version 2 of the scenario file, frozen with its first release: each save has a record of who changed what."""

from typing import TYPE_CHECKING

from planner.store import version_1

if TYPE_CHECKING:
    from sqlite_utils import Database

RECORDS = """
CREATE TABLE records (
    position INTEGER PRIMARY KEY REFERENCES states (position),  -- one for each save
    parent TEXT NOT NULL,  -- the save that the changes lead on from; empty where it is not known
    person TEXT NOT NULL,
    comment TEXT NOT NULL,
    done TEXT NOT NULL,  -- list of the steps that people know
    changes BLOB NOT NULL  -- as planner.history packs them
) STRICT;
"""
SCHEMA = f"{version_1.SCHEMA}{RECORDS}"


def migrate(database: "Database") -> None:
    """Nothing is known of saves from before."""
    database.executescript(RECORDS)
    database.execute("INSERT INTO records SELECT position, '', '', '', '[]', x'' FROM states")
