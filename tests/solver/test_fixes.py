"""Where no plan is possible, each fix is a smallest change, makes a plan possible, and changes nothing else."""

import dataclasses
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from planner.cell_changes import apply_fix, changes_between
from planner.plan import Change, Fix, Plan
from planner.problems import ConcordError, Severity
from planner.rulebook import RULES, ValueKind
from planner.samples import build_sample
from planner.scenario import Activity, BaselineLine, Initiative, Region, Requirement, Rule, Scenario
from planner.validate import check
from resources.offers import DeliveryCost, Partner, Pledge, Resource, Veto
from solver.options import Options
from solver.reasons.sentences import LIMIT_NAMES
from solver.repair.conflicts import find_conflict
from solver.repair.demands import demands_of
from solver.repair.feasibility import Feasibility
from solver.repair.fixes import explain_clash
from solver.run import solve
from tests.tiny_scenarios import FEATURES, tiny_scenarios

MUST = Activity(initiative="DEMINE", region="R1", go="must")
FUNDING = Requirement(initiative="DEMINE", region="R1", resource="MONEY", quantity=100)
RETURN = Requirement(initiative="RETURN", region="R1", resource="MONEY", quantity=135)


def scenario(**tables: Any) -> Scenario:
    """Half of what demining in Serin Pass needs; tables as given."""
    filled: dict[str, Any] = {
        "partners": (Partner(code="ALFA", name="Alfa", local=True), Partner(code="BETA")),
        "regions": (Region(code="R1", name="Serin Pass", access=4), Region(code="R2", access=5)),
        "initiatives": (Initiative(code="DEMINE", name="Demining"), Initiative(code="RETURN", name="Return")),
        "resources": (
            Resource(code="MONEY", name="Funding", category="funding"),
            Resource(code="STAFF", name="Trainers", category="personnel", unit="person"),
        ),
        "pledges": (Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50),),
        "requirements": (FUNDING,),
    }
    return Scenario(**(filled | tables))


def fixes(case: Scenario) -> list[str]:
    """The fixes in words, each tried."""
    plan = solve(case)
    assert plan.status == "infeasible"
    for fix in plan.fixes:
        assert solve(apply_fix(case, fix)).has_allocations
    return [fix.text for fix in plan.fixes]


def test_that_a_share_is_lowered_to_the_smallest_that_works() -> None:
    """65 can go to the local activity, and 135 must go to the other one: 65 of 200 are 32.5 %."""
    case = scenario(
        requirements=(FUNDING, RETURN),
        pledges=(
            Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=500, initiatives=("RETURN",)),
            Pledge(code="P2", partner="BETA", resource="MONEY", quantity=65, initiatives=("DEMINE",)),
        ),
        activities=(
            Activity(initiative="DEMINE", region="R1", implementer="ALFA"),
            Activity(initiative="RETURN", region="R1", implementer="BETA", go="must", min_share=1),
        ),
        rules=(Rule(rule="local_share", value="0.4"),),
    )
    fix = next(fix for fix in solve(case).fixes if "local" in fix.text)
    assert dataclasses.replace(fix, totals=None) == Fix(
        "Lower the share for local partners, in the whole plan, from 40 % to 32.5 %.",
        (Change("Rules", {"rule": "local_share", "scope": ""}, "value", "0.4", "32.5 %"),),
    )
    assert solve(apply_fix(case, fix)).has_allocations
    tighter = dataclasses.replace(fix, changes=(dataclasses.replace(fix.changes[0], new="32.6 %"),))
    assert solve(apply_fix(case, tighter)).status == "infeasible"


def test_that_a_least_share_a_must_and_a_pledge_are_each_changed_no_more_than_needed() -> None:
    case = scenario(activities=(dataclasses.replace(MUST, min_share=0.6),))
    assert fixes(case) == [
        "Add 10 USD of Funding to pledge P1 of Alfa (from 50 to 60).",
        "Lower the least share with which Demining in Serin Pass goes ahead from 60 % to 50 %.",
        "Give up this condition: Demining in Serin Pass must go ahead.",
    ]


