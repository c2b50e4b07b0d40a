"""The command import: workbooks, scenario files and field data into one scenario file."""

import argparse
import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from glob import glob
from pathlib import Path
from typing import Any

from planner.cells import show_cell
from planner.exchange.addition import Counts, GivenColumns, add_scenario, changed_settings, key_of
from planner.exchange.findings import Finding, Outcome, has_refused
from planner.exchange.row_changes import row_changes
from planner.files import FileKind, kind_of, refuse_unwritable
from planner.problems import ConcordError, EnvironmentProblem, Place, Problem, Severity
from planner.scenario import TABLE_BY_SHEET, Scenario, Settings, Table
from resources.columns import Column, columns_of
from ui.command_line.arguments import UsageError
from ui.command_line.exit_codes import ExitCode
from ui.command_line.field_tables import is_field_workbook, is_fts_table, is_iati_file, take_field_tables
from ui.command_line.output import complain, say
from ui.command_line.progress import Progress
from ui.command_line.returned import is_contribution, is_decision_record, take_contributions, take_decisions
from ui.command_line.sources import Source, has_errors, is_workbook, problems_of, read_source

_MOST_TOLD = 3  # problems of one kind


@dataclasses.dataclass
class _Sources:
    """The files of one call by what they are."""

    fts: list[Path] = dataclasses.field(default_factory=list)
    field: list[Path] = dataclasses.field(default_factory=list)
    contributions: list[Path] = dataclasses.field(default_factory=list)
    decisions: list[Path] = dataclasses.field(default_factory=list)
    scenarios: list[Path] = dataclasses.field(default_factory=list)

    @property
    def count(self) -> int:
        """How many files there are."""
        return sum(map(len, (self.fts, self.field, self.contributions, self.decisions, self.scenarios)))


def run_import(call: argparse.Namespace) -> int:
    """Add every source in turn; with an error in any of them nothing is written.

    Rows of contributions and of tables from the field are refused one by one; the others come in.
    """
    target = Path(call.into)
    if target.suffix.lower() != ".concord":
        raise UsageError(f"'{target}' has the wrong ending; --into names a scenario file (.concord).")
    if call.problems is not None and Path(call.problems).suffix.lower() != ".xlsx":
        raise UsageError(f"'{call.problems}' has the wrong ending; --problems writes an .xlsx file.")
    paths = _sorted(_files(call.sources))
    _refuse_needless(call, paths)
    is_new = not target.exists()
    if not call.preview:
        refuse_unwritable(target)
    base = _read_target(target, is_new)
    is_partial = not is_new or paths.count > 1
    sources = [read_source(path, is_partial=is_partial, settings=base.scenario.settings) for path in paths.scenarios]
    _refuse_copies(base, sources)
    problems = [_problems_in(source) for source in sources]
    of_workbooks = [finding for each in zip(sources, problems, strict=True) for finding in _findings(*each)]
    if any([_tell(*each) for each in zip(sources, problems, strict=True)]):
        _save_findings(call, of_workbooks)
        complain(f"{target}: nothing was written.")
        return ExitCode.INPUT_HAS_ERRORS
    scenario = base.scenario
    if paths.fts:
        field = _read_fts(paths.fts, call.unspecified_as_unearmarked)
        if field is None:
            return ExitCode.INPUT_HAS_ERRORS
        addition, proof = field
        _refuse_other_currency(target, scenario, addition, is_new)
        scenario, added = add_scenario(scenario, addition, with_settings=is_new)
        _tell_counts(", ".join(map(str, paths.fts)), added, proof)
    for source in sources:
        before, (scenario, added) = scenario, add_scenario(scenario, source.scenario, _given(source))
        _tell_counts(str(source.path), added)
        if call.preview and not is_new:
            _tell_rows(source, before, scenario)
    scenario, findings = take_field_tables(scenario, paths.field, call)
    if _tell_new_problems(base, scenario, sources, target):
        complain(f"{target}: nothing was written.")
        return ExitCode.INPUT_HAS_ERRORS
    scenario, of_partners = take_contributions(scenario, paths.contributions)
    scenario, of_board = take_decisions(scenario, paths.decisions)
    findings = (*of_workbooks, *findings, *of_partners, *of_board)
    _tell_settings(base, scenario)
    done = f"import {', '.join(path.name for path in _files(call.sources))}"
    _finish(target, base, scenario, done, is_preview=call.preview)
    _save_findings(call, findings)
    return ExitCode.INPUT_HAS_ERRORS if has_refused(findings) else ExitCode.DONE


