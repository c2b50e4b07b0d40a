"""What leaves with a copy and what stays, in words, to be read before it leaves."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from planner.merge.words import row_words
from planner.scenario import Scenario
from planner.sharing.audience import Audience
from planner.sharing.redaction import SETTINGS, Redacted, Withheld, redact
from planner.store import StoredFile
from resources.columns import columns_of

Line = tuple[str, str, str]  # sheet, rows, columns
Titled = Callable[[str], str]  # what a column of this name is called
WHOLE_ROW = "the whole row"


@dataclass(frozen=True, slots=True)
class Outlook:
    """A copy before it is made: its label, what leaves and what stays by sheet, and every row of what stays."""

    label: str
    leaving: tuple[Line, ...]
    staying: tuple[Line, ...]
    staying_rows: tuple[Line, ...]


def look_ahead(stored: StoredFile, audience: Audience, titled: Titled = str) -> Outlook:
    """What a copy for an audience would be. Raises ConcordError where there is none."""
    redacted = redact(stored.scenario, audience)
    kept = tuple(_kept(stored))
    return Outlook(
        _label(redacted.scenario, stored.scenario),
        tuple(_leaving(redacted, audience, titled)),
        (*_staying(redacted, titled), *kept),
        (*(_withheld_line(each, titled) for each in redacted.withheld), *kept),
    )


def audience_words(audience: Audience) -> str:
    """Who will see it."""
    if audience.partner:
        return f"partner {audience.partner}"
    return "everybody" if str(audience) == "public" else "all partners"


def _label(copy: Scenario, home: Scenario) -> str:
    label, before = copy.settings.sensitivity, home.settings.sensitivity
    return f"The copy is labelled {label}" + (f"; here the scenario is {before}." if label != before else ".")


def _leaving(redacted: Redacted, audience: Audience, titled: Titled) -> Iterator[Line]:
    """Of each sheet that leaves: how many rows, and the columns in which more than a default stands."""
    scenario = redacted.scenario
    partly = {(each.table.name, name) for each in redacted.withheld for name in each.columns}
    yield SETTINGS.sheet, "", ", ".join(_named(name, titled) for name in _filled((scenario.settings,)))
    for table, rows in scenario.tables():
        columns = []
        for name, filled in _filled(rows).items():
            words = _named(name, titled)
            if (table.name, name) in partly:
                words += f" (only {_in_rows(filled, all(audience.is_owner(table.name, row) for row in filled))})"
            columns.append(words)
        if rows:
            yield table.sheet, _count(len(rows)), ", ".join(columns)


def _staying(redacted: Redacted, titled: Titled) -> Iterator[Line]:
    """Of each sheet of which something stays: how many whole rows, and of how many rows which columns."""
    by_sheet: dict[str, list[Withheld]] = defaultdict(list)
    for each in redacted.withheld:
        by_sheet[each.table.sheet].append(each)
    for sheet, withheld in by_sheet.items():
        whole = sum(not each.columns for each in withheld)
        names = dict.fromkeys(name for each in withheld for name in each.columns)
        parts = [", ".join(_named(name, titled) for name in names)] if names else []
        if whole:
            parts.append(WHOLE_ROW if len(withheld) == 1 else f"{_count(whole)} as a whole")
        yield sheet, _count(len(withheld)) if sheet != SETTINGS.sheet else "", "; ".join(parts)


def _kept(stored: StoredFile) -> Iterator[Line]:
    if stored.plans:
        yield "Plans", f"{len(stored.plans)}", "all of them, with their reasons"
    if stored.states:
        yield "History", f"{len(stored.states)}", "every earlier save"


def _withheld_line(withheld: Withheld, titled: Titled) -> Line:
    columns = ", ".join(_named(name, titled) for name in withheld.columns) or WHOLE_ROW
    return withheld.table.sheet, row_words(withheld.table.name, withheld.row), columns


def _named(name: str, titled: Titled) -> str:
    return "other columns" if name == "extra" else titled(name)


def _count(rows: int) -> str:
    return f"{rows:,} {'row' if rows == 1 else 'rows'}"


def _in_rows(rows: Sequence[Any], are_own: bool) -> str:
    if not are_own:
        return f"in {_count(len(rows))}"
    return "in its own row" if len(rows) == 1 else f"in its own {_count(len(rows))}"


def _filled(rows: Sequence[Any]) -> dict[str, list[Any]]:
    """The columns in which more than a default stands, with the rows in which it does."""
    if not rows:
        return {}
    defaults = {column.name: column.default for column in columns_of(type(rows[0]))} | {"extra": ()}
    found = {name: [row for row in rows if getattr(row, name) != default] for name, default in defaults.items()}
    return {name: filled for name, filled in found.items() if filled}
