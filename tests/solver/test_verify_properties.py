"""What holds for the measure of any plan, sensible or not."""

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.plan import Allocation, DeliveryPayment
from planner.scenario import Scenario
from solver.verify import measure
from tests.tiny_scenarios import tiny_scenarios

CODES = st.sampled_from(("O1", "O2", "P1", "P2", "I1", "I2", "R1", "R2", "F", "L", "X"))
PERIODS = st.integers(0, 3)
NUMBERS = st.floats() | st.integers(0, 4).map(float)
JUNK = st.builds(
    Allocation,
    pledge=CODES,
    partner=CODES,
    initiative=CODES,
    region=CODES,
    resource=CODES,
    period=PERIODS,
    quantity=NUMBERS,
)
JUNK_PAYMENTS = st.builds(DeliveryPayment, pledge=CODES, region=CODES, period=PERIODS, quantity=NUMBERS)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Scenario, list[Allocation]]:
    """A tiny scenario and lines that serve its requirements, allowed or not."""
    scenario = draw(tiny_scenarios())
    pairs = [
        (pledge, need)
        for pledge in scenario.pledges
        for need in scenario.requirements
        if pledge.resource == need.resource
    ]
    lines = [
        Allocation(o.code, o.partner, q.initiative, q.region, q.resource, q.period, draw(st.integers(1, 3)))
        for o, q in pairs
        if draw(st.booleans())
    ]
    return scenario, lines


@given(tiny_scenarios(), st.lists(JUNK, max_size=4), st.lists(JUNK_PAYMENTS, max_size=2))
def test_that_no_line_whatever_is_in_it_stops_the_measuring(
    scenario: Scenario, lines: list[Allocation], payments: list[DeliveryPayment]
) -> None:
    codes = {row.code for row in scenario.pledges}
    plan = measure(scenario, lines, payments)
    if any(line.pledge not in codes for line in lines):
        assert not plan.is_sound


@given(plans(), st.randoms(use_true_random=False))
def test_that_the_order_of_rows_and_lines_changes_nothing(
    plan: tuple[Scenario, list[Allocation]], chance: random.Random
) -> None:
    scenario, lines = plan
    mixed = dataclasses.replace(
        scenario,
        **{
            table.name: tuple(chance.sample(rows, len(rows)))
            for table, rows in scenario.tables()
            if table.name != "rules"
        },
    )
    before, after = measure(scenario, lines), measure(mixed, chance.sample(lines, len(lines)))
    assert after.objectives == pytest.approx(before.objectives)
    assert after.activities == before.activities or all(
        dataclasses.astuple(after.activities[key]) == pytest.approx(dataclasses.astuple(found))
        for key, found in before.activities.items()
    )
    assert sorted(found.text for found in after.violations) == sorted(found.text for found in before.violations)
    assert [found.state for found in after.rules] == [found.state for found in before.rules]


@given(plans())
def test_that_states_and_violations_agree(plan: tuple[Scenario, list[Allocation]]) -> None:
    found = measure(*plan)
    broken = {violation.rule for violation in found.violations}
    for report in found.rules:
        assert report.state in ("met", "binding", "off", "broken")
        if report.state == "broken":
            assert report.rule in broken
