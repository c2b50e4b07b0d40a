"""Open a workbook from anybody: damaged, enormous or hostile files end in one sentence, never in a traceback.

openpyxl reads the parts; this module decides which parts are read, how much of them, and what the failures are called.
"""

import re
import warnings
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser
from openpyxl.xml.constants import ARC_CONTENT_TYPES, ARC_ROOT_RELS, ARC_STYLE, SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from planner.exchange.workbook.archive import Archive, DamageError
from planner.exchange.workbook.limits import LARGEST_FILE, LARGEST_PLAIN, LAST_COLUMN, LAST_ROW
from planner.exchange.workbook.plain_sheet import is_plain_part, plain_rows
from planner.exchange.workbook.sheet_layout import SheetLayout, read_layout
from planner.exchange.workbook.sheet_row import CellFault, SheetRow
from planner.exchange.workbook.sheet_stream import CHUNK, DataEnded, SheetStream, end_of_data
from planner.exchange.workbook.texts import unescape_text
from planner.files import FileKind, kind_of, saying_why
from planner.problems import EnvironmentProblem
from planner.progress import PAUSE, Cancelled, Tell, to_nobody

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


class Package:
    """An open workbook: the titles of its sheets and, sheet by sheet, the rows that hold something."""

    def __init__(self, path: Path, reader: "_Reader", tell: Tell = to_nobody) -> None:
        self.path = path
        self._tell = tell
        self._done = 0  # bytes of the sheets that were read
        self.has_sound_styles = reader.has_sound_styles
        self._reader = reader

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of all sheets of cells, hidden ones too, in their order."""
        return tuple(self._reader.sheet_parts)

    def rows(self, title: str) -> Iterator[SheetRow]:
        """The rows of a sheet that hold at least one cell with a value. Raises EnvironmentProblem on damage."""
        yield from self._rows(title)
        self._done += self._size_of(title)

    def _rows(self, title: str) -> Iterator[SheetRow]:
        with _explaining(self.path):
            plain = self._plain_rows(title)
        if plain is not None:
            yield from plain
            return
        with _explaining(self.path), self._reader.archive.open(self._reader.sheet_parts[title]) as searched:
            end = end_of_data(searched)
        with _explaining(self.path), self._reader.archive.open(self._reader.sheet_parts[title]) as source:
            yield from self._parse(SheetStream(source, end), partial(self._tell_of, title))

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

    def layout(self, title: str) -> SheetLayout:
        """How a sheet is laid out."""
        with _explaining(self.path), self._reader.archive.open(self._reader.sheet_parts[title]) as source:
            return read_layout(source)

    def close(self) -> None:
        """Let go of the file."""
        self._reader.archive.close()

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _plain_rows(self, title: str) -> Iterator[SheetRow] | None:
        part = self._reader.sheet_parts[title]
        others = self._reader.parts_beside_sheets
        if others is None or self._size_of(title) > LARGEST_PLAIN:
            return None
        sheet = self._reader.archive.read(part)
        return plain_rows(title, sheet, part, others, self._reader.day_styles, partial(self._tell_of, title))

    def _size_of(self, title: str) -> int:
        return self._reader.archive.getinfo(self._reader.sheet_parts[title]).file_size

    def _tell_of(self, title: str, share: float) -> None:
        """Tell how much of all sheets is read when so much of one is."""
        whole = sum(map(self._size_of, self.titles))
        self._tell(min(1.0, (self._done + share * self._size_of(title)) / max(1, whole)))

    def _parse(self, stream: SheetStream, tell: Tell) -> Iterator[SheetRow]:
        parser = _SheetParser(self._reader, stream)
        try:
            for number, cells in parser.parse():
                if number > LAST_ROW:
                    raise DamageError(f"it has more than {LAST_ROW:,} rows")
                if values := {cell["column"]: cell["value"] for cell in cells if cell["value"] is not None}:
                    yield SheetRow(cells[0]["row"], values)
                if number % PAUSE == 0:
                    tell(stream.share)
        except DataEnded:
            return


def sheet_titles(path: Path) -> tuple[str, ...]:
    """The titles of a workbook's sheets, without reading what is in them; raises as `open_package` does."""
    with open_package(path, titles_only=True) as package:
        return package.titles


