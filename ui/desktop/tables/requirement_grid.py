"""Requirements as people plan them, typed into lines."""

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from functools import partial
from typing import Any

from planner import edits
from planner.cells import read_cell
from planner.drafts import Draft, DraftKey
from planner.problems import ConcordError
from planner.scenario import Requirement, Scenario
from planner.separators import Signs
from resources.columns import columns_of
from ui.desktop.figures import number_text
from ui.desktop.session import Edit
from ui.desktop.slices import made_at_once
from ui.desktop.tables import headings
from ui.desktop.tables.creation import create_label, with_row_named
from ui.desktop.tables.editable_grid import Cell
from ui.desktop.tables.grid_model import EDIT, PROBLEM, AnyIndex
from ui.desktop.tables.large_edits import is_part_done
from ui.desktop.tables.requirement_cells import QUANTITY, UNIT, RequirementCells
from ui.desktop.tables.requirement_lines import KEYS, changed


class RequirementGrid(RequirementCells):
    """Edits make, change and remove requirements; weight and essential go along within a line."""

    def setData(self, index: AnyIndex, value: Any, role: int = EDIT) -> bool:
        """Take what was typed into one cell."""
        if role != EDIT or not index.isValid() or not self.can_edit(index.column()):
            return False
        if str(value) == index.data(EDIT) and index.data(PROBLEM) is None:
            return False
        row, column = self._order[index.row()], index.column()
        unread: list[int] = []
        self.write({(index.row(), column): str(value)}, f"change {self._cell_words(row, column)}", unread.append)
        return unread == [0]

    # -- edits

    def _written(
        self, cells: Mapping[Cell, str], label: str, then: Callable[[int], object]
    ) -> Generator[None, None, Edit]:
        """Cells of lines that are on screen; what lies beyond them makes new lines where the block has their codes."""
        quantities: dict[tuple[int, int], float | None] = {}
        codes: dict[tuple[int, int], str] = {}
        drafts: dict[DraftKey, Draft | None] = {}
        signs, order = self.signs_in(cells), self._order
        has_unread = self.session.has_unread
        periods = {column: self._period_at(column) for column in {at for _, at in cells} if self.can_edit(column)}
        known: dict[tuple[int, str], Any] = {}  # blocks say the same thing many times
        for number, ((place, column), words) in enumerate(cells.items(), start=1):
            if is_part_done(number):
                yield
            if place >= len(order) or column not in periods:
                continue
            row, period = order[place], periods[column]
            said = (column if period is None else UNIT, words)
            if said not in known:
                known[said] = self._read(column, words, signs)
            value = known[said]
            if isinstance(value, ConcordError):
                drafts[self._draft_key(row, column)] = Draft.of(words, value, self._shown(row, column))
                continue
            if period is None:
                codes[row, column] = value
            else:
                quantities[row, period] = value
            if has_unread:
                drafts[self._draft_key(row, column)] = None
        unread = sum(draft is not None for draft in drafts.values())
        if unread and len(cells) == 1:
            label = f"type “{next(iter(cells.values()))}”"
        fresh = self._new_requirements(cells, len(order), signs)
        made = yield from changed(self.session.scenario, self._lines, quantities, codes, fresh)
        return Edit(label, made, lambda: drafts, partial(then, unread))

    def _read(self, column: int, words: str, signs: Signs) -> float | str | ConcordError | None:
        """What a text means in a column, or why it cannot be read."""
        try:
            return self._code(column, words) if column < UNIT else read_quantity(words, signs)
        except ConcordError as problem:
            return problem

    def _new_requirements(self, cells: Mapping[Cell, str], count: int, signs: Signs) -> list[Requirement]:
        """What a block says beyond so many lines. Raises ConcordError for a quantity that cannot be read."""
        lines: dict[int, dict[int, str]] = {}
        for (place, column), words in cells.items():
            if place >= count and self.can_edit(column):
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
                Requirement(**codes, period=period, quantity=quantity)  # type: ignore[arg-type]
                for period, quantity in (filled or {1: 0.0}).items()
            ]
        return made

    def paste_label(self, count: int) -> str:
        """`paste 12 lines`."""
        return f"paste {headings.count_words(count, 'requirement_grid')}"

    def _code(self, column: int, words: str) -> str:
        described = next(each for each in columns_of(Requirement) if each.name == KEYS[column])
        if column not in self._codes:
            self._codes[column] = {name.casefold(): code for code, name in self.choices(column) if name}
        return str(read_cell(described, self._codes[column].get(words.strip().casefold(), words)))

    def _cell_words(self, row: int, column: int) -> str:
        """`Community dialogue, Upper Ostra, 2027 Q1`: which cell an edit changed."""
        period = self._period_at(column)
        when = f", {self._headings[column]}" if period else ""
        return f"{self.text_at(row, 0)}, {self.text_at(row, 1)}{when}"

    def clear(self, cells: Collection[Cell]) -> None:
        """Emptied periods need nothing any more; codes stay."""
        super().clear([(place, column) for place, column in cells if self._period_at(column) is not None])

    def creates(self, column: int) -> str:
        """Initiatives, regions, resources."""
        return f"{KEYS[column]}s" if column < UNIT else ""

    def create(self, place: int, column: int, text: str) -> None:
        """The new code goes into every row of the line."""
        row, table_name, name = self._order[place], f"{KEYS[column]}s", text.strip()
        key = self._draft_key(row, column)

        def edit(scenario: Scenario) -> Scenario:
            made, code = with_row_named(scenario, table_name, name)
            return made_at_once(changed(made, self._lines, {}, {(row, column): code}))

        self.session.apply(create_label(table_name, name), edit, lambda: {key: None})

    def duplicate_rows(self, places: Sequence[int]) -> None:
        """A line is named by its codes, so it cannot stand here twice. Raises ConcordError."""
        raise ConcordError("A line cannot stand here twice; add a line and paste the figures into it.")

    def move_rows(self, places: Sequence[int], by: int) -> None:
        """Lines stand in the order of their requirements. Raises ConcordError."""
        raise ConcordError("Lines follow the requirement list; sort them by a click on a title.")

    def insert_row(self, place: int) -> int:
        """A line of the same initiative and region as the one above, its resource still to be chosen."""
        above = self._lines.keys[self._order[place]] if 0 <= place < len(self._order) else ("", "", "")
        self.session.apply(
            "add a requirement",
            lambda scenario: edits.add_row(scenario, "requirements", initiative=above[0], region=above[1], resource=""),
        )
        return self.place_of(self._lines.places[*above[:2], ""]) or 0

    def delete_rows(self, places: Sequence[int]) -> int:
        """All periods of these lines."""
        lines = (self._lines[self._order[place]] for place in places)
        rows = [self._lines.row_places[row.id] for line in lines for row in line.rows.values()]
        self.session.apply(
            f"delete {number_text(len(rows))} requirements",
            lambda scenario: edits.delete_rows(scenario, "requirements", rows),
        )
        return 0


def read_quantity(words: str, signs: Signs) -> float | None:
    """A quantity, None for an empty cell. Raises CellError."""
    return float(read_cell(QUANTITY, signs.certain(words))) if words.strip() else None
