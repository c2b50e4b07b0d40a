"""Why? - every figure of a plan has an explanation, and its waterfall adds up."""

from dataclasses import replace

import pytest

from planner.cell_changes import apply_fix
from planner.plan import Plan
from planner.problems import Place
from planner.report.figures import Figures
from planner.report.tables import BUILDERS, PlanTables
from planner.report.why import Subject, Topic, Waterfall, explain, subject_of
from planner.samples import build_sample
from planner.scenario import TABLE_BY_SHEET, Rule, Scenario
from solver.run import solve


@pytest.fixture(scope="module")
def tables() -> PlanTables:
    """A small scenario, planned by the optimiser."""
    scenario = build_sample("first-steps")
    return PlanTables(scenario, solve(scenario))


@pytest.fixture(scope="module")
def figures(tables: PlanTables) -> Figures:
    return tables.figures


def subjects(figures: Figures) -> list[Subject]:
    """Everything that a click on some row, cell or link of this plan can ask about."""
    found: dict[Subject, None] = {Subject(Topic.ALL): None}
    tables = PlanTables(figures.scenario, figures.plan)
    for key in BUILDERS:
        rows = (subject_of(figures, tables[key], row) for row in range(len(tables[key].rows)))
        found |= dict.fromkeys(subject for subject in rows if subject is not None)
    found |= dict.fromkeys(Subject(Topic.REGION, (row.code,)) for row in figures.scenario.regions)
    found |= dict.fromkeys(Subject(Topic.INITIATIVE, (row.code,)) for row in figures.scenario.initiatives)
    asked: set[Subject] = set()
    while left := found.keys() - asked:
        for subject in left:
            told = explain(figures, subject)
            found |= dict.fromkeys(
                line.subject for section in told.sections for line in section.lines if line.subject is not None
            )
            asked.add(subject)
    return list(found)


def test_that_everything_one_can_ask_about_and_every_link_has_an_explanation(figures: Figures) -> None:
    for subject in subjects(figures):
        told = explain(figures, subject)
        assert told.title
        assert told.state or told.sentences or told.sections, subject
        if told.place is not None:
            rows = figures.scenario.rows(TABLE_BY_SHEET[told.place.sheet])
            assert told.place.row is None or 0 <= told.place.row < len(rows)


def test_that_every_waterfall_ends_at_what_its_losses_leave(figures: Figures) -> None:
    seen = 0
    for subject in subjects(figures):
        waterfall = explain(figures, subject).waterfall
        if waterfall is not None:
            seen += 1
            assert adds_up(waterfall), (subject, waterfall)
    assert seen > 10


def adds_up(waterfall: Waterfall) -> bool:
    first, *losses, last = waterfall.steps
    left = first.value + sum(step.value for step in losses)
    return abs(left - last.value) < 1e-3 * max(1.0, first.value)


def test_that_an_activity_tells_its_reason_its_losses_and_who_serves_it(figures: Figures) -> None:
    gap = figures.plan.gaps[0]
    told = explain(figures, Subject(Topic.ACTIVITY, (gap.initiative, gap.region)))

    result = figures.results[gap.initiative, gap.region]
    assert result.text in told.sentences
    assert "covered" in told.state
    missing = next(section for section in told.sections if section.title == "What is missing")
    assert gap.text in [line.words for line in missing.lines] or len(missing.lines) > 1
    assert told.place is not None
    assert told.place.sheet == "Requirements"


def test_that_a_need_tells_what_each_reason_takes(figures: Figures) -> None:
    gap = next(gap for gap in figures.plan.gaps if gap.parts)
    told = explain(figures, Subject(Topic.NEED, (gap.initiative, gap.region, gap.resource, str(gap.period))))

    assert told.sentences == (gap.text,)
    assert told.waterfall is not None
    losses = [-step.value for step in told.waterfall.steps[1:-1]]
    assert losses == [part.quantity for part in gap.parts]


def test_that_a_line_tells_why_this_pledge(figures: Figures) -> None:
    line = figures.plan.allocations[0]
    told = explain(figures, Subject(Topic.LINE, (line.pledge, line.initiative, line.region, str(line.period))))

    assert told.sentences == (line.text,)
    assert told.place is not None
    assert figures.scenario.pledges[told.place.row or 0].code == line.pledge


def test_that_a_rule_leads_to_its_row_and_says_whether_it_binds(figures: Figures) -> None:
    scenario = replace(figures.scenario, rules=(Rule(rule="local_share", value="10 %"),))
    plan = solve(scenario)
    report = next(row for row in plan.rules if row.rule == "local_share")
    told = explain(Figures(scenario, plan), Subject(Topic.RULE, ("local_share", report.scope)))

    assert told.place == Place("Rules", 0, "value")
    assert "the limit is 10.0 %" in told.state
    assert told.sentences
    assert told.trial is not None
    assert [row.on for row in apply_fix(scenario, told.trial).rules] == [False]


def test_that_codes_that_are_gone_are_told_as_they_are(figures: Figures) -> None:
    empty = Figures(Scenario(), Plan(title="", fingerprint="", status="optimal"))
    for subject in subjects(figures):
        assert explain(empty, subject).title


def test_that_coverage_over_time_of_one_period_is_coverage() -> None:
    scenario = build_sample("first-steps")
    single = replace(
        scenario,
        requirements=tuple(row for row in scenario.requirements if row.period == 1),
        baseline=(),
    )
    tables = PlanTables(single, solve(single))
    periods = {(row[0], row[1]): row[-1] for row in tables["periods"].rows}

    assert periods["all", ""] == pytest.approx(tables.plan.totals.coverage)
    for region in tables["coverage"].columns[2:-1]:
        expected = tables["coverage"].value(len(tables["coverage"].rows) - 1, region.name)
        assert periods["region", region.name] == pytest.approx(expected)


def test_that_flows_add_up_to_what_partners_contribute_without_delivery(tables: PlanTables) -> None:
    figures = tables.figures
    paid = sum(figures.paid_by_pledge.values())

    assert sum(tables["flows"].column("value")) == pytest.approx(sum(figures.contributed.values()) - paid)
