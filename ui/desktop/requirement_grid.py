"""Requirements as people plan them: one line per need, one column per period, with what the plan in view covers."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject

from planner import edits
from planner.cells import period_label, read_cell, show_cell
from planner.problems import ConcordError, Severity
from planner.scenario import TABLE_BY_NAME, Requirement
from resources.columns import columns_of
from ui.desktop.editable_grid import Choices, EditableGrid
from ui.desktop.grid_model import BAR, DISPLAY, EDIT, MUTED, PROBLEM, TOOL_TIP, AnyIndex, number_text
from ui.desktop.requirement_lines import KEYS, Key, Line, changed, lines_of
from ui.desktop.session import Draft, DraftKey, Session

UNIT = 3  # column of the unit
FIRST_PERIOD = 4  # column of period 1
AFTER = ("Total", "Covered, %", "Missing")
QUANTITY = next(column for column in columns_of(Requirement) if column.name == "quantity")


class RequirementGrid(EditableGrid):
    """Edits make, change and remove requirements; weight and essential go along within a line."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.table = session, TABLE_BY_NAME["requirements"]
        self._requirements: tuple[Requirement, ...] = ()
        self._lines: list[Line] = []
        self._line_of: dict[int, int] = {}
        self._names: dict[str, dict[str, str]] = {}
        self._units: dict[str, str] = {}
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
        line = self._lines[row]
        if column < UNIT:
            return self._names[KEYS[column] + "s"].get(line.key[column], line.key[column])
        if column == UNIT:
            return self._units.get(line.key[2], "")
        value = self.number_at(row, column)
        if value is None:
            return "" if self._period_at(column) else "–"
        return number_text(value, 0 if column - self._after == AFTER_COVERED else None)

    def number_at(self, row: int, column: int) -> float | None:
        """Quantities, totals, percent."""
        line = self._lines[row]
        period = self._period_at(column)
        if period is not None:
            index = line.rows.get(period)
            return self._requirements[index].quantity if index is not None else None
        if column < FIRST_PERIOD:
            return None
        total = sum(self._requirements[index].quantity for index in line.rows.values())
        which = column - self._after
        if which == 0:
            return total
        if not self._allocated or total <= 0:
            return None
        allocated = self._allocated.get(line.key, 0.0)
        return 100 * allocated / total if which == AFTER_COVERED else max(0.0, total - allocated)

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
        scenario = self.session.scenario
        lines, line_of = lines_of(scenario.requirements)
        last = max((period for line in lines for period in line.rows), default=1)
        count = max(scenario.settings.periods, min(last, 1200))
        is_same_shape = count == self._period_count and [line.key for line in lines] == [
            line.key for line in self._lines
        ]
        self._names = {
            f"{name}s": {row.code: row.name or row.code for row in getattr(scenario, f"{name}s")} for name in KEYS
        }
        currency = scenario.settings.currency
        self._units = {row.code: currency if row.is_funding else row.unit for row in scenario.resources}
        periods = (period_label(number, scenario.settings) for number in range(1, count + 1))
        self._headings = ("Initiative", "Region", "Resource", "Unit", *periods, *AFTER)
        if is_same_shape and self._headings:
            self._requirements, self._lines, self._line_of = scenario.requirements, lines, line_of
            self._repaint()
            return
        order = self._order_after(lines)
        self.beginResetModel()
        self._requirements, self._lines, self._line_of = scenario.requirements, lines, line_of
        self._period_count, self._order = count, order
        self.endResetModel()

    def _order_after(self, lines: list[Line]) -> list[int]:
        """Lines that stay keep their place; new ones stand where the scenario has them."""
        if not self._filters and self._order == sorted(self._order):
            return list(range(len(lines)))
        place = {line.key: index for index, line in enumerate(lines)}
        known = [self._lines[row].key for row in self._order]
        before = {line.key for line in self._lines}
        order = [place[key] for key in known if key in place]
        return order + [index for index, line in enumerate(lines) if line.key not in before]

    def _take_plan(self) -> None:
        plan = self.session.plan
        allocated: dict[Key, float] = {}
        for line in plan.allocations if plan is not None else ():
            key = (line.initiative, line.region, line.resource)
            allocated[key] = allocated.get(key, 0.0) + line.quantity
        if allocated != self._allocated:
            self._allocated = allocated
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
        row = self._line_of.get(scenario_row)
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
            return self._requirements[min(line.rows.values())].id, KEYS[column]
        if period in line.rows:
            return self._requirements[line.rows[period]].id, "quantity"
        return self._requirements[min(line.rows.values())].id, f"period {period}"

    def _draft(self, row: int, column: int) -> Draft | None:
        drafts = self.session.drafts
        return drafts.get(self._draft_key(row, column)) if drafts and self.can_edit(column) else None

    # -- Qt's questions

    def data(self, index: AnyIndex, role: int = DISPLAY) -> Any:
        """What a cell shows and how."""
        if not index.isValid():
            return None
        row, column = self._order[index.row()], index.column()
        match role:
            case _ if role == EDIT:
                return self._edit_text(row, column)
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

    def _edit_text(self, row: int, column: int) -> str:
        if draft := self._draft(row, column):
            return draft.text
        if column < UNIT:
            return self._lines[row].key[column]
        value = self.number_at(row, column)
        return show_cell(QUANTITY, value) if value is not None else self.text_at(row, column).replace("–", "")

    def setData(self, index: AnyIndex, value: Any, role: int = EDIT) -> bool:
        """Take what was typed into one cell."""
        if role != EDIT or not index.isValid() or not self.can_edit(index.column()):
            return False
        if str(value) == index.data(EDIT) and index.data(PROBLEM) is None:
            return False
        return self.paste(index.row(), index.column(), [[str(value)]]) == 0

    # -- edits

    def paste(self, place: int, column: int, block: Sequence[Sequence[str]]) -> int:
        """Cells of lines that are on screen; what lies beyond them is left out of a paste."""
        quantities: dict[tuple[int, int], float | None] = {}
        codes: dict[tuple[int, int], str] = {}
        unread: dict[DraftKey, Draft] = {}
        read: list[DraftKey] = []
        for row, at, words in self._cells_of(place, column, block):
            key = self._draft_key(row, at)
            try:
                period = self._period_at(at)
                if period is None:
                    codes[row, at] = self._code(at, words)
                else:
                    quantities[row, period] = float(read_cell(QUANTITY, words)) if words.strip() else None
                read.append(key)
            except ConcordError as problem:
                unread[key] = Draft.of(words, problem, self._shown(row, at))
        self._apply(self._label(quantities, codes), quantities, codes)
        for key in read:
            self.session.drop_draft(key)
        for key, draft in unread.items():
            self.session.keep_draft(key, draft, is_typed=len(block) == len(block[0]) == 1)
        return len(unread)

    def _cells_of(self, place: int, column: int, block: Sequence[Sequence[str]]) -> list[tuple[int, int, str]]:
        return [
            (self._order[place + down], column + right, words)
            for down, texts in enumerate(block)
            if place + down < len(self._order)
            for right, words in enumerate(texts)
            if column + right < self.columnCount() and self.can_edit(column + right)
        ]

    def _code(self, column: int, words: str) -> str:
        described = next(each for each in columns_of(Requirement) if each.name == KEYS[column])
        by_name = {name.casefold(): code for code, name in self.choices(column) if name}
        return str(read_cell(described, by_name.get(words.strip().casefold(), words)))

    def _label(self, quantities: dict[tuple[int, int], float | None], codes: dict[tuple[int, int], str]) -> str:
        count = len(quantities) + len(codes)
        if count != 1:
            return f"change {number_text(count)} requirements"
        row, period = next(iter(quantities), (next(iter(codes), (0, 0))[0], 0))
        names = self.text_at(row, 0), self.text_at(row, 1)
        when = f", {self._headings[FIRST_PERIOD + period - 1]}" if period else ""
        return f"change {names[0]}, {names[1]}{when}"

    def clear(self, cells: Sequence[tuple[int, int]]) -> None:
        """Emptied periods need nothing any more."""
        chosen = [(self._order[place], period) for place, at in cells if (period := self._period_at(at)) is not None]
        for row, period in chosen:
            self.session.drop_draft(self._draft_key(row, FIRST_PERIOD + period - 1))
        self._apply(f"clear {number_text(len(chosen))} requirements", dict.fromkeys(chosen), {})

    def _apply(
        self, label: str, quantities: dict[tuple[int, int], float | None], codes: dict[tuple[int, int], str]
    ) -> None:
        if quantities or codes:
            lines, session = list(self._lines), self.session
            session.apply(label, lambda scenario: changed(scenario, lines, quantities, codes))

    def insert_row(self, place: int) -> int:
        """A line of the same initiative and region as the one above, its resource still to be chosen."""
        above = self._lines[self._order[place]].key if 0 <= place < len(self._order) else ("", "", "")
        self.session.apply(
            "add a requirement",
            lambda scenario: edits.add_row(scenario, "requirements", initiative=above[0], region=above[1], resource=""),
        )
        row = next((row for row, line in enumerate(self._lines) if line.key == (*above[:2], "")), len(self._lines) - 1)
        return self.place_of(row) or 0

    def delete_rows(self, places: Sequence[int]) -> int:
        """All periods of these lines."""
        rows = [index for place in places for index in self._lines[self._order[place]].rows.values()]
        self.session.apply(
            f"delete {number_text(len(rows))} requirements",
            lambda scenario: edits.delete_rows(scenario, "requirements", rows),
        )
        return 0


AFTER_COVERED = 1  # which of the columns after the periods holds the percent covered