def test_that_a_limit_without_a_round_value_is_loosened_to_the_safe_side() -> None:
    """A third of the need is pledged: 33.3 %, not 33.4 %."""
    case = scenario(
        pledges=(Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=100 / 3),),
        rules=(Rule(rule="coverage_floor", value="90 %", scope="region:R1"),),
    )
    assert "Lower the least coverage, in Serin Pass, from 90 % to 33.3 %." in fixes(case)


def test_that_a_cap_is_raised_to_what_the_musts_cost() -> None:
    """A tenth of 60 % of 200 units, at 7 each: 12 · 7."""
    case = scenario(
        requirements=(dataclasses.replace(FUNDING, resource="STAFF", quantity=20),),
        pledges=(Pledge(code="P1", partner="ALFA", resource="STAFF", quantity=20),),
        activities=(dataclasses.replace(MUST, min_share=0.6),),
        delivery_costs=(DeliveryCost(cost_per_unit=7),),
        rules=(Rule(rule="delivery_cap", value="50"),),
    )
    assert "Raise the cap on the cost of delivery, in the whole plan, from 50 USD to 84 USD." in fixes(case)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (
            Rule(rule="access_limit", value="3"),
            "Raise the limit of access to regions, for all partners, from 3 to 4.",
        ),
        (
            Rule(rule="count_status", value="paid"),
            "Lower the status from which pledges count, in the whole plan, from paid to commitment.",
        ),
    ],
    ids=lambda value: value.rule if isinstance(value, Rule) else "",
)
def test_that_a_rule_with_levels_moves_to_the_next_one_that_works(rule: Rule, text: str) -> None:
    case = scenario(
        requirements=(dataclasses.replace(FUNDING, resource="STAFF"),),
        pledges=(Pledge(code="P1", partner="ALFA", resource="STAFF", quantity=5),),
        activities=(MUST,),
        rules=(rule,),
    )
    assert text in fixes(case)


SHARED: dict[str, Any] = {
    "partners": (
        Partner(code="ALFA", name="Alfa", type="22", fair_share=0.5),
        Partner(code="BETA", type="21", fair_share=0.5),
    ),
    "requirements": (FUNDING, dataclasses.replace(RETURN, quantity=100)),
    "pledges": (
        Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50),
        Pledge(code="P2", partner="BETA", resource="MONEY", quantity=150),
    ),
    "activities": (
        Activity(initiative="DEMINE", region="R1", implementer="ALFA"),
        Activity(initiative="RETURN", region="R1", implementer="BETA"),
    ),
}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (  # 100 to demining, and 60 to return for the floor: 100 of 160
            Rule(rule="implementer_share", value="0.8", scope="type:22"),
            "Lower the share for implementers, for organisation type National NGO, from 80 % to 62.5 %.",
        ),
        (
            Rule(rule="implementer_cap", value="40", scope="partner:BETA"),
            "Raise the cap on funding to carry out, for BETA, from 40 USD to 60 USD.",
        ),
        (  # 50 of 160
            Rule(rule="partner_type_share", value="0.4", scope="type:22"),
            "Lower the share contributed, for organisation type National NGO, from 40 % to 31.2 %.",
        ),
        (  # 110 of 160, twice its half
            Rule(rule="burden_cap", value="1.2"),
            "Raise the cap on what a partner contributes, in fair shares, in the whole plan, from 1.2 to 1.38.",
        ),
        (  # 50 from Alfa, so 110 from Beta to two activities
            Rule(rule="max_contribution", value="30"),
            "Raise the cap on the contribution to an activity, for each partner, from 30 USD to 55 USD.",
        ),
        (  # one activity for each would take 100 of Beta and 50 of Alfa
            Rule(rule="max_activities", value="0"),
            "Raise the cap on activities served, for each partner, from 0 to 2.",
        ),
        (  # all that Alfa has
            Rule(rule="min_contribution", value="160"),
            "Lower the least contribution to an activity, for each partner, from 160 USD to 50 USD.",
        ),
    ],
    ids=lambda value: value.rule if isinstance(value, Rule) else "",
)
def test_that_each_rule_with_a_limit_is_loosened_to_what_the_floor_takes(rule: Rule, text: str) -> None:
    """Both activities need 100, weigh the same and get 160 together for the floor; Alfa has 50, and Beta 150."""
    floor = Rule(rule="coverage_floor", value="0.8")
    assert text in fixes(scenario(**SHARED, rules=(floor, rule)))


