"""The benchmark of the planner: how long each phase takes, and how it compares with the straightforward model.

    python -m tests.bench.planning [--quick] [--sizes s,m,l] [--vetoes first,second] [--limit 60] [--only planner]

What the tables mean: docs/benchmark.md.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
SIZES = ("s", "m", "l", "xl")
VETOES = {"first": False, "second": True}  # generate(partner_vetoes_initiative=...)
KINDS = {
    "planner": "planner",
    "highs": "straightforward, HiGHS",
    "scip": "straightforward, SCIP",
    "highspy": "straightforward, highspy",
    "relaxation": "straightforward, relaxation",
    "four": "planner, four objectives",
}
PHASES = (
    "generate", "load", "check", "arrays", "model", "pro_rata", "solve", "extract", "verify", "explain", "export",
)  # fmt: skip
COMPARED = ("size", "vetoes", "model", "variables", "rows", "value", "bound", "gap", "of bound", "seconds", "MB")
PHASED = ("size", "vetoes", "objectives", *PHASES, "MB")
LEVELLED = ("size", "vetoes", "objective", "value", "best at its level", "bound", "gap")
MOST_TOLD = 10.0  # relative gap; a plan worth nothing has a gap beyond all measure
FORCE = 240.0  # seconds after twice the time limit when a run is ended by force


@dataclass(frozen=True, slots=True)
class Job:
    """One run: `kind` of KINDS, `size` of SIZES, `vetoes` of VETOES, time `limit` in seconds."""

    kind: str
    size: str
    vetoes: str
    limit: float


@dataclass(frozen=True, slots=True)
class Run:
    """A job and what came out; `answer` is empty where the run broke down, and `failure` says how."""

    job: Job
    answer: dict[str, Any]
    failure: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its tables."""
    asked = _parse(arguments)
    sizes = asked.sizes or (["s", "m"] if asked.quick else ["s", "m", "l"])
    limit = asked.limit or (10.0 if asked.quick else 60.0)
    kinds = asked.only or list(KINDS)
    if "highspy" in kinds and find_spec("highspy") is None:
        print("highspy is not installed (python -m pip install highspy), so its rows are left out.", file=sys.stderr)
        kinds = [kind for kind in kinds if kind != "highspy"]
    jobs = [Job(kind, size, vetoes, limit) for size, vetoes, kind in product(sizes, asked.vetoes, kinds)]
    runs = measure(jobs, lambda line: print(line, file=sys.stderr, flush=True))
    print(f"Time limit {limit:g} s. {machine()}\n")
    for table in tables(runs):
        print(table, end="\n\n")
    return 1 if any(run.failure for run in runs) else 0


def measure(jobs: Iterable[Job], tell: Callable[[str], None] = lambda line: None) -> list[Run]:
    """Every job in a process of its own, one after the other."""
    runs = []
    for job in jobs:
        runs.append(_run(job))
        seconds = runs[-1].answer.get("seconds")
        tell(
            f"{job.size} {job.vetoes} {KINDS[job.kind]}: "
            + (runs[-1].failure if seconds is None else f"{seconds:.1f} s")
        )
    return runs


def _run(job: Job) -> Run:
    is_planner = job.kind in ("planner", "four")
    asked = {
        "kind": "planner" if is_planner else job.kind,
        "size": job.size,
        "vetoes": VETOES[job.vetoes],
        "four": job.kind == "four",
        "limit": job.limit,
    }
    with tempfile.TemporaryDirectory() as folder:
        question, answer = Path(folder) / "job.json", Path(folder) / "result.json"
        question.write_text(json.dumps(asked), encoding="utf-8")
        command = [sys.executable, "-m", "tests.bench.planning_run", str(question), str(answer)]
        try:
            done = subprocess.run(
                command, cwd=CHECKOUT, capture_output=True, text=True, timeout=2 * job.limit + FORCE, check=False
            )
        except subprocess.TimeoutExpired:
            return Run(job, {}, "ended by force")
        if not answer.exists():
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            return Run(job, {}, f"broke down ({done.returncode}): {last}")
        return Run(job, json.loads(answer.read_text(encoding="utf-8")))


