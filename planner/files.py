"""Files on disk: replaced as a whole or not at all, and recognised by what is in them."""

import contextlib
import errno
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from planner.problems import EnvironmentProblem

_REASONS = {
    errno.ENOSPC: "the disk is full; make room and try again",
    errno.EDQUOT: "the disk quota is used up; make room and try again",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.EEXIST: "another file of that name came there meanwhile; choose another name, or write again to replace it",
    errno.EACCES: "it is not writable for you, or open in another program; close it there or choose another name",
    errno.EPERM: "it is not writable for you; choose another folder",
    errno.ENOENT: "its folder does not exist; create it or choose another folder",
    errno.ENOTDIR: "part of its path is a file, not a folder; choose another folder",
    errno.EISDIR: "it is a folder; choose a file name",
    errno.ENAMETOOLONG: "its name is too long; choose a shorter one",
    errno.ETXTBSY: "it is open in another program; close it there and try again",
}


@contextmanager
def replace_file(path: str | os.PathLike[str], *, look_again: Callable[[], object] = lambda: None) -> Iterator[Path]:
    """A new file beside `path` to write to; it takes the place of `path` once it is complete on disk.

    When the block fails, `path` is as it was and the new file is gone. `look_again` is called once nothing slow is left
    to do, and may raise. Raises EnvironmentProblem where the folder or the file cannot be written, or where another
    file came to a place that was free.
    """
    target = Path(path)
    with saying_why(target):
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a directory")
        target = Path(os.path.realpath(target))  # a link keeps pointing to the file that is replaced
        is_new = not target.exists()
        if not is_new:
            if not target.is_file():
                raise EnvironmentProblem(f"{path} cannot be written: it is a device, not a file; choose a file name.")
            with target.open("r+b"):  # a file protected against writing is refused, not replaced
                pass
        # The target's own ending: workbook libraries look at it.
        handle, name = tempfile.mkstemp(prefix=f".{target.stem[:40]}-", suffix=target.suffix, dir=target.parent)
        fresh = Path(name)
        try:
            os.close(handle)
            _copy_mode(target, fresh)
            yield fresh
            _flush(fresh)
            look_again()
            if is_new:
                _put_new(fresh, target)
            else:
                os.replace(fresh, target)
        except BaseException:
            with contextlib.suppress(OSError):  # what went wrong first is what people need to know
                fresh.unlink()
            raise
        flush_folder(target.parent)


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, also through links or in another spelling, and also while it is not there."""
    try:
        return one.samefile(other)
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)


def refuse_unwritable(path: str | os.PathLike[str]) -> None:
    """Raise EnvironmentProblem now if `path` could not be replaced later; changes nothing on disk."""
    with contextlib.suppress(_Tried), replace_file(path):
        raise _Tried


class _Tried(Exception):
    """Leaves `replace_file` before the target is touched."""


def size_of(path: str | os.PathLike[str]) -> int:
    """The bytes of a file; 0 where there is none, which reading it will tell."""
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


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


def _put_new(fresh: Path, target: Path) -> None:
    """Give a file its name. Raises FileExistsError where somebody else's file came there in the meantime."""
    try:
        os.link(fresh, target)
    except OSError:
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        os.replace(fresh, target)  # sticks and some shares know no links: to look first must do there
    else:
        with contextlib.suppress(OSError):
            fresh.unlink()


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


def flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class FileKind(StrEnum):
    """What a file is, by its content; the text is how people call it."""

    CONCORD = "a Concord scenario file"
    WORKBOOK = "a workbook"
    PLAN = "a plan in JSON"
    PROTECTED = "protected by a password"
    OLD_EXCEL = "a file of old Excel versions (.xls)"
    BINARY_EXCEL = "a binary Excel workbook (.xlsb)"
    OPEN_DOCUMENT = "an OpenDocument file"
    ARCHIVE = "a zip archive"
    HTML = "a web page"
    XML = "an XML file"
    TEXT = "a text file"
    EMPTY = "empty"
    OTHER = "something else"


_OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLDER_EXCEL_HEADERS = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_LONGEST_SEARCHED = 64 * 1024 * 1024


def kind_of(path: str | os.PathLike[str]) -> FileKind:
    """What a file is, from its content alone. Raises EnvironmentProblem where it cannot be read."""
    with saying_why(Path(path), "read"), Path(path).open("rb") as file:
        head = file.read(4096)
        if head.startswith(_OLE_HEADER):
            content = head + file.read(_LONGEST_SEARCHED)
            is_encrypted = "EncryptedPackage".encode("utf-16-le") in content
            return FileKind.PROTECTED if is_encrypted else FileKind.OLD_EXCEL
    if not head:
        return FileKind.EMPTY
    if head.startswith((b"SQLite format 3\0", b"age-encryption.org/")):  # plain or protected by a passphrase
        return FileKind.CONCORD
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(Path(path))
    return FileKind.OLD_EXCEL if head.startswith(_OLDER_EXCEL_HEADERS) else _kind_of_text(head)


def _kind_of_archive(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()}
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return FileKind.OPEN_DOCUMENT if b"opendocument" in archive.read("mimetype") else FileKind.ARCHIVE
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return FileKind.WORKBOOK  # a damaged one, most likely: its reader says so
    if "xl/workbook.bin" in names:
        return FileKind.BINARY_EXCEL
    return FileKind.WORKBOOK if "[content_types].xml" in names else FileKind.ARCHIVE


def _kind_of_text(head: bytes) -> FileKind:
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    if encoding == "utf-8-sig" and b"\0" in head:
        return FileKind.OTHER
    text = head.decode(encoding, "replace").lstrip().lower()
    if text.startswith("<?xml") and "<html" not in text:
        return FileKind.XML
    if re.match(r"<(!doctype html|html|head|body|table|\?xml)", text):
        return FileKind.HTML
    return FileKind.PLAN if text.startswith("{") and "concord-plan" in text else FileKind.TEXT
