"""Exchange: scenario files, workbooks in and out, field data, the plan workbook."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QScrollArea, QStackedWidget, QWidget

from ui.desktop.files.filing import Filing
from ui.desktop.files.intaking import Intaking
from ui.desktop.files.saving import Saving
from ui.desktop.parts import button, column, framed, give_mnemonics, line, row, strip, text
from ui.desktop.session import Session
from ui.desktop.theme import Theme

NEEDS_NOTHING, NEEDS_DOCUMENT, NEEDS_PLAN = range(3)


class Entry(NamedTuple):
    """One thing to do: its button, what it is about, what it needs, and its key."""

    label: str
    icon: str
    action: Callable[[], object]
    words: str
    needs: int = NEEDS_NOTHING
    key: str = ""


class ExchangePage(QWidget):
    """One panel per kind of file, one line per thing to do with it."""

    rows_told = Signal(str)
    page_shown = Signal()
    merge_asked = Signal()
    compare_asked = Signal()
    history_asked = Signal()
    share_asked = Signal()
    backups_asked = Signal()

    def __init__(self, theme: Theme, session: Session, filing: Filing, saving: Saving, intaking: Intaking) -> None:
        super().__init__()
        self.setObjectName("page")
        self._session, self._theme = session, theme
        self._buttons: list[tuple[QPushButton, int]] = []
        self._where = text("", "hint", wraps=True)
        left = column(*self._inside(filing, saving), None, spacing=12)
        right = column(*self._across(filing, intaking), None, spacing=12)
        give_mnemonics(made for made, _ in self._buttons)
        columns = row(spacing=12, margins=(16, 12, 16, 12))
        for half in (left, right):
            columns.addLayout(half, 1)
        inner = QWidget()
        inner.setLayout(columns)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        head = row(text("Exchange", "page"), 8, self._where, None, margins=(16, 0, 16, 0))
        head.setStretch(2, 1)
        home = QWidget()
        home.setLayout(column(strip("subHeader", head, 44), area))
        self._stack = QStackedWidget()
        self._stack.addWidget(home)
        self.setLayout(column(self._stack))
        session.document_changed.connect(self.refresh)
        session.plans_changed.connect(self.refresh)
        self.refresh()

    def _inside(self, filing: Filing, saving: Saving) -> tuple[QWidget, ...]:
        """The file itself, its versions, and copies of it."""
        return (
            self._panel(
                "Scenario file",
                "One .concord file holds the scenario and its plans: to send, copy or keep on a shared folder.",
                Entry("Open…", "open", filing.ask_open, "Another scenario file or workbook", key="Ctrl O"),
                Entry("Save", "save", saving.save, "To the file it was opened from", NEEDS_DOCUMENT, "Ctrl S"),
                Entry(
                    *("Save with comment…", "save", saving.ask_save_with_comment),
                    *("With a sentence for the history", NEEDS_DOCUMENT),
                ),
                Entry("Save as…", "save", saving.ask_save_as, "Under another name", NEEDS_DOCUMENT, "Ctrl Shift S"),
            ),
            self._panel(
                "Versions",
                "What you and others did to this scenario. One Undo takes a merge back.",
                Entry(
                    *("Merge a file…", "exchange", self.merge_asked.emit),
                    *("What somebody changed in a copy, beside yours", NEEDS_DOCUMENT),
                ),
                Entry("Compare…", "search", self.compare_asked.emit, "What differs from a file, or between two files"),
                Entry(
                    *("History", "undo", self.history_asked.emit),
                    *("Who changed what and when; restore a state", NEEDS_DOCUMENT),
                ),
                Entry(
                    *("Earlier versions…", "undo", self.backups_asked.emit),
                    *("The last five that saving replaced, kept for you", NEEDS_DOCUMENT),
                ),
            ),
            self._panel(
                "Copy for others",
                "What others may not see never enters the copy. You see what leaves before it leaves.",
                Entry(
                    *("Share a copy…", "lock", self.share_asked.emit),
                    *("For the public, all partners or one of them", NEEDS_DOCUMENT),
                ),
            ),
        )

    def _across(self, filing: Filing, intaking: Intaking) -> tuple[QWidget, ...]:
        """What becomes a scenario, what comes into this one, and what goes out of it."""
        return (
            self._panel(
                "New scenario",
                "What is read becomes a scenario of its own. Nothing is written until you save it.",
                Entry("New scenario", "document", filing.start_empty, "Start with empty tables"),
                Entry("Open sample", "overview", filing.open_sample, "An invented programme to try"),
                Entry(
                    *("Import workbook…", "import", filing.ask_import_workbook),
                    "A scenario workbook (.xlsx), one sheet per table",
                ),
                Entry(
                    *("Import FTS flows…", "import", filing.ask_import_fts),
                    "Funding as the Financial Tracking Service has it",
                ),
            ),
            self._panel(
                "Into this scenario",
                "What is read is shown row by row first. One Undo takes all of it back.",
                Entry(
                    *("Import returned workbooks…", "import", intaking.ask_returned),
                    *("What partners and the board filled in", NEEDS_DOCUMENT),
                ),
                Entry(
                    *("Import field table or IATI…", "import", intaking.ask_field_table),
                    *("Who does what where (3W to 5W), people in need, activities published in IATI", NEEDS_DOCUMENT),
                ),
            ),
            self._panel(
                "Out of this scenario",
                "Workbooks for Excel and LibreOffice. They are copies: changing them changes nothing here.",
                Entry(
                    *("Export scenario workbook…", "export", filing.ask_export_scenario),
                    *("Every table on a sheet of its own", NEEDS_DOCUMENT),
                ),
                Entry(
                    *("Export plan workbook…", "export", filing.ask_export_plan),
                    *("The plan in view, with reasons and charts", NEEDS_PLAN),
                ),
                Entry(
                    *("Export partners’ workbooks…", "export", intaking.ask_hand_out),
                    *("One for each partner, to fill in and send back", NEEDS_DOCUMENT),
                ),
            ),
        )

    def _panel(self, title: str, words: str, *entries: Entry) -> QWidget:
        layout = column(
            text(title, "panel"), text(words, "secondary", wraps=True), 4, spacing=2, margins=(20, 10, 20, 6)
        )
        for entry in entries:
            made = button(self._theme, entry.label, entry.action, icon=entry.icon, kind="entry", tip=entry.words)
            made.setFixedWidth(232)
            self._buttons.append((made, entry.needs))
            layout.addWidget(line())
            across = row(made, 4, text(entry.words, "secondary", wraps=True), text(entry.key, "faint"))
            across.setContentsMargins(0, 2, 0, 2)
            across.setStretch(2, 1)
            layout.addLayout(across)
        return framed("panel", layout)

    def refresh(self) -> None:
        """Switch off what cannot be done now."""
        plan = self._session.plan
        for made, needs in self._buttons:
            has_plan = plan is not None and plan.has_allocations
            made.setEnabled({NEEDS_DOCUMENT: self._session.has_document, NEEDS_PLAN: has_plan}.get(needs, True))
        path = self._session.path
        self._where.setText(
            str(path) if path else "This scenario has no file yet." if self._session.has_document else ""
        )
        self._where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._where.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def add_page(self, page: QWidget) -> None:
        """Keep a page that can be shown in the place of the panels."""
        self._stack.addWidget(page)

    def show_page(self, page: QWidget) -> None:
        """Show a page that was added."""
        self._stack.setCurrentWidget(page)
        self.page_shown.emit()

    def show_home(self) -> None:
        """Show the panels again."""
        self._stack.setCurrentIndex(0)
        self.rows_told.emit("")

    @property
    def page(self) -> QWidget | None:
        """What is shown: the panels, or a page in their place."""
        return self._stack.currentWidget()

    def enter(self) -> None:
        """The page comes into view."""
        self.rows_told.emit("")
        enter = getattr(self.page, "enter", None)
        if enter is not None:
            enter()
