"""Lines on standard output and standard error: safe to print whatever stands in a file."""

import json
import math
import os
import sys
from collections.abc import Iterable
from typing import Any, TextIO


def prepare_streams() -> None:
    """Characters that the terminal's encoding lacks are shown as escapes instead of ending the program; what goes to a
    stream that is not there goes nowhere."""
    if sys.stdout is None:  # the caller closed it, or there is no console
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def keep_output_for_results() -> None:
    """Standard output for results alone: what native solvers print there goes to standard error instead."""
    try:
        sys.stdout.flush()
        results = os.dup(sys.stdout.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    except (AttributeError, OSError):  # no real streams: nothing native can print to them either
        return
    sys.stdout = os.fdopen(
        results, "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors, buffering=1 if os.isatty(results) else -1
    )


def let_go_of_output() -> None:
    """Drop what standard output does not take any more; Python would try once more, and complain, when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(line: str = "") -> None:
    """One line of the result, on standard output."""
    print(printable(line), file=sys.stdout)


def complain(line: str) -> None:
    """One line that is no result, on standard error."""
    print(printable(line), file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """The text on one line, without characters that would steer a terminal."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode()
        for character in text
    )


def table_lines(rows: Iterable[Iterable[str]], *, right: Iterable[int] = ()) -> list[str]:
    """Rows as lines with aligned columns; the columns in `right` are aligned to the right."""
    cells = [[printable(cell) for cell in row] for row in rows]
    if not cells:
        return []
    widths = [max(len(row[index]) for row in cells) for index in range(len(cells[0]))]
    to_the_right = set(right)
    return [
        "  ".join(
            cell.rjust(width) if index in to_the_right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def write_json(data: Any, stream: TextIO) -> None:
    """JSON in plain ASCII, which every reader and terminal takes; figures that JSON has no word for become null."""
    json.dump(_finite(data), stream, indent=1, allow_nan=False)
    stream.write("\n")


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data
