"""Scenarios from files of any kind, and their problems with the place where a person finds them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.files import FileKind, kind_of
from planner.merge.words import row_words
from planner.problems import EnvironmentProblem, Place, Problem, Severity
from planner.scenario import TABLE_BY_NAME, TABLE_BY_SHEET, Scenario, Settings
from ui.command_line.output import complain
from ui.command_line.progress import Progress

if TYPE_CHECKING:
    from planner.exchange.workbook import Places
    from planner.store import StoredFile

_WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True, slots=True)
class Source:
    """A scenario with the file that it came from."""

    path: Path
    scenario: Scenario
    problems: tuple[Problem, ...] = ()  # met on reading
    places: "Places | None" = None  # of a workbook
    stored: "StoredFile | None" = None  # of a scenario file

    def line(self, problem: Problem) -> str:
        """A problem as one line: file, place, sentence."""
        parts = [str(self.path), self.place(problem.where), problem.message]
        if problem.severity is Severity.WARNING:
            parts.insert(2, "warning")
        return ": ".join(part for part in parts if part)

    def place(self, where: Place) -> str:
        """Where a problem stands, as people look for it."""
        if self.places is not None:
            return self.places.address(where)
        row = _row_name(self.scenario, where)
        return ", ".join(part for part in (f"{where.sheet} {row}".strip(), where.column) if part)


def is_workbook(path: Path) -> bool:
    """Whether to read a file as a workbook: by its content, and by its ending where the content says nothing."""
    kind = kind_of(path)
    if kind in (FileKind.CONCORD, FileKind.WORKBOOK):
        return kind is FileKind.WORKBOOK
    return path.suffix.lower() in _WORKBOOK_ENDINGS


def read_source(path: Path, *, is_partial: bool = False, settings: Settings | None = None) -> Source:
    """The scenario in a scenario file or workbook; `is_partial` and `settings` as for `read_workbook`.

    Raises EnvironmentProblem where it is neither.
    """
    if is_workbook(path):
        from planner.exchange.workbook import read_workbook

        with Progress().reading(path) as tell:
            result = read_workbook(path, is_partial=is_partial, settings=settings, tell=tell)
        return Source(path, result.scenario, result.problems, places=result.places)
    kind = kind_of(path)
    if kind not in (FileKind.CONCORD, FileKind.EMPTY, FileKind.OTHER):
        raise EnvironmentProblem(
            f"{path} is not a Concord file: it is {kind.value}; name a scenario file (.concord) or workbook (.xlsx)."
        )
    from ui.command_line.passphrases import read_scenario_file

    stored = read_scenario_file(path)
    return Source(path, stored.scenario, stored=stored)


def problems_of(source: Source) -> tuple[Problem, ...]:
    """Every problem: those of reading, then those of the scenario; a cell that could not be read is told of once."""
    from planner.validate import check

    places = source.places
    if places is None:
        found = check(source.scenario)
    else:
        found = check(source.scenario, row_number=lambda sheet, index: places.sheets[sheet].rows[index])
    return (*source.problems, *without_known(found, source.problems))


def without_known(problems: Iterable[Problem], known: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems that do not follow from `known` ones: at other cells, and no references into unread sheets."""
    told = {(problem.where.sheet, problem.where.row, problem.where.column) for problem in known}
    unread = {
        problem.where.sheet for problem in known if problem.where.row is None and problem.severity is Severity.ERROR
    }
    return tuple(
        problem
        for problem in problems
        if not {
            (problem.where.sheet, problem.where.row, problem.where.column),
            (problem.where.sheet, None, problem.where.column),
            (problem.where.sheet, None, ""),
        }
        & told
        and not (problem.code == "unknown_reference" and _referred_sheet(problem.where) in unread)
    )


def _referred_sheet(where: Place) -> str:
    """The sheet whose codes stand in a column; empty for other columns."""
    for column in TABLE_BY_SHEET[where.sheet].columns:
        if column.name == where.column and column.refers_to:
            return TABLE_BY_NAME[column.refers_to].sheet
    return ""


def read_sound_source(path: Path) -> Source | None:
    """A scenario whose every cell could be read; None, with the reasons told, where some could not."""
    source = read_source(path)
    if not has_errors(source.problems):
        return source
    for problem in source.problems:
        complain(source.line(problem))
    return None


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether anything stops planning."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def _row_name(scenario: Scenario, where: Place) -> str:
    """A row as people know it: by its key, else by its number."""
    table = TABLE_BY_SHEET.get(where.sheet)
    if table is None or where.row is None or not 0 <= where.row < len(scenario.rows(table)):
        return ""
    row: Any = scenario.rows(table)[where.row]
    return row_words(table.name, row) or f"row {where.row + 1}"
