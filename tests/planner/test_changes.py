"""Shifts between the agreed plan and a plan: by partner, by activity, by budget category."""

import dataclasses

import pytest

from planner.changes import changes_since_baseline
from planner.plan import Allocation, Shift
from planner.scenario import BaselineLine, Initiative, Region, Scenario
from resources.offers import Partner, Pledge, Resource

CASE = Scenario(
    partners=(Partner(code="ALFA"), Partner(code="BETA")),
    regions=(Region(code="R1"), Region(code="R2")),
    initiatives=(
        Initiative(code="DEMINE", dac_code="15250", strategy="technology"),
        Initiative(code="TALK", strategy="training"),
    ),
    resources=(
        Resource(code="MONEY", category="funding"),
        Resource(code="KITS", category="logistics", unit_value=10),
        Resource(code="STAFF", category="personnel", unit="person"),
    ),
    pledges=(
        Pledge(code="A", partner="ALFA", resource="MONEY", quantity=1000),
        Pledge(code="B", partner="BETA", resource="KITS", quantity=100),
        Pledge(code="C", partner="BETA", resource="STAFF", quantity=9),
    ),
)


def agreed(*lines: BaselineLine) -> Scenario:
    return dataclasses.replace(CASE, baseline=lines)


def old_line(pledge: str, initiative: str, region: str, quantity: float) -> BaselineLine:
    return BaselineLine(pledge=pledge, initiative=initiative, region=region, quantity=quantity)


def new_line(code: str, initiative: str, region: str, quantity: float) -> Allocation:
    pledge = next(row for row in CASE.pledges if row.code == code)
    return Allocation(code, pledge.partner, initiative, region, pledge.resource, 1, quantity)


def shifts(found: tuple[Shift, ...], by: str) -> dict[str, tuple[float, float, bool]]:
    return {
        " ".join(filter(None, (row.code, row.region, row.resource))): (row.old, row.new, row.is_large)
        for row in found
        if row.by == by
    }


def test_that_without_an_agreed_plan_nothing_has_changed() -> None:
    assert changes_since_baseline(CASE, [new_line("A", "DEMINE", "R1", 5)]) == ()


def test_that_money_moved_to_another_purpose_shows_in_every_view() -> None:
    case = agreed(old_line("A", "DEMINE", "R1", 100), old_line("A", "TALK", "R1", 100), old_line("B", "TALK", "R1", 5))
    plan = [new_line("A", "DEMINE", "R1", 114), new_line("A", "TALK", "R1", 80), new_line("B", "TALK", "R1", 5)]
    found = changes_since_baseline(case, plan)
    assert shifts(found, "partner") == {"ALFA": (200, 194, False), "BETA": (50, 50, False)}
    assert shifts(found, "activity") == {"DEMINE R1": (100, 114, False), "TALK R1": (150, 130, False)}
    assert shifts(found, "category") == {
        "funding:15250": (100, 114, False),
        "funding:training": (100, 80, True),
        "logistics": (50, 50, False),
    }


def test_that_what_has_no_value_counts_in_its_own_unit() -> None:
    found = changes_since_baseline(agreed(old_line("C", "TALK", "R1", 4)), [new_line("C", "TALK", "R1", 6)])
    assert shifts(found, "partner") == {"BETA STAFF": (4, 6, True)}
    assert shifts(found, "category") == {"personnel STAFF": (4, 6, True)}


@pytest.mark.parametrize(("new", "is_large"), [(115, False), (115.1, True), (85, False), (84.9, True)])
def test_that_only_shifts_of_more_than_fifteen_per_cent_are_large(new: float, is_large: bool) -> None:
    (row, *_) = changes_since_baseline(agreed(old_line("A", "TALK", "R1", 100)), [new_line("A", "TALK", "R1", new)])
    assert row.is_large is is_large
    assert row.share == pytest.approx((new - 100) / 100)


def test_that_what_is_new_is_a_large_shift_without_a_share() -> None:
    found = changes_since_baseline(agreed(old_line("A", "TALK", "R1", 100)), [new_line("B", "TALK", "R2", 1)])
    (row,) = (row for row in found if (row.by, row.region) == ("activity", "R2"))
    assert (row.old, row.new, row.change, row.share, row.is_large) == (0, 10, 10, None, True)


def test_that_rounding_is_no_shift() -> None:
    found = changes_since_baseline(agreed(old_line("A", "TALK", "R1", 100)), [new_line("A", "TALK", "R1", 100 + 1e-7)])
    assert {row.change for row in found} == {0.0}


def test_that_views_come_partner_activity_category_each_by_code() -> None:
    case = agreed(old_line("C", "TALK", "R2", 1), old_line("B", "DEMINE", "R1", 1), old_line("A", "TALK", "R1", 1))
    keys = [(row.by, row.code, row.region) for row in changes_since_baseline(case, [])]
    order = {"partner": 0, "activity": 1, "category": 2}
    assert keys == sorted(keys, key=lambda key: (order[key[0]], *key[1:]))
