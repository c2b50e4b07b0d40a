"""Which cells of a table hold a text, and what they hold once it is replaced."""

import re
from collections.abc import Iterable, Iterator

from ui.desktop.figures import own_signs, typed_text
from ui.desktop.tables.editable_grid import Cell, EditableGrid


def found_places(grid: EditableGrid, column: int, words: str) -> Iterator[int]:
    """Where on screen the cells of a column are that hold the words."""
    wanted = words.casefold()
    if grid.is_numeric(column):
        wanted = own_signs().plain(wanted).replace(own_signs().decimal, ".")
    texts = grid.column_texts(column)
    matching = {text for text in set(texts) if wanted in text.casefold()}
    if matching:
        yield from (place for place, row in enumerate(grid.source_rows()) if texts[row] in matching)


def replaced(grid: EditableGrid, cells: Iterable[Cell], words: str, replacement: str) -> dict[Cell, str]:
    """What cells hold with other words in the place of these; names stand for their codes."""
    signs, order = own_signs(), grid.source_rows()
    plain = re.compile(re.escape(signs.plain(words).replace(signs.decimal, ".")))
    figure = signs.plain(replacement).replace(signs.decimal, ".")
    text = re.compile(re.escape(words), flags=re.IGNORECASE)
    known: dict[tuple[bool, str], str] = {}
    made = {}
    for place, column in cells:
        said = (grid.is_numeric(column), grid.column_texts(column)[order[place]])
        if said not in known:
            is_figure, before = said
            known[said] = (
                typed_text(plain.sub(lambda _: figure, before))
                if is_figure
                else text.sub(lambda _: replacement, before)
            )
        made[place, column] = known[said]
    return made
