"""The open document: undo, plans, saving, and telling views what changed."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.document import Changed, Document
from planner.edits import add_row, delete_rows, insert_blank_rows, move_rows, rename_code, set_cell, set_setting
from planner.fingerprint import fingerprint
from planner.plan import Plan
from planner.problems import ConcordError, EnvironmentProblem
from planner.scenario import Requirement, Scenario
from planner.store import ChangedOnDisk, read_file
from planner.table_changes import TableChange, table_changes
from resources.offers import Partner

SCENARIO = Scenario(
    partners=tuple(Partner(code=code) for code in "ABC"),
    requirements=(Requirement(initiative="I", region="R", resource="USD", quantity=1),),
)
PLAN = Plan(title="", fingerprint="old", status="optimal", name="First")


def naming(name: str, row: int = 0) -> Callable[[Scenario], Scenario]:
    return lambda scenario: set_cell(scenario, "partners", row, "name", name)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A saved scenario file."""
    Document.new_from(SCENARIO).save_as(tmp_path / "a.concord")
    return tmp_path / "a.concord"


def test_that_undo_and_redo_go_back_and_forth_by_their_labels() -> None:
    document = Document.new_from(SCENARIO)
    assert (document.can_undo, document.can_redo, document.undo_label, document.redo_label) == (False, False, "", "")
    document.apply("naming of A", naming("Alpha"))
    document.apply("naming of B", naming("Beta", 1))
    assert (document.undo_label, document.redo_label) == ("naming of B", "")
    document.undo()
    assert [partner.name for partner in document.scenario.partners] == ["Alpha", "", ""]
    assert (document.undo_label, document.redo_label) == ("naming of A", "naming of B")
    document.undo()
    assert document.scenario is SCENARIO
    document.undo()  # nothing left: stays
    document.redo()
    document.redo()
    document.redo()
    assert [partner.name for partner in document.scenario.partners] == ["Alpha", "Beta", ""]
    assert [step.label for step in document.history] == ["", "naming of A", "naming of B"]
    assert document.position == 2


def test_that_an_edit_after_undo_forgets_what_could_be_redone() -> None:
    document = Document.new_from(SCENARIO)
    document.apply("first", naming("Alpha"))
    document.undo()
    document.apply("second", naming("Beta"))
    assert not document.can_redo
    document.undo()
    assert document.scenario is SCENARIO


def test_that_an_edit_that_changes_nothing_leaves_no_step() -> None:
    document = Document.new_from(SCENARIO)
    told: list[Changed] = []
    document.subscribe(told.append)
    document.apply("nothing", naming(""))
    assert not document.can_undo
    assert told == []


def test_that_an_impossible_edit_leaves_everything_as_it_was() -> None:
    document = Document.new_from(SCENARIO)
    with pytest.raises(ConcordError, match="no row 100"):
        document.apply("naming of nobody", naming("Nobody", 99))
    assert document.scenario is SCENARIO
    assert not document.can_undo


def test_that_old_steps_of_large_scenarios_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.step.MOST_ROWS_KEPT", 12)  # three steps of four rows
    document = Document.new_from(SCENARIO)
    for number in range(6):
        document.apply(f"{number}", naming(f"{number}"))
        assert document.scenario.partners[0].name == f"{number}"
    assert [step.label for step in document.history] == ["2", "3", "4", "5"]
    while document.can_undo:
        document.undo()
    assert document.scenario.partners[0].name == "2"


