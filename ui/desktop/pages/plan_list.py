"""The plans of this scenario, the newest first: choose one, compare it with another, rename it, delete it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from planner.agreement import agree
from planner.plan import Plan
from planner.report.words import STATUS_SENTENCES
from ui.desktop.figures import number_text
from ui.desktop.parts import draw_focus
from ui.desktop.plans.plan_figures import short_time
from ui.desktop.session import Session
from ui.desktop.theme import Theme

LIST_WIDTH = 216
ROLE = int(Qt.ItemDataRole.UserRole)
EDIT = int(Qt.ItemDataRole.EditRole)
AnyIndex = QModelIndex | QPersistentModelIndex


class PlanDelegate(QStyledItemDelegate):
    """A plan in the list: name, when, state, coverage."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Two lines."""
        return QSize(LIST_WIDTH - 2, 53)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        """A field for the name."""
        editor = super().createEditor(parent, option, index)
        editor.setAccessibleName("Name of the plan")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """It stands where the name is painted."""
        editor.setGeometry(QRect(option.rect.left() + 7, option.rect.top() + 2, option.rect.width() - 14, 28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one plan."""
        palette, theme = self._theme.palette, self._theme
        name, when, state, role, figure = index.data(ROLE + 1)
        box = option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen:
            painter.fillRect(box, QColor(palette.accent_soft))
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(palette.accent))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), QColor(palette.line))
        inner = box.adjusted(13, 8, -12, -9)
        painter.setPen(QColor(palette.ink))
        painter.setFont(theme.font(bold=is_chosen))
        words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, words)
        painter.setFont(theme.font(bold=True))
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, figure)
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(palette.ink_2))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, when)
        if state:
            left = inner.left() + painter.fontMetrics().horizontalAdvance(when) + 6
            chip = QRect(left, inner.bottom() - 16, painter.fontMetrics().horizontalAdvance(state) + 10, 18)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(palette, f"{role}_soft")))
            painter.drawRoundedRect(chip, 4, 4)
            painter.setPen(QColor(palette.on_accent_soft if role == "accent" else getattr(palette, role)))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, state)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -2))


class PlanList(QListWidget):
    """F2 renames the plan in view, Delete removes it; the menu, which has a key of its own, also compares it."""

    compare_asked = Signal(object)  # the plan to put beside the one in view
    removed = Signal(object)  # the plan that is gone
    agreed = Signal(object)  # the plan that is the agreed plan now

    def __init__(self, theme: Theme, session: Session) -> None:
        super().__init__()
        self._theme, self._session = theme, session
        self._running = ""
        self.setObjectName("plans")
        self.setAccessibleName("Plans of this scenario")
        self.setItemDelegate(PlanDelegate(theme, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.currentItemChanged.connect(self._choose)
        self.itemChanged.connect(self._rename)

    def show_plans(self, running: str) -> None:
        """Show the plans, and the name of one that is being made; not while a name is being typed."""
        self._running = running
        if self.state() == QListWidget.State.EditingState:
            return
        in_view = self._session.plan
        self.blockSignals(True)
        self.clear()
        if running:
            item = QListWidgetItem()
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setData(ROLE + 1, (running, "now", "running", "accent", ""))
            self.addItem(item)
        for plan in reversed(self._session.plans):
            item = QListWidgetItem()
            words = self._words(plan)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setData(ROLE, plan.id)
            item.setData(ROLE + 1, words)
            item.setData(EDIT, plan.name)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), f"{words[0]}, {words[1]}, {words[2]}, {words[4]} %")
            item.setToolTip(STATUS_SENTENCES.get(plan.status, ""))
            self.addItem(item)
            if in_view is not None and plan.id == in_view.id:
                self.setCurrentItem(item)
        self.blockSignals(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """An empty list has no plan to show that it has the focus."""
        super().paintEvent(event)
        if not self.count():
            painter = QPainter(self.viewport())
            draw_focus(painter, self, self._theme)
            painter.end()

    def _words(self, plan: Plan) -> tuple[str, str, str, str, str]:
        """Name, time, state, the state's colour, coverage."""
        if not plan.has_allocations:
            return plan.name, short_time(plan.made_at), "no plan", "problem", "–"
        stale = self._session.is_stale(plan)
        state = {None: "", True: "stale", False: "stopped early" if plan.run.stopped == "user" else "fresh"}[stale]
        coverage = number_text(plan.totals.coverage * 100, 1)
        return plan.name, short_time(plan.made_at), state, "binding" if stale else "accent", coverage

    def others(self) -> list[Plan]:
        """The plans that the one in view can be compared with, the newest first."""
        in_view = self._session.plan
        if in_view is None or not in_view.has_allocations:
            return []
        return [plan for plan in reversed(self._session.plans) if plan.has_allocations and plan is not in_view]

    def fill_comparisons(self, menu: QMenu) -> None:
        """One entry for each of them."""
        for plan in self.others():
            self._add(menu, plan.name, partial(self.compare_asked.emit, plan))
        menu.setEnabled(bool(self.others()))

    def rename(self) -> None:
        """Type another name for the plan in view."""
        if (item := self.currentItem()) is not None:
            self.editItem(item)

    def remove(self) -> None:
        """Delete the plan in view."""
        plan = self._session.plan
        if plan is not None and self._session.document is not None:
            self._session.document.remove_plan(plan)
            self.removed.emit(plan)

    def agree(self) -> None:
        """Make the plan in view the agreed plan, which later plans are compared with."""
        plan = self._session.plan
        if plan is not None and plan.has_allocations:
            self._session.apply(f"take {plan.name} as the agreed plan", lambda scenario: agree(scenario, plan))
            self.agreed.emit(plan)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """The list may have changed while a name was being typed."""
        super().closeEditor(editor, hint)
        self.show_plans(self._running)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes the plan in view."""
        if event.key() == Qt.Key.Key_Delete and self.state() != QListWidget.State.EditingState:
            self.remove()
        else:
            super().keyPressEvent(event)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._session.choose_plan(item.data(ROLE))

    def _rename(self, item: QListWidgetItem) -> None:
        name = str(item.data(EDIT) or "").strip()
        plan = next((plan for plan in self._session.plans if plan.id == item.data(ROLE)), None)
        if plan is not None and self._session.document is not None and name != plan.name:
            self._session.document.rename_plan(plan, name or plan.name)

    def _show_menu(self, point: QPoint) -> None:
        if self.itemAt(point) is None:
            return
        menu = QMenu(self)
        compare = menu.addMenu("Compare with")
        self.fill_comparisons(compare)
        menu.addSeparator()
        plan = self._session.plan
        if plan is not None and plan.has_allocations:
            self._add(menu, "Take as the agreed plan", self.agree)
        self._add(menu, "Rename\tF2", self.rename)
        self._add(menu, "Delete\tDel", self.remove)
        menu.exec(self.viewport().mapToGlobal(point))

    def _add(self, menu: QMenu, words: str, action: Callable[[], object]) -> None:
        made = QAction(words, menu)
        made.triggered.connect(lambda _checked=False: action())
        menu.addAction(made)
