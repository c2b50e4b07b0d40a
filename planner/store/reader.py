"""Read a scenario file: changes nothing, leaves nothing beside it, and takes nothing in it on trust.

The bytes are read once and opened as a database in memory, so the file is neither locked nor touched, older versions
are migrated on that copy, and what is compared later (the stamp) is what was read.
"""

import hashlib
import os
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from planner.files import saying_why
from planner.problems import EnvironmentProblem
from planner.scenario import Scenario
from planner.store import plans, rows
from planner.store.limits import MOST_ROWS, limit_rows, limit_wholes
from planner.store.protection import is_protected, unprotect
from planner.store.stored_file import Record, Stamp, State, StoredFile
from planner.store.versions import APPLICATION_ID, VERSIONS, Version, migrate, objects_of, read_objects

MAXIMUM_SIZE = 1 << 30  # bytes; a hundred times a scenario of 100,000 rows

_MAGIC = b"SQLite format 3\0"
_HEADER_SIZE = 100
_ASK_AGAIN = "open a backup or ask for the file again"


def read_file(
    path: str | os.PathLike[str], *, passphrase: str = "", versions: Sequence[Version] = VERSIONS
) -> StoredFile:
    """The content of a scenario file. Raises EnvironmentProblem with one sentence where it cannot be read.

    Of a protected file PassphraseNeeded without a passphrase, WrongPassphrase with another than its own.
    """
    return read_bytes(_bytes_of(Path(path)), Path(path), versions, passphrase)


def stamp_of(path: str | os.PathLike[str]) -> Stamp | None:
    """The stamp of a file as it is now; None where there is no file. Raises EnvironmentProblem."""
    with saying_why(Path(path), "read"):
        try:
            return _stamp(Path(path).read_bytes())
        except FileNotFoundError:
            return None


def read_bytes(data: bytes, path: Path, versions: Sequence[Version] = VERSIONS, passphrase: str = "") -> StoredFile:
    """The content of these bytes of a scenario file; `path` only names it in messages. Raises EnvironmentProblem."""
    if is_protected(data):
        plain = read_bytes(unprotect(data, passphrase, path), path, versions)
        return replace(plain, stamp=_stamp(data), passphrase=passphrase)
    _check_header(data, path, versions)
    try:
        with _opened(data) as connection:
            _check_database(connection, path, versions)
            migrate(connection, _number(data, 60), versions)
            connection.execute("PRAGMA query_only = ON")
            _check_counts(connection, path)
            return _read_content(connection, _stamp(data))
    except (sqlite3.Error, UnicodeError, OverflowError, MemoryError, rows.DamagedContent) as error:
        # MemoryError: a damaged length field asks for more than there is.
        raise EnvironmentProblem(f"{path} is damaged and was not opened; {_ASK_AGAIN}.") from error


def _bytes_of(path: Path) -> bytes:
    with saying_why(path, "read"):
        size = path.stat().st_size
        if path.exists() and not path.is_dir() and not path.is_file():  # a device or a pipe may never end
            raise EnvironmentProblem(f"{path} is not a file; choose a Concord file.")
        if size > MAXIMUM_SIZE:
            raise EnvironmentProblem(f"{path} is {size:,} bytes, too large for a Concord file; choose another file.")
        return path.read_bytes()


def _number(data: bytes, offset: int) -> int:
    """Four bytes of the header as a number."""
    return int.from_bytes(data[offset : offset + 4], "big")


def _check_header(data: bytes, path: Path, versions: Sequence[Version]) -> None:
    """Refuse files that are empty, foreign, newer, cut short or changed by other programs, each by its own sentence."""
    if not data:
        raise EnvironmentProblem(f"{path} is empty, its content was lost; {_ASK_AGAIN}.")
    if data[:16] != _MAGIC[: len(data)] or (len(data) >= _HEADER_SIZE and _number(data, 68) != APPLICATION_ID):
        raise EnvironmentProblem(f"{path} is not a Concord file; choose a file that Concord has saved.")
    page_size = int.from_bytes(data[16:18], "big")
    expected = (65536 if page_size == 1 else page_size) * _number(data, 28)
    if len(data) < max(expected, _HEADER_SIZE):
        raise EnvironmentProblem(
            f"{path} is incomplete: {len(data):,} of {max(expected, _HEADER_SIZE):,} bytes are there; {_ASK_AGAIN}."
        )
    number, last = _number(data, 60), versions[-1].number
    if number > last:
        raise EnvironmentProblem(
            f"{path} was saved by a newer Concord (file version {number}, this one reads up to version {last}); "
            "install the newer Concord to open it."
        )
    if data[18:20] != b"\x01\x01":  # part of the content may be in a file beside it
        raise EnvironmentProblem(f"{path} was changed by another program and was not opened; {_ASK_AGAIN}.")


