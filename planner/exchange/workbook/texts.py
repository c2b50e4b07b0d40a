"""Text in workbook cells: what XML cannot carry is written as _xHHHH_, as spreadsheet programs do."""

import re

from planner.cells import BLANKS

LONGEST_TEXT = 32_767  # characters in one cell, after escaping

# Control characters, carriage returns (XML turns them into line feeds), lone surrogates, and an underscore that would
# otherwise be read as the start of an escape.
_TO_ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_OUTER_BLANKS = re.compile(f"^[{BLANKS}]+|[{BLANKS}]+$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def escape_text(text: str) -> str:
    """Text as it stands in a cell; outer blanks are escaped too, for readers trim what people type."""
    escaped = _TO_ESCAPE.sub(_escape, text)
    return _OUTER_BLANKS.sub(lambda blanks: "".join(f"_x{ord(blank):04X}_" for blank in blanks[0]), escaped)


def unescape_text(text: str) -> str:
    """The text that a cell stands for, outer blanks trimmed."""
    text = text.strip(BLANKS)
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


def _escape(character: re.Match[str]) -> str:
    return f"_x{ord(character[0]):04X}_"
