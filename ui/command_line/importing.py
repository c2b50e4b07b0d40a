"""The command import: workbooks, scenario files and field data into one scenario file."""

import argparse
import dataclasses
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.cells import show_cell
from planner.exchange.addition import Counts, GivenColumns, add_scenario, changed_settings, key_of
from planner.files import FileKind, kind_of, refuse_unwritable
from planner.problems import EnvironmentProblem, Problem, Severity
from planner.scenario import TABLE_BY_SHEET, Scenario, Settings
from resources.columns import Column, columns_of
from ui.command_line.arguments import UsageError
from ui.command_line.contributions import is_contribution, take_contributions
from ui.command_line.exit_codes import ExitCode
from ui.command_line.output import complain, say
from ui.command_line.sources import Source, has_errors, is_workbook, problems_of, read_source


def run_import(call: argparse.Namespace) -> int:
    """Add every source in turn; with an error in any of them nothing is written.

    Rows of contributions are refused one by one; the others come in.
    """
    target = Path(call.into)
    if target.suffix.lower() != ".concord":
        raise UsageError(f"'{target}' has the wrong ending; --into names a scenario file (.concord).")
    paths = [Path(name) for name in call.sources]
    is_new = not target.exists()
    tables = [path for path in paths if _is_field_data(path)]
    contributions = [path for path in paths if path not in tables and is_contribution(path)]
    workbooks = [path for path in paths if path not in (*tables, *contributions)]
    if call.unspecified_as_unearmarked and not tables:
        raise UsageError("--unspecified-as-unearmarked is for FTS tables (.csv), and none of the sources is one.")
    if not call.preview:
        refuse_unwritable(target)
    base = _read_target(target, is_new)
    is_partial = not is_new or len(paths) > 1
    sources = [read_source(path, is_partial=is_partial, settings=base.scenario.settings) for path in workbooks]
    if any([_tell(source, _problems_in(source)) for source in sources]):
        return ExitCode.INPUT_HAS_ERRORS
    scenario = base.scenario
    counts: list[tuple[str, Mapping[str, Counts]]] = []
    told: list[str] = []
    if tables:
        field = _read_fts(tables, call.unspecified_as_unearmarked)
        if field is None:
            return ExitCode.INPUT_HAS_ERRORS
        addition, told = field
        _refuse_other_currency(target, scenario, addition, is_new)
        scenario, added = add_scenario(scenario, addition, with_settings=is_new)
        counts.append((", ".join(map(str, tables)), added))
    for source in sources:
        scenario, added = add_scenario(scenario, source.scenario, _given(source))
        counts.append((str(source.path), added))
    if _tell_new_problems(base, scenario, sources, target):
        complain(f"{target}: nothing was written.")
        return ExitCode.INPUT_HAS_ERRORS
    _tell_counts(counts, told)
    scenario, is_sound = take_contributions(scenario, contributions)
    _tell_settings(base, scenario)
    _finish(target, base, scenario, is_preview=call.preview)
    return ExitCode.DONE if is_sound else ExitCode.INPUT_HAS_ERRORS


def _is_field_data(path: Path) -> bool:
    return kind_of(path) is FileKind.TEXT and not is_workbook(path)


def _read_target(target: Path, is_new: bool) -> Source:
    if is_new:
        return Source(target, Scenario())
    if kind_of(target) is FileKind.WORKBOOK:
        raise EnvironmentProblem(
            f"{target} is not a Concord scenario file but a workbook; name another file with --into."
        )
    return read_source(target)


def _read_fts(tables: Sequence[Path], unspecified_as_unearmarked: bool) -> tuple[Scenario, list[str]] | None:
    """The scenario of FTS tables and the proof of its sums; None, with the reasons told, where there are errors."""
    from planner.exchange.fts import read_fts

    result = read_fts(tables, unspecified_as_unearmarked=unspecified_as_unearmarked)
    named = str(tables[0]) if len(tables) == 1 else "field data"
    for problem in result.problems:
        is_error = problem.severity is Severity.ERROR
        complain(f"{named}: {problem.message}" if is_error else f"{named}: warning: {problem.message}")
    return None if has_errors(result.problems) else (result.scenario, list(result.sums.lines()))


