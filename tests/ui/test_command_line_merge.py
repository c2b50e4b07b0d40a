"""diff and merge as they are called: what they print and write, and the exit code they end with."""

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from openpyxl import load_workbook

from planner.edits import add_row, rename_code, set_cell
from planner.exchange.workbook import read_workbook, write_workbook
from planner.history import joined_states, record_of
from planner.reconciliation import read_version
from planner.samples import build_sample
from planner.scenario import Scenario
from planner.store import PassphraseNeeded, read_file, save_file
from tests.ui.test_command_line import Call, concord
from ui.command_line import ExitCode

assert concord  # the fixture


@pytest.fixture
def versions(concord: Call, tmp_path: Path) -> Callable[..., None]:
    """Write base.concord, and mine.concord and theirs.concord that descend from it."""

    def write(mine: Callable[[Scenario], Scenario], theirs: Callable[[Scenario], Scenario]) -> None:
        concord("sample", "first-steps", "-o", "base.concord")
        stored = read_file(tmp_path / "base.concord")
        for name, edit in (("mine", mine), ("theirs", theirs)):
            save_file(tmp_path / f"{name}.concord", replace(stored, scenario=edit(stored.scenario)))

    return write


def pledged(amount: float, row: int = 0) -> Callable[[Scenario], Scenario]:
    return lambda scenario: set_cell(scenario, "pledges", row, "quantity", amount)


MERGE = ("merge", "--base", "base.concord", "mine.concord", "theirs.concord", "-o", "both.concord")


def test_that_diff_says_each_difference_in_words(concord: Call, versions: Callable[..., None]) -> None:
    versions(pledged(1.0), lambda scenario: rename_code(scenario, "partners", "FUND", "TRUST"))
    ended = concord("diff", "base.concord", "mine.concord")
    assert ended.code == ExitCode.DONE
    assert ended.out.splitlines()[0].endswith(", now 1")
    assert ended.out.splitlines()[-1] == "1 difference."
    assert "Partners TRUST, code: FUND, now TRUST" in concord("diff", "base.concord", "theirs.concord").out
    assert concord("diff", "base.concord", "base.concord").out == "No differences.\n"


def test_that_a_workbook_and_a_file_of_one_scenario_do_not_differ(concord: Call) -> None:
    for name in ("a.concord", "a.xlsx"):
        concord("sample", "stabilisation", "-o", name)
    assert concord("diff", "a.concord", "a.xlsx").out == "No differences.\n"


def test_that_edits_to_different_rows_merge_into_a_file_that_descends_from_both(
    concord: Call, versions: Callable[..., None], tmp_path: Path
) -> None:
    versions(pledged(1.0, 0), pledged(2.0, 1))
    ended = concord(*MERGE)
    assert ended.code == ExitCode.DONE
    assert "1 change only in mine, 1 only in theirs, 0 alike in both, 0 different in both." in ended.out
    merged, mine, theirs = (read_file(tmp_path / f"{name}.concord") for name in ("both", "mine", "theirs"))
    assert [pledge.quantity for pledge in merged.scenario.pledges[:2]] == [1.0, 2.0]
    assert {*mine.states, *theirs.states} < set(merged.states)
    assert ended.err == ""


def test_that_merging_the_same_file_again_changes_nothing(
    concord: Call, versions: Callable[..., None], tmp_path: Path
) -> None:
    versions(pledged(1.0), pledged(2.0))
    assert concord(*MERGE, "--take", "mine").code == ExitCode.DONE
    again = concord("merge", "--base", "base.concord", "both.concord", "theirs.concord", "-o", "again.concord")
    assert again.code == ExitCode.DONE
    assert "there is nothing new to merge" in again.out
    assert read_file(tmp_path / "again.concord").scenario == read_file(tmp_path / "both.concord").scenario


