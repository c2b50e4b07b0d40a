"""Tables from the field on the command line: what was made of them, and the proof."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from planner.exchange.addition import add_scenario
from planner.exchange.csv_table import CsvError
from planner.exchange.findings import Finding, Outcome
from planner.scenario import Scenario
from ui.command_line.output import complain, say
from ui.command_line.progress import Progress

_MOST_TOLD = 20  # findings of one table, and pairs of names


def is_fts_table(path: Path) -> bool:
    """Whether a CSV file is a table of FTS; files that are no tables go the same way, and are refused there."""
    from planner.exchange.csv_table import read_csv
    from planner.exchange.fts import is_fts_header

    try:
        return is_fts_header(read_csv(path, takes_any_delimiter=True).header)
    except CsvError:
        return True


def is_field_workbook(path: Path) -> bool:
    """Whether a workbook may hold a table from the field."""
    from planner.exchange.field import is_field_workbook

    return is_field_workbook(path)


def is_iati_file(path: Path) -> bool:
    """Whether a file holds IATI activities."""
    from planner.exchange.iati import is_iati

    return is_iati(path)


def take_field_tables(
    scenario: Scenario, paths: Sequence[Path], call: argparse.Namespace
) -> tuple[Scenario, tuple[Finding, ...]]:
    """The scenario with what the tables say; and what was found in them."""
    findings: list[Finding] = []
    for path in paths:
        if is_iati_file(path):
            from planner.exchange.iati import read_iati

            with Progress().reading(path) as tell:
                result = read_iati(path, scenario, mapping=call.map, joins=call.join, apart=call.apart, tell=tell)
        else:
            from planner.exchange.field import read_field

            told = {"mapping": call.map, "joins": call.join, "apart": call.apart, "sheet": call.sheet}
            with Progress().reading(path) as tell:
                result = read_field(path, scenario, **told, tell=tell)
        scenario, counts = add_scenario(scenario, result.scenario)
        say(f"{path}: {result.columns}")
        for line in result.proof:
            say(f"  {line}")
        for sheet, count in counts.items():
            say(f"  {sheet}: {count}")
        if result.similar:
            say(
                "  Names that may be one: --join 'THIS NAME=THAT NAME' joins two of them; --apart, written alike, "
                "or --apart all keeps them apart; both are remembered"
            )
            for pair in result.similar[:_MOST_TOLD]:
                say(f"    {pair}")
            _tell_more(len(result.similar), "pairs")
        tell_findings(result.findings)
        findings += result.findings
    return scenario, tuple(findings)


def tell_findings(findings: Sequence[Finding]) -> None:
    """The worst findings on standard error, not thousands of them."""
    order = list(Outcome)
    ranked = sorted(findings, key=lambda finding: order.index(finding.outcome))
    for finding in ranked[:_MOST_TOLD]:
        complain(str(finding))
    if len(ranked) > _MOST_TOLD:
        complain(f"... and {len(ranked) - _MOST_TOLD:,} more of {len(ranked):,}.")


def _tell_more(count: int, what: str) -> None:
    if count > _MOST_TOLD:
        say(f"    ... and {count - _MOST_TOLD:,} more {what}")
