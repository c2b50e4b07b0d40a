"""Samples as folders of small CSV files, one per sheet of the scenario workbook, with the same columns."""

import csv
from pathlib import Path
from typing import Any

from planner.cells import CellError, read_cell
from planner.scenario import TABLES, Scenario, Settings, Table
from resources.columns import columns_of

SAMPLES_FOLDER = Path(__file__).parent


def read_records(folder: str, sheet: str) -> list[dict[str, str]]:
    """The lines of one file by column name; none where there is no such file. Lines that start with # are remarks."""
    path = SAMPLES_FOLDER / folder / f"{sheet}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("#")), strict=True))


def read_folder(folder: str) -> Scenario:
    """The scenario that the files of a folder describe.

    Raises CellError for a cell that cannot be read and KeyError for a column that is not in the contract.
    """
    entries = {record["key"]: record["value"] for record in read_records(folder, "Scenario")}
    described = {column.name: column for column in columns_of(Settings)}
    settings = Settings(**{key: read_cell(described[key], value) for key, value in entries.items()})
    rows: dict[str, Any] = {
        table.name: tuple(_read_row(table, record, settings) for record in read_records(folder, table.sheet))
        for table in TABLES
    }
    return Scenario(settings=settings, **rows)


def _read_row(table: Table, record: dict[str, str], settings: Settings) -> Any:
    described = {column.name: column for column in table.columns}
    values = {}
    for name, raw in record.items():
        try:
            values[name] = read_cell(described[name], raw, settings)
        except CellError as error:
            raise CellError(f"{table.sheet}, {name}: {error}") from error
    return table.row_class(**values)
