"""The command plan, and what the program does without a display."""

import argparse
import dataclasses
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from planner.files import refuse_unwritable, replace_file
from planner.problems import EnvironmentProblem, InputProblem, Severity
from planner.progress import Tell
from planner.scenario import Scenario
from ui.command_line.arguments import UsageError
from ui.command_line.exit_codes import ExitCode
from ui.command_line.output import complain, say, write_json
from ui.command_line.progress import Progress
from ui.command_line.sources import Source, has_errors, problems_of, read_source
from ui.command_line.summary import key_figure_lines, summary_lines

if TYPE_CHECKING:
    from planner.plan import Plan
    from solver.options import Options

STANDARD_OUTPUT = "-"
_TABLES = {"3w": "who_does_what_where", "flows": "flows"}  # option -> table of planner.report.field_rows


def run_plan(call: argparse.Namespace) -> int:
    """Read, check, plan, write: everything that can be refused is refused before the search begins."""
    from solver.options import Options

    path = Path(call.file)
    outputs = _outputs(call, path)
    source = read_source(path)
    if call.save and source.stored is None:
        raise UsageError(f"--save stores the plan in a scenario file, but {path} is a workbook; import it first.")
    for output in (*outputs.values(), *((path,) if call.save else ())):
        refuse_unwritable(output)
    if _tell_problems(source, is_quiet=call.quiet):
        return ExitCode.INPUT_HAS_ERRORS
    options = Options(time_limit=call.time_limit, gap=call.gap, seed=call.seed)
    plan = make_plan(source, options, is_quiet=call.quiet, with_prices=call.prices)
    is_json_alone = call.json == STANDARD_OUTPUT
    if is_json_alone:
        _write_json_to(plan)
    written, failures, is_cancelled = _write_outputs(plan, source, outputs, call)
    if not is_json_alone:
        for line in summary_lines(source.scenario, plan):
            say(line)
        for output in written:
            say(f"Written: {output}")
    for sentence in (*failures, *_left_out(plan, path, outputs, save=call.save)):
        complain(f"concord: {sentence}")
    if is_cancelled:
        return ExitCode.CANCELLED
    return ExitCode.ENVIRONMENT_FAILED if failures else exit_code_of(plan)


def make_plan(source: Source, options: "Options", *, is_quiet: bool, with_prices: bool = False) -> "Plan":
    """Solve with progress on standard error; Ctrl-C ends the search and keeps the best plan so far."""
    from solver.run import solve
    from solver.worth.replanning import with_gains

    progress = Progress(is_quiet=is_quiet)
    with _cancelling() as cancelled:
        try:
            plan = solve(source.scenario, options=options, on_event=progress.show, cancelled=cancelled.is_set)
            if with_prices and plan.has_allocations and not cancelled.is_set():
                plan = with_gains(source.scenario, plan, options, progress.show, cancelled.is_set)
            return plan
        except InputProblem as error:
            raise InputProblem(error.problems, str(source.path)) from error
        finally:
            progress.end()


def exit_code_of(plan: "Plan") -> ExitCode:
    """What a plan's status means to the caller."""
    match plan.status:
        case "optimal" | "feasible":
            return ExitCode.DONE
        case "interrupted":
            return ExitCode.CANCELLED
        case "infeasible":
            return ExitCode.NO_PLAN_POSSIBLE
    return ExitCode.CANCELLED if plan.run.stopped == "user" else ExitCode.NO_PLAN_IN_TIME


def plan_without_display(file: Path | None) -> int:
    """Plan FILE or the built-in sample, print the key figures and write the plan workbook into the current folder."""
    from solver.options import Options

    say("There is no display, so the desktop stays closed; 'concord --help' lists the commands.")
    source = _built_in_sample() if file is None else read_source(file)
    if _tell_problems(source, is_quiet=file is None):
        return ExitCode.INPUT_HAS_ERRORS
    output = _free_name(Path.cwd(), source.path.stem)
    refuse_unwritable(output)
    plan = make_plan(source, Options(), is_quiet=False)
    for line in key_figure_lines(source.scenario, plan):
        say(line)
    if plan.has_allocations:
        with Progress().writing(output) as tell:
            _write_plan_workbook(source.scenario, plan, output, tell)
        say(f"The plan workbook is {output}")
    return exit_code_of(plan)


def _built_in_sample() -> Source:
    from planner.samples import SAMPLES, build_sample

    name = next(iter(SAMPLES))
    return Source(Path(name), build_sample(name))


def _free_name(folder: Path, stem: str) -> Path:
    """A name that no file has yet: nothing is overwritten that was not named."""
    output, number = folder / f"{stem}-plan.xlsx", 1
    while output.exists():
        number += 1
        output = folder / f"{stem}-plan-{number}.xlsx"
    return output


def _outputs(call: argparse.Namespace, source: Path) -> dict[str, Path]:
    """The files to write, by kind. Raises UsageError where two are one, or one is the scenario itself."""
    outputs = {
        name: Path(target)
        for name, target in (("json", call.json), ("excel", call.excel), ("3w", call.who), ("flows", call.flows))
        if target is not None and not (name == "json" and target == STANDARD_OUTPUT)
    }
    if "excel" in outputs and outputs["excel"].suffix.lower() != ".xlsx":
        raise UsageError(f"'{outputs['excel']}' has the wrong ending; --excel writes an .xlsx file.")
    for name in set(_TABLES) & set(outputs):
        if outputs[name].suffix.lower() not in (".csv", ".xlsx"):
            raise UsageError(f"'{outputs[name]}' has the wrong ending; --{name} writes a .csv or .xlsx file.")
    taken = {source.resolve(): "the scenario"}
    for name, output in outputs.items():
        if output.resolve() in taken:
            raise UsageError(f"--{name} names {output}, which is {taken[output.resolve()]}; name another file.")
        taken[output.resolve()] = f"the file of --{name}"
    return outputs


