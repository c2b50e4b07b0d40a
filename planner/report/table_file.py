"""One table as people see it, as a workbook or a CSV file of its own."""

import csv
import os
from typing import Any, NamedTuple

from planner.files import replace_file
from planner.progress import Progress, Tell, to_nobody
from planner.report.table import Table

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class Source(NamedTuple):
    """Where a table comes from: the scenario's title, the plan's name, and who may see it."""

    title: str
    plan: str
    label: str


def write_table_workbook(table: Table, source: Source, path: str | os.PathLike[str], tell: Tell = to_nobody) -> None:
    """A workbook of one sheet: title, source, headings with units, rows, filters.

    Raises EnvironmentProblem where the file cannot be written; `path` is then, and when cancelled, as it was.
    """
    from planner.report.data_sheet import Frame, Layout, write_data_sheet
    from planner.report.new_book import new_book

    names = tuple(column.name for column in table.columns)
    layout = Layout(table.key, sheet_title(table.title), names)
    with new_book(path) as book:
        write_data_sheet(book, table, Frame(*source), layout, Progress(tell, len(table.rows)))


def write_table_csv(table: Table, path: str | os.PathLike[str], tell: Tell = to_nobody) -> None:
    """Headings with units, then rows: UTF-8 with the mark that Excel looks for, plain figures, texts never formulas.

    Raises EnvironmentProblem where the file cannot be written; `path` is then, and when cancelled, as it was.
    """
    progress = Progress(tell, len(table.rows))
    with replace_file(path) as fresh, fresh.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_plain(column.header) for column in table.columns])
        writer.writerows([_plain(value) for value in row] for row in progress.over(table.rows))


def sheet_title(title: str) -> str:
    """A title without what Excel does not take in the name of a sheet."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31].strip() or "Table"


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return "" if value is None else value
