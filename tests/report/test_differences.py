"""Two plans beside each other."""

from dataclasses import replace

import pytest

from planner.plan import Plan
from planner.report.differences import compare_activities, compare_figures, compare_lines
from planner.report.figures import Figures
from planner.scenario import Scenario


@pytest.fixture
def figures(sample: Scenario, sample_plan: Plan) -> Figures:
    return Figures(sample, replace(sample_plan, name="Plan 1"))


def test_that_a_plan_does_not_differ_from_itself(figures: Figures) -> None:
    assert not compare_lines(figures, figures).rows
    assert not compare_activities(figures, figures).rows
    assert set(compare_figures(figures, figures).column("change")) == {0.0}


def test_that_a_line_that_is_gone_is_a_change_by_all_of_it(figures: Figures, sample: Scenario) -> None:
    first, *others = figures.plan.allocations
    without = Figures(sample, replace(figures.plan, name="Plan 2", allocations=tuple(others)))

    table = compare_lines(without, figures)

    assert [table.value(0, name) for name in ("pledge", "other", "this", "change")] == [
        first.pledge,
        first.quantity,
        0.0,
        -first.quantity,
    ]
    assert len(table.rows) == 1
    assert [column.title for column in table.columns if column.name in ("other", "this")] == ["Plan 1", "Plan 2"]


def test_that_an_activity_that_stops_is_told_with_both_decisions(figures: Figures, sample: Scenario) -> None:
    first, *others = figures.plan.activities
    stopped = replace(first, go=not first.go, coverage=first.coverage / 2)
    after = Figures(sample, replace(figures.plan, name="Plan 2", activities=(stopped, *others)))

    table = compare_activities(after, figures)

    assert table.column("decision") == ("goes ahead → does not go ahead",)
    assert table.value(0, "change") == pytest.approx(-first.coverage / 2)
