"""What would put a marked cell right at once: texts to write, names to make, the value that was kept."""

import math
import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

from planner.cells import CellError, parse_number
from planner.separators import two_readings
from ui.desktop.figures import number_text, own_signs, signs_of, typed_text
from ui.desktop.tables.creation import create_label
from ui.desktop.tables.editable_grid import EditableGrid

MOST_REPAIRS = 3
LIST_SIGN = ";"
_FIGURE = re.compile(r"[+\-−]?\d(?:[\d.,\s'’]*\d)?\s*%?")


class Repair(NamedTuple):
    """A button of the callout: what it says, and the text that goes into the cell or names what is to be made."""

    label: str
    text: str
    creates: bool = False


def repairs_of(grid: EditableGrid, place: int, column: int, sentence: str) -> list[Repair]:
    """The repairs of one cell, the likeliest first."""
    row = grid.source_row(place)
    text, kept = grid.edit_text(row, column), grid.kept_text(row, column)
    found = list(_figures(grid, column, text, sentence) if grid.is_numeric(column) else _codes(grid, column, text))
    if kept != text and kept:
        figure = grid.number_at(row, column) if grid.is_numeric(column) else None
        found.append(Repair(f"Keep {_short(kept) if figure is None else number_text(figure)}", kept))
    return list({repair.text: repair for repair in reversed(found)}.values())[::-1][:MOST_REPAIRS]


def _figures(grid: EditableGrid, column: int, text: str, sentence: str) -> Iterator[Repair]:
    """Without the words around the one figure of a text; inside the limits; whole where it has to be."""
    figures = _FIGURE.findall(text)
    if len(figures) != 1:
        return
    digits = re.sub(r"[\s'’]", "", figures[0])
    try:
        figure = parse_number(signs_of([digits]).plain(digits).rstrip("%"))
    except CellError:
        return
    for reading in two_readings(digits) or ():
        yield Repair(f"Write {typed_text(reading)}", typed_text(reading))
    low, high = grid.limits(column)
    candidates = [math.floor(figure), math.ceil(figure)] if "whole" in sentence else [figure]
    for candidate in candidates:
        inside = max(low if low is not None else candidate, min(high if high is not None else candidate, candidate))
        words = typed_text(f"{inside:.15g}")
        if words != own_signs().plain(text):
            yield Repair(f"Write {number_text(inside)}", words)


def _codes(grid: EditableGrid, column: int, text: str) -> Iterator[Repair]:
    """A code or name that is spelt nearly so, or a new one."""
    choices = grid.choices(column)
    codes = {word.casefold(): code for code, name in choices for word in (name, code) if word}
    names = {code: name or code for code, name in choices}
    parts = [part.strip() for part in text.split(LIST_SIGN)] if grid.takes_several(column) else [text.strip()]
    for at, part in enumerate(parts):
        if not part or part.casefold() in codes:
            continue
        for near in get_close_matches(part.casefold(), codes, n=2, cutoff=0.6):
            code = codes[near]
            yield Repair(f"Write {_short(names[code])}", f"{LIST_SIGN} ".join([*parts[:at], code, *parts[at + 1 :]]))
        if grid.creates(column):
            label = create_label(grid.creates(column), _short(part))
            others = [*parts[:at], *parts[at + 1 :]]
            yield Repair(label[0].upper() + label[1:], f"{LIST_SIGN} ".join([*others, part]), creates=True)


def _short(words: str) -> str:
    return words if len(words) <= 28 else f"{words[:27]}…"
