"""The sheet of codes: what the drop-down lists offer and the formulas look up."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from openpyxl.utils import get_column_letter

from planner.cells import period_label
from planner.exchange.contribution.layout import CODES_SHEET, FIRST_ROW
from planner.scenario import Scenario

_WIDTHS = (18, 36, 14, 12)


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list: its headings, its rows, and the number of its first column in the sheet."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    column: int

    def area(self, columns: int = 0) -> str:
        """Its cells as a formula names them; only the first so many columns where a number is given."""
        first, last = self.column, self.column + (columns or len(self.headings)) - 1
        last_row = FIRST_ROW + max(1, len(self.rows)) - 1
        return f"{CODES_SHEET}!${get_column_letter(first)}${FIRST_ROW}:${get_column_letter(last)}${last_row}"

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
        lists, column = {}, 1
        for name, (headings, rows) in content.items():
            lists[name] = CodeList(headings, tuple(rows), column)
            column += len(headings) + 1  # an empty column between two lists
        return lists

    @property
    def widths(self) -> list[int]:
        """Width of every column of the sheet."""
        return [width for each in self.lists.values() for width in (*_WIDTHS[: len(each.headings)], 3)]
