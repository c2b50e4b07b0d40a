"""What goes wrong in a set-up is told in one sentence with a next step."""

import errno

import pytest

from planner.environment import libraries, setup
from planner.environment.failure import EnvironmentFailure, failure_of_step, failure_of_system
from planner.environment.folder import Environment


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] Kein Platz mehr: '/x/numpy'",
            "The disk is full.",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/x/numpy'",
            "Concord may not write /x.",
        ),
        (
            "WARNING: Retrying ... after connection broken by 'NewConnectionError(...)'\n"
            "ERROR: Could not find a version that satisfies the requirement numpy==2.0 (from versions: none)\n"
            "ERROR: No matching distribution found for numpy==2.0",
            "No package index could be reached.",
        ),
        (
            "ERROR: Could not find a version that satisfies the requirement numpy==2.0 (from versions: 1.0)\n"
            "ERROR: No matching distribution found for numpy==2.0",
            "No package index was reached that has numpy==2.0 for this Python and system. Check",
        ),
        ("ERROR: first\nERROR: the reason\nmore words", "Concord's environment could not be set up: ERROR: the reason"),
        ("", "Concord's environment could not be set up: no reason was given"),
    ],
)
def test_that_the_output_of_a_step_becomes_a_sentence(printed: str, told: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PIP_NO_INDEX", raising=False)
    assert str(failure_of_step(printed, "/x")).startswith(told)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "The disk is full."),
        (errno.EROFS, "Concord may not write /x/y."),
        (errno.EACCES, "Concord may not write /x/y."),
        (errno.EIO, "Concord's environment could not be set up: broken (/x/y)."),
    ],
)
def test_that_a_refusal_of_the_system_becomes_a_sentence(number: int, told: str):
    assert str(failure_of_system(OSError(number, "broken", "/x/y"))).startswith(told)


def test_that_a_python_without_venv_is_told_what_to_type(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setattr(setup, "carries_pip", lambda: False)
    monkeypatch.setattr(libraries, "can_install", lambda: False)
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
    environment = Environment(tmp_path, tmp_path)
    with (
        (tmp_path / "lock").open("wb") as lock,
        pytest.raises(EnvironmentFailure, match=r"apt-get install python3\.\d+-venv"),
    ):
        setup.make_python(environment, lock)
