"""A small checkout with a stand-in program and two tiny packages, so that real set-ups take seconds and no network."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

# Prints what a program can see of how it was started; `exit N` as arguments sets its exit code.
PROGRAM = """
import json, os, sys
import greeting
seen = {"arguments": sys.argv[1:], "folder": os.getcwd(), "greeting": greeting.__file__, "python": sys.version}
seen |= {"writes_bytecode": not sys.dont_write_bytecode, "import_path": sys.path}
print(json.dumps(seen))
sys.exit(int(sys.argv[2]) if sys.argv[1:2] == ["exit"] else 0)
"""
TEST_RUNNER = "import sys; print('tests of', sys.argv[1:]); sys.exit(6)"


@dataclass(frozen=True)
class Started:
    """A `python3 -m planner` that ended."""

    code: int
    out: str
    err: str


def hear_interrupts() -> None:
    """A child hears Ctrl-C even where the tests themselves run in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True)
class SmallCheckout:
    """A copy of the set-up with a stand-in program, and the folder of its packages."""

    folder: Path
    wheels: Path
    home: Path

    @property
    def environment(self) -> Path:
        return self.folder / ".venv"

    def settings(self, **more: str) -> dict[str, str]:
        """Variables of a machine with nothing of ours: no network, an empty home, no apt-get."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "CONCORD_", "PYTHON"))
        }
        kept |= {"HOME": str(self.home), "USERPROFILE": str(self.home), "PATH": str(self.home)}
        return kept | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PIP_CONFIG_FILE": os.devnull} | more

    def begin(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start it, and go on while it runs."""
        command = [sys.executable, "-m", "planner", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.settings(**more),
            stdout=pipe,
            stderr=pipe,
            text=True,
            start_new_session=True,
            preexec_fn=hear_interrupts if os.name == "posix" else None,  # noqa: PLW1509
        )

    def start(self, *arguments: str, **more: str) -> Started:
        """Start it and wait for its end."""
        process = self.begin(*arguments, **more)
        out, err = process.communicate(timeout=300)
        assert "Traceback" not in err, err
        return Started(process.returncode, out, err)


def write_wheel(folder: Path, name: str, version: str, files: dict[str, str]) -> str:
    """Write a wheel by hand; return its line for a lock."""
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    described = {
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, *described, f"{about}/RECORD"])
    with zipfile.ZipFile(wheel, "w") as archive:
        for file, text in {**files, **described, f"{about}/RECORD": record}.items():
            archive.writestr(file, text)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@pytest.fixture(scope="session")
def make_checkout(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], SmallCheckout]:
    """Make a new small checkout."""

    def make() -> SmallCheckout:
        folder = tmp_path_factory.mktemp("a checkout")  # with a blank, as people have them
        wheels, home = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("home")
        shutil.copytree(CHECKOUT / "planner" / "environment", folder / "planner" / "environment")
        for file in ("__init__.py", "__main__.py"):
            shutil.copy(CHECKOUT / "planner" / file, folder / "planner")
        (folder / "ui").mkdir()
        (folder / "ui" / "__init__.py").touch()
        (folder / "ui" / "__main__.py").write_text(PROGRAM)
        needed = write_wheel(wheels, "greeting", "1.0", {"greeting.py": ""})
        of_tests = write_wheel(wheels, "pytest", "1.0", {"pytest.py": TEST_RUNNER})
        (folder / "requirements.lock").write_text(needed)
        (folder / "requirements-test.lock").write_text(needed + of_tests)
        return SmallCheckout(folder, wheels, home)

    return make


@pytest.fixture
def checkout(make_checkout: Callable[[], SmallCheckout]) -> SmallCheckout:
    """A small checkout that was never started."""
    return make_checkout()


@pytest.fixture(scope="session")
def started_checkout(make_checkout: Callable[[], SmallCheckout]) -> SmallCheckout:
    """A small checkout whose environment is set up; tests leave it as it is."""
    checkout = make_checkout()
    first = checkout.start("plan")
    assert first.code == 0, first.err
    assert "first start only" in first.err
    return checkout
