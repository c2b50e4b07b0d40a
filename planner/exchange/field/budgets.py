"""Budgets of a table that repeats them: each project counted once, split over its regions to the cent."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from planner.exchange.field.reading import FieldReading
from planner.exchange.field.roles import Role
from planner.exchange.field.table import TableRow
from planner.exchange.findings import Outcome


class BudgetLine(Protocol):
    """What is read of a row here."""

    @property
    def row(self) -> TableRow: ...
    @property
    def partner(self) -> str: ...
    @property
    def initiative(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def budget(self) -> float | None: ...


def split_budgets(work: FieldReading, lines: Sequence[BudgetLine]) -> Mapping[tuple[str, str], int]:
    """Cents by initiative and region.

    The rows of one project and organisation that all give one figure give it once, split equally over their regions.
    Where they give different figures, each row counts by itself; so does every row of a table without projects.
    """
    groups: dict[tuple[str, str], list[BudgetLine]] = defaultdict(list)
    for line in lines:
        groups[line.initiative, line.partner].append(line)
    found: dict[tuple[str, str], int] = defaultdict(int)
    for (initiative, _), mine in groups.items():
        cents = [round(line.budget * 100) for line in mine if line.budget]
        if not cents:
            continue
        if len(set(cents)) == 1 and Role.PROJECT in work.columns.of:
            regions = sorted({line.region for line in mine})
            for region, share in zip(regions, _shares(cents[0], len(regions)), strict=True):
                found[initiative, region] += share
            continue
        if len(set(cents)) < len(cents):
            message = (
                f"The budget of '{initiative}' stands in several rows of one organisation, which differ or name no "
                "project; each row is counted. Name the column of projects with --map if it is repeated."
            )
            work.find(Outcome.WARNING, next(line.row for line in mine if line.budget), Role.BUDGET, message)
        for line in mine:
            found[initiative, line.region] += round((line.budget or 0) * 100)
    return found


def _shares(cents: int, count: int) -> list[int]:
    """Equal whole shares; the first ones take what is left over."""
    share, left = divmod(cents, count)
    return [share + (index < left) for index in range(count)]
