"""Changes in words: which row, which column, from what to what."""

from typing import Any

from planner.cells import show_cell
from planner.merge.change import SETTINGS, Change, Disputed, Presence
from planner.scenario import TABLE_BY_NAME

NOTHING = "–"
NAMING = {  # what people know the rows of tables without keys by
    "baseline": ("pledge", "initiative", "region", "period"),
    "vetoes": ("partner", "initiative", "region", "with_partner", "implementer"),
}


def sheet_of(change: Change) -> str:
    """The sheet of the contract that the change stands on."""
    return "Scenario" if change.key.table == SETTINGS else TABLE_BY_NAME[change.key.table].sheet


def row_words(table_name: str, row: Any) -> str:
    """A row as people know it, by its key: `DIALOGUE R1 USD 3`; empty for the settings."""
    if table_name == SETTINGS:
        return ""
    names = NAMING.get(table_name) or [column.name for column in TABLE_BY_NAME[table_name].key_columns]
    key = [str(getattr(row, name)) for name in names if getattr(row, name) not in ("", None)]
    return " ".join(key)


def value_words(change: Change, value: Any) -> str:
    """A value of the change as it would be typed; a dash for nothing."""
    if isinstance(value, Disputed):
        return " or ".join(value_words(change, each) for each in value.values)
    if isinstance(value, Presence):
        return NOTHING if value is Presence.ABSENT else value.value
    if change.key.column == "extra":
        return "; ".join(f"{name}: {text}" for name, text in value) or NOTHING
    return show_cell(change.column, value) or NOTHING


def change_words(change: Change) -> str:
    """What a difference says: `Pledges P-013, quantity: 1250000, now 1400000`; `Vetoes ARD CEASE: deleted`."""
    place = f"{sheet_of(change)} {row_words(change.key.table, change.row)}".strip()
    if change.is_row:
        return f"{place}: {'added' if change.base is Presence.ABSENT else 'deleted'}"
    before, after = (value_words(change, value) for value in (change.base, change.theirs))
    return f"{place}, {change.key.column}: {before}, now {after}"


def conflict_words(change: Change) -> str:
    """What a conflict says: `Pledges P-013, quantity: 29 in the base, 48 in mine, 40 in theirs`."""
    place = f"{sheet_of(change)} {row_words(change.key.table, change.row)}".strip()
    column = "" if change.is_row else f", {change.key.column}"
    base, mine, theirs = (value_words(change, value) for value in (change.base, change.mine, change.theirs))
    if change.is_row:
        who = ("mine", "theirs") if change.mine is Presence.DELETED else ("theirs", "mine")
        return f"{place}: deleted in {who[0]}, changed in {who[1]}"
    start = "added in both" if change.base is Presence.ABSENT else f"{base} in the base"
    return f"{place}{column}: {start}, {mine} in mine, {theirs} in theirs"