@contextmanager
def _opened(data: bytes) -> Iterator[sqlite3.Connection]:
    """The bytes as a database in memory that runs no code of its own."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.deserialize(data)
        for limit in (sqlite3.SQLITE_LIMIT_ATTACHED, sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH):
            connection.setlimit(limit, 0)
        limit_wholes(connection)
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "foreign_keys = ON", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        if sys.version_info >= (3, 12):
            connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
        yield connection
    finally:
        connection.close()


def _check_database(connection: sqlite3.Connection, path: Path, versions: Sequence[Version]) -> None:
    """Refuse a database whose schema is not exactly that of its version, before any of its tables is read."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    schemas = {version.number: version.schema for version in versions}
    if number not in schemas or read_objects(connection) != objects_of(schemas[number]):
        raise EnvironmentProblem(f"{path} was changed by another program and was not opened; {_ASK_AGAIN}.")
    if connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
        raise rows.DamagedContent("quick_check")
    if connection.execute("PRAGMA foreign_key_check").fetchall():
        raise rows.DamagedContent("foreign_key_check")


def _check_counts(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse more rows than a computer should be asked to hold, before any is read."""
    tables = ("states", "records", "merges", "plans", *(table.name for table in rows.STORED_TABLES))
    count = sum(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables)
    if count > MOST_ROWS:
        raise EnvironmentProblem(
            f"{path} has {count:,} rows, more than the {MOST_ROWS:,} that Concord opens; choose another file."
        )


def _read_content(connection: sqlite3.Connection, stamp: Stamp) -> StoredFile:
    """Everything in the database. Raises sqlite3.Error and DamagedContent."""
    limit_rows(connection)
    content = {
        table.name: rows.from_sql(table, _select(connection, table.name, rows.names_of(table)))
        for table in rows.STORED_TABLES
    }
    limit_wholes(connection)
    states = _read_states(connection)
    scenarios = connection.execute("SELECT id, state FROM scenario").fetchall()
    if len(scenarios) != 1 or len(content["settings"]) != 1 or not states:
        raise rows.DamagedContent("not one scenario")
    identity, state = _texts(scenarios[0])
    if state != states[-1].id:
        raise rows.DamagedContent("the last state is not the file's own")
    (settings,) = content.pop("settings")
    return StoredFile(
        scenario=Scenario(settings=settings, id=identity, **content),
        plans=plans.from_sql([_texts(row)[0] for row in _select(connection, "plans", ("json",))]),
        states=states,
        stamp=stamp,
    )


def _read_states(connection: sqlite3.Connection) -> tuple[State, ...]:
    saves = _select(connection, "states", ("id", "saved_at", "program"))
    records = _select(connection, "records", ("parent", "person", "comment", "done", "changes"))
    if len(saves) != len(records):
        raise rows.DamagedContent("not one record for each save")
    merged: dict[str, list[str]] = defaultdict(list)
    for row in _select(connection, "merges", ("state", "merged")):
        state, other = _texts(row)
        merged[state].append(other)
    return tuple(_read_state(merged, *save, *record) for save, record in zip(saves, records, strict=True))


def _read_state(merged: Mapping[str, Sequence[str]], *fields: Any) -> State:
    *texts, changes = fields
    identity, saved_at, program, parent, person, comment, done = _texts(tuple(texts))
    if type(changes) is not bytes:
        raise rows.DamagedContent("bytes expected")
    record = Record(parent, person, comment, rows.read_codes(done), changes, tuple(merged.get(identity, ())))
    return State(identity, saved_at, program, record)


def _select(connection: sqlite3.Connection, table: str, names: Sequence[str]) -> list[tuple[Any, ...]]:
    quoted = ", ".join(f'"{name}"' for name in names)
    return connection.execute(f'SELECT {quoted} FROM "{table}" ORDER BY position').fetchall()


def _texts(row: tuple[Any, ...]) -> tuple[str, ...]:
    if any(type(value) is not str for value in row):
        raise rows.DamagedContent("text expected")
    return row


def _stamp(data: bytes) -> Stamp:
    return Stamp(len(data), hashlib.sha256(data).hexdigest())
