"""Who else has a file open: seen by each, stale by itself, in nobody's way."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from planner.presence import A_DAY, STALE, Presence, visitor_words


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that several people open."""
    (tmp_path / "plan [1]*.concord").write_bytes(b"content")
    return tmp_path / "plan [1]*.concord"


def hints(path: Path) -> list[Path]:
    return [each for each in path.parent.iterdir() if each != path]


def test_that_two_who_open_a_file_see_each_other_until_they_leave(path: Path) -> None:
    ana, bo = Presence(path, "Ana"), Presence(path, "Bo")
    assert ana.others() == ()
    assert [visitor.person for visitor in bo.others()] == ["Ana"]
    assert [visitor.person for visitor in ana.others()] == ["Bo"]
    bo.leave()
    assert ana.others() == ()
    ana.leave()
    assert hints(path) == []
    assert path.read_bytes() == b"content"


def test_that_nothing_is_written_after_leaving(path: Path) -> None:
    ana = Presence(path, "Ana")
    ana.leave()
    assert ana.others() == ()
    assert hints(path) == []


def test_that_other_files_in_the_folder_do_not_count(path: Path) -> None:
    other = Presence(path.with_name("plan 1.concord"), "Ana")
    other.others()
    mine = Presence(path, "Bo")
    assert mine.others() == ()
    mine.leave()
    other.leave()


def test_that_a_hint_left_by_a_crash_goes_stale_and_later_away(path: Path) -> None:
    Presence(path, "Ana").others()
    (left,) = hints(path)
    bo = Presence(path, "Bo")
    for age, count in ((STALE - 60, 1), (STALE + 60, 0)):
        os.utime(left, (time.time() - age,) * 2)
        assert len(bo.others()) == count
        assert left.exists()
    os.utime(left, (time.time() - A_DAY - 60,) * 2)
    assert bo.others() == ()
    assert not left.exists()
    bo.leave()


def test_that_a_window_of_this_computer_that_was_killed_counts_as_nobody_at_once(path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    Presence(path, "Ana").others()
    (left,) = hints(path)
    words = json.loads(left.read_text(encoding="utf-8"))
    bo = Presence(path, "Bo")
    for process, machine in ((ended.pid, "another"), (os.getpid(), words["machine"])):
        left.write_text(json.dumps({**words, "process": process, "machine": machine}), encoding="utf-8")
        assert len(bo.others()) == 1
    left.write_text(json.dumps({**words, "process": ended.pid}), encoding="utf-8")
    assert bo.others() == ()
    assert not left.exists()
    bo.leave()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or not Path("/proc/self").exists(), reason="needs a folder without writing"
)
def test_that_a_folder_that_cannot_be_written_is_nobodys_problem() -> None:
    ana = Presence(Path("/proc/version"), "Ana")
    assert ana.others() == ()
    ana.leave()


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"[" * 5000,
        b'{"person": 7, "computer": "x", "since": "y"}',
        b'{"person": "a", "computer": "b", "since": "c"' + b" " * 5000 + b"}",
    ],
)
def test_that_a_hint_that_says_nothing_is_passed_over(path: Path, words: bytes) -> None:
    path.with_name(f".{path.name}.open-0").write_bytes(words)
    bo = Presence(path, "Bo")
    assert bo.others() == ()
    bo.leave()


def test_that_a_strangers_hint_is_one_short_line(path: Path) -> None:
    words = {"person": "A\n\x1b[31m" + "x" * 500, "computer": "\u202egnol", "since": "now"}
    path.with_name(f".{path.name}.open-0").write_text(json.dumps(words), encoding="utf-8")
    bo = Presence(path, "Bo")
    told = visitor_words(bo.others())
    assert told.isprintable()
    assert told.startswith("A[31mxxx")
    assert len(told) < 80
    bo.leave()


def test_that_people_are_told_as_a_list(path: Path) -> None:
    people = [Presence(path, name) for name in ("Ana", "Bo", "Cy", "Dee")]
    for each in people:
        seen = each.others()
    told = visitor_words(seen)
    assert told.count(", ") == 1
    assert told.count(" and ") == 1
    assert visitor_words(()) == ""
    for each in people:
        each.leave()
