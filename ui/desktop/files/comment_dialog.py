"""Asking what a save is about."""

from PySide6.QtWidgets import QInputDialog, QWidget


def ask_comment(window: QWidget) -> str | None:
    """What the history should say of a save; None where it is called off."""
    dialog = QInputDialog(window)
    dialog.setWindowTitle("Save with a comment")
    dialog.setLabelText("What this save is about. Everybody who gets the file can read it in the history.")
    dialog.setOkButtonText("Save")
    dialog.resize(460, dialog.height())
    return dialog.textValue().strip() if dialog.exec() else None
