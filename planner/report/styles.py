"""How the plan workbook looks: colours, number formats, and cells that never become formulas."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.fills import Fill

from planner.cells import BLANKS
from planner.exchange.workbook.texts import LONGEST_TEXT, escape_text
from planner.report.table import NO_DECIMALS_FROM, PERCENT

ACCENT, ON_ACCENT = "0E6377", "FFFFFF"
INK, INK_2 = "1C1F23", "565B62"
LINE = "C9C8C2"
GAP_INK, HATCH = "8C3D6E", "C9C8C2"
HEAT = ("F3F7F8", "66A7B6", "0B4757")  # coverage 0, 2/3, 1: one hue that survives grey printing
HEAT_MIDDLE, HEAT_LIGHT_TEXT_FROM = 0.67, 0.78

GENERAL, TEXT, DATE = "General", "@", "yyyy-mm-dd"
WHOLE, DECIMALS, SMALL, TINY, SHARE = "#,##0", "#,##0.0#", "0.0###", "0.0E+00", "0.0%"

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class Look(NamedTuple):
    """One style of a cell."""

    format: str = GENERAL
    role: str = "body"
    is_quoted: bool = False
    is_wrapped: bool = False
    align: str = ""  # left without a word
    is_open: bool = False  # can be changed in a protected sheet


@dataclass(frozen=True)
class _Role:
    font: Font
    fill: Fill | None = None
    border: Border | None = None
    align: str = ""
    vertical: str = "top"
    indent: int = 0


_HAIR = Border(bottom=Side(style="hair", color=LINE))
_WHITE = Side(style="medium", color="FFFFFF")
_GUTTER = Border(left=_WHITE, right=_WHITE, top=_WHITE, bottom=_WHITE)
_THIN = Side(style="thin", color=LINE)
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HATCHED = PatternFill("lightUp", fgColor=HATCH)


def _font(size: int, color: str, bold: bool = False) -> Font:
    return Font(name="Calibri", size=size, color=color, bold=bold)


def _solid(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


_ROLES: Mapping[str, _Role] = {
    "body": _Role(_font(10, INK), border=_HAIR, indent=1),
    "plain": _Role(_font(10, INK)),
    "strong": _Role(_font(10, INK, True), border=_HAIR, indent=1),
    "head": _Role(_font(10, ON_ACCENT, True), _solid(ACCENT), vertical="center", indent=1),
    "title": _Role(_font(16, INK, True)),
    "section": _Role(_font(12, ACCENT, True)),
    "sentence": _Role(_font(11, INK)),
    "entry": _Role(_font(10, INK), border=_BOX, indent=1),
    "locked": _Role(_font(10, INK_2), _solid("EFEEE9"), _BOX, indent=1),
    "refused": _Role(_font(10, INK), _solid("F2B8B5"), _BOX, indent=1),
    "dropped": _Role(_font(10, INK), _solid("F8D9A8"), _BOX, indent=1),
    "warned": _Role(_font(10, INK), _solid("FAF0B8"), _BOX, indent=1),
    "hint": _Role(_font(9, INK_2)),
    "label": _Role(_font(10, GAP_INK, True)),
    "total": _Role(_font(11, INK, True), indent=1),
    "not ahead": _Role(_font(9, GAP_INK), _HATCHED, _GUTTER, "center", "center"),
    "no need": _Role(_font(10, INK_2), None, _GUTTER, "center", "center"),
    "heat": _Role(_font(10, INK), None, _GUTTER, "center", "center"),
    "heat total": _Role(_font(10, INK, True), None, _GUTTER, "center", "center"),
    "row name": _Role(_font(10, INK), vertical="center", indent=1),
    "row total": _Role(_font(10, INK, True), vertical="center", indent=1),
}


class Pen:
    """Makes the cells of one write-only sheet; the styles of a look are built once.

    `reuses` gives the same cell again for the same look: for rows that a sheet takes cell by cell, as from a generator.
    """

    def __init__(self, sheet: Any, *, reuses: bool = False) -> None:
        self._sheet = sheet
        self._styles: dict[Look, Any] = {}
        self._reuses = reuses
        self._kept: dict[Look, Any] = {}

    def text(self, value: str, look: Look) -> Any:
        """Text that stays text, whatever it begins with and whatever signs are in it."""
        written = escape_text(value[:LONGEST_TEXT].strip(BLANKS))[:LONGEST_TEXT]
        cell = self._cell(look._replace(is_quoted=True) if written.startswith(_FORMULA_SIGNS) else look)
        cell._value = written  # past openpyxl's own look at it, which takes a third of the time of a long sheet
        cell.data_type = "s"
        return cell

    def number(self, value: float, look: Look) -> Any:
        """A number; infinite and undefined ones, which no workbook holds, stay empty."""
        cell = self._cell(look)
        cell._value = value if math.isfinite(value) else None
        cell.data_type = "n"
        return cell

    def date(self, value: date, look: Look) -> Any:
        """A real date."""
        cell = self._cell(look._replace(format=DATE))
        cell.value = value
        return cell

    def formula(self, formula: str, look: Look) -> Any:
        """A formula of our own making; never text that someone typed."""
        cell = self._cell(look)
        cell.value = formula
        return cell

    def any(self, value: Any, look: Look) -> Any:
        """The cell for a table's value; None stays an empty cell with its style."""
        if value is None or value == "":
            return self._cell(look)
        if isinstance(value, bool):
            return self.text("yes" if value else "no", look)
        if isinstance(value, str):
            return self.text(value, look)
        if isinstance(value, date):
            return self.date(value, look)
        return self.number(value, look)

    def _cell(self, look: Look) -> Any:
        if self._reuses:
            kept = self._kept.get(look)
            if kept is None:
                kept = self._kept[look] = self._fresh_cell(look)
            kept._value, kept.data_type = None, "n"
            return kept
        return self._fresh_cell(look)

    def _fresh_cell(self, look: Look) -> Any:
        cell: Any = WriteOnlyCell(self._sheet)
        style = self._styles.get(look)
        if style is None:
            role = _ROLES[look.role]
            cell.number_format = look.format
            cell.font = role.font
            if role.fill is not None:
                cell.fill = role.fill
            if role.border is not None:
                cell.border = role.border
            side = look.align or role.align or "left"
            indent = 0 if side == "center" else role.indent
            cell.alignment = Alignment(side, role.vertical, wrap_text=look.is_wrapped, indent=indent)
            cell.quotePrefix = look.is_quoted
            if look.is_open:
                cell.protection = Protection(locked=False)
            style = self._styles[look] = cell._style
        cell._style = style
        return cell


def take_cells_alone(sheet: Any) -> None:
    """Have a write-only sheet take rows of cells and None alone: to try each cell as a value first, as openpyxl does,
    takes a fifth of the time of a long sheet."""
    sheet._values_to_row = _placed


def _placed(cells: Iterable[Any], row: int) -> Iterator[Any]:
    """The cells of one row, told where they stand; None leaves a place empty."""
    for column, cell in enumerate(cells, 1):
        if cell is not None:
            cell.row, cell.column = row, column
            yield cell


def format_of(value: float, unit: str = "", *, is_share: bool = False) -> str:
    """The number format of a figure: percent for shares, no decimals where they only blur."""
    if is_share or unit == PERCENT:
        return SHARE
    size = abs(value)
    if size >= NO_DECIMALS_FROM or float(value).is_integer() or (size >= 1 and round(size, 2).is_integer()):
        return WHOLE
    return DECIMALS if size >= 1 else SMALL if size >= 0.0001 else TINY
