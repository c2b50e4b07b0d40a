"""What was found wrong in a file that somebody sent, cell by cell: good rows come in all the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from planner.cells import plain_text


class Outcome(StrEnum):
    """What became of what was found, the worst first."""

    REFUSED = "row refused"
    DROPPED = "value dropped"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in one file: `cell` is an address such as `Pledges!D7`, `message` says what to write instead."""

    outcome: Outcome
    file: str
    cell: str
    value: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.cell, self.outcome.value, self.message) if part)


def has_refused(findings: Iterable[Finding]) -> bool:
    """Whether a row was left out."""
    return any(finding.outcome is Outcome.REFUSED for finding in findings)


def shown(value: object) -> str:
    """A cell's value as a finding tells it: on one line, not too long."""
    text = " ".join(plain_text(value).split())
    return text if len(text) <= 80 else f"{text[:77]}..."
