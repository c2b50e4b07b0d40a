"""Who may see a row or a cell: the labels that people give them, in a column `sensitivity` of any table.

`confidential` labels the row; `note: public; quantity: confidential` labels cells of it; both may stand together. The
column is kept among the cells of other columns, so that scenario files of every version and workbooks carry it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any

from planner.scenario import SENSITIVITIES, TABLE_BY_NAME, Scenario
from resources.columns import columns_of

COLUMN = "sensitivity"


class Level(IntEnum):
    """For everybody, for the partnership, for its owner and the coordinator."""

    PUBLIC = 0
    INTERNAL = 1
    CONFIDENTIAL = 2

    @property
    def word(self) -> str:
        """As it is written in a cell."""
        return SENSITIVITIES[self]


LEVELS = {level.word: level for level in Level}


@dataclass(frozen=True, slots=True)
class Labels:
    """What somebody said of a row: its own level, None where nothing was said, and those of its cells by column."""

    row: Level | None = None
    cells: Mapping[str, Level] = field(default_factory=dict)

    def __str__(self) -> str:
        """As it stands in the column `sensitivity`."""
        parts = [] if self.row is None else [self.row.word]
        return "; ".join((*parts, *(f"{name}: {level.word}" for name, level in self.cells.items())))


class UnreadableLabel(ValueError):
    """A part of a label that says nothing; its text is that part."""


def read_labels(text: str, columns: frozenset[str]) -> Labels:
    """The labels that a cell holds; of those that contradict each other the closest. Raises UnreadableLabel."""
    own: Level | None = None
    cells: dict[str, Level] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, colon, word = part.rpartition(":")
        level, name = LEVELS.get(word.strip().lower()), name.strip().lower()
        if level is None or (colon and name not in columns):
            raise UnreadableLabel(part)
        if colon:
            cells[name] = max(level, cells.get(name, level))
        else:
            own = level if own is None else max(level, own)
    return Labels(own, cells)


def labels_of(row: Any) -> Labels:
    """The labels of a row. One that cannot be read keeps the row as close as possible."""
    text = label_text(row)
    if not text:
        return Labels()
    try:
        return read_labels(text, names_of(type(row)))
    except UnreadableLabel:
        return Labels(Level.CONFIDENTIAL)


def label_text(row: Any) -> str:
    """What stands in the column `sensitivity` of a row; in all of them where it has several, by other capitals."""
    return "; ".join(text for name, text in row.extra if name.strip().lower() == COLUMN)


def with_labels(row: Any, labels: Labels) -> Any:
    """The row with these labels in place of its own."""
    others = [(name, text) for name, text in row.extra if name.strip().lower() != COLUMN]
    text = str(labels)
    return replace(row, extra=tuple(sorted([*others, (COLUMN, text)] if text else others)))


def label_rows(
    scenario: Scenario,
    table_name: str,
    indexes: Collection[int],
    level: Level | None,
    columns: Collection[str] = (),
) -> Scenario:
    """Give rows a level of their own, or their cells of these columns; None takes it away. Other labels stay."""
    rows = list(scenario.rows(TABLE_BY_NAME[table_name]))
    for index in indexes:
        before = labels_of(rows[index])
        labels = _with_cells(before, columns, level) if columns else replace(before, row=level)
        if str(labels) != label_text(rows[index]):
            rows[index] = with_labels(rows[index], labels)
    changed: dict[str, Any] = {table_name: tuple(rows)}
    return replace(scenario, **changed)


def _with_cells(labels: Labels, columns: Collection[str], level: Level | None) -> Labels:
    others = {name: own for name, own in labels.cells.items() if name not in columns}
    return replace(labels, cells=others if level is None else others | dict.fromkeys(columns, level))


def names_of(row_class: type[Any]) -> frozenset[str]:
    """The columns whose cells can be labelled."""
    return frozenset(column.name for column in columns_of(row_class))


def unreadable_labels(scenario: Scenario) -> Iterator[tuple[str, int, str]]:
    """Sheet, index of the row and the part that says nothing, of every label that cannot be read."""
    for table, rows in scenario.tables():
        names = names_of(table.row_class)
        for index, row in enumerate(rows):
            if row.extra and (text := label_text(row)):
                try:
                    read_labels(text, names)
                except UnreadableLabel as part:
                    yield table.sheet, index, str(part)
