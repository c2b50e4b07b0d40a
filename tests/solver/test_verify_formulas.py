"""The figures of a plan against values worked out by hand."""

import math

import pytest

from planner.rulebook import OBJECTIVES
from planner.scenario import Initiative, Region
from resources.offers import DeliveryCost, ExchangeRate
from solver.verify import measure
from solver.verify.delivery import Tariff
from solver.verify.facts import Facts
from tests.solver.verify_scenarios import activity, line, need, payment, pledge, rule, scenario


def test_that_coverage_is_the_mean_of_its_resources_by_their_weight() -> None:
    case = scenario(
        pledges=(pledge("M", "ALFA", "MONEY", 50), pledge("S", "ALFA", "STAFF", 2)),
        requirements=(
            need("DEMINE", "R1", "MONEY", 100, weight=1),
            need("DEMINE", "R1", "STAFF", 3, 1, weight=2),
            need("DEMINE", "R1", "STAFF", 1, 2, weight=4),
        ),
        settings={"periods": 2},
    )
    plan = measure(
        case,
        [line(case, "M", "DEMINE R1", 50), line(case, "S", "DEMINE R1", 2), line(case, "S", "DEMINE R1", 1, 2)],
    )
    # MONEY 0.5 at weight 1; STAFF 3 of 4 at the mean of its weights, 3.
    assert plan.activities["DEMINE", "R1"].coverage == pytest.approx((0.5 + 3 * 0.75) / 4)
    # Period 1: min(50/100, 2/3); period 2: 1/1.
    assert plan.activities["DEMINE", "R1"].effective == pytest.approx((0.5 + 1) / 2)
    assert plan.is_sound


def test_that_only_essential_needs_limit_effective_coverage() -> None:
    case = scenario(
        pledges=(pledge("M", "ALFA", "MONEY", 50),),
        requirements=(
            need("DEMINE", "R1", "MONEY", 100),
            need("DEMINE", "R1", "STAFF", 3, essential=False),
            need("RETURN", "R1", "STAFF", 3, essential=False),
            need("RETURN", "R1", "MONEY", 100, essential=False),
        ),
    )
    plan = measure(case, [line(case, "M", "DEMINE R1", 20), line(case, "M", "RETURN R1", 30)])
    assert plan.activities["DEMINE", "R1"].effective == pytest.approx(0.2)
    assert plan.activities["RETURN", "R1"].effective == plan.activities["RETURN", "R1"].coverage == pytest.approx(0.15)


def test_that_a_requirement_of_zero_makes_no_activity_and_counts_nothing() -> None:
    case = scenario(
        pledges=(pledge("M", "ALFA", "MONEY", 50),),
        requirements=(
            need("DEMINE", "R1", "MONEY", 100, weight=1),
            need("DEMINE", "R1", "MONEY", 0, 2, weight=9),
            need("DEMINE", "R1", "KITS", 0, weight=5),
            need("RETURN", "R2", "MONEY", 0),
        ),
        settings={"periods": 2},
    )
    plan = measure(case, [line(case, "M", "DEMINE R1", 50)])
    assert list(plan.activities) == [("DEMINE", "R1")]
    assert plan.activities["DEMINE", "R1"].coverage == pytest.approx(0.5)
    assert plan.totals.worst_region == pytest.approx(0.5)


def test_that_weight_is_priority_times_severity_times_size() -> None:
    case = scenario(
        initiatives=(Initiative(code="DEMINE", priority=3), Initiative(code="RETURN")),
        regions=(Region(code="R1", severity=4), Region(code="R2")),
        requirements=(
            need("DEMINE", "R1", "MONEY", 1),
            need("RETURN", "R1", "MONEY", 1),
            need("RETURN", "R2", "MONEY", 1),
        ),
        activities=(activity("RETURN", "R1", priority=0.5),),
    )
    weights = {key: found.weight for key, found in measure(case, []).activities.items()}
    assert weights == {("DEMINE", "R1"): 12, ("RETURN", "R1"): 2, ("RETURN", "R2"): 1}


