"""One row of a sheet as it was read, and what stands where a value should."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_ERROR = re.compile(r"#[A-Z/0]+[!?]?")


class CellFault(str):
    """What stands in for the value of a cell that has none to read: its text says why, as a sentence."""

    @property
    def sign(self) -> str:
        """What the cell shows, such as #N/A; empty where that is not known."""
        found = _ERROR.search(self)
        return found[0] if found is not None else ""


class SheetRow(NamedTuple):
    """One row with something in it: its number from 1, and its values by the number of their column from 1."""

    number: int
    values: Mapping[int, Any]  # str, int, float, bool, datetime, date, time, timedelta, CellFault
