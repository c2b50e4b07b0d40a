"""The environment's folder is claimed once, and never taken from somebody else."""

import threading
from pathlib import Path

import pytest

from planner.environment.failure import EnvironmentFailure
from planner.environment.folder import Environment


def test_that_starts_at_once_all_claim_the_folder(tmp_path: Path):
    # The second start must never take the first one's lock file, made a moment ago, for a stranger's file.
    refusals: list[EnvironmentFailure] = []

    def claim(environment: Environment, together: threading.Barrier) -> None:
        together.wait()
        try:
            environment.claim()
            environment.door.touch()
        except EnvironmentFailure as refusal:
            refusals.append(refusal)

    for number in range(300):  # one in ten met before the folder was looked at in the right order
        environment, together = Environment(tmp_path / str(number), tmp_path), threading.Barrier(2)
        starts = [threading.Thread(target=claim, args=(environment, together)) for _ in range(2)]
        for start in starts:
            start.start()
        for start in starts:
            start.join()
    assert refusals == []


def test_that_a_folder_with_a_strangers_file_is_refused(tmp_path: Path):
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(EnvironmentFailure, match="not Concord's"):
        Environment(tmp_path, tmp_path).claim()
