"""Open a workbook from anybody: damaged, enormous or hostile files end in one sentence, never in a traceback.

openpyxl reads the parts; this module decides which parts are read, how much of them, and what the failures are called.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from planner.exchange.workbook.sheet_stream import CHUNK, DataEnded, SheetStream, end_of_data
from planner.exchange.workbook.texts import unescape_text
from planner.files import FileKind, kind_of, saying_why
from planner.problems import EnvironmentProblem

LARGEST_FILE = 200 * 1024 * 1024
LARGEST_SHEET = 400 * 1024 * 1024  # bytes of XML
LARGEST_STRINGS = 100 * 1024 * 1024
LARGEST_OTHER = 16 * 1024 * 1024
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_ERROR = re.compile(r"#[A-Z/0]+[!?]?")
_MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})["']""")

_NEXT_STEPS = {
    FileKind.CONCORD: "open it as it is",
    FileKind.PLAN: "name the scenario that it was made from",
    FileKind.PROTECTED: "open it in a spreadsheet program and save it without the password",
    FileKind.OLD_EXCEL: "open it in a spreadsheet program and save it as .xlsx",
    FileKind.BINARY_EXCEL: "open it in a spreadsheet program and save it as .xlsx",
    FileKind.OPEN_DOCUMENT: "open it in a spreadsheet program and save it as .xlsx",
    FileKind.HTML: "open it in a spreadsheet program and save it as .xlsx",
    FileKind.XML: "open it in a spreadsheet program and save it as .xlsx",
    FileKind.TEXT: "open it in a spreadsheet program and save it as .xlsx",
}


class CellFault(str):
    """What stands in for the value of a cell that has none to read: its text says why, as a sentence."""

    @property
    def sign(self) -> str:
        """What the cell shows, such as #N/A; empty where that is not known."""
        found = _ERROR.search(self)
        return found[0] if found is not None else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with something in it; row and column count from 1."""

    row: int
    column: int
    value: Any  # str, int, float, bool, datetime, date, time, timedelta, CellFault


class Package:
    """An open workbook: the titles of its sheets and, sheet by sheet, the rows that hold something."""

    def __init__(self, path: Path, reader: "_Reader") -> None:
        self.path = path
        self.has_sound_styles = reader.has_sound_styles
        self._reader = reader

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of all sheets of cells, hidden ones too, in their order."""
        return tuple(self._reader.sheet_parts)

    def rows(self, title: str) -> Iterator[tuple[Cell, ...]]:
        """The rows of a sheet that hold at least one cell with a value. Raises EnvironmentProblem on damage."""
        with _explaining(self.path), self._reader.archive.open(self._reader.sheet_parts[title]) as searched:
            end = end_of_data(searched)
        with _explaining(self.path), self._reader.archive.open(self._reader.sheet_parts[title]) as source:
            yield from self._parse(SheetStream(source, end))

    def merges(self, title: str) -> tuple[str, ...]:
        """The merged ranges of a sheet, such as A1:C1, as they are written."""
        found: list[str] = []
        rest = b""
        with _explaining(self.path), self._reader.archive.open(self._reader.sheet_parts[title]) as source:
            while chunk := source.read(CHUNK):
                text = rest + chunk
                cut = text.rfind(b"<")
                found += [match[1].decode() for match in _MERGE.finditer(text[:cut])]
                rest = text[cut:]
        return tuple(found)

    def close(self) -> None:
        """Let go of the file."""
        self._reader.archive.close()

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _parse(self, stream: SheetStream) -> Iterator[tuple[Cell, ...]]:
        parser = _SheetParser(self._reader, stream)
        try:
            for number, cells in parser.parse():
                if number > LAST_ROW:
                    raise _DamageError(f"it has more than {LAST_ROW:,} rows")
                if filled := tuple(
                    Cell(cell["row"], cell["column"], cell["value"]) for cell in cells if cell["value"] is not None
                ):
                    yield filled
        except DataEnded:
            return


def sheet_titles(path: Path) -> tuple[str, ...]:
    """The titles of a workbook's sheets, without reading what is in them; raises as `open_package` does."""
    with open_package(path, titles_only=True) as package:
        return package.titles


def open_package(path: Path, *, titles_only: bool = False) -> Package:
    """Open a workbook for reading. Raises EnvironmentProblem with one sentence where it is none that can be read."""
    kind = kind_of(path)
    if kind is FileKind.EMPTY:
        raise EnvironmentProblem(f"{path} is not a Concord file: it is empty; ask for it again.")
    if kind is not FileKind.WORKBOOK:
        step = _NEXT_STEPS.get(kind, "name a workbook (.xlsx) or a scenario file (.concord)")
        raise EnvironmentProblem(f"{path} is not a Concord workbook: it is {kind.value}; {step}.")
    with saying_why(path, "read"):
        if path.stat().st_size > LARGEST_FILE:
            raise EnvironmentProblem(
                f"{path} is not a Concord workbook: it is larger than {LARGEST_FILE >> 20} MB; take out other data."
            )
    with _explaining(path):
        reader = _Reader(path, titles_only=titles_only)
        if not reader.sheet_parts and reader.is_strict:
            raise _DamageError(
                "it is in the 'Strict Open XML' format; save it as an ordinary Excel workbook (.xlsx)", ""
            )
        return Package(path, reader)


