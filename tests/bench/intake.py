"""How long a requirements workbook of 100,000 rows takes to come in: `python -m tests.bench.intake [--rows 100000]`.

openpyxl in its default mode only loads the cells; here every cell is also checked and becomes part of a scenario. Each
reading is a process of its own, the two in turn; of each the shortest run counts.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from openpyxl import Workbook

CHECKOUT = Path(__file__).resolve().parents[2]
RUNS = 5
MEASURED = """
import resource, sys, time
{load}
began, computed = time.perf_counter(), time.process_time()
kept = read(sys.argv[1])
print(time.perf_counter() - began, time.process_time() - computed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
READERS = {
    "openpyxl, default mode": "from openpyxl import load_workbook as read",
    "scenario, every cell checked": "from planner.exchange.workbook import read_workbook as read",
}


def write_requirements(path: Path, rows: int) -> None:
    """A scenario workbook as another program writes it, with so many requirements."""
    regions = [f"R{number:05}" for number in range(-(-rows // 100))]
    initiatives = [f"I{number:02}" for number in range(25)]
    sheets = {
        "Scenario": [["key", "value"], ["title", "Large"], ["periods", 4]],
        "Partners": [["code", "name"], ["P", "Partner"]],
        "Regions": [["code"], *[[code] for code in regions]],
        "Initiatives": [["code"], *[[code] for code in initiatives]],
        "Resources": [["code", "category"], ["USD", "funding"]],
        "Pledges": [["code", "partner", "resource", "quantity"], ["P1", "P", "USD", 1_000_000]],
    }
    book = Workbook(write_only=True)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    sheet = book.create_sheet("Requirements")
    sheet.append(["initiative", "region", "resource", "period", "quantity", "weight", "essential"])
    for number in range(rows):
        region, rest = divmod(number, 100)
        initiative, period = divmod(rest, 4)
        line = [initiatives[initiative], regions[region], "USD", period + 1, 100 + number * 37 % 9999 / 2, 1, "yes"]
        sheet.append(line)
    book.save(path)


def measure(load: str, path: Path) -> tuple[float, float, float]:
    """Seconds on the clock, seconds of computing, and megabytes at most, of one reading."""
    program = MEASURED.format(load=load)
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    seconds, computed, kilobytes = map(float, done.stdout.split())
    return seconds, computed, kilobytes / 1024


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "requirements.xlsx"
        write_requirements(path, rows)
        runs = [{name: measure(load, path) for name, load in READERS.items()} for _ in range(RUNS)]
    best = {name: tuple(min(run[name][figure] for run in runs) for figure in range(3)) for name in READERS}
    for name, (seconds, computed, megabytes) in best.items():
        print(f"{name:30} {seconds:6.2f} s, {computed:6.2f} s of computing, {megabytes:5.0f} MB")
    default, ours = best.values()
    print(f"{rows:,} rows: {default[0] / ours[0]:.1f} times as fast ({default[1] / ours[1]:.1f} times in computing)")


if __name__ == "__main__":
    main()