def test_that_weighting_by_requirement_uses_the_value_of_all_needs_with_mean_one() -> None:
    case = scenario(
        settings={"weighting": "requirement", "periods": 2},
        regions=tuple(Region(code=code) for code in ("R1", "R2", "R3", "R4", "R5")),
        requirements=(
            need("DEMINE", "R1", "MONEY", 100, 1),
            need("DEMINE", "R1", "MONEY", 100, 2),
            need("DEMINE", "R2", "MONEY", 400),
            need("DEMINE", "R3", "KITS", 7),  # without a value: the median of 200, 400, 900
            need("DEMINE", "R4", "MONEY", 900),
            need("DEMINE", "R5", "MONEY", 10_000),
        ),
        activities=(activity("DEMINE", "R5", go="no"),),
    )
    weights = {key[1]: found.weight for key, found in measure(case, []).activities.items()}
    mean = (200 + 400 + 400 + 900) / 4  # without the refused activity
    assert weights == pytest.approx({"R1": 200 / mean, "R2": 400 / mean, "R3": 400 / mean, "R4": 900 / mean, "R5": 0})


def test_that_weighting_by_people_takes_the_region_where_the_activity_is_silent() -> None:
    case = scenario(
        settings={"weighting": "people"},
        regions=(Region(code="R1", people_in_need=300), Region(code="R2")),
        requirements=tuple(need(i, r, "MONEY", 1) for i in ("DEMINE", "RETURN") for r in ("R1", "R2")),
        activities=(activity("RETURN", "R1", people=0), activity("RETURN", "R2", people=100)),
    )
    weights = {key: found.weight for key, found in measure(case, []).activities.items()}
    # Known 300 and 100, median 200 for the activity with 0 and the one without any figure; mean 200.
    assert weights == pytest.approx(
        {("DEMINE", "R1"): 1.5, ("DEMINE", "R2"): 1, ("RETURN", "R1"): 1, ("RETURN", "R2"): 0.5}
    )


def test_that_sizes_are_one_where_nobody_knows_any() -> None:
    case = scenario(settings={"weighting": "people"}, requirements=(need("DEMINE", "R1", "MONEY", 1),))
    assert measure(case, []).activities["DEMINE", "R1"].weight == 1


def test_that_refused_activities_leave_every_mean_and_total_until_the_rule_is_off() -> None:
    tables = {
        "pledges": (pledge("M", "ALFA", "MONEY", 100),),
        "requirements": (need("DEMINE", "R1", "MONEY", 100), need("RETURN", "R2", "MONEY", 300)),
        "activities": (activity("RETURN", "R2", go="no"),),
    }
    case = scenario(**tables)
    plan = measure(case, [line(case, "M", "DEMINE R1", 100)])
    assert (plan.totals.coverage, plan.totals.worst_region, plan.totals.funding_coverage) == (1, 1, 1)
    case = scenario(**tables, rules=(rule("go", on=False),))
    plan = measure(case, [line(case, "M", "DEMINE R1", 100)])
    assert (plan.totals.coverage, plan.totals.worst_region, plan.totals.funding_coverage) == (0.5, 0, 0.25)
    assert plan.rules[0].state == "off"


def test_that_objectives_add_up_over_weights_and_the_worst_region_is_the_smallest() -> None:
    case = scenario(
        initiatives=(Initiative(code="DEMINE", priority=2), Initiative(code="RETURN")),
        pledges=(pledge("M", "ALFA", "MONEY", 100),),
        requirements=(
            need("DEMINE", "R1", "MONEY", 100),
            need("RETURN", "R1", "MONEY", 100),
            need("RETURN", "R2", "MONEY", 100),
        ),
    )
    plan = measure(case, [line(case, "M", "DEMINE R1", 60), line(case, "M", "RETURN R2", 40)])
    assert plan.objectives["coverage"] == pytest.approx(2 * 0.6 + 0.4)
    assert plan.objectives["effective"] == pytest.approx(2 * 0.6 + 0.4)
    assert plan.objectives["worst_region"] == pytest.approx(0.4)  # R1: (2 · 0.6 + 0) / 3
    assert plan.coverage_by_region == pytest.approx({"R1": 0.4, "R2": 0.4})
    assert plan.totals.coverage == pytest.approx(1.6 / 4)


def test_that_totals_are_zero_where_there_is_nothing_to_divide_by() -> None:
    plan = measure(scenario(), [])
    assert plan.is_sound
    assert set(vars_of(plan.totals)) == {0.0}
    assert plan.objectives == dict.fromkeys(OBJECTIVES, 0)


