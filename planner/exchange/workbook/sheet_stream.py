"""The bytes of a sheet up to its last value: a million formatted but empty rows below are never parsed."""

import re
from typing import IO

CHUNK = 1 << 18
MOST_TAGS_IN_A_ROW = 500_000  # 16,384 columns with all their tags are far below
_VALUE = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:v|is|f)[\s>/]")
_ROW_END = re.compile(rb"</(?:[A-Za-z_][\w.-]*:)?row\s*>")
_OVERLAP = 80  # a tag cut in two by the chunks is found in the overlap


class DataEnded(Exception):
    """Everything that holds a value has been read."""


class SheetStream:
    """A file object for the parser which ends with DataEnded after the last filled row."""

    def __init__(self, source: IO[bytes], end: int) -> None:
        self._source = source
        self._end = self._left = end
        # Parsers may hold a tag back until more bytes follow: blanks after the last row make them let go of it.
        self._padding = CHUNK

    @property
    def share(self) -> float:
        """How much of the bytes was read."""
        return 1 - self._left / max(1, self._end)

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises DataEnded after the last filled row."""
        size = size if size > 0 else CHUNK
        if self._left > 0:
            chunk = self._source.read(min(size, self._left))
            self._left -= len(chunk)
            return chunk
        if self._padding > 0:
            self._padding -= size
            return b" " * size
        raise DataEnded


def end_of_data(source: IO[bytes]) -> int:
    """How many bytes of a sheet's XML reach to the end of its last row with a value; 0 where no cell has one.

    Raises ValueError where one of these rows has more tags than a sheet can have columns for.
    """
    end = position = tags = 0
    crowded: int | None = None  # where a row first had too many tags
    is_row_open = False  # whether a value was seen whose row has not ended yet
    rest = b""
    while chunk := source.read(CHUNK):
        text = rest + chunk
        start = position - len(rest)
        ends = [match.end() for match in _ROW_END.finditer(text)]
        values = [match.start() for match in _VALUE.finditer(text)]
        tags = text.count(b"<", ends[-1]) if ends else tags + chunk.count(b"<")
        if tags > MOST_TAGS_IN_A_ROW and crowded is None:
            crowded = position
        if is_row_open and ends:
            end = start + ends[0]
            is_row_open = False
        if values:
            after = next((place for place in ends if place > values[-1]), None)
            is_row_open = after is None
            if after is not None:
                end = start + after
        position += len(chunk)
        rest = text[-_OVERLAP:]
    end = position if is_row_open else end
    if crowded is not None and crowded < end:
        raise ValueError("a row has more tags than a sheet has columns for")
    return end
