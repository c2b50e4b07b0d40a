"""Rules as sentences and objectives in their order: read, typed into, switched, added, moved and taken away."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from planner import edits
from planner.document import Document
from planner.plan import ConditionPrice, Plan, RuleReport
from planner.rulebook import RULES, ValueKind
from planner.scenario import Activity, Objective, Rule, Scenario
from ui.desktop.pages.rule_sentences import RuleSentences
from ui.desktop.rules.rule_row import RuleRow, ValueField, entered_value
from ui.desktop.window import Window

Wait = Callable[..., None]


@pytest.fixture
def page(opened: Window, wait: Wait) -> RuleSentences:
    opened.activateWindow()
    wait(opened.isActiveWindow)
    opened.go("rules")
    QApplication.processEvents()
    return opened.rules.sentences


def words_of(row: QWidget) -> str:
    found = [label.text() for label in row.findChildren(QLabel) if not label.isHidden() and label.text()]
    return " ".join(found)


def type_value(row: RuleRow, words: str, wait: Wait) -> None:
    assert isinstance(row.value, ValueField)
    row.value.setFocus()
    wait(row.value.hasFocus)
    QTest.keyClicks(row.value, words)
    QTest.keyClick(row.value, Qt.Key.Key_Return)


def test_that_a_rule_is_a_sentence_with_its_value_and_scope_in_it(page: RuleSentences) -> None:
    (row,) = page.rows()
    assert words_of(row) == "At least of funding goes to activities carried out by local partners, in"
    assert isinstance(row.value, ValueField)
    assert row.value.text() == "25 %"
    assert row.scope is not None
    assert row.scope.currentText() == "the whole plan"
    assert [row.scope.itemText(at) for at in range(row.scope.count())] == ["the whole plan", "Upper Ostra", "Dovna"]


def test_that_every_rule_of_the_rulebook_has_its_fields(opened: Window, scenario: Scenario, wait: Wait) -> None:
    opened.session.open(Document.new_from(replace(scenario, rules=tuple(Rule(rule=key) for key in RULES))))
    opened.go("rules")
    rows = opened.rules.sentences.rows()
    assert sorted(row.key for row in rows) == sorted(RULES)
    for row in rows:
        reference = RULES[row.key]
        assert (row.value is not None) == (reference.value_kind is not ValueKind.NONE), row.key
        assert (row.scope is not None) == bool(reference.scope_kinds), row.key
        assert "{" not in words_of(row), row.key


def test_that_a_value_is_typed_into_the_sentence(opened: Window, page: RuleSentences, wait: Wait) -> None:
    (row,) = page.rows()
    type_value(row, "0.4", wait)

    assert opened.session.scenario.rules[0].value == "0.4"
    assert opened.session.undo_label == "change “Share for local partners”"
    opened.go("overview")
    opened.go("rules")
    assert isinstance(row.value, ValueField)
    page.objectives.rows()[0].setFocus()
    assert row.value.text() == "40 %"
    row.focus_field("value")
    assert row.value.text() == "40 %"
    page.objectives.rows()[0].setFocus()
    opened.session.undo()
    assert row.value.text() == "25 %"


def test_that_a_value_that_cannot_be_read_stays_with_the_reason(
    opened: Window, page: RuleSentences, wait: Wait
) -> None:
    (row,) = page.rows()
    type_value(row, "much", wait)

    assert not row.problem.isHidden()
    assert "'much' is not a share" in row.problem.text()
    assert opened.session.scenario.rules[0].value == "much"
    type_value(row, "30 %", wait)
    assert row.problem.isHidden()


@pytest.mark.parametrize(
    ("rule", "typed", "kept"),
    [("local_share", "95", "95 %"), ("local_share", "0.4", "0.4"), ("max_contribution", "250,000", "250000")],
)
def test_that_a_value_is_kept_as_it_was_meant(rule: str, typed: str, kept: str) -> None:
    assert entered_value(RULES[rule], typed) == kept


def test_that_an_amount_with_two_readings_is_not_taken(opened: Window, page: RuleSentences, wait: Wait) -> None:
    opened.session.apply("add", lambda it: edits.add_row(it, "rules", rule="max_contribution", value="5"))
    row = next(row for row in page.rows() if row.key == "max_contribution")
    type_value(row, "250.000", wait)

    assert opened.session.scenario.rules[-1].value == "5"
    assert "'250.000' may mean 250,000 or 250" in row.problem.text()
    assert row.problem.text().endswith("Until then 5 counts.")


def test_that_a_scope_is_chosen_from_the_list(opened: Window, page: RuleSentences) -> None:
    (row,) = page.rows()
    assert row.scope is not None
    row.scope.setCurrentIndex(2)
    row.scope.activated.emit(2)

    assert opened.session.scenario.rules[0].scope == "region:R2"
    assert row.scope.currentText() == "Dovna"


def test_that_a_switch_turns_a_rule_off_and_on(opened: Window, page: RuleSentences) -> None:
    (row,) = page.rows()
    QTest.keyClick(row.switch, Qt.Key.Key_Space)
    assert opened.session.scenario.rules[0].on is False
    assert opened.session.undo_label == "switch off “Share for local partners”"
    QTest.mouseClick(row.switch, Qt.MouseButton.LeftButton)
    assert opened.session.scenario.rules[0].on is True


def test_that_a_rule_with_its_figures_elsewhere_can_be_switched_off(opened: Window, scenario: Scenario) -> None:
    activities = (Activity(initiative="DIALOGUE", region="R1", min_share=0.5),)
    opened.session.open(Document.new_from(replace(scenario, activities=activities)))
    opened.go("rules")
    page = opened.rules.sentences
    row = next(row for row in page.rows() if row.key == "minimum")
    assert row.switch.isChecked()
    row.switch.click()

    assert [(rule.rule, rule.on) for rule in opened.session.scenario.rules[1:]] == [("minimum", False)]
    row = next(row for row in page.rows() if row.key == "minimum")
    assert not row.switch.isChecked()
    link = next(made for made in row.findChildren(QWidget) if made.accessibleName().endswith("figures in Activities"))
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert opened.place == "needs"
    assert opened.needs.current_name == "activities"


def test_that_a_rule_is_added_by_typing_a_part_of_its_name(opened: Window, page: RuleSentences, wait: Wait) -> None:
    QTest.keyClick(opened, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    chooser = page._chooser
    wait(chooser.isVisible)
    QTest.keyClicks(chooser.field, "too thin")
    assert chooser.list.count() == 1
    QTest.keyClick(chooser.field, Qt.Key.Key_Return)

    assert opened.session.scenario.rules[1].rule == "max_activities"
    added = next(row for row in page.rows() if row.key == "max_activities")
    assert (
        added.problem.text() == "The rule 'max_activities' (“Not spread too thin”) needs a value: write a whole number."
    )
    assert isinstance(added.value, ValueField)
    wait(added.value.hasFocus)
    QTest.keyClicks(added.value, "3")
    QTest.keyClick(added.value, Qt.Key.Key_Return)
    assert opened.session.scenario.rules[1].value == "3"
    assert added.problem.isHidden()
    assert words_of(added).startswith("At most activities are served by")


def test_that_a_deleted_rule_comes_back_by_undo(opened: Window, page: RuleSentences) -> None:
    (row,) = page.rows()
    row.switch.setFocus()
    QTest.keyClick(row.switch, Qt.Key.Key_Delete)
    assert opened.session.scenario.rules == ()
    assert page.rows() == []

    opened.session.undo()
    assert [row.key for row in page.rows()] == ["local_share"]


def test_that_up_and_down_go_from_rule_to_rule_and_each_is_explained(
    opened: Window, page: RuleSentences, wait: Wait
) -> None:
    for key in ("coverage_floor", "count_status"):
        page.add_rule(key)
    QApplication.processEvents()
    rows = page.rows()
    assert [row.key for row in rows] == ["local_share", "coverage_floor", "count_status"]
    rows[0].switch.setFocus()
    wait(rows[0].switch.hasFocus)
    assert "implementer is local" in page._statement.text()
    QTest.keyClick(rows[0].switch, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is rows[1].switch
    assert "is at least this share" in page._statement.text()


def test_that_an_unknown_rule_says_so_and_can_be_taken_away(opened: Window, scenario: Scenario) -> None:
    opened.session.open(Document.new_from(replace(scenario, rules=(Rule(rule="wheather", value="1"),))))
    opened.go("rules")
    (row,) = opened.rules.sentences.rows()
    assert "There is no rule 'wheather'." in row.problem.text()
    row.delete()
    assert opened.session.scenario.rules == ()


def test_that_a_problem_of_a_rule_leads_to_its_field(opened: Window, page: RuleSentences, wait: Wait) -> None:
    (row,) = page.rows()
    type_value(row, "much", wait)
    wait(lambda: opened.session.is_checked)
    opened.go("overview")
    (problem,) = [each for each in opened.session.problems if each.where.sheet == "Rules"]
    opened.show_problem(problem)

    assert opened.place == "rules"
    wait(lambda: QApplication.focusWidget() is row.value)


def test_that_the_plan_in_view_says_what_became_of_a_rule(opened: Window, page: RuleSentences) -> None:
    plan = Plan(
        title="",
        fingerprint="",
        status="optimal",
        rules=(RuleReport("local_share", "", "binding", 0.25, 0.25, 1.5),),
        prices=(ConditionPrice("local_share", "", "At least 25 %", 1.5, 3.0),),
    )
    opened.session.add_plan(plan, opened.session.scenario)
    (row,) = page.rows()
    assert "25.0 % binding" in words_of(row)

    row.switch.click()
    assert words_of(row).endswith(", in off")


def objectives(*keys: str) -> tuple[Objective, ...]:
    return tuple(Objective(order=order, objective=key) for order, key in enumerate(keys, start=1))


@pytest.fixture
def ranked(opened: Window, scenario: Scenario, wait: Wait) -> Window:
    several = objectives("effective", "worst_region", "coverage")
    opened.session.open(Document.new_from(replace(scenario, objectives=several)))
    opened.activateWindow()
    wait(opened.isActiveWindow)
    opened.go("rules")
    QApplication.processEvents()
    return opened


def order_of(window: Window) -> list[str]:
    return [row.objective for row in sorted(window.session.scenario.objectives, key=lambda row: row.order)]


def test_that_alt_and_an_arrow_move_an_objective_that_keeps_the_focus(ranked: Window, wait: Wait) -> None:
    first = ranked.rules.sentences.objectives.rows()[0]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert order_of(ranked) == ["worst_region", "effective", "coverage"]
    assert QApplication.focusWidget() is first
    assert [row.objective.objective for row in ranked.rules.sentences.objectives.rows()] == order_of(ranked)
    QTest.keyClick(first, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(first, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert order_of(ranked) == ["worst_region", "coverage", "effective"]
    assert ranked.session.undo_label == "move “Effective coverage”"
    QTest.keyClick(first, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert order_of(ranked) == ["worst_region", "effective", "coverage"]


def test_that_arrows_go_from_objective_to_objective(ranked: Window, wait: Wait) -> None:
    rows = ranked.rules.sentences.objectives.rows()
    rows[0].setFocus()
    wait(rows[0].hasFocus)
    QTest.keyClick(rows[0], Qt.Key.Key_Down)
    assert QApplication.focusWidget() is rows[1]
    assert "covered least" in ranked.rules.sentences._statement.text()
    QTest.keyClick(rows[1], Qt.Key.Key_Up)
    assert QApplication.focusWidget() is rows[0]


def test_that_an_objective_is_dragged_to_another_place(ranked: Window) -> None:
    last = ranked.rules.sentences.objectives.rows()[2]
    start = QPoint(60, 20)
    QTest.mousePress(last, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(last, start - QPoint(0, 2 * last.height()))
    QTest.mouseRelease(last, Qt.MouseButton.LeftButton, pos=start - QPoint(0, 2 * last.height()))

    assert order_of(ranked)[0] == "coverage"


def test_that_what_an_objective_may_give_up_is_typed_beside_it(ranked: Window, wait: Wait) -> None:
    first = ranked.rules.sentences.objectives.rows()[0]
    first.field.setFocus()
    wait(first.field.hasFocus)
    QTest.keyClicks(first.field, "2 %")
    QTest.keyClick(first.field, Qt.Key.Key_Return)
    assert ranked.session.scenario.objectives[0].tolerance == 0.02

    QTest.keyClicks(first.field, "200")
    QTest.keyClick(first.field, Qt.Key.Key_Return)
    assert ranked.session.scenario.objectives[0].tolerance == 0.02
    assert not first.problem.isHidden()


def test_that_objectives_are_added_and_taken_away(ranked: Window) -> None:
    listed = ranked.rules.sentences.objectives
    listed._add_button.click()
    assert {listed._chooser.list.item(at).text() for at in range(listed._chooser.list.count())} == {
        *("Delivery cost", "Few changes", "Few moves", "Fair burden"),
    }
    QTest.keyClicks(listed._chooser.field, "moves")
    QTest.keyClick(listed._chooser.field, Qt.Key.Key_Return)
    assert order_of(ranked)[-1] == "starts"

    QTest.keyClick(listed.rows()[0], Qt.Key.Key_Delete)
    assert order_of(ranked) == ["worst_region", "coverage", "starts"]
