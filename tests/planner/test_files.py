"""Files are replaced as a whole or not at all, and recognised by their content."""

import os
import sqlite3
import zipfile
from pathlib import Path

import pytest

from planner.files import FileKind, is_same_file, kind_of, refuse_unwritable, replace_file
from planner.problems import EnvironmentProblem


def test_that_a_file_is_replaced_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    target.write_text("old")
    with replace_file(target) as fresh:
        fresh.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert os.listdir(tmp_path) == ["plan.json"]


def test_that_a_failed_write_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    target.write_text("old")
    with pytest.raises(UnicodeEncodeError), replace_file(target) as fresh:
        fresh.write_bytes(b"half" + "\ud800".encode())
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["plan.json"]


def test_that_a_new_file_appears_only_when_complete(tmp_path: Path) -> None:
    target = tmp_path / "new.json"
    with replace_file(target) as fresh:
        assert not target.exists()
        assert fresh.suffix == ".json"
        fresh.write_text("x")
    assert target.exists()


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_that_the_rights_of_the_old_file_stay(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    target.write_text("old")
    target.chmod(0o640)
    with replace_file(target) as fresh:
        fresh.write_text("new")
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name != "posix", reason="named pipes are those of POSIX")
def test_that_what_is_no_file_is_refused_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    link = tmp_path / "link.json"
    link.symlink_to(pipe)
    for target in (pipe, link):
        with pytest.raises(EnvironmentProblem, match="is a device, not a file"), replace_file(target) as fresh:
            fresh.write_text("new")
    assert pipe.is_fifo()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_that_a_link_keeps_pointing_to_the_file_that_is_replaced(tmp_path: Path) -> None:
    real = tmp_path / "real.json"
    real.write_text("old")
    link = tmp_path / "link.json"
    link.symlink_to(real)
    with replace_file(link) as fresh:
        fresh.write_text("new")
    assert link.is_symlink()
    assert real.read_text() == "new"


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_that_one_file_is_recognised_through_links_and_other_spellings(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    file = tmp_path / "plan.json"
    for _ in range(2):  # not there, then there
        assert is_same_file(file, tmp_path / "link" / "plan.json")
        assert is_same_file(file, tmp_path / "sub" / ".." / "plan.json")
        assert not is_same_file(file, tmp_path / "sub" / "plan.json")
        file.touch()


def unwritable_targets(folder: Path) -> list[tuple[Path, str]]:
    """Targets that even root cannot write, with the reason that people should read."""
    plain = folder / "plain"
    plain.write_text("a file")
    (folder / "directory").mkdir()
    targets = [
        (plain / "below.json", "is a file, not a folder"),
        (folder / "nowhere" / "plan.json", "its folder does not exist"),
        (folder / "directory", "it is a folder"),
        (folder / ("x" * 300), "name is too long"),
    ]
    return targets if os.name == "posix" else targets[1:3]


def test_that_what_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    for target, reason in unwritable_targets(tmp_path):
        with pytest.raises(EnvironmentProblem, match=reason), replace_file(target):
            pass
        with pytest.raises(EnvironmentProblem, match=reason):
            refuse_unwritable(target)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that takes no new files")
def test_that_a_file_system_without_new_files_is_an_environment_problem() -> None:
    with pytest.raises(EnvironmentProblem), replace_file("/proc/plan.json"):
        pass


def test_that_trying_whether_a_target_can_be_written_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    refuse_unwritable(target)
    assert os.listdir(tmp_path) == []
    target.write_text("old")
    refuse_unwritable(target)
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["plan.json"]


def test_that_files_are_recognised_by_their_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content, kind in (
        (b"", FileKind.EMPTY),
        (b"code,name\n1,2\n", FileKind.TEXT),
        ("code;näme".encode("utf-16"), FileKind.TEXT),
        (b"<!DOCTYPE html><html>", FileKind.HTML),
        (b"<table><tr>", FileKind.HTML),
        (b"<?xml version='1.0'?><Workbook>", FileKind.XML),
        (b'{"format": "concord-plan"}', FileKind.PLAN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", FileKind.OLD_EXCEL),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), FileKind.PROTECTED),
        (b"PK\x03\x04 truncated", FileKind.WORKBOOK),
        (b"\x00\x01\x02", FileKind.OTHER),
        (b"SQLite format 3\x00...", FileKind.CONCORD),
    ):
        path.write_bytes(content)
        assert kind_of(path) is kind, content


def test_that_archives_are_told_apart_by_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for name, content, kind in (
        ("[Content_Types].xml", "", FileKind.WORKBOOK),
        ("xl/workbook.bin", "", FileKind.BINARY_EXCEL),
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet", FileKind.OPEN_DOCUMENT),
        ("photo.jpg", "", FileKind.ARCHIVE),
    ):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, content)
        assert kind_of(path) is kind


def test_that_a_missing_file_and_a_folder_are_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="there is no such file"):
        kind_of(tmp_path / "missing")
    with pytest.raises(EnvironmentProblem, match="it is a folder"):
        kind_of(tmp_path)


def test_that_a_database_is_a_scenario_file_for_now(tmp_path: Path) -> None:
    path = tmp_path / "any.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()
    assert kind_of(path) is FileKind.CONCORD, "reading it says whether it is one"
