"""One rule on screen: a switch, its sentence with fields in it, and what the plan in view says about it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QLineEdit, QSizePolicy, QWidget

from planner import edits
from planner.cells import parse_number, parse_share
from planner.problems import ConcordError
from planner.rulebook import RULES, RuleReference, ScopeCodes, ValueKind, parse_rule, plain_scope
from planner.scenario import Rule, Scenario
from resources.columns import Kind
from ui.desktop.figures import number_text, plain_entry
from ui.desktop.flow_layout import FlowLayout
from ui.desktop.icons import pixmap
from ui.desktop.parts import button, column, cross, restyle, row, tabular, text
from ui.desktop.rules.rule_words import CHOSEN_VALUES, RuleState, ScopeChoices, sentence_parts
from ui.desktop.session import Session
from ui.desktop.switch import Switch
from ui.desktop.tables.cell_words import share_text
from ui.desktop.theme import Theme

ACTUAL_WIDTH, STATE_WIDTH, PRICE_WIDTH = 96, 82, 88  # pixels


class ValueField(QLineEdit):
    """A figure inside a sentence: as people read it, and as it was typed while one is in it."""

    entered = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("kind", "inline")
        self.setAccessibleName(name)
        self._typed, self._shown = "", ""
        self.editingFinished.connect(self._enter)
        self.textChanged.connect(self._fit)

    def show_value(self, typed: str, shown: str) -> None:
        """Show another figure, unless somebody types here."""
        self._typed, self._shown = typed, shown
        if not (self.hasFocus() and self.isModified()):
            self.setText(typed if self.hasFocus() else shown)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show what was typed."""
        self.setText(self._typed)
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it as people read it again."""
        super().focusOutEvent(event)
        self.setText(self._shown)

    def _enter(self) -> None:
        if self.text() not in (self._typed, self._shown):
            self.entered.emit(self.text())
        if self.hasFocus():
            self.selectAll()  # what is typed next takes its place

    def _fit(self, words: str) -> None:
        self.setFixedWidth(max(36, QFontMetrics(self.font()).horizontalAdvance(words) + 18))


class ChoiceField(QComboBox):
    """One of several inside a sentence, as wide as what is chosen."""

    entered = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("kind", "inline")
        self.setAccessibleName(name)
        self.view().setAccessibleName("Choices")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._choices: list[tuple[str, str]] = []
        self.activated.connect(lambda _index: self.entered.emit(str(self.currentData())))
        self.currentTextChanged.connect(self._fit)

    def show_value(self, value: str, choices: list[tuple[str, str]]) -> None:
        """Show what is chosen among (value, words); something else stands last, as it was typed."""
        known = choices if any(value == code for code, _ in choices) else [*choices, (value, value)]
        if known != self._choices:
            self._choices = known
            self.clear()
            for code, words in known:
                self.addItem(words, code)
            widest = max((words for _, words in known), key=len)
            self.view().setMinimumWidth(min(QFontMetrics(self.font()).horizontalAdvance(widest) + 60, 420))
        self.setCurrentIndex([code for code, _ in known].index(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turning the wheel moves the page, never a rule."""
        event.ignore()

    def _fit(self, words: str) -> None:
        self.setFixedWidth(min(QFontMetrics(self.font()).horizontalAdvance(words) + 34, 320))