def test_that_partners_rows_and_agreed_lines_are_taken_out_one_by_one() -> None:
    line = BaselineLine(pledge="P1", initiative="DEMINE", region="R1", resource="MONEY", quantity=50, keep=True)
    kept = scenario(
        **SHARED,
        baseline=(line, dataclasses.replace(line, pledge="P2", initiative="RETURN")),
        rules=(Rule(rule="implementer_cap", value="20", scope="partner:ALFA"),),
    )
    agreed = "Pledge P1 gives 50 Funding to Demining in Serin Pass, Period 1, as agreed (keep = yes)."
    assert f"Give up this condition: {agreed}" in fixes(kept)
    apart = scenario(
        **(SHARED | {"requirements": (FUNDING,)}),
        vetoes=(Veto(partner="ALFA", with_partner="BETA"), Veto(partner="BETA", region="R2")),
        rules=(
            Rule(rule="coverage_floor", value="0.8"),
            Rule(rule="implementer_cap", value="90", scope="partner:ALFA"),
            Rule(rule="burden_cap", value="1.2"),
        ),
    )
    assert "Give up this condition: Alfa and BETA do not both serve an activity." in fixes(apart)
    third = (*SHARED["partners"], Partner(code="GAMMA"))
    joint = scenario(**(SHARED | {"activities": (dataclasses.replace(MUST, min_partners=3),), "partners": third}))
    assert "Lower the least number of partners with which Demining in Serin Pass goes ahead from 3 to 2." in fixes(
        joint
    )


def test_that_demands_which_clash_in_two_ways_are_fixed_together() -> None:
    """Two regions, each with its own floor and its own scarce pledge: no single floor is the trouble."""
    case = scenario(
        requirements=(FUNDING, dataclasses.replace(FUNDING, region="R2")),
        pledges=tuple(
            Pledge(code=f"P{number}", partner="ALFA", resource="MONEY", quantity=50, regions=(f"R{number}",))
            for number in (1, 2)
        ),
        rules=tuple(Rule(rule="coverage_floor", value="0.7", scope=f"region:R{number}") for number in (1, 2)),
    )
    together = [f"Lower the least coverage, in {name}, from 70 % to 50 %." for name in ("R2", "Serin Pass")]
    assert " ".join(together) in fixes(case)
    turned = dataclasses.replace(case, rules=case.rules[::-1], pledges=case.pledges[::-1])
    assert solve(turned).fixes == solve(case).fixes  # the order of rows decides nothing


def test_that_many_limits_are_loosened_together_by_the_same_part() -> None:
    """Seven regions, each with its own floor and half of what it needs: a third off each floor is the first that works.

    A fifth off leaves 56 %.
    """
    codes = [f"R{number}" for number in range(1, 8)]
    case = scenario(
        regions=tuple(Region(code=code) for code in codes),
        requirements=tuple(dataclasses.replace(FUNDING, region=code) for code in codes),
        pledges=tuple(
            Pledge(code=f"P-{code}", partner="ALFA", resource="MONEY", quantity=50, regions=(code,)) for code in codes
        ),
        rules=tuple(Rule(rule="coverage_floor", value="0.7", scope=f"region:{code}") for code in codes),
    )
    assert " ".join(f"Lower the least coverage, in {code}, from 70 % to 45 %." for code in codes) in fixes(case)


