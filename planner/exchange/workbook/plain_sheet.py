"""Read a sheet of plain values at once: what was measured first goes to calamine, a reader in native code.

Plain is a sheet of honest size whose cells hold texts and finite numbers alone: no errors, no days before the calendar
starts, no escaped characters, no formulas without a result and nothing unusual in its XML. calamine gets a package made
here, of parts that were unpacked within limits, and nothing else of the file. A sheet that is not plain has to be read
cell by cell, where every fault has its address.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from xml.parsers.expat import ExpatError, ParserCreate

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from planner.cells import BLANKS
from planner.exchange.workbook.limits import LAST_ROW, MOST_PLAIN_CELLS
from planner.exchange.workbook.sheet_row import SheetRow
from planner.exchange.workbook.sheet_stream import CHUNK
from planner.progress import Progress, Tell, to_nobody

_ESCAPE = re.compile(rb"_x[0-9A-Fa-f]{4}_")
_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})[1-9][0-9]{0,6}"(?: [a-z]+="[^"<>]*")*/?>')
_ROW = re.compile(rb'<c r="[A-Z]{1,3}([1-9][0-9]{0,6})"')
_OTHER_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["'](?!utf-8)""", re.IGNORECASE)
_NUMBER = rb"-?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?</v></c>"  # none is infinite
_FORMULA = rb"(?:<f[^<>]*/>|<f(?: [^<>]*)?>[^<]*</f>)?"
_NUMBER_VALUE = re.compile(rb"<v>" + _NUMBER)
_TEXT_RESULT = re.compile(rb' t="str"[^<>]*>' + _FORMULA + rb"<v>(?!" + _NUMBER + rb")[^<]*</v></c>")
_NEGATIVE = re.compile(rb"<c ([^<>]*)>" + _FORMULA + rb"<v>-")
_STYLE = re.compile(rb' s="([0-9]+)"')
_VALUE_STARTS = (b"<v>", b"<v ", b"<is>", b"<is ")
_ROW_END = b"</row>"
_REST = b"</sheetData></worksheet>"


def is_plain_part(xml: bytes) -> bool:
    """Whether the XML of a part says no more than it shows: no declarations, no other encoding, no escapes."""
    if b"<!" in xml or _OTHER_ENCODING.match(xml) is not None or (b"_x" in xml and _ESCAPE.search(xml) is not None):
        return False
    parser = ParserCreate()
    try:  # calamine would read damaged XML as far as it goes
        for start in range(0, len(xml), CHUNK):  # in pieces, so that a window at work beside it gets its turn
            parser.Parse(xml[start : start + CHUNK], start + CHUNK >= len(xml))
    except ExpatError:
        return False
    return True


def plain_rows(
    title: str,
    sheet: bytes,
    part: str,
    others: Mapping[str, bytes],
    days: Set[int] = frozenset(),
    tell: Tell = to_nobody,
) -> Iterator[SheetRow] | None:
    """The rows of a plain sheet that hold something; None for a sheet that is not plain.

    `sheet` is the XML of the part named `part`; `others` are the parts that go with it: workbook, styles, strings;
    `days` are the numbers of the styles that show days or times.
    """
    values = sheet[: _end_of_values(sheet)] + _REST
    if not _is_of_honest_size(values) or not _has_plain_values(values, days):
        return None
    with ThreadPoolExecutor(1) as beside:  # calamine works without Python's lock: both take as long as one of them
        reading = beside.submit(_read, title, {**others, part: values})
        if not is_plain_part(values):
            return None
        try:
            read = reading.result()
        except CalamineError:
            return None
    return _filled_rows(read, tell)


def _read(title: str, parts: Mapping[str, bytes]) -> CalamineSheet:
    return CalamineWorkbook.from_filelike(_package(parts)).get_sheet_by_name(title)


def _filled_rows(sheet: CalamineSheet, tell: Tell) -> Iterator[SheetRow]:
    """Rows from the first of the sheet, texts without their outer blanks; columns count from the first that is used."""
    first = (sheet.start or (0, 0))[1] + 1
    for number, cells in enumerate(Progress(tell, sheet.total_height).over(sheet.iter_rows()), 1):
        values = {
            column: kept
            for column, value in enumerate(cells, first)
            if (kept := value.strip(BLANKS) if value.__class__ is str else value) != ""
        }
        if values:
            yield SheetRow(number, values)


def _end_of_values(sheet: bytes) -> int:
    """Where the last row with a value ends; 0 where there is none. Empty rows below it are never parsed."""
    last = max(sheet.rfind(start) for start in _VALUE_STARTS)
    return sheet.find(_ROW_END, last) + len(_ROW_END) if last >= 0 and sheet.find(_ROW_END, last) >= 0 else 0


def _is_of_honest_size(sheet: bytes) -> bool:
    """Whether every cell says first where it stands, and the rectangle around all of them is not too large."""
    columns = _COLUMN.findall(sheet)
    if not columns or len(columns) != sheet.count(b"<c ") or b"<c>" in sheet or b"<c/" in sheet:
        return False
    widest = max(map(_number_of, set(columns)))
    return widest * LAST_ROW <= MOST_PLAIN_CELLS or widest * max(map(int, set(_ROW.findall(sheet)))) <= MOST_PLAIN_CELLS


def _has_plain_values(sheet: bytes, days: Set[int]) -> bool:
    """Whether every value is a text or a finite number, no day is before the calendar's first, and every formula has
    its result right behind it."""
    if b' t="e"' in sheet or b' t="d"' in sheet:
        return False
    others = sheet.count(b"<v") - len(_NUMBER_VALUE.findall(sheet))
    if others and others != len(_TEXT_RESULT.findall(sheet)):
        return False
    if days and b"<v>-" in sheet and not days.isdisjoint(_negative_styles(sheet)):
        return False
    if b"<f" not in sheet:
        return True
    formulas = sheet.count(b"<f>") + sheet.count(b"<f ")
    results = sheet.count(b"</f><v>") + sheet.count(b"/><v>")
    return formulas == results and b"<v></v>" not in sheet and b"<v/>" not in sheet


def _negative_styles(sheet: bytes) -> set[int]:
    """The numbers of the styles of cells with negative numbers."""
    found = (_STYLE.search(b" " + match[1]) for match in _NEGATIVE.finditer(sheet))
    return {int(style[1]) if style is not None else 0 for style in found}


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _package(parts: Mapping[str, bytes]) -> BytesIO:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as package:
        for name, xml in parts.items():
            package.writestr(name, xml)
    content.seek(0)
    return content