def tables(runs: Sequence[Run]) -> list[str]:
    """The tables as text: the models beside each other, the planner's phases, its four objectives."""
    compared = [_compared(run, runs) for run in runs if run.job.kind != "four"]
    phased = [_phased(run) for run in runs if run.job.kind in ("planner", "four")]
    levelled = [
        [run.job.size, run.job.vetoes, level["objective"], f"{level['value']:,.3f}", *_figures(level, "best")]
        for run in runs
        if run.job.kind == "four"
        for level in run.answer.get("levels", ())
    ]
    titled = (("models", COMPARED, compared), ("phases, seconds", PHASED, phased), ("levels", LEVELLED, levelled))
    return [f"{title}\n\n{_table(columns, rows)}" for title, columns, rows in titled if rows]


def _compared(run: Run, runs: Sequence[Run]) -> list[str]:
    """One model on one scenario; `of bound` is its value as a share of the lowest bound that any model proved."""
    job, answer = run.job, run.answer
    start = [job.size, job.vetoes, KINDS[job.kind]]
    if not answer:
        return [*start, "", "", run.failure, *[""] * (len(COMPARED) - 6)]
    figures = _outcome(run)
    bounds = [
        _outcome(other).get("bound")
        for other in runs
        if other.answer and other.job.kind != "four" and (other.job.size, other.job.vetoes) == (job.size, job.vetoes)
    ]
    lowest = min((bound for bound in bounds if bound is not None), default=None)
    value, bound, gap = _figures(figures)
    if job.kind != "relaxation" and not value:
        told = answer.get("told")
        value = "no plan within the limit" + ("" if told is None else f"; announced one worth {told:,.3f}")
    if job.kind == "relaxation" and not bound:
        bound = "none within the limit"
    share = "" if figures.get("value") is None or lowest is None else f"{figures['value'] / lowest:.1%}"
    size = [f"{answer['variables']:,}", f"{answer['rows']:,}"]
    return [*start, *size, value, bound, gap, share, f"{answer['seconds']:.1f}", f"{answer['memory']:.0f}"]


def _outcome(run: Run) -> dict[str, Any]:
    """Value, bound and gap of a run with one objective."""
    if run.job.kind == "planner":
        return run.answer["levels"][0] if run.answer["levels"] else {}
    return run.answer


def _figures(outcome: dict[str, Any], name_of_value: str = "value") -> list[str]:
    value, bound, gap = (outcome.get(name) for name in (name_of_value, "bound", "gap"))
    return [
        "" if value is None else f"{value:,.3f}",
        "" if bound is None else f"{bound:,.3f}",
        "" if gap is None else f"{gap:.2%}" if gap <= MOST_TOLD else f"over {MOST_TOLD:.0%}",
    ]


def _phased(run: Run) -> list[str]:
    start = [run.job.size, run.job.vetoes, "four" if run.job.kind == "four" else "coverage"]
    if not run.answer:
        return [*start, run.failure, *[""] * (len(PHASED) - 4)]
    answer = run.answer
    phases = [f"{answer['phases'][phase]:.2f}" if phase in answer["phases"] else "" for phase in PHASES]
    return [*start, *phases, f"{answer['memory']:.0f}"]


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown with its columns in line."""
    widths = [max(len(row[place]) for row in (columns, *rows)) for place in range(len(columns))]

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    return "\n".join([line(columns), line("-" * width for width in widths), *(line(row) for row in rows)])


def machine() -> str:
    """The machine and the versions that the figures belong to."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("ortools", "numpy"))
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {libraries}."


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.planning", description="Benchmark of the planner.")
    parser.add_argument("--quick", action="store_true", help="sizes s and m with a limit of 10 s, within 3 minutes")
    parser.add_argument("--sizes", type=_listed(SIZES), help=f"of {','.join(SIZES)}; usually s,m,l")
    parser.add_argument(
        "--vetoes",
        type=_listed(VETOES),
        default=list(VETOES),
        help="first: partners refuse regions; second: some refuse an initiative too; usually both",
    )
    parser.add_argument("--limit", type=float, help="seconds for each model; usually 60")
    parser.add_argument("--only", type=_listed(KINDS), help=f"of {','.join(KINDS)}; usually all")
    return parser.parse_args(arguments)


def _listed(allowed: Iterable[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        codes = text.split(",")
        unknown = [code for code in codes if code not in allowed]
        if unknown:
            raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(allowed)}")
        return codes

    return read


if __name__ == "__main__":
    sys.exit(main())
