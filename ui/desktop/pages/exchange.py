"""Exchange: scenario files, workbooks in and out, field data, the plan workbook."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ui.desktop.files.filing import Filing
from ui.desktop.files.intaking import Intaking
from ui.desktop.parts import button, column, framed, give_mnemonics, line, row, strip, text
from ui.desktop.session import Session
from ui.desktop.theme import Theme

NEEDS_NOTHING, NEEDS_DOCUMENT, NEEDS_PLAN = range(3)


class ExchangePage(QWidget):
    """One panel per kind of file, one line per thing to do with it."""

    rows_told = Signal(str)
    page_shown = Signal()
    merge_asked = Signal()
    compare_asked = Signal()
    history_asked = Signal()
    share_asked = Signal()
    backups_asked = Signal()

    def __init__(self, theme: Theme, session: Session, filing: Filing, intaking: Intaking) -> None:
        super().__init__()
        self.setObjectName("page")
        self._session, self._theme = session, theme
        self._buttons: list[tuple[QPushButton, int]] = []
        self._where = text("", "hint", wraps=True)
        panels = (
            self._panel(
                "Scenario file",
                "One .concord file holds the scenario and its plans. Send it, copy it, keep it on a shared folder.",
                ("Open…", "open", filing.ask_open, NEEDS_NOTHING, "Open another scenario file or workbook", "Ctrl O"),
                ("Save", "save", filing.save, NEEDS_DOCUMENT, "Save to the file it was opened from", "Ctrl S"),
                (
                    *("Save with comment…", "save", filing.ask_save_with_comment, NEEDS_DOCUMENT),
                    *("Say in the history what this save is about", ""),
                ),
                ("Save as…", "save", filing.ask_save_as, NEEDS_DOCUMENT, "Save under another name", "Ctrl Shift S"),
                ("New scenario", "document", filing.start_empty, NEEDS_NOTHING, "Start with empty tables", ""),
                (
                    "Open sample",
                    "overview",
                    filing.open_sample,
                    NEEDS_NOTHING,
                    "An invented programme to try",
                    "",
                ),
            ),
            self._panel(
                "New scenario from…",
                "What is read becomes a scenario of its own. Nothing is written until you save it.",
                (
                    *("Import workbook…", "import", filing.ask_import_workbook, NEEDS_NOTHING),
                    *("A scenario workbook (.xlsx) with one sheet per table", ""),
                ),
                (
                    *("Import FTS flows…", "import", filing.ask_import_fts, NEEDS_NOTHING),
                    *("Funding flows as the Financial Tracking Service exports them (.csv)", ""),
                ),
            ),
            self._panel(
                "Into this scenario",
                "What is read is shown row by row first. One Undo takes all of it back.",
                (
                    *("Import returned workbooks…", "import", intaking.ask_returned, NEEDS_DOCUMENT),
                    *("What partners and the board filled in; several files at once", ""),
                ),
                (
                    *("Import field table…", "import", intaking.ask_field_table, NEEDS_DOCUMENT),
                    *("Who does what where (3W, 4W, 5W), and people in need by region (.xlsx, .csv)", ""),
                ),
            ),
            self._panel(
                "Versions",
                "What you and others did to this scenario. Nothing is overwritten, and one Undo takes a merge back.",
                (
                    *("Merge a file…", "exchange", self.merge_asked.emit, NEEDS_DOCUMENT),
                    *("Bring in what somebody changed in a copy, side by side with your own changes", ""),
                ),
                (
                    *("Compare…", "search", self.compare_asked.emit, NEEDS_NOTHING),
                    *("What differs between this scenario and a file, or between two files", ""),
                ),
                (
                    *("History", "undo", self.history_asked.emit, NEEDS_DOCUMENT),
                    *("Who changed what and when; take up an earlier state again", ""),
                ),
                (
                    *("Earlier versions…", "undo", self.backups_asked.emit, NEEDS_DOCUMENT),
                    *("The last five versions of the file that saving replaced, kept for you alone", ""),
                ),
            ),
            self._panel(
                "Copy for others",
                "What others may not see never enters the copy. You see what leaves before it leaves.",
                (
                    *("Share a copy…", "lock", self.share_asked.emit, NEEDS_DOCUMENT),
                    *("For the public, all partners or one of them; protected by a passphrase if you like", ""),
                ),
            ),
            self._panel(
                "Out of this scenario",
                "Workbooks open in Excel and LibreOffice. They are copies: changing them changes nothing here.",
                (
                    *("Export scenario workbook…", "export", filing.ask_export_scenario, NEEDS_DOCUMENT),
                    *("Every table on its own sheet; importing it gives the same scenario", ""),
                ),
                (
                    *("Export plan workbook…", "export", filing.ask_export_plan, NEEDS_PLAN),
                    *("The plan in view: coverage, allocations, gaps, partners, with reasons and charts", ""),
                ),
                (
                    *("Export partners’ workbooks…", "export", intaking.ask_hand_out, NEEDS_DOCUMENT),
                    *("One for each partner: its own pledges and refusals to fill in and send back", ""),
                ),
            ),
        )
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        give_mnemonics(made for made, _ in self._buttons)
        scenario_file, bring_in, take_in, versions_panel, share, hand_out = panels
        left = column(scenario_file, 12, versions_panel, None)
        right = column(bring_in, 12, take_in, 12, hand_out, 12, share, None)
        columns = row(spacing=12)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        layout.addLayout(columns)
        layout.addStretch(1)
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

    def _panel(self, title: str, words: str, *actions: tuple) -> QWidget:  # type: ignore[type-arg]
        layout = column(
            text(title, "panel"), text(words, "secondary", wraps=True), 8, spacing=4, margins=(20, 14, 20, 10)
        )
        for label, icon, action, needs, meaning, key in actions:
            made = button(self._theme, label, action, icon=icon, kind="entry", tip=meaning)
            made.setFixedWidth(240)
            self._buttons.append((made, needs))
            layout.addWidget(line())
            entry = row(made, 4, text(meaning, "secondary", wraps=True), text(key, "faint"), margins=(0, 5, 0, 5))
            entry.setStretch(2, 1)
            layout.addLayout(entry)
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