def _tell_problems(source: Source, *, is_quiet: bool) -> bool:
    """Print the problems on standard error; whether there is an error among them."""
    problems = problems_of(source)
    for problem in problems:
        if problem.severity is Severity.ERROR or not is_quiet:
            complain(source.line(problem))
    return has_errors(problems)


def _write_outputs(
    plan: "Plan", source: Source, outputs: dict[str, Path], call: argparse.Namespace
) -> tuple[list[Path], list[str], bool]:
    """Write what was asked for, each file for itself: what was written, the sentences of what was not, and whether
    Ctrl-C ended it: files that were not whole by then stay as they were."""
    progress = Progress(is_quiet=call.quiet)
    writers: dict[str, Callable[[Tell], None]] = {}
    if "json" in outputs:
        writers["json"] = lambda _: _write_json_file(plan, outputs["json"])
    if "excel" in outputs and _has_workbook(plan):
        writers["excel"] = partial(_write_plan_workbook, source.scenario, plan, outputs["excel"])
    for name in set(_TABLES) & set(outputs) if plan.has_allocations else ():
        writers[name] = partial(_write_table, source.scenario, plan, name, outputs[name])
    if call.save and plan.has_allocations and not _is_cancelled(plan):
        writers["save"] = lambda _: _save_plan(plan, source.path)
    targets = {name: outputs.get(name, source.path) for name in writers}
    written: list[Path] = []
    failures: list[str] = []
    for name, write in writers.items():
        try:
            with progress.writing(targets[name]) as tell:
                write(tell)
            written.append(targets[name])
        except EnvironmentProblem as error:
            failures.append(str(error))
        except KeyboardInterrupt:
            left = [target for target in targets.values() if target not in written]
            return written, [*failures, *(f"{path} was not written: cancelled." for path in left)], True
    return written, failures, False


def _has_workbook(plan: "Plan") -> bool:
    """A workbook tells of a plan, or why there can be none."""
    return plan.has_allocations or plan.status == "infeasible"


def _left_out(plan: "Plan", path: Path, outputs: dict[str, Path], *, save: bool) -> Iterator[str]:
    """A sentence for each output that was asked for and has nothing to hold."""
    why = "no plan is possible" if plan.status == "infeasible" else "no plan was found before the search ended"
    if "excel" in outputs and not _has_workbook(plan):
        yield f"{outputs['excel']} was not written, because {why}."
    for name in sorted(set(_TABLES) & set(outputs)) if not plan.has_allocations else ():
        yield f"{outputs[name]} was not written, because {why}."
    if save and not plan.has_allocations:
        yield f"No plan was stored in {path}, because {why}."
    elif save and _is_cancelled(plan):
        yield f"The plan was not stored in {path}, because the search was cancelled."


def _is_cancelled(plan: "Plan") -> bool:
    """A half-searched plan goes where it was asked for, but not among the plans that people keep."""
    return plan.run.stopped == "user"


def _write_table(scenario: Scenario, plan: "Plan", name: str, path: Path, tell: Tell) -> None:
    """The plan in a form of the field, as CSV or workbook by the file's ending."""
    from planner.report import field_rows
    from planner.report.figures import Figures
    from planner.report.table_file import Source as TableSource
    from planner.report.table_file import write_table_csv, write_table_workbook

    table = getattr(field_rows, _TABLES[name])(Figures(scenario, plan))
    if path.suffix.lower() == ".csv":
        write_table_csv(table, path, tell)
    else:
        settings = scenario.settings
        of = TableSource(settings.title, plan.name, settings.sensitivity.upper())
        write_table_workbook(table, of, path, tell)


def _write_json_file(plan: "Plan", path: Path) -> None:
    from planner.plan_json import plan_to_json

    with replace_file(path) as fresh, fresh.open("w", encoding="utf-8") as stream:
        write_json(plan_to_json(plan), stream)


def _write_json_to(plan: "Plan") -> None:
    from planner.plan_json import plan_to_json

    write_json(plan_to_json(plan), sys.stdout)


def _write_plan_workbook(scenario: Scenario, plan: "Plan", path: Path, tell: Tell) -> None:
    from planner.report.workbook import write_plan_workbook

    write_plan_workbook(scenario, plan, path, tell)


def _save_plan(plan: "Plan", path: Path) -> None:
    """Add the plan to the file as it is now: somebody may have saved it during the search."""
    from ui.command_line.passphrases import read_scenario_file
    from ui.command_line.saving import save

    stored = read_scenario_file(path)
    save(path, dataclasses.replace(stored, plans=(*stored.plans, plan)), stored, "plan", over=stored.stamp)


@contextmanager
def _cancelling() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; a second one ends the program at once."""
    cancelled = threading.Event()

    def ask(_: int, __: FrameType | None) -> None:
        if cancelled.is_set():
            raise KeyboardInterrupt
        cancelled.set()

    if threading.current_thread() is not threading.main_thread():
        yield cancelled
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield cancelled
    finally:
        signal.signal(signal.SIGINT, before)