def test_that_conflicts_go_to_a_workbook_and_come_back_decided(
    concord: Call, versions: Callable[..., None], tmp_path: Path
) -> None:
    versions(
        lambda scenario: pledged(1.0, 1)(pledged(1.0, 0)(scenario)),
        lambda scenario: pledged(2.0, 1)(pledged(2.0, 0)(scenario)),
    )
    ended = concord(*MERGE)
    assert ended.code == ExitCode.CONFLICTS_LEFT
    assert "2 conflicts left to decide" in ended.err
    assert not (tmp_path / "both.concord").exists()
    questions = tmp_path / "both-conflicts.xlsx"
    book = load_workbook(questions)
    sheet = book["Conflicts"]
    assert [cell.value for cell in sheet[1]][:8] == [
        *("sheet", "row", "column", "base", "mine", "theirs"),
        *("take", "other value"),
    ]
    sheet["G2"], sheet["H3"] = "Theirs", "1 250,5"
    book.save(questions)
    assert concord(*MERGE, "--decisions", questions).code == ExitCode.DONE
    merged = read_file(tmp_path / "both.concord").scenario
    assert [pledge.quantity for pledge in merged.pledges[:2]] == [2.0, 1250.5]


def pledged_twice(amount: float) -> Callable[[Scenario], Scenario]:
    return lambda scenario: pledged(amount, 1)(pledged(amount, 0)(scenario))


def fill(workbook: Path, **cells: Any) -> None:
    book = load_workbook(workbook)
    for cell, value in cells.items():
        book["Conflicts"][cell] = value
    book.save(workbook)


def test_that_conflicts_can_be_decided_in_steps(concord: Call, versions: Callable[..., None], tmp_path: Path) -> None:
    versions(pledged_twice(1.0), pledged_twice(2.0))
    concord(*MERGE)
    questions = tmp_path / "both-conflicts.xlsx"
    fill(questions, H2=1250.5)
    first = concord(*MERGE, "--decisions", questions)
    assert first.code == ExitCode.CONFLICTS_LEFT
    assert "1 conflict left to decide" in first.err
    assert "1 answer kept" in first.out
    fill(questions, G3="theirs")
    assert concord(*MERGE, "--decisions", questions).code == ExitCode.DONE
    merged = read_file(tmp_path / "both.concord").scenario
    assert [pledge.quantity for pledge in merged.pledges[:2]] == [1250.5, 2.0]


def test_that_answers_stay_in_a_workbook_that_is_written_again_while_their_conflicts_are_the_same(
    concord: Call, versions: Callable[..., None], tmp_path: Path
) -> None:
    versions(pledged_twice(1.0), pledged_twice(2.0))
    concord(*MERGE)
    questions = tmp_path / "both-conflicts.xlsx"
    fill(questions, G2="mine", G3="theirs")
    theirs = read_file(tmp_path / "theirs.concord")
    save_file(tmp_path / "theirs.concord", replace(theirs, scenario=pledged(3.0, 1)(theirs.scenario)))
    assert concord(*MERGE).code == ExitCode.CONFLICTS_LEFT
    sheet = load_workbook(questions)["Conflicts"]
    assert [sheet[cell].value for cell in ("F2", "G2", "F3", "G3")] == ["2", "mine", "3", None]


def test_that_another_workbook_is_not_replaced_by_the_conflicts(
    concord: Call, versions: Callable[..., None], tmp_path: Path
) -> None:
    versions(pledged(1.0), pledged(2.0))
    concord("sample", "first-steps", "-o", "both-conflicts.xlsx")
    before = (tmp_path / "both-conflicts.xlsx").read_bytes()
    assert concord(*MERGE).code == ExitCode.ENVIRONMENT_FAILED
    assert (tmp_path / "both-conflicts.xlsx").read_bytes() == before


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        ("G2", "yours", "Conflicts!G2: 'yours' is not a side; write mine or theirs."),
        ("H2", "many", "Conflicts!H2: 'many' is not a number"),
    ],
)
def test_that_a_decision_that_cannot_be_read_names_its_cell(
    concord: Call, versions: Callable[..., None], tmp_path: Path, cell: str, value: str, words: str
) -> None:
    versions(pledged(1.0), pledged(2.0))
    concord(*MERGE)
    questions = tmp_path / "both-conflicts.xlsx"
    book = load_workbook(questions)
    book["Conflicts"][cell] = value
    book.save(questions)
    ended = concord(*MERGE, "--decisions", questions)
    assert ended.code == ExitCode.INPUT_HAS_ERRORS
    assert words in ended.err
    assert not (tmp_path / "both.concord").exists()


