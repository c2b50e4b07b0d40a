"""How a cell is typed into, with a list to choose from."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCompleter,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from ui.desktop.tables import headings
from ui.desktop.tables.editable_grid import Choices, EditableGrid
from ui.desktop.tables.frozen_table import FrozenTable
from ui.desktop.tables.grid_model import EDIT, TOOL_TIP, GridModel

SEARCHED = int(Qt.ItemDataRole.UserRole) + 10  # code and name, which typing is matched against
AnyIndex = QModelIndex | QPersistentModelIndex
LEAVING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class ChoiceCompleter(QCompleter):
    """Offers codes with their names; what is typed is looked for in both, and the code is written."""

    def __init__(self, choices: Choices, is_list: bool, creates: str, parent: QLineEdit) -> None:
        super().__init__(parent)
        self.takes_several, self._creates = is_list, creates
        self._known = {word.casefold(): choice[0] for choice in reversed(choices) for word in reversed(choice) if word}
        self._new = QStandardItem()
        model = QStandardItemModel(self)
        for code, name in choices:
            item = QStandardItem(f"{code}   {name}" if name and name != code else code)
            item.setData(code, EDIT + 100)
            item.setData(f"{code} {name}", SEARCHED)
            model.appendRow(item)
        self._items = model
        self.setModel(model)
        self.setCompletionRole(SEARCHED)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(12)
        self.list = QListView()
        self.setPopup(self.list)
        self.list.setObjectName("popup")
        self.list.setAccessibleName("Choices")

    def offer_new(self, text: str) -> None:
        """Offer to make what is typed, last in the list, where nothing is called so yet."""
        name = self.splitPath(text)[0].strip()
        is_new = bool(self._creates and name) and name.casefold() not in self._known
        if self._new.row() >= 0:
            self._new = self._items.takeRow(self._new.row())[0]
        if is_new:
            self._new.setText(f"Create {headings.ROW_WORDS[self._creates]} “{name}”")
            self._new.setData(name, EDIT + 100)
            self._new.setData(name, SEARCHED)
            self._items.appendRow(self._new)

    def is_new(self, index: AnyIndex) -> bool:
        """Whether a line of the list makes something."""
        return bool(self._new.row() >= 0 and index.data() == self._new.text())

    def meant(self, text: str) -> str:
        """The code that a text stands for: with other capitals, as a name, or as a part that no other line has."""
        name = text.strip().casefold()
        if self.takes_several or not name:
            return text
        lines = [self._items.item(at) for at in range(self._items.rowCount())] if self._creates else []
        found = [line for line in lines if line is not self._new and name in str(line.data(SEARCHED)).casefold()]
        return self._known.get(name) or (str(found[0].data(EDIT + 100)) if len(found) == 1 else text)

    def splitPath(self, path: str) -> list[str]:
        """In a list of codes only the last one is looked for."""
        return [path.rpartition(";")[2].strip() if self.takes_several else path]

    def pathFromIndex(self, index: AnyIndex) -> str:
        """The code is what gets written."""
        code = str(index.data(EDIT + 100) or "")
        field = self.widget()
        if self.takes_several and isinstance(field, QLineEdit) and ";" in field.text():
            return f"{field.text().rpartition(';')[0]}; {code}"
        return code


class CellEditor(QLineEdit):
    """The field in a cell. Alt+Down or F4 shows everything that can be chosen."""

    finished = Signal()  # what is to be made was chosen: nothing is left to type

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.creates = False  # whether the text names something to be made
        self.setProperty("kind", "cell")
        self.setAccessibleName("Cell")
        self.setFrame(False)

    def offer(self, choices: Choices, is_list: bool, creates: str = "") -> None:
        """Show choices while typing; `creates` names the table in which something new can be made."""
        completer = ChoiceCompleter(choices, is_list, creates, self)
        completer.list.installEventFilter(self)
        if creates:
            self.textEdited.connect(completer.offer_new)
            completer.activated[QModelIndex].connect(self._choose)  # type: ignore[index]
        self.setCompleter(completer)
        texts = [f"{code}   {name}" for code, name in choices[:300]]
        width = max(220, *map(self.fontMetrics().horizontalAdvance, texts)) if texts else 220
        completer.list.setMinimumWidth(min(460, width + 48))

    def _choose(self, index: QModelIndex) -> None:
        completer = self.completer()
        if isinstance(completer, ChoiceCompleter) and completer.is_new(index):
            self.creates = True
            self.finished.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Return and Tab in the list take its line, and leave the cell as they do without a list."""
        completer = self.completer()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or event.key() not in LEAVING:
            return super().eventFilter(watched, event)
        assert isinstance(completer, ChoiceCompleter)
        line = completer.list.currentIndex()
        if line.isValid() and (completer.takes_several or completer.is_new(line)):
            return super().eventFilter(watched, event)
        completer.list.hide()
        self.setText(completer.pathFromIndex(line) if line.isValid() else completer.meant(self.text()))
        QApplication.sendEvent(self, event)
        return True

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

    opened = Signal()

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Rows are 24 high; widths are the view's."""
        return QSize(80, 24)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        """The tool tip; of a figure that does not fit its cell first the figure."""
        cut = view.cut_figure(index) if isinstance(view, FrozenTable) and index.isValid() else ""
        if not cut:
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), "\n".join(filter(None, (cut, index.data(TOOL_TIP)))), view)
        return True

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        """A text field, with choices where the column has some."""
        editor = CellEditor(parent)
        self.opened.emit()
        model = index.model()
        if isinstance(model, EditableGrid):
            editor.setAccessibleName(model.headings()[index.column()])
            choices, creates = model.choices(index.column()), model.creates(index.column())
            if choices or creates:
                editor.offer(choices, model.takes_several(index.column()), creates)
                editor.finished.connect(lambda: self._finish(editor))
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

    def _finish(self, editor: CellEditor) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.SubmitModelCache)

    def setModelData(self, editor: QWidget, model: object, index: AnyIndex) -> None:
        """Take what was typed; only when it is other than before."""
        assert isinstance(editor, CellEditor)
        assert isinstance(model, GridModel)
        if editor.creates and isinstance(model, EditableGrid):
            model.create(index.row(), index.column(), editor.text())
        else:
            model.setData(index, editor.text(), EDIT)
