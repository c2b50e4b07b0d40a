"""A copy that comes back: what was edited in it is merged, what had stayed at home is no change."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.edits import add_row, delete_rows, set_cell
from planner.merge import differences, merge
from planner.scenario import Scenario
from planner.sharing import ALL, PUBLIC, Audience, audiences, completed, origin_of, share
from planner.store import StoredFile, read_file, save_file
from tests.sharing.marked import marked

AUDIENCES = audiences(marked())
Edit = Callable[[Scenario], Scenario]


def sent_and_back(folder: Path, audience: Audience, edit: Edit) -> tuple[StoredFile, StoredFile]:
    """The file at home, and the copy as it comes back from its audience, edited and saved there."""
    home = save_file(folder / "home.concord", StoredFile(scenario=marked()))
    share(home, audience, folder / "copy.concord")
    copy = read_file(folder / "copy.concord")
    return home, save_file(folder / "copy.concord", replace(copy, scenario=edit(copy.scenario)))


@pytest.mark.parametrize("audience", AUDIENCES, ids=str)
def test_that_a_copy_that_was_not_edited_changes_nothing(audience: Audience, tmp_path: Path) -> None:
    home, returned = sent_and_back(tmp_path, audience, lambda scenario: scenario)
    assert returned.scenario != home.scenario
    back = completed(home, returned)
    assert back == home.scenario
    assert differences(home.scenario, back) == ()


@pytest.mark.parametrize("audience", AUDIENCES, ids=str)
def test_that_edits_in_the_copy_come_home_and_nothing_there_is_lost(audience: Audience, tmp_path: Path) -> None:
    def edit(scenario: Scenario) -> Scenario:
        scenario = set_cell(scenario, "pledges", 0, "quantity", 77.0)
        scenario = set_cell(scenario, "pledges", 1, "note", "written there")
        return add_row(delete_rows(scenario, "objectives", [1]), "partners")

    home, returned = sent_and_back(tmp_path, audience, edit)
    here = set_cell(home.scenario, "partners", 1, "note", "written here")
    back = completed(home, returned)
    assert back is not None
    merged = merge(home.scenario, here, back)

    assert merged.undecided == ()
    expected = edit(here)
    for table, rows in expected.tables():
        if table.name != "partners":
            assert merged.scenario.rows(table) == rows
    assert merged.scenario.partners[:2] == here.partners
    assert len(merged.scenario.partners) == 3
    assert merged.scenario.settings == here.settings


def test_that_the_save_a_copy_was_made_of_is_found_among_the_file_and_its_earlier_versions(tmp_path: Path) -> None:
    home, returned = sent_and_back(tmp_path, ALL, lambda scenario: set_cell(scenario, "partners", 0, "name", "New"))
    later = save_file(tmp_path / "home.concord", replace(home, scenario=marked()))
    assert origin_of(returned, [later, home]) is home
    assert origin_of(returned, [later]) is None
    assert completed(later, returned) is None


def test_that_only_who_has_the_save_recognises_its_copy(tmp_path: Path) -> None:
    home, returned = sent_and_back(tmp_path, PUBLIC, lambda scenario: scenario)
    assert home.states[-1].id not in {state.id for state in returned.states}
    assert completed(StoredFile(scenario=marked()), returned) is None