def test_that_another_workbook_is_no_list_of_decisions(concord: Call, versions: Callable[..., None]) -> None:
    versions(pledged(1.0), pledged(2.0))
    concord("sample", "first-steps", "-o", "other.xlsx")
    ended = concord(*MERGE, "--decisions", "other.xlsx")
    assert ended.code == ExitCode.ENVIRONMENT_FAILED
    assert "is not a workbook of conflicts" in ended.err


def test_that_a_preview_says_what_would_be_merged_and_writes_nothing(
    concord: Call, versions: Callable[..., None], tmp_path: Path
) -> None:
    versions(pledged(1.0, 0), lambda scenario: add_row(scenario, "vetoes", partner="FUND", region="NORTH"))
    before = sorted(path.name for path in tmp_path.iterdir())
    ended = concord(*MERGE, "--preview")
    assert ended.code == ExitCode.DONE
    assert "mine: Pledges " in ended.out
    assert "theirs: Vetoes FUND NORTH: added" in ended.out
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_that_a_partner_who_worked_in_a_workbook_can_be_merged(
    concord: Call, versions: Callable[..., None], tmp_path: Path
) -> None:
    versions(pledged(1.0, 0), lambda scenario: scenario)
    typed = build_sample("first-steps")
    write_workbook(set_cell(typed, "pledges", 1, "quantity", 2.0), tmp_path / "typed.xlsx")
    ended = concord("merge", "--base", "base.concord", "mine.concord", "typed.xlsx", "-o", "both.xlsx")
    assert ended.code == ExitCode.DONE
    assert "not known to descend from base.concord" in ended.err
    merged = read_workbook(tmp_path / "both.xlsx").scenario
    assert [pledge.quantity for pledge in merged.pledges[:2]] == [1.0, 2.0]


def test_that_errors_in_the_result_are_told(concord: Call, versions: Callable[..., None]) -> None:
    versions(
        lambda scenario: rename_code(scenario, "partners", "FUND", "NEW"),
        lambda scenario: add_row(scenario, "partners", code="NEW", name="Another"),
    )
    ended = concord(*MERGE)
    assert ended.code == ExitCode.DONE
    assert "Code 'NEW' stands in rows" in ended.err
    assert "1 error to put right" in ended.err


PASSPHRASE = "three green pears"


@pytest.mark.slow
@pytest.mark.parametrize("output", ["both.concord", "both.xlsx"])
@pytest.mark.parametrize("protected", ["mine", "theirs"])
def test_that_the_outcome_is_protected_as_mine_was_or_it_is_told(
    concord: Call,
    versions: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    output: str,
    protected: str,
) -> None:
    versions(pledged(1.0, 0), pledged(2.0, 1))
    path = tmp_path / f"{protected}.concord"
    save_file(path, replace(read_file(path), passphrase=PASSPHRASE))
    monkeypatch.setenv("CONCORD_PASSPHRASE", PASSPHRASE)
    ended = concord("merge", "--base", "base.concord", "mine.concord", "theirs.concord", "-o", output)
    assert ended.code == ExitCode.DONE
    if output == "both.concord" and protected == "mine":
        assert "both.concord is protected by the passphrase of mine.concord" in ended.out
        assert read_file(tmp_path / output, passphrase=PASSPHRASE).scenario.pledges[1].quantity == 2.0
        with pytest.raises(PassphraseNeeded):
            read_file(tmp_path / output)
    else:
        assert f"{output}: warning: it is not protected, as {protected}.concord is" in ended.err
        assert read_version(tmp_path / output).scenario.pledges[1].quantity == 2.0


