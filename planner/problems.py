"""A problem in a scenario, and where it stands."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Errors stop planning; warnings do not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, row or table: sheet name of the contract, row index from 0 in the scenario's table, column name."""

    sheet: str
    row: int | None = None
    column: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what to write instead (all in `message`)."""

    code: str
    message: str
    where: Place
    severity: Severity = Severity.ERROR


class ConcordError(Exception):
    """Something a person can put right; its text is one clear sentence with the next step."""


class EnvironmentProblem(ConcordError):
    """The surroundings failed: file missing, locked, not writable, disk full, not a Concord file, newer version."""


class InputProblem(ConcordError):
    """The input has errors; `problems` lists them."""

    def __init__(self, problems: tuple[Problem, ...], source: str = "") -> None:
        super().__init__("; ".join(problem.message for problem in problems[:3]))
        self.problems = problems
        self.source = source
