"""Two who save one file, in turn and at once: every state of the file is one that somebody saved, no edit is lost."""

import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from planner.edits import set_cell
from planner.problems import EnvironmentProblem
from planner.store import ChangedOnDisk, SavedOver, StoredFile, backups_of, read_file, save_file, stamp_of
from planner.store.backups import keep
from planner.store.turns import STALE, Turn, one_at_a_time
from tests.store.saver import save_or_merge
from tests.store.scenarios import SMALL

CHECKOUT = Path(__file__).resolve().parents[2]
ROUNDS = 200
HERE = {**os.environ, "PYTHONPATH": str(CHECKOUT)}


@pytest.mark.slow
def test_that_two_who_save_in_turn_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.concord"
    first = save_file(path, StoredFile(scenario=SMALL))
    theirs = [first, first]
    for number in range(1, ROUNDS + 1):
        who = number % 2
        edited = set_cell(theirs[who].scenario, "partners", who, "name", str(number))
        theirs[who] = save_or_merge(path, theirs[who], edited)
        assert theirs[who].stamp == stamp_of(path)
        assert {row.name for row in read_file(path).scenario.partners[:2]} >= {str(number), str(number - 1)} - {"0"}
    assert os.listdir(tmp_path) == ["a.concord"]


@contextmanager
def once_called(watched: Callable[..., object], act: Callable[[], object]) -> Iterator[None]:
    """Act after the next call of a system function, as somebody at another computer would: no lock holds them up."""

    def see(_frame: FrameType, event: str, function: Any) -> None:
        if event == "c_return" and function is watched:
            sys.setprofile(None)
            act()

    sys.setprofile(see)
    try:
        yield
    finally:
        sys.setprofile(None)


@contextmanager
def replaced_by_another_computer(path: Path, theirs: Path) -> Iterator[None]:
    """A file whose turn another computer has, which soon puts its own in place and leaves."""
    mark = path.with_name(f".{path.name}.saving")
    mark.write_text("another one")

    def replace_and_leave() -> None:
        theirs.replace(path)
        mark.unlink()

    timer = threading.Timer(0.2, replace_and_leave)
    timer.start()
    yield
    timer.join()


def test_that_a_save_from_another_computer_during_a_slow_flush_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.concord"
    mine = save_file(path, StoredFile(scenario=SMALL))
    assert mine.stamp is not None
    save_file(tmp_path / "theirs.concord", mine)
    theirs = (tmp_path / "theirs.concord").read_bytes()
    with once_called(os.fsync, lambda: path.write_bytes(theirs)), pytest.raises(ChangedOnDisk):
        save_file(path, mine, replacing=[mine.stamp])
    assert path.read_bytes() == theirs
    assert sorted(os.listdir(tmp_path)) == ["a.concord", "theirs.concord"]


def test_that_of_two_first_saves_under_one_name_the_later_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.concord"
    with (
        once_called(os.fsync, lambda: path.write_text("theirs")),
        pytest.raises(EnvironmentProblem, match="another file of that name came there meanwhile"),
    ):
        save_file(path, StoredFile(scenario=SMALL))
    assert path.read_text() == "theirs"
    assert os.listdir(tmp_path) == ["a.concord"]


def test_that_a_save_waits_until_another_computer_has_replaced_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.concord"
    mine = save_file(path, StoredFile(scenario=SMALL))
    assert mine.stamp is not None
    theirs = save_file(tmp_path / "theirs.concord", mine)
    with replaced_by_another_computer(path, tmp_path / "theirs.concord"), pytest.raises(ChangedOnDisk):
        save_file(path, mine, replacing=[mine.stamp])
    assert stamp_of(path) == theirs.stamp
    assert os.listdir(tmp_path) == ["a.concord"]


def test_that_a_save_which_came_while_another_waited_to_replace_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.concord"
    save_file(path, StoredFile(scenario=SMALL))
    theirs = save_file(tmp_path / "theirs.concord", StoredFile(scenario=SMALL))
    with replaced_by_another_computer(path, tmp_path / "theirs.concord"):
        save_file(path, StoredFile(scenario=SMALL))
    assert stamp_of(backups_of(path)[0].path) == theirs.stamp


