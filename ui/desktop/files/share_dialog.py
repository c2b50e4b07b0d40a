"""A copy for others, looked at before it leaves: for whom, what leaves, what stays, and a passphrase where wanted."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLineEdit, QWidget

from planner.problems import Place
from planner.scenario import Scenario
from planner.sharing import Audience, audiences
from planner.sharing.words import Line, Outlook
from planner.store.protection import SHORTEST
from ui.desktop.parts import button, column, row, text
from ui.desktop.tables.headings import place_title
from ui.desktop.tables.plain_table import fill, plain_table
from ui.desktop.theme import Theme

SIZE = (920, 680)


class ShareDialog(QDialog):
    """Asks whom a copy is for; closing it writes nothing. `look` is called for every choice, and shows its result."""

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        scenario: Scenario,
        *,
        look: Callable[[Audience], object],
        write: Callable[[Audience, str], object],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Share a copy")
        self.resize(*SIZE)
        self._look, self._write = look, write
        self._may_leave = False
        self._outlook: Outlook | None = None
        self.audience = QComboBox()
        self.audience.setAccessibleName("Whom the copy is for")
        names = {row.code: row.name for row in scenario.partners}
        for each in audiences(scenario):
            self.audience.addItem(_words(each, names), each)
        self.leaving = plain_table("What leaves", ("Table", "Rows", "Columns"))
        self.staying = plain_table("What stays here", ("Table", "Rows", "What"))
        self.label = text("", "hint")
        self.row_by_row = QCheckBox("Row by row")
        self.row_by_row.setToolTip("Every row that stays, instead of their number")
        self.hint = text("", "hint", wraps=True)
        self.protect = QCheckBox("Protect the copy by a passphrase")
        self.passphrase, self.again = _secret("Passphrase"), _secret("The same once more")
        self.make = button(theme, "Write copy…", self._chosen, kind="primary")
        cancel = button(theme, "Cancel", self.reject)
        layout = column(margins=(20, 16, 20, 16))
        layout.addLayout(row(text("For"), 8, self.audience, 12, self.label, None))
        for head, table in (
            (row(text("Leaves", "panel"), None), self.leaving),
            (row(text("Stays here", "panel"), None, self.row_by_row), self.staying),
        ):
            layout.addSpacing(12)
            layout.addLayout(head)
            layout.addWidget(table, 1)
        layout.addSpacing(12)
        layout.addLayout(row(self.protect, 12, self.passphrase, 8, self.again))
        layout.addWidget(self.hint)
        layout.addSpacing(12)
        layout.addLayout(row(text("What comes back is merged with this file.", "hint"), None, cancel, 8, self.make))
        self.setLayout(layout)
        self.audience.currentIndexChanged.connect(lambda _: self.look_again())
        self.row_by_row.toggled.connect(lambda _: self._show_staying())
        self.protect.toggled.connect(lambda _: self._refresh())
        for field in (self.passphrase, self.again):
            field.textChanged.connect(lambda _: self._refresh())
        self.look_again()

    @property
    def chosen(self) -> Audience:
        """Whom the copy is for."""
        audience: Audience = self.audience.currentData()
        return audience

    def look_again(self) -> None:
        """Find out what leaves for the audience that is chosen; until then nothing can be written."""
        self._may_leave = False
        self._show(None)
        self._look(self.chosen)

    def show_outlook(self, audience: Audience, outlook: Outlook) -> None:
        """What leaves for an audience and what stays, if that one is still chosen."""
        if audience == self.chosen:
            self._may_leave = True
            self._show(outlook)

    def show_refusal(self, audience: Audience, words: str) -> None:
        """Why there is no copy for an audience."""
        if audience == self.chosen:
            self._show(None)
            self.hint.setText(words)

    def _show(self, outlook: Outlook | None) -> None:
        self._outlook = outlook
        self.label.setText(outlook.label if outlook else "")
        fill(self.leaving, _titled(outlook.leaving) if outlook else ())
        self.leaving.resizeRowsToContents()
        self._show_staying()
        self._refresh()

    def _show_staying(self) -> None:
        outlook, lines = self._outlook, tuple[Line, ...]()
        if outlook is not None:
            lines = _titled(outlook.staying_rows if self.row_by_row.isChecked() else outlook.staying)
        fill(self.staying, lines)
        self.staying.resizeRowsToContents()

    def _refresh(self) -> None:
        is_protected = self.protect.isChecked()
        for field in (self.passphrase, self.again):
            field.setEnabled(is_protected)
        words = ""
        no_way_in = "Without it nobody can open the copy, and there is no other way in."
        if is_protected and len(self.passphrase.text()) < SHORTEST:
            words = f"A passphrase needs at least {SHORTEST} characters; several words are best. {no_way_in}"
        elif is_protected and self.passphrase.text() != self.again.text():
            words = f"The two passphrases differ. {no_way_in}"
        elif is_protected:
            words = f"{no_way_in} Send it another way than the file."
        self.hint.setText(words)
        is_sound = not is_protected or (
            len(self.passphrase.text()) >= SHORTEST and self.passphrase.text() == self.again.text()
        )
        self.make.setEnabled(self._may_leave and is_sound)

    def _chosen(self) -> None:
        passphrase = self.passphrase.text() if self.protect.isChecked() else ""
        self.accept()
        self._write(self.chosen, passphrase)


def _words(audience: Audience, names: dict[str, str]) -> str:
    if audience.partner:
        return ", ".join(filter(None, (audience.partner, names[audience.partner])))
    return "Everybody (public)" if str(audience) == "public" else "All partners"


def _titled(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with the titles of the tables in place of the names of their sheets."""
    return tuple((_table_title(sheet), rows, columns) for sheet, rows, columns in lines)


def _table_title(sheet: str) -> str:
    return sheet if sheet in ("Plans", "History") else place_title(Place(sheet))


def _secret(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setPlaceholderText(name)
    field.setAccessibleName(name)
    return field