def test_that_a_file_saved_while_it_was_merged_is_not_replaced(
    concord: Call, versions: Callable[..., None], tmp_path: Path
) -> None:
    versions(pledged(1.0), pledged(2.0, 1))
    path = tmp_path / "mine.concord"
    mine = read_file(path)

    def save_meanwhile(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code is joined_states.__code__:
            sys.setprofile(None)
            save_file(path, replace(mine, scenario=pledged(3.0, 2)(mine.scenario)))

    sys.setprofile(save_meanwhile)
    try:
        ended = concord("merge", "--base", "base.concord", "mine.concord", "theirs.concord", "-o", "mine.concord")
    finally:
        sys.setprofile(None)
    assert ended.code == ExitCode.ENVIRONMENT_FAILED
    assert "was changed by someone else" in ended.err
    assert read_file(path).scenario.pledges[2].quantity == 3.0


def test_that_files_with_nothing_in_common_are_merged_by_asking_about_all_that_differs(
    concord: Call, versions: Callable[..., None]
) -> None:
    versions(pledged(48.0), pledged(40.0))
    for side in ("mine", "theirs"):
        concord("export", f"{side}.concord", "--workbook", f"{side}.xlsx")
    unknown = concord("merge", "mine.xlsx", "theirs.xlsx", "-o", "both.xlsx")
    assert unknown.code == 2
    assert "say --no-base" in unknown.err
    asked = concord("merge", "--no-base", "mine.xlsx", "theirs.xlsx", "-o", "both.xlsx")
    assert asked.code == 6
    assert "quantity: added in both, 48 in mine, 40 in theirs" in asked.out
    merged = concord("merge", "--no-base", "mine.xlsx", "theirs.xlsx", "-o", "both.xlsx", "--take", "theirs")
    assert merged.code == 0
    assert concord("diff", "both.xlsx", "theirs.xlsx").out == "No differences.\n"


def test_that_a_file_which_tells_our_saves_otherwise_changes_none_of_them(
    concord: Call, versions: Callable[..., None], tmp_path: Path
) -> None:
    versions(pledged(1.0), pledged(2.0, 1))
    theirs = read_file(tmp_path / "theirs.concord")
    forged = tuple(replace(state, record=replace(state.record, comment="agreed")) for state in theirs.states)
    save_file(tmp_path / "theirs.concord", replace(theirs, states=forged))
    ended = concord(*MERGE)
    assert "theirs.concord: warning: of 1 earlier save it says something else than mine.concord does" in ended.err
    assert read_file(tmp_path / "both.concord").states[0] == read_file(tmp_path / "mine.concord").states[0]


def test_that_a_file_changed_under_the_name_of_a_save_is_merged_as_what_it_is(
    concord: Call, versions: Callable[..., None], tmp_path: Path
) -> None:
    versions(pledged(1.0), pledged(1.0))
    theirs = read_file(tmp_path / "theirs.concord")
    edited = pledged(3.0, 1)(theirs.scenario)
    save_file(tmp_path / "mine.concord", replace(theirs, scenario=edited), record_of(theirs, edited))
    assert "nothing new to merge" in concord("merge", "mine.concord", "theirs.concord", "-o", "both.concord").out
    with closing(sqlite3.connect(tmp_path / "theirs.concord")) as by_another_program:
        by_another_program.execute("UPDATE pledges SET quantity = 7 WHERE quantity = 1")
        by_another_program.commit()
    assert concord("merge", "mine.concord", "theirs.concord", "-o", "both.concord").code == ExitCode.DONE
    assert read_file(tmp_path / "both.concord").scenario.pledges[0].quantity == 7.0
