"""Saving a scenario file: whole or not at all, and everything comes back."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from planner.problems import EnvironmentProblem
from planner.scenario import Scenario
from planner.store import StoredFile, read_file, save_file
from planner.store.versions import VERSIONS
from tests.store.scenarios import FULL_PLAN, SMALL, scenarios
from tests.strategies import free_scenarios


def everything(scenario: Scenario) -> list[Any]:
    """All that a scenario holds: the identities too, and the type of every value."""
    rows = [scenario.settings, *(row for _, table_rows in scenario.tables() for row in table_rows)]
    values = [getattr(row, field.name) for row in rows for field in fields(row)]
    return [scenario.id, values, [type(value) for value in values]]


@given(scenarios() | free_scenarios())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=50)
def test_that_every_scenario_comes_back_as_it_was(tmp_path: Path, scenario: Scenario) -> None:
    saved = save_file(tmp_path / "any.concord", StoredFile(scenario=scenario))
    stored = read_file(tmp_path / "any.concord")
    assert stored == saved
    assert stored.stamp == saved.stamp
    assert everything(stored.scenario) == everything(scenario)


def test_that_plans_come_back_as_they_were(tmp_path: Path) -> None:
    plans = (FULL_PLAN, replace(FULL_PLAN, pro_rata=None, conflict=(), id="2", name="Second"))
    save_file(tmp_path / "a.concord", StoredFile(scenario=SMALL, plans=plans))
    stored = read_file(tmp_path / "a.concord").plans
    assert stored == plans
    assert [plan.id for plan in stored] == [plan.id for plan in plans]


def test_that_every_save_is_a_new_state_that_descends_from_the_ones_before(tmp_path: Path) -> None:
    first = save_file(tmp_path / "a.concord", StoredFile(scenario=SMALL))
    second = save_file(tmp_path / "b.concord", first)
    assert len(first.states) == 1
    assert second.states[:-1] == first.states
    assert second.states[-1].id != first.states[-1].id
    assert second.states[-1].saved_at
    assert second.states[-1].program
    assert read_file(tmp_path / "b.concord").states == second.states


def test_that_saving_leaves_one_file_and_nothing_beside_it(tmp_path: Path) -> None:
    for _ in range(2):
        save_file(tmp_path / "a.concord", StoredFile(scenario=SMALL))
    assert os.listdir(tmp_path) == ["a.concord"]


def test_that_the_file_names_itself_and_its_version_in_its_header(tmp_path: Path) -> None:
    save_file(tmp_path / "a.concord", StoredFile(scenario=SMALL))
    data = (tmp_path / "a.concord").read_bytes()
    assert data[68:72] == b"Conc"
    assert int.from_bytes(data[60:64], "big") == VERSIONS[-1].number


def test_that_every_table_is_strict(tmp_path: Path) -> None:
    save_file(tmp_path / "a.concord", StoredFile(scenario=SMALL))
    with closing(sqlite3.connect(tmp_path / "a.concord")) as connection:
        tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    assert {name for name, strict in tables if not strict} <= {"sqlite_schema"}
    assert len(tables) > len(list(SMALL.tables()))


def test_that_two_rows_with_one_identity_are_never_written(tmp_path: Path) -> None:
    save_file(tmp_path / "a.concord", StoredFile(scenario=SMALL))
    before = (tmp_path / "a.concord").read_bytes()
    twice = replace(SMALL, partners=(SMALL.partners[0], SMALL.partners[0]))
    with pytest.raises(ValueError, match="partners: two rows have one id"):
        save_file(tmp_path / "a.concord", StoredFile(scenario=twice))
    assert (tmp_path / "a.concord").read_bytes() == before


def test_that_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="folder does not exist"):
        save_file(tmp_path / "none" / "a.concord", StoredFile(scenario=SMALL))


_SAVE_ANOTHER = """
import sys
from dataclasses import replace
from planner.store import read_file, save_file
stored = read_file(sys.argv[1])
rows = tuple(replace(stored.scenario.requirements[0], id=str(n), period=n) for n in range(int(sys.argv[2])))
another = replace(stored, scenario=replace(stored.scenario, requirements=rows))
"""


@pytest.mark.skipif(os.name == "nt", reason="this system has no limit on file sizes")
@pytest.mark.parametrize("limit", [0, 1, 4096, 100_000])
def test_that_a_full_disk_leaves_the_old_file_and_no_rubbish(tmp_path: Path, limit: int) -> None:
    path = tmp_path / "a.concord"
    save_file(path, StoredFile(scenario=SMALL))
    before = path.read_bytes()
    script = f"""{_SAVE_ANOTHER}
import resource
from planner.problems import EnvironmentProblem
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
try:
    save_file(sys.argv[1], another)
except EnvironmentProblem as problem:
    sys.exit(str(problem))
"""
    failed = subprocess.run([sys.executable, "-c", script, path, "2000"], capture_output=True, text=True, check=False)
    assert failed.stderr.startswith(f"{path} cannot be written")
    assert failed.returncode == 1
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.concord"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="this system has no SIGKILL")
def test_that_a_kill_at_any_moment_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "a.concord"
    save_file(path, StoredFile(scenario=SMALL))
    script = f"""{_SAVE_ANOTHER}
print("ready", flush=True)
while True:
    another = save_file(sys.argv[1], another)
"""
    killed = [sys.executable, "-c", script, str(path), "3000"]
    saves = set()
    for attempt in range(25):
        with subprocess.Popen(killed, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(0.01 + 0.013 * attempt)
            child.send_signal(signal.SIGKILL)
        stored = read_file(path)
        assert len(stored.scenario.requirements) in (3, 3000)
        saves.add(stored.states[-1].id)
    assert len(saves) > 5  # it was killed between saves and in the middle of them
