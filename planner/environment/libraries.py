"""The system libraries that Qt needs on Linux: find the missing ones, install them or say how."""

import os
import shutil
import subprocess
import sys

from planner.environment.failure import last_error
from planner.environment.progress import say, step

# shared library -> Debian package that brings it
DRAWING = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
X11_WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def has_display() -> bool:
    """Can a window open here?"""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def missing() -> dict[str, str]:
    """The libraries Qt needs here that cannot be loaded, each with its Debian package."""
    if sys.platform != "linux":
        return {}
    wanted = DRAWING | X11_WINDOW if shows_on_x11() else DRAWING
    return {library: package for library, package in wanted.items() if not is_loadable(library)}


def shows_on_x11() -> bool:
    """Will Qt open its windows on an X11 display?"""
    asked_for = os.environ.get("QT_QPA_PLATFORM") or "xcb"
    has_x11 = bool(os.environ.get("DISPLAY")) and not os.environ.get("WAYLAND_DISPLAY")
    return has_x11 and asked_for.startswith("xcb")


def is_loadable(library: str) -> bool:
    """Does the system find this shared library?"""
    import ctypes

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def provide() -> bool:
    """See that Qt finds its libraries: install what is missing as root, else say what to type. Are all there now?"""
    absent = missing()
    if not absent:
        return True
    packages = sorted(absent.values())
    if can_install() and installed(packages):
        absent = missing()
        if not absent:
            return True
    say(f"Concord's window needs system libraries that are missing: {', '.join(sorted(absent))}.")
    if shutil.which("apt-get"):
        say(f"To install them, type: sudo apt-get install {' '.join(packages)}")
    else:
        say("Install them with your system's package manager.")
    say("Everything that needs no window works without them, for example: python3 -m planner plan FILE")
    return False


def can_install() -> bool:
    """Is this root on a system with apt-get?"""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def installed(packages: list[str]) -> bool:
    """Install Debian packages as root; did it succeed?"""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patient = ["apt-get", "-o", "DPkg::Lock::Timeout=120", "--yes", "--quiet"]
    install = [*patient, "install", "--no-install-recommends", *packages]
    try:
        with step(f"system packages {', '.join(packages)}"):
            # An update that fails is no reason to stop: the lists of an earlier one may be enough.
            subprocess.run([*patient, "update"], env=quiet, capture_output=True, check=False)
            subprocess.run(install, env=quiet, capture_output=True, check=True, text=True, errors="replace")
    except subprocess.CalledProcessError as failed:
        say(f"apt-get could not install {', '.join(packages)}: {last_error(failed.stderr)}")
        return False
    return True
