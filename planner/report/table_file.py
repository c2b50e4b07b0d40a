"""One table as people see it, as a workbook or a CSV file of its own."""

import csv
import os
from io import BytesIO
from typing import Any, NamedTuple

from planner.files import replace_file
from planner.report.table import Table

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class Source(NamedTuple):
    """Where a table comes from: the scenario's title, the plan's name, and who may see it."""

    title: str
    plan: str
    label: str


def write_table_workbook(table: Table, source: Source, path: str | os.PathLike[str]) -> None:
    """A workbook of one sheet: title, source, headings with units, rows, filters.

    Raises EnvironmentProblem where the file cannot be written; `path` is then as it was.
    """
    from openpyxl import Workbook

    from planner.report.data_sheet import Frame, Layout, write_data_sheet

    book, content = Workbook(write_only=True), BytesIO()
    names = tuple(column.name for column in table.columns)
    write_data_sheet(book, table, Frame(*source), Layout(table.key, sheet_title(table.title), names))
    book.save(content)
    with replace_file(path) as fresh:
        fresh.write_bytes(content.getvalue())


def write_table_csv(table: Table, path: str | os.PathLike[str]) -> None:
    """Headings with units, then rows: UTF-8 with the mark that Excel looks for, plain figures, texts never formulas.

    Raises EnvironmentProblem where the file cannot be written; `path` is then as it was.
    """
    with replace_file(path) as fresh, fresh.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_plain(column.header) for column in table.columns])
        writer.writerows([_plain(value) for value in row] for row in table.rows)


def sheet_title(title: str) -> str:
    """A title without what Excel does not take in the name of a sheet."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31].strip() or "Table"


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return "" if value is None else value
