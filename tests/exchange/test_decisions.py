"""The board's own decisions: out as empty columns, back in as what the next plan is made with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from planner.exchange.decisions import decisions_of, is_decision_record
from planner.exchange.workbook import write_workbook
from planner.plan import Plan
from planner.problems import EnvironmentProblem
from planner.report.board import BOARD
from planner.report.tables import PlanTables
from planner.report.workbook import write_plan_workbook
from planner.samples import build_sample
from planner.scenario import Scenario
from planner.store import StoredFile, read_file, save_file
from tests.report.conftest import share_out_plainly
from ui.command_line import ExitCode, main


@pytest.fixture
def scenario() -> Scenario:
    """A small scenario."""
    return build_sample("first-steps")


@pytest.fixture
def plan(scenario: Scenario) -> Plan:
    """Some plan of it."""
    return share_out_plainly(scenario)


def record(scenario: Scenario, plan: Plan, path: Path, fill: Callable[[Any, dict[str, str]], None]) -> Path:
    """A plan workbook whose decision record is filled in by `fill(sheet, letter of each heading)`."""
    write_plan_workbook(scenario, plan, path)
    book = load_workbook(path)
    sheet = book["Decision record"]
    fill(sheet, {str(cell.value): cell.column_letter for cell in sheet[3]})
    book.save(path)
    return path


def decide(row: int, decision: str | None, reason: str | None = None) -> Callable[[Any, dict[str, str]], None]:
    """Writes one decision of the board."""

    def fill(sheet: Any, at: dict[str, str]) -> None:
        sheet[f"{at[BOARD]}{row}"] = decision
        sheet[f"{at['Why it differs']}{row}"] = reason

    return fill


def test_that_a_record_as_it_went_out_changes_nothing(scenario: Scenario, plan: Plan, tmp_path: Path) -> None:
    path = record(scenario, plan, tmp_path / "plan.xlsx", lambda *_: None)
    assert is_decision_record(path)
    changes = decisions_of(scenario, path)
    assert (changes.rows, changes.findings) == ((), ())
    assert changes.scenario == scenario


@pytest.mark.parametrize(
    ("decision", "go"), [("Goes ahead", "must"), ("does not go ahead", "no"), ("Open", "decide"), (None, "decide")]
)
def test_that_a_decision_and_its_reason_reach_the_activity_once(
    scenario: Scenario, plan: Plan, tmp_path: Path, decision: str | None, go: str
) -> None:
    path = record(scenario, plan, tmp_path / "plan.xlsx", decide(4, decision, "Elections in May"))
    first = PlanTables(scenario, plan)["activities"]
    key = (first.value(0, "initiative"), first.value(0, "region"))
    after = decisions_of(scenario, path).scenario
    (activity,) = [row for row in after.activities if (row.initiative, row.region) == key]
    assert activity.go == go
    assert activity.note.endswith("Board: Elections in May")
    again = decisions_of(after, path)
    assert again.rows == ()
    later = record(scenario, plan, tmp_path / "plan.xlsx", decide(4, decision, "Security"))
    changed = decisions_of(after, later).scenario.activities
    assert [row.note.count("Board:") for row in changed if row.note.endswith("Security")] == [1]


def test_that_a_decision_that_is_none_is_refused_with_its_cell(scenario: Scenario, plan: Plan, tmp_path: Path) -> None:
    path = record(scenario, plan, tmp_path / "plan.xlsx", decide(4, "Perhaps"))
    changes = decisions_of(scenario, path)
    assert changes.scenario == scenario
    (finding,) = changes.findings
    assert finding.cell.startswith("Decision record!")
    assert "write one of: Goes ahead, Does not go ahead, Open." in finding.message


def test_that_other_workbooks_hold_no_decisions(scenario: Scenario, tmp_path: Path) -> None:
    write_workbook(scenario, tmp_path / "scenario.xlsx")
    assert not is_decision_record(tmp_path / "scenario.xlsx")
    with pytest.raises(EnvironmentProblem, match="write the plan workbook anew"):
        decisions_of(scenario, tmp_path / "scenario.xlsx")


def test_that_the_command_import_takes_decisions_in(scenario: Scenario, plan: Plan, tmp_path: Path) -> None:
    path = record(scenario, plan, tmp_path / "plan.xlsx", decide(4, "Does not go ahead", "No access"))
    target = tmp_path / "first.concord"
    save_file(target, StoredFile(scenario=scenario))
    assert main(["import", str(path), "--into", str(target)]) == ExitCode.DONE
    assert any(row.note.endswith("Board: No access") for row in read_file(target).scenario.activities)
