"""Two versions side by side: what each changed, what both changed differently, and what comes of it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QProgressBar, QPushButton, QStackedWidget, QWidget

from planner.history import moment_words as saved_words
from planner.merge import Side, State
from planner.problems import Problem, Severity
from planner.reconciliation import Outcome, Reconciliation
from planner.report.table_file import Source
from ui.desktop.figures import number_text
from ui.desktop.files.exports import export_as, table_exports
from ui.desktop.parts import ElidedLabel, button, column, framed, restyle, row, strip, text
from ui.desktop.theme import Theme
from ui.desktop.versions.decision_bar import DecisionBar
from ui.desktop.versions.merge_model import RESULT, MergeModel
from ui.desktop.versions.merge_view import MergeView

FILTERS: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("Conflicts", (State.CONFLICT,)),
    ("Only theirs", (State.THEIRS,)),
    ("Only mine", (State.MINE,)),
    ("Same in both", (State.SAME,)),
    ("All", tuple(State)),
)
PHASES = 3  # of the work before anything is shown
MOST_PROBLEMS = 3  # that are told in words


class MergePage(QWidget):
    """Shows a Reconciliation, and takes decisions on it. Nothing changes before `merge_asked`."""

    merge_asked = Signal()
    base_asked = Signal()
    cancelled = Signal()
    decided = Signal()
    rows_told = Signal(str)
    selection_told = Signal(object)  # Totals
    cell_told = Signal(str, str)
    file_asked = Signal(object)  # Export

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme = theme
        self.model = MergeModel(self)
        self.view = MergeView(theme, self.model)
        self.bar = DecisionBar(theme, self.view)
        self._hint = ElidedLabel("Nothing changes until you press Merge. One Undo takes it back.", "secondary")
        self.cancel = button(theme, "Cancel", self.cancelled.emit, tip="Leave everything as it is")
        self.merge = button(
            theme, "Merge", self.merge_asked.emit, kind="primary", tip="Take the result over as one step"
        )
        head = row(text("Merge two versions", "page"), 8, self._hint, self.cancel, self.merge, margins=(16, 0, 16, 0))
        head.setStretchFactor(self._hint, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._waiting())
        self._stack.addWidget(self._comparison())
        self.setLayout(column(strip("subHeader", head, 44), self._stack))
        self.model.decided.connect(self._decided)
        self.model.filtered.connect(self.tell_rows)
        self.view.moved.connect(self.bar.show_change)
        for name in ("selection_told", "cell_told"):
            getattr(self.view, name).connect(getattr(self, name))
        self.view.export_asked.connect(self._export_shown)

    # -- putting it together

    def _waiting(self) -> QWidget:
        self._phase = text("", "panel")
        self._progress = QProgressBar()
        self._progress.setRange(0, PHASES)
        self._progress.setTextVisible(False)
        self._progress.setFixedSize(320, 6)
        self._progress.setAccessibleName("Progress")
        whole = QWidget()
        middle = column(None, self._phase, 12, self._progress, None)
        layout = row(None, spacing=0)
        layout.addLayout(middle)
        layout.addStretch(1)
        whole.setLayout(layout)
        return whole

    def _comparison(self) -> QWidget:
        self._base = ElidedLabel("", "hint")
        self._mine, self._theirs = ElidedLabel("", "hint"), ElidedLabel("", "hint")
        self._names = {side: ElidedLabel("", "body") for side in ("Base", "Mine", "Theirs")}
        self._counts = {side: text("", "emphasis") for side in ("Mine", "Theirs")}
        self.choose_base = button(
            self._theme, "Choose base…", self.base_asked.emit, kind="tool", tip="Name the file that both started from"
        )
        versions = row(
            self._version("Base", self._base, self.choose_base),
            framed("divider"),
            self._version("Mine", self._mine, self._counts["Mine"]),
            framed("divider"),
            self._version("Theirs", self._theirs, self._counts["Theirs"]),
            spacing=0,
        )
        self.outcome = text("", "hint", wraps=True)
        whole = QWidget()
        table = column(self.view, 12, self.bar, 8, self.outcome, margins=(16, 0, 16, 8))
        layout = column(strip("toolStrip", versions, 56), self._tools())
        layout.addLayout(table, 1)
        whole.setLayout(layout)
        return whole

    def _version(self, side: str, words: ElidedLabel, beside: QWidget) -> QWidget:
        mark = framed(f"side{side}")
        mark.setFixedWidth(4)
        name = row(text(side, "emphasis"), self._names[side])
        name.setStretchFactor(self._names[side], 1)
        lines = column(None, spacing=2)
        lines.addLayout(name)
        lines.addWidget(words)
        lines.addStretch(1)
        layout = row(mark, spacing=8, margins=(16, 10, 16, 10))
        layout.addLayout(lines, 1)
        layout.addWidget(beside)
        whole = QWidget()
        whole.setLayout(layout)
        return whole

    def _tools(self) -> QWidget:
        theme = self._theme
        self.filters = QButtonGroup(self)
        shown: list[QPushButton] = []
        for at, (words, states) in enumerate(FILTERS):
            made = button(theme, words, partial(self._filter, states), kind="tool", tip=f"Show: {words.lower()}")
            made.setCheckable(True)
            self.filters.addButton(made, at)
            shown.append(made)
        self._left = text("", "secondary")
        self._left_count = text("", "problem")
        self.all_mine = button(theme, "Take mine everywhere", partial(self._take_all, Side.MINE), kind="tool")
        self.all_theirs = button(theme, "Take theirs everywhere", partial(self._take_all, Side.THEIRS), kind="tool")
        self.next = button(theme, "Next conflict", self.view.go_to_next_open, kind="tool", tip="Next conflict (F8)")
        tools = row(
            *shown,
            *(12, self._left, self._left_count, None),
            *(self.all_mine, self.all_theirs, self.next),
            margins=(16, 8, 16, 8),
        )
        whole = QWidget()
        whole.setLayout(tools)
        return whole

    # -- what is shown

    def wait(self, words: str, phase: int = 0) -> None:
        """Say what is being done before there is anything to show."""
        self._phase.setText(words)
        self._progress.setValue(phase)
        self._stack.setCurrentIndex(0)
        self.merge.setEnabled(False)

    def show_case(self, case: Reconciliation, own_name: str, person: str) -> None:
        """Show another merge, with the first conflict chosen."""
        self.model.take(case)
        self.view.fit_columns()
        self.bar.take(case, person)
        self._show_versions(case, own_name)
        self._stack.setCurrentIndex(1)
        self._count()
        self.filters.button(0 if self.model.count(State.CONFLICT) else len(FILTERS) - 1).click()
        self.view.setCurrentIndex(self.model.index(0, RESULT))
        self.show_outcome(None)

    def _show_versions(self, case: Reconciliation, own_name: str) -> None:
        theirs, named = case.theirs, case.base_path
        common = "what both started from" if case.base is not None else "nothing known in common"
        if case.base is not None and len(case.base.states) > 1:
            common = "saves that each has merged"
        self._names["Base"].show_words(common if named is None else named.name)
        self._base.show_words(_base_words(case))
        self.choose_base.setVisible(case.base is None or named is not None)
        self._names["Mine"].show_words(own_name)
        self._mine.show_words("this scenario, as it is open here")
        self._names["Theirs"].show_words(case.path.name)
        last = theirs.states[-1] if theirs.states else None
        self._theirs.show_words(
            ", ".join(filter(None, (last.record.person, saved_words(last), last.record.comment)))
            if last
            else "a workbook"
        )
        for side, state in (("Mine", State.MINE), ("Theirs", State.THEIRS)):
            count = self.model.count(state, State.SAME, State.CONFLICT)
            self._counts[side].setText("1 change" if count == 1 else f"{number_text(count)} changes")

    def _filter(self, states: tuple[State, ...]) -> None:
        self.model.show_states(states)
        if self.model.rowCount() and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.model.index(0, 0))

    def _take_all(self, side: Side) -> None:
        self.model.decide(self.model.changes, side)

    def _decided(self) -> None:
        self._count()
        self.bar.refresh()
        self.show_outcome(None)
        self.decided.emit()

    def _count(self) -> None:
        for made, (words, states) in zip(self.filters.buttons(), FILTERS, strict=True):
            made.setText(f"{words} {number_text(self.model.count(*states))}")
        total, left = self.model.count(State.CONFLICT), len(self.model.open_rows)
        self._left.setText("Conflicts left to decide" if total else "No conflicts")
        self._left_count.setText(f"{number_text(left)} of {number_text(total)}" if total else "")
        restyle(self._left_count, text_role="problem" if left else "emphasis")
        for made in (self.all_mine, self.all_theirs):
            made.setEnabled(total > 0)
        self.next.setEnabled(left > 0)

    def show_outcome(self, outcome: Outcome | None) -> None:
        """Say what comes of it; None: it is not known yet."""
        left = len(self.model.open_rows)
        self.merge.setEnabled(outcome is not None and not left)
        if outcome is None:
            words = "Decide every conflict, and the outcome is checked." if left else "Checking the outcome…"
            restyle(self.outcome, text_role="hint")
        else:
            words = _problem_words(outcome.new_problems)
            restyle(self.outcome, text_role="problem-hint" if _has_errors(outcome.new_problems) else "hint")
        self.outcome.setText(words)

    def tell_rows(self) -> None:
        """Say how many changes there are, and how many of them are shown."""
        whole, shown = self.model.source_count(), self.model.rowCount()
        words = f"{number_text(whole)} cells and rows differ" if whole != 1 else "1 cell or row differs"
        self.rows_told.emit(words if shown == whole else f"{number_text(shown)} shown, {words}")

    def _export_shown(self, _view: object, ending: str) -> None:
        self.file_asked.emit(export_as(table_exports(self.view, Source("Merge", "", "")), ending))

    def next_conflict(self) -> None:
        """Go to the next conflict that is left to decide."""
        self.view.go_to_next_open()

    def enter(self) -> None:
        """The page comes into view."""
        self.tell_rows()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)


def _base_words(case: Reconciliation) -> str:
    if case.base is None:
        return "What is alike in both stays, what differs is a question."
    if not case.base.states:
        return "as you named it"
    told = (
        ", ".join(filter(None, (f"saved {saved_words(state)}", state.record.person, state.record.comment)))
        for state in case.base.states
    )
    return " and ".join(told)


def _has_errors(problems: tuple[Problem, ...]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _problem_words(problems: tuple[Problem, ...]) -> str:
    if not problems:
        return "The outcome was checked: it has no problem that this scenario has not now."
    count = "1 new problem" if len(problems) == 1 else f"{number_text(len(problems))} new problems"
    told = " ".join(problem.message for problem in problems[:MOST_PROBLEMS])
    more = len(problems) - MOST_PROBLEMS
    return f"The outcome has {count}: {told}" + (f" … and {number_text(more)} more." if more > 0 else "")
