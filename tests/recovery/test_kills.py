"""Killed at any moment, over and over: every confirmed edit comes back, and the file always opens."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from planner.document import Document
from planner.store import backups_of, read_file
from tests.store.scenarios import SMALL

CHECKOUT = Path(__file__).resolve().parents[2]
ROUNDS = 200


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="this system has no SIGKILL")
def test_that_two_hundred_kills_lose_no_confirmed_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path / "data"))
    (tmp_path / "files").mkdir()
    path = tmp_path / "files" / "a.concord"
    document = Document.new_from(SMALL)
    document.save_as(path)
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    chance = random.Random(7)
    confirmed, recovered = 0, 0
    for kill in range(ROUNDS):
        command = [sys.executable, "-P", "-m", "tests.recovery.editor", str(tmp_path)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as editor:
            assert editor.stdout is not None
            there = int(editor.stdout.readline())
            assert confirmed <= there <= confirmed + 1, kill  # one more may have been written and not yet confirmed
            recovered += int(read_file(path).scenario.partners[0].name or "0") < there
            time.sleep(chance.uniform(0, 0.1))
            editor.send_signal(signal.SIGKILL)
            confirmed = max(there, *map(int, editor.stdout.read().split()), 0)
    assert confirmed > ROUNDS
    assert recovered > ROUNDS // 10  # there was something to recover
    assert all(read_file(backup.path).scenario.id == SMALL.id for backup in backups_of(path))
