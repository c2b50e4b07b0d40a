"""The commands check, export and sample."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from planner.files import saying_why
from planner.problems import ConcordError, EnvironmentProblem, InputProblem, Severity
from planner.scenario import Scenario
from ui.command_line.arguments import UsageError
from ui.command_line.exit_codes import ExitCode
from ui.command_line.output import say, table_lines
from ui.command_line.sources import problems_of, read_sound_source, read_source

SIZES = ("s", "m", "l", "xl")
_ENDINGS = (".concord", ".xlsx")


def run_check(path: Path) -> int:
    """List every problem on standard output, each on its own line."""
    source = read_source(path)
    problems = problems_of(source)
    for problem in problems:
        say(source.line(problem))
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    say(f"{count_words(errors, 'error')}, {count_words(len(problems) - errors, 'warning')}.")
    return ExitCode.INPUT_HAS_ERRORS if errors else ExitCode.DONE


def run_export(call: argparse.Namespace) -> int:
    """Write the scenario workbook, or the contribution workbooks, or both."""
    path = Path(call.file)
    if call.workbook is None and call.contributions is None:
        raise UsageError("Name what to write: --workbook OUT.xlsx, or --contributions FOLDER.")
    if call.partner and call.contributions is None:
        raise UsageError("--partner belongs to --contributions FOLDER.")
    output = Path(call.workbook) if call.workbook is not None else None
    if output is not None:
        _refuse_output(path, output)
    source = read_sound_source(path)
    if source is None:
        return ExitCode.INPUT_HAS_ERRORS
    if output is not None:
        write_scenario(source.scenario, output, as_workbook=True)
        say(f"Written: {output}")
    if call.contributions is not None:
        _write_contributions(source.scenario, Path(call.contributions), call.partner)
    return ExitCode.DONE


def _refuse_output(path: Path, output: Path) -> None:
    if output.suffix.lower() != ".xlsx":
        raise UsageError(f"'{output}' has the wrong ending; --workbook writes an .xlsx file.")
    if output.exists() and path.exists() and output.samefile(path):
        raise UsageError(f"{output} is the file to export; name another one.")


def _write_contributions(scenario: Scenario, folder: Path, codes: Sequence[str] | None) -> None:
    """One workbook for each partner that is named, or for all."""
    from planner.exchange.contribution import write_contributions

    partners = [row.code for row in scenario.partners]
    unknown = [code for code in codes or () if code not in partners]
    if unknown:
        raise UsageError(f"There is no partner '{unknown[0]}'; the partners are: {', '.join(partners) or 'none'}.")
    if folder.exists() and not folder.is_dir():
        raise EnvironmentProblem(f"{folder} is a file, not a folder; name another one.")
    with saying_why(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for target in write_contributions(scenario, folder, codes):
        say(f"Written: {target}")


def run_sample(call: argparse.Namespace) -> int:
    """List the samples, or write one."""
    from planner.samples import SAMPLES, build_sample

    if call.list:
        for line in table_lines((sample.name, sample.title, sample.description) for sample in SAMPLES.values()):
            say(line)
        return ExitCode.DONE
    if call.output is None:
        raise UsageError("Name the file to write with -o FILE, a .concord or .xlsx file; --list lists the samples.")
    output = Path(call.output)
    if output.suffix.lower() not in _ENDINGS:
        raise UsageError(f"'{output}' has the wrong ending; write a .concord or .xlsx file.")
    if call.size is not None:
        scenario = _synthetic(call)
    elif call.seed is not None:
        raise UsageError("--seed belongs to --size; the built-in samples are always the same.")
    else:
        name = call.name or next(iter(SAMPLES))
        if name not in SAMPLES:
            raise UsageError(f"There is no sample '{name}'; write one of {', '.join(SAMPLES)}.")
        scenario = build_sample(name)
    write_scenario(scenario, output, as_workbook=output.suffix.lower() == ".xlsx")
    say(f"Written: {output} ({scenario.settings.title})")
    return ExitCode.DONE


def write_scenario(scenario: Scenario, path: Path, *, as_workbook: bool) -> None:
    """Write a scenario on its own. Raises EnvironmentProblem or InputProblem with nothing written."""
    if not as_workbook:
        from planner.store import StoredFile, save_file

        save_file(path, StoredFile(scenario=scenario))
        return
    from planner.exchange.workbook import write_workbook
    from ui.command_line.progress import Progress

    try:
        with Progress().writing(path) as tell:
            write_workbook(scenario, path, tell)
    except InputProblem as error:
        from ui.command_line.sources import Source

        source = Source(Path(error.source), scenario)
        raise ConcordError(source.line(error.problems[0])) from error


def _synthetic(call: argparse.Namespace) -> Scenario:
    if call.name is not None:
        raise UsageError("Name a built-in sample or give --size, not both.")
    size = call.size.lower()
    if size not in SIZES:
        raise UsageError(f"There is no size '{call.size}'; write one of {', '.join(SIZES)}.")
    from solver.generate import generate

    return generate(size, 1 if call.seed is None else call.seed)


def count_words(number: int, what: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
