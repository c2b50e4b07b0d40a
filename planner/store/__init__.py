"""The scenario file (.concord): an SQLite database that is read whole, never worked on in place, and replaced whole."""

from planner.store.reader import read_file, stamp_of
from planner.store.stored_file import Record, Stamp, State, StoredFile
from planner.store.writer import save_file

__all__ = ["Record", "Stamp", "State", "StoredFile", "read_file", "save_file", "stamp_of"]
