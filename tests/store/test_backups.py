"""Backups: what a save replaced is kept a while, and nothing stands in the way of the save."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from planner.scenario import Scenario
from planner.store import ChangedOnDisk, StoredFile, backups_of, read_file, save_file
from planner.store.backups import A_DAY, DAYS_KEPT, KEPT, folder_of
from tests.store.scenarios import SMALL


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for backups of each test's own."""
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the scenario file is."""
    (tmp_path / "files").mkdir()
    return tmp_path / "files" / "plan.concord"


def titled(title: str) -> Scenario:
    return replace(SMALL, settings=replace(SMALL.settings, title=title))


def titles(path: Path) -> list[str]:
    return [read_file(backup.path).scenario.settings.title for backup in backups_of(path)]


def test_that_the_last_five_versions_are_kept_the_latest_first(path: Path) -> None:
    for number in range(8):
        save_file(path, StoredFile(scenario=titled(f"{number}")))
    assert KEPT == 5
    assert titles(path) == ["6", "5", "4", "3", "2"]
    assert os.listdir(path.parent) == ["plan.concord"]


def test_that_files_of_one_name_in_two_folders_have_backups_of_their_own(path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    other = tmp_path / "elsewhere" / path.name
    for target in (path, path, other):
        save_file(target, StoredFile(scenario=titled(target.parent.name)))
    assert titles(path) == ["files"]
    assert titles(other) == []


def test_that_the_first_save_leaves_no_backup(path: Path) -> None:
    save_file(path, StoredFile(scenario=SMALL))
    assert backups_of(path) == ()
    assert not folder_of(path).exists()


def test_that_a_folder_without_room_for_backups_does_not_stop_saving(path: Path, own_data: Path) -> None:
    own_data.write_text("a file where the folder should be")
    for title in ("first", "second"):
        save_file(path, StoredFile(scenario=titled(title)))
    assert read_file(path).scenario.settings.title == "second"
    assert backups_of(path) == ()


def test_that_backups_of_a_file_nobody_saved_for_half_a_year_go_away(path: Path) -> None:
    other = path.with_name("other.concord")
    for target in (path, path, other, other):
        save_file(target, StoredFile(scenario=SMALL))
    os.utime(folder_of(path), (time.time() - (DAYS_KEPT + 1) * A_DAY,) * 2)
    save_file(other, StoredFile(scenario=SMALL))
    assert backups_of(path) == ()
    assert len(backups_of(other)) == 2


@pytest.mark.skipif(os.name == "nt", reason="rights are kept another way there")
def test_that_nobody_else_can_read_the_backups(path: Path) -> None:
    for _ in range(2):
        save_file(path, StoredFile(scenario=SMALL))
    assert folder_of(path).stat().st_mode & 0o077 == 0


def test_that_a_file_that_somebody_else_saved_meanwhile_is_not_replaced(path: Path) -> None:
    mine = save_file(path, StoredFile(scenario=titled("mine")))
    save_file(path, replace(mine, scenario=titled("theirs")))
    before = path.read_bytes()
    with pytest.raises(ChangedOnDisk, match="changed by someone else"):
        save_file(path, mine, replacing=[mine.stamp])
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["plan.concord"]


def test_that_refused_saves_leave_the_backups_as_they_are(path: Path) -> None:
    for title in ("first", "second", "third"):
        mine = save_file(path, StoredFile(scenario=titled(title)))
    assert mine.stamp is not None
    save_file(path, replace(mine, scenario=titled("theirs")))
    for _ in range(KEPT):
        with pytest.raises(ChangedOnDisk):
            save_file(path, mine, replacing=[mine.stamp])
    assert titles(path) == ["third", "second", "first"]


def test_that_what_is_kept_already_is_not_kept_twice(path: Path) -> None:
    for title in ("first", "second"):
        save_file(path, StoredFile(scenario=titled(title)))
    path.write_bytes(backups_of(path)[0].path.read_bytes())
    save_file(path, StoredFile(scenario=titled("third")))
    assert titles(path) == ["first"]


def test_that_a_file_that_is_gone_can_be_saved_again(path: Path) -> None:
    mine = save_file(path, StoredFile(scenario=SMALL))
    path.unlink()
    save_file(path, mine, replacing=[mine.stamp])
    assert read_file(path).scenario == SMALL
