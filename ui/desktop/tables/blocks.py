"""Blocks of cells as spreadsheets put them on the clipboard: tabs between cells, quotes around line breaks."""

import csv
import io
from collections.abc import Sequence

Block = list[list[str]]


def read_block(text: str) -> Block:
    """The cells of a block; a last empty line is none."""
    rows = list(csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline=""), delimiter="\t"))
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def write_block(block: Sequence[Sequence[str]]) -> str:
    """The text that a spreadsheet reads back as the same cells."""
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(block)
    return out.getvalue()


def tiled(block: Sequence[Sequence[str]], rows: int, columns: int) -> Block:
    """The block again and again over so many rows and columns, where these are multiples of its own; else once."""
    height, width = len(block), max(map(len, block))
    if rows % height or columns % width:
        return [list(texts) for texts in block]
    return [[block[row % height][column % width] for column in range(columns)] for row in range(rows)]