class _DamageError(Exception):
    """A fault that this module found itself: why, and what to do."""

    def __init__(self, reason: str, step: str = "; ask for the file again, or save it anew in a spreadsheet program"):
        super().__init__(reason + step)


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    """Turn whatever a damaged file makes the XML, zip and workbook libraries raise into one sentence."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of parts that it leaves out; none of them holds data
        try:
            yield
        except EnvironmentProblem:
            raise
        except _DamageError as error:
            raise EnvironmentProblem(f"{path} is not a Concord workbook: {error}.") from error
        except Exception as error:  # KeyError, TypeError, ParseError, BadZipFile ...: any, in a damaged part
            raise EnvironmentProblem(
                f"{path} is not a Concord workbook that can be read: it is damaged or incomplete; "
                "ask for the file again, or open it in a spreadsheet program and save it anew."
            ) from error


class _Archive(zipfile.ZipFile):
    """A zip file that refuses parts too large to be honest before it unpacks them.

    zipfile never yields more bytes than a part declares, so the declared size is the most that is unpacked.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        for part in self.filelist:  # some programs separate folders the way of Windows
            part.filename = part.filename.replace("\\", "/")
        self.NameToInfo = {part.filename: part for part in self.filelist}

    def open(self, name: Any, mode: Any = "r", pwd: Any = None, *, force_zip64: bool = False) -> IO[bytes]:
        part = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        text = part.filename.lower()
        limit = LARGEST_OTHER
        if "sharedstrings" in text:
            limit = LARGEST_STRINGS
        elif "worksheets/" in text and not text.endswith(".rels"):
            limit = LARGEST_SHEET
        if part.file_size > limit:
            raise _DamageError(f"its part {part.filename} unpacks to {part.file_size >> 20} MB")
        return super().open(name, mode, pwd, force_zip64=force_zip64)


class _Reader(ExcelReader):
    """openpyxl's reader, kept to the parts that cells need: no themes, charts, images, links or macros."""

    def __init__(self, path: Path, *, titles_only: bool) -> None:
        self.archive = _Archive(path)  # in place of openpyxl's own, which unpacks whatever it is given
        self.valid_files = self.archive.namelist()
        self.read_only, self.data_only, self.keep_links, self.keep_vba, self.rich_text = True, True, False, False, False
        self.shared_strings: list[str] = []
        self.sheet_parts: dict[str, str] = {}
        self.has_sound_styles = True
        self.is_strict = False
        try:
            self.read(titles_only=titles_only)
        except BaseException:
            self.archive.close()
            raise

    def read(self, *, titles_only: bool = False) -> None:
        """Read everything but the sheets themselves; of a large workbook the texts of cells are most of it."""
        self.read_manifest()
        if not titles_only:
            self.read_strings()
        self.read_workbook()
        try:
            if not titles_only:
                apply_stylesheet(self.archive, self.wb)
        except _DamageError:
            raise
        except Exception:  # styles fail in many ways, and only tell which numbers are dates
            self.has_sound_styles = False
        self.is_strict = b"purl.oclc.org/ooxml" in self.archive.read(self.parser.workbook_part_name)
        for sheet, relation in self.parser.find_sheets():
            if relation.target in self.valid_files and "chartsheet" not in relation.Type:
                self.sheet_parts[sheet.name] = relation.target

    def read_strings(self) -> None:
        """The shared strings as they stand, with their escapes (openpyxl's own way drops `x005F_` anywhere)."""
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        if part is None or part.PartName[1:] not in self.valid_files:
            return  # cells that refer to strings are then faults of their own
        tag = f"{{{SHEET_MAIN_NS}}}si"
        with self.archive.open(part.PartName[1:]) as source:
            events = iterparse(source, events=("start", "end"))
            _, root = next(events)
            for event, element in events:
                if event == "end" and element.tag == tag:
                    self.shared_strings.append(
                        unescape_text(string.content if (string := Text.from_tree(element)) else "")
                    )
                    root.clear()


class _SheetParser(WorkSheetParser):
    """openpyxl's parser, one faulty cell at a time instead of the whole sheet."""

    def __init__(self, reader: _Reader, stream: SheetStream) -> None:
        book: Any = reader.wb
        super().__init__(
            stream,
            reader.shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """The cell's value; a CellFault where the file holds an error, an unreadable value or no result."""
        try:
            cell: dict[str, Any] = super().parse_cell(element)
        except (ValueError, IndexError, TypeError, OverflowError):
            # The counter has moved already, or the address itself is broken: then the row is as lost as the cell.
            return {
                "row": self.row_counter,
                "column": self.col_counter or 1,
                "value": CellFault("This cell holds a value that is damaged in the file; write it again."),
            }
        if cell["column"] > LAST_COLUMN:
            raise _DamageError(f"it has more than {LAST_COLUMN:,} columns")
        value, kind = cell["value"], cell["data_type"]
        if kind == "e" and value is not None:
            cell["value"] = CellFault(f"This cell holds the error {value}; write a value, or repair its formula.")
        elif value is None and element.find(FORMULA_TAG) is not None:
            cell["value"] = CellFault(
                "This formula has no stored result; open the workbook in a spreadsheet program, save it and try again."
            )
        elif kind == "s" and element.get("t") != "s" and isinstance(value, str):
            cell["value"] = unescape_text(value)
        if cell["value"] == "":
            cell["value"] = None
        return cell
