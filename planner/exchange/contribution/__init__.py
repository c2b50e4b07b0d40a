"""The contribution workbook: one partner's own rows to fill in and send back, and what they would change.

`read_contribution` reads what came back; `changes_of` shows row by row what it would change, and gives the scenario
with all of it as one step. Only the partner's own pledges and refusals can change.
"""

from planner.exchange.contribution.changes import changes_of
from planner.exchange.contribution.reading import Contribution, is_contribution, read_contribution
from planner.exchange.contribution.writing import file_names, write_contribution, write_contributions
from planner.exchange.row_changes import Changes, RowChange

__all__ = [
    "Changes",
    "Contribution",
    "RowChange",
    "changes_of",
    "file_names",
    "is_contribution",
    "read_contribution",
    "write_contribution",
    "write_contributions",
]