def _files(names: Iterable[str]) -> Iterator[Path]:
    """The files that are named; some systems leave it to the program to find those of a pattern such as *.xlsx."""
    for name in names:
        found = sorted(glob(name)) if "*" in name and not Path(name).exists() else []
        yield from map(Path, found or [name])


def _sorted(paths: Iterable[Path]) -> _Sources:
    from planner.exchange.intake import refuse_problem_list

    found = _Sources()
    for path in paths:
        refuse_problem_list(path)
        if is_iati_file(path) or kind_of(path) is FileKind.XML:
            found.field.append(path)
        elif kind_of(path) is FileKind.TEXT and not is_workbook(path):
            (found.fts if is_fts_table(path) else found.field).append(path)
        elif is_contribution(path):
            found.contributions.append(path)
        elif is_decision_record(path):
            found.decisions.append(path)
        else:
            (found.field if is_field_workbook(path) else found.scenarios).append(path)
    return found


def _refuse_needless(call: argparse.Namespace, paths: _Sources) -> None:
    """Raise UsageError for options that none of the sources takes."""
    if call.unspecified_as_unearmarked and not paths.fts:
        raise UsageError("--unspecified-as-unearmarked is for FTS tables (.csv), and none of the sources is one.")
    for option, value in (("--map", call.map), ("--join", call.join), ("--apart", call.apart), ("--sheet", call.sheet)):
        if value and not paths.field:
            raise UsageError(f"{option} is for tables from the field, and none of the sources is one.")


def _read_target(target: Path, is_new: bool) -> Source:
    if is_new:
        return Source(target, Scenario())
    if kind_of(target) is FileKind.WORKBOOK:
        raise EnvironmentProblem(
            f"{target} is not a Concord scenario file but a workbook; name another file with --into."
        )
    return read_source(target)


def _refuse_copies(target: Source, sources: Iterable[Source]) -> None:
    """Raise ConcordError for a shared copy of the target: what it had left out would count as emptied."""
    from planner.sharing import origin_of

    for source in sources:
        if target.stored is not None and source.stored is not None and origin_of(source.stored, target.stored):
            raise ConcordError(
                f"{source.path} is a copy of {target.path} that was shared, without what stayed at home; bring back "
                f"what was edited in it with: concord merge {target.path} {source.path} -o OUT."
            )


def _read_fts(tables: Sequence[Path], unspecified_as_unearmarked: bool) -> tuple[Scenario, list[str]] | None:
    """The scenario of FTS tables and the proof of its sums; None, with the reasons told, where there are errors."""
    from planner.exchange.fts import read_fts

    with Progress().reading(tables[0] if len(tables) == 1 else Path("FTS tables")) as tell:
        result = read_fts(tables, unspecified_as_unearmarked=unspecified_as_unearmarked, tell=tell)
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


def _findings(source: Source, problems: Iterable[Problem]) -> Iterator[Finding]:
    """The problems of a workbook as findings; an error there keeps everything out."""
    for problem in problems if source.places is not None else ():
        outcome = Outcome.REFUSED if problem.severity is Severity.ERROR else Outcome.WARNING
        yield Finding(outcome, str(source.path), source.place(problem.where), "", problem.message)


