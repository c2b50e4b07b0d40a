"""Contribution workbooks on the command line: every change told, row by row."""

from collections.abc import Sequence
from pathlib import Path

from planner.exchange.findings import Outcome
from planner.scenario import Scenario
from ui.command_line.output import complain, say
from ui.command_line.sources import is_workbook


def is_contribution(path: Path) -> bool:
    """Whether a source is a contribution workbook."""
    if not is_workbook(path):
        return False
    from planner.exchange.contribution import is_contribution

    return is_contribution(path)


def take_contributions(scenario: Scenario, paths: Sequence[Path]) -> tuple[Scenario, bool]:
    """The scenario with what the files change, told row by row; and whether every row could be taken."""
    if not paths:
        return scenario, True
    from planner.exchange.contribution import changes_of, read_contribution

    contributions = [read_contribution(path, scenario.settings) for path in paths]
    changes = changes_of(scenario, contributions)
    names = {row.code: row.name or row.code for row in scenario.partners}
    for contribution in contributions:
        say(f"{contribution.file}: {names.get(contribution.partner, contribution.partner)}")
        mine = [change for change in changes.rows if change.file == contribution.file]
        for change in mine:
            say(f"  {change}")
        if not mine:
            say("  nothing to change")
    for finding in changes.findings:
        complain(str(finding))
    has_refused = any(finding.outcome is Outcome.REFUSED for finding in changes.findings)
    count = len(changes.rows)
    say(f"{count} {'row changes' if count == 1 else 'rows change'}, {changes.unchanged} stay as they are.")
    if has_refused:
        say("Rows with errors are left out; correct them in the workbook and import it again.")
    return changes.scenario, not has_refused
