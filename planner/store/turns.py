"""Saves over one file come one after the other, on one computer and on several that share a folder.

On one computer by a lock that the system gives back when its holder is gone. On others by a mark: a small hidden file
beside the scenario file for the moments in which it is replaced, made only where there is none. Whoever finds one
waits; a mark that a crash or a lost network left behind is old soon and counts no more. Where no mark can be made, the
save goes on without: what is replaced is looked at before and after all the same.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from planner.environment.folder import is_taken
from planner.store.backups import folder_of
from resources.columns import new_id

LONGEST_WAIT = 10.0  # seconds for another save of the same file on this computer
STALE = 20.0  # seconds after which a mark is left over; to look at a large file on a slow network takes a few
A_MOMENT = 0.02  # seconds between two looks

_LOCK = "saving.lock"


class Turn:
    """One save's turn on this computer; `take` makes it so for others that share the folder."""

    def __init__(self, path: Path, owner: str = "") -> None:
        self._mark = path.with_name(f".{path.name}.saving")
        self._owner = owner  # one for all saves that the lock holds apart; empty without the lock
        self._token = ""

    def take(self, fresh: Path) -> None:
        """Wait until nobody else replaces the file. `fresh`: a file in the same folder, whose clock counts."""
        self._token = f"{self._owner} {new_id()}"
        end = time.monotonic() + STALE
        while True:
            try:
                with self._mark.open("x", encoding="ascii") as file:
                    file.write(self._token)
                return
            except FileExistsError:
                found = _read(self._mark)
            except OSError:  # the folder takes no mark
                self.give_back()
                return
            is_left_over = bool(self._owner) and found.startswith(f"{self._owner} ")  # of a save that was cut short
            if not is_left_over and _age(self._mark, fresh) < STALE and time.monotonic() < end:
                time.sleep(A_MOMENT)
            elif self._put_away(found):
                end = time.monotonic() + STALE
            else:
                self._token = ""
                return

    @property
    def is_mine(self) -> bool:
        """Whether nobody took the turn away, as from a computer that slept; also where there are no marks."""
        return not self._token or _read(self._mark) == self._token

    def give_back(self) -> None:
        """The mark goes away, if it is this save's."""
        for _ in range(2):  # some shares fail once
            with contextlib.suppress(OSError):
                if self._token and _read(self._mark) in (self._token, ""):
                    self._mark.unlink()
        self._token = ""

    def _put_away(self, found: str) -> bool:
        """Take a mark away that says this, and no other that came in its place; False where that is impossible."""
        aside = self._mark.with_name(f"{self._mark.name}-{new_id()[:12]}")
        try:
            self._mark.rename(aside)
            if _read(aside) != found:  # somebody else was as quick, and it is their turn
                with contextlib.suppress(OSError):
                    os.link(aside, self._mark)
            aside.unlink()
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return True


@contextmanager
def one_at_a_time(path: Path) -> Iterator[Turn]:
    """A turn on this computer; who cannot wait for ever goes on without the lock."""
    turn = Turn(path)
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            if path.exists():  # else nothing can be overwritten
                lock = stack.enter_context(_lock_of(path))
                turn = Turn(path, _owner(lock) if _wait_for(lock) else "")
        stack.callback(turn.give_back)
        yield turn


def _lock_of(path: Path) -> IO[bytes]:
    folder = folder_of(path)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return (folder / _LOCK).open("a+b", buffering=0)


def _wait_for(lock: IO[bytes]) -> bool:
    end = time.monotonic() + LONGEST_WAIT
    while not is_taken(lock):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def _owner(lock: IO[bytes]) -> str:
    """Who holds this lock: written into it once, by the first."""
    lock.seek(0)
    owner = lock.read(100).decode("ascii", "replace")
    if not owner:
        owner = new_id()
        lock.write(owner.encode("ascii"))
    return owner


def _read(mark: Path) -> str:
    try:
        with mark.open("rb") as file:
            return file.read(200).decode("ascii", "replace")
    except OSError:
        return ""


def _age(mark: Path, fresh: Path) -> float:
    """Seconds since a mark was made, as the folder's own computer counts them; none where it is gone."""
    with contextlib.suppress(OSError):
        os.utime(fresh)
        return fresh.stat().st_mtime - mark.stat().st_mtime
    return 0.0
