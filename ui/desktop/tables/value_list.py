"""The list of what stands in a column, to be ticked: the filter is written into the field above it."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from ui.desktop.figures import number_text
from ui.desktop.tables.filter_words import SEPARATOR, alternatives

MOST_VALUES = 500
ROWS_SHOWN, ROW_HEIGHT = 14, 24
EMPTY = "(empty)"
VALUE = int(Qt.ItemDataRole.UserRole) + 1


class ValueList(QListWidget):
    """A popup below a filter field. Space ticks, Return and Esc close it."""

    def __init__(self, field: QLineEdit, values: list[tuple[str, int]]) -> None:
        super().__init__(field)
        self.setWindowFlag(Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("popup")
        self.setAccessibleName(f"Values: {field.accessibleName()}")
        self._field = field
        chosen = {part.removeprefix("=").strip().casefold() for part in alternatives(field.text())}
        for text, count in values[:MOST_VALUES]:
            item = QListWidgetItem(f"{text or EMPTY}   {number_text(count)}", self)
            item.setData(VALUE, text)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            is_chosen = bool(field.text().strip()) and text.casefold() in chosen
            item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
        self.itemChanged.connect(self._write)

    def show_below(self) -> None:
        """Open below the field, as wide as its longest line."""
        field = self._field
        rows = min(ROWS_SHOWN, max(1, self.count()))
        width = max(180, field.width(), self.sizeHintForColumn(0) + 32)
        self.resize(min(420, width), rows * max(ROW_HEIGHT, self.sizeHintForRow(0)) + 8)
        self.move(field.mapToGlobal(QPoint(0, field.height() + 1)))
        self.show()
        self.setCurrentRow(0)
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def event(self, event: QEvent) -> bool:
        """A click beside it closes it: of itself Qt closes only popups that do not scroll."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            self.close()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Esc have nothing more to do."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.close()
        else:
            super().keyPressEvent(event)

    def _write(self) -> None:
        items = [self.item(at) for at in range(self.count())]
        chosen = [f"={item.data(VALUE)}" for item in items if item.checkState() == Qt.CheckState.Checked]
        self._field.setText(f"{SEPARATOR} ".join(chosen))
