"""What people typed into a cell and the scenario cannot hold yet: kept until it is put right."""

from collections.abc import Mapping
from dataclasses import dataclass

from planner.problems import ConcordError


@dataclass(frozen=True, slots=True)
class Draft:
    """The text as it was typed, with the sentence that says why it cannot be kept."""

    text: str
    message: str

    @classmethod
    def of(cls, text: str, problem: ConcordError, kept: str) -> "Draft":
        """A draft whose sentence says what counts until it is put right."""
        return cls(text, f"{problem} Until then {kept} counts." if kept else str(problem))


DraftKey = tuple[str, str]  # row id, column name
Drafts = Mapping[DraftKey, Draft | None]  # None: the cell was put right
