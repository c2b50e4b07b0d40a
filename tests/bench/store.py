"""How long files and edits take at 100,000 rows: `python -m tests.bench.store` prints the figures."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from planner.document import Document
from planner.edits import delete_rows, rename_code, set_cell, set_cells
from planner.history import scenario_at
from planner.history.delta import pack
from planner.merge import differences, merge
from planner.recovery import Recorder
from planner.scenario import Initiative, Region, Requirement, Scenario
from planner.sharing import PUBLIC, redact
from planner.store import StoredFile, read_file, save_file
from resources.offers import Pledge, Resource


def large_scenario() -> Scenario:
    """100,000 rows: 90,000 requirements and 10,000 pledges."""
    return Scenario(
        initiatives=tuple(Initiative(code=f"I{number}") for number in range(50)),
        regions=tuple(Region(code=f"R{number}") for number in range(60)),
        resources=tuple(Resource(code=f"K{number}", category="logistics") for number in range(30)),
        requirements=tuple(
            Requirement(
                initiative=f"I{number % 50}",
                region=f"R{number % 60}",
                resource=f"K{number % 30}",
                period=number % 12 + 1,
                quantity=number / 7,
            )
            for number in range(90_000)
        ),
        pledges=tuple(
            Pledge(code=f"PL{number}", partner="A", resource="K1", quantity=number, regions=("R1", "R2"))
            for number in range(10_000)
        ),
    )


def print_seconds(what: str, task: Callable[[], object]) -> None:
    """The shortest of five runs: other programs can only make a run longer."""
    durations = []
    for _ in range(5):
        start = time.perf_counter()
        task()
        durations.append(time.perf_counter() - start)
    print(f"{what:32} {min(durations) * 1000:8.1f} ms")


def measure_files(large: Scenario, folder: Path) -> None:
    """Save and open a scenario file."""
    path = folder / "large.concord"
    print_seconds("save", lambda: save_file(path, StoredFile(scenario=large)))
    print_seconds("open", lambda: read_file(path))


def measure_history(large: Scenario, folder: Path) -> None:
    """Saves that record a paste into 90,000 rows; what they changed told again; merged."""
    document = Document.new_from(large)
    document.save_as(folder / "history.concord")
    first = document.scenario

    def paste() -> None:
        number = document.position
        block = [(row / 3 + number,) for row in range(90_000)]
        document.apply("paste", lambda scenario: set_cells(scenario, "requirements", 0, ("quantity",), block))

    paste()
    pasted = document.scenario
    print_seconds("pack a paste of 90,000 rows", lambda: pack(first, pasted))
    start = time.perf_counter()
    document.save()
    print(f"{'save of that paste':32} {(time.perf_counter() - start) * 1000:8.1f} ms")
    print_seconds("the save before, told again", lambda: scenario_at(document.stored, document.stored.states[0].id))
    print_seconds("differences of that paste", lambda: differences(first, pasted))
    print_seconds("merge of that paste", lambda: merge(first, pasted, set_cell(first, "pledges", 0, "quantity", 1.0)))


def measure_sharing(large: Scenario) -> None:
    """What of many rows leaves with a copy."""
    print_seconds("redact for the public", lambda: redact(large, PUBLIC))


def measure_edits(large: Scenario) -> None:
    """One edit, a paste, a deletion and a new code among many rows."""
    print_seconds("set_cell", lambda: set_cell(large, "requirements", 45_000, "quantity", 1))
    block = [(number, "") for number in range(2000)]
    columns = ("quantity", "region")
    print_seconds("paste of 2,000 rows", lambda: set_cells(large, "requirements", 100, columns, block))
    print_seconds("delete 2,000 rows", lambda: delete_rows(large, "requirements", range(2000)))
    print_seconds("rename_code of a region", lambda: rename_code(large, "regions", "R1", "New"))


def measure_document(large: Scenario) -> None:
    """Edits in an open document, and the way back."""
    document = Document.new_from(large)

    def edit() -> None:
        number = document.position
        document.apply("edit", lambda scenario: set_cell(scenario, "requirements", 45_000, "quantity", number + 0.5))

    print_seconds("apply of one edit", edit)
    print_seconds("is_dirty", lambda: document.is_dirty)

    def there_and_back() -> None:
        document.undo()
        document.redo()

    print_seconds("undo and redo", there_and_back)


def measure_journal(large: Scenario, folder: Path) -> None:
    """The first edit makes the journal, and later ones are confirmed once they are on the disk."""
    document = Document.new_from(large)
    document.save_as(folder / "journalled.concord")
    recorder = Recorder(document, folder / "recovery", print)

    def edit(row: int = 45_000) -> None:
        number = document.position
        document.apply("edit", lambda scenario: set_cell(scenario, "requirements", row, "quantity", number + 0.5))

    def confirmed() -> None:
        edit()
        recorder.is_written()

    start = time.perf_counter()
    confirmed()
    print(f"{'first edit, journal begun':32} {(time.perf_counter() - start) * 1000:8.1f} ms")
    print_seconds("apply of one edit, journalled", edit)
    recorder.is_written()
    print_seconds("the same, confirmed", confirmed)
    recorder.close()


def main() -> None:
    """Measure everything once."""
    large = large_scenario()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CONCORD_DATA"] = str(Path(folder) / "data")
        measure_files(large, Path(folder))
        measure_journal(large, Path(folder))
        measure_history(large, Path(folder))
    measure_sharing(large)
    measure_edits(large)
    measure_document(large)


if __name__ == "__main__":
    main()
