"""Files on disk: replaced as a whole or not at all, and recognised by what is in them."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.problems import EnvironmentProblem

_REASONS = {
    errno.ENOSPC: "the disk is full; make room and try again",
    errno.EDQUOT: "the disk quota is used up; make room and try again",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.EACCES: "it is not writable for you, or open in another program; close it there or choose another name",
    errno.EPERM: "it is not writable for you; choose another folder",
    errno.ENOENT: "its folder does not exist; create it or choose another folder",
    errno.ENOTDIR: "part of its path is a file, not a folder; choose another folder",
    errno.EISDIR: "it is a folder; choose a file name",
    errno.ENAMETOOLONG: "its name is too long; choose a shorter one",
    errno.ETXTBSY: "it is open in another program; close it there and try again",
}


@contextmanager
def replace_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A new file beside `path` to write to; it takes the place of `path` once it is complete on disk.

    When the block fails, `path` is as it was and the new file is gone. Raises EnvironmentProblem where the folder or
    the file cannot be written.
    """
    target = Path(path)
    with saying_why(target):
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a directory")
        if target.exists():
            target = target.resolve()  # a link keeps pointing to the file that is replaced
            with target.open("r+b"):  # a file protected against writing is refused, not replaced
                pass
        # The target's own ending: workbook libraries look at it.
        handle, name = tempfile.mkstemp(prefix=f".{target.stem[:40]}-", suffix=target.suffix, dir=target.parent)
        os.close(handle)
        fresh = Path(name)
        try:
            _copy_mode(target, fresh)
            yield fresh
            _flush(fresh)
            os.replace(fresh, target)
            _flush_folder(target.parent)
        finally:
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()


def refuse_unwritable(path: str | os.PathLike[str]) -> None:
    """Raise EnvironmentProblem now if `path` could not be replaced later; changes nothing on disk."""
    with contextlib.suppress(_Tried), replace_file(path):
        raise _Tried


class _Tried(Exception):
    """Leaves `replace_file` before the target is touched."""


@contextmanager
def saying_why(path: Path, action: str = "written") -> Iterator[None]:
    """Turn an operating system error into an EnvironmentProblem of one sentence about `path`."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, (error.strerror or str(error)).lower())
        if action == "read":
            reason = {
                errno.ENOENT: "there is no such file; check the name and the folder",
                errno.EACCES: "you may not read it, or another program holds it; close it there or ask its owner",
                errno.EISDIR: "it is a folder; name a file in it",
            }.get(error.errno or 0, reason)
        raise EnvironmentProblem(f"{path} cannot be {action}: {reason}.") from error


def _copy_mode(target: Path, fresh: Path) -> None:
    """Give the new file the rights of the old one, or those that a newly made file gets."""
    if target.exists():
        mode = target.stat().st_mode & 0o777
    else:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    with contextlib.suppress(OSError):  # some shares know no rights
        fresh.chmod(mode)


def _flush(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
