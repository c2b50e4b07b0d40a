"""The child process that plans: one JSON job on standard input, one JSON event per line on standard output.

Job: {"scenario": path of a scenario file, "options": {"time_limit": ..., "gap": ..., "seed": ...}}; with
"is_copy": true the file is removed once it is read, so that no copy stays behind whatever happens to who made it.
Events: phase_started, progress_made and level_finished with the fields of solver.events; then exactly one of
"plan" (its "plan" is the result JSON) and "failed" (a sentence, its kind and the problems of the input).
A line "cancel" ends the search early and keeps the best plan found. The end of standard input means that whoever asked
is gone: the process ends at once.
"""

import dataclasses
import json
import math
import os
import re
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, TextIO

from planner.problems import ConcordError, EnvironmentProblem, InputProblem, Problem


def main() -> int:
    """Do the job on standard input; 0 when a plan (or the proof that there is none) was sent."""
    out = keep_output_for_events()
    lock = threading.Lock()

    def send(event: str, **fields: Any) -> None:
        with lock:
            out.write(json.dumps({"event": event, **fields}, ensure_ascii=False) + "\n")
            out.flush()

    try:
        job = json.loads(sys.stdin.readline())
        scenario_path, options = Path(job["scenario"]), dict(job.get("options", {}))
        is_copy = bool(job.get("is_copy"))
    except (ValueError, KeyError, TypeError):
        send("failed", kind="bug", message="The planning process was asked for something it does not understand.")
        return 1

    cancelled, answered = threading.Event(), threading.Event()
    threading.Thread(target=listen, args=(cancelled, answered), daemon=True).start()
    try:
        plan = plan_scenario(scenario_path, is_copy, options, send, cancelled)
        answered.set()
        send("plan", plan=plan)
    except InputProblem as problem:
        problems = [describe_problem(each) for each in problem.problems]
        send("failed", kind="input", message=str(problem), problems=problems)
    except EnvironmentProblem as problem:
        send("failed", kind="environment", message=str(problem))
    except ConcordError as problem:
        send("failed", kind="input", message=str(problem))
    except MemoryError:
        send("failed", kind="environment", message="There is not enough memory to plan a scenario of this size.")
    except Exception:
        send(
            "failed", kind="bug", message="Planning failed for a reason inside Concord.", details=traceback.format_exc()
        )
    else:
        return 0
    return 1


def keep_output_for_events() -> TextIO:
    """The real standard output, for events alone: whatever native solvers print goes to standard error instead."""
    sys.stdout.flush()
    events = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    return events


def listen(cancelled: threading.Event, answered: threading.Event) -> None:
    """Wait for "cancel"; end the process when whoever asked is gone."""
    for line in sys.stdin:
        if line.strip() == "cancel":
            cancelled.set()
    os._exit(0 if answered.is_set() else 1)  # nobody is left to read an answer, and a solver may take long to notice


def plan_scenario(
    path: Path, is_copy: bool, options: dict[str, Any], send: Any, cancelled: threading.Event
) -> dict[str, Any]:
    """The result JSON of a plan for the scenario in that file."""
    from planner.plan_json import plan_to_json
    from planner.store import read_file
    from solver.options import Options
    from solver.run import solve

    scenario = read_file(path).scenario
    if is_copy:
        path.unlink(missing_ok=True)
    plan = solve(
        scenario,
        options=Options(**options),
        on_event=lambda event: send(event_name(event), **plain_fields(event)),
        cancelled=cancelled.is_set,
    )
    return plan_to_json(plan)


def event_name(event: Any) -> str:
    """PhaseStarted -> phase_started."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()


def plain_fields(event: Any) -> dict[str, Any]:
    """An event's fields; figures that JSON has no word for (infinite, not a number) become null."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in dataclasses.asdict(event).items()
    }


def describe_problem(problem: Problem) -> dict[str, Any]:
    """A problem as plain JSON."""
    return {"code": problem.code, "message": problem.message, "severity": str(problem.severity)} | dataclasses.asdict(
        problem.where
    )


if __name__ == "__main__":
    sys.exit(main())