@pytest.mark.parametrize("words", ["", "somebody's"])
def test_that_a_mark_left_by_a_crash_holds_nobody_up(words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.concord"
    mine = save_file(path, StoredFile(scenario=SMALL))
    mark = tmp_path / ".a.concord.saving"
    mark.write_text(words)
    os.utime(mark, (time.time() - STALE - 1,) * 2)
    assert mine.stamp is not None
    save_file(path, mine, replacing=[mine.stamp])
    assert os.listdir(tmp_path) == ["a.concord"]


def test_that_a_mark_left_by_a_crash_on_this_computer_is_known_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.concord"
    mine = save_file(path, StoredFile(scenario=SMALL))
    assert mine.stamp is not None
    script = (
        "import os, sys; from pathlib import Path; from planner.store.turns import one_at_a_time\n"
        "with one_at_a_time(Path(sys.argv[1])) as turn: turn.take(); os._exit(9)"
    )
    here = {**os.environ, "PYTHONPATH": str(CHECKOUT)}  # with the data folder of this test
    killed = subprocess.run([sys.executable, "-P", "-c", script, path], env=here, check=False)
    assert killed.returncode == 9
    assert (tmp_path / ".a.concord.saving").read_text() != ""
    with monkeypatch.context() as patience:
        patience.setattr(time, "sleep", lambda _: pytest.fail("it waits"))
        save_file(path, mine, replacing=[mine.stamp])
    assert os.listdir(tmp_path) == ["a.concord"]


def test_that_somebody_who_waits_for_many_takes_the_turn_of_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.concord"
    mark = tmp_path / ".a.concord.saving"
    waited = itertools.count()
    clock = itertools.count(step=STALE / 4)

    def another_comes(_seconds: float) -> None:
        if (number := next(waited)) < 10:
            mark.write_text(f"somebody {number}")
        else:
            mark.unlink()

    mark.write_text("somebody")
    monkeypatch.setattr(time, "sleep", another_comes)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    turn = Turn(path)
    turn.take()
    assert next(waited) == 11
    assert turn.is_mine


def test_that_giving_back_leaves_the_mark_of_another_one_that_is_not_written_yet(tmp_path: Path) -> None:
    turn = Turn(tmp_path / "a.concord")
    turn.take()
    mark = tmp_path / ".a.concord.saving"
    assert mark.read_text() != ""
    mark.write_text("")
    turn.give_back()
    assert mark.exists()


def test_that_a_mark_is_whole_from_the_start(tmp_path: Path) -> None:
    mark = tmp_path / ".a.concord.saving"
    seen: list[str] = []

    def see(_frame: FrameType, event: str, _function: Any) -> None:
        if event == "c_return" and mark.exists():
            seen.append(mark.read_text())

    turn = Turn(tmp_path / "a.concord")
    sys.setprofile(see)
    try:
        turn.take()
    finally:
        sys.setprofile(None)
    assert set(seen) == {mark.read_text()}
    assert os.listdir(tmp_path) == [mark.name]


def test_that_who_comes_through_a_link_waits_for_the_same_turn(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    path, link = tmp_path / "share" / "a.concord", tmp_path / "a.concord"
    path.write_text("")
    link.symlink_to(path)
    turn = Turn(link)
    turn.take()
    assert (tmp_path / "share" / ".a.concord.saving").exists()


def test_that_two_accounts_of_which_one_is_a_copy_respect_each_others_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.concord"
    path.write_text("")
    owners = []
    for account in ("one", "other"):
        monkeypatch.setenv("CONCORD_DATA", str(tmp_path / account))
        with one_at_a_time(path) as turn:
            turn.take()
            owners.append((tmp_path / ".a.concord.saving").read_text().split()[0])
        if account == "one":
            shutil.copytree(tmp_path / "one", tmp_path / "other")
    assert owners[0] != owners[1]


def test_that_the_clock_of_this_computer_does_not_say_how_old_a_mark_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows times that a program sets are by its own clock, those of what it writes by that of the share."""
    path = tmp_path / "a.concord"
    mark = tmp_path / ".a.concord.saving"
    mark.write_text("somebody")
    ahead = time.time() + 2 * STALE
    set_times = os.utime
    monkeypatch.setattr(os, "utime", lambda path, *_, **__: set_times(path, (ahead, ahead)))
    waited: list[str] = []

    def leave(_seconds: float) -> None:
        waited.append(mark.read_text())
        mark.unlink()

    monkeypatch.setattr(time, "sleep", leave)
    Turn(path).take()
    assert waited == ["somebody"]


def test_that_a_save_replaced_in_the_same_moment_says_so_and_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.concord"
    mine = save_file(path, StoredFile(scenario=SMALL))
    theirs = save_file(tmp_path / "theirs.concord", mine)
    edited = set_cell(SMALL, "partners", 0, "name", "Mine")
    keep(path)  # so that nothing is put in its place before the file itself
    assert mine.stamp is not None
    with (
        once_called(os.replace, lambda: (tmp_path / "theirs.concord").rename(path)),
        pytest.raises(SavedOver, match="theirs stands"),
    ):
        save_file(path, replace(mine, scenario=edited), replacing=[mine.stamp])
    assert stamp_of(path) == theirs.stamp
    assert read_file(backups_of(path)[0].path).scenario == edited


@pytest.mark.slow
@pytest.mark.parametrize("data", [("one", "one"), ("one", "other")], ids=["on one computer", "on two computers"])
def test_that_two_who_save_at_once_lose_nothing(data: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    path = tmp_path / "files" / "a.concord"
    first = save_file(path, StoredFile(scenario=SMALL))
    assert first.stamp is not None
    command = [sys.executable, "-P", "-m", "tests.store.saver", str(path)]
    savers = [
        subprocess.Popen(
            [*command, row, str(ROUNDS)],
            env={**HERE, "CONCORD_DATA": str(tmp_path / folder)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for row, folder in zip(("0", "1"), data, strict=True)
    ]
    seen = set()
    while any(saver.poll() is None for saver in savers):
        seen.add(hashlib.sha256(path.read_bytes()).hexdigest())
    saved = {first.stamp.digest, *(line for saver in savers for line in saver.communicate()[0].split())}

    assert [saver.returncode for saver in savers] == [0, 0]
    assert len(saved) == 1 + 2 * ROUNDS
    assert seen <= saved
    assert len(seen) > ROUNDS // 2
    assert [row.name for row in read_file(path).scenario.partners[:2]] == [str(ROUNDS)] * 2
    assert os.listdir(path.parent) == ["a.concord"]
