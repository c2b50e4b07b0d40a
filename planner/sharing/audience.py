"""Whom a copy is for, and what they may see."""

from dataclasses import dataclass
from typing import Any

from planner.problems import ConcordError
from planner.scenario import Scenario
from planner.sensitivity import Labels, Level

OWNED = ("pledges", "vetoes", "delivery_costs")  # tables whose rows are somebody's own, by their column `partner`
TABLE_LEVELS = {"vetoes": Level.CONFIDENTIAL, "baseline": Level.INTERNAL, "delivery_costs": Level.INTERNAL}
COLUMN_LEVELS = {
    "note": Level.CONFIDENTIAL,  # free text: anything may stand there
    "extra": Level.CONFIDENTIAL,  # columns that Concord does not know: contacts, remarks
    "reason": Level.CONFIDENTIAL,
    "likelihood": Level.CONFIDENTIAL,
    "fair_share": Level.INTERNAL,
}


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody (PUBLIC), all partners (INTERNAL), or one of them, who sees what is its own as well."""

    clearance: Level
    partner: str = ""

    def __str__(self) -> str:
        """As it is written in a call: `public`, `all`, `partner ARD`."""
        if self.partner:
            return f"partner {self.partner}"
        return "public" if self.clearance is Level.PUBLIC else "all"

    def may_see_row(self, table: str, row: Any, labels: Labels) -> bool:
        """Whether any of the row may leave."""
        level = labels.row if labels.row is not None else TABLE_LEVELS.get(table, Level.PUBLIC)
        return level <= self.clearance or self.is_owner(table, row)

    def may_see_cell(self, table: str, row: Any, labels: Labels, column: str) -> bool:
        """Whether a cell of a row that leaves may leave. Owners see all of a row but what is labelled by itself."""
        level = labels.cells.get(column)
        if level is None:
            level = Level.PUBLIC if self.is_owner(table, row) else COLUMN_LEVELS.get(column, Level.PUBLIC)
        return level <= self.clearance

    def is_owner(self, table: str, row: Any) -> bool:
        """Whether it is the partner's own row."""
        return bool(self.partner) and table in OWNED and row.partner == self.partner


PUBLIC, ALL = Audience(Level.PUBLIC), Audience(Level.INTERNAL)


def for_partner(scenario: Scenario, code: str) -> Audience:
    """One partner of the scenario. Raises ConcordError where there is none of this code."""
    codes = [row.code for row in scenario.partners]
    if code not in codes:
        raise ConcordError(f"There is no partner '{code}'; the partners are: {', '.join(codes) or 'none'}.")
    return Audience(Level.INTERNAL, code)


def audiences(scenario: Scenario) -> tuple[Audience, ...]:
    """All that a copy of this scenario can be made for; the public, who see it for good, last."""
    return (ALL, *(Audience(Level.INTERNAL, row.code) for row in scenario.partners), PUBLIC)