@pytest.mark.slow
def test_that_a_limit_which_clashes_with_many_single_demands_is_loosened() -> None:
    """In the sample many agreed lines and floors each stand against a local share of everything."""
    sample = build_sample()
    kept = tuple(row for row in sample.rules if row.rule not in ("local_share", "coverage_floor"))
    floors = (Rule(rule="coverage_floor", value="55 %", scope=f"region:{row.code}") for row in sample.regions)
    case = dataclasses.replace(sample, rules=(*kept, Rule(rule="local_share", value="100 %"), *floors))
    plan = solve(case)
    assert plan.status == "infeasible"
    assert any({change.sheet for change in fix.changes} == {"Rules"} for fix in plan.fixes)


def test_that_a_must_which_no_pledge_may_serve_says_so() -> None:
    plan = solve(scenario(activities=(MUST,), vetoes=(Veto(partner="ALFA", region="R1"),)))
    (member,) = plan.conflict
    assert member.text == "Demining in Serin Pass must go ahead. No pledge that counts may serve it, however large."
    assert [fix.text for fix in plan.fixes] == [
        "Give up this condition: Demining in Serin Pass must go ahead.",
        "Lift this refusal: Alfa refuses everything in Serin Pass.",
    ]


def test_that_an_earmark_that_alone_stands_in_the_way_is_opened() -> None:
    pledges = (
        Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50, initiatives=("RETURN",), regions=("R2",)),
        Pledge(code="P2", partner="ALFA", resource="MONEY", quantity=0, regions=("R2",)),
    )
    case = scenario(activities=(MUST,), pledges=pledges)
    assert "Lift this refusal: Pledge P1 of Alfa is earmarked: only Return, only in R2." in fixes(case)
    fix = next(fix for fix in solve(case).fixes if fix.text.startswith("Lift"))
    (opened, other) = apply_fix(case, fix).pledges
    assert (opened.initiatives, opened.regions, other) == ((), (), pledges[1])


def test_that_what_a_must_lacks_is_said_in_its_own_resource() -> None:
    """6 of 10 trainers, where a tenth of the weight of 100 would do for money."""
    case = scenario(
        requirements=(dataclasses.replace(FUNDING, resource="STAFF", quantity=10),),
        pledges=(Pledge(code="P1", partner="ALFA", resource="STAFF", quantity=2),),
        rules=(Rule(rule="coverage_floor", value="0.55"),),
    )
    (member,) = solve(case).conflict
    assert member.text.endswith("Too little that may serve it is pledged: 4 person of Trainers more would do.")


def test_that_money_is_added_in_the_currency_of_its_pledge_and_before_overhead() -> None:
    """10 USD more at 2 per USD, with half taken off: 40 more."""
    case = scenario(
        pledges=(
            Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=200, currency="EUR", rate=2, overhead=0.5),
        ),
        rules=(Rule(rule="coverage_floor", value="0.6"),),
    )
    assert "Add 40 EUR of Funding to pledge P1 of Alfa (from 200 to 240)." in fixes(case)


def test_that_time_which_is_up_leaves_the_clash_without_fixes() -> None:
    case = scenario(activities=(MUST,), pledges=())
    clash = find_conflict(case, Feasibility(Options(time_limit=1.0), lambda: False, time.monotonic() - 2.0))
    assert [demand.rule for demand in clash.members] == ["go"]


def test_that_cancelling_ends_the_search_for_fixes() -> None:
    case = scenario(activities=(dataclasses.replace(MUST, min_share=0.6),))
    phases: list[str] = []
    feasibility = Feasibility(Options(), lambda: "fixes" in phases, time.monotonic())
    clash = explain_clash(case, feasibility, phases.append)
    assert clash.conflict
    assert clash.fixes == ()


# -- any scenario --


@st.composite
def demanding_scenarios(draw: st.DrawFn) -> Scenario:
    """Tiny scenarios that ask for more than most of them can bring."""
    case = draw(tiny_scenarios(draw(st.sets(st.sampled_from(sorted(FEATURES))))))
    scopes = [
        "",
        *(f"region:{row.code}" for row in case.regions),
        *(f"initiative:{row.code}" for row in case.initiatives),
    ]
    rules = {(row.rule, row.scope): row for row in case.rules}
    for scope in draw(st.lists(st.sampled_from(scopes), min_size=1, max_size=2, unique=True)):
        value = draw(st.sampled_from(("40 %", "75 %", "1")))
        rules["coverage_floor", scope] = Rule(rule="coverage_floor", value=value, scope=scope)
    return dataclasses.replace(case, rules=tuple(rules.values()))


