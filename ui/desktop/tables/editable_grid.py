"""What a table must be able to do so that people can type into it."""

from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence

from PySide6.QtCore import Qt

from planner.problems import ConcordError
from planner.sensitivity import Level
from planner.separators import Signs
from ui.desktop.figures import number_text, own_signs, signs_of
from ui.desktop.session import Edit, Session
from ui.desktop.tables.grid_model import SELECTABLE, AnyIndex, GridModel

Choices = tuple[tuple[str, str], ...]  # code and name
Cell = tuple[int, int]  # place and column
EDITABLE = SELECTABLE | Qt.ItemFlag.ItemIsEditable


class EditableGrid(GridModel):
    """A GridModel over the scenario. `place` counts rows on screen, `row` source rows."""

    session: Session

    def row_key(self, place: int) -> str:
        """What stays the same about a row while others come and go."""
        raise NotImplementedError

    def place_of_key(self, key: str) -> int | None:
        """Where a row is on screen, by what stays the same about it."""
        return next((place for place in range(self.rowCount()) if self.row_key(place) == key), None)

    def locate(self, scenario_row: int, column_name: str) -> tuple[int, int] | None:
        """The source row and column where a cell of the scenario's table is shown."""
        raise NotImplementedError

    def choices(self, column: int) -> Choices:
        """What can be chosen in a column; empty where anything may be typed."""
        raise NotImplementedError

    def takes_several(self, column: int) -> bool:
        """Whether a cell holds a list."""
        return False

    def can_edit(self, column: int) -> bool:
        """Whether a column is typed into, rather than worked out."""
        return True

    def write(
        self,
        cells: Mapping[Cell, str],
        label: str,
        then: Callable[[int], object] = lambda _: None,
        otherwise: Callable[[ConcordError], object] | None = None,
    ) -> None:
        """Write texts into cells as one step, into new rows beyond the last; many of them in parts.

        `then` is told how many could not be read, `otherwise` why nothing could be written (else it is raised).
        """
        self.session.apply_in_parts(self._written(cells, label, then), otherwise)

    def _written(
        self, cells: Mapping[Cell, str], label: str, then: Callable[[int], object]
    ) -> Generator[None, None, Edit]:
        """What comes of texts in cells, in parts."""
        raise NotImplementedError

    def paste(
        self, place: int, column: int, block: Sequence[Sequence[str]], then: Callable[[int], object] = lambda _: None
    ) -> None:
        """Write a block with its top left cell here."""
        columns = range(column, self.columnCount())
        self.write(block_cells(block, place, columns), self.paste_label(len(block)), then)

    def edit_text(self, row: int, column: int) -> str:
        """What stands in a cell while it is edited: codes and plain figures; `row` counts source rows."""
        raise NotImplementedError

    def kept_text(self, row: int, column: int) -> str:
        """The same of what the scenario holds, whatever was typed since."""
        raise NotImplementedError

    def limits(self, column: int) -> tuple[float | None, float | None]:
        """Least and greatest figure of a column."""
        return None, None

    def copied_text(self, place: int, column: int) -> str:
        """What a copy of a cell holds, which can be pasted again."""
        return self.edit_text(self._order[place], column)

    def paste_label(self, count: int) -> str:
        """`paste 240 pledges`: what a paste of so many rows is called."""
        raise NotImplementedError

    def clear(self, cells: Collection[Cell]) -> None:
        """Empty cells as one step."""
        words = "clear a cell" if len(cells) == 1 else f"clear {number_text(len(cells))} cells"
        self.write(dict.fromkeys(cells, ""), words)

    def signs_in(self, cells: Mapping[Cell, str]) -> Signs:
        """The signs that figures among these texts are written with; a single one is written with our own."""
        if len(cells) == 1:
            return own_signs()
        numeric = {column for column in {at for _, at in cells} if self.is_numeric(column)}
        return signs_of({text for (_, column), text in cells.items() if column in numeric})

    def creates(self, column: int) -> str:
        """The scenario's table whose codes stand in a column and can be made in its cells; empty for none."""
        return ""

    def create(self, place: int, column: int, text: str) -> None:
        """Make what a text names, the last of a list, and put its code into the cell: one step."""
        raise NotImplementedError

    def duplicate_rows(self, places: Sequence[int]) -> None:
        """Copy rows to below the last of them."""
        raise NotImplementedError

    def move_rows(self, places: Sequence[int], by: int) -> None:
        """Move rows one up (-1) or one down (1) in the scenario."""
        raise NotImplementedError

    def labels_of(self, places: Sequence[int], columns: Sequence[int] = ()) -> set[Level | None]:
        """The levels that rows, or their cells in columns, are labelled with (None: not); empty without labels."""
        return set()

    def label_rows(self, places: Sequence[int], level: Level | None, columns: Sequence[int] = ()) -> None:
        """Say who may see rows, or their cells in columns, as one step."""
        raise NotImplementedError

    def insert_row(self, place: int) -> int:
        """Insert a row below a place (-1: at the end); returns where it stands on screen."""
        raise NotImplementedError

    def delete_rows(self, places: Sequence[int]) -> int:
        """Delete rows as one step; returns how many cells elsewhere still refer to them."""
        raise NotImplementedError

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Columns that are typed into can be edited."""
        flags = super().flags(index)
        return EDITABLE if index.isValid() and self.can_edit(index.column()) else flags


def block_cells(block: Iterable[Sequence[str]], place: int, columns: Sequence[int]) -> dict[Cell, str]:
    """The texts of a block by the cells they go to; what stands beyond the last column is left out."""
    return {
        (place + down, column): text
        for down, texts in enumerate(block)
        for column, text in zip(columns, texts, strict=False)
    }
