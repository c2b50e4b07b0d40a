"""Two who save one file, in turn and at once: every state of the file is one that somebody saved, no edit is lost."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from planner.edits import set_cell
from planner.problems import EnvironmentProblem
from planner.store import ChangedOnDisk, StoredFile, read_file, save_file, stamp_of
from tests.store.saver import save_or_merge
from tests.store.scenarios import SMALL

CHECKOUT = Path(__file__).resolve().parents[2]
ROUNDS = 200


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
def once_flushed(act: Callable[[], object]) -> Iterator[None]:
    """Act when the next file is safe on its disk, as somebody at another computer would: no lock holds them up."""

    def see(_frame: FrameType, event: str, function: Any) -> None:
        if event == "c_return" and function is os.fsync:
            sys.setprofile(None)
            act()

    sys.setprofile(see)
    try:
        yield
    finally:
        sys.setprofile(None)


def test_that_a_save_from_another_computer_during_a_slow_flush_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.concord"
    mine = save_file(path, StoredFile(scenario=SMALL))
    assert mine.stamp is not None
    save_file(tmp_path / "theirs.concord", mine)
    theirs = (tmp_path / "theirs.concord").read_bytes()
    with once_flushed(lambda: path.write_bytes(theirs)), pytest.raises(ChangedOnDisk):
        save_file(path, mine, replacing=[mine.stamp])
    assert path.read_bytes() == theirs
    assert sorted(os.listdir(tmp_path)) == ["a.concord", "theirs.concord"]


def test_that_of_two_first_saves_under_one_name_the_later_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.concord"
    with (
        once_flushed(lambda: path.write_text("theirs")),
        pytest.raises(EnvironmentProblem, match="another file of that name came there meanwhile"),
    ):
        save_file(path, StoredFile(scenario=SMALL))
    assert path.read_text() == "theirs"
    assert os.listdir(tmp_path) == ["a.concord"]


@pytest.mark.slow
def test_that_two_who_save_at_once_on_one_computer_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    path = tmp_path / "files" / "a.concord"
    first = save_file(path, StoredFile(scenario=SMALL))
    assert first.stamp is not None
    command = [sys.executable, "-P", "-m", "tests.store.saver", str(path)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "CONCORD_DATA": str(tmp_path / "data")}
    savers = [
        subprocess.Popen([*command, row, str(ROUNDS)], env=environment, stdout=subprocess.PIPE, text=True)
        for row in ("0", "1")
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
