"""Where the values of a scenario stood in the workbook that they were read from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from planner.problems import Place

Key = tuple[str, int | None, str]  # sheet name of the contract, row index in the scenario's table, column name


@dataclass(slots=True)
class SheetPlaces:
    """One sheet: its title as written, the number of each known column, and the sheet row of each row read.

    Of the sheet Scenario, which has one row per key, `keys` holds the sheet row of each key that it gives.
    """

    title: str
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    header_row: int = 1


class Places(Mapping[Key, str]):
    """Cell addresses such as `Pledges!D7` by (sheet, row index, column name); a setting stands in rows None and 0."""

    def __init__(self, sheets: Mapping[str, SheetPlaces]) -> None:
        self.sheets = dict(sheets)

    def address(self, where: Place) -> str:
        """Where a problem stands, as closely as the workbook knows: cell, row, column header, or sheet."""
        sheet = self.sheets.get(where.sheet)
        if sheet is None:
            return where.sheet
        exact = self.get((where.sheet, where.row, where.column))
        if exact is not None:
            return exact
        column = sheet.columns.get(where.column)
        if sheet.keys:
            return sheet.title
        if where.row is not None and 0 <= where.row < len(sheet.rows):
            return f"{sheet.title}!{get_column_letter(min(sheet.columns.values(), default=1))}{sheet.rows[where.row]}"
        return f"{sheet.title}!{get_column_letter(column)}{sheet.header_row}" if column else sheet.title

    def __getitem__(self, key: Key) -> str:
        name, row, column = key
        sheet = self.sheets[name]
        if sheet.keys:
            if row not in (None, 0):
                raise KeyError(key)
            return f"{sheet.title}!{get_column_letter(sheet.columns['value'])}{sheet.keys[column]}"
        if row is None or not 0 <= row < len(sheet.rows):
            raise KeyError(key)
        return f"{sheet.title}!{get_column_letter(sheet.columns[column])}{sheet.rows[row]}"

    def __iter__(self) -> Iterator[Key]:
        for name, sheet in self.sheets.items():
            yield from ((name, None, key) for key in sheet.keys)
            yield from ((name, row, column) for row in range(len(sheet.rows)) for column in sheet.columns)

    def __len__(self) -> int:
        return sum(len(sheet.keys) + len(sheet.rows) * len(sheet.columns) for sheet in self.sheets.values())