def vars_of(totals: object) -> list[float]:
    return [getattr(totals, name) for name in totals.__dataclass_fields__]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("rows", "partner", "resource", "region", "expected"),
    [
        ([("", "", "", 1)], "ALFA", "KITS", "R1", 1),
        ([("", "", "", 1)], "ALFA", "MONEY", "R1", 0),  # funding only where it is named
        ([("", "", "", 1), ("", "MONEY", "", 2)], "ALFA", "MONEY", "R1", 2),
        ([("", "", "R1", 1), ("", "KITS", "", 2), ("ALFA", "", "", 3)], "ALFA", "KITS", "R1", 3),
        ([("", "", "R1", 1), ("", "KITS", "", 2)], "ALFA", "KITS", "R1", 2),
        ([("", "", "R1", 1), ("", "KITS", "", 2)], "ALFA", "STAFF", "R1", 1),
        ([("ALFA", "", "", 1), ("", "KITS", "R1", 2)], "ALFA", "KITS", "R1", 2),  # two names before one
        ([("", "KITS", "R1", 1), ("ALFA", "", "R1", 2), ("ALFA", "KITS", "", 3)], "ALFA", "KITS", "R1", 3),
        ([("", "KITS", "R1", 1), ("ALFA", "", "R1", 2)], "ALFA", "KITS", "R1", 2),
        ([("ALFA", "KITS", "R1", None), ("", "", "", 4)], "ALFA", "KITS", "R1", 4),  # an empty cell says nothing
        ([("ALFA", "KITS", "R1", 0), ("", "", "", 4)], "ALFA", "KITS", "R1", 0),  # but 0 does
        ([("BETA", "", "", 1)], "ALFA", "KITS", "R1", 0),
    ],
)
def test_that_the_row_that_names_most_gives_the_cost(
    rows: list[tuple[str, str, str, float | None]], partner: str, resource: str, region: str, expected: float
) -> None:
    costs = tuple(DeliveryCost(partner=p, resource=k, region=r, cost_per_unit=cost) for p, k, r, cost in rows)
    tariff = Tariff(Facts(scenario(delivery_costs=costs)))
    assert tariff.cost_per_unit((partner, resource, region)) == expected


def test_that_each_cell_of_the_look_up_comes_from_its_own_row() -> None:
    costs = (
        DeliveryCost(partner="ALFA", resource="KITS", region="R1", cost_per_unit=1),
        DeliveryCost(partner="ALFA", lead_periods=2),
        DeliveryCost(region="R1", fixed_cost=9, lead_periods=5),
    )
    tariff, route = Tariff(Facts(scenario(delivery_costs=costs))), ("ALFA", "KITS", "R1")
    fixed = tariff.fixed_row(route)
    assert fixed is not None
    assert (tariff.cost_per_unit(route), tariff.lead_periods(route), fixed.fixed_cost) == (1, 2, 9)


def test_that_the_bill_counts_units_by_period_fixed_costs_once_and_agreements_once() -> None:
    case = scenario(
        settings={"periods": 2},
        pledges=(
            pledge("K", "ALFA", "KITS", 10),
            pledge("S1", "ALFA", "STAFF", 2, agreement="A", mobilisation_cost=30),
            pledge("S2", "ALFA", "STAFF", 2, agreement="A", mobilisation_cost=50),
            pledge("B", "BETA", "KITS", 5, mobilisation_cost=7),
            pledge("IDLE", "BETA", "KITS", 5, mobilisation_cost=1000),
        ),
        requirements=(
            need("DEMINE", "R1", "KITS", 15),
            need("DEMINE", "R1", "STAFF", 4, 1),
            need("DEMINE", "R1", "STAFF", 4, 2),
        ),
        delivery_costs=(
            DeliveryCost(cost_per_unit=2, fixed_cost=100),
            DeliveryCost(resource="STAFF", cost_per_unit=5),
            DeliveryCost(partner="BETA", resource="KITS", fixed_cost=11),
        ),
    )
    place = "DEMINE R1"
    plan = measure(
        case,
        [
            line(case, "K", place, 10),
            line(case, "S1", place, 2),
            line(case, "S2", place, 1, 2),
            line(case, "B", place, 3),
        ],
    )
    assert plan.is_sound
    assert plan.bill.unit == {("R1", 1): 10 * 2 + 2 * 5 + 3 * 2, ("R1", 2): 5}
    assert plan.bill.fixed == {"R1": 100 + 11}  # ALFA's kits and staff share one fixed cost
    assert sum(plan.bill.mobilisation.values()) == 50 + 7  # the largest of the instalments, used or not
    assert plan.totals.delivery_cost == plan.objectives["delivery_cost"] == 41 + 111 + 57


