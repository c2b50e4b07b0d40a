"""How a cell is typed into, with a list to choose from."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.desktop.editable_grid import EditableGrid
from ui.desktop.grid_model import EDIT, GridModel

SEARCHED = int(Qt.ItemDataRole.UserRole) + 10  # code and name, which typing is matched against
AnyIndex = QModelIndex | QPersistentModelIndex


class ChoiceCompleter(QCompleter):
    """Offers codes with their names; what is typed is looked for in both, and the code is written."""

    def __init__(self, choices: tuple[tuple[str, str], ...], is_list: bool, parent: QLineEdit) -> None:
        super().__init__(parent)
        self._is_list = is_list
        model = QStandardItemModel(self)
        for code, name in choices:
            item = QStandardItem(f"{code}   {name}" if name and name != code else code)
            item.setData(code, EDIT + 100)
            item.setData(f"{code} {name}", SEARCHED)
            model.appendRow(item)
        self.setModel(model)
        self.setCompletionRole(SEARCHED)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(12)
        self.list = QListView()
        self.setPopup(self.list)
        self.list.setObjectName("popup")
        self.list.setAccessibleName("Choices")

    def splitPath(self, path: str) -> list[str]:
        """In a list of codes only the last one is looked for."""
        return [path.rpartition(";")[2].strip() if self._is_list else path]

    def pathFromIndex(self, index: AnyIndex) -> str:
        """The code is what gets written."""
        code = str(index.data(EDIT + 100) or "")
        field = self.widget()
        if self._is_list and isinstance(field, QLineEdit) and ";" in field.text():
            return f"{field.text().rpartition(';')[0]}; {code}"
        return code


class CellEditor(QLineEdit):
    """The field in a cell. Alt+Down or F4 shows everything that can be chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "cell")
        self.setAccessibleName("Cell")
        self.setFrame(False)

    def offer(self, choices: tuple[tuple[str, str], ...], is_list: bool) -> None:
        """Show choices while typing."""
        completer = ChoiceCompleter(choices, is_list, self)
        self.setCompleter(completer)
        width = max(220, *(self.fontMetrics().horizontalAdvance(f"{code}   {name}") for code, name in choices[:300]))
        completer.list.setMinimumWidth(min(460, width + 48))

    def offer_all(self) -> None:
        """Show every choice, whatever stands in the field."""
        if (completer := self.completer()) is not None:
            completer.setCompletionPrefix("")
            completer.complete()

    def keyPressEvent(self, event: object) -> None:
        """Open the list by keyboard."""
        is_alt = event.modifiers() & Qt.KeyboardModifier.AltModifier  # type: ignore[attr-defined]
        key = event.key()  # type: ignore[attr-defined]
        if key == Qt.Key.Key_F4 or (is_alt and key == Qt.Key.Key_Down):
            self.offer_all()
            return
        super().keyPressEvent(event)  # type: ignore[arg-type]


class CellDelegate(QStyledItemDelegate):
    """Makes the editors of cells from the column descriptions. The table paints the cells itself."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Rows are 24 high; widths are the view's."""
        return QSize(80, 24)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        """A text field, with choices where the column has some."""
        editor = CellEditor(parent)
        model = index.model()
        if isinstance(model, EditableGrid):
            editor.setAccessibleName(model.headings()[index.column()])
            if choices := model.choices(index.column()):
                editor.offer(choices, model.takes_several(index.column()))
        if isinstance(model, GridModel) and model.is_numeric(index.column()):
            editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        return editor

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Return with Shift goes up; Qt's own filter takes Return before the field sees it."""
        if isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            editor.setProperty("goes_up", bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        return super().eventFilter(editor, event)

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        """What is edited: codes and plain figures, not names and separators."""
        assert isinstance(editor, QLineEdit)
        editor.setText(str(index.data(EDIT) or ""))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: AnyIndex) -> None:
        """Take what was typed; only when it is other than before."""
        assert isinstance(editor, QLineEdit)
        assert isinstance(model, GridModel)
        model.setData(index, editor.text(), EDIT)