def _infeasible(case: Scenario) -> Plan:
    assume(not any(problem.severity is Severity.ERROR for problem in check(case)))
    plan = solve(case)
    assume(plan.status == "infeasible")
    return plan


SLOW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


@SLOW
@given(demanding_scenarios())
def test_that_every_fix_makes_a_plan_possible_and_changes_nothing_else(case: Scenario) -> None:
    plan = _infeasible(case)
    for fix in plan.fixes:
        fixed = apply_fix(case, fix)
        assert solve(fixed).has_allocations, fix
        cells = {(change.sheet, tuple(change.key.items()), change.column) for change in fix.changes}
        assert sorted(changes_between(case, fixed), key=repr) == sorted(fix.changes, key=repr)
        assert len(cells) == len(fix.changes)


@SLOW
@given(demanding_scenarios())
def test_that_a_clash_has_no_plan_and_each_of_its_members_is_needed_for_that(case: Scenario) -> None:
    _infeasible(case)
    feasibility = Feasibility(Options(), lambda: False, time.monotonic())
    conflict = find_conflict(case, feasibility)
    alone, members = case, {(demand.rule, demand.text) for demand in conflict.members}
    for demand in demands_of(case):
        if (demand.rule, demand.text) not in members:
            alone = demand.without(alone)
    assert alone == conflict.scenario
    assert feasibility.is_impossible(alone)
    for member in conflict.members:
        assert feasibility.has_plan(member.without(alone)), member.text


# -- changes of cells --


def test_that_a_fix_of_a_cell_that_has_changed_since_is_refused() -> None:
    case = scenario(activities=(dataclasses.replace(MUST, min_share=0.6),))
    fix = solve(case).fixes[0]
    changed = dataclasses.replace(case, pledges=(dataclasses.replace(case.pledges[0], quantity=55),))
    with pytest.raises(ConcordError, match="P1 no longer has the quantity '50'"):
        apply_fix(changed, fix)


def test_that_a_change_of_a_row_that_is_not_there_adds_it() -> None:
    case = scenario()
    added = dataclasses.replace(case, rules=(Rule(rule="go", on=False),))
    changes = changes_between(case, added)
    assert changes == (Change("Rules", {"rule": "go", "scope": ""}, "on", "yes", "no"),)
    assert apply_fix(case, Fix("", changes)) == added


def test_that_rows_without_a_key_of_their_own_are_named_by_what_they_refer_to() -> None:
    line = BaselineLine(pledge="P1", initiative="DEMINE", region="R1", resource="MONEY", quantity=5, keep=True)
    case = scenario(baseline=(line, dataclasses.replace(line, region="R2")))
    freed = dataclasses.replace(case, baseline=(dataclasses.replace(line, keep=False), case.baseline[1]))
    changes = changes_between(case, freed)
    assert [dict(change.key)["region"] for change in changes] == ["R1"]
    assert apply_fix(case, Fix("", changes)) == freed


def test_that_a_row_that_is_gone_is_a_change_that_empties_it() -> None:
    refusals = tuple(Veto(partner="ALFA", region=region, with_partner="BETA") for region in ("R1", "R2", ""))
    case = scenario(vetoes=refusals)
    without = dataclasses.replace(case, vetoes=(refusals[0], refusals[2]))
    (change,) = changes_between(case, without)
    assert (change.column, change.old, change.new, change.key["region"]) == ("partner", "ALFA", "", "R2")
    assert apply_fix(case, Fix("", (change,))) == without


def test_that_every_rule_with_a_limit_has_a_name_in_fixes() -> None:
    with_limit = {key for key, rule in RULES.items() if rule.value_kind not in (ValueKind.NONE, ValueKind.YES_NO)}
    assert set(LIMIT_NAMES) == with_limit
