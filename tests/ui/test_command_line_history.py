"""history as it is called: who changed what, filtered, and earlier states taken up again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.edits import set_cell
from planner.history import record_of
from planner.scenario import Scenario
from planner.store import read_file, save_file
from tests.ui.test_command_line import Call, concord
from ui.command_line import ExitCode

assert concord  # the fixture


def change(path: Path, target: Path, person: str, edit: Callable[[Scenario], Scenario], comment: str = "") -> None:
    """Save a change to a file as the window does."""
    stored = read_file(path)
    scenario = edit(stored.scenario)
    record = record_of(stored, scenario, person=person, comment=comment, done=["change quantity"])
    save_file(target, replace(stored, scenario=scenario), record)


def pledged(amount: float, row: int = 0) -> Callable[[Scenario], Scenario]:
    return lambda scenario: set_cell(scenario, "pledges", row, "quantity", amount)


@pytest.fixture
def plan(concord: Call, tmp_path: Path) -> Path:
    """A sample with two changes by two people."""
    path = tmp_path / "plan.concord"
    concord("sample", "first-steps", "-o", path)
    change(path, path, "Ana", pledged(1.0), "after the donor meeting")
    change(path, path, "Bo", pledged(2.0, 1))
    return path


def test_that_history_says_who_changed_what_and_why(concord: Call, plan: Path) -> None:
    ended = concord("history", plan)
    assert ended.code == ExitCode.DONE
    assert "  Ana: after the donor meeting\n    change quantity\n    Pledges " in ended.out
    assert ended.out.endswith("3 saves.\n")


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--person", "ana"), 1),
        (("--field", "quantity"), 2),
        (("--field", "note"), 0),
        (("--partner", "NOBODY"), 0),
    ],
)
def test_that_history_is_filtered(concord: Call, plan: Path, options: tuple[str, ...], count: int) -> None:
    assert concord("history", plan, *options).out.endswith(f"{count} {'save' if count == 1 else 'saves'}.\n")


def test_that_history_of_one_partner_has_its_pledges_alone(concord: Call, plan: Path) -> None:
    first, second = read_file(plan).scenario.pledges[:2]
    out = concord("history", plan, "--partner", first.partner).out
    assert f"Pledges {first.code}," in out
    assert (f"Pledges {second.code}," in out) == (second.partner == first.partner)


def test_that_an_earlier_state_is_written_as_a_new_one(concord: Call, plan: Path, tmp_path: Path) -> None:
    before = plan.read_bytes()
    assert concord("history", plan, "--restore", "2", "-o", "back.concord").code == ExitCode.DONE
    assert plan.read_bytes() == before
    restored = read_file(tmp_path / "back.concord")
    assert restored.scenario.pledges[0].quantity == 1.0
    assert restored.scenario.pledges[1].quantity != 2.0
    assert restored.states[-1].record.done[0].startswith("restore the state of ")
    assert "restore the state of" in concord("history", "back.concord").out


@pytest.mark.parametrize("options", [("--restore", "9", "-o", "x.concord"), ("--restore", "1"), ("-o", "x.concord")])
def test_that_a_restore_without_sense_is_refused(concord: Call, plan: Path, options: tuple[str, ...]) -> None:
    assert concord("history", plan, *options).code == ExitCode.WRONG_USAGE


def test_that_a_workbook_has_no_history(concord: Call) -> None:
    concord("sample", "first-steps", "-o", "a.xlsx")
    ended = concord("history", "a.xlsx")
    assert ended.code == ExitCode.ENVIRONMENT_FAILED
    assert "keeps no history" in ended.err


def test_that_imports_and_plans_stand_in_the_history(concord: Call, tmp_path: Path) -> None:
    concord("sample", "first-steps", "-o", "a.xlsx")
    concord("import", "a.xlsx", "--into", "a.concord")
    assert concord("plan", "a.concord", "--save", "--quiet").code == ExitCode.DONE
    out = concord("history", "a.concord").out
    assert "import a.xlsx" in out
    assert "    plan\n" in out
    first, second = read_file(tmp_path / "a.concord").states
    assert second.record.parent == first.id


def test_that_a_merge_finds_what_both_started_from(concord: Call, plan: Path, tmp_path: Path) -> None:
    change(plan, tmp_path / "mine.concord", "Ana", pledged(5.0))
    change(plan, tmp_path / "theirs.concord", "Bo", pledged(6.0, 1))
    ended = concord("merge", "mine.concord", "theirs.concord", "-o", "both.concord")
    assert ended.code == ExitCode.DONE
    assert "Both started from the save of " in ended.out
    assert ended.err == ""
    assert [pledge.quantity for pledge in read_file(tmp_path / "both.concord").scenario.pledges[:2]] == [5.0, 6.0]
    assert "merge theirs.concord into mine.concord" in concord("history", "both.concord").out


def test_that_a_merge_of_strangers_asks_what_both_started_from(concord: Call) -> None:
    for name in ("a", "b"):
        concord("sample", "first-steps", "-o", f"{name}.concord")
    ended = concord("merge", "a.concord", "b.concord", "-o", "c.concord")
    assert ended.code == ExitCode.WRONG_USAGE
    assert "--base" in ended.err
