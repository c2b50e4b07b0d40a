"""A table as people read it: titled columns with their unit, and plain rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from resources.columns import Kind

PERCENT = "%"  # as the unit of a row it says: the figure is a share from 0 to 1
NO_DECIMALS_FROM = 1000  # from here on decimals only blur a figure


class Mark(StrEnum):
    """What a figure alone does not say."""

    NOT_AHEAD = "does not go ahead"
    REFUSED = "refused"  # `go` = no: outside every mean
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """One column: `unit` stands in the header; `unit_column` names the column that holds each row's own unit."""

    name: str
    title: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    unit_column: str = ""

    @property
    def header(self) -> str:
        """The title with the unit, as it stands above the column."""
        return f"{self.title}, {self.unit}" if self.unit else self.title


@dataclass(frozen=True)
class Table:
    """Rows in the order of `columns`; None is an empty cell (no need, nothing to tell).

    SHARE columns, and cells whose row has the unit PERCENT, hold 0 to 1; changes of shares also what is outside.
    `marks` is keyed by (row index, column name).
    """

    key: str
    title: str
    columns: tuple[ReportColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    marks: Mapping[tuple[int, str], Mark] = field(default_factory=dict)
    note: str = ""

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Position of each column by name."""
        return {column.name: position for position, column in enumerate(self.columns)}

    def column(self, name: str) -> tuple[Any, ...]:
        """All values of one column."""
        position = self.positions[name]
        return tuple(row[position] for row in self.rows)

    def value(self, row: int, name: str) -> Any:
        """One cell."""
        return self.rows[row][self.positions[name]]