def test_that_a_merge_still_counts_once_its_step_is_forgotten(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.step.MOST_STEPS", 2)
    mine, theirs = Document.open(path), Document.open(path)
    theirs.apply("theirs", naming("Theirs"))
    theirs.save()
    mine.merge("merge", theirs.scenario, theirs.stored)
    for number in range(4):
        mine.apply(f"{number}", naming(f"{number}", 1))
    assert "merge" not in [step.label for step in mine.history]
    mine.save()
    assert theirs.stored.states[-1] in read_file(path).states


def test_that_a_document_is_dirty_until_it_is_saved_or_taken_back(path: Path) -> None:
    document = Document.open(path)
    assert not document.is_dirty
    document.apply("naming of A", naming("Alpha"))
    assert document.is_dirty
    document.undo()
    assert not document.is_dirty
    document.redo()
    document.save()
    assert not document.is_dirty
    document.undo()
    assert document.is_dirty
    document.apply("typing it again", naming("Alpha"))
    assert not document.is_dirty
    document.add_plan(PLAN)
    assert document.is_dirty
    document.remove_plan(PLAN)
    assert not document.is_dirty


def test_that_a_row_with_another_identity_is_a_change(path: Path) -> None:
    document = Document.open(path)
    document.apply("deletion", lambda scenario: delete_rows(scenario, "partners", [2]))
    document.apply("typing it again", lambda scenario: add_row(scenario, "partners", code="C"))
    assert document.scenario == SCENARIO
    assert document.is_dirty


def test_that_saved_scenarios_and_plans_open_again(path: Path) -> None:
    document = Document.open(path)
    document.apply("naming of A", naming("Alpha"))
    document.add_plan(PLAN)
    document.save()
    again = Document.open(path)
    assert again.scenario == document.scenario
    assert again.scenario.id == SCENARIO.id
    assert again.plans == (PLAN,)
    assert len(read_file(path).states) == 2


def test_that_a_new_document_is_clean_and_asks_for_a_file_name(tmp_path: Path) -> None:
    document = Document.new_from(SCENARIO)
    assert document.path is None
    assert not document.is_dirty
    with pytest.raises(ConcordError, match="has no file yet"):
        document.save()
    document.save_as(tmp_path / "b.concord")
    assert document.path == tmp_path / "b.concord"
    document.apply("naming of A", naming("Alpha"))
    document.save()
    assert Document.open(tmp_path / "b.concord").scenario.partners[0].name == "Alpha"


def test_that_saving_under_another_name_goes_on_with_that_file(path: Path) -> None:
    document = Document.open(path)
    before = path.read_bytes()
    document.apply("naming of A", naming("Alpha"))
    document.save_as(path.with_name("b.concord"))
    assert document.path == path.with_name("b.concord")
    assert not document.is_dirty
    assert path.read_bytes() == before


def test_that_a_file_changed_by_someone_else_is_not_overwritten(path: Path) -> None:
    mine, theirs = Document.open(path), Document.open(path)
    theirs.apply("theirs", naming("Theirs"))
    theirs.save()
    kept = path.read_bytes()
    mine.apply("mine", naming("Mine"))
    assert mine.is_changed_on_disk
    assert not theirs.is_changed_on_disk
    with pytest.raises(EnvironmentProblem, match="changed by someone else"):
        mine.save()
    with pytest.raises(EnvironmentProblem, match="changed by someone else"):
        mine.save_as(path)
    assert path.read_bytes() == kept
    assert mine.is_dirty
    mine.save_as(path.with_name("mine.concord"))
    assert Document.open(path.with_name("mine.concord")).scenario.partners[0].name == "Mine"


def test_that_a_save_holds_what_was_there_when_it_was_asked_for_and_later_edits_stay_unsaved(path: Path) -> None:
    document = Document.open(path)
    document.apply("name A", naming("Alder"))
    save = document.next_save()
    document.apply("name B", naming("Birch", 1))
    document.take_save(save, save.write())

    assert [row.name for row in read_file(path).scenario.partners] == ["Alder", "", ""]
    assert document.is_dirty
    assert not document.is_changed_on_disk
    document.save()
    assert [state.record.done for state in read_file(path).states[1:]] == [("name A",), ("name B",)]
    assert not document.is_dirty


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("folder", ["sub/..", "link"])
def test_that_saving_as_the_open_file_in_another_spelling_overwrites_nobody(path: Path, folder: str) -> None:
    (path.parent / "sub").mkdir()
    (path.parent / "link").symlink_to(path.parent)
    mine, theirs = Document.open(path), Document.open(path)
    theirs.apply("theirs", naming("Theirs"))
    theirs.save()
    kept = path.read_bytes()
    mine.apply("mine", naming("Mine"))
    with pytest.raises(ChangedOnDisk):
        mine.save_as(path.parent / folder / path.name)
    assert path.read_bytes() == kept


def test_that_a_file_that_was_only_touched_or_removed_can_be_saved(path: Path) -> None:
    document = Document.open(path)
    document.apply("naming of A", naming("Alpha"))
    path.touch()
    document.save()
    path.unlink()
    document.save()
    assert Document.open(path).scenario == document.scenario


def test_that_a_failed_save_leaves_the_document_dirty(tmp_path: Path) -> None:
    document = Document.new_from(SCENARIO)
    document.apply("naming of A", naming("Alpha"))
    with pytest.raises(EnvironmentProblem):
        document.save_as(tmp_path / "none" / "a.concord")
    assert document.is_dirty
    assert document.path is None


def test_that_a_workbook_opens_as_a_document_without_a_file(tmp_path: Path) -> None:
    from planner.exchange.workbook import write_workbook

    write_workbook(SCENARIO, tmp_path / "a.xlsx")
    document = Document.open(tmp_path / "a.xlsx")
    assert document.scenario.partners == SCENARIO.partners
    assert document.path is None
    assert document.is_dirty


def test_that_a_plan_is_stale_once_the_scenario_changed() -> None:
    document = Document.new_from(SCENARIO)
    plan = replace(PLAN, fingerprint=fingerprint(SCENARIO))
    document.add_plan(plan)
    assert not document.is_stale(plan)
    document.apply("more", lambda scenario: set_cell(scenario, "requirements", 0, "quantity", 2))
    assert document.is_stale(plan)
    document.undo()
    assert not document.is_stale(plan)


def test_that_a_plan_with_the_same_identity_is_replaced() -> None:
    document = Document.new_from(SCENARIO)
    document.add_plan(PLAN)
    document.add_plan(replace(PLAN, name="Renamed"))
    assert [plan.name for plan in document.plans] == ["Renamed"]


def test_that_views_are_told_which_rows_changed(path: Path) -> None:
    document = Document.open(path)
    told: list[Changed] = []
    unsubscribe = document.subscribe(told.append)
    document.apply("naming of B", naming("Beta", 1))
    document.undo()
    document.redo()
    document.add_plan(PLAN)
    document.save()
    unsubscribe()
    document.undo()
    edited = (TableChange("partners", 1, 1, 1),)
    assert told == [
        Changed("edited", "naming of B", edited),
        Changed("undone", "naming of B", edited),
        Changed("redone", "naming of B", edited),
        Changed("planned", "First"),
        Changed("saved"),
    ]


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        (lambda s: set_setting(s, "title", "New"), {("settings", 0, 1, 1)}),
        (lambda s: delete_rows(s, "partners", [0]), {("partners", 0, 1, 0)}),
        (lambda s: delete_rows(s, "partners", [0, 1, 2]), {("partners", 0, 3, 0)}),
        (lambda s: delete_rows(s, "partners", [0, 2]), {("partners", 0, 3, 1)}),
        (lambda s: add_row(s, "partners"), {("partners", 3, 0, 1)}),
        (lambda s: insert_blank_rows(s, "partners", 1, 2), {("partners", 1, 0, 2)}),
        (lambda s: move_rows(s, "partners", [0], 2), {("partners", 0, 2, 2)}),
        (
            lambda s: replace(rename_code(s, "partners", "A", "Z"), requirements=()),
            {("partners", 0, 1, 1), ("requirements", 0, 1, 0)},
        ),
        (lambda s: s, set()),
    ],
)
def test_that_changes_name_the_smallest_span_of_rows(
    edit: Callable[[Scenario], Scenario], changes: set[tuple[str, int, int, int]]
) -> None:
    assert set(table_changes(SCENARIO, edit(SCENARIO))) == {TableChange(*change) for change in changes}
