"""How long files and edits take at 100,000 rows; run with `-m slow -s` to see the figures."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.document import Document
from planner.edits import delete_rows, rename_code, set_cell, set_cells
from planner.scenario import Initiative, Region, Requirement, Scenario
from planner.store import StoredFile, read_file, save_file
from resources.offers import Pledge, Resource

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def large() -> Scenario:
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


def seconds(what: str, task: Callable[[], object]) -> float:
    """The shortest of five runs: other programs can only make a run longer."""
    durations = []
    for _ in range(5):
        start = time.perf_counter()
        task()
        durations.append(time.perf_counter() - start)
    print(f"{what:32} {min(durations) * 1000:8.1f} ms")
    return min(durations)


def test_that_large_files_open_and_save_while_people_wait(large: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "large.concord"
    assert seconds("save", lambda: save_file(path, StoredFile(scenario=large))) < 2
    assert seconds("open", lambda: read_file(path)) < 1.5


def test_that_one_edit_among_many_rows_is_not_noticed(large: Scenario) -> None:
    assert seconds("set_cell", lambda: set_cell(large, "requirements", 45_000, "quantity", 1)) < 0.02
    block = [(number, "") for number in range(2000)]
    columns = ("quantity", "region")
    assert seconds("paste of 2,000 rows", lambda: set_cells(large, "requirements", 100, columns, block)) < 0.1
    assert seconds("delete 2,000 rows", lambda: delete_rows(large, "requirements", range(2000))) < 0.1
    assert seconds("rename_code of a region", lambda: rename_code(large, "regions", "R1", "New")) < 0.2


def test_that_a_document_of_many_rows_answers_at_once(large: Scenario) -> None:
    document = Document.new_from(large)

    def edit() -> None:
        number = document.position
        document.apply("edit", lambda scenario: set_cell(scenario, "requirements", 45_000, "quantity", number + 0.5))

    assert seconds("apply of one edit", edit) < 0.05
    assert seconds("is_dirty", lambda: document.is_dirty) < 0.05

    def there_and_back() -> None:
        document.undo()
        document.redo()

    assert seconds("undo and redo", there_and_back) < 0.1
