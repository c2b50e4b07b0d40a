"""From the Plan button through a real child process to a plan on screen."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from planner import edits
from planner.document import Document
from planner.report.why import Subject, Topic
from planner.samples import build_sample
from ui.desktop.plans.planning import Failure, PlanRun
from ui.desktop.session import Session
from ui.desktop.window import Window

Wait = Callable[..., None]
PATIENCE = 60.0  # seconds; two cores may be busy with other tests


def test_that_plan_shows_a_plan_of_the_scenario(opened: Window, wait: Wait) -> None:
    opened.start_plan()
    assert opened.place == "plan"
    assert not opened.plan_page.solving.isHidden()
    wait(lambda: opened.run is None, PATIENCE)

    plan = opened.session.plan
    assert plan is not None
    assert plan.status == "optimal"
    assert plan.name == "Plan 1"
    assert plan.allocations
    assert opened.session.is_stale(plan) is False
    assert opened.plan_page.solving.isHidden()
    for key in ("coverage", "allocations", "gaps", "partners", "supply", "rules", "activities"):
        opened.plan_page.show_tab(key)
    opened.go("overview")
    assert opened.session.is_dirty


def test_that_editing_while_planning_makes_the_plan_stale(opened: Window, wait: Wait) -> None:
    opened.start_plan()
    opened.session.apply("change", lambda scenario: edits.set_cell(scenario, "pledges", 0, "quantity", 100.0))
    wait(lambda: opened.run is None, PATIENCE)
    wait(lambda: opened.session.is_checked)

    plan = opened.session.plan
    assert plan is not None
    assert opened.session.is_stale(plan) is True
    assert "goes into the next plan" in opened.notice.words
    opened.session.undo()
    wait(lambda: opened.session.is_checked)
    assert opened.session.is_stale(plan) is False


def test_that_errors_stop_planning_and_lead_to_the_first(opened: Window, wait: Wait) -> None:
    opened.session.apply("break", lambda scenario: edits.set_cell(scenario, "pledges", 1, "partner", "NOBODY"))
    wait(lambda: opened.session.is_checked)

    opened.start_plan()

    assert opened.run is None
    assert "errors" in opened.notice.words
    opened.next_problem()
    assert opened.place == "partners"
    assert opened.partners.current_name == "pledges"
    assert opened.partners.view.currentIndex().row() == 1


def test_that_an_error_the_window_has_not_seen_yet_is_told_by_the_child(opened: Window, wait: Wait) -> None:
    opened.session.apply("break", lambda scenario: edits.set_cell(scenario, "pledges", 1, "partner", "NOBODY"))

    opened.start_plan()
    wait(lambda: opened.run is None, PATIENCE)

    assert opened.session.plan is None
    assert "NOBODY" in opened.notice.words


def test_that_rules_nobody_can_meet_are_told_as_no_plan(opened: Window, wait: Wait) -> None:
    def ask_too_much(scenario: object) -> object:
        return edits.add_row(scenario, "rules", rule="coverage_floor", value="1")

    opened.session.apply("ask too much", ask_too_much)
    wait(lambda: opened.session.is_checked)
    opened.start_plan()
    wait(lambda: opened.run is None, PATIENCE)

    plan = opened.session.plan
    assert plan is not None
    assert plan.status == "infeasible"
    assert not plan.has_allocations


def test_that_escape_ends_the_run_while_why_is_open_and_keeps_the_last_plan(opened: Window, wait: Wait) -> None:
    opened.start_plan()
    wait(lambda: opened.run is None, PATIENCE)
    kept = opened.session.plan
    large = build_sample()
    opened.session.apply("swap", lambda scenario: replace(large, id=scenario.id))

    opened.start_plan()
    run = opened.run
    assert run is not None
    events: list[str] = []
    run.progressed.connect(lambda event: events.append(event["event"]))
    wait(lambda: events, PATIENCE)
    opened.why.ask(Subject(Topic.ALL))
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert opened.why.is_open
    wait(lambda: opened.run is None, 10)

    assert kept in opened.session.plans


def test_that_stop_before_the_child_has_started_ends_the_run(session: Session, wait: Wait) -> None:
    run = PlanRun(session.scenario, {}, session.background)
    failures: list[Failure] = []
    run.failed.connect(failures.append)

    run.start()
    run.stop()
    wait(lambda: session.background.is_idle)

    assert [failure.kind for failure in failures] == ["stopped"]
    assert run.is_over


def test_that_a_plan_never_reaches_another_document_than_its_own(opened: Window, wait: Wait) -> None:
    opened.start_plan()
    run = opened.run
    assert run is not None

    other = Document.new_from(build_sample())
    opened.session.open(other)
    assert opened.run is None
    assert run.is_over
    wait(lambda: opened.session.is_checked)
    assert not other.plans
    assert opened.plan_page.solving.isHidden()


@pytest.mark.parametrize("how", ["closing", "abandoning"])
def test_that_no_child_is_left_behind(opened: Window, wait: Wait, how: str) -> None:
    opened.session.open(Document.new_from(build_sample()))
    opened.start_plan()
    run = opened.run
    assert run is not None
    wait(lambda: run._process is not None and run._process.processId() > 0, PATIENCE)
    process, file = run._process, run._file

    if how == "closing":
        opened.close()
    else:
        run.abandon()
        opened.run = None

    assert process is not None
    assert file is not None
    assert process.processId() == 0
    assert not file.exists()
