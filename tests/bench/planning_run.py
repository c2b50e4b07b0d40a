"""One run of the planning benchmark in a process of its own, so that its memory is its own.

`python -m tests.bench.planning_run JOB RESULT` reads a job and writes its result, both JSON files; see run_job.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from planner.plan import Plan
from planner.report.workbook import write_plan_workbook
from planner.rulebook import objectives
from planner.scenario import Scenario
from planner.store import StoredFile, read_file, save_file
from solver import run
from solver.arrays import build_arrays
from solver.backend import Ending, Method, Outcome, Task
from solver.backend import solve as optimise
from solver.generate import generate
from solver.network.plan_model import PlanModel
from solver.options import Options
from solver.search.goals import relative_gap
from solver.search.levels import LARGE_GAP, SMALL
from tests.bench.by_highspy import optimise_by_highspy
from tests.bench.straightforward import StraightModel, build_straight_model

PATIENCE = (
    10.0  # seconds that an optimiser may overrun its limit before it is left, with what it told; the planner allows 2
)


class Clock:
    """Seconds of each phase, added up, and what the phases returned last."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.returned: dict[str, Any] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    @contextmanager
    def on(self, owner: Any, name: str, phase: str) -> Iterator[None]:
        """Time every call of `owner.name` inside; AttributeError where it has gone."""
        original: Callable[..., Any] = getattr(owner, name)

        def timed(*arguments: Any, **named: Any) -> Any:
            with self.phase(phase):
                self.returned[name] = original(*arguments, **named)
            return self.returned[name]

        setattr(owner, name, timed)
        try:
            yield
        finally:
            setattr(owner, name, original)


def run_job(job: dict[str, Any]) -> dict[str, Any]:
    """Run a job: `kind` (planner, highs, scip, highspy, relaxation), `size`, `vetoes`, `four`, `limit` in seconds."""
    clock = Clock()
    with clock.phase("generate"):
        scenario = generate(
            job["size"], partner_vetoes_initiative=job["vetoes"], four_objectives=job.get("four", False)
        )
    if job["kind"] == "planner":
        return run_planner(scenario, job["limit"], clock)
    return run_straightforward(scenario, job["kind"], job["limit"])


def run_planner(scenario: Scenario, limit: float, clock: Clock) -> dict[str, Any]:
    """The planner as it is, with its phases timed: saving, reading, planning, writing the plan workbook."""
    with tempfile.TemporaryDirectory() as folder:
        with clock.phase("load"):
            save_file(Path(folder) / "scenario.concord", StoredFile(scenario=scenario))
            scenario = read_file(Path(folder) / "scenario.concord").scenario
        began = time.perf_counter()
        plan = _plan(scenario, limit, clock)
        seconds = time.perf_counter() - began
        with clock.phase("export"):
            write_plan_workbook(scenario, plan, Path(folder) / "plan.xlsx")
    model: PlanModel = clock.returned["build_model"]
    return {
        "phases": clock.seconds,
        "seconds": seconds,
        "memory": _peak_memory(),
        "variables": model.program.size,
        "rows": sum(len(block.lower) for block in model.program.blocks),
        "status": plan.status,
        "levels": [
            {
                "objective": level.objective,
                "value": level.value,
                "best": level.best,
                "bound": level.bound,
                "gap": level.gap,
            }
            for level in plan.objectives
        ],
        "lines": len(plan.allocations),
    }


def _plan(scenario: Scenario, limit: float, clock: Clock) -> Plan:
    """solver.run.solve with a stopwatch at each of its steps."""
    steps = [
        (run, "refuse_errors", "check"),
        (run, "build_arrays", "arrays"),
        (run, "build_model", "model"),
        (run.ProRata, "__init__", "pro_rata"),
        (run.ProRata, "values", "pro_rata"),
        (run.ProRata, "reaching_minimum", "pro_rata"),
        (run, "compare_pro_rata", "pro_rata"),
        (run.Search, "__init__", "model"),  # the objectives' variables and rows
        (run.Search, "run", "solve"),
        (run, "split_flows", "extract"),
        (run, "measure", "verify"),
        (run.Explainer, "__init__", "explain"),
        (run.Explainer, "activities", "explain"),
        (run.Explainer, "gaps", "explain"),
        (run.Explainer, "stranded", "explain"),
        (run.Choices, "text", "explain"),
    ]
    with ExitStack() as watched:
        for owner, name, phase in steps:
            watched.enter_context(clock.on(owner, name, phase))
        return run.solve(scenario, Options(time_limit=limit))


def run_straightforward(scenario: Scenario, kind: str, limit: float) -> dict[str, Any]:
    """The straightforward model with HiGHS or SCIP, or its relaxation (nothing whole) for the bound."""
    if [level.key for level in objectives(scenario)] != ["coverage"]:
        raise ValueError("The straightforward model knows the objective coverage alone.")
    began = time.perf_counter()
    arrays = build_arrays(scenario)
    model = build_straight_model(arrays)
    built = time.perf_counter()
    gap = 0.0 if len(arrays.required_q) <= SMALL else LARGE_GAP
    outcome, told = _optimise(model, kind, limit, gap)
    value, bound = outcome.best, outcome.bound
    if outcome.ending is Ending.NOTHING and told != (None, None):
        bound = told[1]  # the optimiser had to be left, but its messages told a bound
    if kind == "relaxation":
        value, bound = None, outcome.best if outcome.ending is Ending.OPTIMAL else bound
    return {
        "seconds": time.perf_counter() - began,
        "build": built - began,
        "memory": _peak_memory(),
        "variables": model.program.size,
        "rows": model.rows,
        "status": str(outcome.ending),
        "detail": outcome.detail,
        "told": told[0],
        "value": value,
        "bound": bound,
        "gap": None if value is None or bound is None else relative_gap(value, bound),
    }


def _optimise(
    model: StraightModel, kind: str, limit: float, gap: float
) -> tuple[Outcome, tuple[float | None, float | None]]:
    """The outcome, and the value and bound that the optimiser told last."""
    told: tuple[float | None, float | None] = None, None

    def remember(best: float | None, bound: float | None) -> None:
        nonlocal told
        told = best, bound

    program = model.program
    is_integer = program.is_integer
    if kind == "highspy":
        return optimise_by_highspy(model, limit, gap), told
    if kind == "relaxation":
        is_integer[:] = False
    method = {"highs": Method.BRANCH, "scip": Method.BRANCH_SCIP, "relaxation": Method.BARRIER}[kind]
    task = Task(
        program.matrix(), program.lower, program.upper, is_integer, model.coverage, True, method, gap, seconds=limit
    )
    return optimise(task, on_poll=remember, patience=PATIENCE), told


def _peak_memory() -> float:
    """The most memory that this process has held, in MB (Linux counts it in KB, macOS in bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    answer = run_job(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="utf-8")
    os._exit(0)  # an optimiser that was left would go on running
