"""What a file that came back would change in a scenario, row by row."""

from dataclasses import dataclass

from planner.exchange.findings import Finding
from planner.scenario import Scenario


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
