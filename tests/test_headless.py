"""Everything but the desktop runs on a machine without Qt."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]

# Python code that makes Qt impossible to import, as on a machine without it.
WITHOUT_QT = """
import sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ImportError(f"{name} was imported, but Qt is not for this part")
sys.meta_path.insert(0, NoQt())
"""
IMPORT_ALL_OF = """
import importlib, pkgutil
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(getattr(package, "__path__", []), package.__name__ + "."):
    if module.name != "planner.__main__":
        importlib.import_module(module.name)
"""
RUN_PROGRAM = "import runpy; sys.argv[0] = 'concord'; runpy.run_module('ui', run_name='__main__')"


def run_without_qt(code: str, *arguments: str, folder: Path = CHECKOUT) -> subprocess.CompletedProcess[str]:
    """Run Python code, with arguments, where Qt cannot be imported."""
    settings = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-c", WITHOUT_QT + code, *arguments]
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("part", ["resources", "planner", "solver", "ui.command_line", "ui.worker"])
def test_that_every_module_but_the_desktop_is_imported_without_qt(part: str):
    imported = run_without_qt(IMPORT_ALL_OF, part)
    assert imported.returncode == 0, imported.stderr


def test_that_the_import_of_qt_is_really_refused():
    imported = run_without_qt(IMPORT_ALL_OF, "PySide6.QtCore")
    assert "Qt is not for this part" in imported.stderr


@pytest.mark.slow
def test_that_a_sample_is_written_and_planned_without_qt(tmp_path: Path):
    written = run_without_qt(RUN_PROGRAM, "sample", "-o", "x.concord", folder=tmp_path)
    assert written.returncode == 0, written.stderr
    planned = run_without_qt(RUN_PROGRAM, "plan", "x.concord", "--json", "plan.json", "--quiet", folder=tmp_path)
    assert planned.returncode == 0, planned.stderr
    assert (tmp_path / "plan.json").stat().st_size > 0
