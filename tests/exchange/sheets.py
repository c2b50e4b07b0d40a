"""Small workbooks for tests, sheet by sheet as rows of cells."""

import copy
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Sheets = dict[str, list[list[Any]]]

SMALL: Sheets = {
    "Scenario": [["key", "value"], ["title", "Small"], ["start", "2027-01-01"], ["periods", 4]],
    "Partners": [["code", "name", "type", "local"], ["NRC", "Refugee Council", 21, "no"], ["LOC", "Local", 22, "yes"]],
    "Regions": [["code", "severity"], ["UA07", 3], ["007", 5]],
    "Initiatives": [["code", "name"], ["MINE", "Mine clearance"]],
    "Resources": [["code", "category", "unit"], ["USD", "funding", "USD"], ["TRUCK", "logistics", "truck"]],
    "Pledges": [["code", "partner", "resource", "quantity"], ["P1", "NRC", "USD", 1000], ["P2", "LOC", "TRUCK", 4]],
    "Requirements": [
        ["initiative", "region", "resource", "period", "quantity"],
        ["MINE", "UA07", "USD", 1, 800],
        ["MINE", "007", "TRUCK", 2, 3],
    ],
}


def small() -> Sheets:
    """A sound scenario workbook to change at will."""
    return copy.deepcopy(SMALL)


def save(sheets: Sheets, path: Path) -> Path:
    """Write the sheets as any other program would: numbers as numbers, texts as texts."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path
