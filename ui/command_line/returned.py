"""Workbooks that come back filled in, from partners and from the board: every change told, row by row."""

from collections.abc import Sequence
from pathlib import Path

from planner.exchange.findings import Finding, has_refused
from planner.exchange.row_changes import Changes
from planner.scenario import Scenario
from ui.command_line.field_tables import tell_findings
from ui.command_line.output import say
from ui.command_line.progress import Progress
from ui.command_line.sources import is_workbook


def is_contribution(path: Path) -> bool:
    """Whether a source is a contribution workbook."""
    if not is_workbook(path):
        return False
    from planner.exchange.contribution import is_contribution

    return is_contribution(path)


def is_decision_record(path: Path) -> bool:
    """Whether a source is a plan workbook, in which the board writes its decisions."""
    if not is_workbook(path):
        return False
    from planner.exchange.decisions import is_decision_record

    return is_decision_record(path)


def take_contributions(scenario: Scenario, paths: Sequence[Path]) -> tuple[Scenario, tuple[Finding, ...]]:
    """The scenario with what partners' files change; and what was found in them."""
    if not paths:
        return scenario, ()
    from planner.exchange.contribution import changes_of, read_contribution

    contributions = []
    for path in paths:
        with Progress().reading(path) as tell:
            contributions.append(read_contribution(path, scenario.settings, tell))
    names = {row.code: row.name or row.code for row in scenario.partners}
    who = {each.file: names.get(each.partner, each.partner) for each in contributions}
    return _told(changes_of(scenario, contributions), who)


def take_decisions(scenario: Scenario, paths: Sequence[Path]) -> tuple[Scenario, tuple[Finding, ...]]:
    """The scenario with what the board decided; and what was found in its files."""
    findings: list[Finding] = []
    for path in paths:
        from planner.exchange.decisions import decisions_of

        with Progress().reading(path) as tell:
            changes = decisions_of(scenario, path, tell)
        scenario, found = _told(changes, {str(path): "the board's decisions"})
        findings += found
    return scenario, tuple(findings)


def _told(changes: Changes, who: dict[str, str]) -> tuple[Scenario, tuple[Finding, ...]]:
    """Print the changes under the file and the name that each comes from."""
    for file, name in who.items():
        say(f"{file}: {name}")
        mine = [change for change in changes.rows if change.file == file]
        for change in mine:
            say(f"  {change}")
        if not mine:
            say("  nothing to change")
    tell_findings(changes.findings)
    count = len(changes.rows)
    say(f"{count} {'row changes' if count == 1 else 'rows change'}, {changes.unchanged} stay as they are.")
    if has_refused(changes.findings):
        say("Rows with errors are left out; correct them in the workbook and import it again.")
    return changes.scenario, changes.findings
