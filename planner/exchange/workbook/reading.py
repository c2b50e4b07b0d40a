"""Read a scenario workbook: every cell that cannot be read is a problem at its address, and the rest is kept."""

import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from planner.cells import CellError, fallback, plain_text, read_cell
from planner.exchange.workbook.package import Package, open_package
from planner.exchange.workbook.places import Places, SheetPlaces
from planner.exchange.workbook.sheet_row import CellFault, SheetRow
from planner.problems import EnvironmentProblem, Place, Problem, Severity
from planner.progress import Tell, to_nobody
from planner.scenario import TABLES, BaselineLine, Scenario, Settings, Table
from planner.sensitivity import COLUMN as SENSITIVITY
from planner.separators import AMOUNTS, refuse_two_readings, told_apart, two_readings
from resources.columns import Column, columns_of

SETTINGS_SHEET = "Scenario"
_SETTINGS_COLUMNS = {column.name: column for column in columns_of(Settings)}
_VALUES_REMEMBERED = 1 << 16  # of one column
KNOWN_SHEETS = {SETTINGS_SHEET.lower(): SETTINGS_SHEET} | {table.sheet.lower(): table.sheet for table in TABLES}

_NO_SCENARIOS = {  # sheets that tell other workbooks of this program
    frozenset({"Start", "Pledges", "Refusals", "Codes"}): "a partner's workbook",
    frozenset({"Summary", "Decision record"}): "the workbook of a plan",
}


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a workbook says: the scenario as far as it can be read, what is wrong, and where everything stood."""

    scenario: Scenario
    problems: tuple[Problem, ...]
    places: Places

    @property
    def has_errors(self) -> bool:
        """Whether anything could not be read as it stands."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def read_workbook(
    path: str | os.PathLike[str],
    *,
    is_partial: bool = False,
    settings: Settings | None = None,
    tell: Tell = to_nobody,
) -> ReadResult:
    """The scenario in a workbook. `is_partial`: required sheets may be absent (a partner's own sheet); dates are then
    read by the `settings` of the scenario that it belongs to, where its own sheet Scenario says nothing.

    Raises EnvironmentProblem where the file is no workbook, or one with none of the sheets.
    """
    with open_package(Path(path), tell=tell) as package:
        return _Reading(package, is_partial, settings or Settings()).read()


