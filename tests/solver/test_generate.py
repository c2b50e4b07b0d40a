"""Synthetic scenarios: as large, as scarce and as repeatable as benchmarks and tests take them to be."""

import dataclasses
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.scenario import Scenario
from planner.validate import check
from solver.generate import NEED_PER_SUPPLY, RESOURCES, SIZES, generate

SMALL = st.builds(generate, st.just("s"), st.integers(0, 10_000))


@pytest.mark.parametrize("size", ["s", "m", "l"])
def test_that_a_size_says_how_much_of_everything_there_is(size: str) -> None:
    expected, scenario = SIZES[size], generate(size, seed=2)
    assert len(scenario.partners) == expected.partners
    assert len(scenario.initiatives) == expected.initiatives
    assert len(scenario.regions) == expected.regions
    assert scenario.settings.periods == expected.periods
    assert set(Counter(pledge.partner for pledge in scenario.pledges).values()) == {expected.pledges_per_partner}
    assert len(scenario.activities) == round(0.8 * expected.initiatives * expected.regions)


def test_that_the_same_seed_gives_the_same_scenario_with_the_same_ids() -> None:
    first, second = generate("m", seed=7), generate("m", seed=7)
    assert first == second
    assert [row.id for row in first.requirements] == [row.id for row in second.requirements]
    assert first.id == second.id


def test_that_another_seed_gives_another_scenario() -> None:
    assert generate("s", seed=1).requirements != generate("s", seed=2).requirements


@settings(max_examples=25)
@given(SMALL)
def test_that_every_resource_is_supplied_and_needed_beyond_its_supply(scenario: Scenario) -> None:
    for resource in RESOURCES:
        for period in range(1, scenario.settings.periods + 1) if resource.is_reusable else [None]:
            quantities = [
                row.quantity
                for row in scenario.requirements
                if row.resource == resource.code and period in (None, row.period)
            ]
            supplied = sum(
                pledge.quantity
                for pledge in scenario.pledges
                if pledge.resource == resource.code
                and (period is None or (pledge.from_period or 1) <= period <= (pledge.to_period or period))
            )
            step = 100 if resource.is_funding else 1
            # Rounded to whole steps, and at least one step for each requirement.
            expected = max(NEED_PER_SUPPLY * supplied, len(quantities) * step)
            assert sum(quantities) == pytest.approx(expected, abs=step)
            assert supplied > 0


@settings(max_examples=25)
@given(SMALL)
def test_that_an_activity_needs_funding_and_three_more_resources_in_every_period(scenario: Scenario) -> None:
    needs = Counter((row.initiative, row.region, row.period) for row in scenario.requirements)
    assert set(needs.values()) == {4}
    assert len(needs) == len(scenario.activities) * scenario.settings.periods
    funded = {(row.initiative, row.region) for row in scenario.requirements if row.resource == "FUND"}
    assert funded == {(activity.initiative, activity.region) for activity in scenario.activities}


@settings(max_examples=25)
@given(SMALL)
def test_that_every_code_in_use_exists_and_quantities_are_whole_and_above_zero(scenario: Scenario) -> None:
    regions = {region.code for region in scenario.regions}
    initiatives = {initiative.code for initiative in scenario.initiatives}
    partners = {partner.code for partner in scenario.partners}
    for pledge in scenario.pledges:
        assert pledge.partner in partners
        assert set(pledge.regions) <= regions
        assert set(pledge.initiatives) <= initiatives
        assert 1 <= (pledge.from_period or 1) <= (pledge.to_period or 4) <= scenario.settings.periods
    assert all(activity.implementer in partners for activity in scenario.activities)
    assert all(veto.region in regions for veto in scenario.vetoes)
    quantities = [row.quantity for row in (*scenario.pledges, *scenario.requirements)]
    assert min(quantities) > 0
    assert all(quantity == round(quantity) for quantity in quantities)


def test_that_earmarks_come_in_the_announced_mix() -> None:
    pledges = generate("l", seed=4).pledges
    kinds = Counter((bool(pledge.initiatives), bool(pledge.regions)) for pledge in pledges)
    shares = {kind: count / len(pledges) for kind, count in kinds.items()}
    assert shares[False, False] == pytest.approx(0.35, abs=0.06)
    assert shares[False, True] == pytest.approx(0.30, abs=0.06)
    assert shares[True, False] == pytest.approx(0.20, abs=0.06)
    assert shares[True, True] == pytest.approx(0.15, abs=0.06)
    activities = {(row.initiative, row.region) for row in generate("l", seed=4).activities}
    single = [pledge for pledge in pledges if pledge.initiatives and pledge.regions]
    assert all((pledge.initiatives[0], pledge.regions[0]) in activities for pledge in single)


def test_that_a_variant_changes_nothing_but_what_it_names() -> None:
    plain = generate("s", seed=3)
    vetoing = generate("s", seed=3, partner_vetoes_initiative=True)
    assert dataclasses.replace(vetoing, vetoes=plain.vetoes) == plain
    assert vetoing.vetoes[: len(plain.vetoes)] == plain.vetoes
    assert all(veto.initiative and not veto.region for veto in vetoing.vetoes[len(plain.vetoes) :])
    ruled = generate("s", seed=3, local_share=0.3, pay_delivery=True, four_objectives=True)
    assert {(rule.rule, rule.value) for rule in ruled.rules} == {("local_share", "0.3"), ("pay_delivery", "yes")}
    assert [level.objective for level in ruled.objectives] == ["effective", "worst_region", "coverage", "delivery_cost"]
    assert dataclasses.replace(ruled, rules=plain.rules, objectives=plain.objectives) == plain


@pytest.mark.parametrize("weighting", ["activity", "requirement", "people"])
def test_that_the_checks_find_nothing_in_a_synthetic_scenario(weighting: str) -> None:
    scenario = generate(
        "s",
        partner_vetoes_initiative=True,
        four_objectives=True,
        local_share=0.3,
        pay_delivery=True,
        weighting=weighting,
    )
    assert check(scenario) == ()


@pytest.mark.slow
def test_that_the_largest_size_is_made_in_seconds() -> None:
    scenario = generate("xl", seed=1)
    assert len(scenario.requirements) == 76_800
