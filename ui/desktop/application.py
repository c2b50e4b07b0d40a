"""Start the desktop: one application, one window, the sample at first run."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from planner.user_data import user_data_folder
from ui.desktop import crash_report
from ui.desktop.preferences import Preferences
from ui.desktop.theme import Theme
from ui.desktop.window import Window


def run_desktop(path: Path | None = None) -> int:
    """Show the window on a file, else on the file of the last sitting, else on the sample at first run.

    Returns the exit code once the window is closed.
    """
    choose_platform()
    application = make_application()
    window = make_window(application, Preferences(), recovery_folder())
    hook = sys.excepthook
    crash_report.install(window.notice.tell)
    window.show()
    open_first(window, path)
    window.recovering.look()
    try:
        return application.exec()
    finally:
        sys.excepthook = hook


def recovery_folder() -> Path:
    """Where this user's changes are kept until they are saved."""
    return user_data_folder() / "recovery"


def choose_platform() -> None:
    """Without a display Qt would abort the whole process: draw off screen instead."""
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not has_display:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def make_application() -> QApplication:
    """The one application object of this process."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
    application.setApplicationName("Concord")
    if QLocale().language() == QLocale.Language.C:
        QLocale.setDefault(QLocale(QLocale.Language.English))  # a system without a language has no separators
    application.setStyle("Fusion")  # the same everywhere; colours and sizes come from the style sheet
    return application


def make_window(application: QApplication, preferences: Preferences, recovery_folder: Path | None = None) -> Window:
    """A window without a document. Without a folder for them it keeps no changes for recovery."""
    return Window(Theme(application, preferences.brightness), preferences, recovery_folder)


def open_first(window: Window, path: Path | None) -> None:
    """Open what the window starts with."""
    preferences = window.preferences
    is_first_run = preferences.is_first_run
    preferences.note_start()
    if path is not None:
        window.filing.open_path(path)
    elif (last := preferences.last_file) is not None:
        window.filing.open_path(last)
    elif is_first_run:
        window.filing.open_sample()
