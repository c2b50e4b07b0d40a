"""Columns of how much each reason accounts for, out of the parts of a gap or of what is unused of a pledge."""

from collections.abc import Mapping, Sequence
from math import fsum
from typing import Any

from planner.plan import Part
from planner.report.table import ReportColumn
from resources.columns import Kind

Groups = Mapping[str, tuple[str, tuple[str, ...]]]  # column -> title, reason codes
OTHER = "by_rule"  # every reason that has no column of its own

GAP_GROUPS: Groups = {
    "by_supply": ("Not pledged", ("no_supply",)),
    "by_status": ("Status", ("status",)),
    "by_window": ("Window", ("window",)),
    "by_earmark": ("Earmark", ("earmark",)),
    "by_veto": ("Veto", ("veto",)),
    "by_access": ("Access", ("access",)),
    "by_activity": ("Activity", ("refused", "below_minimum", "prerequisite", "exclusive")),
    "by_agreement": ("Agreed lines", ("kept_line",)),
    OTHER: ("Rules", ("share_rule", "cap_rule")),
    "by_delivery": ("Delivery", ("delivery_unpaid",)),
    "by_use": ("Used elsewhere", ("used_elsewhere",)),
}
STRANDED_GROUPS: Groups = {
    "by_need": ("Needs met", ("met",)),
    "by_status": ("Status", ("status",)),
    "by_window": ("Window", ("window",)),
    "by_earmark": ("Earmark", ("earmark",)),
    "by_veto": ("Veto", ("veto",)),
    "by_access": ("Access", ("access",)),
    "by_activity": ("Activity", ("not_ahead",)),
    OTHER: ("Rules", ("share_rule", "cap_rule")),
    "by_delivery": ("Delivery", ("delivery_unpaid",)),
    "by_choice": ("Free", ("free",)),
}


def reason_columns(
    groups: Groups, rows: Sequence[Sequence[Part]]
) -> tuple[tuple[ReportColumn, ...], list[tuple[Any, ...]]]:
    """The columns that some row has a part for, and their cells for each row; quantities in the row's unit."""
    column_of = {code: name for name, (_, codes) in groups.items() for code in codes}
    amounts: list[dict[str, list[float]]] = []
    for parts in rows:
        of_row: dict[str, list[float]] = {}
        for part in parts:
            of_row.setdefault(column_of.get(part.reason, OTHER), []).append(part.quantity)
        amounts.append(of_row)
    names = [name for name in groups if any(name in of_row for of_row in amounts)]
    columns = tuple(ReportColumn(name, groups[name][0], Kind.NUMBER, unit_column="unit") for name in names)
    return columns, [tuple(fsum(of_row[name]) if name in of_row else None for name in names) for of_row in amounts]
