"""What differs between versions of a scenario, and three-way merge: everybody's edits kept, conflicts put to people."""

from planner.merge.change import ABSENT, DELETED, PRESENT, Change, Disputed, Key, Side, State, Written
from planner.merge.difference import differences
from planner.merge.three_way import Merged, merge

__all__ = [
    "ABSENT",
    "DELETED",
    "PRESENT",
    "Change",
    "Disputed",
    "Key",
    "Merged",
    "Side",
    "State",
    "Written",
    "differences",
    "merge",
]
