"""How a sheet is laid out beside its cells: widths, merged cells, frozen panes, and what its cells may hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from openpyxl.utils import column_index_from_string
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.worksheet.datavalidation import DataValidation

from planner.exchange.workbook.limits import LAST_COLUMN
from planner.exchange.workbook.sheet_stream import CHUNK

_LONGEST = 1 << 20  # bytes before or after the cells; what is longer is nothing that people made
_START = re.compile(rb"<((?:\w+:)?)sheetData[\s/>]")
_END = re.compile(rb"</(?:\w+:)?sheetData\s*>")
_OVERLAP = 80  # a tag cut in two by the chunks is found in the overlap
_PLAIN = re.compile(  # words to choose from, a number, or cells: no function, no other file
    r"""\s*("[^"]*"|[-+.\dE]+|(?:(?P<sheet>'(?:[^'\[\]|]|'')+'|[\w.]+)!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)\s*"""
)
_CELL = re.compile(r"[A-Z]{1,3}[0-9]{1,7}")
_RANGE = re.compile(rf"{_CELL.pattern}:{_CELL.pattern}")
_LONGEST_WORDS = 255  # characters of a formula or a hint
_KEPT = (
    *("type", "operator", "formula1", "formula2", "allowBlank", "sqref", "showErrorMessage", "errorStyle"),
    *("error", "errorTitle", "showInputMessage", "prompt", "promptTitle"),
)


@dataclass(frozen=True, slots=True)
class ColumnRange:
    """Columns of one width, by number."""

    first: int
    last: int
    width: float
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """What of a sheet's layout can be kept in a copy; `frozen` is the first cell that scrolls."""

    columns: tuple[ColumnRange, ...] = ()
    merges: tuple[str, ...] = ()
    frozen: str = ""
    validations: tuple[DataValidation, ...] = ()

    @property
    def named_sheets(self) -> frozenset[str]:
        """The sheets that the lists of its cells stand on."""
        return frozenset(title for each in self.validations if (title := named_sheet(each)))


def named_sheet(validation: DataValidation) -> str:
    """The sheet on which the list of a validation stands; empty for its own."""
    found = _PLAIN.fullmatch(validation.formula1 or "")
    title = (found["sheet"] or "") if found is not None else ""
    return title[1:-1].replace("''", "'") if title.startswith("'") else title


def read_layout(source: IO[bytes]) -> SheetLayout:
    """The layout in the XML of a sheet; none where it is damaged or enormous, since the cells matter more."""
    around = _around_cells(source)
    parser: Any = WorkSheetParser(BytesIO(around), [])
    try:
        for _ in parser.parse():
            pass
        return SheetLayout(
            tuple(_columns(parser.column_dimensions)),
            tuple(_merges(parser.merged_cells)),
            _frozen(parser.views),
            tuple(_validations(parser.data_validations)),
        )
    except Exception:  # any, in a damaged part
        return SheetLayout()


def _around_cells(source: IO[bytes]) -> bytes:
    """The XML without its cells; empty where there is too much of it."""
    text = source.read(_LONGEST)
    start = _START.search(text)
    if start is None:
        return b""
    head = text[: start.start()] + b"<" + start[1] + b"sheetData/>"
    if text[start.end() - 1 : start.end() + 1] == b"/>":
        tail = text[start.end() + 1 :]
    else:
        rest = text[start.end() :]
        while (end := _END.search(rest)) is None:
            chunk = source.read(CHUNK)
            if not chunk:
                return b""
            rest = rest[-_OVERLAP:] + chunk
        tail = rest[end.end() :]
    tail += source.read(_LONGEST - min(len(tail), _LONGEST))
    return head + tail if not source.read(1) else b""


def _columns(dimensions: Any) -> Iterator[ColumnRange]:
    for letter, each in dimensions.items():
        first = int(each.get("min") or column_index_from_string(letter))
        last = min(int(each.get("max") or first), LAST_COLUMN)
        width = float(each.get("width") or 0)
        if 0 < width <= 255 and 1 <= first <= last:
            yield ColumnRange(first, last, width, str(each.get("hidden")) in ("1", "True", "true"))


def _frozen(views: Any) -> str:
    panes = [view.pane for view in views.sheetView if view.pane is not None] if views is not None else []
    cells = [str(pane.topLeftCell) for pane in panes if pane.state == "frozen"]
    return next((cell for cell in cells if _CELL.fullmatch(cell)), "")


def _merges(written: Any) -> Iterator[str]:
    for each in written.mergeCell if written is not None else ():
        if _RANGE.fullmatch(str(each.ref)):
            yield str(each.ref)


def _validations(written: Any) -> Iterator[DataValidation]:
    for each in written.dataValidation if written is not None else ():
        formulas = [formula for formula in (each.formula1, each.formula2) if formula]
        texts = [*formulas, *filter(None, (each.error, each.errorTitle, each.prompt, each.promptTitle))]
        if all(map(_PLAIN.fullmatch, formulas)) and max(map(len, texts), default=0) <= _LONGEST_WORDS:
            yield DataValidation(**{name: getattr(each, name) for name in _KEPT})
