"""Where the environment lives, and whether it is what this checkout needs."""

import contextlib
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from planner.environment.failure import EnvironmentFailure

LOCK = "requirements.lock"
TEST_LOCK = "requirements-test.lock"


class Environment:
    """A folder with the Python and the packages that one checkout of Concord runs with."""

    def __init__(self, folder: Path, checkout: Path) -> None:
        self.folder = folder
        self.checkout = checkout
        on_windows = os.name == "nt"
        self.python = folder / ("Scripts/python.exe" if on_windows else "bin/python")
        self.stamp = folder / "concord-stamp.txt"
        self.door = folder / "concord-in-use.lock"  # also says that the folder is ours to empty

    def requirements(self, with_tests: bool) -> Path:
        """The lock with the packages that the program, or its tests, run with."""
        return self.checkout / (TEST_LOCK if with_tests else LOCK)

    def is_current(self, with_tests: bool) -> bool:
        """Does it hold all that the program, or its tests, need?"""
        wanted = self._foundation() | {fingerprint(self.requirements(with_tests))}
        return wanted <= self._stamped() and self.python.exists()

    def is_sound(self) -> bool:
        """Was it once finished for this Python and checkout, so that packages can be added to it?"""
        return self._foundation() <= self._stamped() and self.python.exists()

    def write_stamp(self, with_tests: bool) -> None:
        """Say that all is in place. Written last, so that an interrupted set-up is repaired by the next start."""
        locks = [LOCK, TEST_LOCK] if with_tests else [LOCK]
        lines = self._foundation() | {fingerprint(self.checkout / lock) for lock in locks}
        self.stamp.write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")

    def _foundation(self) -> set[str]:
        return {f"python {sys.version.split()[0]}", f"checkout {self.checkout}"}

    def _stamped(self) -> set[str]:
        try:
            return set(self.stamp.read_text(encoding="utf-8").splitlines())
        except (OSError, UnicodeDecodeError):
            return set()

    def claim(self) -> None:
        """Make the folder, or refuse one that holds something else: an environment is emptied when it is repaired."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # Look for the door last: another start may be putting it there, before anything else, at this moment.
        if any(self.folder.iterdir()) and not self.door.exists():
            raise EnvironmentFailure(
                f"{self.folder} holds files that are not Concord's, so its environment is not set up there. "
                "Move them away, or name an empty or new folder in the variable CONCORD_ENVIRONMENT."
            )

    def clear(self) -> None:
        """Remove all that stands in the folder, except the lock that this start holds."""
        for entry in self.folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry != self.door:
                entry.unlink()


def fingerprint(lock: Path) -> str:
    """One line that changes when the lock does; line ends do not matter."""
    return f"{lock.name} {hashlib.sha256(lock.read_text(encoding='utf-8').encode()).hexdigest()}"


def environment_of(checkout: Path) -> Environment:
    """The environment of a checkout: where CONCORD_ENVIRONMENT says, else inside it, else among the user's caches."""
    named = os.environ.get("CONCORD_ENVIRONMENT")
    if named:
        return Environment(Path(named).expanduser().absolute(), checkout)
    inside = Environment(checkout / ".venv", checkout)
    if inside.is_current(with_tests=False) or os.access(checkout, os.W_OK):
        return inside
    name = hashlib.sha256(str(checkout).encode()).hexdigest()[:12]
    return Environment(cache_folder() / "concord" / f"environment-{name}", checkout)


def cache_folder() -> Path:
    """Where this system keeps what programs can make again (platformdirs is not installed yet)."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@contextlib.contextmanager
def held(door: Path) -> Iterator[IO[bytes]]:
    """Hold a lock file, so that two starts do not set up at once; the later one waits and says so."""
    with door.open("ab") as lock:
        if not is_taken(lock):
            print("Another start of Concord is setting up; waiting for it...", file=sys.stderr, flush=True)
            while not is_taken(lock):
                time.sleep(0.2)
        yield lock


def is_taken(lock: IO[bytes]) -> bool:
    """Try to take a lock file; no while another process holds it. It is given back when the file is closed."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
    else:
        import fcntl

        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass  # a file system without locks: two first starts at once are rarer than such a disk
    return True
