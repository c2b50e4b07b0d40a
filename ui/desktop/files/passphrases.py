"""Asking for the passphrase of a protected file, unseen."""

from pathlib import Path

from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from planner.store import WrongPassphrase


def ask_passphrase(window: QWidget, path: Path, problem: Exception) -> str:
    """The passphrase somebody types for a file that was not opened because of `problem`; empty for none."""
    words = f"{path.name} is protected. Its passphrase:"
    if isinstance(problem, WrongPassphrase):
        words = f"This passphrase does not open {path.name}. Once more:"
    passphrase, is_given = QInputDialog.getText(window, "Protected file", words, QLineEdit.EchoMode.Password)
    return passphrase if is_given else ""