class _Reading:
    """One reading of one workbook: collects problems and places on the way."""

    def __init__(self, package: Package, is_partial: bool, settings: Settings) -> None:
        self._package = package
        self._is_partial = is_partial
        self._problems: list[Problem] = []
        self._places: dict[str, SheetPlaces] = {}
        self._titles = self._find_sheets()
        self._settings = settings

    def read(self) -> ReadResult:
        if not self._package.has_sound_styles:
            self._warn(
                "damaged_styles",
                "The cell formats of this workbook are damaged, so dates may read as numbers; "
                "open it in a spreadsheet program and save it anew.",
                Place(""),
            )
        settings = self._read_settings()
        own = self._places[SETTINGS_SHEET].keys if SETTINGS_SHEET in self._places else ()
        self._settings = dataclasses.replace(self._settings, **{name: getattr(settings, name) for name in own})
        tables: dict[str, Any] = {table.name: self._read_table(table) for table in TABLES}
        tables["baseline"] = self._add_up(tables["baseline"], tables["pledges"])
        scenario = Scenario(settings=settings, **tables)
        return ReadResult(scenario, tuple(self._problems), Places(self._places))

    def _find_sheets(self) -> Mapping[str, str]:
        """Title in this workbook of each known sheet."""
        for sheets, what in _NO_SCENARIOS.items():
            if sheets <= set(self._package.titles):
                raise EnvironmentProblem(
                    f"{self._package.path} is not a scenario but {what}; open the scenario that it belongs to, and "
                    "import this workbook there."
                )
        found: dict[str, str] = {}
        for title in self._package.titles:
            name = KNOWN_SHEETS.get(title.strip().lower())
            if name is None:
                self._warn(
                    "unknown_sheet",
                    f"The sheet '{title}' is not part of a scenario and was left out; "
                    f"sheets are {', '.join(KNOWN_SHEETS.values())}.",
                    Place(title),
                )
            elif name in found:
                message = f"The sheets '{found[name]}' and '{title}' have one name; keep one of them."
                self._fail("duplicate_sheet", message, Place(name))
            else:
                found[name] = title
        if not found:
            raise EnvironmentProblem(
                f"{self._package.path} is not a Concord workbook: it has none of the sheets "
                f"{', '.join(KNOWN_SHEETS.values())}; start from 'concord sample -o FILE.xlsx'."
            )
        for sheet in (SETTINGS_SHEET, *(table.sheet for table in TABLES if table.is_required)):
            if sheet not in found and not self._is_partial:
                columns = ("key", "value") if sheet == SETTINGS_SHEET else _columns_of_sheet(sheet)
                self._fail(
                    "missing_sheet",
                    f"The sheet {sheet} is missing; add it with the columns {', '.join(columns)}.",
                    Place(sheet),
                )
        return found

    def _read_settings(self) -> Settings:
        header = self._start_sheet(SETTINGS_SHEET, ("key", "value"), ("key", "value"))
        if header is None:
            return Settings()
        values: dict[str, Any] = {}
        extra: dict[str, str] = {}
        places = self._places[SETTINGS_SHEET]
        for row in header.rows:
            named = {header.names.get(number): value for number, value in row.values.items()}
            raw, raw_key = named.get("value"), named.get("key")
            key = plain_text(raw_key).strip() if raw_key is not None else ""
            column = _SETTINGS_COLUMNS.get(key.lower())
            for number, value in row.values.items():
                if (title := header.unknown.get(number)) and not isinstance(value, CellFault):
                    extra[f"{key} ({title})" if key else title] = plain_text(value)
            if raw_key is None or isinstance(raw_key, CellFault):
                keys = ", ".join(_SETTINGS_COLUMNS)
                message = f"Row {row.number} has no key that can be read; write one of {keys}."
                self._fail("missing_key", message, Place(SETTINGS_SHEET))
            elif column is None:
                self._warn(
                    "unknown_key",
                    f"'{key}' is no key of a scenario and was kept as a note; keys are {', '.join(_SETTINGS_COLUMNS)}.",
                    Place(SETTINGS_SHEET, None, key),
                )
                if raw is not None and not isinstance(raw, CellFault):
                    extra[key] = plain_text(raw)
            elif column.name in places.keys:
                message = f"The key {column.name} stands in rows {places.keys[column.name]} and {row.number}; keep one."
                self._fail("duplicate_key", message, Place(SETTINGS_SHEET, None, column.name))
            else:
                places.keys[column.name] = row.number
                values[column.name] = self._value(column, raw, Place(SETTINGS_SHEET, None, column.name))
        return Settings(extra=tuple(sorted(extra.items())), **values)

    def _read_table(self, table: Table) -> tuple[Any, ...]:
        columns = {column.name: column for column in table.columns}
        needed = table.key_columns if self._is_partial else table.columns
        required = tuple(column.name for column in needed if column.is_required)
        header = self._start_sheet(table.sheet, tuple(columns), required)
        if header is None:
            return ()
        present = set(header.names.values())
        absent_values = {column.name: fallback(column) for column in table.columns if column.name not in present}
        wanted = [(number, name, self._remembering(columns[name])) for number, name in header.names.items()]
        rows: list[Any] = []
        numbers = self._places[table.sheet].rows
        for row in header.rows:
            values = dict(absent_values)
            numbers.append(row.number)
            for number, name, read in wanted:
                raw = row.values.get(number)
                try:
                    values[name] = read(raw)
                except CellError:
                    values[name] = self._value(columns[name], raw, Place(table.sheet, len(rows), name))
            rows.append(table.row_class(**values, extra=_extra(header.unknown, row.values)))
        return tuple(rows)

    def _remembering(self, column: Column) -> Callable[[Any], Any]:
        """Reads the cells of a column, each value once: of a hundred thousand cells most say what another one said."""

        @lru_cache(maxsize=_VALUES_REMEMBERED, typed=True)
        def read(raw: object) -> Any:
            if _is_figure(column):
                refuse_two_readings(raw)  # each such cell gets a warning of its own
            return _read(column, raw, self._settings)

        return read

    def _start_sheet(self, sheet: str, names: Sequence[str], required: Sequence[str]) -> "_Header | None":
        """The header of a sheet and the rows below it; None where there is no such sheet or no header in it."""
        if sheet not in self._titles:
            return None
        rows = iter(self._package.rows(self._titles[sheet]))
        first = next(rows, SheetRow(1, {}))
        places = self._places[sheet] = SheetPlaces(self._titles[sheet], header_row=first.number)
        header = _Header(rows, {}, {})
        by_name = {name.lower(): name for name in names}
        for number, value in first.values.items():
            title = plain_text(value).strip()
            name = by_name.get(title.lower())
            if name in places.columns:
                message = f"The column {name} stands in this sheet twice; keep one of them."
                self._fail("duplicate_column", message, Place(sheet, None, name or ""))
            elif name is not None:
                places.columns[name] = number
                header.names[number] = name
            else:
                header.unknown[number] = title
        if not header.names and (first.values or required):
            message = f"The first row of the sheet {sheet} names no column; write {', '.join(names)} there."
            self._fail("missing_header", message, Place(sheet))
        if not header.names:
            return None
        for title in header.unknown.values():
            self._warn_of_column(sheet, title, names)
        missing = [name for name in required if name not in places.columns]
        for name in missing:
            message = f"The column {name} of the sheet {sheet} is missing; add it."
            self._fail("missing_column", message, Place(sheet, None, name))
        header.rows = self._name_columns(sheet, rows, header, names)
        return None if sheet == SETTINGS_SHEET and missing else header

    def _name_columns(
        self, sheet: str, rows: Iterable[SheetRow], header: "_Header", names: Sequence[str]
    ) -> Iterator[SheetRow]:
        """The rows as they are; columns without a name in the first row get one as soon as a cell stands in them."""
        known = set(header.names) | set(header.unknown)
        for row in rows:
            if not row.values.keys() <= known:
                for number in sorted(row.values.keys() - known):
                    header.unknown[number] = f"column {get_column_letter(number)}"
                    self._warn_of_column(sheet, header.unknown[number], names)
                known |= row.values.keys()
            yield row

    def _warn_of_column(self, sheet: str, title: str, names: Sequence[str]) -> None:
        if title.lower() == SENSITIVITY:
            return
        message = f"The column '{title}' of the sheet {sheet} is not known and was kept as a note; columns are "
        self._warn("unknown_column", message + f"{', '.join(names)}.", Place(sheet, None, title))

    def _value(self, column: Column, raw: object, where: Place) -> Any:
        """The value of a cell; a problem and a stand-in where it cannot be read."""
        try:
            if _is_figure(column) and (readings := two_readings(raw)):
                self._warn("two_readings", f"{told_apart(str(raw), readings)}. It was read as {readings[1]}.", where)
            return _read(column, raw, self._settings)
        except CellError as error:
            code = "unreadable_cell" if isinstance(raw, CellFault) else "empty_cell" if raw is None else "wrong_value"
            self._fail(code, str(error), where)
            return fallback(column)

    def _add_up(self, lines: Sequence[BaselineLine], pledges: Iterable[Any]) -> tuple[BaselineLine, ...]:
        """Baseline lines with the same key as one line: quantities added, kept if one of them says so."""
        if any(problem.where.sheet == "Baseline" for problem in self._problems):
            return tuple(lines)  # each problem keeps the row that it stands in
        resource_of = {pledge.code: pledge.resource for pledge in pledges}
        sums: dict[tuple[Any, ...], BaselineLine] = {}
        numbers: list[int] = []
        for index, line in enumerate(lines):
            resource = line.resource or resource_of.get(line.pledge, "")
            key: tuple[Any, ...] = (line.pledge, line.initiative, line.region, resource, line.period)
            if line.quantity < 0:
                key = (*key, index)  # a line of its own, so that the checks find it where it stands
            earlier = sums.get(key)
            if earlier is None:
                sums[key] = line
                numbers.append(self._places["Baseline"].rows[index])
            else:
                sums[key] = dataclasses.replace(
                    earlier,
                    quantity=earlier.quantity + line.quantity,
                    keep=earlier.keep or line.keep,
                    extra=tuple(sorted((dict(line.extra) | dict(earlier.extra)).items())),
                )
        if lines:
            self._places["Baseline"].rows[:] = numbers
        return tuple(sums.values())

    def _fail(self, code: str, message: str, where: Place) -> None:
        self._problems.append(Problem(code, message, where))

    def _warn(self, code: str, message: str, where: Place) -> None:
        self._problems.append(Problem(code, message, where, Severity.WARNING))


