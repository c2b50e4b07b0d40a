"""What people write into a filter field: a part of a text, `=` and a whole one, `> 5`; several with semicolons."""

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from ui.desktop.figures import own_signs

COMPARISON = re.compile(r"(<=|>=|<|>|=)\s*(-?[\d\s.,]+)%?$")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
}
Figures = Sequence[float | None]
SEPARATOR = ";"


def alternatives(words: str) -> list[str]:
    """The parts of a filter, of which a cell has to match one."""
    return [part.strip() for part in words.split(SEPARATOR) if part.strip()]


def passing_rows(words: str, rows: Sequence[int], texts: Callable[[], Sequence[str]], figures: Figures) -> list[int]:
    """The rows whose cell matches; `figures` is empty where the column holds none."""
    parts = alternatives(words)
    limits = [limit for part in parts if figures and (limit := _limit_of(part)) is not None]
    if len(limits) == len(parts):
        return [
            row
            for row in rows
            if (figure := figures[row]) is not None and any(compare(figure, limit) for compare, limit in limits)
        ]
    cells = texts()
    tests = [_text_test(part, bool(figures)) for part in parts]
    matching = {cell for cell in set(cells) if any(test(cell.casefold()) for test in tests)}
    return [row for row in rows if cells[row] in matching]


def _limit_of(part: str) -> tuple[Callable[[Any, Any], bool], float] | None:
    comparison = COMPARISON.match(part)
    if comparison is None:
        return None
    try:
        return COMPARE[comparison[1]], float(re.sub(r"\s", "", own_signs().plain(comparison[2])).replace(",", "."))
    except ValueError:
        return None


def _text_test(part: str, is_figure: bool) -> Callable[[str], bool]:
    """A cell is the text behind `=`, or a list with it; without `=` it holds the text. Alone, `=` finds empty cells."""
    wanted = part.removeprefix("=").strip().casefold()
    if part.startswith("=") and not is_figure:
        return lambda cell: cell == wanted or wanted in cell.split(f"{SEPARATOR} ")
    if is_figure:
        wanted = re.sub(rf"[\s{re.escape(own_signs().group)}]", "", wanted).replace(own_signs().decimal, ".")
        return (lambda cell: wanted in cell) if wanted else (lambda cell: not cell)
    return lambda cell: wanted in cell
