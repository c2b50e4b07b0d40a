"""The objectives in their order: dragged, or moved by Alt+Up and Alt+Down; the first one counts before all others."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from planner import edits
from planner.cells import read_cell
from planner.problems import ConcordError
from planner.report.table import PERCENT, Table
from planner.rulebook import OBJECTIVES
from planner.scenario import Objective, Scenario
from resources.columns import columns_of
from ui.desktop.figures import number_text, plain_entry
from ui.desktop.icons import pixmap
from ui.desktop.parts import ElidedLabel, button, column, cross, framed, remove_widget, row, tabular, text
from ui.desktop.rules.rule_row import ValueField
from ui.desktop.session import Session
from ui.desktop.tables.cell_words import share_text
from ui.desktop.tables.chooser import Chooser, Entry
from ui.desktop.theme import Theme

HEIGHT = 56
TOLERANCE = next(described for described in columns_of(Objective) if described.name == "tolerance")


class ObjectiveRow(QFrame):
    """One objective; the whole row can be dragged."""

    moved = Signal(object, int)  # itself, places down
    stepped = Signal(object, int)  # itself, rows to go down
    chosen = Signal(str)  # its key

    def __init__(self, theme: Theme, objective: Objective) -> None:
        super().__init__()
        self.setObjectName("objectiveRow")
        self.objective = objective
        self._pressed_at: float | None = None
        reference = OBJECTIVES.get(objective.objective)
        self.title = reference.title if reference is not None else f"“{objective.objective}”"
        grip = QLabel()
        grip.setPixmap(pixmap("grip", theme.palette.ink_3, 14, self.devicePixelRatioF()))
        self._rank = text("", "link")
        self._rank.setFixedWidth(14)
        self.field = ValueField(f"{self.title}: may give up")
        self._follows = text("", "hint")
        self.problem = text("", "problem-hint", wraps=True)
        self._figure = tabular(text("", "emphasis"))
        self._figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.remove = cross(theme, lambda: None, f"Delete objective: {self.title}")
        statement = ElidedLabel(reference.statement if reference is not None else "There is no such objective.", "hint")
        below = row(statement, self._follows, self.field, spacing=4)
        below.setStretch(0, 1)
        words = column(spacing=2)
        words.addLayout(row(text(self.title, "emphasis"), None, self._figure))
        words.addLayout(below)
        line = row(grip, self._rank, spacing=8)
        line.addLayout(words, 1)
        line.addWidget(self.remove)
        layout = column(spacing=2, margins=(12, 6, 6, 6))
        layout.addLayout(line)
        layout.addWidget(self.problem)
        self.setLayout(layout)
        self.setMinimumHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def show_objective(self, objective: Objective, rank: int, is_last: bool, figure: str) -> None:
        """Show it as it is now."""
        self.objective = objective
        self._rank.setText(str(rank))
        self._figure.setText(figure)
        self._follows.setText("last, nothing follows" if is_last else "may give up")
        self.field.setVisible(not is_last)
        share = objective.tolerance
        self.field.show_value(share_text(share), share_text(share, in_own_language=True))
        self.tell_problem("")
        self.setAccessibleName(f"Objective {rank}: {self.title}")
        self.setAccessibleDescription("Alt+Up and Alt+Down move it")

    def tell_problem(self, words: str) -> None:
        """Say what is wrong with what was typed; nothing where all is well."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag may begin."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.globalPosition().y()
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.raise_()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row goes with the mouse."""
        if self._pressed_at is not None:
            self.move(self.x(), self._home() + round(event.globalPosition().y() - self._pressed_at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It is put down where it is nearest."""
        if self._pressed_at is None:
            return
        places = round((event.globalPosition().y() - self._pressed_at) / self.height())
        self._pressed_at = None
        self.move(self.x(), self._home())
        if places:
            self.moved.emit(self, places)

    def _home(self) -> int:
        parent = self.parentWidget()
        layout = parent.layout() if parent is not None else None
        item = layout.itemAt(layout.indexOf(self)) if layout is not None else None
        return item.geometry().y() if item is not None else self.y()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Up and Alt+Down move it, Up and Down go from one to the next."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(self, step)
        elif step:
            self.stepped.emit(self, step)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        """Explain it."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.chosen.emit(self.objective.objective)


class ObjectiveList(QFrame):
    """A panel with the objectives, in the order in which they count."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._theme, self._session = theme, session
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._chooser = Chooser(theme, "Add objective", "Type to find an objective", self)
        self._chooser.chosen.connect(self._add)
        self._add_button = button(theme, "Add &objective…", self._choose, icon="add", kind="flat", name="Add objective")
        title = row(text("Objectives, in order", "panel"), None, text("Alt ↑ ↓ moves one", "hint"))
        title.setContentsMargins(14, 9, 14, 9)
        holder = QWidget()
        holder.setLayout(self._rows)
        layout = column()
        layout.addLayout(title)
        layout.addWidget(holder)
        layout.addWidget(framed("rule"))
        layout.addLayout(row(self._add_button, None, margins=(6, 4, 6, 4)))
        self.setLayout(layout)

    @property
    def ranked(self) -> list[int]:
        """The rows of the table in the order in which they count."""
        ranks = {key: rank for rank, key in enumerate(OBJECTIVES)}
        rows = self._session.scenario.objectives
        return sorted(range(len(rows)), key=lambda at: (rows[at].order, ranks.get(rows[at].objective, len(ranks))))

    def refresh(self, figures: Table | None) -> None:
        """Show them as they are now; each stays the same widget, so that it keeps the focus."""
        objectives = self._session.scenario.objectives
        known = {made.objective.id: made for made in self.rows()}
        values = {row[figures.positions["objective"]]: row for row in figures.rows} if figures is not None else {}
        for gone in known.keys() - {objective.id for objective in objectives}:
            remove_widget(self._rows, known.pop(gone))
        for place, index in enumerate(self.ranked):
            objective = objectives[index]
            made = known.get(objective.id)
            if made is not None and made.objective.objective != objective.objective:
                remove_widget(self._rows, made)
                made = None
            made = made or self._made(objective)
            if self._rows.indexOf(made) != place:
                self._rows.insertWidget(place, made)
            figure = figure_words(figures, values.get(made.title))
            made.show_objective(objective, place + 1, place == len(objectives) - 1, figure)

    def _made(self, objective: Objective) -> ObjectiveRow:
        made = ObjectiveRow(self._theme, objective)
        made.moved.connect(self._move)
        made.stepped.connect(self._step)
        made.chosen.connect(self.chosen)
        made.field.entered.connect(lambda words: self._give_up(made, words))
        made.remove.clicked.connect(lambda _checked=False: self._delete(made))
        return made

    def rows(self) -> list[ObjectiveRow]:
        """The rows from first to last."""
        items = (self._rows.itemAt(at) for at in range(self._rows.count()))
        return [widget for item in items if item is not None and isinstance(widget := item.widget(), ObjectiveRow)]

    def _step(self, made: ObjectiveRow, down: int) -> None:
        rows = self.rows()
        to = rows.index(made) + down
        if 0 <= to < len(rows):
            rows[to].setFocus(Qt.FocusReason.TabFocusReason)

    def _move(self, moved: ObjectiveRow, places: int) -> None:
        ranked = self.ranked
        index = self._index_of(moved.objective)
        at = ranked.index(index)
        to = max(0, min(len(ranked) - 1, at + places))
        if to != at:
            ranked.insert(to, ranked.pop(at))
            self._apply(f"move “{moved.title}”", lambda scenario: edits.rank_objectives(scenario, ranked))

    def _give_up(self, changed: ObjectiveRow, words: str) -> None:
        index = self._index_of(changed.objective)
        try:
            value = read_cell(TOLERANCE, plain_entry(TOLERANCE.kind, words))
        except ConcordError as problem:
            changed.tell_problem(f"{problem} Until then {share_text(changed.objective.tolerance)} counts.")
            return
        self._apply(
            f"change “{changed.title}”",
            lambda scenario: edits.set_cell(scenario, "objectives", index, "tolerance", value),
        )

    def _delete(self, gone: ObjectiveRow) -> None:
        index = self._index_of(gone.objective)
        self._apply(f"delete “{gone.title}”", lambda scenario: edits.delete_rows(scenario, "objectives", [index]))

    def _choose(self) -> None:
        used = {row.objective for row in self._session.scenario.objectives}
        entries = [Entry(each.title, each.statement, each.key) for each in OBJECTIVES.values() if each.key not in used]
        self._chooser.pop_up(self._add_button, entries, QSize(420, 330))

    def _add(self, key: str) -> None:
        title = OBJECTIVES[key].title
        self._apply(f"add “{title}”", lambda scenario: edits.add_row(scenario, "objectives", objective=key))

    def _index_of(self, objective: Objective) -> int:
        ids: Sequence[str] = [row.id for row in self._session.scenario.objectives]
        return ids.index(objective.id)

    def _apply(self, label: str, edit: Callable[[Scenario], Scenario]) -> None:
        self._session.apply(label, edit)


def figure_words(figures: Table | None, values: tuple[object, ...] | None) -> str:
    """What the plan in view reaches of an objective: `74.4 %`, `571,300 USD`."""
    if figures is None or values is None:
        return ""
    value, unit = values[figures.positions["value"]], str(values[figures.positions["unit"]])
    if not isinstance(value, int | float):
        return ""
    if unit == PERCENT:
        return f"{number_text(value * 100, 1)} %"
    return f"{number_text(value, 0) if abs(value) >= 1000 else number_text(value)} {unit}".strip()
