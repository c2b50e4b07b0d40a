"""Points and commas in written figures: which of them stands before decimals, and where nobody can tell."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from planner.cells import BLANKS, CellError
from resources.columns import Kind

AMOUNTS = (Kind.NUMBER, Kind.WHOLE)  # cells that may well hold a thousand times as much

_DROP_BLANKS = str.maketrans("", "", BLANKS)
_FIGURE = re.compile(r"[+\-−]?(\d[\d.,]*)%?")
_GROUPED = {sign: re.compile(rf"\d{{1,3}}({re.escape(sign)}\d{{3}})+") for sign in ".,"}
_TWO_READINGS = re.compile(r"([+\-−]?[1-9]\d{0,2})[.,](\d{3})", re.ASCII)


class Signs(NamedTuple):
    """Which of point and comma stands before decimals, and which between thousands."""

    decimal: str
    group: str
    is_sure: bool = False  # whether other figures beside them show it

    def plain(self, text: str) -> str:
        """A figure without its thousands separators and with a decimal point; every other text as it is."""
        bare = text.translate(_DROP_BLANKS)
        figure = _FIGURE.fullmatch(bare)
        if figure is None or self.group not in bare:
            return text
        whole, decimal, decimals = figure[1].partition(self.decimal)
        if not _GROUPED[self.group].fullmatch(whole) or self.group in decimals:
            return text
        return bare.replace(figure[1], whole.replace(self.group, "") + ("." if decimal else "") + decimals)

    def certain(self, text: str) -> str:
        """The same of a figure that is to be kept. Raises CellError where these signs leave it two readings."""
        plain = self.plain(text)
        if not self.is_sure:
            refuse_two_readings(plain)
        return plain


POINT, COMMA = Signs(".", ","), Signs(",", ".")


def shown_signs(texts: Iterable[str]) -> Signs | None:
    """The signs that a block of cells was written with; None where none of its figures tells, or they differ."""
    found = {signs for text in texts if (signs := _sure_signs(text)) is not None}
    return found.pop()._replace(is_sure=True) if len(found) == 1 else None


def two_readings(raw: object) -> tuple[str, str] | None:
    """Both figures that a text such as `260.000` may mean: `260000` and `260.00`; None where it means one thing."""
    found = _TWO_READINGS.fullmatch(raw.translate(_DROP_BLANKS)) if isinstance(raw, str) else None
    if found is None:
        return None
    whole, digits = found[1].replace("−", "-"), found[2]
    return whole + digits, f"{whole}.{digits.removesuffix('0') if digits.endswith('0') else digits + '0'}"


def refuse_two_readings(raw: object) -> None:
    """Raises CellError for a text that may be a figure with a thousands separator, or one with three decimals."""
    if readings := two_readings(raw):
        raise CellError(f"{told_apart(str(raw), readings)}.")


def told_apart(text: str, readings: tuple[str, str]) -> str:
    """Both readings of a text, and what to write, to be ended as a sentence."""
    thousands, decimals = readings
    meant = f"{int(thousands):,} or {float(decimals):g}"
    return f"'{text.strip(BLANKS)}' may mean {meant}; write {thousands} or {decimals}, without thousands separators"


def _sure_signs(text: str) -> Signs | None:
    """The signs of one figure, where it can be read in one way alone."""
    figure = _FIGURE.fullmatch(text.translate(_DROP_BLANKS))
    signs = re.sub(r"\d", "", figure[1]) if figure is not None else ""
    if figure is None or not signs:
        return None
    last = COMMA if signs[-1] == "," else POINT
    if len(signs) > 1:
        return (COMMA if last is POINT else POINT) if len(set(signs)) == 1 else last
    return None if _TWO_READINGS.fullmatch(figure[1]) else last