def test_that_paying_for_delivery_is_use_of_a_pledge_but_no_coverage() -> None:
    case = scenario(
        pledges=(pledge("M", "ALFA", "MONEY", 100, mobilisation_cost=5), pledge("K", "BETA", "KITS", 4)),
        requirements=(need("DEMINE", "R1", "KITS", 4), need("RETURN", "R1", "MONEY", 50)),
        delivery_costs=(DeliveryCost(cost_per_unit=2),),
        rules=(rule("pay_delivery", "yes"),),
    )
    plan = measure(case, [line(case, "K", "DEMINE R1", 4)], [payment("M", "R1", 8)])
    assert plan.is_sound
    assert plan.totals.delivery_cost == 8 + 5
    assert plan.totals.funding_allocated == plan.activities["RETURN", "R1"].coverage == 0


def test_that_usable_money_is_converted_after_overhead_to_the_nearest_cent() -> None:
    case = scenario(
        pledges=(pledge("M", "ALFA", "MONEY", 1000, currency="EUR", overhead=0.07), pledge("K", "ALFA", "KITS", 7.9)),
        exchange_rates=(ExchangeRate(currency="EUR", rate=0.9),),
    )
    assert Facts(case).usable == {"M": 1033.33, "K": 7}


@pytest.mark.parametrize(("quantity", "likelihood", "usable"), [(5, 0.5, 3), (35, 0.7, 25), (10, 0.24, 2)])
def test_that_expected_whole_quantities_are_rounded_halves_up(quantity: int, likelihood: float, usable: int) -> None:
    case = scenario(
        pledges=(
            pledge("K", "ALFA", "KITS", quantity, likelihood=likelihood),
            pledge("M", "ALFA", "MONEY", quantity, likelihood=likelihood),
        ),
        rules=(rule("expected", "yes"),),
    )
    assert Facts(case).usable == {"K": usable, "M": pytest.approx(quantity * likelihood)}


@pytest.mark.parametrize(
    ("share", "total", "least"), [(0.1, 30, 3), (0.5, 3, 2), (0.34, 3, 2), (1, 7, 7), (1 / 3, 3, 1)]
)
def test_that_the_least_of_a_whole_resource_is_rounded_up_but_for_noise(share: float, total: int, least: int) -> None:
    case = scenario(
        requirements=(need("DEMINE", "R1", "KITS", total),), activities=(activity("DEMINE", "R1", min_share=share),)
    )
    assert Facts(case).least(("DEMINE", "R1"), "KITS") == least


def test_that_a_local_implementer_of_another_country_is_not_local() -> None:
    case = scenario(
        partners=(
            scenario().partners[0],
            *(
                type(scenario().partners[0])(code=code, local=local, country=country)
                for code, local, country in [("ANY", True, ""), ("KENYAN", True, "KEN"), ("FOREIGN", False, "KEN")]
            ),
        )
    )
    facts = Facts(case)
    found = {
        (code, region): facts.is_local(code, region) for code in ("ANY", "KENYAN", "FOREIGN") for region in ("R1", "R2")
    }
    assert [key for key, is_local in found.items() if is_local] == [("ANY", "R1"), ("ANY", "R2"), ("KENYAN", "R1")]
    assert not facts.is_local("", "R1")


def test_that_a_line_without_a_number_spoils_no_figure() -> None:
    case = scenario(pledges=(pledge("M", "ALFA", "MONEY", 50),), requirements=(need("DEMINE", "R1", "MONEY", 100),))
    plan = measure(case, [line(case, "M", "DEMINE R1", math.nan)])
    assert plan.objectives["coverage"] == 0
    assert not plan.is_sound
