"""Figures as this computer's language writes them, and as the spreadsheet did that they come from."""

from collections.abc import Iterable

from PySide6.QtCore import QLocale

from planner.separators import COMMA, POINT, Signs, shown_signs, two_readings

NOTHING = 1e-9  # what adding up figures leaves of a difference that is none


def own_signs() -> Signs:
    """The signs of this computer's language: `1,250.5` or `1.250,5`."""
    return COMMA if QLocale().decimalPoint() == "," else POINT


def signs_of(texts: Iterable[str]) -> Signs:
    """The signs that a block of cells was written with, where its figures agree on them; else our own."""
    return shown_signs(texts) or own_signs()


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
    """A plain figure (`1250.5`) as one types it on this computer: with its decimal sign; three decimals as four, for
    the sign might stand between thousands."""
    if two_readings(text):
        text += "0"
    return text.replace(".", ",") if "." in text and own_signs() is COMMA else text


def change_text(value: float, decimals: int | None = None) -> str:
    """A difference with its sign."""
    words = number_text(abs(value), decimals)
    if not any(sign in words for sign in "123456789"):
        return words
    return f"+{words}" if value > 0 else f"−{words}"
