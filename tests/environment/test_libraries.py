"""Missing system libraries are installed by root; anyone else is told what to type, and goes on without a window."""

import sys
from pathlib import Path

import pytest

from planner.environment import libraries

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems bring what Qt needs")


@pytest.fixture
def apt_get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in apt-get that writes down its calls; install fails while a file `refuse` stands beside it."""
    script = tmp_path / "apt-get"
    calls, refuse = tmp_path / "calls", tmp_path / "refuse"
    script.write_text(
        f'#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> {calls}\n'
        f'[ -e {refuse} ] && {{ echo "E: Unable to fetch" >&2; exit 100; }}\nexit 0\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return script


@pytest.fixture
def without_egl(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """A system that lacks libEGL; what is added to the set can be loaded."""
    there = {*libraries.DRAWING, *libraries.X11_WINDOW} - {"libEGL.so.1"}
    monkeypatch.setattr(libraries, "is_loadable", lambda library: library in there)
    return there


def test_that_nothing_is_said_where_all_libraries_are_there(monkeypatch, capsys):
    monkeypatch.setattr(libraries, "is_loadable", lambda library: True)
    assert libraries.provide()
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("apt_get", "without_egl")
def test_that_a_user_is_told_the_line_to_type(monkeypatch, capsys):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert not libraries.provide()
    said = capsys.readouterr().err
    assert "To install them, type: sudo apt-get install libegl1\n" in said
    assert "Everything that needs no window works without them" in said


def test_that_root_gets_them_installed(apt_get, without_egl, monkeypatch, capsys):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    install = libraries.installed

    def install_and_have(packages: list[str]) -> bool:
        without_egl.add("libEGL.so.1")
        return install(packages)

    monkeypatch.setattr(libraries, "installed", install_and_have)
    assert libraries.provide()
    calls = apt_get.with_name("calls").read_text().splitlines()
    assert calls[0].endswith(" update")
    assert calls[1].startswith("noninteractive ")
    assert calls[1].endswith(" install --no-install-recommends libegl1")
    assert "system packages libegl1: 0 s" in capsys.readouterr().err


@pytest.mark.usefixtures("without_egl")
def test_that_a_failed_installation_is_told_and_the_line_to_type(apt_get, monkeypatch, capsys):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    apt_get.with_name("refuse").touch()
    assert not libraries.provide()
    said = capsys.readouterr().err
    assert "apt-get could not install libegl1: E: Unable to fetch" in said
    assert "sudo apt-get install libegl1" in said


@pytest.mark.parametrize(
    ("display", "wayland", "platform", "wants_x11"),
    [("", "", "", False), (":0", "", "", True), (":0", "wayland-0", "", False), (":0", "", "offscreen", False)],
)
def test_that_libraries_of_x11_are_wanted_only_for_a_window_there(display, wayland, platform, wants_x11, monkeypatch):
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("WAYLAND_DISPLAY", wayland)
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.setattr(libraries, "is_loadable", lambda library: False)
    assert ("libxcb-cursor.so.0" in libraries.missing()) is wants_x11