def open_package(path: Path, *, titles_only: bool = False, tell: Tell = to_nobody) -> Package:
    """Open a workbook; `tell` is told how much of its sheets is read.

    Raises EnvironmentProblem with one sentence where it is none that can be read.
    """
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
            raise DamageError(
                "it is in the 'Strict Open XML' format; save it as an ordinary Excel workbook (.xlsx)", ""
            )
        return Package(path, reader, tell)


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    """Turn whatever a damaged file makes the XML, zip and workbook libraries raise into one sentence."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of parts that it leaves out; none of them holds data
        try:
            yield
        except (EnvironmentProblem, Cancelled):
            raise
        except DamageError as error:
            raise EnvironmentProblem(f"{path} is not a Concord workbook: {error}.") from error
        except Exception as error:  # KeyError, TypeError, ParseError, BadZipFile ...: any, in a damaged part
            raise EnvironmentProblem(
                f"{path} is not a Concord workbook that can be read: it is damaged or incomplete; "
                "ask for the file again, or open it in a spreadsheet program and save it anew."
            ) from error


class _Reader(ExcelReader):
    """openpyxl's reader, kept to the parts that cells need: no themes, charts, images, links or macros."""

    def __init__(self, path: Path, *, titles_only: bool) -> None:
        self.archive = Archive(path)  # in place of openpyxl's own, which unpacks whatever it is given
        self.valid_files = self.archive.namelist()
        self.read_only, self.data_only, self.keep_links, self.keep_vba, self.rich_text = True, True, False, False, False
        self.sheet_parts: dict[str, str] = {}
        self.has_sound_styles = True
        self.is_strict = False
        try:
            self.read(titles_only=titles_only)
        except BaseException:
            self.archive.close()
            raise

    def read(self, *, titles_only: bool = False) -> None:
        """Read everything but the sheets and the texts of their cells, which are most of a large workbook."""
        self.read_manifest()
        self.read_workbook()
        try:
            if not titles_only:
                apply_stylesheet(self.archive, self.wb)
        except DamageError:
            raise
        except Exception:  # styles fail in many ways, and only tell which numbers are dates
            self.has_sound_styles = False
        self.is_strict = b"purl.oclc.org/ooxml" in self.archive.read(self.parser.workbook_part_name)
        for sheet, relation in self.parser.find_sheets():
            if relation.target in self.valid_files and "chartsheet" not in relation.Type:
                self.sheet_parts[sheet.name] = relation.target

    @cached_property
    def shared_strings(self) -> list[str]:  # type: ignore[override]
        """The shared strings as they stand, with their escapes (openpyxl's own way drops `x005F_` anywhere)."""
        if not self.strings_part:
            return []  # cells that refer to strings are then faults of their own
        strings: list[str] = []
        tag = f"{{{SHEET_MAIN_NS}}}si"
        with self.archive.open(self.strings_part) as source:
            events = iterparse(source, events=("start", "end"))
            _, root = next(events)
            for event, element in events:
                if event == "end" and element.tag == tag:
                    strings.append(unescape_text(string.content if (string := Text.from_tree(element)) else ""))
                    root.clear()
        return strings

    @property
    def day_styles(self) -> Set[int]:
        """The numbers of the styles that show days, times or durations."""
        book: Any = self.wb
        return frozenset(book._date_formats | book._timedelta_formats)

    @property
    def strings_part(self) -> str:
        """The part with the shared strings; empty where there is none."""
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        return part.PartName[1:] if part is not None and part.PartName[1:] in self.valid_files else ""

    @cached_property
    def parts_beside_sheets(self) -> Mapping[str, bytes] | None:
        """What plain sheets are read with; None where one of these parts is damaged, unusual or large."""
        book = self.parser.workbook_part_name
        names = [
            name
            for name in (ARC_CONTENT_TYPES, ARC_ROOT_RELS, book, _relations_of(book), ARC_STYLE, self.strings_part)
            if name in self.valid_files
        ]
        if not self.has_sound_styles or any(self.archive.getinfo(name).file_size > LARGEST_PLAIN for name in names):
            return None
        parts = {name: self.archive.read(name) for name in names}
        return parts if all(map(is_plain_part, parts.values())) else None


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


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
            raise DamageError(f"it has more than {LAST_COLUMN:,} columns")
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
