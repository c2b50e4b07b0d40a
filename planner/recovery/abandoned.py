"""Journals that a crash left behind: found at the next start, offered, and recovered or put aside.

A journal belongs to the process that holds its lock; the system gives the lock back when that process is gone, however
it ended, so that no number of a process has to be trusted.
"""

import contextlib
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from planner.document import Document
from planner.drafts import Draft
from planner.environment.folder import is_taken
from planner.files import saying_why
from planner.problems import ConcordError, EnvironmentProblem
from planner.recovery.arrivals import arrival_from_json
from planner.recovery.frames import read_frames
from planner.recovery.journal import (
    LOCK,
    RECORDS,
    VERSION,
    Base,
    Journal,
    Record,
    Tell,
    opened_record,
    remove_folder,
)
from planner.recovery.recorder import Recorder
from planner.recovery.steps import step_from_json
from planner.store import PassphraseNeeded, WrongPassphrase, plans
from planner.store.rows import DamagedContent

DISCARDED = "discarded"  # the folder of those that nobody wanted
DAYS_KEPT = 30
A_DAY = 86_400  # seconds
_Unreadable = (ConcordError, DamagedContent, KeyError, TypeError, ValueError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class Abandoned:
    """What one journal holds that was not saved: `count` changes to `title`, the last one at `last_at` (ISO 8601)."""

    folder: Path
    title: str
    path: Path | None
    count: int
    last_at: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """A document as it was before the crash, and the recorder that goes on with its journal.

    `is_whole`: False where its end could not be read (the last write was cut short, most likely); the journal is then
    kept as it was in the folder of those that were discarded.
    """

    document: Document
    recorder: Recorder
    is_whole: bool


def find_abandoned(root: Path) -> tuple[Abandoned, ...]:
    """The journals of processes that are gone, the latest first. Those without a change go away."""
    found = []
    with contextlib.suppress(OSError):
        for folder in root.iterdir():
            if folder.name != DISCARDED and folder.is_dir() and (described := _describe(folder)) is not None:
                found.append(described)
    return tuple(sorted(found, key=lambda each: each.last_at, reverse=True))


def recover(abandoned: Abandoned, tell: Tell, passphrase: str = "") -> Recovered:
    """The document with all that the journal holds, unsaved as it was. Raises EnvironmentProblem.

    Of a protected file PassphraseNeeded without its passphrase, WrongPassphrase with another. `tell` is the recorder's.
    What is on disk stays as it is until the document is saved or closed.
    """
    folder = abandoned.folder
    with contextlib.ExitStack() as stack:
        lock = stack.enter_context(_lock_of(folder))
        frames = _frames_of(folder)
        try:
            base = Base.read(folder, json.loads(frames[0][0]), passphrase)
        except (PassphraseNeeded, WrongPassphrase):
            raise
        except (*_Unreadable, IndexError) as problem:
            raise EnvironmentProblem(
                f"The changes to “{abandoned.title}” cannot be read; they are kept in {folder}."
            ) from problem
        document = Document(
            base.stored,
            path=base.path,
            is_saved=base.is_stored,
            problems=base.problems,
            arrivals=base.arrivals,
            origin=base.origin,
        )
        end = frames[_replayed(document, frames, base) - 1][1]
        with saying_why(folder):
            is_whole = end == (folder / RECORDS).stat().st_size
            if not is_whole:
                shutil.copytree(folder, _aside(folder), ignore=shutil.ignore_patterns(LOCK), dirs_exist_ok=True)
            journal = Journal.adopt(folder, lock, end, base, tell)
        stack.pop_all()  # the journal holds the lock from here on
    return Recovered(document, Recorder(document, folder.parent, tell, journal), is_whole)


def discard(abandoned: Abandoned) -> Path:
    """Put a journal aside, to be kept for a month. Returns where. Raises EnvironmentProblem."""
    with _lock_of(abandoned.folder):
        pass
    return _put_aside(abandoned.folder)  # with its lock given back: some systems move no open files


def remove_old_discarded(root: Path) -> None:
    """Remove what was discarded more than a month ago."""
    oldest = time.time() - DAYS_KEPT * A_DAY
    with contextlib.suppress(OSError):
        for folder in (root / DISCARDED).iterdir():
            if float(folder.name.partition("-")[0]) < oldest:
                remove_folder(folder)


def _aside(folder: Path) -> Path:
    return folder.parent / DISCARDED / f"{time.time():.0f}-{folder.name}"


def _put_aside(folder: Path) -> Path:
    target = _aside(folder)
    with saying_why(target):
        target.parent.mkdir(exist_ok=True)
        folder.rename(target)
    return target


def _lock_of(folder: Path) -> IO[bytes]:
    """The lock of a journal that nobody holds. Raises EnvironmentProblem where another window has it, or had it."""
    with saying_why(folder, "read"):
        lock = (folder / LOCK).open("ab")
    if not is_taken(lock):
        lock.close()
        raise EnvironmentProblem("Another window of Concord works on these changes already.")
    return lock


def _frames_of(folder: Path) -> list[tuple[bytes, int]]:
    with saying_why(folder / RECORDS, "read"):
        return read_frames((folder / RECORDS).read_bytes())


def _describe(folder: Path) -> Abandoned | None:
    """What there is to recover; None for a journal in use, of a newer Concord, or without a change."""
    if not (folder / RECORDS).exists():
        if time.time() - folder.stat().st_mtime > A_DAY:  # it may be about to begin
            remove_folder(folder)
        return None
    try:
        with _lock_of(folder):
            records: list[Record] = [json.loads(payload) for payload, _ in _frames_of(folder)]
    except (ConcordError, ValueError):
        return None
    if not records:
        _put_aside(folder)
        return None
    header, *changes = records
    if header["version"] > VERSION:
        return None
    count = _count(changes, header["plans"])
    if not count:
        remove_folder(folder)
        return None
    path = Path(header["path"]) if header["path"] else None
    return Abandoned(folder, header["title"], path, count, changes[-1]["at"])


def _count(records: Sequence[Record], old_plans: Sequence[str]) -> int:
    """How many changes are in force: edits that were not undone, plans, and drafts."""
    step = 0
    sealed = set[str]()  # the kinds of what can only be told to be there
    kept, fresh = set(old_plans), set[str]()
    drafts = set[tuple[str, str]]()
    for record in records:
        match record["do"]:
            case "edit" | "merge" | "redo":
                step += 1
            case "undo":
                step -= 1
            case "plans" | "drafts" if "sealed" in record:
                sealed.add(record["do"])
            case "plans":
                kept = set(record["ids"])
                fresh |= record["fresh"].keys()
            case "drafts":
                for row_id, column, words in record["cells"]:
                    (drafts.discard if words is None else drafts.add)((row_id, column))
    return step + len(fresh & kept | set(old_plans) - kept) + len(drafts) + len(sealed)


def _replayed(document: Document, frames: Sequence[tuple[bytes, int]], base: Base) -> int:
    """Do to the document what the records say; returns how many could be read, the header among them."""
    for place, (payload, _) in enumerate(frames[1:], start=1):
        try:
            _replay(document, opened_record(json.loads(payload), base))
        except _Unreadable:
            return place
    return len(frames)


def _replay(document: Document, record: Record) -> None:
    match record["do"]:
        case "edit":
            document.apply(record["label"], lambda scenario: step_from_json(scenario, record["tables"]))
        case "merge":
            merged = step_from_json(document.scenario, record["tables"])
            came = tuple(arrival_from_json(arrival) for arrival in record["arrivals"])
            document.take(record["label"], merged, document.arrivals[: record["kept"]] + came)
        case "undo":
            document.undo()
        case "redo":
            document.redo()
        case "plans":
            known = {plan.id: plan for plan in document.plans}
            known |= {plan.id: plan for plan in plans.from_sql(tuple(record["fresh"].values()))}
            document.set_plans(tuple(known[plan_id] for plan_id in record["ids"]))
        case "drafts":
            cells = record["cells"]
            document.change_drafts(
                {(row_id, column): None if words is None else Draft(*words) for row_id, column, words in cells}
            )
        case _:
            raise ValueError(f"no such record: {record['do']}")
