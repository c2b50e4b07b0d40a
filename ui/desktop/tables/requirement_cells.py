"""What the grid of requirements shows: one line per need, one column per period, and what the plan in view covers."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QObject

from planner.cells import period_label, show_cell
from planner.drafts import Draft, DraftKey
from planner.problems import Severity
from planner.scenario import TABLE_BY_NAME, Requirement, Settings
from planner.table_changes import TableChange
from resources.columns import columns_of
from ui.desktop.figures import number_text, typed_text
from ui.desktop.session import Session
from ui.desktop.tables.cell_painter import Look
from ui.desktop.tables.editable_grid import Choices, EditableGrid
from ui.desktop.tables.grid_model import BAR, DISPLAY, EDIT, MUTED, PROBLEM, TOOL_TIP, AnyIndex
from ui.desktop.tables.requirement_lines import KEYS, Key, Line, Lines, first_of

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
        self._grouped = Lines()
        self._lines: list[Line] = []
        self._settings: Settings | None = None
        self._names: dict[str, dict[str, str]] = {}
        self._units: dict[str, str] = {}
        self._codes: dict[int, dict[str, str]] = {}  # by column and name, found when somebody types one
        self._allocated: dict[Key, float] = {}
        self._problems: dict[tuple[int, int], tuple[str, str]] = {}
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
        which = column - self._after
        if which == 0:
            return line.total
        total = line.total if self._allocated else 0.0
        if total <= 0:
            return None
        allocated = self._allocated.get(line.key, 0.0)
        return 100 * allocated / total if which == AFTER_COVERED else max(0.0, total - allocated)

    def read_figures(self, column: int) -> list[float | None]:
        """The figures of a column."""
        period = self._period_at(column)
        if period is None:
            return super().read_figures(column)
        found = (line.rows.get(period) for line in self._lines)
        return [None if row is None else row.quantity for row in found]

    def read_texts(self, column: int) -> list[str]:
        """The names of a column."""
        if column >= UNIT:
            return super().read_texts(column)
        names = self._names[f"{KEYS[column]}s"]
        return [names.get(code, code) for code in (line.key[column] for line in self._lines)]

    def units_at(self, rows: Sequence[int], column: int) -> set[str | None]:
        """The units of the lines' resources."""
        if column - self._after == AFTER_COVERED:
            return {None}
        return {self._units.get(resource, "") for resource in {self._lines[row].key[2] for row in rows}}

    def unit_at(self, row: int, column: int) -> str | None:
        """The resource's unit, for sums."""
        is_share = column - self._after == AFTER_COVERED
        return None if is_share else self._units.get(self._lines[row].key[2], "")

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
        self._names = {
            f"{name}s": {row.code: row.name or row.code for row in getattr(scenario, f"{name}s")} for name in KEYS
        }
        self._codes.clear()
        currency = scenario.settings.currency
        self._units = {row.code: currency if row.is_funding else row.unit for row in scenario.resources}
        change = self.session.change_of("requirements", len(before))
        if not self._headings:  # the last change was before this table was there
            change = TableChange("requirements", 0, 0, len(requirements))
        lines = self._lines
        has_other_lines = self._grouped.follow(requirements, change.first, change.removed)
        self._requirements = requirements
        if not has_other_lines and self._settings is scenario.settings and is_timed_alike(before, requirements, change):
            self._lines = self._grouped.all
            self._repaint()
            return
        last = max(map(attrgetter("period"), requirements), default=1)
        count = max(scenario.settings.periods, min(last, 1200))
        order = self._order_after(lines, self._grouped.all)
        periods = (period_label(number, scenario.settings) for number in range(1, count + 1))
        self.beginResetModel()
        self._settings = scenario.settings
        self._headings = ("Initiative", "Region", "Resource", "Unit", *periods, *AFTER)
        self._lines, self._period_count, self._order = self._grouped.all, count, order
        self.endResetModel()

    def _order_after(self, before: list[Line], lines: list[Line]) -> list[int]:
        """Lines that stay keep their place; new ones stand where the scenario has them."""
        if not self._filters and self._order == sorted(self._order):
            return list(range(len(lines)))
        place = {line.key: index for index, line in enumerate(lines)}
        known = [before[row].key for row in self._order]
        old = {line.key for line in before}
        order = [place[key] for key in known if key in place]
        return order + [index for index, line in enumerate(lines) if line.key not in old]

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
        marks: dict[tuple[int, int], tuple[str, str]] = {}
        for problem in self.session.problems:
            if problem.where.sheet == self.table.sheet and problem.where.row is not None:
                at = self.locate(problem.where.row, problem.where.column)
                if at is not None and (at not in marks or problem.severity is Severity.ERROR):
                    marks[at] = ("error" if problem.severity is Severity.ERROR else "warning", problem.message)
        self._problems = marks
        self._repaint()

    def _repaint(self) -> None:
        if self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, len(self._headings) - 1))

    def row_key(self, place: int) -> str:
        """The codes."""
        return "\t".join(self._lines[self._order[place]].key)

    def locate(self, scenario_row: int, column_name: str) -> tuple[int, int] | None:
        """A code's column, or the column of the requirement's period."""
        row = self._grouped.place_of(scenario_row)
        if row is None:
            return None
        if column_name in KEYS:
            return row, KEYS.index(column_name)
        if column_name.startswith("period "):
            return row, FIRST_PERIOD + int(column_name.split()[1]) - 1
        return row, min(self._after - 1, FIRST_PERIOD + max(1, self._requirements[scenario_row].period) - 1)

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
        mark = self._problems.get((row, column)) if self._problems else None
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
                mark = ("error", draft.message) if draft else self._problems.get((row, column))
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


def is_timed_alike(before: Sequence[Requirement], now: Sequence[Requirement], change: TableChange) -> bool:
    """Whether the rows that gave way to others were for the same periods as these."""
    first, removed, inserted = change.first, change.removed, change.inserted
    gone, come = before[first : first + removed], now[first : first + inserted]
    return [row.period for row in gone] == [row.period for row in come]
