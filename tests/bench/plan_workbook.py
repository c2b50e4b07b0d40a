"""How long the plan workbook takes with 100,000 allocation lines: `python -m tests.bench.plan_workbook`.

Beside it openpyxl alone writes the same cells, bare of any look. Each writing is a process of its own, the two in turn;
of each the shortest run counts.
"""

import argparse
import pickle
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from planner.plan import Allocation, Plan
from planner.scenario import Scenario
from resources.offers import Pledge
from tests.bench.tables import large_scenario

CHECKOUT = Path(__file__).resolve().parents[2]
RUNS = 3
MEASURED = """
import pickle, resource, sys, time
{load}
with open(sys.argv[1], "rb") as file:
    content = pickle.load(file)
began = time.process_time()
write(content, sys.argv[2])
print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
OURS = """
from planner.report.workbook import write_plan_workbook
def write(content, path):
    write_plan_workbook(*content, path)
"""
BARE = """
from openpyxl import Workbook
def write(sheets, path):
    book = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
"""


def planned(lines: int) -> tuple[Scenario, Plan]:
    """A scenario with so many requirements, and a plan with one allocation for each of them."""
    scenario = large_scenario(lines)
    pledges = tuple(Pledge(code=f"PL{at}", partner=f"P{at % 150}", resource=f"K{at}", quantity=1e9) for at in range(20))
    partner_of = {pledge.resource: pledge for pledge in pledges}
    allocations = tuple(
        Allocation(
            pledge=partner_of[row.resource].code,
            partner=partner_of[row.resource].partner,
            initiative=row.initiative,
            region=row.region,
            resource=row.resource,
            period=row.period,
            quantity=row.quantity,
            text="Nearest of the pledges that may serve this need.",
        )
        for row in scenario.requirements
    )
    return replace(scenario, pledges=pledges), Plan(
        title="Large", fingerprint="", status="optimal", allocations=allocations, name="Plan 1"
    )


def cells_of(path: Path) -> list[tuple[str, list[list[object]]]]:
    """The cells of every sheet of a workbook."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return [(title, book.get_sheet_by_name(title).to_python()) for title in book.sheet_names]


def measure(load: str, content: Path, target: Path) -> tuple[float, float]:
    """Seconds of computing, and megabytes at most, of one writing."""
    command = [sys.executable, "-c", MEASURED.format(load=load), str(content), str(target)]
    done = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def main() -> None:
    """Measure both in turn."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.plan_workbook", description="Time the plan workbook.")
    parser.add_argument("--lines", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours, bare, target = (Path(folder) / name for name in ("ours", "bare", "plan.xlsx"))
        ours.write_bytes(pickle.dumps(planned(arguments.lines)))
        measure(OURS, ours, target)
        bare.write_bytes(pickle.dumps(cells_of(target)))
        runs = [(measure(OURS, ours, target), measure(BARE, bare, target)) for _ in range(RUNS)]
    (seconds, megabytes), (bare_seconds, _) = (min(found) for found in zip(*runs, strict=True))
    print(f"plan workbook {seconds:.1f} s, {megabytes:.0f} MB; openpyxl alone {bare_seconds:.1f} s")
    print(f"ratio {seconds / bare_seconds:.2f}")


if __name__ == "__main__":
    main()
