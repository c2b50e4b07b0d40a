"""One cell or row that differs between versions of a scenario."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from planner.scenario import TABLE_BY_NAME, Settings
from resources.columns import Column, Kind, Row, columns_of

SETTINGS = "settings"
ROW = ""  # in place of a column: the row as a whole
EXTRA = Column("extra", Kind.TEXT, (), "Cells of columns that Concord does not know.")


class State(StrEnum):
    """Who changed something since the base."""

    MINE = "mine"
    THEIRS = "theirs"
    SAME = "same"  # both, alike
    CONFLICT = "conflict"  # both, differently


class Side(StrEnum):
    """Whose version of a conflict is taken."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Written:
    """A third value that somebody wrote in place of both; only for cells."""

    value: Any


@dataclass(frozen=True, slots=True)
class Disputed:
    """In place of a base: the values of the saves that both versions started from, which contradict each other."""

    values: tuple[Any, ...]


class Presence(StrEnum):
    """How a row stands in a version, in changes that concern the row as a whole."""

    ABSENT = "absent"
    PRESENT = "present"
    DELETED = "deleted"
    CHANGED = "changed"  # where the other side deleted it


ABSENT, PRESENT, DELETED, CHANGED = Presence


@dataclass(frozen=True, slots=True)
class Key:
    """Which cell: the table's attribute on Scenario ("settings" too), the row's id, the column (ROW: the whole row)."""

    table: str
    row_id: str
    column: str = ROW


@dataclass(frozen=True, slots=True)
class Change:
    """A cell's value, or how a row stands, in the base and in both versions.

    `row` is the row to name it by: mine where mine has it, else theirs, else the base's. In a row that both sides added
    under one key, cells have ABSENT as their base; Disputed is the base of what was a conflict before.
    """

    key: Key
    row: Row
    base: Any
    mine: Any
    theirs: Any

    @property
    def state(self) -> State:
        """Who changed it."""
        if self.mine == self.theirs:
            return State.SAME
        if self.mine == self.base:
            return State.THEIRS
        return State.MINE if self.theirs == self.base else State.CONFLICT

    @property
    def is_row(self) -> bool:
        """Whether it concerns the row as a whole."""
        return self.key.column == ROW

    @property
    def column(self) -> Column:
        """The description of the changed column. Not for rows as a whole."""
        return column_of(self.key.table, self.key.column)


def column_of(table: str, name: str) -> Column:
    """The description of a column of a table, of the settings, or of the cells that Concord does not know."""
    if name == EXTRA.name:
        return EXTRA
    columns = columns_of(Settings) if table == SETTINGS else TABLE_BY_NAME[table].columns
    return next(column for column in columns if column.name == name)
