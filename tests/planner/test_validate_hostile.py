"""The checks on files from strangers: nothing makes them raise, and a hundred thousand rows take about a second."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.fingerprint import fingerprint
from planner.problems import Severity
from planner.rulebook import conditions, objectives
from planner.scenario import (
    TABLE_BY_NAME,
    TABLES,
    Activity,
    BaselineLine,
    Initiative,
    Region,
    Requirement,
    Rule,
    Scenario,
    Settings,
)
from planner.validate import check, readable
from resources.offers import Partner, Pledge, Resource
from tests.planner.sound_scenario import SOUND
from tests.strategies import free_scenarios
from tests.tiny_scenarios import tiny_scenarios

ODD_VALUES = st.sampled_from(
    [
        None, "", " ", "text", "1", "nan", "\x00", "\ud800", "x" * 50_000, 0, -1, 1, 2**53 + 1, 10**400, 0.0, -0.0,
        0.5, 1e-320,
        1e-13, 1e14, 1e15, 1e30, 1e308, float("nan"), float("inf"), float("-inf"), True, False, (), ("R1", None),
        (1,), ("R1", "R1"), [], ["R1"], {}, date(1, 1, 1), date(9999, 12, 31), datetime(2027, 1, 1), b"b", object(), 1j,
        "R1", "UN", "DEMINE", "MONEY", "region:R1", "R1:region", "9999-12-31", "0001-01-01", "1e999", "٣", "²",
    ]
)  # fmt: skip
RULE_KEYS = st.sampled_from(["frozen_until", "local_share", "coverage_floor", "access_limit", "expected", "keep", "go"])


@st.composite
def damaged_scenarios(draw: st.DrawFn) -> Scenario:
    """A sound scenario with odd values in some cells, odd rows, or odd tables."""
    scenario = replace(SOUND, rules=(*SOUND.rules, Rule(rule=draw(RULE_KEYS), value="1")))
    for _ in range(draw(st.integers(1, 4))):
        table = draw(st.sampled_from(TABLES))
        whole: Any = getattr(scenario, table.name)
        if draw(st.integers(0, 20)) == 0:
            scenario = replace(scenario, **{table.name: draw(ODD_VALUES)})
        elif draw(st.integers(0, 5)) == 0:
            name = draw(st.sampled_from([column.name for column in TABLE_BY_NAME[table.name].columns]))
            key = draw(st.sampled_from(["title", "currency", "start", "period", "periods", "weighting"]))
            if isinstance(scenario.settings, Settings):
                scenario = replace(scenario, settings=replace(scenario.settings, **{key: draw(ODD_VALUES)}))
            if isinstance(whole, tuple) and whole and type(whole[0]) is table.row_class:
                rows = tuple(replace(row, **{name: draw(ODD_VALUES)}) if row else row for row in whole[:1]) + whole[1:]
                scenario = replace(scenario, **{table.name: rows})
        elif isinstance(whole, tuple) and whole:
            at = draw(st.integers(0, len(whole) - 1))
            columns = [column.name for column in table.columns]
            row: Any = whole[at]
            if type(row) is table.row_class and draw(st.integers(0, 10)) > 0:
                row = replace(row, **{draw(st.sampled_from(columns)): draw(ODD_VALUES)})
            else:
                row = draw(ODD_VALUES)
            scenario = replace(scenario, **{table.name: (*whole[:at], row, *whole[at + 1 :])})
    return scenario


@given(damaged_scenarios())
def test_that_nothing_in_a_scenario_makes_the_checks_raise(scenario: Scenario) -> None:
    for problem in check(scenario):
        assert problem.message.isprintable()
        assert len(problem.message) < 1000
    sound = readable(scenario)
    assert readable(sound) is sound
    conditions(sound)
    objectives(sound)
    fingerprint(scenario)


@given(damaged_scenarios())
def test_that_a_scenario_without_errors_needs_nothing_replaced(scenario: Scenario) -> None:
    if all(problem.severity is Severity.WARNING for problem in check(scenario)):
        assert readable(scenario) is scenario


@settings(max_examples=25)  # drawing them takes most of the time
@given(free_scenarios())
def test_that_whatever_files_can_keep_can_be_checked(scenario: Scenario) -> None:
    check(scenario)
    assert readable(scenario) is scenario
    fingerprint(scenario)


@given(tiny_scenarios())
def test_that_scenarios_that_can_be_planned_have_no_errors_but_contradictions(scenario: Scenario) -> None:
    codes = {problem.code for problem in check(scenario) if problem.severity is Severity.ERROR}
    assert codes <= {"go_contradiction"}


@pytest.mark.parametrize("value", [None, 5, "rows", [None], (None, 3), [SOUND.pledges[0]]])
def test_that_a_table_that_is_none_of_ours_is_a_problem_of_that_table_alone(value: Any) -> None:
    problems = check(replace(SOUND, pledges=value, baseline=()))
    assert problems
    assert all(problem.where.sheet == "Pledges" for problem in problems)


def large_scenario(rows: int) -> Scenario:
    """A scenario with this many requirements and a tenth of it in other tables."""
    few = rows // 100
    return Scenario(
        settings=Settings(periods=10, weighting="requirement"),
        partners=tuple(Partner(code=f"P{number}") for number in range(few)),
        regions=tuple(Region(code=f"R{number:05}") for number in range(few)),
        initiatives=tuple(
            Initiative(code=f"I{number}", prerequisites=(f"I{number - 1}",) if number else (), together=True)
            for number in range(10)
        ),
        resources=(
            Resource(code="MONEY", category="funding"),
            Resource(code="CAR", category="logistics", unit_value=1),
        ),
        pledges=tuple(
            Pledge(code=f"O{number}", partner=f"P{number % few}", resource="MONEY", quantity=1.5, regions=("R00001",))
            for number in range(rows // 10)
        ),
        requirements=tuple(
            Requirement(
                initiative=f"I{number // 10 % 10}",
                region=f"R{number // 100:05}",
                resource="MONEY",
                period=number % 10 + 1,
                quantity=1.5,
            )
            for number in range(rows)
        ),
        activities=tuple(
            Activity(initiative=f"I{number % 10}", region=f"R{number // 10:05}", go="must")
            for number in range(rows // 10)
        ),
        baseline=tuple(
            BaselineLine(pledge=f"O{number}", initiative="I1", region="R00001", quantity=1)
            for number in range(rows // 10)
        ),
    )


def test_that_a_hundred_thousand_sound_rows_give_no_problem() -> None:
    assert check(large_scenario(100_000)) == ()


def test_that_a_hundred_thousand_unknown_codes_do_not_stop_the_checks() -> None:
    scenario = large_scenario(20_000)
    wrong = tuple(replace(row, region=f"{row.region}x{number}") for number, row in enumerate(scenario.requirements))
    problems = check(replace(scenario, requirements=wrong))
    assert sum(problem.code == "unknown_reference" for problem in problems) == len(wrong)
