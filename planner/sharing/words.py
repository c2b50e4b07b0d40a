"""What leaves with a copy and what stays, in words, to be read before it leaves."""

from collections.abc import Sequence
from typing import Any

from planner.merge.words import row_words
from planner.scenario import Scenario
from planner.sharing.audience import Audience
from planner.sharing.redaction import SETTINGS, Redacted, Withheld
from planner.store import StoredFile
from resources.columns import columns_of

Line = tuple[str, str, str]  # sheet, rows, columns


def leaving(scenario: Scenario) -> tuple[Line, ...]:
    """Of each sheet that leaves: how many rows, and the columns in which more than a default stands."""
    lines = [(SETTINGS.sheet, "", _filled((scenario.settings,)))]
    for table, rows in scenario.tables():
        if rows:
            lines.append((table.sheet, f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}", _filled(rows)))
    return tuple(lines)


def staying(redacted: Redacted, stored: StoredFile) -> tuple[Line, ...]:
    """Each row that stays or leaves with cells emptied; then the plans and the earlier saves."""
    lines = [(each.table.sheet, row_words(each.table.name, each.row), _what(each)) for each in redacted.withheld]
    if stored.plans:
        lines.append(("Plans", f"{len(stored.plans)}", "all of them, with their reasons"))
    if stored.states:
        lines.append(("History", f"{len(stored.states)}", "every earlier save"))
    return tuple(lines)


def audience_words(audience: Audience) -> str:
    """Who will see it."""
    if audience.partner:
        return f"partner {audience.partner}"
    return "everybody" if str(audience) == "public" else "all partners"


def _what(withheld: Withheld) -> str:
    names = ("other columns" if name == "extra" else name for name in withheld.columns)
    return ", ".join(names) or "the whole row"


def _filled(rows: Sequence[Any]) -> str:
    defaults = {column.name: column.default for column in columns_of(type(rows[0]))} | {"extra": ()}
    filled = (name for name, default in defaults.items() if any(getattr(row, name) != default for row in rows))
    return ", ".join("other columns" if name == "extra" else name for name in filled)
