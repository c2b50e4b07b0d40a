"""Saves over one file come one after the other, on one computer and on several that share a folder.

On one computer by a lock that the system gives back when its holder is gone. On others by a mark: a small hidden file
beside the scenario file for the moments in which it is replaced, made only where there is none. Whoever finds one
waits; a mark that a crash or a lost network left behind is old soon and counts no more. Where no mark can be made, the
save goes on without: what is replaced is looked at before and after all the same.
"""

import contextlib
import hashlib
import os
import platform
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
        file = Path(os.path.realpath(path))  # who comes through a link finds the same mark
        self._mark = file.with_name(f".{file.name}.saving")
        self._owner = owner  # one for all saves that the lock holds apart; empty without the lock
        self._token = ""

    def take(self) -> None:
        """Wait until nobody else replaces the file."""
        self._token = f"{self._owner} {new_id()}"
        own = self._beside()
        try:
            self._put_when_free(own)
        except OSError:  # the folder takes no mark
            self.give_back()
        finally:
            with contextlib.suppress(OSError):
                own.unlink()

    def _put_when_free(self, own: Path) -> None:
        """Make the mark from the file `own`, which gets its time as the mark does: by the clock of another computer."""
        seen, end = "", 0.0
        while True:
            own.write_text(self._token, encoding="ascii")
            now = own.stat().st_mtime
            try:
                _put(own, self._mark)
                return
            except FileExistsError:
                found = _read(self._mark)
            if found == self._token:  # some shares say so of what they have just made
                return
            if found != seen or not end:  # each that comes may take its time
                seen, end = found, time.monotonic() + STALE
            is_left_over = bool(self._owner) and found.startswith(f"{self._owner} ")  # of a save that was cut short
            if not is_left_over and now - _made_at(self._mark, now) < STALE and time.monotonic() < end:
                time.sleep(A_MOMENT)
            elif self._put_away(found):
                end = 0.0
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
                if self._token and _read(self._mark) == self._token:
                    self._mark.unlink()
        self._token = ""

    def _put_away(self, found: str) -> bool:
        """Take a mark away that says this, and no other that came in its place; False where that is impossible."""
        aside = self._beside()
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

    def _beside(self) -> Path:
        """A new name in the same folder."""
        return self._mark.with_name(f"{self._mark.name}-{new_id()[:12]}")


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
    """Who holds this lock: written into it once, by the first; with its place, as whole accounts are copied."""
    lock.seek(0)
    owner = lock.read(100).decode("ascii", "replace")
    if not owner:
        owner = new_id()
        lock.write(owner.encode("ascii"))
    place = f"{platform.node()} {os.path.realpath(lock.name)}"
    return f"{owner}-{hashlib.sha256(place.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def _put(own: Path, mark: Path) -> None:
    """Make a mark that is whole from the start. Raises FileExistsError where there is one."""
    try:
        os.link(own, mark)
    except FileExistsError:
        raise
    except OSError:  # sticks and some shares know no links
        with mark.open("x", encoding="ascii") as file:
            file.write(own.read_text(encoding="ascii"))


def _read(mark: Path) -> str:
    try:
        with mark.open("rb") as file:
            return file.read(200).decode("ascii", "replace")
    except OSError:
        return ""


def _made_at(mark: Path, now: float) -> float:
    """When a mark was made; now where it is gone."""
    with contextlib.suppress(OSError):
        return mark.stat().st_mtime
    return now
