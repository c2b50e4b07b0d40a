"""The conflict with the cursor in words, and the ways to decide it."""

from PySide6.QtWidgets import QFrame, QLabel, QLineEdit

from planner.cells import CellError, read_cell
from planner.merge import Change, Disputed, Side, State, Written
from planner.merge.change import EXTRA, Presence
from planner.merge.words import NOTHING
from planner.reconciliation import Reconciliation
from planner.separators import AMOUNTS
from planner.store import State as Save
from resources.columns import Kind
from ui.desktop.figures import own_signs
from ui.desktop.icons import pixmap
from ui.desktop.parts import button, column, row, text
from ui.desktop.theme import Theme
from ui.desktop.versions.merge_view import MergeView
from ui.desktop.versions.moments import moment_words

MOST_LETTERS = 18  # of a value on a button
ICON = 18


class DecisionBar(QFrame):
    """Says who wrote what, and takes a side or another value for what is selected."""

    def __init__(self, theme: Theme, view: MergeView) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setFixedHeight(64)
        self._theme, self._view = theme, view
        self._case: Reconciliation | None = None
        self._person = ""
        self._icon = QLabel()
        self._title, self.words = text("", "emphasis"), text("", "secondary", wraps=True)
        self.mine = button(theme, "Take mine", lambda: view.take(Side.MINE), kind="tool", tip="Take mine (M)")
        self.theirs = button(theme, "Take theirs", lambda: view.take(Side.THEIRS), kind="tool", tip="Take theirs (T)")
        self.other = QLineEdit()
        self.other.setPlaceholderText("other…")
        self.other.setAccessibleName("Another value for this conflict")
        self.other.setFixedWidth(110)
        self.other.returnPressed.connect(self._write)
        layout = row(self._icon, spacing=12, margins=(14, 6, 14, 6))
        lines = column(None, self._title, self.words, None, spacing=1)
        layout.addLayout(lines, 1)
        for widget in (self.mine, self.theirs, self.other):
            layout.addWidget(widget)
        self.setLayout(layout)
        theme.changed.connect(self.refresh)

    def take(self, case: Reconciliation, person: str) -> None:
        """Speak about another merge; `person` is who works here."""
        self._case, self._person = case, person

    def show_change(self, change: Change | None) -> None:
        """The cursor is at another change."""
        self.other.clear()
        self.refresh()

    def refresh(self) -> None:
        """Say again what there is to decide."""
        change = self._view.change
        is_open = change is not None and change.state is State.CONFLICT
        is_decided = is_open and change is not None and change.key in self._view.merges.decisions
        name, role = ("check", "accent") if not is_open or is_decided else ("problem", "problem")
        self._icon.setPixmap(pixmap(name, getattr(self._theme.palette, role), ICON, self.devicePixelRatioF()))
        for widget in (self.mine, self.theirs, self.other):
            widget.setVisible(is_open)
        if change is None or self._case is None:
            self._title.setText("")
            self.words.setText("")
            return
        row_words, column_words = self._view.merges.row_words(change)
        self._title.setText(f"{row_words}, {column_words}")
        self.words.setText(self._sentence(change) if is_open else _quiet_words(change))
        if is_open:
            for made, word, value in ((self.mine, "mine", change.mine), (self.theirs, "theirs", change.theirs)):
                words = self._view.merges.words_of(change, value)
                short = words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1]}…"
                made.setText(f"Take {word}, {short}".replace("&", "&&"))
            self.other.setVisible(not change.is_row and change.key.column != EXTRA.name)

    def _sentence(self, change: Change) -> str:
        assert self._case is not None
        mine = _by(self._case.mine_by.get(change.key), self._person, "You")
        last = self._case.theirs.states[-1] if self._case.theirs.states else None
        theirs = _by(self._case.theirs_by.get(change.key, last), self._person, "the other file")
        if change.is_row:
            verbs = {Presence.DELETED: "deleted this row", Presence.CHANGED: "changed it"}
            return (
                f"{mine[0]} {verbs[change.mine]}{mine[1]}, {theirs[0]} {verbs[change.theirs]}{theirs[1]}. Choose one."
            )
        told = f"{mine[0]} wrote {self._quoted(change, change.mine)}{mine[1]}, "
        told += f"{theirs[0]} wrote {self._quoted(change, change.theirs)}{theirs[1]}. "
        if change.base is Presence.ABSENT:
            return told + ("Both added this row." if self._case.base is not None else "Both have this row.")
        if isinstance(change.base, Disputed):
            return told + "Each had merged the other's save and stayed with something else."
        return told + f"Both started from {self._quoted(change, change.base)}."

    def _quoted(self, change: Change, value: object) -> str:
        """A value inside a sentence; texts in quotes, an empty one as `nothing`."""
        words = self._view.merges.words_of(change, value)
        if words == NOTHING:
            return "nothing"
        return f"“{words}”" if change.key.column == EXTRA.name or change.column.kind is Kind.TEXT else words

    def _write(self) -> None:
        change = self._view.change
        if change is None or self._case is None:
            return
        try:
            words = self.other.text()
            if change.column.kind in AMOUNTS:
                words = own_signs().certain(words)
            value = read_cell(change.column, words, self._case.merged.scenario.settings)
        except CellError as problem:
            self.words.setText(str(problem))
            return
        self._view.merges.decide([change], Written(value))
        self._view.setFocus()


def _by(save: Save | None, person: str, nobody: str) -> tuple[str, str]:
    """Who wrote something, and when."""
    if save is None:
        return nobody, ""
    who = save.record.person
    is_me = bool(who) and who == person and nobody == "You"
    when = moment_words(save.saved_at)
    return "You" if is_me else who or nobody, f" {when}" if when else ""


def _quiet_words(change: Change) -> str:
    return {
        State.MINE: "Only this scenario changed it: it stays.",
        State.THEIRS: "Only the other file changed it: it comes in.",
        State.SAME: "Both changed it alike.",
    }[change.state]
