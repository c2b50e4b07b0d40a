"""The sheet of codes: what the drop-down lists offer and the formulas look up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

from openpyxl.utils import get_column_letter

from planner.cells import CellError, period_label, period_start
from planner.exchange.contribution.layout import CODES_SHEET, FIRST_ROW
from planner.scenario import Scenario

_WIDTHS = (18, 36, 14, 12)
_PERIOD_WIDTHS = (22, 12, 12)


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list: its headings, its rows, and the number of its first column in the sheet."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    column: int

    def area(self, number: int = 1) -> str:
        """The cells of one of its columns, counted from 1, as a formula names them; the first one holds the codes."""
        letter = get_column_letter(self.column + number - 1)
        return f"{CODES_SHEET}!${letter}${FIRST_ROW}:${letter}${FIRST_ROW + max(1, len(self.rows)) - 1}"

    @property
    def first(self) -> str:
        """Its first cell as a formula names it; of currencies that is the plan's own."""
        return f"{CODES_SHEET}!${get_column_letter(self.column)}${FIRST_ROW}"


@dataclass(frozen=True)
class Codes:
    """Every list that a partner chooses from; nothing in them is of any partner."""

    scenario: Scenario

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """What people call each period."""
        settings = self.scenario.settings
        return tuple(period_label(number, settings) for number in range(1, max(1, settings.periods) + 1))

    @cached_property
    def days(self) -> tuple[tuple[date, date], ...]:
        """The first and the last day of each period; none where the plan has no start, or leaves the calendar."""
        settings = self.scenario.settings
        try:
            starts = [period_start(number, settings) for number in range(1, len(self.periods) + 2)]
        except CellError:
            return ()
        return tuple((first, following - timedelta(days=1)) for first, following in pairwise(starts))

    @cached_property
    def lists(self) -> Mapping[str, CodeList]:
        """The lists by name, from left to right."""
        scenario, settings = self.scenario, self.scenario.settings
        rates = [(row.currency, row.rate) for row in scenario.exchange_rates if row.currency != settings.currency]
        content: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {
            "resources": (
                ("Resource", "Name", "Unit", "Category"),
                [(row.code, row.name or row.code, row.unit, row.category) for row in scenario.resources],
            ),
            "initiatives": (("Initiative", "Name"), [(row.code, row.name) for row in scenario.initiatives]),
            "regions": (("Region", "Name"), [(row.code, row.name) for row in scenario.regions]),
            "currencies": (("Currency", f"per {settings.currency}"), [(settings.currency, 1), *rates]),
            "periods": (("Period",), [(label,) for label in self.periods]),
        }
        if self.days:
            days = [(label, *days) for label, days in zip(self.periods, self.days, strict=True)]
            content["periods"] = ("Period", "First day", "Last day"), days
        lists, column = {}, 1
        for name, (headings, rows) in content.items():
            lists[name] = CodeList(headings, tuple(rows), column)
            column += len(headings) + 1  # an empty column between two lists
        return lists

    @property
    def widths(self) -> list[int]:
        """Width of every column of the sheet."""
        widths = {"periods": _PERIOD_WIDTHS}
        return [
            width
            for name, each in self.lists.items()
            for width in (*widths.get(name, _WIDTHS)[: len(each.headings)], 3)
        ]