def _refuse_other_currency(target: Path, scenario: Scenario, addition: Scenario, is_new: bool) -> None:
    if not is_new and scenario.settings.currency != addition.settings.currency:
        raise EnvironmentProblem(
            f"{target} counts in {scenario.settings.currency}, but FTS tables count in {addition.settings.currency}; "
            "import them into a file of their own."
        )


def _given(source: Source) -> GivenColumns:
    """What a source says: the columns that its sheets have, or for scenario files everything."""
    if source.places is None:
        return lambda sheet, _: list(_columns(sheet))
    sheets = source.places.sheets

    def given(sheet: str, _: Any) -> Collection[str]:
        if sheet not in sheets:
            return ()
        return sheets[sheet].keys if sheet == "Scenario" else sheets[sheet].columns

    return given


def _columns(sheet: str) -> Mapping[str, Column]:
    described = columns_of(Settings) if sheet == "Scenario" else TABLE_BY_SHEET[sheet].columns
    return {column.name: column for column in described}


def _problems_in(source: Source) -> tuple[Problem, ...]:
    """What is wrong with a source by itself: unreadable cells, and rows of one key, of which only one could be kept."""
    return tuple(
        problem for problem in problems_of(source) if problem in source.problems or problem.code == "duplicate"
    )


def _tell(source: Source, problems: Sequence[Problem]) -> bool:
    """Print problems; whether there is an error among them."""
    for problem in problems:
        complain(source.line(problem))
    return has_errors(problems)


def _tell_new_problems(base: Source, scenario: Scenario, sources: Sequence[Source], target: Path) -> bool:
    """Print the problems that were not there before, at the row of the source that brought them."""
    before = {(problem.code, problem.message) for problem in problems_of(base)}
    whole = Source(target, scenario)
    fresh = [problem for problem in problems_of(whole) if (problem.code, problem.message) not in before]
    origins = _origins(sources) if fresh else {}
    for problem in fresh:
        table = TABLE_BY_SHEET.get(problem.where.sheet)
        origin = None
        if table is not None and problem.where.row is not None:
            origin = origins.get((table.sheet, key_of(table, scenario.rows(table)[problem.where.row])))
        if origin is None:
            complain(whole.line(problem))
        else:
            source, row = origin
            place = dataclasses.replace(problem.where, row=row)
            complain(source.line(dataclasses.replace(problem, where=place)))
    return has_errors(fresh)


def _origins(sources: Sequence[Source]) -> Mapping[tuple[str, tuple[Any, ...]], tuple[Source, int]]:
    """The last source, and the row in it, that gave each row."""
    return {
        (table.sheet, key_of(table, row)): (source, index)
        for source in sources
        for table, rows in source.scenario.tables()
        for index, row in enumerate(rows)
    }


def _finish(target: Path, base: Source, scenario: Scenario, *, is_preview: bool) -> None:
    """Save, unless it is only a preview or there is nothing new to save."""
    from planner.store import StoredFile, save_file

    if is_preview:
        say("Only a preview: nothing was written.")
    elif base.stored is not None and scenario == base.scenario:
        say(f"Nothing changes in {target}; it was not written anew.")
    else:
        stored = base.stored or StoredFile(scenario=scenario)
        save_file(target, dataclasses.replace(stored, scenario=scenario))
        say(f"Written: {target}")


def _tell_counts(counts: Sequence[tuple[str, Mapping[str, Counts]]], told: Sequence[str]) -> None:
    for name, by_sheet in counts:
        say(f"{name}:")
        for sheet, count in by_sheet.items():
            say(f"  {sheet}: {count}")
    for line in told:
        say(line)


def _tell_settings(base: Source, scenario: Scenario) -> None:
    if base.stored is not None:
        columns = _columns("Scenario")
        for name, old, new in changed_settings(base.scenario.settings, scenario.settings):
            say(f"Changed: {name} from '{show_cell(columns[name], old)}' to '{show_cell(columns[name], new)}'")
