"""Save a scenario file: built in memory, written beside the target, read back, and put in its place as a whole."""

import contextlib
import json
import os
import sqlite3
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from planner import __version__
from planner.files import replace_file
from planner.problems import ConcordError, EnvironmentProblem
from planner.store import backups, plans, rows
from planner.store.limits import limit_rows, limit_wholes, refuse_too_many_rows, thinned
from planner.store.protection import protect
from planner.store.reader import read_bytes, stamp_of
from planner.store.stored_file import ChangedOnDisk, Record, SavedOver, Stamp, State, StoredFile
from planner.store.turns import one_at_a_time
from planner.store.versions import APPLICATION_ID, VERSIONS
from resources.columns import new_id

NOTHING_KNOWN = Record()
MOST_TURNS = 3  # a turn can be taken away from a computer that slept


def save_file(
    path: str | os.PathLike[str],
    stored: StoredFile,
    record: Record = NOTHING_KNOWN,
    *,
    replacing: Collection[Stamp] = (),
) -> StoredFile:
    """Save as a new state that descends from those of `stored`; the result has that state and the file's stamp.

    What is replaced is kept as a backup, or `unkept` says why not. With `replacing`, a file with none of these stamps
    is not replaced: ChangedOnDisk; SavedOver where somebody replaced this save in the same moment. On other failures
    the file at `path` is as it was. Raises EnvironmentProblem with one sentence (read-only folder, disk full, open in
    another program), ConcordError where the scenario is beyond what a file holds.
    """
    target = Path(path)
    stored = _with_state(stored, record)
    content = _content(stored)
    data = _database(content)
    if stored.passphrase:
        data = protect(data, stored.passphrase)
    unkept = ""

    with one_at_a_time(target) as turn:

        def look_again() -> None:
            nonlocal unkept
            _refuse_changed(target, replacing)
            unkept = backups.keep(target)  # before others have to wait for it; most often nothing comes after it
            for _ in range(MOST_TURNS):
                turn.take()
                _refuse_changed(target, replacing)  # keeping it and waiting took a while
                unkept = backups.keep(target)
                if turn.is_mine:
                    break

        with replace_file(path, look_again=look_again) as fresh:
            fresh.write_bytes(data)
            written = fresh.read_bytes()
            if written != data:
                raise EnvironmentProblem(
                    f"{path} was not saved: the disk gave back other bytes than were written to it."
                )
            kept = read_bytes(written, target, passphrase=stored.passphrase)
            if _content(kept) != content:
                raise AssertionError("a scenario file does not read back as it was written")
        if replacing and _is_other(target, kept.stamp):
            backups.keep_bytes(target, data)
            raise SavedOver(target)
    return replace(stored, stamp=kept.stamp, unkept=unkept)


def file_bytes(stored: StoredFile) -> bytes:
    """What `save_file` would write, with one more state, and not protected. Raises ConcordError as that does."""
    return _database(_content(_with_state(stored, NOTHING_KNOWN)))


def _with_state(stored: StoredFile, record: Record) -> StoredFile:
    saved_at = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    return replace(stored, states=thinned((*stored.states, State(new_id(), saved_at, __version__, record))))


def _is_other(path: Path, stamp: Stamp | None) -> bool:
    """Whether there is another file now; what cannot be looked at was written, so it is there."""
    with contextlib.suppress(EnvironmentProblem):
        return stamp_of(path) not in (stamp, None)
    return False


def _refuse_changed(path: Path, replacing: Collection[Stamp]) -> None:
    if replacing and (found := stamp_of(path)) is not None and found not in replacing:
        raise ChangedOnDisk(path)


def _content(stored: StoredFile) -> dict[str, Sequence[tuple[Any, ...]]]:
    """The rows of every SQL table."""
    scenario = stored.scenario
    refuse_too_many_rows(scenario)
    return {
        "states": [(position, state.id, state.saved_at, state.program) for position, state in enumerate(stored.states)],
        "records": [_record(position, state.record) for position, state in enumerate(stored.states)],
        "merges": _merges(stored.states),
        "scenario": [(scenario.id, stored.states[-1].id)],
        "settings": rows.to_sql(rows.STORED_TABLES[0], (scenario.settings,)),
        **{table.name: rows.to_sql(table, table_rows) for table, table_rows in scenario.tables()},
        "plans": plans.to_sql(stored.plans),
    }


def _record(position: int, record: Record) -> tuple[Any, ...]:
    done = json.dumps(record.done, ensure_ascii=False)
    return (position, record.parent, record.person, record.comment, done, record.changes)


def _merges(states: Sequence[State]) -> list[tuple[int, str, str]]:
    pairs = ((state.id, merged) for state in states for merged in state.record.merged)
    return [(position, *pair) for position, pair in enumerate(pairs)]


def _database(content: dict[str, Sequence[tuple[Any, ...]]]) -> bytes:
    """These rows as the bytes of a database of the last version."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSIONS[-1].number}")
        connection.executescript(VERSIONS[-1].schema)
        connection.execute("BEGIN")
        for table, table_rows in content.items():
            if table_rows:
                (limit_wholes if table in ("plans", "records") else limit_rows)(connection)
                marks = ", ".join("?" * len(table_rows[0]))
                try:
                    connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', table_rows)
                except sqlite3.DataError as error:
                    raise ConcordError(
                        f"A row of the table {table} has too long a text to be saved; shorten it."
                    ) from error
        limit_wholes(connection)
        connection.execute("COMMIT")
        return connection.serialize()
