"""Who else has a scenario file open: a small hidden file beside it for each, which is a hint and never a lock.

It goes stale by itself, at once on the computer where its process is gone, so that a crash leaves nobody behind; where
it cannot be written or read, nobody is told and nothing else happens.
"""

import contextlib
import hashlib
import json
import os
import platform
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from resources.columns import new_id

REFRESH = 120.0  # seconds between signs of life
STALE = 3 * REFRESH
A_DAY = 86_400.0  # seconds, after which anybody removes what is stale
LONGEST = 2000  # bytes of a hint; anybody may have written it
LONGEST_NAME = 60
QUERY_LIMITED_INFORMATION, INVALID_PARAMETER, STILL_ACTIVE = 0x1000, 87, 259  # of Windows


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who has the file open: the name that signs saves, the computer, and since when (ISO 8601)."""

    person: str
    computer: str
    since: str


class Presence:
    """One window's hint beside one file. May be called from any thread; after `leave` nothing is written any more."""

    def __init__(self, path: Path, person: str) -> None:
        self._path = path.resolve()
        self._hint = self._path.with_name(f".{self._path.name}.open-{new_id()[:12]}")
        since = datetime.now().astimezone().isoformat(timespec="minutes")
        self._visitor = {"person": person, "computer": platform.node(), "since": since}
        self._guard = threading.Lock()
        self._has_left = False

    def others(self) -> tuple[Visitor, ...]:
        """Give a sign of life; everybody else who gave one lately, the first to come first."""
        with self._guard:
            if self._has_left:
                return ()
            now = self._sign()
            found = []
            with contextlib.suppress(OSError):
                for hint in self._path.parent.glob(f".{_escaped(self._path.name)}.open-*"):
                    if hint != self._hint and (visitor := _visitor(hint, now)) is not None:
                        found.append(visitor)
            return tuple(sorted(found, key=lambda visitor: visitor.since))

    def leave(self) -> None:
        """The file is closed here: the hint goes away."""
        with self._guard:
            self._has_left = True
            with contextlib.suppress(OSError):
                self._hint.unlink()

    def _sign(self) -> float:
        """Write the hint; the time as the folder's own computer counts it, whose clock may differ from ours."""
        words = {**self._visitor, "machine": machine(), "process": os.getpid()}
        try:
            self._hint.write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
            return self._hint.stat().st_mtime
        except OSError:
            with contextlib.suppress(OSError):  # a full disk leaves an empty one
                self._hint.unlink(missing_ok=True)
            return time.time()


def _visitor(hint: Path, now: float) -> Visitor | None:
    """Who left a hint; None for one that is stale or says nothing."""
    try:
        age = now - hint.stat().st_mtime
        if age > A_DAY:
            hint.unlink()
        if age > STALE or not hint.is_file():
            return None
        with hint.open("rb") as file:
            words = json.loads(file.read(LONGEST))
        if words.get("machine") == machine() and not is_running(words["process"]):
            hint.unlink()
            return None
        return Visitor(*(_plain(words[name]) for name in ("person", "computer", "since")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


@cache
def machine() -> str:
    """What tells this computer from others, whose names may be the same; says nothing about it to anybody else."""
    return hashlib.sha256(f"{platform.node()} {uuid.getnode()}".encode()).hexdigest()[:16]


def is_running(process: int) -> bool:
    """Whether a process of this computer is there; also where that cannot be known. Raises TypeError."""
    if type(process) is not int or process <= 0:
        raise TypeError("number of a process expected")
    if sys.platform == "win32":  # os.kill would end it there
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(QUERY_LIMITED_INFORMATION, False, process)
        if not handle:
            return bool(ctypes.windll.kernel32.GetLastError() != INVALID_PARAMETER)
        status = ctypes.c_ulong()
        ctypes.windll.kernel32.GetExitCodeProcess(handle, ctypes.byref(status))
        ctypes.windll.kernel32.CloseHandle(handle)
        return status.value == STILL_ACTIVE
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _plain(words: object) -> str:
    """A text of a stranger as one short line."""
    if not isinstance(words, str):
        raise TypeError("text expected")
    return "".join(sign for sign in words[:LONGEST_NAME] if sign.isprintable()).strip()


def _escaped(name: str) -> str:
    """A name in a pattern, without what patterns read into it."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def visitor_words(visitors: tuple[Visitor, ...]) -> str:
    """`Ana (laptop-7) and Bo (office)`; empty for nobody."""
    names = [f"{each.person or 'Somebody'} ({each.computer})" if each.computer else each.person for each in visitors]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
