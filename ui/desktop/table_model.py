"""One table of the scenario as a grid that people type into: every table, from its column descriptions alone."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QObject, Qt

from planner import edits
from planner.cells import read_cell, show_cell
from planner.problems import ConcordError, Severity
from planner.scenario import Rule, Scenario, Table
from resources.columns import Column, Kind
from ui.desktop import headings
from ui.desktop.cell_words import CellWords, share_text
from ui.desktop.creation import CREATED, create_label, with_row_named
from ui.desktop.drafts import Draft, Drafts
from ui.desktop.editable_grid import Cell, Choices, EditableGrid
from ui.desktop.figures import Signs, own_signs, typed_text
from ui.desktop.grid_model import DISPLAY, EDIT, MUTED, PROBLEM, TOOL_TIP, AnyIndex
from ui.desktop.session import Session


class ScenarioTableModel(EditableGrid):
    """Rows of one table. Edits go through the session, so undo, checks and every other view follow."""

    def __init__(self, session: Session, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.table = session, table
        self.columns: tuple[Column, ...] = table.columns
        self._rows: tuple[Any, ...] = ()
        self._headings: tuple[str, ...] = ()
        self._numeric = tuple(headings.is_numeric(column) for column in self.columns)
        self._words = CellWords(table, lambda: session.scenario)
        self._problems: dict[tuple[int, str], tuple[str, str]] = {}
        session.scenario_changed.connect(self.refresh)
        session.checked.connect(self._take_problems)
        self.refresh()
        self._take_problems()

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
        name, kind = self.columns[column].name, self.columns[column].kind
        return [figure_of(value, kind) for value in map(attrgetter(name), self._rows)]

    def read_texts(self, column: int) -> list[str]:
        """The texts of a column; equal values are put into words once."""
        described = self.columns[column]
        if self._numeric[column] or self.table.name == "rules":
            return super().read_texts(column)
        values = list(map(attrgetter(described.name), self._rows))
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

    def edit_text(self, row: int, column: int) -> str:
        """What stands in the cell while it is edited, and what a copy of it holds: codes and plain figures."""
        described = self.columns[column]
        if draft := self._draft(row, column):
            return draft.text
        value = getattr(self._rows[row], described.name)
        if described.kind is Kind.SHARE and value is not None:
            return typed_text(share_text(value))
        return typed_text(show_cell(described, value)) if self._numeric[column] else show_cell(described, value)

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
        if before is not rows and [row.id for row in before] != [row.id for row in rows]:
            order = self._order_after(before, rows)
            self.beginResetModel()
            self._rows, self._order = rows, order
            self.endResetModel()
            return
        self._rows = rows
        if self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, len(self.columns) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def _order_after(self, before: tuple[Any, ...], rows: tuple[Any, ...]) -> list[int]:
        if not self._filters and self.sorted_by is None:
            return list(range(len(rows)))
        place = {row.id: index for index, row in enumerate(rows)}
        known = {row.id for row in before}
        kept = [place[before[index].id] for index in self._order if before[index].id in place]
        if not kept:
            self._rows = rows
            order = self._in_order(self.passing())
            self._rows = before
            return order
        fresh = {index for index, row in enumerate(rows) if row.id not in known}
        order: list[int] = []
        for index in kept:
            order.append(index)
            below = index + 1
            while below in fresh:
                fresh.discard(below)
                order.append(below)
                below += 1
        return order + sorted(fresh)

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

    def setData(self, index: AnyIndex, value: Any, role: int = EDIT) -> bool:
        """Take what was typed into one cell."""
        if role != EDIT or not index.isValid():
            return False
        row, column = self._order[index.row()], index.column()
        if str(value) == self.edit_text(row, column) and self.problem_at(row, column) is None:
            return False
        return self.type_into(row, column, str(value))

    # -- edits

    def type_into(self, row: int, column: int, text: str) -> bool:
        """Take a text for a cell; what cannot be read is kept as a draft, with the reason, until it is put right."""
        described, source = self.columns[column], self._rows[row]
        key = (source.id, described.name)
        try:
            value = self.read(described, text)
            edit = self._edit(row, described, value)
            self.session.apply(f"change {self._cell_words(described, source)}", edit, lambda: {key: None})
        except ConcordError as problem:
            draft = Draft.of(text, problem, self._shown(row, described))
            self.session.apply(f"type “{text}”", unchanged, lambda: {key: draft})
            return False
        return True

    def _edit(self, row: int, described: Column, value: Any) -> Any:
        name, old = self.table.name, getattr(self._rows[row], described.name)
        if described.name == "code" and name in edits.CODE_PREFIXES and old:
            return lambda scenario: edits.rename_code(scenario, name, old, value)
        return lambda scenario: edits.set_cell(scenario, name, row, described.name, value)

    def read(self, described: Column, text: str, signs: Signs | None = None) -> Any:
        """The value of a typed text: names stand for their codes. Raises CellError."""
        if described.kind in (Kind.CODE, Kind.CODES):
            text = self._words.codes_for(described, text)
        elif headings.is_numeric(described):
            text = (signs or own_signs()).plain(text)
        return read_cell(described, text, self.session.scenario.settings)

    def write(self, cells: Mapping[Cell, str], label: str) -> int:
        """What cannot be read becomes a draft, over the column's default in new rows."""
        signs, count = self.signs_in(cells), len(self._rows)
        values: dict[int, dict[str, Any]] = {}
        drafts: dict[tuple[int, str], Draft | None] = {}
        known: dict[tuple[int, str], Any] = {}  # blocks say the same thing many times
        for (place, column), text in cells.items():
            described = self.columns[column]
            row = self._order[place] if place < len(self._order) else count + place - len(self._order)
            if (column, text) not in known:
                try:
                    known[column, text] = self.read(described, text, signs)
                except ConcordError as problem:
                    known[column, text] = problem
            value = known[column, text]
            if isinstance(value, ConcordError):
                drafts[row, described.name] = Draft.of(text, value, self._shown(row, described) if row < count else "")
                values.setdefault(row, {})
            else:
                values.setdefault(row, {})[described.name] = value
                drafts[row, described.name] = None
        self._set(label, values, drafts)
        return sum(draft is not None for draft in drafts.values())

    def _set(self, label: str, values: dict[int, dict[str, Any]], drafts: dict[tuple[int, str], Draft | None]) -> None:
        """Write cells by source row and column as one step; the drafts belong to it."""
        table = self.table

        def drafts_by_id() -> Drafts:
            rows = self.session.scenario.rows(table)
            return {(rows[row].id, name): draft for (row, name), draft in drafts.items()}

        self.session.apply(label, lambda scenario: edits.set_values(scenario, table.name, values), drafts_by_id)

    def paste_label(self, count: int) -> str:
        """`paste 240 pledges`."""
        return f"paste {headings.count_words(count, self.table.name)}"

    def creates(self, column: int) -> str:
        """What a column refers to."""
        return self.columns[column].refers_to if self.columns[column].refers_to in CREATED else ""

    def create(self, place: int, column: int, text: str) -> None:
        """The cell keeps the other codes of a list."""
        row, described = self._order[place], self.columns[column]
        *others, name = (part.strip() for part in text.split(";"))

        def edit(scenario: Scenario) -> Scenario:
            made, code = with_row_named(scenario, described.refers_to, name)
            kept = self._words.codes_for(described, ";".join(others)) if others else ""
            value = read_cell(described, ";".join([kept, code]) if kept else code)
            return edits.set_cell(made, self.table.name, row, described.name, value)

        key = (self._rows[row].id, described.name)
        self.session.apply(create_label(described.refers_to, name), edit, lambda: {key: None})

    def insert_row(self, place: int) -> int:
        """Insert an empty row below a place (-1: at the end); returns where it stands on screen."""
        before = self._order[place] + 1 if 0 <= place < len(self._order) else len(self._rows)
        table_name = self.table.name
        self.session.apply(
            f"add a {headings.ROW_WORDS[table_name]}",
            lambda scenario: edits.insert_blank_rows(scenario, table_name, before),
        )
        at = self.place_of(before)
        return at if at is not None else len(self._order) - 1

    def delete_rows(self, places: Sequence[int]) -> int:
        """Delete rows; returns how many cells elsewhere still refer to them."""
        rows = [self._order[place] for place in places]
        table_name, scenario = self.table.name, self.session.scenario
        codes = [self._rows[row].code for row in rows] if table_name in edits.CODE_PREFIXES else []
        left = len(edits.references_to(scenario, table_name, codes)) if codes else 0
        self.session.apply(
            f"delete {headings.count_words(len(rows), table_name)}",
            lambda scenario: edits.delete_rows(scenario, table_name, rows),
        )
        return left

    def duplicate_rows(self, places: Sequence[int]) -> None:
        """Copies get codes of their own."""
        rows, name = [self._order[place] for place in places], self.table.name
        label = f"duplicate {headings.count_words(len(rows), name)}"
        self.session.apply(label, lambda scenario: edits.duplicate_rows(scenario, name, rows))

    def move_rows(self, places: Sequence[int], by: int) -> None:
        """In a table that is sorted or filtered they would seem to stay where they are. Raises ConcordError there."""
        if self.sorted_by is not None or self._filters:
            raise ConcordError("Rows can be moved only while the table is neither sorted nor filtered.")
        first, last, name = min(places), max(places), self.table.name
        before = first - 1 if by < 0 else last + 2
        if 0 <= before <= len(self._rows):
            label = f"move {headings.count_words(len(places), name)}"
            self.session.apply(label, lambda scenario: edits.move_rows(scenario, name, places, before))

    def _cell_words(self, described: Column, source: Any) -> str:
        """`quantity of PL-009`: which cell an edit changed."""
        title = headings.COLUMN_TITLES.get(described.name, described.name.replace("_", " ")).lower()
        code = getattr(source, "code", "")
        return f"{title} of {code}" if code else f"{title} in {headings.TABLE_TITLES[self.table.name].lower()}"

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


def figure_of(value: Any, kind: Kind) -> float | None:
    """A cell's value as a figure, shares as percent."""
    if not isinstance(value, int | float):
        return None
    return round(value * 100, 10) if kind is Kind.SHARE else float(value)


def unchanged(scenario: Scenario) -> Scenario:
    """The edit behind what cannot be kept yet."""
    return scenario