def _save_findings(call: argparse.Namespace, findings: Sequence[Finding]) -> None:
    """Write the problems as a workbook to send back, where that was asked for."""
    if call.problems is None:
        return
    if not findings:
        say("There are no problems, so no workbook of them was written.")
        return
    from planner.exchange.marked_copy import write_findings

    write_findings(findings, call.problems)
    say(f"Written: {call.problems} ({len(findings):,} {'problem' if len(findings) == 1 else 'problems'})")


def _tell(source: Source, problems: Sequence[Problem]) -> bool:
    """Print problems; whether there is an error among them."""
    for problem in _first_of_each_kind(problems):
        complain(source.line(problem))
    return has_errors(problems)


def _tell_new_problems(base: Source, scenario: Scenario, sources: Sequence[Source], target: Path) -> bool:
    """Print the problems that were not there before, at the row of the source that brought them."""
    before = {(problem.code, problem.message) for problem in problems_of(base)}
    whole = Source(target, scenario)
    fresh = [problem for problem in problems_of(whole) if (problem.code, problem.message) not in before]
    origins = _origins(sources) if fresh else {}
    for problem in _first_of_each_kind(fresh):
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


def _first_of_each_kind(problems: Sequence[Problem]) -> Iterator[Problem]:
    """The first few problems of each kind in a sheet, the last of them with how many more there are."""
    counts = Counter(map(_kind, problems))
    told: Counter[tuple[str, str, str]] = Counter()
    for problem in problems:
        kind = _kind(problem)
        told[kind] += 1
        more = counts[kind] - _MOST_TOLD
        if more <= 0 or told[kind] < _MOST_TOLD:
            yield problem
        elif told[kind] == _MOST_TOLD:
            yield dataclasses.replace(problem, message=f"{problem.message} (There are {more:,} more of this kind.)")


def _kind(problem: Problem) -> tuple[str, str, str]:
    return problem.severity, problem.code, problem.where.sheet


def _origins(sources: Sequence[Source]) -> Mapping[tuple[str, tuple[Any, ...]], tuple[Source, int]]:
    """The last source, and the row in it, that gave each row."""
    return {
        (table.sheet, key_of(table, row)): (source, index)
        for source in sources
        for table, rows in source.scenario.tables()
        for index, row in enumerate(rows)
    }


def _finish(target: Path, base: Source, scenario: Scenario, done: str, *, is_preview: bool) -> None:
    """Save, unless it is only a preview or there is nothing new to save."""
    from planner.store import StoredFile
    from ui.command_line.saving import save

    if is_preview:
        say("Only a preview: nothing was written.")
    elif base.stored is not None and scenario == base.scenario:
        say(f"Nothing changes in {target}; it was not written anew.")
    else:
        stored = base.stored or StoredFile(scenario=scenario)
        save(target, dataclasses.replace(stored, scenario=scenario), base.stored, done, over=stored.stamp)
        say(f"Written: {target}")


def _tell_counts(name: str, counts: Mapping[str, Counts], proof: Sequence[str] = ()) -> None:
    say(f"{name}:")
    for sheet, count in counts.items():
        say(f"  {sheet}: {count}")
    for line in proof:
        say(line)


def _tell_rows(source: Source, before: Scenario, after: Scenario) -> None:
    """Print what a source changes, row by row."""
    places = _origins([source])

    def cell_of(table: Table, row: Any) -> str:
        _, index = places[table.sheet, key_of(table, row)]
        return source.places.address(Place(table.sheet, index)) if source.places is not None else table.sheet

    for change in row_changes(before, after, str(source.path), cell_of):
        say(f"  {change}")


def _tell_settings(base: Source, scenario: Scenario) -> None:
    if base.stored is not None:
        columns = _columns("Scenario")
        for name, old, new in changed_settings(base.scenario.settings, scenario.settings):
            say(f"Changed: {name} from '{show_cell(columns[name], old)}' to '{show_cell(columns[name], new)}'")