@dataclass(slots=True)
class _Header:
    """The known and unknown columns of a sheet by their number, and the rows below."""

    rows: Iterable[SheetRow]
    names: dict[int, str]
    unknown: dict[int, str]


def _is_figure(column: Column) -> bool:
    """Whether a column holds amounts; the figure of a rule is kept as text."""
    return column.kind in AMOUNTS or column.name == "value"


def _read(column: Column, raw: object, settings: Settings) -> Any:
    """The value of a cell. Raises CellError where it has none that can be read."""
    if isinstance(raw, CellFault):
        raise CellError(str(raw))
    return read_cell(column, raw, settings)


def _extra(unknown: Mapping[int, str], values: Mapping[int, Any]) -> tuple[tuple[str, str], ...]:
    """The cells of unknown columns as text, by name: columns of one name are told apart by their letter."""
    if not unknown:
        return ()
    found: dict[str, str] = {}
    for number, value in values.items():
        if (title := unknown.get(number)) is not None:
            text = str(value) if isinstance(value, CellFault) else plain_text(value)
            found[title if title not in found else f"{title} ({get_column_letter(number)})"] = text
    return tuple(sorted(found.items()))


def _columns_of_sheet(sheet: str) -> tuple[str, ...]:
    return next(tuple(column.name for column in table.columns) for table in TABLES if table.sheet == sheet)
