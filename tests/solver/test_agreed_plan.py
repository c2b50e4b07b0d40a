"""The agreed plan beside the plan: what it reaches and what it breaks under today's rules."""

from planner.scenario import BaselineLine
from resources.offers import DeliveryCost
from solver.agreed_plan import compare_baseline
from solver.run import solve
from tests.solver.verify_scenarios import need, pledge, rule, scenario


def agreed(code: str, quantity: float, region: str = "R1") -> BaselineLine:
    return BaselineLine(pledge=code, initiative="DEMINE", region=region, quantity=quantity)


NEEDS = (need("DEMINE", "R1", "KITS", 10), need("DEMINE", "R2", "KITS", 10))


def test_that_without_an_agreed_plan_there_is_nothing_to_compare() -> None:
    assert compare_baseline(scenario(requirements=NEEDS)) is None


def test_that_the_agreed_plan_is_measured_as_a_plan_is() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 20),), requirements=NEEDS, baseline=(agreed("A", 4), agreed("A", 6, "R2"))
    )
    found = solve(case).baseline
    assert found is not None
    assert (found.totals.coverage, found.broken) == (0.5, ())


def test_that_lines_with_one_key_are_added_up() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 20),), requirements=NEEDS, baseline=(agreed("A", 4), agreed("A", 6))
    )
    found = compare_baseline(case)
    assert found is not None
    assert (found.totals.coverage, found.broken) == (0.5, ())


def test_that_each_rule_that_breaks_today_has_one_sentence() -> None:
    case = scenario(
        pledges=(
            pledge("A", "ALFA", "KITS", 3),
            pledge("B", "BETA", "KITS", 9, status="pledge"),
            pledge("C", "BETA", "KITS", 9, status="pledge"),
        ),
        requirements=NEEDS,
        baseline=(agreed("A", 4), agreed("B", 2), agreed("C", 5, "R2")),
    )
    found = compare_baseline(case)
    assert found is not None
    status, supply = found.broken
    assert status.startswith("Pledge B is used as pledge")
    assert status.endswith("And 1 more like it.")
    assert "A" in supply


def test_that_the_order_of_rows_changes_no_sentence_about_the_agreed_plan() -> None:
    lines = (agreed("B", 2), agreed("C", 2, "R2"))
    pledges = (pledge("B", "BETA", "KITS", 9, status="pledge"), pledge("C", "BETA", "KITS", 9, status="pledge"))
    found = compare_baseline(scenario(pledges=pledges, requirements=NEEDS, baseline=lines))
    other = compare_baseline(scenario(pledges=pledges[::-1], requirements=NEEDS[::-1], baseline=lines[::-1]))
    assert found == other


def test_that_unpaid_delivery_is_not_held_against_a_plan_that_does_not_record_it() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 20), pledge("M", "ALFA", "MONEY", 500)),
        requirements=NEEDS,
        delivery_costs=(DeliveryCost(cost_per_unit=1),),
        rules=(rule("pay_delivery", "yes"),),
        baseline=(agreed("A", 4),),
    )
    found = compare_baseline(case)
    assert found is not None
    assert found.broken == ()
