"""A copy that comes back: what was edited in it is merged, what had stayed at home is no change."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.document import Document
from planner.edits import add_row, delete_rows, set_cell, set_setting
from planner.history import Base, entries
from planner.merge import differences, merge
from planner.reconciliation import reconcile
from planner.scenario import Scenario
from planner.sensitivity import Level, label_rows
from planner.sharing import (
    ALL,
    PUBLIC,
    Audience,
    Origin,
    audiences,
    completed,
    copies_in,
    is_shared_copy,
    origin_of,
    share,
)
from planner.store import StoredFile, read_file, save_file
from tests.sharing.marked import A, marked

AUDIENCES = audiences(marked())
Edit = Callable[[Scenario], Scenario]


def sent_and_back(
    folder: Path, audience: Audience, edit: Edit, scenario: Scenario | None = None
) -> tuple[StoredFile, StoredFile]:
    """The file at home, and the copy as it comes back from its audience, edited and saved there."""
    home = save_file(folder / "home.concord", StoredFile(scenario=scenario or marked()))
    share(home, audience, folder / "copy.concord")
    copy = read_file(folder / "copy.concord")
    return home, save_file(folder / "copy.concord", replace(copy, scenario=edit(copy.scenario)))


def origin(home: StoredFile, returned: StoredFile) -> Origin:
    found = origin_of(returned, home)
    assert found is not None
    return found


@pytest.mark.parametrize("audience", AUDIENCES, ids=str)
def test_that_a_copy_that_was_not_edited_changes_nothing(audience: Audience, tmp_path: Path) -> None:
    home, returned = sent_and_back(tmp_path, audience, lambda scenario: scenario)
    assert returned.scenario != home.scenario
    back = completed(origin(home, returned), returned.scenario)
    assert (back.base.scenario, back.scenario) == (home.scenario, home.scenario)
    assert differences(home.scenario, back.scenario) == ()


@pytest.mark.parametrize("audience", AUDIENCES, ids=str)
def test_that_edits_in_the_copy_come_home_and_nothing_there_is_lost(audience: Audience, tmp_path: Path) -> None:
    def edit(scenario: Scenario) -> Scenario:
        scenario = set_cell(scenario, "pledges", 0, "quantity", 77.0)
        scenario = set_cell(scenario, "pledges", 1, "status", "written there")
        return add_row(delete_rows(scenario, "objectives", [1]), "partners")

    home, returned = sent_and_back(tmp_path, audience, edit)
    here = set_cell(home.scenario, "partners", 1, "note", "written here")
    back = completed(origin(home, returned), returned.scenario)
    merged = merge(back.base.scenario, here, back.scenario)

    assert merged.undecided == ()
    expected = edit(here)
    for table, rows in expected.tables():
        if table.name != "partners":
            assert merged.scenario.rows(table) == rows
    assert merged.scenario.partners[:2] == here.partners
    assert len(merged.scenario.partners) == 3
    assert merged.scenario.settings == here.settings


def test_that_the_save_a_copy_was_made_of_is_told_by_later_saves_of_the_file(tmp_path: Path) -> None:
    home, returned = sent_and_back(tmp_path, ALL, lambda scenario: set_cell(scenario, "partners", 0, "name", "New"))
    document = Document.open(tmp_path / "home.concord")
    document.apply("title", lambda scenario: set_setting(scenario, "title", "Later"))
    document.save()
    later = read_file(tmp_path / "home.concord")
    found = origin(later, returned)
    assert found == origin(home, returned)
    assert (found.base.states, found.base.scenario) == (home.states[-1:], home.scenario)


def test_that_a_file_that_does_not_tell_what_it_was_then_is_no_origin(tmp_path: Path) -> None:
    home, returned = sent_and_back(tmp_path, ALL, lambda scenario: scenario)
    untold = save_file(tmp_path / "home.concord", replace(home, scenario=marked()))
    assert home.states[-1] in untold.states
    assert origin_of(returned, untold) is None


def test_that_only_who_has_the_save_recognises_its_copy(tmp_path: Path) -> None:
    home, returned = sent_and_back(tmp_path, PUBLIC, lambda scenario: scenario)
    assert home.states[-1].id not in {state.id for state in returned.states}
    assert origin_of(returned, StoredFile(scenario=marked())) is None


def test_that_a_copy_that_comes_back_to_the_window_brings_its_edits_alone(tmp_path: Path) -> None:
    home, _ = sent_and_back(tmp_path, ALL, lambda scenario: set_cell(scenario, "partners", 0, "name", "New"))
    case = reconcile(home, home.scenario, tmp_path / "copy.concord", lambda _: None)
    assert case.base == Base(home.states[-1:], home.scenario)
    assert [(change.key.column, change.theirs) for change in case.changes] == [("name", "New")]


def test_that_a_row_that_stayed_at_home_and_a_new_one_of_its_code_are_a_question(tmp_path: Path) -> None:
    hidden = label_rows(marked(), "pledges", [1], Level.CONFIDENTIAL)
    home, _ = sent_and_back(
        tmp_path,
        ALL,
        lambda scenario: add_row(scenario, "pledges", code="pledge-B", partner=A, quantity=7.0),
        hidden,
    )
    case = reconcile(home, home.scenario, tmp_path / "copy.concord", lambda _: None)
    quantity = next(change for change in case.merged.undecided if change.key.column == "quantity")
    assert (quantity.mine, quantity.theirs) == (hidden.pledges[1].quantity, 7.0)
    assert case.merged.scenario.pledges == hidden.pledges


@pytest.mark.parametrize("table", ["pledges", "settings"])
def test_that_a_note_that_stayed_at_home_and_one_written_in_its_place_are_a_question(
    table: str, tmp_path: Path
) -> None:
    def edit(scenario: Scenario) -> Scenario:
        if table == "settings":
            return set_setting(scenario, "note", "written there")
        return set_cell(scenario, table, 1, "note", "written there")

    home, _ = sent_and_back(tmp_path, ALL, edit)
    case = reconcile(home, home.scenario, tmp_path / "copy.concord", lambda _: None)
    assert [(change.key.table, change.key.column, change.base) for change in case.merged.undecided] == [
        (table, "note", "")
    ]
    assert case.merged.scenario == home.scenario
    assert len(case.changes) == 1


def test_that_the_history_credits_who_edited_the_copy(tmp_path: Path) -> None:
    home = Document.new_from(marked())
    home.save_as(tmp_path / "home.concord", "Ana")
    share(home.stored, AUDIENCES[1], tmp_path / "copy.concord")
    copy = Document.open(tmp_path / "copy.concord")
    for person, row in (("Ben", 0), ("Cem", 1)):
        edit = lambda scenario, row=row: set_cell(scenario, "pledges", row, "status", f"by {row}")  # noqa: E731
        copy.apply("status", edit)
        copy.save(person)
    case = reconcile(home.ancestry, home.scenario, tmp_path / "copy.concord", lambda _: None)
    home.merge("merge copy.concord", case.merged.scenario, case.theirs)
    home.apply("name", lambda scenario: set_cell(scenario, "partners", 0, "name", "Here"))
    home.save("Ana")

    stored = read_file(tmp_path / "home.concord")
    told = {entry.state.id: entry for entry in entries(stored, copies_in(stored))}
    assert is_shared_copy(read_file(tmp_path / "copy.concord").states)
    assert not is_shared_copy(stored.states)
    people = {change.theirs: told[stored.states[-1].id].people(change) for change in told[stored.states[-1].id].changes}
    assert people == {"by 0": ("Ben", "Ana"), "by 1": ("Cem", "Ana"), "Here": ("Ana", "")}
    assert [len(told[state.id].changes) for state in copy.stored.states[2:]] == [1, 1]
