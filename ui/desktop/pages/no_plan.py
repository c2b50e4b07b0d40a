"""What stands on the Plan page before the first plan, and when there can be none: the clash, and the ways out of it."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from planner.plan import Change, ConflictMember, Fix, Plan, Totals
from planner.problems import Place
from planner.report.figures import Figures
from planner.report.outcome import scope_words
from planner.report.why import Subject, Topic, explain
from planner.report.words import STATUS_SENTENCES
from planner.rulebook import RULES
from planner.scenario import TABLE_BY_SHEET, Scenario
from ui.desktop.figures import change_text, number_text
from ui.desktop.icons import pixmap
from ui.desktop.pages.key_figures import ShareBar
from ui.desktop.parts import button, chip, column, empty_layout, framed, line, row, tabular, text
from ui.desktop.session import Session
from ui.desktop.tables.headings import place_title
from ui.desktop.theme import Theme

CARD_WIDTH = 300  # pixels, at least
MOST_CHANGES = 4  # shown of one fix
EFFECTS = (  # of the totals that a fix leads to: name, title
    ("coverage", "Coverage"),
    ("effective", "Effective coverage"),
    ("worst_region", "Worst-covered region"),
)


class NoPlan(QWidget):
    """`fix_chosen` carries the Fix to apply to a copy, `place_asked` the Place of a condition in the scenario."""

    fix_chosen = Signal(object)
    place_asked = Signal(object)

    def __init__(self, theme: Theme, plan: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme = theme
        self._title, self._words = text("", "headline", wraps=True), text("", "secondary", wraps=True)
        self._button = button(theme, "Make a plan", plan, icon="plan")
        self._copy = button(theme, "Copy as text", self._copy_text, icon="paste")
        self._text = ""
        self._parts = column(spacing=12)
        head = row(self._title, self._copy)
        head.setStretch(0, 1)
        head.setAlignment(self._copy, Qt.AlignmentFlag.AlignTop)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._words)
        layout.addSpacing(4)
        layout.addWidget(self._button)
        layout.addLayout(self._parts)
        layout.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        self.setLayout(column(area))

    def show_plan(self, plan: Plan | None, session: Session, is_running: bool) -> None:
        """Say why there is nothing to show."""
        empty_layout(self._parts)
        has_clash = plan is not None and bool(plan.conflict or plan.fixes)
        self._button.setVisible(not is_running and not has_clash)
        self._copy.setVisible(has_clash)
        if plan is None and is_running:
            self._title.setText("The first plan is being made")
            self._words.setText("You can go on working in the meantime. What you change now goes into the next plan.")
            return
        if plan is None:
            self._title.setText("No plan yet")
            self._words.setText(
                "Press Plan (F5). Concord looks for the plan that covers the needs best under every rule."
            )
            return
        others = [each for each in session.plans if each.has_allocations]
        kept = [f"{each.name} is kept." for each in others]
        title, words = title_words(plan), STATUS_SENTENCES.get(plan.status, "")
        if plan.status == "infeasible":
            words = "This is proven, not a time limit."
        self._title.setText(title)
        self._words.setText(" ".join([words, *kept[-1:]]))
        tables = session.plan_tables
        if has_clash and tables is not None:
            self._show_clash(tables.figures, others[-1] if others else None)
            self._text = clash_text(tables.figures, title, self._words.text())

    def _show_clash(self, figures: Figures, before: Plan | None) -> None:
        """The clash and the fixes, beside the plan that is kept from before."""
        plan = figures.plan
        if plan.conflict:
            layout = column()
            hint = "Remove any one of them and a plan exists" if len(plan.conflict) > 1 else ""
            layout.addLayout(row(text("What clashes", "panel"), text(hint, "unit"), None, margins=(16, 10, 16, 10)))
            for member in plan.conflict:
                layout.addWidget(line())
                layout.addLayout(self._member(figures, member))
            self._parts.addWidget(framed("panel", layout))
        if not plan.fixes:
            words = "No small change that is enough was found. Ease or switch off one of these, then plan again."
            self._parts.addWidget(text(words, "secondary", wraps=True))
        else:
            ways = {1: "One way out", 2: "Two ways out", 3: "Three ways out"}.get(len(plan.fixes))
            title = text(ways or f"{len(plan.fixes)} ways out", "page")
            hint = "Each one alone is enough. " if len(plan.fixes) > 1 else ""
            hint += "The scenario stays as it is; a copy gets the change."
            if before is not None and any(fix.totals for fix in plan.fixes):
                hint += f" Differences are from {before.name}."
            self._parts.addLayout(row(title, text(hint, "secondary"), None))
            totals = before.totals if before is not None else None
            self._parts.addWidget(Cards([self._card(figures, at, totals) for at in range(len(plan.fixes))]))

    def _member(self, figures: Figures, member: ConflictMember) -> QVBoxLayout:
        """One condition of the clash, with a button to where it stands."""
        icon = QLabel()
        icon.setPixmap(pixmap("rules", self._theme.palette.problem, 16, self.devicePixelRatioF()))
        place = explain(figures, Subject(Topic.RULE, (member.rule, member.scope))).place
        lead = row(icon, 8, text(rule_title(member), "emphasis"), text(member_scope(figures, member), "unit"), None)
        lead.setContentsMargins(16, 8, 12, 0)
        if place is not None:
            words = f"Open {place_title(place)}"
            go = button(self._theme, words, lambda: self.place_asked.emit(place), kind="link")
            go.setAccessibleName(f"{words}: {rule_title(member)}")
            lead.addWidget(go)
        sentence = text(member.text, "secondary", wraps=True)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        sentence.setContentsMargins(48, 0, 16, 8)
        layout = column(spacing=2)
        layout.addLayout(lead)
        layout.addWidget(sentence)
        return layout

    def _card(self, figures: Figures, at: int, before: Totals | None) -> QFrame:
        """One fix: what changes, from what to what, what a plan then reaches, with whom to agree, and the button."""
        fix = figures.plan.fixes[at]
        number = chip(str(at + 1), "accent")
        where = dict.fromkeys(place_title(Place(change.sheet)) for change in fix.changes)
        layout = column(spacing=8, margins=(16, 14, 16, 12))
        best = [chip("highest coverage", "accent")] if fix is highest(figures.plan.fixes) else []
        layout.addLayout(row(number, text(", ".join(where), "hint"), None, *best))
        sentence = text(fix.text, "emphasis", wraps=True)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(sentence)
        for change in fix.changes[:MOST_CHANGES]:
            layout.addWidget(text(change_title(figures, change), "hint", wraps=True))
            old, new = chip(change.old or "–"), chip(change.new or "the row goes", "accent")
            layout.addLayout(row(old, text("→", "secondary"), new, None))
        if len(fix.changes) > MOST_CHANGES:
            layout.addWidget(text(f"and {len(fix.changes) - MOST_CHANGES} more cells", "hint"))
        layout.addStretch(1)
        if fix.totals is not None:
            layout.addWidget(line())
            layout.addLayout(self._effects(fix.totals, before))
        if partners := partners_of(figures.scenario, fix):
            names = ", ".join(figures.name("partners", code) for code in partners)
            layout.addWidget(text(f"To be agreed with: {names}", "hint", wraps=True))
        apply = button(
            self._theme, "Apply to a copy", lambda: self.fix_chosen.emit(fix), kind="primary" if at == 0 else "plain"
        )
        apply.setAccessibleName(f"Apply to a copy: {fix.text}")
        buttons = row(apply)
        if fix.changes and (place := place_of(figures.scenario, fix.changes[0])) is not None:
            words = f"Open {place_title(place)}"
            go = button(self._theme, words, lambda: self.place_asked.emit(place), name=f"{words}: {fix.text}")
            buttons.addWidget(go)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        return framed("panel", layout)

    def _effects(self, totals: Totals, before: Totals | None) -> QVBoxLayout:
        """The key figures of a plan with a fix, each as a bar with a tick where it was before."""
        layout = column(spacing=2)
        for name, title in EFFECTS:
            share: float = getattr(totals, name)
            was: float | None = getattr(before, name) if before is not None else None
            figures = row(text(title, "secondary"), None, tabular(text(f"{number_text(share * 100, 1)} %", "emphasis")))
            if was is not None:
                figures.addWidget(tabular(text(change_text((share - was) * 100, 1), "hint")))
            layout.addLayout(figures)
            bar = ShareBar(self._theme, "accent")
            bar.show_share(share, was)
            layout.addWidget(bar)
        return layout

    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText(self._text)


class Cards(QWidget):
    """Cards beside each other, as many as there is room for."""

    def __init__(self, cards: list[QFrame]) -> None:
        super().__init__()
        self._cards, self._count = cards, 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._arrange(1)

    def _arrange(self, count: int) -> None:
        if count == self._count:
            return
        for at in range(max(2, self._count)):
            self._grid.setColumnStretch(at, 0)
        self._count = count
        for at, card in enumerate(self._cards):
            self._grid.addWidget(card, at // count, at % count)
        for at in range(max(2, count)):  # one card alone does not need the whole width
            self._grid.setColumnStretch(at, 1)

    def resizeEvent(self, event: object) -> None:
        """More or fewer of them in a row."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._arrange(max(1, min(3, len(self._cards), self.width() // CARD_WIDTH)))

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for one card."""
        return QSize(CARD_WIDTH, super().minimumSizeHint().height())


def highest(fixes: tuple[Fix, ...]) -> Fix | None:
    """The fix with which a plan covers most; None where there is nothing to choose from."""
    planned = [(fix.totals.coverage, fix) for fix in fixes if fix.totals is not None]
    return max(planned, key=lambda it: it[0])[1] if len(planned) > 1 else None


def title_words(plan: Plan) -> str:
    """The sentence first: how many conditions clash."""
    if plan.status != "infeasible":
        return f"{plan.name}: no plan was found"
    count = {0: "these rules", 1: "this condition", 2: "these two conditions", 3: "these three conditions"}
    words = count.get(len(plan.conflict), f"these {len(plan.conflict)} conditions")
    return f"No plan can meet {words}" + (" together" if len(plan.conflict) != 1 else "")


def rule_title(member: ConflictMember) -> str:
    """What kind of condition it is."""
    return RULES[member.rule].title if member.rule in RULES else member.rule.replace("_", " ").capitalize()


def member_scope(figures: Figures, member: ConflictMember) -> str:
    """What it covers, where that is not the whole plan."""
    return scope_words(figures, member.scope) if ":" in member.scope else ""


def change_title(figures: Figures, change: Change) -> str:
    """Which cell a change is of: `Rules: Least coverage, Region Serin Pass, value`."""
    names = [key_words(figures, name, code) for name, code in change.key.items() if code]
    return f"{place_title(Place(change.sheet))}: {', '.join(names)}, {change.column.replace('_', ' ')}"


def key_words(figures: Figures, name: str, code: str) -> str:
    """What people call a code that stands in a column of this name."""
    if name == "rule" and code in RULES:
        return RULES[code].title
    if name == "scope":
        return scope_words(figures, code)
    return figures.name(f"{name}s", code) if f"{name}s" in figures.names else code


def place_of(scenario: Scenario, change: Change) -> Place | None:
    """The cell of a change in the scenario; None where it makes a new row."""
    table = TABLE_BY_SHEET[change.sheet]
    for at, source in enumerate(scenario.rows(table)):
        if all(str(getattr(source, name) or "") == (code or "") for name, code in change.key.items()):
            return Place(change.sheet, at, change.column)
    return None


def partners_of(scenario: Scenario, fix: Fix) -> tuple[str, ...]:
    """The partners whose pledges, vetoes or own rules a fix changes."""
    givers = {row.code: row.partner for row in scenario.pledges}
    carried = {(row.initiative, row.region): row.implementer for row in scenario.activities}
    found: dict[str, None] = {}
    for change in fix.changes:
        key = change.key
        kind, _, code = key.get("scope", "").partition(":")
        named = (
            givers.get(key.get("code", "")) if change.sheet == "Pledges" else None,
            key.get("partner"),
            code if kind == "partner" else None,
            carried.get((key.get("initiative", ""), key.get("region", ""))) if change.sheet == "Activities" else None,
        )
        found |= dict.fromkeys(code for code in named if code)
    return tuple(found)


def clash_text(figures: Figures, title: str, words: str) -> str:
    """The clash and the ways out to paste into a letter."""
    lines = [title, words]
    if figures.plan.conflict:
        lines += ["", "What clashes", *(f"- {member.text}" for member in figures.plan.conflict)]
    if figures.plan.fixes:
        lines += ["", "Ways out, each one alone is enough"]
        lines += [f"{number}. {fix.text}" for number, fix in enumerate(figures.plan.fixes, 1)]
    return "\n".join(lines) + "\n"
