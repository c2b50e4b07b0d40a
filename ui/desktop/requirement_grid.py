"""Requirements as people plan them: one line per need, one column per period, with what the plan in view covers."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject

from planner import edits
from planner.cells import period_label, read_cell, show_cell
from planner.problems import ConcordError, Severity
from planner.scenario import TABLE_BY_NAME, Requirement, Scenario
from resources.columns import columns_of
from ui.desktop import headings
from ui.desktop.creation import create_label, with_row_named
from ui.desktop.drafts import Draft, DraftKey, Drafts
from ui.desktop.editable_grid import Cell, Choices, EditableGrid
from ui.desktop.figures import Signs, number_text, typed_text
from ui.desktop.grid_model import BAR, DISPLAY, EDIT, MUTED, PROBLEM, TOOL_TIP, AnyIndex
from ui.desktop.requirement_lines import KEYS, Key, Line, changed, lines_of
from ui.desktop.session import Session

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
        self.forget_columns()
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
        return (
            typed_text(show_cell(QUANTITY, value)) if value is not None else self.text_at(row, column).replace("–", "")
        )

    def setData(self, index: AnyIndex, value: Any, role: int = EDIT) -> bool:
        """Take what was typed into one cell."""
        if role != EDIT or not index.isValid() or not self.can_edit(index.column()):
            return False
        if str(value) == index.data(EDIT) and index.data(PROBLEM) is None:
            return False
        row, column = self._order[index.row()], index.column()
        return self.write({(index.row(), column): str(value)}, f"change {self._cell_words(row, column)}") == 0

    # -- edits

    def write(self, cells: Mapping[Cell, str], label: str) -> int:
        """Cells of lines that are on screen; what lies beyond them makes new lines where the block has their codes."""
        quantities: dict[tuple[int, int], float | None] = {}
        codes: dict[tuple[int, int], str] = {}
        drafts: dict[DraftKey, Draft | None] = {}
        signs = self.signs_in(cells)
        for (place, column), words in cells.items():
            if place >= len(self._order) or not self.can_edit(column):
                continue
            row, period = self._order[place], self._period_at(column)
            key = self._draft_key(row, column)
            try:
                if period is None:
                    codes[row, column] = self._code(column, words)
                else:
                    quantities[row, period] = read_quantity(words, signs)
                drafts[key] = None
            except ConcordError as problem:
                drafts[key] = Draft.of(words, problem, self._shown(row, column))
        unread = sum(draft is not None for draft in drafts.values())
        if unread and len(cells) == 1:
            label = f"type “{next(iter(cells.values()))}”"
        fresh = self._new_requirements(cells, signs)
        self._apply(label, quantities, codes, drafts, fresh)
        return unread

    def _new_requirements(self, cells: Mapping[Cell, str], signs: Signs) -> list[Requirement]:
        """What a block says beyond the last line. Raises ConcordError for a quantity that cannot be read."""
        lines: dict[int, dict[int, str]] = {}
        for (place, column), words in cells.items():
            if place >= len(self._order) and self.can_edit(column):
                lines.setdefault(place, {})[column] = words
        made = []
        for texts in lines.values():
            if not set(range(UNIT)) <= set(texts):
                continue
            codes = {name: self._code(at, texts[at]) for at, name in enumerate(KEYS)}
            periods = {self._period_at(column): words for column, words in texts.items() if column > UNIT}
            read = {period: read_quantity(words, signs) for period, words in periods.items()}
            filled = {period: quantity for period, quantity in read.items() if period and quantity is not None}
            made += [
                Requirement(**codes, period=period, quantity=quantity)
                for period, quantity in (filled or {1: 0.0}).items()
            ]
        return made

    def paste_label(self, count: int) -> str:
        """`paste 12 lines`."""
        return f"paste {headings.count_words(count, 'requirement_grid')}"

    def _code(self, column: int, words: str) -> str:
        described = next(each for each in columns_of(Requirement) if each.name == KEYS[column])
        by_name = {name.casefold(): code for code, name in self.choices(column) if name}
        return str(read_cell(described, by_name.get(words.strip().casefold(), words)))

    def _cell_words(self, row: int, column: int) -> str:
        """`Community dialogue, Upper Ostra, 2027 Q1`: which cell an edit changed."""
        period = self._period_at(column)
        when = f", {self._headings[column]}" if period else ""
        return f"{self.text_at(row, 0)}, {self.text_at(row, 1)}{when}"

    def clear(self, cells: Collection[Cell]) -> None:
        """Emptied periods need nothing any more; codes stay."""
        super().clear([(place, column) for place, column in cells if self._period_at(column) is not None])

    def _apply(
        self,
        label: str,
        quantities: dict[tuple[int, int], float | None],
        codes: dict[tuple[int, int], str],
        drafts: Drafts,
        fresh: Sequence[Requirement] = (),
    ) -> None:
        lines = list(self._lines)

        def edit(scenario: Scenario) -> Scenario:
            return changed(scenario, lines, quantities, codes, fresh)

        self.session.apply(label, edit, lambda: drafts)

    def creates(self, column: int) -> str:
        """Initiatives, regions, resources."""
        return f"{KEYS[column]}s" if column < UNIT else ""

    def create(self, place: int, column: int, text: str) -> None:
        """The new code goes into every row of the line."""
        row, table_name, name = self._order[place], f"{KEYS[column]}s", text.strip()
        lines, key = list(self._lines), self._draft_key(row, column)

        def edit(scenario: Scenario) -> Scenario:
            made, code = with_row_named(scenario, table_name, name)
            return changed(made, lines, {}, {(row, column): code})

        self.session.apply(create_label(table_name, name), edit, lambda: {key: None})

    def duplicate_rows(self, places: Sequence[int]) -> None:
        """A line is named by its codes, so it cannot stand here twice. Raises ConcordError."""
        raise ConcordError("A line cannot stand here twice; add a line and paste the figures into it.")

    def move_rows(self, places: Sequence[int], by: int) -> None:
        """Lines stand in the order of their requirements. Raises ConcordError."""
        raise ConcordError("Lines follow the requirement list; sort them by a click on a title.")

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


def read_quantity(words: str, signs: Signs) -> float | None:
    """A quantity, None for an empty cell. Raises CellError."""
    return float(read_cell(QUANTITY, signs.plain(words))) if words.strip() else None
