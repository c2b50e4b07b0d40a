"""What the grid of requirements shows: one line per need, one column per period, and what the plan in view covers."""

from collections.abc import Sequence
from operator import attrgetter, itemgetter
from typing import Any

from PySide6.QtCore import QObject

from planner.cells import period_label, show_cell
from planner.drafts import Draft, DraftKey
from planner.problems import Problem, Severity
from planner.scenario import TABLE_BY_NAME, Requirement, Settings
from planner.table_changes import TableChange
from resources.columns import columns_of
from ui.desktop.figures import number_text, typed_text
from ui.desktop.session import Session
from ui.desktop.tables.cell_painter import Look
from ui.desktop.tables.editable_grid import Choices, EditableGrid
from ui.desktop.tables.grid_model import BAR, DISPLAY, EDIT, MUTED, PROBLEM, TOOL_TIP, AnyIndex
from ui.desktop.tables.requirement_lines import KEYS, Key, Lines, first_of

UNIT = 3  # column of the unit
FIRST_PERIOD = 4  # column of period 1
AFTER_COVERED = 1  # which of the columns after the periods holds the percent covered
AFTER = ("Total", "Covered, %", "Missing")
QUANTITY = next(column for column in columns_of(Requirement) if column.name == "quantity")


class RequirementCells(EditableGrid):
    """Lines as they stand in the scenario. Follows it; `RequirementGrid` edits it."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.table = session, TABLE_BY_NAME["requirements"]
        self._requirements: tuple[Requirement, ...] = ()
        self._lines = Lines()
        self._keys: list[Key] = []  # of the lines that `_order` counts
        self._settings: Settings | None = None
        self._names: dict[str, dict[str, str]] = {}
        self._units: dict[str, str] = {}
        self._codes: dict[int, dict[str, str]] = {}  # by column and name, found when somebody types one
        self._allocated: dict[Key, float] = {}
        self._problems: dict[str, list[Problem]] = {}  # by the id of the requirement
        self._marks: dict[Key, dict[int, tuple[str, str]]] = {}  # by line and column, of those that were looked at
        self._headings: tuple[str, ...] = ()
        self._period_count = 1
        session.scenario_changed.connect(self.refresh)
        session.plans_changed.connect(self._take_plan)
        session.checked.connect(self._take_problems)
        self.refresh()
        self._take_plan()
        self._take_problems()

    # -- what the cells hold

    def source_count(self) -> int:
        """Lines."""
        return len(self._lines)

    def headings(self) -> Sequence[str]:
        """Codes, unit, periods, sums."""
        return self._headings

    def is_numeric(self, column: int) -> bool:
        """Everything right of the unit."""
        return column > UNIT

    def can_edit(self, column: int) -> bool:
        """Codes and periods."""
        return column < UNIT or self._period_at(column) is not None

    def text_at(self, row: int, column: int) -> str:
        """Names, figures; what was typed as it was typed."""
        draft = self._draft(row, column)
        return draft.text if draft else self._shown(row, column)

    def _shown(self, row: int, column: int) -> str:
        return self._words(row, column, self.number_at(row, column))

    def _words(self, row: int, column: int, value: float | None) -> str:
        line = self._lines[row]
        if column < UNIT:
            return self._names[KEYS[column] + "s"].get(line.key[column], line.key[column])
        if column == UNIT:
            return self._units.get(line.key[2], "")
        if value is None:
            return "" if self._period_at(column) else "–"
        return number_text(value, 0 if column - self._after == AFTER_COVERED else None)

    def number_at(self, row: int, column: int) -> float | None:
        """Quantities, totals, percent."""
        line = self._lines[row]
        period = self._period_at(column)
        if period is not None:
            needed = line.rows.get(period)
            return needed.quantity if needed is not None else None
        if column < FIRST_PERIOD:
            return None
        return self._sum_at(column - self._after, line.key, line.total)

    def _sum_at(self, which: int, key: Key, total: float) -> float | None:
        """What stands in one of the columns after the periods."""
        if which == 0:
            return total
        if total <= 0 or not self._allocated:
            return None
        allocated = self._allocated.get(key, 0.0)
        return 100 * allocated / total if which == AFTER_COVERED else max(0.0, total - allocated)

    def read_figures(self, column: int) -> list[float | None]:
        """The figures of a column."""
        if not self.is_numeric(column):
            return []
        period = self._period_at(column)
        if period is None:
            which = column - self._after
            if which and not self._allocated:
                return [None] * len(self._lines)
            sums = zip(self._lines.keys, self._lines.totals(), strict=True)
            return [self._sum_at(which, key, total) for key, total in sums]
        return self._lines.quantities(period)

    def read_texts(self, column: int) -> list[str]:
        """The names of a column."""
        if column > UNIT:
            return super().read_texts(column)
        if column == UNIT:
            return [self._units.get(key[2], "") for key in self._lines.keys]
        names = self._names[f"{KEYS[column]}s"]
        return [names.get(code, code) for code in map(itemgetter(column), self._lines.keys)]

    def units_at(self, rows: Sequence[int], column: int) -> set[str | None]:
        """The units of the lines' resources."""
        if column - self._after == AFTER_COVERED:
            return {None}
        keys = self._lines.keys
        return {self._units.get(resource, "") for resource in {keys[row][2] for row in rows}}

    def unit_at(self, row: int, column: int) -> str | None:
        """The resource's unit, for sums."""
        is_share = column - self._after == AFTER_COVERED
        return None if is_share else self._units.get(self._lines.keys[row][2], "")

    def choices(self, column: int) -> Choices:
        """Codes with their names."""
        if column >= UNIT:
            return ()
        rows = getattr(self.session.scenario, KEYS[column] + "s")
        return tuple((row.code, row.name) for row in rows)

    @property
    def _after(self) -> int:
        return FIRST_PERIOD + self._period_count

    def _period_at(self, column: int) -> int | None:
        return column - FIRST_PERIOD + 1 if FIRST_PERIOD <= column < self._after else None

    # -- following the scenario

    def refresh(self) -> None:
        """Show the scenario as it is now."""
        scenario, before = self.session.scenario, self._requirements
        requirements = scenario.requirements
        self.forget_columns()
        self._marks.clear()
        self._names = {
            f"{name}s": {row.code: row.name or row.code for row in getattr(scenario, f"{name}s")} for name in KEYS
        }
        self._codes.clear()
        currency = scenario.settings.currency
        self._units = {row.code: currency if row.is_funding else row.unit for row in scenario.resources}
        change = self.session.change_of("requirements", len(before))
        if not self._headings:  # the last change was before this table was there
            change = TableChange("requirements", 0, 0, len(requirements))
        has_other_lines = self._lines.follow(requirements, change.first, change.removed)
        self._requirements = requirements
        last = max(map(attrgetter("period"), requirements), default=1)
        count = max(scenario.settings.periods, min(last, 1200))
        if not has_other_lines and self._settings is scenario.settings and count == self._period_count:
            self._repaint()
            return
        order = self._order_after(self._keys, self._lines.keys)
        periods = (period_label(number, scenario.settings) for number in range(1, count + 1))
        self.beginResetModel()
        self._settings = scenario.settings
        self._headings = ("Initiative", "Region", "Resource", "Unit", *periods, *AFTER)
        self._keys, self._period_count, self._order = self._lines.keys, count, order
        self.endResetModel()

    def _order_after(self, before: Sequence[Key], now: Sequence[Key]) -> list[int]:
        """Lines that stay keep their place; new ones stand where the scenario has them."""
        if not self._filters and self._order == sorted(self._order):
            return list(range(len(now)))
        places = self._lines.places
        order = [places[key] for key in map(before.__getitem__, self._order) if key in places]
        return order + sorted(places[key] for key in places.keys() - set(before))

    def _take_plan(self) -> None:
        plan = self.session.plan
        allocated: dict[Key, float] = {}
        for line in plan.allocations if plan is not None else ():
            key = (line.initiative, line.region, line.resource)
            allocated[key] = allocated.get(key, 0.0) + line.quantity
        if allocated != self._allocated:
            self._allocated = allocated
            self.forget_columns()
            self._repaint()

    def _take_problems(self) -> None:
        rows, count = self._requirements, len(self._requirements)
        self._problems, self._marks = {}, {}
        for problem in self.session.problems:
            where = problem.where
            if where.sheet == self.table.sheet and where.row is not None and where.row < count:
                self._problems.setdefault(rows[where.row].id, []).append(problem)
        self._repaint()

    def _mark(self, row: int, column: int) -> tuple[str, str] | None:
        """The mark on a cell and its sentence."""
        if not self._problems:
            return None
        key = self._lines.keys[row]
        if key not in self._marks:
            marks = self._marks[key] = {}
            for needed in self._lines.rows_at(row):
                for problem in self._problems.get(needed.id, ()):
                    at, is_error = self._column_of(needed, problem.where.column), problem.severity is Severity.ERROR
                    if is_error or at not in marks:
                        marks[at] = ("error" if is_error else "warning", problem.message)
        return self._marks[key].get(column)

    def _repaint(self) -> None:
        if self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, len(self._headings) - 1))

    def row_key(self, place: int) -> str:
        """The codes."""
        return "\t".join(self._keys[self._order[place]])

    def place_of_key(self, key: str) -> int | None:
        """The line of these codes."""
        initiative, region, resource = key.split("\t")
        row = self._lines.places.get((initiative, region, resource))
        return self.place_of(row) if row is not None else None

    def locate(self, scenario_row: int, column_name: str) -> tuple[int, int] | None:
        """A code's column, or the column of the requirement's period."""
        row = self._lines.place_of(scenario_row)
        return None if row is None else (row, self._column_of(self._requirements[scenario_row], column_name))

    def _column_of(self, needed: Requirement, column_name: str) -> int:
        if column_name in KEYS:
            return KEYS.index(column_name)
        period = int(column_name.split()[1]) if column_name.startswith("period ") else needed.period
        return min(self._after - 1, FIRST_PERIOD + max(1, period) - 1)

    # -- what was typed and cannot be read

    def _draft_key(self, row: int, column: int) -> DraftKey:
        line = self._lines[row]
        period = self._period_at(column)
        if period is None:
            return first_of(line).id, KEYS[column]
        if period in line.rows:
            return line.rows[period].id, "quantity"
        return first_of(line).id, f"period {period}"

    def _draft(self, row: int, column: int) -> Draft | None:
        drafts = self.session.drafts
        return drafts.get(self._draft_key(row, column)) if drafts and self.can_edit(column) else None

    def look(self, place: int, column: int) -> Look:
        """All that painting a cell asks for."""
        row = self._order[place]
        is_figure = column > UNIT
        draft = self._draft(row, column) if self.session.drafts else None
        if draft is not None:
            return Look(draft.text, is_figure, "error")
        value = self.number_at(row, column) if is_figure else None
        mark = self._mark(row, column)
        is_share = value is not None and column - self._after == AFTER_COVERED
        return Look(
            self._words(row, column, value),
            is_figure,
            mark[0] if mark else None,
            value / 100 if value is not None and is_share else None,
            column == UNIT or (is_figure and not value),
        )

    # -- Qt's questions

    def data(self, index: AnyIndex, role: int = DISPLAY) -> Any:
        """What a cell shows and how."""
        if not index.isValid():
            return None
        row, column = self._order[index.row()], index.column()
        match role:
            case _ if role == EDIT:
                return self.edit_text(row, column)
            case _ if role in (PROBLEM, TOOL_TIP):
                draft = self._draft(row, column)
                mark = ("error", draft.message) if draft else self._mark(row, column)
                return (mark[0] if role == PROBLEM else mark[1]) if mark else None
            case _ if role == BAR:
                value = self.number_at(row, column) if column - self._after == AFTER_COVERED else None
                return value / 100 if value is not None else None
            case _ if role == MUTED:
                return column == UNIT or (column > UNIT and not self.number_at(row, column))
        return super().data(index, role)

    def edit_text(self, row: int, column: int) -> str:
        """Codes and plain figures; what was typed as it was typed."""
        draft = self._draft(row, column)
        return draft.text if draft else self.kept_text(row, column)

    def kept_text(self, row: int, column: int) -> str:
        """Codes and plain figures of the scenario."""
        if column < UNIT:
            return self._lines[row].key[column]
        value = self.number_at(row, column)
        if value is not None:
            return typed_text(show_cell(QUANTITY, value))
        return self.text_at(row, column) if column == UNIT else ""

    def limits(self, column: int) -> tuple[float | None, float | None]:
        """Nobody needs less than nothing."""
        return 0.0, None
