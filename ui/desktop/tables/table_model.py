"""One table of the scenario as a grid that people type into."""

from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from typing import Any

from planner import edits
from planner.cells import read_cell
from planner.drafts import Draft, Drafts
from planner.problems import ConcordError
from planner.scenario import Scenario
from planner.sensitivity import Level, label_rows, labels_of
from planner.separators import Signs
from resources.columns import Column, Kind
from ui.desktop.figures import number_text, plain_entry
from ui.desktop.session import Edit
from ui.desktop.tables import headings
from ui.desktop.tables.creation import CREATED, create_label, with_row_named
from ui.desktop.tables.editable_grid import Cell
from ui.desktop.tables.grid_model import EDIT, AnyIndex
from ui.desktop.tables.large_edits import is_part_done, set_values
from ui.desktop.tables.table_cells import TableCells


class ScenarioTableModel(TableCells):
    """Edits go through the session, so undo, checks and every other view follow."""

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
            text = plain_entry(described.kind, text, signs)
        return read_cell(described, text, self.session.scenario.settings)

    def _written(
        self, cells: Mapping[Cell, str], label: str, then: Callable[[int], object]
    ) -> Generator[None, None, Edit]:
        """What cannot be read becomes a draft, over the column's default in new rows."""
        signs, count, order = self.signs_in(cells), len(self._rows), self._order
        values: dict[int, dict[str, Any]] = {}
        drafts: dict[tuple[int, str], Draft | None] = {}
        known: dict[tuple[int, str], Any] = {}  # blocks say the same thing many times
        has_unread = self.session.has_unread
        for number, ((place, column), text) in enumerate(cells.items(), start=1):
            if is_part_done(number):
                yield
            described = self.columns[column]
            row = order[place] if place < len(order) else count + place - len(order)
            if (column, text) not in known:
                known[column, text] = self._read_or_why(described, text, signs)
            value = known[column, text]
            if isinstance(value, ConcordError):
                drafts[row, described.name] = Draft.of(text, value, self._shown(row, described) if row < count else "")
                values.setdefault(row, {})
            else:
                values.setdefault(row, {})[described.name] = value
                if has_unread:
                    drafts[row, described.name] = None
        made = yield from set_values(self.session.scenario, self.table.name, values)
        unread = sum(draft is not None for draft in drafts.values())
        return Edit(label, made, partial(self._drafts_by_id, drafts), partial(then, unread))

    def _read_or_why(self, described: Column, text: str, signs: Signs) -> Any:
        """The value of a text, or why it cannot be read."""
        try:
            return self.read(described, text, signs)
        except ConcordError as problem:
            return problem

    def _drafts_by_id(self, drafts: Mapping[tuple[int, str], Draft | None]) -> Drafts:
        """Drafts by source row and column, once the rows are there."""
        rows = self.session.scenario.rows(self.table)
        return {(rows[row].id, name): draft for (row, name), draft in drafts.items()}

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

    def labels_of(self, places: Sequence[int], columns: Sequence[int] = ()) -> set[Level | None]:
        """The levels that rows, or their cells in columns, are labelled with."""
        labels = [labels_of(self._rows[self._order[place]]) for place in places]
        names = [self.columns[column].name for column in columns]
        return {own.cells.get(name) for own in labels for name in names} if names else {own.row for own in labels}

    def label_rows(self, places: Sequence[int], level: Level | None, columns: Sequence[int] = ()) -> None:
        """Say who may see rows, or their cells in columns."""
        rows, name = [self._order[place] for place in places], self.table.name
        names = [self.columns[column].name for column in columns]
        count = len(rows) * len(names)
        cells = f"{number_text(count)} {'cell' if count == 1 else 'cells'}"
        words = cells if names else headings.count_words(len(rows), name)
        label = f"label {words} {level.word}" if level is not None else f"take the label off {words}"
        self.session.apply(label, lambda scenario: label_rows(scenario, name, rows, level, names))

    def _cell_words(self, described: Column, source: Any) -> str:
        """`quantity of PL-009`: which cell an edit changed."""
        title = headings.COLUMN_TITLES.get(described.name, described.name.replace("_", " ")).lower()
        code = getattr(source, "code", "")
        return f"{title} of {code}" if code else f"{title} in {headings.TABLE_TITLES[self.table.name].lower()}"


def unchanged(scenario: Scenario) -> Scenario:
    """The edit behind what cannot be kept yet."""
    return scenario
