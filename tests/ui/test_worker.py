"""The child process: its protocol, and that nothing can break it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from planner.plan_json import plan_from_json
from planner.samples import build_sample
from planner.scenario import Scenario
from planner.store import StoredFile, save_file

CHECKOUT = Path(__file__).resolve().parents[2]


def start(*program: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *(program or ("-m", "ui.worker"))],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def ask(worker: subprocess.Popen[str], job: object) -> list[dict[str, Any]]:
    """Send a job, keep the input open, and read every event until the process ends."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(json.dumps(job) + "\n")
    worker.stdin.flush()
    events = [json.loads(line) for line in worker.stdout]
    worker.stdin.close()
    worker.wait(10)
    worker.stdout.close()
    if worker.stderr is not None:
        worker.stderr.close()
    return events


@pytest.fixture
def first_steps(tmp_path: Path) -> Path:
    path = tmp_path / "first-steps.concord"
    save_file(path, StoredFile(scenario=build_sample("first-steps")))
    return path


def test_that_a_job_ends_with_one_plan_after_its_phases(first_steps: Path) -> None:
    worker = start()

    events = ask(worker, {"scenario": str(first_steps), "options": {"seed": 3, "time_limit": 60}})

    names = [event["event"] for event in events]
    assert names[0] == "phase_started"
    assert names.count("plan") == 1
    assert names[-1] == "plan"
    assert set(names) <= {"phase_started", "progress_made", "level_finished", "plan"}
    assert plan_from_json(events[-1]["plan"]).run.seed == 3
    assert worker.returncode == 0


def test_that_a_copy_made_for_planning_is_gone_once_it_is_read(first_steps: Path) -> None:
    ask(start(), {"scenario": str(first_steps), "is_copy": True})

    assert not first_steps.exists()


def test_that_errors_of_the_scenario_come_back_with_their_places(tmp_path: Path) -> None:
    sample = build_sample("first-steps")
    path = tmp_path / "broken.concord"
    save_file(path, StoredFile(scenario=Scenario(settings=sample.settings, pledges=sample.pledges)))

    (event,) = ask(start(), {"scenario": str(path)})

    assert event["event"] == "failed"
    assert event["kind"] == "input"
    assert {"code", "message", "severity", "sheet", "row", "column"} <= set(event["problems"][0])


def test_that_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    worker = start()

    (event,) = ask(worker, {"scenario": str(tmp_path / "missing.concord")})

    assert (event["event"], event["kind"]) == ("failed", "environment")
    assert "missing.concord" in event["message"]
    assert worker.returncode == 1


@pytest.mark.parametrize("job", ["not a job", 7, {}, {"scenario": None}])
def test_that_a_job_it_does_not_understand_is_refused(job: object) -> None:
    (event,) = ask(start(), job)

    assert event["event"] == "failed"


def test_that_the_end_of_its_input_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "sample.concord"
    save_file(path, StoredFile(scenario=build_sample()))
    worker = start()
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(json.dumps({"scenario": str(path)}) + "\n")
    worker.stdin.flush()
    worker.stdout.readline()

    worker.stdin.close()

    assert worker.wait(10) == 1
    worker.stdout.close()
    assert worker.stderr is not None
    worker.stderr.close()


def test_that_stray_output_of_native_code_does_not_reach_the_events() -> None:
    program = (
        "import os, ui.worker as worker\n"
        "events = worker.keep_output_for_events()\n"
        "os.write(1, b'native noise')\n"
        "print('python noise', flush=True)\n"
        "events.write('event'); events.flush()\n"
    )
    worker = start("-c", program)

    out, noise = worker.communicate(timeout=20)

    assert out == "event"
    assert "native noise" in noise
    assert "python noise" in noise
