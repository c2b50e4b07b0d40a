"""Short lines on standard error about what a set-up is doing."""

import contextlib
import shutil
import sys
import time
from collections.abc import Iterator


def say(line: str) -> None:
    """Print one line for the person who started Concord."""
    print(line, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Name a step of the set-up, and its seconds when it succeeded."""
    begun = time.monotonic()
    show(name)
    try:
        yield
    finally:
        hide()
    say(f"  {name}: {time.monotonic() - begun:.0f} s")


def show(detail: str) -> None:
    """On a terminal, show what is being done at this moment; the next line replaces it."""
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 5
        print(f"\r\033[K  {detail[:width]}...", end="", file=sys.stderr, flush=True)


def hide() -> None:
    """Take the momentary line away."""
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
