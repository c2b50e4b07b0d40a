"""One journal on disk: a folder with the content it starts from, the records since, and a lock held while it is in use.

Written on a thread of its own, so that nobody waits for the disk: a record is confirmed once it is in the file.
"""

import contextlib
import json
import os
import shutil
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from planner.arrival import Arrival
from planner.environment.folder import is_taken
from planner.files import flush_folder, saying_why
from planner.problems import EnvironmentProblem, Place, Problem, Severity
from planner.recovery.arrivals import arrival_of_outline, outline_of
from planner.recovery.frames import MAGIC, framed
from planner.store import Stamp, StoredFile, read_file, save_file, stamp_of
from planner.store.reader import read_bytes
from planner.store.seal import Seal, seal_for, seal_of
from planner.store.writer import file_bytes
from resources.columns import new_id

VERSION = 3
BASE, ORIGIN, RECORDS, LOCK = "base.concord", "origin.concord", "journal", "in-use.lock"  # the files of a journal
Record = dict[str, Any]
Tell = Callable[[Exception], None]


@dataclass(frozen=True, slots=True)
class Base:
    """What a journal starts from: a document as it was opened or saved last.

    `arrivals`: what came with the files merged into it since it was opened, which undo beyond that save takes away.
    `origin`: the save that the next one is recorded against, where that is another.
    """

    stored: StoredFile
    path: Path | None
    is_stored: bool
    problems: tuple[Problem, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    origin: StoredFile | None = None

    @property
    def seal(self) -> Seal | None:
        """By what the journal of a protected file is sealed; slow when first asked for."""
        return seal_for(self.stored.passphrase) if self.stored.passphrase else None

    def header(self) -> Record:
        """The first record of the journal, which is never sealed: what the copy of the content does not say."""
        stamp, seal = self.stored.stamp, self.seal
        name = self.path.stem if self.path is not None else "Protected scenario"
        return {
            "version": VERSION,
            "title": self.stored.scenario.settings.title if seal is None else name,
            "key": None if seal is None else b64encode(seal.protected_key).decode("ascii"),
            "path": None if self.path is None else str(self.path),
            "stamp": None if stamp is None else asdict(stamp),
            "states": len(self.stored.states),
            "plans": [plan.id for plan in self.stored.plans],
            "is_stored": self.is_stored,
            "problems": [asdict(problem) for problem in self.problems],
            "arrivals": [outline_of(arrival) for arrival in self.arrivals],
            "origin": None if self.origin is None else len(self.origin.states),
        }

    def write(self, folder: Path) -> None:
        """Put the content, and that of another origin, there; a protected one sealed."""
        for name, stored in ((BASE, self.stored), (ORIGIN, self.origin)):
            if stored is not None:
                self._write(folder / name, stored)
                with (folder / name).open("r+b") as written:
                    os.fsync(written.fileno())

    def _write(self, target: Path, stored: StoredFile) -> None:
        """Copy the file it was read from where that is still the same, else write it anew."""
        if self.seal is not None:
            target.write_bytes(self.seal.close(file_bytes(stored)))
            return
        with contextlib.suppress(OSError, EnvironmentProblem):
            if self.path is not None and stored.stamp is not None:
                shutil.copyfile(self.path, target)
                if stamp_of(target) == stored.stamp:
                    return
        save_file(target, stored)

    @classmethod
    def read(cls, folder: Path, header: Record, passphrase: str) -> "Base":
        """What `write` and `header` kept. Raises EnvironmentProblem, KeyError, TypeError or ValueError.

        PassphraseNeeded and WrongPassphrase where it is sealed.
        """
        path = Path(header["path"]) if header["path"] else None
        key = header.get("key")
        seal = seal_of(b64decode(key), passphrase, path or Path(header["title"])) if key else None
        stored = _read(folder / BASE, seal, header["states"], passphrase)
        count = header.get("origin")
        goes_on = not header.get("is_protected")  # an older journal: saving would write the file without protection
        return cls(
            replace(stored, stamp=Stamp(**header["stamp"]) if header["stamp"] else None),
            path if goes_on else None,
            header["is_stored"],
            tuple(_problem(problem) for problem in header["problems"]),
            tuple(arrival_of_outline(arrival, stored.states) for arrival in header.get("arrivals", ())),
            None if count is None else _read(folder / ORIGIN, seal, count, passphrase),
        )


def _read(source: Path, seal: Seal | None, count: int, passphrase: str) -> StoredFile:
    """A file with so many saves: a copy written anew has one more."""
    if seal is None:
        stored = read_file(source)
    else:
        with saying_why(source, "read"):
            sealed = source.read_bytes()
        stored = replace(read_bytes(seal.open(sealed, source), source), passphrase=passphrase)
    return replace(stored, states=stored.states[:count])


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
        self._replaced: list[Journal] = []
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

    def replace(self, old: "Journal") -> None:
        """Remove an older journal once all that was appended to this one is confirmed; nobody waits for that."""
        self._replaced.append(old)
        self._do(self._remove_replaced)

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
            seal = self._base.seal
            data = b"".join(_encoded(_sealed(self._pending[place](), seal)) for place in range(waiting))
            self._end = _written(self._file, self._end, data)
        for _ in range(waiting):
            self._pending.popleft()
        self._has_told = False  # what fails after this is news
        self._remove_replaced()

    def _remove_replaced(self) -> None:
        if not self._pending:
            self._close_replaced()

    def _close_replaced(self) -> None:
        while self._replaced:
            self._replaced.pop().close()

    def _begin(self) -> None:
        """Make the folder: the lock first, the records last, so that a folder with records is complete."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)  # what is in it is for this user alone
        folder = self._root / new_id()
        folder.mkdir()
        lock = (folder / LOCK).open("ab")
        try:
            if not is_taken(lock):
                raise BlockingIOError("another program holds the lock of a journal that begins")
            self._base.write(folder)
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
        self._close_replaced()
        self._close_files()
        if self._folder is not None:
            remove_folder(self._folder)
            self._folder = None

    def _close_files(self) -> None:
        for file in (self._file, self._lock):
            if file is not None:
                file.close()
        self._file = self._lock = None


def opened_record(record: Record, base: Base) -> Record:
    """A record as it was before it was sealed. Raises EnvironmentProblem, KeyError or ValueError."""
    if base.seal is None or "sealed" not in record:
        return record
    opened: Record = json.loads(base.seal.open(b64decode(record["sealed"]), Path(RECORDS)))
    return opened


def _sealed(record: Record, seal: Seal | None) -> Record:
    """A record of which everybody sees no more than when what kind of thing was done."""
    if seal is None:
        return record
    sealed = b64encode(seal.close(json.dumps(record, ensure_ascii=False).encode())).decode("ascii")
    return {"at": record["at"], "do": record["do"], "sealed": sealed}


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
