"""Every rule of the scenario as a sentence, by what it is about; the objectives and an explanation beside them."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from planner import edits
from planner.rulebook import OBJECTIVES, RULE_GROUPS, RULES, ScopeCodes, ValueKind, has_data, plain_scope
from planner.scenario import Rule
from ui.desktop.figures import number_text
from ui.desktop.parts import button, column, framed, remove_widget, restyle, row, strip, text
from ui.desktop.rules.objective_list import ObjectiveList
from ui.desktop.rules.rule_row import ACTUAL_WIDTH, PRICE_WIDTH, STATE_WIDTH, RuleRow
from ui.desktop.rules.rule_words import RuleState, ScopeChoices, plain_sentence, rule_states, state_of
from ui.desktop.session import Session
from ui.desktop.tables.chooser import Chooser, Entry
from ui.desktop.theme import Theme

SIDE_WIDTH, NARROW_SIDE_WIDTH, ENOUGH_WIDTH = 354, 290, 1150  # pixels
OTHERS = "Rules that are not known"
Place = tuple[str, int | None, Rule]  # what stays the same about a row, its index, its rule


class RuleSentences(QWidget):
    """The list, the objectives at its right, and what the chosen one means."""

    rows_told = Signal(str)

    def __init__(self, theme: Theme, session: Session, as_tables: QWidget, open_table: Callable[[str], object]) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme, self._session, self._open_table = theme, session, open_table
        self._rows: dict[str, RuleRow] = {}
        self._chosen: RuleRow | None = None
        self._add = button(theme, "&Add rule…", self.choose_rule, icon="add", kind="tool", tip="Add a rule (Ctrl++)")
        self._chooser = Chooser(theme, "Add rule", "Type to find a rule", self)
        self._chooser.chosen.connect(self.add_rule)
        self._plan = text("", "head")
        self._empty = text("No rules yet. A plan then keeps to what is pledged and what is needed.", "secondary")
        self._empty.setContentsMargins(14, 12, 14, 12)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._groups = {title: self._group(title) for title in (*RULE_GROUPS, OTHERS)}
        self.objectives = ObjectiveList(theme, session)
        self.objectives.chosen.connect(self._explain_objective)
        self._title, self._statement = text("", "panel", wraps=True), text("", wraps=True)
        self._example = text("", "hint", wraps=True)
        self.setLayout(self._laid_out(as_tables))
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)
        session.scenario_changed.connect(self.refresh)
        session.plans_changed.connect(self.refresh)
        theme.changed.connect(self.refresh)
        self._explain("", "", "")

    def _laid_out(self, as_tables: QWidget) -> QVBoxLayout:
        head = row(text("Rules and objectives", "page"), None, as_tables, self._add, margins=(16, 0, 16, 0))
        titles = row(text("On", "head"), 20, text("Rule", "head"), None, spacing=6, margins=(14, 0, 48, 0))
        self._plan.setFixedWidth(ACTUAL_WIDTH)
        titles.addWidget(self._plan)
        titles.addSpacing(6)
        state = text("State", "head")
        state.setFixedWidth(STATE_WIDTH)
        titles.addWidget(state)
        self._plan.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        price = text("Costs", "head")
        price.setFixedWidth(PRICE_WIDTH)
        price.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        titles.addWidget(price)
        rows = QWidget()
        rows.setLayout(self._list)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(rows)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._area = area
        self._list.addWidget(self._empty)
        self._list.addStretch(1)
        rules = framed("panel", column(strip("tableHead", titles, 28), area, margins=(1, 1, 1, 1)))
        explained = framed(
            "panel", column(self._title, self._statement, self._example, spacing=6, margins=(14, 12, 14, 12))
        )
        self._side = side = QWidget()
        side.setFixedWidth(SIDE_WIDTH)
        side.setLayout(column(self.objectives, explained, None, spacing=12))
        body = row(rules, side, spacing=12, margins=(16, 12, 16, 14))
        body.setStretch(0, 1)
        whole = column(strip("subHeader", head, 44))
        whole.addLayout(body, 1)
        return whole

    def _group(self, title: str) -> QVBoxLayout:
        """An empty group at the end of the list; hidden until a rule is in it."""
        head = strip("groupHead", row(text(title, "small-strong"), None, margins=(14, 0, 14, 0)), 24)
        head.hide()
        group = column(head)
        self._list.addLayout(group)
        return group

    # -- following the scenario

    def refresh(self) -> None:
        """Show the rules as they are now; where nobody looks, `enter` catches up."""
        if not self.isVisible():
            return
        session = self._session
        scenario, tables, plan = session.scenario, session.plan_tables, session.plan
        states = {}
        if plan is not None and tables is not None:
            states = rule_states(tables["rules"], tables["prices"], plan)
        is_stale = plan is not None and session.is_stale(plan)
        self._plan.setText(f"{plan.name}{', stale' if is_stale else ''}" if plan is not None else "")
        codes, choices = ScopeCodes(scenario), ScopeChoices(scenario)
        found = self._places()
        for gone in self._rows.keys() - {name for name, _, _ in found}:
            self._forget(gone)
        placed: dict[str, int] = {}
        for name, index, rule in found:
            made = self._rows.get(name) or self._made(name, rule.rule)
            group = group_of(rule.rule)
            placed[group] = placed.get(group, 0) + 1
            if self._groups[group].indexOf(made) != placed[group]:
                self._groups[group].insertWidget(placed[group], made)
            scope = plain_scope(rule, scenario, codes=codes)
            state = state_of(rule.rule, scope, states) if plan else RuleState()
            made.show_rule(index, rule, scenario, codes, choices, state)
        for title, group_layout in self._groups.items():
            item = group_layout.itemAt(0)
            head = item.widget() if item is not None else None
            if head is not None:
                head.setVisible(title in placed)
        self._empty.setVisible(not found)
        self._add.setEnabled(session.has_document)
        self.objectives.refresh(tables["objectives"] if tables is not None else None)
        self._tell(found, states)

    def _places(self) -> list[Place]:
        """Rows of the table, then rules that are on through data elsewhere alone."""
        scenario = self._session.scenario
        found: list[Place] = [(f"{rule.id} {rule.rule}", at, rule) for at, rule in enumerate(scenario.rules)]
        listed = {rule.rule for rule in scenario.rules}
        for key, reference in RULES.items():
            if reference.is_data_rule and key not in listed and has_data(scenario, key):
                found.append((key, None, Rule(rule=key, id=key)))
        return found

    def _made(self, name: str, key: str) -> RuleRow:
        made = RuleRow(self._theme, self._session, key, self._open_table)
        made.stepped.connect(self._step)
        self._rows[name] = made
        return made

    def _forget(self, name: str) -> None:
        gone = self._rows.pop(name)
        if gone is self._chosen:
            self._chosen = None
        for group in self._groups.values():
            if group.indexOf(gone) >= 0:
                remove_widget(group, gone)

    def _tell(self, found: list[Place], states: dict[tuple[str, str], RuleState]) -> None:
        on = sum(rule.on is None or bool(rule.on) for _, _, rule in found)
        words = f"{number_text(len(found))} rules: {on} on, {len(found) - on} off"
        binding = sum(state.state == "Binding" for state in states.values())
        if states and self._session.plan is not None:
            words += f"      {binding} binding in {self._session.plan.name}"
        self.rows_told.emit(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On small screens the sentences get more of the room."""
        super().resizeEvent(event)
        self._side.setFixedWidth(SIDE_WIDTH if self.width() >= ENOUGH_WIDTH else NARROW_SIDE_WIDTH)

    def enter(self) -> None:
        """The page comes into view."""
        self.refresh()
        first = next(iter(self.rows()), None)
        (first.switch if first is not None else self._add).setFocus(Qt.FocusReason.OtherFocusReason)

    def rows(self) -> list[RuleRow]:
        """The rules from top to bottom."""
        return [
            widget
            for group in self._groups.values()
            for at in range(group.count())
            if (item := group.itemAt(at)) is not None and isinstance(widget := item.widget(), RuleRow)
        ]

    # -- going to a rule, adding and deleting

    def show_rule(self, index: int | None, column_name: str = "") -> bool:
        """Go to a row of the table `rules`, if there is one."""
        self.refresh()
        for made in self._rows.values():
            if index is not None and made.index == index:
                made.focus_field(column_name)
                self._area.ensureWidgetVisible(made)
                return True
        return False

    def choose_rule(self) -> None:
        """Choose a rule to add from the list of all, each with what it says."""
        if not self._session.has_document:
            return
        entries = [
            Entry(RULES[key].title, plain_sentence(RULES[key]), key)
            for keys in RULE_GROUPS.values()
            for key in keys
            if not RULES[key].is_always_on
        ]
        self._chooser.pop_up(self._add, entries, QSize(560, 460))

    def add_rule(self, key: str) -> None:
        """Add a rule with its usual value, and go to its field."""
        reference = RULES[key]
        value = reference.default or ("yes" if reference.value_kind is ValueKind.YES_NO else "")
        index = len(self._session.scenario.rules)
        self._session.apply(
            f"add “{reference.title}”", lambda scenario: edits.add_row(scenario, "rules", rule=key, value=value)
        )
        self.show_rule(index)

    def delete_rule(self) -> None:
        """Delete the rule with the focus."""
        if self._chosen is not None and self._chosen.isAncestorOf(QApplication.focusWidget() or self):
            self._chosen.delete()

    def _step(self, made: RuleRow, down: int) -> None:
        rows = self.rows()
        to = rows.index(made) + down
        if 0 <= to < len(rows):
            rows[to].switch.setFocus(Qt.FocusReason.TabFocusReason)

    # -- what the chosen one means

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        chosen = next((made for made in self._rows.values() if now is not None and made.isAncestorOf(now)), None)
        if chosen is None or chosen is self._chosen:
            return
        if self._chosen is not None:
            restyle(self._chosen, chosen="false")
        self._chosen = chosen
        restyle(chosen, chosen="true")
        self._area.ensureWidgetVisible(chosen, 0, 24)
        if chosen.reference is not None:
            reference = chosen.reference
            self._explain(reference.title, reference.statement, f"Example: {reference.example}")

    def _explain_objective(self, key: str) -> None:
        if key in OBJECTIVES:
            reference = OBJECTIVES[key]
            self._explain(reference.title, reference.statement, f"Example: {reference.example}")

    def _explain(self, title: str, statement: str, example: str) -> None:
        self._title.setText(title or "Rules say what every plan must keep")
        self._statement.setText(
            statement or "Objectives say what a plan should be good at, the first before all others."
        )
        self._example.setText(example or "Go to a rule or an objective to read what it means.")


def group_of(key: str) -> str:
    """The group a rule belongs to."""
    return next((title for title, keys in RULE_GROUPS.items() if key in keys), OTHERS)
