"""What a file that came back would change in a scenario, row by row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from planner.cells import show_cell
from planner.exchange.findings import Finding
from planner.merge.words import row_words
from planner.scenario import TABLES, Scenario, Table


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that would change: `cells` holds (column, before, after), all of a new row and none of a deleted one."""

    file: str
    cell: str
    sheet: str
    code: str
    verb: str  # added, updated, deleted
    cells: tuple[tuple[str, str, str], ...] = ()

    def __str__(self) -> str:
        if self.verb == "updated":
            told = "; ".join(f"{name} from '{before}' to '{after}'" for name, before, after in self.cells)
        else:
            told = "; ".join(f"{name} {after}" for name, _, after in self.cells)
        head = f"{self.cell}: {self.code} {self.verb}" if self.code else f"{self.cell}: {self.verb}"
        return f"{head}: {told}" if told else head


@dataclass(frozen=True, slots=True)
class Changes:
    """The scenario with every change, the changes one by one, and what was found on the way."""

    scenario: Scenario
    rows: tuple[RowChange, ...]
    unchanged: int
    findings: tuple[Finding, ...]


def row_changes(
    before: Scenario, after: Scenario, file: str, cell_of: Callable[[Table, Any], str]
) -> Iterator[RowChange]:
    """What an addition changed, row by row: known rows keep their places, and new ones follow.

    `cell_of` says where the file has a row of a table.
    """
    for table in TABLES:
        known = before.rows(table)
        for index, row in enumerate(after.rows(table)):
            old = known[index] if index < len(known) else None
            if row is old or row == old:
                continue
            verb = "added" if old is None else "updated"
            cells = tuple(_cells(table, old, row))
            yield RowChange(file, cell_of(table, row), table.sheet, row_words(table.name, row), verb, cells)


def _cells(table: Table, old: Any, new: Any) -> Iterator[tuple[str, str, str]]:
    """The cells of a row that say something else than before; of a new row those that say something."""
    for column in table.columns:
        value, earlier = getattr(new, column.name), column.default if old is None else getattr(old, column.name)
        if value != earlier and not (old is None and column.is_key):
            yield column.name, "" if old is None else show_cell(column, earlier), show_cell(column, value)
    notes = dict(old.extra) if old is not None else {}
    yield from ((name, notes.get(name, ""), text) for name, text in new.extra if notes.get(name) != text)
