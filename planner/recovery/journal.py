"""One journal on disk: a folder with the content it starts from, the records since, and a lock held while it is in use.

Written on a thread of its own, so that nobody waits for the disk: a record is confirmed once it is in the file.
"""

import contextlib
import json
import os
import shutil
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from planner.environment.folder import is_taken
from planner.files import flush_folder, saying_why
from planner.problems import EnvironmentProblem, Place, Problem, Severity
from planner.recovery.frames import MAGIC, framed
from planner.store import Stamp, StoredFile, read_file, save_file, stamp_of
from resources.columns import new_id

VERSION = 2
BASE, RECORDS, LOCK = "base.concord", "journal", "in-use.lock"  # the files of a journal
Record = dict[str, Any]
Tell = Callable[[Exception], None]


@dataclass(frozen=True, slots=True)
class Base:
    """What a journal starts from: a document as it was opened or saved last."""

    stored: StoredFile
    path: Path | None
    is_stored: bool
    problems: tuple[Problem, ...] = ()

    def header(self) -> Record:
        """The first record of the journal: what the copy of the content does not say."""
        stamp = self.stored.stamp
        return {
            "version": VERSION,
            "title": self.stored.scenario.settings.title,
            "path": None if self.path is None else str(self.path),
            "stamp": None if stamp is None else asdict(stamp),
            "states": len(self.stored.states),
            "plans": [plan.id for plan in self.stored.plans],
            "is_stored": self.is_stored,
            "is_protected": bool(self.stored.passphrase),
            "problems": [asdict(problem) for problem in self.problems],
        }

    def write(self, target: Path) -> None:
        """Copy the file it was read from where that is still the same, else write it anew.

        Without its passphrase, which no journal keeps: journals are for this user alone.
        """
        if self.stored.passphrase:
            save_file(target, replace(self.stored, passphrase=""))
            return
        with contextlib.suppress(OSError, EnvironmentProblem):
            if self.path is not None and self.stored.stamp is not None:
                shutil.copyfile(self.path, target)
                if stamp_of(target) == self.stored.stamp:
                    return
        save_file(target, self.stored)

    @classmethod
    def read(cls, source: Path, header: Record) -> "Base":
        """What `write` and `header` kept. Raises EnvironmentProblem, KeyError, TypeError or ValueError."""
        stored = read_file(source)
        goes_on = header["path"] and not header.get("is_protected")  # else saving would write it without protection
        return cls(
            replace(
                stored,
                states=stored.states[: header["states"]],  # a copy written anew has one more
                stamp=Stamp(**header["stamp"]) if header["stamp"] else None,
            ),
            Path(header["path"]) if goes_on else None,
            header["is_stored"],
            tuple(_problem(problem) for problem in header["problems"]),
        )


def _problem(data: Record) -> Problem:
    return Problem(data["code"], data["message"], Place(**data["where"]), Severity(data["severity"]))


class Journal:
    """Begins on disk with its first record. `tell` is called on the journal's thread when it cannot be written."""

    def __init__(self, root: Path, base: Base, tell: Tell) -> None:
        self._root, self._base, self._tell = root, base, tell
        self._folder: Path | None = None
        self._lock: IO[bytes] | None = None
        self._file: IO[bytes] | None = None
        self._end = 0  # of what is confirmed
        self._pending: deque[Callable[[], Record]] = deque()
        self._has_told = False
        self._is_closing = False
        self._last: Future[None] | None = None
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="concord-journal")

    @classmethod
    def adopt(cls, folder: Path, lock: IO[bytes], end: int, base: Base, tell: Tell) -> "Journal":
        """Go on with a journal that another process left behind, after its offset `end`."""
        journal = cls(folder.parent, base, tell)
        journal._folder, journal._lock, journal._end = folder, lock, end
        journal._file = (folder / RECORDS).open("r+b", buffering=0)
        return journal

    def append(self, make: Callable[[], Record]) -> None:
        """Write the record that `make` returns; it is called on the journal's thread."""
        self._pending.append(make)
        self._do(self._write_pending)

    def is_written(self, seconds: float | None = None) -> bool:
        """Wait until all that was appended is confirmed; False where that took longer, or cannot be."""
        if self._last is not None:
            wait([self._last], seconds)
            if not self._last.done():
                return False
        return not self._pending

    def close(self) -> None:
        """Remove it: the document is saved or closed, nothing has to be recovered."""
        self._is_closing = True  # what waits is not written any more; the thread may be at it, so it stays in place
        if self._last is not None or self._folder is not None:
            self._do(self._remove)
        self._writer.shutdown(wait=True)

    def leave(self) -> None:
        """Give it back as it is on disk."""
        self._do(self._close_files)
        self._writer.shutdown(wait=True)

    def _do(self, work: Callable[[], None]) -> None:
        self._last = self._writer.submit(self._saying_why, work)

    def _saying_why(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as problem:  # a full disk is told, and so is a fault: nobody waits for this thread
            if not self._has_told:
                self._has_told = True
                self._tell(problem)

    def _write_pending(self) -> None:
        """Write what waits, all of it with one flush. After a failure it waits for the next attempt."""
        waiting = len(self._pending)
        if not waiting or self._is_closing:
            return
        with saying_why(self._root):
            if self._file is None:
                self._begin()
            assert self._file is not None
            data = b"".join(_encoded(self._pending[place]()) for place in range(waiting))
            self._end = _written(self._file, self._end, data)
        for _ in range(waiting):
            self._pending.popleft()
        self._has_told = False  # what fails after this is news

    def _begin(self) -> None:
        """Make the folder: the lock first, the records last, so that a folder with records is complete."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)  # what is in it is for this user alone
        folder = self._root / new_id()
        folder.mkdir()
        lock = (folder / LOCK).open("ab")
        try:
            if not is_taken(lock):
                raise BlockingIOError("another program holds the lock of a journal that begins")
            self._base.write(folder / BASE)
            with (folder / RECORDS).open("xb", buffering=0) as file:
                end = _written(file, 0, MAGIC + _encoded(self._base.header()))
            flush_folder(folder)
            flush_folder(self._root)
        except BaseException:
            lock.close()
            remove_folder(folder)
            raise
        self._folder, self._lock, self._end = folder, lock, end
        self._file = (folder / RECORDS).open("r+b", buffering=0)

    def _remove(self) -> None:
        self._close_files()
        if self._folder is not None:
            remove_folder(self._folder)
            self._folder = None

    def _close_files(self) -> None:
        for file in (self._file, self._lock):
            if file is not None:
                file.close()
        self._file = self._lock = None


def _encoded(record: Record) -> bytes:
    return framed(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode())


def _written(file: IO[bytes], end: int, data: bytes) -> int:
    """Put data behind offset `end`, in place of what a failed attempt left there, on the disk itself."""
    file.truncate(end)
    file.seek(end)
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
    os.fsync(file.fileno())
    return end + len(data)


def remove_folder(folder: Path) -> None:
    """Remove a journal, its records first: what is left of a removal that is cut short is no journal."""
    with contextlib.suppress(OSError):
        (folder / RECORDS).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
