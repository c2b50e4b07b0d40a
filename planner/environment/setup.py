"""Set the environment up: its own Python, the locked packages, the checkout on the import path."""

import importlib.util
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from planner.environment import libraries
from planner.environment.failure import EnvironmentFailure, failure_of_step
from planner.environment.folder import Environment, held
from planner.environment.progress import say, show, step


def set_up(environment: Environment, with_tests: bool) -> None:
    """Bring the environment to what the checkout's locks ask for."""
    environment.claim()
    with held(environment.door) as lock:
        if environment.is_current(with_tests):
            return  # another start did it while this one waited
        if environment.is_sound():
            say("Bringing Concord's packages up to date...")
        else:
            say("Setting up Concord (first start only, about 150 MB to download)...")
            environment.clear()
            make_python(environment, lock)
        install_packages(environment, with_tests, lock)
        add_checkout(environment)
        environment.write_stamp(with_tests)


def make_python(environment: Environment, lock: IO[bytes]) -> None:
    """Make a virtual environment, with pip where this Python carries it."""
    with_pip = carries_pip() or (libraries.can_install() and libraries.installed([venv_package()]) and carries_pip())
    if not with_pip and importlib.util.find_spec("pip") is None:
        raise EnvironmentFailure(
            f"This Python cannot make an environment of its own. Type: sudo apt-get install {venv_package()} "
            "- then start Concord again."
        )
    # Two commands, for venv alone would hide why pip could not be put in.
    commands = [[sys.executable, "-I", "-m", "venv", "--without-pip", str(environment.folder)]]
    if with_pip:
        commands.append([str(environment.python), "-I", "-m", "ensurepip", "--default-pip"])
    with step("an environment of its own"):
        for command in commands:
            code, output = run(command, lock)
            if code != 0:
                raise failure_of_step(output, str(environment.folder))


def carries_pip() -> bool:
    """Can this Python put pip into a new environment? Debian ships that part on its own."""
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


def venv_package() -> str:
    """The Debian package that lets this Python make environments."""
    return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


def install_packages(environment: Environment, with_tests: bool, lock: IO[bytes]) -> None:
    """Install what the lock names, each package checked against its hash. PIP_ settings of the user hold."""
    command = [
        *pip_of(environment),
        *("install", "--require-hashes", "--only-binary", ":all:", "--requirement"),
        str(environment.requirements(with_tests)),
        # Compiling everything now would double the time; what is used is compiled when it is first imported.
        *("--no-compile", "--progress-bar", "off", "--disable-pip-version-check", "--no-input"),
    ]

    def follow(line: str) -> None:
        if line.startswith("Installing collected packages"):
            environment.stamp.unlink(missing_ok=True)  # until here nothing changed, and an old stamp still held
        package = re.match(r"Collecting ([\w.-]+)|(Installing) ", line)
        if package:
            show(f"packages: {package[1] or 'installing'}")

    with step("packages"):
        code, output = run(command, lock, follow)
        if code != 0:
            raise failure_of_step(output, str(environment.folder))


def pip_of(environment: Environment) -> list[str]:
    """The command for pip working on the environment: its own, else the one beside this Python."""
    if (packages_folder(environment) / "pip").is_dir():
        return [str(environment.python), "-I", "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(environment.python)]


def add_checkout(environment: Environment) -> None:
    """Put the checkout on the environment's import path, so that it runs from any current folder."""
    path_file = packages_folder(environment) / "concord-checkout.pth"
    path_file.write_text(f"{environment.checkout}\n", encoding="utf-8")


def packages_folder(environment: Environment) -> Path:
    """Where the environment keeps its packages."""
    base = {"base": str(environment.folder), "platbase": str(environment.folder)}
    return Path(sysconfig.get_path("purelib", "venv", base))


def run(command: Sequence[str], lock: IO[bytes], follow: Callable[[str], None] | None = None) -> tuple[int, str]:
    """Run a step to its end; its exit code and all it printed. Each line is passed to `follow` as it comes."""
    elsewhere = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")
    settings = {name: value for name, value in os.environ.items() if name not in elsewhere}
    settings |= {"PIP_USER": "0", "PYTHONUTF8": "1"}
    # The step holds the lock too: if this process is killed, the next start waits for the step before it repairs.
    handed_on = (lock.fileno(),) if os.name == "posix" else ()
    printed = []
    with subprocess.Popen(
        command,
        env=settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        pass_fds=handed_on,
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                printed.append(line)
                if follow:
                    follow(line)
        except BaseException:
            process.kill()
            raise
    return process.returncode, "".join(printed)
