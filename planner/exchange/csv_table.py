"""Read a CSV table from the field: whatever its encoding, and never half of it."""

import csv
import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from planner.files import saying_why
from planner.problems import ConcordError
from planner.progress import Progress, Tell, to_nobody

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff]")

_DELIMITERS = {";": "semicolons", "\t": "tabs"}


class CsvError(ConcordError):
    """A file that is not the CSV table it should be; the text says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: its cells by column name, as people read them (blanks trimmed, line breaks as spaces)."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A file's rows under its header. `encoding`: what was assumed, empty for UTF-8; `tags` (#...) by column name."""

    name: str
    header: tuple[str, ...]
    rows: tuple[CsvRow, ...]
    encoding: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


def read_csv(path: str | os.PathLike[str], *, takes_any_delimiter: bool = False, tell: Tell = to_nobody) -> CsvTable:
    """The table in a CSV file; semicolons and tabs between columns are refused unless `takes_any_delimiter`.

    Raises EnvironmentProblem where it cannot be opened and CsvError where it is no CSV.
    """
    name = Path(path).name
    with saying_why(Path(path), "read"):
        data = Path(path).read_bytes()
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise CsvError(f"{name} is a spreadsheet or an archive, not a CSV file; save the table as CSV (UTF-8).")
    text, encoding = _decode(data)
    if not text.strip():
        raise CsvError(f"{name} is empty; download it again.")
    if "\x00" in text:
        raise CsvError(f"{name} holds bytes that no text has; it is not a CSV file, or damaged. Download it again.")
    delimiter = _delimiter(text)
    if delimiter != "," and not takes_any_delimiter:
        raise CsvError(
            f"{name} has {_DELIMITERS[delimiter]} between its columns, as a spreadsheet program may save it; figures "
            "may have changed too. Use the file as it was downloaded, or save it with commas."
        )
    header, rows, tags = _rows(name, text, delimiter, tell)
    return CsvTable(name, header, rows, encoding, tags)


def clean_text(text: str) -> str:
    """Text on one line: every run of blanks, no-break ones and line breaks too, becomes one space."""
    return " ".join(_CONTROLS.sub("", text).split())


def _decode(data: bytes) -> tuple[str, str]:
    """The text, and the encoding that had to be assumed (empty for UTF-8)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), ""
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"


def _delimiter(text: str) -> str:
    """The sign between columns, by the first line."""
    first = text.lstrip().splitlines()[0]
    return next((sign for sign in _DELIMITERS if first.count(sign) > first.count(",")), ",")


def _rows(
    name: str, text: str, delimiter: str, tell: Tell
) -> tuple[tuple[str, ...], tuple[CsvRow, ...], Mapping[str, str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: tuple[str, ...] = ()
    rows: list[CsvRow] = []
    tags: dict[str, str] = {}
    line = 1
    try:
        for raw in Progress(tell, text.count("\n") + 1).over(reader):
            start, line = line, reader.line_num + 1
            cells = [clean_text(cell) for cell in raw]
            if not any(cells):
                continue
            if not header:
                header = _header(name, cells)
            elif all(not cell or cell.startswith("#") for cell in cells):
                tags = tags or dict(zip(header, cells, strict=False))
            elif len(cells) != len(header):
                raise CsvError(
                    f"{name}, line {start}: the row has {len(cells)} cells under {len(header)} columns; a comma, quote "
                    "or line break inside a cell has lost its quotes. Download the file again."
                )
            else:
                rows.append(CsvRow(start, dict(zip(header, cells, strict=True))))
    except csv.Error as error:
        raise CsvError(
            f"{name}, line {line}: this is not valid CSV ({error}); a quote may be missing. Download the file again."
        ) from error
    return header, tuple(rows), tags


def _header(name: str, cells: list[str]) -> tuple[str, ...]:
    named = [cell for cell in cells if cell]
    twice = sorted({cell for cell in named if named.count(cell) > 1})
    if twice:
        raise CsvError(f"{name}: the column {twice[0]} stands twice; keep one of them.")
    return tuple(cell or f"(column {position})" for position, cell in enumerate(cells, 1))
