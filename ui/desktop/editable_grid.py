"""What a table must be able to do so that people can type into it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt

from ui.desktop.grid_model import AnyIndex, GridModel

Choices = tuple[tuple[str, str], ...]  # code and name


class EditableGrid(GridModel):
    """A GridModel over the scenario. `place` counts rows on screen, `row` source rows."""

    def row_key(self, place: int) -> str:
        """What stays the same about a row while others come and go."""
        raise NotImplementedError

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

    def paste(self, place: int, column: int, block: Sequence[Sequence[str]]) -> int:
        """Paste a block with its top left cell here as one step; returns how many cells could not be read."""
        raise NotImplementedError

    def clear(self, cells: Sequence[tuple[int, int]]) -> None:
        """Empty cells (place, column) as one step."""
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
        can_edit = index.isValid() and self.can_edit(index.column())
        return flags | Qt.ItemFlag.ItemIsEditable if can_edit else flags
