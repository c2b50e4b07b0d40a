"""Which cells of a table hold a text, and what they hold once it is replaced."""

import re
from collections.abc import Iterator

from ui.desktop.figures import own_signs, typed_text
from ui.desktop.tables.editable_grid import Cell, EditableGrid


def found_cells(grid: EditableGrid, column: int, words: str) -> Iterator[Cell]:
    """The cells of a column that hold the words, in the order of the screen."""
    wanted = words.casefold()
    if grid.is_numeric(column):
        wanted = own_signs().plain(wanted).replace(own_signs().decimal, ".")
    texts = grid.column_texts(column)
    matching = {text for text in set(texts) if wanted in text.casefold()}
    for place in range(grid.rowCount() if matching else 0):
        if texts[grid.source_row(place)] in matching:
            yield place, column


def replaced(grid: EditableGrid, cell: Cell, words: str, replacement: str) -> str:
    """What a cell holds with other words in the place of these; names stand for their codes."""
    place, column = cell
    text = grid.column_texts(column)[grid.source_row(place)]
    if grid.is_numeric(column):
        signs = own_signs()
        plain = re.escape(signs.plain(words).replace(signs.decimal, "."))
        return typed_text(re.sub(plain, lambda _: signs.plain(replacement).replace(signs.decimal, "."), text))
    return re.sub(re.escape(words), lambda _: replacement, text, flags=re.IGNORECASE)
