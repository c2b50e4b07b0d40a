"""Files that come back or in, read together against a scenario: what each would change, before anything changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.exchange.addition import add_scenario
from planner.exchange.findings import Finding
from planner.exchange.row_changes import RowChange
from planner.problems import ConcordError
from planner.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Intake:
    """The scenario with all of it, what is told of the files as a whole, the changes row by row, and what is wrong."""

    scenario: Scenario
    facts: tuple[str, ...]
    rows: tuple[RowChange, ...]
    findings: tuple[Finding, ...]


def read_returned(scenario: Scenario, paths: Sequence[Path]) -> Intake:
    """What partners and the board filled in. Raises ConcordError where a file is neither of the two."""
    from planner.exchange.contribution import changes_of, is_contribution, read_contribution
    from planner.exchange.decisions import decisions_of, is_decision_record

    of_partners = [path for path in paths if is_contribution(path)]
    of_board = [path for path in paths if path not in of_partners and is_decision_record(path)]
    others = [path for path in paths if path not in (*of_partners, *of_board)]
    if others:
        raise ConcordError(
            f"{others[0].name} is neither a partner's workbook nor a plan workbook with a decision record; "
            "choose files that were exported from here and filled in."
        )
    contributions = [read_contribution(path, scenario.settings) for path in of_partners]
    changes = [changes_of(scenario, contributions)]
    for path in of_board:
        changes.append(decisions_of(changes[-1].scenario, path))
    names = {row.code: row.name or row.code for row in scenario.partners}
    whose = [f"{Path(each.file).name}: {names.get(each.partner, each.partner)}" for each in contributions]
    whose += [f"{path.name}: the board's decisions" for path in of_board]
    return Intake(
        changes[-1].scenario,
        tuple(whose),
        tuple(row for each in changes for row in each.rows),
        tuple(finding for each in changes for finding in each.findings),
    )


def read_field_tables(scenario: Scenario, paths: Sequence[Path]) -> Intake:
    """Who does what where, and people in need. Raises ConcordError where a table cannot be read."""
    from planner.exchange.field import read_field

    facts: list[str] = []
    findings: list[Finding] = []
    for path in paths:
        result = read_field(path, scenario)
        scenario, counts = add_scenario(scenario, result.scenario)
        facts += [f"{path.name}: {result.columns}", *result.proof]
        facts += [f"{sheet}: {count}" for sheet, count in counts.items()]
        facts += [f"These names may be one. {pair}" for pair in result.similar]
        findings += result.findings
    return Intake(scenario, tuple(facts), (), tuple(findings))