class RuleRow(QFrame):
    """A row of `Rules`, or a rule that is on through the data of another table (then without an index)."""

    stepped = Signal(object, int)  # itself, rows to go down from its switch

    def __init__(self, theme: Theme, session: Session, key: str, open_table: Callable[[str], object]) -> None:
        super().__init__()
        self.setObjectName("ruleRow")
        self._theme, self._session = theme, session
        self.key, self.index, self.rule = key, None, Rule(rule=key)  # type: tuple[str, int | None, Rule]
        self.reference: RuleReference | None = RULES.get(key)
        self.title = self.reference.title if self.reference is not None else f"“{key}”"
        self.switch = Switch(theme, f"{self.title}: counts")
        self.switch.clicked.connect(self._switch)
        self.value: ValueField | ChoiceField | None = None
        self.scope: ChoiceField | None = None
        self._words: list[QLabel] = []
        self._unit: QLabel | None = None
        self.problem = text("", "problem-hint", wraps=True)
        self._actual, self._price = tabular(text("", "body")), tabular(text("", "warning"))
        self._state_icon, self._state = QLabel(), text("", "secondary")
        self._remove = cross(theme, self.delete, f"Delete rule: {self.title}")
        policy = self._remove.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._remove.setSizePolicy(policy)
        self._build(open_table)

    def _build(self, open_table: Callable[[str], object]) -> None:
        sentence = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        sentence.setSizePolicy(policy)
        flow = FlowLayout(sentence)
        flow.setContentsMargins(0, 0, 0, 0)
        for part in (
            sentence_parts(self.reference) if self.reference is not None else [f"There is no rule {self.title}"]
        ):
            flow.addWidget(self._part(part))
            if part == "{value}" and self.reference is not None and self.reference.value_kind is ValueKind.MONEY:
                self._unit = text("", "body")
                self._words.append(self._unit)
                flow.addWidget(self._unit)
        if self.reference is not None and self.reference.is_data_rule:
            flow.addWidget(self._link(self.reference, open_table))
        middle = column(sentence, self.problem, spacing=2)
        for label, width in ((self._actual, ACTUAL_WIDTH), (self._price, PRICE_WIDTH)):
            label.setFixedWidth(width)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        state = QWidget()
        state.setFixedWidth(STATE_WIDTH)
        state.setLayout(row(self._state_icon, self._state, None, spacing=5))
        layout = row(self.switch, 4, spacing=6, margins=(8, 4, 6, 4))
        layout.addLayout(middle, 1)
        layout.addWidget(self._actual)
        layout.addSpacing(6)
        for widget in (state, self._price, self._remove):
            layout.addWidget(widget)
        self.setLayout(layout)
        self.setMinimumHeight(36)

    def _part(self, part: str) -> QWidget:
        reference = self.reference
        if part == "{value}" and reference is not None:
            name = f"{self.title}: value"
            chosen = CHOSEN_VALUES.get(reference.value_kind)
            self.value = field = ValueField(name) if chosen is None else ChoiceField(name)
            field.entered.connect(self._enter)
            return field
        if part == "{scope}":
            self.scope = ChoiceField(f"{self.title}: covers")
            self.scope.entered.connect(lambda words: self._set("scope", words))
            return self.scope
        word = text(part, "body")
        word.setProperty("joins", part[0] in ",:")
        self._words.append(word)
        return word

    def _link(self, reference: RuleReference, open_table: Callable[[str], object]) -> QWidget:
        words = f"in {reference.sheet}"
        return button(
            self._theme, words, lambda: open_table(reference.sheet), kind="link", name=f"{self.title}: figures {words}"
        )

    def show_rule(
        self,
        index: int | None,
        rule: Rule,
        scenario: Scenario,
        codes: ScopeCodes,
        choices: ScopeChoices,
        state: RuleState,
    ) -> None:
        """Show the rule as it is now."""
        self.index, self.rule = index, rule
        is_on = rule.on is None or bool(rule.on)
        self.switch.setChecked(is_on)
        self._remove.setVisible(index is not None)
        if self._unit is not None:
            self._unit.setText(scenario.settings.currency)
        if isinstance(self.value, ValueField):
            self.value.show_value(typed_value(self.reference, rule.value), shown_value(self.reference, rule.value))
        elif self.value is not None and self.reference is not None:
            chosen = CHOSEN_VALUES[self.reference.value_kind]
            self.value.show_value(rule.value or self.reference.default or "", [(each, each) for each in chosen])
        if self.scope is not None and self.reference is not None:
            scope = plain_scope(rule, scenario, codes=codes)
            self.scope.show_value(scope, choices.of(self.reference))
        role = "body" if is_on else "off"
        if self._words and self._words[0].property("text-role") != role:
            for label in self._words:
                restyle(label, text_role=role)
        self._tell_problem(problem_of(rule, scenario, codes) if is_on and index is not None else "")
        self.show_state(state if is_on else RuleState("Off"))

    def show_state(self, state: RuleState) -> None:
        """Show what the plan in view says."""
        is_binding = state.state == "Binding"
        self._actual.setText(state.actual)
        self._price.setText(state.price if is_binding else "")
        self._price.setToolTip("What the first objective would gain at most without this rule")
        self._state.setText(state.state.lower())
        role = "warning" if is_binding else "secondary"
        if self._state.property("text-role") != role:
            restyle(self._state, text_role=role)
        name, role = {"Binding": ("lock", "binding"), "Met": ("check", "ink_2")}.get(state.state, ("", ""))
        self._state_icon.setVisible(bool(name))
        if name:
            colour = getattr(self._theme.palette, role)
            self._state_icon.setPixmap(pixmap(name, colour, 14, self.devicePixelRatioF()))

    def _tell_problem(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        for field in (self.value, self.scope):
            if field is not None and field.property("wrong") != ("true" if words else "false"):
                field.setAccessibleDescription(words)
                restyle(field, wrong="true" if words else "false")

    # -- edits

    def _switch(self) -> None:
        is_on, title = self.switch.isChecked(), self.title
        verb = "switch on" if is_on else "switch off"
        if self.index is None:
            self._apply(f"{verb} “{title}”", lambda it: edits.add_row(it, "rules", rule=self.key, on=is_on))
        else:
            self._change(f"{verb} “{title}”", "on", is_on)

    def _enter(self, words: str) -> None:
        try:
            value = entered_value(self.reference, words)
        except ConcordError as problem:
            kept = shown_value(self.reference, self.rule.value) or "nothing"
            self._tell_problem(f"{problem} Until then {kept} counts.")
            return
        self._set("value", value)

    def _set(self, name: str, words: str) -> None:
        if getattr(self.rule, name) != words:
            self._change(f"change “{self.title}”", name, words)

    def _change(self, label: str, name: str, value: Any) -> None:
        index = self.index
        assert index is not None
        self._apply(label, lambda scenario: edits.set_cell(scenario, "rules", index, name, value))

    def delete(self) -> None:
        """Delete the row; a rule with data elsewhere then counts through its data again."""
        index = self.index
        if index is not None:
            self._apply(f"delete “{self.title}”", lambda scenario: edits.delete_rows(scenario, "rules", [index]))

    def _apply(self, label: str, edit: Callable[[Scenario], Scenario]) -> None:
        try:
            self._session.apply(label, edit)
        except ConcordError as problem:
            self._tell_problem(str(problem))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On the switch Up and Down go to the next rule, Delete deletes this one."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and self.switch.hasFocus():
            self.stepped.emit(self, step)
        elif event.key() == Qt.Key.Key_Delete and self.switch.hasFocus():
            self.delete()
        else:
            super().keyPressEvent(event)

    def focus_field(self, name: str = "") -> None:
        """Go to the field of a column, or to the first one."""
        fields: dict[str, QWidget | None] = {"value": self.value, "scope": self.scope}
        chosen = fields.get(name) or self.value or self.scope or self.switch
        chosen.setFocus(Qt.FocusReason.OtherFocusReason)


def problem_of(rule: Rule, scenario: Scenario, codes: ScopeCodes) -> str:
    """What is wrong with a row, in the words of the checks."""
    try:
        parse_rule(replace(rule, on=True), scenario, codes=codes)
    except ConcordError as problem:
        return str(problem)
    return ""


def entered_value(reference: RuleReference | None, words: str) -> str:
    """What is kept of a value that somebody typed. Raises CellError for an amount with two readings."""
    match reference.value_kind if reference is not None else ValueKind.NONE:
        case ValueKind.SHARE:
            return plain_entry(Kind.SHARE, words)
        case ValueKind.MONEY | ValueKind.NUMBER | ValueKind.WHOLE:
            return plain_entry(Kind.NUMBER, words)
    return words


def typed_value(reference: RuleReference | None, typed: str) -> str:
    """A figure as people type it: a share in percent, however it was typed before."""
    if reference is not None and reference.value_kind is ValueKind.SHARE:
        try:
            return share_text(parse_share(typed))
        except ConcordError:
            pass
    return typed


def shown_value(reference: RuleReference | None, typed: str) -> str:
    """A figure as people read it; as it was typed where it is none."""
    kind = reference.value_kind if reference is not None else ValueKind.NONE
    try:
        match kind:
            case ValueKind.SHARE:
                return share_text(parse_share(typed), in_own_language=True)
            case ValueKind.MONEY | ValueKind.NUMBER | ValueKind.WHOLE:
                return number_text(parse_number(typed))
    except ConcordError:
        pass
    return typed
