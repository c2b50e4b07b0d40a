"""The last versions of each scenario file, kept in the user's own folder whenever a save replaces one.

Not beside the file: sticks and shared folders fill up or refuse more files, and a folder that others read is no place
for what was taken out of a file.
"""

import contextlib
import hashlib
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from planner.files import saying_why
from planner.problems import EnvironmentProblem
from planner.user_data import user_data_folder

KEPT = 5  # of each file
DAYS_KEPT = 180  # after the last save of a file
A_DAY = 86_400  # seconds

_NAME = "%Y%m%d-%H%M%S-%f"


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


def keep(path: Path) -> str:
    """Keep the file as it is now, and no more than the last few; what is not there, or is the latest kept, is not.

    Where that is impossible nothing is kept, as a save is worth more than the version before it; the result says why.
    """
    folder = folder_of(path)
    try:
        with saying_why(folder):
            if not path.exists() or _is_kept(path):
                return ""
            _copy(path, folder)
    except EnvironmentProblem as problem:
        return str(problem)
    with contextlib.suppress(OSError):
        for old in backups_of(path)[KEPT:]:
            old.path.unlink()
        _remove_forgotten(folder.parent)
    return ""


def keep_bytes(path: Path, data: bytes) -> None:
    """Keep what was to be the file and is not, as a version like others. Raises EnvironmentProblem."""
    folder = folder_of(path)
    with saying_why(folder):
        _put(folder, lambda unfinished: unfinished.write_bytes(data))


def _copy(path: Path, folder: Path) -> None:
    _put(folder, lambda unfinished: shutil.copyfile(path, unfinished))


def _put(folder: Path, write: Callable[[Path], object]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = folder / f"{datetime.now(UTC):{_NAME}}.concord"
    unfinished = copy.with_suffix(".part")
    try:
        write(unfinished)
        unfinished.replace(copy)
    finally:
        unfinished.unlink(missing_ok=True)


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
