"""The keys of the window: what help tells of is what there is."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit

from ui.desktop.frame.sidebar import PLACES
from ui.desktop.help.shortcuts import PLACE_KEYS, WINDOW_KEYS
from ui.desktop.pages.rules import RulesPage
from ui.desktop.pages.tables import TablesPage

if TYPE_CHECKING:
    from ui.desktop.window import Window


class Keys(QObject):
    """Ties every key to what it does in the window or on the page in view."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        session = window.session
        actions: dict[str, Callable[[], object]] = {
            "F1": window.guidance.help,
            "Ctrl+K": window.guidance.search,
            "F5": window.start_plan,
            "F8": window.next_problem,
            "Ctrl+I": window.results.ask_why,
            "Escape": self._escape,
            "Ctrl+Z": session.undo,
            "Ctrl+Y": session.redo,
            "Ctrl+Shift+Z": session.redo,
            "Ctrl+O": window.filing.ask_open,
            "Ctrl+S": self._save,
            "Ctrl+Shift+S": self._save_as,
            "Ctrl++": self._add_row,
            "Ctrl+-": self._delete_rows,
        }
        for (key, _), (name, _) in zip(PLACE_KEYS, PLACES, strict=True):
            actions[key] = partial(window.go, name)
        for key, _ in (*WINDOW_KEYS, *PLACE_KEYS):
            QShortcut(QKeySequence(key), window).activated.connect(actions.pop(key))
        assert not actions

    def _save(self) -> None:
        self._window.commit_editor()
        self._window.saving.save()

    def _save_as(self) -> None:
        self._window.commit_editor()
        self._window.saving.ask_save_as()

    def _escape(self) -> None:
        """Leave what is temporary, the nearest first: a filter field, a panel, the run, a message."""
        window, focus = self._window, QApplication.focusWidget()
        if isinstance(focus, QLineEdit) and focus.property("kind") == "filter":
            focus.clear()
            page = window.pages[window.place]
            if isinstance(page, TablesPage | RulesPage):
                page.view.setFocus()
        elif window.help.is_open:
            window.help.close_panel()
        elif window.why.is_open and (window.run is None or (focus is not None and window.why.isAncestorOf(focus))):
            window.why.close_panel()
        elif window.run is not None:  # as its button says, whatever else is open
            window.stop_plan()
        else:
            window.notice.hide()

    def _add_row(self) -> None:
        page = self._window.pages[self._window.place]
        if isinstance(page, TablesPage | RulesPage):
            page.add_row()

    def _delete_rows(self) -> None:
        page = self._window.pages[self._window.place]
        if isinstance(page, TablesPage | RulesPage):
            page.delete_rows()
