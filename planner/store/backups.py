"""The last versions of each scenario file, kept in the user's own folder whenever a save replaces one.

Not beside the file: sticks and shared folders fill up or refuse more files, and a folder that others read is no place
for what was taken out of a file.
"""

import contextlib
import hashlib
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from planner.environment.folder import is_taken
from planner.user_data import user_data_folder

KEPT = 5  # of each file
DAYS_KEPT = 180  # after the last save of a file
A_DAY = 86_400  # seconds
LONGEST_WAIT = 10.0  # seconds for another save of the same file on this computer

_NAME = "%Y%m%d-%H%M%S-%f"
_LOCK = "saving.lock"


@dataclass(frozen=True, slots=True)
class Backup:
    """A version of a scenario file that a save replaced at `replaced_at`."""

    path: Path
    replaced_at: datetime


def folder_of(path: Path) -> Path:
    """Where the backups of a scenario file are, whether there are any or not."""
    place = str(path.resolve())
    readable = re.sub(r"[^\w-]+", "-", path.stem)[:40]
    return user_data_folder() / "backups" / f"{readable}-{hashlib.sha256(place.encode()).hexdigest()[:16]}"


def backups_of(path: Path) -> tuple[Backup, ...]:
    """The versions that are kept, the latest first."""
    found = []
    with contextlib.suppress(OSError):
        for kept in folder_of(path).glob("*.concord"):
            with contextlib.suppress(ValueError):
                found.append(Backup(kept, datetime.strptime(kept.stem, _NAME).replace(tzinfo=UTC).astimezone()))
    return tuple(sorted(found, key=lambda backup: backup.path.name, reverse=True))


def keep(path: Path) -> None:
    """Keep the file as it is now, and no more than the last few; what is not there, or is the latest kept, is not.

    Where that is impossible nothing is kept: a save is worth more than the version before it.
    """
    folder = folder_of(path)
    with contextlib.suppress(OSError):
        if not path.exists() or _is_kept(path):
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy = folder / f"{datetime.now(UTC):{_NAME}}.concord"
        unfinished = copy.with_suffix(".part")
        try:
            shutil.copyfile(path, unfinished)
            unfinished.replace(copy)
        finally:
            unfinished.unlink(missing_ok=True)
        for old in backups_of(path)[KEPT:]:
            old.path.unlink()
        _remove_forgotten(folder.parent)


def _is_kept(path: Path) -> bool:
    """Whether the latest version that is kept is the file as it is now."""
    with contextlib.suppress(OSError):
        return any(path.read_bytes() == latest.path.read_bytes() for latest in backups_of(path)[:1])
    return False


def _remove_forgotten(root: Path) -> None:
    """Remove the backups of files that were not saved for half a year."""
    oldest = time.time() - DAYS_KEPT * A_DAY
    for folder in root.iterdir():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Saves over one file on this computer come one after the other; who cannot wait for ever goes on alone."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            if path.exists():  # else nothing can be overwritten
                _wait_for(stack.enter_context(_lock_of(path)))
        yield


def _lock_of(path: Path) -> IO[bytes]:
    folder = folder_of(path)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return (folder / _LOCK).open("ab")


def _wait_for(lock: IO[bytes]) -> None:
    end = time.monotonic() + LONGEST_WAIT
    while not is_taken(lock) and time.monotonic() < end:
        time.sleep(0.01)
