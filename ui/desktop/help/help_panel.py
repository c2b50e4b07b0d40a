"""Help at the right edge, by F1: every key, and what every rule and objective means. Typing shows what fits."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QTextBrowser, QWidget

from planner.rulebook import OBJECTIVES, RULE_GROUPS, RULES, ObjectiveReference, RuleReference
from ui.desktop.help.shortcuts import SHORTCUTS
from ui.desktop.parts import button, column, row, strip, text
from ui.desktop.theme import Palette, Theme

WIDTH = 380


class HelpPanel(QFrame):
    """Hidden until it is asked for."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("why")  # it looks like the explanation, which stands in the same place
        self.setAccessibleName("Help")
        self.setFixedWidth(WIDTH)
        self._theme = theme
        self._came_from: QWidget | None = None
        close = button(theme, "", self.close_panel, icon="close", kind="flat", name="Close help", tip="Close (Esc)")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Type to find a key or a rule")
        self.field.setAccessibleName("Find in help")
        self.field.textChanged.connect(lambda _words: self._show())
        self.page = QTextBrowser()
        self.page.setOpenLinks(False)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setAccessibleName("Help text")
        self.page.document().setDocumentMargin(12)
        head = row(text("Help", "emphasis"), None, close, margins=(12, 0, 4, 0))
        self.setLayout(column(strip("subHeader", head, 44), 8, row_of(self.field), self.page))
        theme.changed.connect(self._show)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether help is shown."""
        return not self.isHidden()

    def open_at(self, words: str = "") -> None:
        """Show the help on what these words name; all of it without."""
        self._came_from = QApplication.focusWidget()
        self.field.setText(words)
        self._show()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def close_panel(self) -> None:
        """Close, and give the focus back."""
        self.hide()
        if self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        self.page.setHtml(help_page(self.field.text(), self._theme.palette))


def row_of(field: QLineEdit) -> QWidget:
    """The field with room around it."""
    holder = QWidget()
    holder.setLayout(row(field, margins=(12, 0, 12, 0)))
    return holder


def help_page(words: str, palette: Palette) -> str:
    """The help in which every one of these words occurs, as rich text."""
    wanted = words.casefold().split()

    def fits(*texts: str) -> bool:
        searched = " ".join(texts).casefold()
        return all(word in searched for word in wanted)

    parts = []
    for group, keys in SHORTCUTS.items():
        rows = [_key(key, meaning, palette) for key, meaning in keys if fits(group, key, meaning)]
        if rows:
            parts.append(_heading(group) + f"<table cellspacing='0' cellpadding='2'>{''.join(rows)}</table>")
    references: dict[str, list[RuleReference | ObjectiveReference]] = {
        **{group: [RULES[key] for key in keys] for group, keys in RULE_GROUPS.items()},
        "Objectives": list(OBJECTIVES.values()),
    }
    for group, members in references.items():
        found = [each for each in members if fits(group, each.title, each.statement, each.key)]
        if found:
            parts.append(_heading(group) + "".join(_reference(each, palette) for each in found))
    return "".join(parts) or f"<p style='color:{palette.ink_2}'>Nothing here names that.</p>"


def _heading(words: str) -> str:
    return f"<p style='font-weight:600; margin-top:14px; margin-bottom:4px'>{escape(words)}</p>"


def _key(key: str, meaning: str, palette: Palette) -> str:
    return (
        f"<tr><td width='124' style='color:{palette.accent}; font-size:12px'>{escape(key)}</td>"
        f"<td style='font-size:12px'>{escape(meaning)}</td></tr>"
    )


def _reference(each: RuleReference | ObjectiveReference, palette: Palette) -> str:
    return (
        f"<p style='font-size:12px; margin-top:6px; margin-bottom:0; color:{palette.accent}'>{escape(each.title)}"
        f"<span style='color:{palette.ink_3}; font-size:11px'>&nbsp; {escape(each.key)}</span></p>"
        f"<p style='font-size:12px; margin-top:0; margin-bottom:0'>{escape(each.statement)}</p>"
        f"<p style='font-size:11px; margin-top:0; margin-bottom:4px; color:{palette.ink_2}'>"
        f"Example: {escape(each.example)}</p>"
    )
