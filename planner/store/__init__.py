"""The scenario file (.concord): an SQLite database that is read whole, never worked on in place, and replaced whole."""

from planner.store.backups import Backup, backups_of
from planner.store.protection import PassphraseNeeded, WrongPassphrase
from planner.store.reader import read_file, stamp_of
from planner.store.stored_file import ChangedOnDisk, Record, SavedOver, Stamp, State, StoredFile
from planner.store.writer import save_file

__all__ = [
    "Backup",
    "ChangedOnDisk",
    "PassphraseNeeded",
    "Record",
    "SavedOver",
    "Stamp",
    "State",
    "StoredFile",
    "WrongPassphrase",
    "backups_of",
    "read_file",
    "save_file",
    "stamp_of",
]
