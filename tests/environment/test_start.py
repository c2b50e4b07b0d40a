"""`python3 -m planner` runs the program as if it had been called itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from planner.environment import start
from tests.environment.conftest import CHECKOUT, SmallCheckout


def old_pythons() -> list[Path]:
    """Pythons on this machine that are too old for Concord but not ancient."""
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [python for minor in (8, 9, 10) for python in versions.glob(f"3.{minor}.*/bin/python")]
    found += [Path(f"/usr/bin/python3.{minor}") for minor in (8, 9, 10)]
    return [python for python in found if python.exists()]


def test_that_a_later_start_is_silent_and_passes_arguments_and_current_folder(started_checkout: SmallCheckout):
    started = started_checkout.start("plan", "my file.xlsx", "--json", "-")
    seen = json.loads(started.out)
    assert started.err == ""
    assert seen["arguments"] == ["plan", "my file.xlsx", "--json", "-"]
    assert Path(seen["folder"]) == started_checkout.folder
    assert Path(seen["greeting"]).is_relative_to(started_checkout.environment)


@pytest.mark.parametrize("code", [0, 1, 3, 5, 130])
def test_that_the_exit_code_of_the_program_is_passed_on(started_checkout: SmallCheckout, code: int):
    assert started_checkout.start("exit", str(code)).code == code


def test_that_the_current_folder_stays_and_is_not_on_the_import_path(started_checkout: SmallCheckout, tmp_path: Path):
    (tmp_path / "greeting.py").write_text("raise SystemExit('a file of the user was imported')")
    settings = started_checkout.settings(PYTHONPATH=str(started_checkout.folder))
    command = [sys.executable, "-m", "planner", "plan"]
    started = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, text=True, check=True)
    seen = json.loads(started.stdout)
    assert Path(seen["folder"]) == tmp_path
    assert str(started_checkout.folder) in seen["import_path"]
    assert str(tmp_path) not in seen["import_path"]


def test_that_packages_are_compiled_even_where_bytecode_is_off(started_checkout: SmallCheckout):
    started = started_checkout.start("plan", PYTHONDONTWRITEBYTECODE="1")
    assert json.loads(started.out)["writes_bytecode"]


def test_that_a_later_start_loads_nothing_that_only_a_set_up_needs(started_checkout: SmallCheckout):
    command = [sys.executable, "-X", "importtime", "-m", "planner", "plan"]
    settings, folder = started_checkout.settings(), started_checkout.folder
    started = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in started.stderr.splitlines()}
    assert "planner.environment.folder" in loaded
    assert not loaded & {"planner.environment.setup", "planner.environment.libraries", "subprocess", "ctypes"}


@pytest.mark.parametrize("python", old_pythons(), ids=str)
def test_that_an_old_python_is_told_what_to_install(python: Path):
    started = subprocess.run([python, "-m", "planner"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert started.returncode == 4
    assert started.stderr.startswith("Concord needs Python 3.11 or newer; this is 3.")
    assert "Install a newer Python" in started.stderr
    assert started.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["plan.concord"], ["Plan 2027.XLSX"]])
def test_that_a_window_is_wanted_without_a_sub_command(arguments: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DISPLAY", ":0")
    assert start.is_window_wanted(arguments)


@pytest.mark.parametrize("arguments", [["plan", "x.xlsx"], ["test"], ["--help"], ["check", "x.concord"]])
def test_that_no_window_is_wanted_with_a_sub_command(arguments: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DISPLAY", ":0")
    assert not start.is_window_wanted(arguments)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_that_no_window_is_wanted_without_a_display(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not start.is_window_wanted([])


@pytest.mark.slow
def test_that_an_installed_copy_runs_the_program_without_a_set_up(checkout: SmallCheckout, tmp_path: Path):
    installed = tmp_path / "installed"
    built = [sys.executable, "-m", "pip", "install", "--no-build-isolation", "--no-deps", "--no-index", "--target"]
    subprocess.run([*built, installed, "--quiet", CHECKOUT], cwd=tmp_path, check=True)
    assert (installed / "resources" / "codelists" / "countries.csv").exists()
    assert not (installed / "requirements.lock").exists()

    (installed / "ui" / "__main__.py").write_text("import sys; print('ran', sys.argv[1:]); sys.exit(9)")
    settings = checkout.settings(PYTHONPATH=str(installed))
    command = [sys.executable, "-m", "planner", "check", "x"]
    started = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, text=True, check=False)
    assert (started.returncode, started.stdout, started.stderr) == (9, "ran ['check', 'x']\n", "")
