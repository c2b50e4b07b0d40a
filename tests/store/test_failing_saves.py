"""A save in which any one call into the system fails leaves the old file or the new one, and nothing beside it."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from planner.problems import EnvironmentProblem
from planner.scenario import Scenario
from planner.store import StoredFile, backups_of, read_file, save_file
from tests.store.failing_calls import FailingCall
from tests.store.scenarios import SMALL

OLD, NEW = (replace(SMALL, settings=replace(SMALL.settings, title=title)) for title in ("old", "new"))


@pytest.mark.parametrize(
    ("code", "after"), [(errno.ENOSPC, False), (errno.EIO, True)], ids=["before it works", "after it worked"]
)
def test_that_whichever_call_fails_the_file_is_whole(code: int, after: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.concord"
    failed: list[str] = []
    outcomes = set()
    old = save_file(path, StoredFile(scenario=OLD))
    data = path.read_bytes()
    assert old.stamp is not None
    for at in range(1, 1000):
        path.write_bytes(data)
        refusal = ""
        with FailingCall(at, code, after=after) as call:
            try:
                save_file(path, replace(old, scenario=NEW), replacing=[old.stamp])
            except EnvironmentProblem as problem:
                refusal = str(problem)
        now = read_file(path).scenario
        assert now in (OLD, NEW)
        if not after:
            assert (now == OLD) == bool(refusal), call.failed
        assert refusal.startswith(str(path) if refusal else "")
        assert os.listdir(tmp_path) == ["a.concord"], call.failed
        outcomes.add(bool(refusal))
        if not call.failed:
            break
        failed.append(call.failed)
    assert outcomes == {True, False}
    assert {"replace", "fsync", "write"} <= set(failed)
    assert len(failed) > (5 if after else 20)
    assert all(isinstance(read_file(backup.path).scenario, Scenario) for backup in backups_of(path))


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO], ids=errno.errorcode.get)
def test_that_whichever_call_fails_while_opening_it_is_one_sentence(code: int, tmp_path: Path) -> None:
    path = tmp_path / "a.concord"
    save_file(path, StoredFile(scenario=OLD))
    before = path.read_bytes()
    failed = []
    for at in range(1, 100):
        with FailingCall(at, code) as call:
            try:
                read_file(path)
            except EnvironmentProblem as problem:
                assert str(problem).startswith(f"{path} cannot be read")  # noqa: PT017 - the last one is opened
        if not call.failed:
            break
        failed.append(call.failed)
    assert {"stat", "open"} <= set(failed)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.concord"]
