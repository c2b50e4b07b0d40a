"""The changes of a merge as rows: base, mine, theirs and the result, and what was decided of those in conflict."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from PySide6.QtCore import QObject, Signal

from planner.merge import Change, Key, Side, State, Written
from planner.merge.change import Presence
from planner.reconciliation import Reconciliation
from ui.desktop.tables.cell_painter import Look
from ui.desktop.tables.grid_model import ACCESSIBLE, DISPLAY, AnyIndex, GridModel
from ui.desktop.versions.change_words import ChangeWords

HEADINGS = ("Sheet", "Row", "Column", "Base", "Mine", "Theirs", "Result")
SHEET, ROW, COLUMN, BASE, MINE, THEIRS, RESULT = range(len(HEADINGS))
SIDES = {MINE: Side.MINE, THEIRS: Side.THEIRS}
FILLS = {MINE: "accent_soft", THEIRS: "binding_soft"}
UNDECIDED = "choose one"
SOURCES = {State.MINE: "mine", State.THEIRS: "theirs", State.SAME: "same in both"}
CHOSEN = {Side.MINE: "mine, by you", Side.THEIRS: "theirs, by you"}


class MergeModel(GridModel):
    """One row for each cell or row that differs. `decided` tells that a decision was made, or taken back."""

    decided = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.changes: tuple[Change, ...] = ()
        self.decisions: dict[Key, Side | Written] = {}
        self._words: ChangeWords | None = None
        self._shown: Collection[State] = tuple(State)
        self._states: list[State] = []  # of each change; asked for often, so found once
        self._conflicts: list[int] = []  # rows
        self._counts: Counter[State] = Counter()

    def take(self, case: Reconciliation) -> None:
        """Show another merge; decisions about what is still in conflict are kept."""
        self.beginResetModel()
        self.changes = case.changes
        self._words = ChangeWords(case.merged.scenario)
        self._states = [change.state for change in self.changes]
        self._counts = Counter(self._states)
        self._conflicts = [row for row, state in enumerate(self._states) if state is State.CONFLICT]
        asked = {self.changes[row].key for row in self._conflicts}
        self.decisions = {key: decision for key, decision in self.decisions.items() if key in asked}
        self.forget_columns()
        self._order = self._in_order(self.passing())
        self.endResetModel()

    def show_states(self, states: Collection[State]) -> None:
        """Show only changes that one side, or both, made."""
        self._shown = states
        self._reorder(self._in_order(self.passing()))
        self.filtered.emit()

    def passing(self) -> list[int]:
        """The changes that every filter lets through."""
        return [row for row in super().passing() if self._states[row] in self._shown]

    def count(self, *states: State) -> int:
        """How many changes there are that these made."""
        return sum(self._counts[state] for state in states)

    # -- decisions

    @property
    def open_rows(self) -> list[int]:
        """The conflicts left to decide, in the order of the changes."""
        return [row for row in self._conflicts if self.changes[row].key not in self.decisions]

    def conflicts_of_row(self, change: Change) -> list[Change]:
        """The conflicts in the same row of the scenario."""
        same = (change.key.table, change.key.row_id)
        conflicts = (self.changes[row] for row in self._conflicts)
        return [each for each in conflicts if (each.key.table, each.key.row_id) == same]

    def decide(self, changes: Iterable[Change], decision: Side | Written | None) -> None:
        """Take a side, or another value, for those of the changes that are in conflict; None takes decisions back."""
        keys = [change.key for change in changes if change.state is State.CONFLICT]
        if not keys:
            return
        for key in keys:
            if decision is None:
                self.decisions.pop(key, None)
            else:
                self.decisions[key] = decision
        self._texts.pop(RESULT, None)
        if self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, RESULT))
        self.decided.emit()

    def words_of(self, change: Change, value: Any) -> str:
        """A value as people read it."""
        return self._words.value(change, value) if self._words is not None else ""

    def row_words(self, change: Change) -> tuple[str, str]:
        """What row a change is in, and which column."""
        assert self._words is not None
        return self._words.row(change) or self._words.sheet(change), self._words.column(change)

    # -- cells

    def source_count(self) -> int:
        """How many changes there are."""
        return len(self.changes)

    def headings(self) -> tuple[str, ...]:
        """The words above the columns."""
        return HEADINGS

    def is_numeric(self, column: int) -> bool:
        """The values are of all kinds: they stand at the left."""
        return False

    def number_at(self, row: int, column: int) -> float | None:
        """None adds up."""
        return None

    def text_at(self, row: int, column: int) -> str:
        """What a cell shows; of a result also where it is from."""
        if column == RESULT:
            return "  ".join(filter(None, self._result(self.changes[row])))
        return self._text(self.changes[row], column)

    def _text(self, change: Change, column: int) -> str:
        assert self._words is not None
        match column:
            case 0:
                return self._words.sheet(change)
            case 1:
                return self._words.row(change)
            case 2:
                return self._words.column(change)
        value = (change.base, change.mine, change.theirs)[column - BASE]
        is_new = change.is_row and change.base is Presence.ABSENT and value is Presence.PRESENT
        return "added" if is_new else self._words.value(change, value)

    def _result(self, change: Change) -> tuple[str, str]:
        """What comes of a change, and where it is from."""
        if change.state is not State.CONFLICT:
            value = change.theirs if change.state is State.THEIRS else change.mine
            return self._outcome(change, value), SOURCES[change.state]
        decision = self.decisions.get(change.key)
        if decision is None:
            return UNDECIDED, ""
        if isinstance(decision, Written):
            return self.words_of(change, decision.value), "by you"
        value = change.mine if decision is Side.MINE else change.theirs
        return self._outcome(change, value), CHOSEN[decision]

    def _outcome(self, change: Change, value: Any) -> str:
        if not change.is_row:
            return self.words_of(change, value)
        return {Presence.PRESENT: "added", Presence.CHANGED: "kept"}.get(value, self.words_of(change, value))

    def look(self, place: int, column: int) -> Look:
        """All that painting a cell asks for."""
        change = self.changes[self._order[place]]
        is_conflict = change.state is State.CONFLICT
        if column == RESULT:
            words, note = self._result(change)
            ink = "problem" if words == UNDECIDED and not note else "ink" if is_conflict else ""
            return Look(words, ink=ink, note=note)
        words = self._text(change, column)
        if column in SIDES:
            value = change.mine if column == MINE else change.theirs
            is_changed = value != change.base
            choice = self.decisions.get(change.key) is SIDES[column] if is_conflict else None
            return Look(words, is_muted=not is_changed, fill=FILLS[column] if is_changed else "", choice=choice)
        return Look(words, is_muted=column == BASE, ink="ink" if is_conflict and column == ROW else "")

    def data(self, index: AnyIndex, role: int = DISPLAY) -> Any:
        """For readers of the screen a side also says whether it is chosen."""
        if role == ACCESSIBLE and index.isValid() and index.column() in SIDES:
            change = self.changes[self._order[index.row()]]
            if change.state is State.CONFLICT:
                is_chosen = self.decisions.get(change.key) is SIDES[index.column()]
                return f"{index.data()}, {'chosen' if is_chosen else 'not chosen'}"
        return super().data(index, role)
