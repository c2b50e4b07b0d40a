"""How a cell is painted and typed into: problem corners, bars, and lists to choose from."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPolygon, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.desktop.editable_grid import EditableGrid
from ui.desktop.grid_model import ALIGNMENT, BAR, EDIT, MUTED, PROBLEM, GridModel
from ui.desktop.theme import Theme

SEARCHED = int(Qt.ItemDataRole.UserRole) + 10  # code and name, which typing is matched against
CORNER = 8
PADDING = 8
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
    """Paints cells from the palette; makes their editors from the column descriptions."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Fill, text at its side, a corner where there is a problem, a frame around the current cell."""
        palette = self._theme.palette
        mark = index.data(PROBLEM)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if mark:
            painter.fillRect(option.rect, QColor(palette.problem_soft if mark == "error" else palette.binding_soft))
        elif is_selected and not is_current:
            painter.fillRect(option.rect, QColor(palette.accent_soft))
        bar = index.data(BAR)
        box = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        if bar is not None:
            self._paint_bar(painter, box, bar)
        self._paint_text(painter, option, index, box, mark)
        if mark:
            corner = option.rect.topRight()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.problem if mark == "error" else palette.binding))
            points = (QPoint(1 - CORNER, 0), QPoint(1, 0), QPoint(1, CORNER))
            painter.drawPolygon(QPolygon([corner + point for point in points]))
        if is_current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(palette.accent))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
            painter.drawRect(option.rect.adjusted(1, 1, -2, -2))

    def _paint_text(
        self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex, box: QRect, mark: str | None
    ) -> None:
        palette = self._theme.palette
        words = str(index.data() or "")
        font = QFont(option.font)
        colour = QColor(palette.ink_3 if index.data(MUTED) else palette.ink)
        if mark == "error":
            font.setWeight(QFont.Weight.DemiBold)
            colour = QColor(palette.problem)
        painter.setFont(font)
        painter.setPen(colour)
        alignment = Qt.AlignmentFlag(index.data(ALIGNMENT))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width() + 2)
        painter.drawText(box, alignment, shown)

    def _paint_bar(self, painter: QPainter, box: QRect, share: float) -> None:
        palette = self._theme.palette
        room = QRect(box.left(), box.center().y() - 2, max(20, box.width() - 46), 5)
        painter.fillRect(room, QColor(palette.head))
        filled = QRect(room)
        filled.setWidth(round(room.width() * min(1.0, max(0.0, share))))
        painter.fillRect(filled, QColor(palette.accent))

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
