"""The packages Concord runs with are the ones it asks for, fixed by hash, and sound."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.environment.conftest import CHECKOUT, SmallCheckout

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
TEST_LOCK = (CHECKOUT / "requirements-test.lock").read_text(encoding="utf-8")
EVERY_DEPENDENCY = """
import ortools, numpy, sqlite_utils, openpyxl, defusedxml, platformdirs, pyrage
from ortools.linear_solver import pywraplp
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel("shown"); label.show(); assert not label.grab().isNull()
solver = pywraplp.Solver.CreateSolver("GLOP"); assert solver.Solve() == solver.OPTIMAL
print("all there")
"""
COUNT_NONE = """
import sys
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel()
before = sys.getrefcount(None)
for _ in range(2000):
    label.setText("text")
print(before - sys.getrefcount(None))
"""


def pins(lock: str) -> set[str]:
    """The lines of a lock that name a package, its version and where it applies."""
    return {line.removesuffix(" \\") for line in lock.splitlines() if "==" in line and not line.startswith(" ")}


def names(requirements: list[str]) -> set[str]:
    """The packages of requirement lines."""
    return {re.split(r"[<>=~ ;]", requirement)[0].lower() for requirement in requirements}


def test_that_every_dependency_is_locked():
    assert names(PROJECT["dependencies"]) <= names(sorted(pins(LOCK)))
    assert names(PROJECT["optional-dependencies"]["test"]) <= names(sorted(pins(TEST_LOCK)))


def test_that_tests_run_with_the_versions_that_people_get():
    assert pins(LOCK) < pins(TEST_LOCK)


def test_that_every_locked_package_has_hashes():
    for lock in (LOCK, TEST_LOCK):
        blocks = re.split(r"\n(?=\S)", lock)
        assert len(blocks) > 10
        assert all("--hash=sha256:" in block for block in blocks)


def test_that_qt_does_not_drop_references_to_none():
    """PySide6 6.12 does on Python 3.11, and aborts after some thousand calls."""
    settings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    counted = subprocess.run(
        [sys.executable, "-c", COUNT_NONE], env=settings, capture_output=True, text=True, check=True
    )
    assert int(counted.stdout) < 1000


@pytest.mark.slow
def test_that_a_copy_of_the_project_sets_up_from_a_folder_of_packages_without_a_network(tmp_path: Path):
    checkout = SmallCheckout(tmp_path / "copy", tmp_path / "packages", tmp_path / "home")
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", "--only-binary", ":all:"]
    fetch += ["--requirement", CHECKOUT / "requirements.lock", "--dest", checkout.wheels]
    if subprocess.run(fetch, capture_output=True, check=False).returncode:
        pytest.skip("no package index to fill the folder from")
    checkout.home.mkdir()
    leave = shutil.ignore_patterns(".*", "__pycache__")
    shutil.copytree(CHECKOUT, checkout.folder, ignore=leave)
    (checkout.folder / "ui" / "__main__.py").write_text(EVERY_DEPENDENCY)

    started = checkout.start("plan", QT_QPA_PLATFORM="offscreen")
    assert (started.code, started.out) == (0, "all there\n"), started.err
