"""Which columns of a table are wide, hidden or moved: read from a header, kept as text, and put back."""

import json

from PySide6.QtWidgets import QHeaderView


def layout_text(header: QHeaderView, names: list[str]) -> str:
    """The columns as they stand on screen, by name: width, and whether they are hidden."""
    arranged = sorted(range(len(names)), key=header.visualIndex)
    return json.dumps([[names[at], header.sectionSize(at), header.isSectionHidden(at)] for at in arranged])


def restore_layout(header: QHeaderView, names: list[str], words: str) -> bool:
    """Arrange the columns as they were; columns not known then come last. Returns whether anything could be read."""
    try:
        kept = {str(name): (int(width), bool(is_hidden)) for name, width, is_hidden in json.loads(words or "[]")}
    except (ValueError, TypeError):
        return False
    known = [name for name in kept if name in names]
    if len(known) <= sum(kept[name][1] for name in known):
        return False  # nothing would be in view
    for visual, name in enumerate(known):
        column, (width, is_hidden) = names.index(name), kept[name]
        header.moveSection(header.visualIndex(column), visual)
        header.setSectionHidden(column, is_hidden)
        if width and not is_hidden:
            header.resizeSection(column, width)
    return True
