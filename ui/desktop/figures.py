"""Figures as this computer's language writes them, and as the spreadsheet did that they come from."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QLocale

from planner.cells import BLANKS

NOTHING = 1e-9  # what adding up figures leaves of a difference that is none
_DROP_BLANKS = str.maketrans("", "", BLANKS)
_FIGURE = re.compile(r"[+\-−]?(\d[\d.,]*)%?")
_GROUPED = {sign: re.compile(rf"\d{{1,3}}({re.escape(sign)}\d{{3}})+") for sign in ".,"}


class Signs(NamedTuple):
    """Which of point and comma stands before decimals, and which between thousands."""

    decimal: str
    group: str

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


POINT, COMMA = Signs(".", ","), Signs(",", ".")


def own_signs() -> Signs:
    """The signs of this computer's language: `1,250.5` or `1.250,5`."""
    return COMMA if QLocale().decimalPoint() == "," else POINT


def signs_of(texts: Iterable[str]) -> Signs:
    """The signs that a block of cells was written with, where its figures agree on them; else our own."""
    found = {signs for text in texts if (signs := _sure_signs(text)) is not None}
    return found.pop() if len(found) == 1 else own_signs()


def _sure_signs(text: str) -> Signs | None:
    """The signs of one figure, where it can be read in one way alone."""
    figure = _FIGURE.fullmatch(text.translate(_DROP_BLANKS))
    signs = re.sub(r"\d", "", figure[1]) if figure is not None else ""
    if figure is None or not signs:
        return None
    last = COMMA if signs[-1] == "," else POINT
    if len(signs) > 1:
        return (COMMA if last is POINT else POINT) if len(set(signs)) == 1 else last
    return None if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", figure[1]) else last


def number_text(value: float, decimals: int | None = None) -> str:
    """A figure with the thousands separators of this computer's language; at most 2 decimals where not told."""
    locale = QLocale()
    if abs(value) < NOTHING:
        value = 0.0
    if decimals is not None:
        return locale.toString(float(value), "f", decimals)
    if round(float(value), 2).is_integer() and (abs(value) >= 0.01 or value == 0):
        return locale.toString(round(value))
    text = locale.toString(float(value), "f", 2)
    return text.removesuffix("0") if abs(value) >= 0.01 else locale.toString(float(value), "g", 3)


def typed_text(text: str) -> str:
    """A plain figure (`1250.5`) as one types it on this computer: with its decimal sign."""
    return text.replace(".", ",") if "." in text and own_signs() is COMMA else text


def change_text(value: float, decimals: int | None = None) -> str:
    """A difference with its sign."""
    words = number_text(abs(value), decimals)
    if not any(sign in words for sign in "123456789"):
        return words
    return f"+{words}" if value > 0 else f"−{words}"
