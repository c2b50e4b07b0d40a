"""Lets one call into the operating system fail as a full disk or a lost share makes it fail, wherever it is made.

Seen as Python's own profiler sees calls, so that nothing of the program is replaced.
"""

import io
import os
import sys
from types import FrameType
from typing import Any, Self

CLOSES = {"close", "__exit__"}  # a file is closed even where that fails
CHANGES = {"replace", "fsync", "write", "chmod", "unlink", *CLOSES}
NO_DISK = {
    "__enter__",
    "fspath",
    "urandom",
    "umask",
    "getcwd",
    "getpid",
    "strerror",
    "tell",
    "fileno",
    "readable",
    "writable",
}


class FailingCall:
    """The `at`-th call (from 1) into the system raises an OSError: before it is made, or after it has done its work."""

    def __init__(self, at: int, code: int, *, after: bool = False) -> None:
        self._at, self._code, self._after = at, code, after
        self._seen = 0
        self.failed = ""  # the name of the call

    def __enter__(self) -> Self:
        sys.setprofile(self._see)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _see(self, _frame: FrameType, event: str, function: Any) -> None:
        if event != ("c_return" if self._after else "c_call") or not is_system_call(function):
            return
        if function.__name__ not in CHANGES if self._after else function.__name__ in CLOSES:
            return
        self._seen += 1
        if self._seen == self._at:
            sys.setprofile(None)
            self.failed = function.__name__
            raise OSError(self._code, os.strerror(self._code))


def is_system_call(function: Any) -> bool:
    """Whether a C function works on files."""
    if function.__name__ in NO_DISK:
        return False
    is_of_file = isinstance(getattr(function, "__self__", None), io.IOBase)
    return is_of_file or getattr(function, "__module__", "") in ("posix", "nt", "_io", "io")
