"""Workbooks from anywhere: read in time and memory, or refused in one clear sentence."""

import csv
import subprocess
import sys
import time
from pathlib import Path

import pytest

from planner.exchange.workbook import read_workbook
from planner.exchange.workbook.package import open_package
from planner.problems import EnvironmentProblem

MOST_SECONDS = 5.0
MOST_MEGABYTES = 500

REASONS = {
    "49609.xlsx": "damaged",
    "54764-2.xlsx": "damaged",
    "54764.xlsx": "damaged",
    "58616.xlsx": "protected by a password",
    "OOM_alloc2.xls": "old Excel",
    "issue252.xlsx": "damaged",
    "pass_protected.xlsx": "protected by a password",
    "poc-xmlbomb-empty.xlsx": "damaged",
    "poc-xmlbomb.xlsx": "damaged",
    "protected_passtika.xlsx": "protected by a password",
    "special_cells.ods": "OpenDocument",
    "strict_iso_paths.xlsx": "Strict Open XML",
    "too_small.xls": "not a Concord workbook",
}
CELLS = {"issue_174.xlsx": 22, "60384.xlsx": 10, "input-broken.xlsx": 49675, "minimal_package.xlsx": 5082}


def count_cells(path: Path) -> int:
    """How many cells with a value the workbook gives."""
    with open_package(path) as package:
        return sum(len(row.values) for title in package.titles for row in package.rows(title))


def test_that_every_hostile_workbook_gives_its_cells_or_one_sentence_in_time(shared_data: Path) -> None:
    folder = shared_data / "nasty-xlsx"
    with (folder / "EXPECT.csv").open(encoding="utf-8") as file:
        names = [row["file"] for row in csv.DictReader(file)]
    assert len(names) > 40
    for name in names:
        began = time.perf_counter()
        if name in REASONS:
            with pytest.raises(EnvironmentProblem, match=REASONS[name]) as refused:
                count_cells(folder / "files" / name)
            assert "\n" not in str(refused.value)
        else:
            cells = count_cells(folder / "files" / name)
            assert cells == CELLS.get(name, cells), name
        assert time.perf_counter() - began < MOST_SECONDS, name


def test_that_none_of_the_hostile_workbooks_is_taken_for_a_scenario(shared_data: Path) -> None:
    for path in sorted((shared_data / "nasty-xlsx" / "files").iterdir()):
        with pytest.raises(EnvironmentProblem, match="is not a Concord"):
            read_workbook(path)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs the memory figures of Linux")
@pytest.mark.parametrize("name", ["issue_174.xlsx", "57893-many-merges.xlsx", "poc-shared-strings.xlsx", "46535.xlsx"])
def test_that_the_largest_hostile_workbooks_stay_within_memory(shared_data: Path, name: str) -> None:
    path = shared_data / "nasty-xlsx" / "files" / name
    program = (
        "import re, sys; from pathlib import Path; from planner.exchange.workbook.package import open_package\n"
        "with open_package(Path(sys.argv[1])) as package:\n"
        "    for title in package.titles:\n"
        "        for row in package.rows(title): pass\n"
        # Of this program alone: `ru_maxrss` would begin with what the tests hold that start it.
        "print(re.search('VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) / 1024 < MOST_MEGABYTES
