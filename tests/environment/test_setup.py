"""Setting up ends with a sound environment, or with one sentence and a next step; the next start repairs it."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from planner.environment.folder import Environment, environment_of
from tests.environment.conftest import SmallCheckout

pytestmark = pytest.mark.slow
SET_UP = "Setting up Concord"
BROUGHT_UP_TO_DATE = "Bringing Concord's packages up to date"


def wait_for(path: Path) -> None:
    """Wait until a file is there."""
    give_up = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < give_up, f"{path} never came"
        time.sleep(0.01)


def test_that_a_first_start_names_its_steps_and_seconds(checkout: SmallCheckout):
    started = checkout.start("plan")
    assert started.code == 0
    lines = started.err.splitlines()
    assert lines[0].startswith(SET_UP)
    assert [re.sub(r"\d+", "N", line) for line in lines[1:]] == ["  an environment of its own: N s", "  packages: N s"]


def test_that_tests_run_in_the_checkout_with_their_packages_added(checkout: SmallCheckout):
    checkout.start("plan")
    tested = checkout.start("test", "-q", "tests/resources")
    assert BROUGHT_UP_TO_DATE in tested.err
    assert (tested.code, tested.out) == (
        6,
        "tests of ['--numprocesses=auto', '--dist=worksteal', '-q', 'tests/resources']\n",
    )
    assert checkout.start("plan").err == ""


def test_that_a_failed_addition_leaves_the_program_working(checkout: SmallCheckout):
    checkout.start("plan")
    tested = checkout.start("test", PIP_FIND_LINKS=str(checkout.home))
    assert tested.code == 4
    assert "has no greeting" in tested.err or "has no pytest" in tested.err
    planned = checkout.start("plan")
    assert (planned.code, planned.err) == (0, "")


def test_that_a_changed_lock_is_followed_without_starting_over(checkout: SmallCheckout):
    checkout.start("plan")
    lock = checkout.folder / "requirements.lock"
    lock.write_text((checkout.folder / "requirements-test.lock").read_text())
    assert BROUGHT_UP_TO_DATE in checkout.start("plan").err


def test_that_a_lock_with_other_line_ends_is_the_same_lock(checkout: SmallCheckout):
    checkout.start("plan")
    lock = checkout.folder / "requirements.lock"
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))
    assert checkout.start("plan").err == ""


@pytest.mark.parametrize("damage", ["", "python 2.7\n", "\x00\xff"])
def test_that_a_broken_stamp_is_repaired(checkout: SmallCheckout, damage: str):
    checkout.start("plan")
    stamp = checkout.environment / "concord-stamp.txt"
    stamp.write_text(damage, encoding="latin-1")
    leftover = checkout.environment / "leftover"
    leftover.touch()
    repaired = checkout.start("plan")
    assert repaired.code == 0
    assert SET_UP in repaired.err
    assert not leftover.exists()


def test_that_a_moved_checkout_gets_its_own_environment(checkout: SmallCheckout):
    checkout.start("plan")
    moved = SmallCheckout(checkout.folder.with_name("moved"), checkout.wheels, checkout.home)
    checkout.folder.rename(moved.folder)
    started = moved.start("plan")
    assert SET_UP in started.err
    assert str(moved.folder) in started.out


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("stage", ["pyvenv.cfg", "bin/pip"])
def test_that_an_interrupted_set_up_says_so_and_the_next_start_finishes_it(checkout: SmallCheckout, stage: str):
    process = checkout.begin("plan")
    wait_for(checkout.environment / stage)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    assert err.splitlines()[-1] == "Interrupted. The next start goes on with the set-up."
    assert checkout.start("plan").code == 0


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_that_a_set_up_that_was_killed_is_repaired_after_its_last_step_ended(checkout: SmallCheckout):
    process = checkout.begin("plan")
    wait_for(checkout.environment / "pyvenv.cfg")
    process.kill()  # not the group: the step goes on alone
    process.communicate(timeout=60)
    repaired = checkout.start("plan")
    assert repaired.code == 0


def test_that_two_first_starts_at_once_set_up_once(checkout: SmallCheckout):
    both = [checkout.begin("plan"), checkout.begin("plan")]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(SET_UP in err for err in said) == 1


def test_that_a_package_with_another_hash_is_refused(checkout: SmallCheckout):
    lock = checkout.folder / "requirements.lock"
    lock.write_text(re.sub("sha256:.*", "sha256:" + "0" * 64, lock.read_text()))
    started = checkout.start("plan")
    assert started.code == 4
    assert "differs from the one Concord was tested with" in started.err


def test_that_a_missing_package_is_named(checkout: SmallCheckout):
    started = checkout.start("plan", PIP_FIND_LINKS=str(checkout.home))
    assert started.code == 4
    assert "The folder of packages (PIP_FIND_LINKS) has no greeting==1.0" in started.err


def test_that_without_a_network_the_next_step_is_said(checkout: SmallCheckout):
    nowhere = {
        "PIP_NO_INDEX": "",
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "1",
        "PIP_FIND_LINKS": "",
    }
    started = checkout.start("plan", **nowhere)
    assert started.code == 4
    assert "No package index could be reached. Connect to the internet and start Concord again, or name" in started.err


def test_that_a_folder_with_other_files_is_never_emptied(checkout: SmallCheckout, tmp_path: Path):
    diary = tmp_path / "diary.txt"
    diary.write_text("mine")
    started = checkout.start("plan", CONCORD_ENVIRONMENT=str(tmp_path))
    assert started.code == 4
    assert "holds files that are not Concord's" in started.err
    assert diary.read_text() == "mine"


def test_that_the_environment_may_live_elsewhere(checkout: SmallCheckout, tmp_path: Path):
    elsewhere = tmp_path / "new" / "environment"
    assert checkout.start("plan", CONCORD_ENVIRONMENT=str(elsewhere)).code == 0
    assert str(elsewhere) in checkout.start("plan", CONCORD_ENVIRONMENT=str(elsewhere)).out
    assert not checkout.environment.exists()


def test_that_a_place_that_cannot_be_written_is_named(checkout: SmallCheckout):
    checkout.home.joinpath("file").touch()
    started = checkout.start("plan", CONCORD_ENVIRONMENT=str(checkout.home / "file" / "environment"))
    assert started.code == 4
    assert str(checkout.home / "file") in started.err
    assert started.err.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="rights of files")
def test_that_without_the_right_to_write_the_checkout_the_users_cache_is_used(
    checkout: SmallCheckout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv("CONCORD_ENVIRONMENT", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert environment_of(checkout.folder).folder.is_relative_to(tmp_path / "concord")


def test_that_a_full_disk_is_said(checkout: SmallCheckout, tmp_path: Path):
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(tmp_path)]
    if (
        sys.platform != "linux"
        or os.geteuid() != 0
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("a small disk can be made as root on Linux only")
    try:
        started = checkout.start("plan", CONCORD_ENVIRONMENT=str(tmp_path / "environment"))
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
    assert started.code == 4
    assert started.err.splitlines()[-1] == "The disk is full. Free about 1 GB and start Concord again."


def test_that_a_python_without_ensurepip_borrows_the_pip_beside_it(checkout: SmallCheckout):
    # Debian ships ensurepip on its own; here it is hidden.
    driver = (
        "import sys; from planner.environment import setup; setup.carries_pip = lambda: False; "
        "from planner.environment.start import start; sys.exit(start(['plan']))"
    )
    command = [sys.executable, "-c", driver]
    settings = checkout.settings()
    started = subprocess.run(command, cwd=checkout.folder, env=settings, capture_output=True, text=True, check=False)
    assert started.returncode == 0, started.stderr
    packages = Environment(checkout.environment, checkout.folder)
    assert packages.is_current(with_tests=False)
    assert not list(checkout.environment.glob("lib/python*/site-packages/pip"))
