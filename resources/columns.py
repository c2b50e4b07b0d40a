"""Describe a table's columns once, on the dataclass that holds a row.

The scenario file, the scenario workbook, the checks, the edits and the tables on screen all read these descriptions, so
a column is named, typed and explained in one place only.
"""

import dataclasses
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a cell holds, and the Python value it becomes."""

    TEXT = "text"  # str
    CODE = "code"  # str, 1-40 characters, compared exactly
    CODES = "codes"  # tuple[str, ...]
    NUMBER = "number"  # float, or None where empty
    WHOLE = "whole"  # int, or None where empty
    SHARE = "share"  # float 0-1, or None where empty
    YES_NO = "yes_no"  # bool, or None where empty stands for a default that depends on the row
    PERIOD = "period"  # int from 1, or None where empty
    DATE = "date"  # datetime.date, or None where empty
    CHOICE = "choice"  # str, one of `choices`


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name in workbooks and code, and what may stand in it."""

    name: str
    kind: Kind
    default: Any
    help: str
    is_required: bool = False  # an empty cell is an error
    is_key: bool = False  # two rows with equal keys are an error
    refers_to: str = ""  # the Scenario table whose codes may stand here: "partners", "regions", ...
    choices: tuple[str, ...] = ()
    suggestions: str = ""  # name of a code list to offer (resources.codelists)
    minimum: float | None = None
    maximum: float | None = None
    is_minimum_excluded: bool = False

    @property
    def is_optional(self) -> bool:
        """Whether an empty cell is kept as None."""
        return self.default is None and not self.is_required


def column(
    kind: Kind,
    help: str,
    *,
    default: Any = None,
    required: bool = False,
    key: bool = False,
    refers_to: str = "",
    choices: Sequence[str] = (),
    suggestions: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
) -> Any:
    """A dataclass field that is a column. `above` is a minimum that is itself not allowed.

    Typed Any, as `dataclasses.field` is to its callers: the annotation beside it says the type.
    """
    if default is None:
        default = {Kind.TEXT: "", Kind.CODE: "", Kind.CODES: (), Kind.CHOICE: ""}.get(kind)
    if kind is Kind.SHARE:
        minimum, maximum = 0.0, 1.0
    if kind is Kind.PERIOD:
        minimum = 1
    described = Column(
        name="",
        kind=kind,
        default=default,
        help=help,
        is_required=required,
        is_key=key,
        refers_to=refers_to,
        choices=tuple(choices),
        suggestions=suggestions,
        minimum=above if above is not None else minimum,
        maximum=maximum,
        is_minimum_excluded=above is not None,
    )
    return field(default=default, metadata={"column": described})


def new_id() -> str:
    """A stable identity for a row, made once and never reused."""
    return os.urandom(16).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row of every table carries beside its columns.

    `id` is never shown and does not count when two rows are compared: codes can be renamed, ids cannot.
    `extra` keeps the cells of unknown workbook columns as (column name, text), so that nothing sent is lost.
    """

    id: str = field(default_factory=new_id, compare=False)
    extra: tuple[tuple[str, str], ...] = ()


def columns_of(row_class: type[Row]) -> tuple[Column, ...]:
    """The columns of a row class in their workbook order."""
    if row_class not in _COLUMNS:
        _COLUMNS[row_class] = tuple(
            dataclasses.replace(described.metadata["column"], name=described.name)
            for described in dataclasses.fields(row_class)
            if "column" in described.metadata
        )
    return _COLUMNS[row_class]


_COLUMNS: dict[type[Row], tuple[Column, ...]] = {}  # found once for each class
