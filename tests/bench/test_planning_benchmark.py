"""The benchmark of the planner runs, prints its tables, and compares like with like."""

import subprocess
import sys

import pytest

from solver.arrays import build_arrays
from solver.generate import generate
from tests.bench import planning
from tests.bench.straightforward import build_straight_model, eligible_pairs
from tests.oracle.straight_model import StraightModel

LIMIT = 120.0  # usually 2 s; a busy machine may take its time


@pytest.fixture(scope="module")
def runs() -> list[planning.Run]:
    """The planner, the straightforward model and its relaxation at the smallest size, each in its own process."""
    pytest.importorskip("resource", reason="peak memory is measured on Linux and macOS alone")
    return planning.measure([planning.Job(kind, "s", "second", LIMIT) for kind in ("planner", "scip", "relaxation")])


def test_that_the_straightforward_model_and_the_planner_prove_the_same_value(runs: list[planning.Run]) -> None:
    planner, straight, relaxation = (run.answer for run in runs)
    (level,) = planner["levels"]
    assert level["gap"] == straight["gap"] == 0
    assert level["value"] == pytest.approx(straight["value"], rel=1e-6)
    assert relaxation["bound"] >= straight["value"] * (1 - 1e-6)


def test_that_every_run_reports_its_size_time_and_memory(runs: list[planning.Run]) -> None:
    for run in runs:
        assert not run.failure
        assert run.answer["variables"] > 100
        assert run.answer["rows"] > 100
        assert run.answer["seconds"] > 0
        assert 30 < run.answer["memory"] < 4000  # MB
    assert set(runs[0].answer["phases"]) == set(planning.PHASES)


def test_that_the_tables_have_a_cell_in_every_column(runs: list[planning.Run]) -> None:
    models, phases = planning.tables(runs)
    for table, columns, rows in ((models, planning.COMPARED, 3), (phases, planning.PHASED, 1)):
        lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
        assert lines[0] == list(columns)
        assert len(lines) == rows + 2
        assert {len(line) for line in lines} == {len(columns)}
    planner, straight, relaxation = (line.split("|")[4:] for line in models.splitlines()[4:])
    assert all(cell.strip() for cell in [*planner[:-1], *straight[:-1]])
    assert not relaxation[2].strip(), "a relaxation is no plan"


def test_that_a_model_without_a_plan_says_so() -> None:
    answer = {"variables": 1, "rows": 1, "seconds": 1.0, "memory": 50.0, "value": None, "bound": 7.0, "gap": None}
    job = planning.Job("highs", "s", "first", 1.0)
    (table,) = planning.tables([planning.Run(job, answer), planning.Run(job, {}, "ended by force")])
    assert "no plan within the limit" in table
    assert "ended by force" in table


def test_that_the_pairs_are_those_that_a_plain_reading_of_the_sheets_allows() -> None:
    scenario = generate("s", seed=3, partner_vetoes_initiative=True)
    arrays = build_arrays(scenario)
    pairs = {
        (
            arrays.pledges.codes[o],
            arrays.initiatives.codes[arrays.initiative_a[arrays.activity_q[q]]],
            arrays.regions.codes[arrays.region_q[q]],
            int(arrays.period_q[q]) + 1,
        )
        for o, q in zip(*eligible_pairs(arrays), strict=True)
    }
    plain = StraightModel(scenario)
    needs = [plain.needs[index] for _, index in plain.x]
    assert pairs == {
        (pledge, need.initiative, need.region, need.period) for (pledge, _), need in zip(plain.x, needs, strict=True)
    }


def test_that_rules_which_the_straightforward_model_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="local_share"):
        build_straight_model(build_arrays(generate("s", local_share=0.2)))


def test_that_importing_the_command_loads_nothing_that_would_count_as_memory_of_a_run() -> None:
    code = "import sys, tests.bench.planning; sys.exit(bool({'numpy', 'ortools', 'openpyxl'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=planning.CHECKOUT, check=False).returncode == 0
