"""What the cells of one table of the scenario hold: words, figures and units, drafts, and the marks of the checks."""

from collections.abc import Sequence
from itertools import count
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QObject, Qt

from planner.cells import parse_share, show_cell
from planner.drafts import Draft
from planner.problems import Severity
from planner.scenario import Rule, Table
from planner.table_changes import TableChange
from resources.columns import Column, Kind
from ui.desktop.figures import typed_text
from ui.desktop.session import Session
from ui.desktop.tables import headings
from ui.desktop.tables.cell_painter import Look
from ui.desktop.tables.cell_words import CellWords, share_text
from ui.desktop.tables.editable_grid import Choices, EditableGrid
from ui.desktop.tables.grid_model import DISPLAY, EDIT, MUTED, PROBLEM, TOOL_TIP, AnyIndex


class TableCells(EditableGrid):
    """Rows of one table, as its column descriptions alone say. Follows the scenario; `ScenarioTableModel` edits it."""

    def __init__(self, session: Session, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.table = session, table
        self.columns: tuple[Column, ...] = table.columns
        self._rows: tuple[Any, ...] = ()
        self._headings: tuple[str, ...] = ()
        self._numeric = tuple(headings.is_numeric(column) for column in self.columns)
        self._words = CellWords(table, lambda: session.scenario)
        self._problems: dict[tuple[int, str], tuple[str, str]] = {}
        self._start()
        session.scenario_changed.connect(self.refresh)
        session.checked.connect(self._take_problems)
        self._take_problems()

    def _start(self) -> None:
        scenario = self.session.scenario
        self._headings = tuple(headings.heading(column, scenario.settings) for column in self.columns)
        self._rows = scenario.rows(self.table)
        self._order = list(range(len(self._rows)))

    # -- what the cells hold

    def source_count(self) -> int:
        """Rows of the table."""
        return len(self._rows)

    def headings(self) -> Sequence[str]:
        """Titles with units."""
        return self._headings

    def is_numeric(self, column: int) -> bool:
        """Whether a column holds figures."""
        return self._numeric[column]

    def row_at(self, place: int) -> Any:
        """The scenario's row at a place of the screen."""
        return self._rows[self._order[place]]

    def row_key(self, place: int) -> str:
        """The row's id."""
        return str(self.row_at(place).id)

    def place_of_key(self, key: str) -> int | None:
        """Where the row with an id is on screen."""
        row = next((at for at, row in enumerate(self._rows) if row.id == key), None)
        return self.place_of(row) if row is not None else None

    def locate(self, scenario_row: int, column_name: str) -> tuple[int, int] | None:
        """Rows and columns are the scenario's own."""
        names = [column.name for column in self.columns]
        return scenario_row, names.index(column_name) if column_name in names else 0

    def choices(self, column: int) -> Choices:
        """What can be chosen in a column, as (code, name); empty where anything may be typed."""
        return self._words.choices(self.columns[column])

    def takes_several(self, column: int) -> bool:
        """Whether a cell holds a list of codes."""
        return self.columns[column].kind is Kind.CODES

    def text_at(self, row: int, column: int) -> str:
        """Names instead of codes, figures with separators; a draft as it was typed."""
        if draft := self._draft(row, column):
            return draft.text
        return self._shown(row, self.columns[column])

    def _shown(self, row: int, described: Column) -> str:
        source = self._rows[row]
        if isinstance(source, Rule) and described.name == "value":
            return self._words.rule_value(source)
        return self._words.shown(described, getattr(source, described.name))

    def number_at(self, row: int, column: int) -> float | None:
        """The figure in a cell, shares as percent."""
        return figure_of(getattr(self._rows[row], self.columns[column].name), self.columns[column].kind)

    def read_figures(self, column: int) -> list[float | None]:
        """The figures of a column."""
        if not self._numeric[column]:
            return []
        described = self.columns[column]
        values = list(map(attrgetter(described.name), self._rows))
        if described.kind is not Kind.SHARE:
            return values
        percents = {value: figure_of(value, described.kind) for value in set(values)}
        return [percents[value] for value in values]

    def read_texts(self, column: int) -> list[str]:
        """The texts of a column; equal values are put into words once."""
        described = self.columns[column]
        if described.kind is Kind.SHARE:
            return [f"{text} %" if text else "" for text in super().read_texts(column)]
        if self._numeric[column] or self.table.name == "rules":
            return super().read_texts(column)
        values = list(map(attrgetter(described.name), self._rows))
        if self._words.are_as_written(described):
            return values
        words = {value: self._words.shown(described, value) for value in set(values)}
        return [words[value] for value in values]

    def unit_at(self, row: int, column: int) -> str | None:
        """The unit of a figure, so that only like is added to like; None where a sum would mean nothing."""
        name, source = self.columns[column].name, self._rows[row]
        currency = self.session.scenario.settings.currency
        if name in headings.MONEY:
            return currency
        if name in ("people", "people_in_need"):
            return "people"
        if name != "quantity" or self.table.name == "baseline":
            return None
        unit = self._words.unit(source.resource)
        return unit if unit is not None else getattr(source, "currency", "") or currency

    def units_at(self, rows: Sequence[int], column: int) -> set[str | None]:
        """The units of figures: one for all but quantities, whose units are those of their resources."""
        if self.columns[column].name != "quantity" or not rows:
            return {self.unit_at(row, column) for row in rows[:1]}
        says = [name for name in ("resource", "currency") if name in {each.name for each in self.columns}]
        alike = dict(zip(map(attrgetter(*says), map(self._rows.__getitem__, rows)), rows, strict=True))
        return {self.unit_at(row, column) for row in alike.values()}

    def edit_text(self, row: int, column: int) -> str:
        """What stands in the cell while it is edited, and what a copy of it holds: codes and plain figures."""
        draft = self._draft(row, column)
        return draft.text if draft else self.kept_text(row, column)

    def kept_text(self, row: int, column: int) -> str:
        """The same of what the scenario holds."""
        described = self.columns[column]
        value = getattr(self._rows[row], described.name)
        if described.kind is Kind.SHARE and value is not None and parse_share(share_text(value)) == value:
            return typed_text(share_text(value))  # else percents would lose the last digits
        return typed_text(show_cell(described, value)) if self._numeric[column] else show_cell(described, value)

    def copied_text(self, place: int, column: int) -> str:
        """Codes and plain figures; periods as they are shown, because their numbers mean nothing elsewhere."""
        is_period = self.columns[column].kind is Kind.PERIOD
        return self.text_at(self._order[place], column) if is_period else super().copied_text(place, column)

    def limits(self, column: int) -> tuple[float | None, float | None]:
        """Least and greatest figure, where they are allowed themselves."""
        described = self.columns[column]
        return None if described.is_minimum_excluded else described.minimum, described.maximum

    def _draft(self, row: int, column: int) -> Draft | None:
        drafts = self.session.drafts
        return drafts.get((self._rows[row].id, self.columns[column].name)) if drafts else None

    # -- following the scenario

    def refresh(self) -> None:
        """Show the scenario as it is now; rows that stay keep their place, new ones stand below their neighbour."""
        scenario = self.session.scenario
        rows = scenario.rows(self.table)
        self._words.forget()
        self.forget_columns()
        self._headings = tuple(headings.heading(column, scenario.settings) for column in self.columns)
        before, self._problems = self._rows, {} if rows is not self._rows else self._problems
        change = self.session.change_of(self.table.name, len(before))
        span = slice(change.first, change.first + change.removed)
        gone, come = before[span], rows[change.first : change.first + change.inserted]
        if len(gone) != len(come) or [row.id for row in gone] != [row.id for row in come]:
            self._rows = rows  # for filters and sorting of what comes
            order = self._order_after(change, gone, come)
            self._rows = before
            self.beginResetModel()
            self._rows, self._order = rows, order
            self.endResetModel()
            return
        self._rows = rows
        if self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, len(self.columns) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def _order_after(self, change: TableChange, gone: tuple[Any, ...], come: tuple[Any, ...]) -> list[int]:
        """Rows keep their place, new ones stand below their neighbour in the scenario, or last."""
        if (not self._filters and self.sorted_by is None) or not self._order:
            return self._in_order(self.passing())
        end, shift = change.first + change.removed, change.inserted - change.removed
        now, fresh = places_after(gone, come, change.first)
        after = [*range(change.first), *now, *range(end + shift, len(self._rows))]
        kept = [place for place in map(after.__getitem__, self._order) if place is not None]
        if not kept:
            return self._in_order(self.passing())
        return below_neighbours(kept, fresh)

    def _take_problems(self) -> None:
        marks: dict[tuple[int, str], tuple[str, str]] = {}
        for problem in self.session.problems:
            if problem.where.sheet != self.table.sheet or problem.where.row is None:
                continue
            key = (problem.where.row, problem.where.column or self.columns[0].name)
            known = marks.get(key)
            words = f"{known[1]}\n{problem.message}" if known else problem.message
            is_error = problem.severity is Severity.ERROR or (known is not None and known[0] == "error")
            marks[key] = ("error" if is_error else "warning", words)
        if marks != self._problems:
            self._problems = marks
            if self._order:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, len(self.columns) - 1))

    def problem_at(self, row: int, column: int) -> tuple[str, str] | None:
        """The mark on a cell and its sentence; `row` counts source rows."""
        if draft := self._draft(row, column):
            return "error", draft.message
        return self._problems.get((row, self.columns[column].name)) if self._problems else None

    def look(self, place: int, column: int) -> Look:
        """All that painting a cell asks for."""
        row, described = self._order[place], self.columns[column]
        draft = self._draft(row, column)
        if draft is not None:
            return Look(draft.text, self._numeric[column], "error")
        mark = self._problems.get((row, described.name)) if self._problems else None
        is_muted = self._is_muted(row, column)
        return Look(self._shown(row, described), self._numeric[column], mark[0] if mark else None, None, is_muted)

    # -- Qt's questions

    def data(self, index: AnyIndex, role: int = DISPLAY) -> Any:
        """What a cell shows and how."""
        if not index.isValid():
            return None
        row, column = self._order[index.row()], index.column()
        if role == EDIT:
            return self.edit_text(row, column)
        if role == MUTED:
            return self._is_muted(row, column)
        if role in (PROBLEM, TOOL_TIP):
            mark = self.problem_at(row, column)
            if role == PROBLEM:
                return mark[0] if mark else None
            return mark[1] if mark else self._long_text(row, column)
        return super().data(index, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Titles; the description of a column is its tool tip."""
        if role == TOOL_TIP and orientation == Qt.Orientation.Horizontal:
            return self.columns[section].help
        return super().headerData(section, orientation, role)

    def _is_muted(self, row: int, column: int) -> bool:
        source, described = self._rows[row], self.columns[column]
        if self.table.name == "rules" and not source.on:
            return True
        is_plain = described.kind in (Kind.NUMBER, Kind.WHOLE, Kind.SHARE, Kind.YES_NO)
        return is_plain and not described.is_required and getattr(source, described.name) == described.default

    def _long_text(self, row: int, column: int) -> str | None:
        """Codes behind names, and texts too long for their cell."""
        described = self.columns[column]
        value = getattr(self._rows[row], described.name)
        if described.kind is Kind.CODES and value:
            return "\n".join(f"{self._words.name(described, code)} ({code})" for code in value)
        if described.kind is Kind.TEXT and len(str(value)) > 24:
            return str(value)
        if described.kind is Kind.CODE and value and self._words.name(described, value) != value:
            return f"{self._words.name(described, value)} ({value})"
        return None


def places_after(gone: Sequence[Any], come: Sequence[Any], first: int) -> tuple[list[int | None], list[int]]:
    """Where the rows that stood from `first` on stand now, None for nowhere; and where there are new ones, in order.

    Most are the same objects; those that were edited have the same ids.
    """
    places = dict(zip(map(id, come), count(first), strict=False))
    now = list(map(places.get, map(id, gone)))
    if len(now) - now.count(None) == len(come):
        return now, []
    fresh = set(places.values()).difference(now)
    edited = {come[place - first].id: place for place in fresh}
    for at in [at for at, place in enumerate(now) if place is None]:
        now[at] = edited.pop(gone[at].id, None)
    return now, sorted(edited.values())


def below_neighbours(kept: list[int], fresh: Sequence[int]) -> list[int]:
    """Rows as they stand on screen, with new ones below the row that they follow in the scenario, or last."""
    runs: dict[int, list[int]] = {}  # by the row before them
    last, run = -1, list[int]()
    for row in fresh:
        if row != last + 1 or not run:
            run = runs.setdefault(row - 1, [])
        run.append(row)
        last = row
    order, begin = list[int](), 0
    for at in [at for at, row in enumerate(kept) if row in runs]:
        order += [*kept[begin : at + 1], *runs.pop(kept[at])]
        begin = at + 1
    return order + kept[begin:] + [row for run in runs.values() for row in run]


def figure_of(value: Any, kind: Kind) -> float | None:
    """A cell's value as a figure, shares as percent."""
    if not isinstance(value, int | float):
        return None
    return round(value * 100, 10) if kind is Kind.SHARE else float(value)
