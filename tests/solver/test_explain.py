"""The reasons of a plan: the right code, who and how much, and nothing that the plan itself contradicts."""

import dataclasses
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.plan import ActivityResult, DeliveryPayment, Gap, Plan
from planner.scenario import Initiative, Objective, Region, Requirement, Rule, Scenario, Settings
from resources.offers import DeliveryCost, Partner, Pledge, Resource, Veto
from solver.reasons.sentences import figure, percent, quantity, told_apart
from solver.run import solve
from solver.verify import measure
from tests.solver.verify_scenarios import activity, line, need, pledge, rule, scenario
from ui.command_line.summary import summary_lines

HUNDRED = (need("DEMINE", "R1", "MONEY", 100),)
KITS_WANTED = (need("DEMINE", "R1", "KITS", 10),)
CHEAP = (
    Objective(order=1, objective="coverage", tolerance=0.1),
    Objective(order=2, objective="delivery_cost"),
)


def gap_of(plan: Plan, initiative: str = "DEMINE", region: str = "R1", resource: str = "") -> Gap:
    """The only gap of an activity (and resource)."""
    (found,) = (
        gap
        for gap in plan.gaps
        if (gap.initiative, gap.region) == (initiative, region) and resource in ("", gap.resource)
    )
    return found


def activity_of(plan: Plan, initiative: str = "DEMINE", region: str = "R1") -> ActivityResult:
    (found,) = (result for result in plan.activities if (result.initiative, result.region) == (initiative, region))
    return found


def assert_reason(found: Gap | ActivityResult, reason: str, *words: str) -> None:
    assert found.reason == reason, found.text
    for word in words:
        assert word in found.text


# -- what is pledged does not suffice --


def test_that_what_nobody_pledges_is_no_supply() -> None:
    plan = solve(scenario(pledges=(pledge("K", "ALFA", "KITS", 1),), requirements=HUNDRED))
    assert_reason(gap_of(plan), "no_supply", "Nobody has pledged MONEY.")
    assert_reason(activity_of(plan), "no_supply", "Nobody has pledged MONEY.")


def test_that_too_little_pledged_is_no_supply_and_the_sentence_shows_the_difference() -> None:
    plan = solve(
        scenario(pledges=(pledge("M", "ALFA", "MONEY", 999.7),), requirements=(need("DEMINE", "R1", "MONEY", 1000),))
    )
    assert_reason(gap_of(plan), "no_supply", "have pledged 999.7 of 1,000 MONEY")
    assert_reason(activity_of(plan), "partly", "with 99 % of what it needs", "MONEY (99 %)")


def test_that_a_sentence_tells_how_much_of_too_little_comes_and_where_the_rest_goes() -> None:
    case = scenario(
        pledges=(pledge("M", "ALFA", "MONEY", 90),), requirements=(*HUNDRED, need("RETURN", "R1", "MONEY", 50))
    )
    case = dataclasses.replace(case, initiatives=(Initiative(code="DEMINE"), Initiative(code="RETURN", priority=9)))
    gap = gap_of(solve(case))
    assert gap.allocated == pytest.approx(40)
    assert_reason(gap, "no_supply", "pledged 90 of 100", "brings 40 of it here; the rest serves other needs.")


@pytest.mark.parametrize(
    ("least", "words"),
    [
        ("", "Announced only, so it does not count: ALFA (1 pledge)."),
        ("paid", "Counts only once it is paid: ALFA; BETA (2 pledges)."),
    ],
)
def test_that_a_status_that_does_not_count_names_the_partner_and_what_counts(least: str, words: str) -> None:
    given_out = (pledge("A", "ALFA", "MONEY", 70, status="pledge"), pledge("B", "BETA", "MONEY", 30))
    rules = (rule("count_status", least),) if least else ()
    gap = gap_of(solve(scenario(pledges=given_out, requirements=HUNDRED, rules=rules)))
    assert_reason(gap, "status", words, f"leaves {0 if least else 30} of 100 MONEY needed.")


LIMITED: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("window", {"from_period": 2}, {}, "Not available in this period"),
    ("earmark", {"regions": ("R2",)}, {}, "Earmarked for something else"),
    ("earmark", {"exclude_initiatives": ("DEMINE",)}, {}, "Earmarked for something else"),
    ("veto", {}, {"vetoes": (Veto(partner="ALFA", region="R1"),)}, "Refused for this activity"),
    ("access", {}, {"rules": (rule("access_limit", 1, "partner:ALFA"),)}, "Access to R1 is 2 (higher is worse)"),
]


@pytest.mark.parametrize(("reason", "columns", "tables", "words"), LIMITED)
def test_that_a_limit_of_a_pledge_names_its_partner_and_what_is_left(
    reason: str, columns: dict[str, Any], tables: dict[str, Any], words: str
) -> None:
    given_out = (pledge("A", "ALFA", "KITS", 7, **columns), pledge("B", "BETA", "KITS", 3))
    case = scenario(settings={"periods": 2}, pledges=given_out, requirements=KITS_WANTED, **tables)
    assert_reason(gap_of(solve(case)), reason, words, "ALFA (1 pledge)", "leaves 3 of 10 KITS needed.")


def test_that_later_limits_are_told_beside_the_first() -> None:
    given_out = (
        pledge("A", "ALFA", "KITS", 4, status="pledge"),
        pledge("B", "BETA", "KITS", 6),
        pledge("C", "BETA", "KITS", 1, regions=("R2",)),
    )
    gap = gap_of(solve(scenario(pledges=given_out, requirements=KITS_WANTED)))
    assert_reason(gap, "status", "ALFA (1 pledge). That leaves 7 of 10", "Other limits leave 6 of these.")


def test_that_a_rule_that_holds_back_the_rest_is_told_too() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 6), pledge("B", "BETA", "KITS", 4, regions=("R2",))),
        requirements=KITS_WANTED,
        delivery_costs=(DeliveryCost(cost_per_unit=10),),
        rules=(rule("delivery_cap", 25),),
    )
    assert_reason(gap_of(solve(case)), "earmark", "leaves 6 of 10", "brings 2 of it here", "“Most for delivery”")


# -- the activity does not go ahead --


def test_that_an_activity_set_not_to_go_ahead_is_refused() -> None:
    case = scenario(
        pledges=(pledge("M", "ALFA", "MONEY", 100),),
        requirements=HUNDRED,
        activities=(activity("DEMINE", "R1", go="no"),),
    )
    plan = solve(case)
    assert_reason(gap_of(plan), "refused", "set not to go ahead here.")
    assert_reason(activity_of(plan), "refused", "set not to go ahead here.")


def test_that_a_minimum_out_of_reach_says_how_far_off() -> None:
    needs = (*HUNDRED, need("DEMINE", "R1", "KITS", 10))
    case = scenario(
        pledges=(pledge("M", "ALFA", "MONEY", 100), pledge("K", "BETA", "KITS", 4)),
        requirements=needs,
        activities=(activity("DEMINE", "R1", min_share=0.5),),
    )
    plan = solve(case)
    assert_reason(activity_of(plan), "below_minimum", "at least 50 %", "at most 40 % of KITS could come here")
    assert_reason(gap_of(plan, resource="MONEY"), "below_minimum", "does not go ahead. It needs at least 50 %")
    assert_reason(gap_of(plan, resource="KITS"), "no_supply", "pledged 4 of 10", "so nothing comes.")


def test_that_a_missing_prerequisite_is_named() -> None:
    case = scenario(
        initiatives=(Initiative(code="DEMINE", prerequisites=("RETURN",)), Initiative(code="RETURN")),
        pledges=(pledge("M", "ALFA", "MONEY", 100),),
        requirements=(*HUNDRED, need("RETURN", "R1", "KITS", 1)),
    )
    plan = solve(case)
    assert_reason(activity_of(plan), "prerequisite", "RETURN does not go ahead here")
    assert_reason(gap_of(plan), "prerequisite", "The activity does not go ahead. RETURN does not")


def test_that_the_chosen_one_of_a_group_is_named() -> None:
    case = scenario(
        initiatives=(
            Initiative(code="DEMINE", exclusive_group="G"),
            Initiative(code="RETURN", exclusive_group="G", priority=2),
        ),
        pledges=(pledge("M", "ALFA", "MONEY", 200),),
        requirements=(*HUNDRED, need("RETURN", "R1", "MONEY", 100)),
    )
    plan = solve(case)
    assert_reason(activity_of(plan), "exclusive", "RETURN goes ahead here instead")
    assert_reason(gap_of(plan), "exclusive", "RETURN goes ahead here instead")
    assert_reason(activity_of(plan, "RETURN"), "complete", "Everything it needs is covered.")


@pytest.mark.parametrize(
    ("reason", "columns", "words"),
    [
        ("refused", {"go": "no"}, "set not to go ahead in R2."),
        ("below_minimum", {"min_share": 1.0}, "at most 50 % of KITS could come in R2."),
    ],
)
def test_that_an_initiative_stopped_in_one_region_names_it_in_the_others(
    reason: str, columns: dict[str, Any], words: str
) -> None:
    case = scenario(
        initiatives=(Initiative(code="DEMINE", together=True),),
        pledges=(pledge("M", "ALFA", "MONEY", 200), pledge("K", "ALFA", "KITS", 5)),
        requirements=(*HUNDRED, need("DEMINE", "R2", "KITS", 10)),
        activities=(activity("DEMINE", "R2", **columns),),
    )
    plan = solve(case)
    assert_reason(activity_of(plan), reason, "in all its regions or in none", words)
    assert_reason(gap_of(plan), reason, "in all its regions or in none", words)


# -- rules and other needs --


def shared_between_local_and_other(scope: str = "") -> Scenario:
    """BETA is local and carries out DEMINE in R1; half of all funding (in the scope) has to go through it."""
    return scenario(
        pledges=(pledge("M", "ALFA", "MONEY", 1000),),
        requirements=(*HUNDRED, need("RETURN", "R1", "MONEY", 150), need("RETURN", "R2", "MONEY", 100)),
        activities=(activity("DEMINE", "R1", implementer="BETA"),),
        rules=(rule("local_share", 0.5, scope),),
    )


def test_that_a_share_names_the_rule_where_more_would_break_it() -> None:
    plan = solve(shared_between_local_and_other("region:R1"))
    assert_reason(gap_of(plan, "RETURN", "R1"), "share_rule", "MONEY", "“Share for local partners”")
    assert [gap.region for gap in plan.gaps] == ["R1"]


def test_that_a_share_of_another_region_is_no_reason() -> None:
    case = dataclasses.replace(
        shared_between_local_and_other("region:R1"),
        delivery_costs=(DeliveryCost(resource="MONEY", region="R2", cost_per_unit=0.1),),
        objectives=CHEAP,
    )
    gap = gap_of(solve(case), "RETURN", "R2")
    assert_reason(gap, "used_elsewhere", "More of MONEY is pledged and free", "objectives and their order")


@pytest.mark.parametrize(("scope", "limit", "room"), [("region:R1", 55, 5), ("", 59, 9)])
def test_that_a_cap_holds_where_one_more_unit_does_not_fit(scope: str, limit: int, room: int) -> None:
    case = scenario(
        pledges=(pledge("K", "ALFA", "KITS", 100),),
        requirements=KITS_WANTED,
        delivery_costs=(DeliveryCost(cost_per_unit=10),),
        rules=(rule("delivery_cap", limit, scope),),
    )
    gap = gap_of(solve(case))
    assert gap.allocated == pytest.approx(5)
    assert_reason(gap, "cap_rule", "“Most for delivery”", f"at most {limit} USD; {room} left")


def test_that_a_cap_on_another_region_is_no_reason() -> None:
    case = scenario(
        pledges=(pledge("K", "ALFA", "KITS", 100),),
        requirements=(*KITS_WANTED, need("DEMINE", "R2", "KITS", 10)),
        delivery_costs=(DeliveryCost(cost_per_unit=10), DeliveryCost(region="R1", cost_per_unit=20)),
        rules=(rule("delivery_cap", 100, "region:R2"),),
        objectives=CHEAP,
    )
    plan = solve(case)
    assert_reason(gap_of(plan), "used_elsewhere", "More of KITS is pledged and free")


def test_that_a_cap_stops_an_activity_that_is_all_or_nothing() -> None:
    case = scenario(
        pledges=(pledge("K", "ALFA", "KITS", 100),),
        requirements=KITS_WANTED,
        activities=(activity("DEMINE", "R1", min_share=1.0),),
        delivery_costs=(DeliveryCost(cost_per_unit=10),),
        rules=(rule("delivery_cap", 70),),
    )
    plan = solve(case)
    assert_reason(activity_of(plan), "cap_rule", "KITS", "at most 70 USD; 70 left")
    assert_reason(gap_of(plan), "cap_rule", "does not go ahead. More of KITS")


@pytest.mark.parametrize(
    ("funding", "words"), [(50, "no funding that may pay for delivery here"), (57, "only 7 USD is left of 10 needed")]
)
def test_that_unpaid_delivery_says_what_is_left_to_pay_with(funding: int, words: str) -> None:
    case = scenario(
        pledges=(
            pledge("K", "ALFA", "KITS", 100),
            pledge("M", "BETA", "MONEY", funding),
            pledge("N", "BETA", "MONEY", 900, regions=("R2",)),
        ),
        requirements=KITS_WANTED,
        delivery_costs=(DeliveryCost(cost_per_unit=10),),
        rules=(rule("pay_delivery", "yes"),),
    )
    gap = gap_of(solve(case))
    assert gap.allocated == pytest.approx(5)
    assert_reason(gap, "delivery_unpaid", "More of KITS is pledged and free", words)


def test_that_delivery_counts_as_paid_where_funding_for_it_is_left() -> None:
    case = scenario(
        pledges=(pledge("K", "ALFA", "KITS", 500), pledge("M", "ALFA", "MONEY", 1e6)),
        requirements=(need("DEMINE", "R1", "KITS", 100),),
        delivery_costs=(DeliveryCost(cost_per_unit=10),),
        rules=(rule("pay_delivery", "yes"),),
        objectives=CHEAP,
    )
    assert_reason(gap_of(solve(case)), "used_elsewhere", "More of KITS is pledged and free")


def test_that_what_serves_other_needs_says_so_only_where_nothing_is_left() -> None:
    case = scenario(
        initiatives=(Initiative(code="DEMINE"), Initiative(code="RETURN", priority=2)),
        pledges=(pledge("M", "ALFA", "MONEY", 150),),
        requirements=(*HUNDRED, need("RETURN", "R1", "MONEY", 100)),
    )
    assert_reason(
        gap_of(solve(case)),
        "used_elsewhere",
        "Nothing more of MONEY is left",
        "serves other needs: 100 for RETURN in R1 (weight 2). Weight here: 1.",
    )


def test_that_an_activity_whose_supply_went_elsewhere_says_which() -> None:
    case = scenario(
        initiatives=(Initiative(code="DEMINE"), Initiative(code="RETURN", priority=2)),
        pledges=(pledge("M", "ALFA", "MONEY", 100),),
        requirements=(*HUNDRED, need("RETURN", "R1", "MONEY", 100)),
    )
    assert_reason(activity_of(solve(case)), "used_elsewhere", "Too little of MONEY is left for it here")


def test_that_an_activity_that_must_go_ahead_says_how_far_it_comes() -> None:
    case = scenario(
        pledges=(pledge("M", "ALFA", "MONEY", 25),),
        requirements=HUNDRED,
        activities=(activity("DEMINE", "R1", go="must"),),
    )
    assert_reason(activity_of(solve(case)), "must", "Set to go ahead; 25 % of what it needs")


# -- words and figures --


def test_that_one_of_something_reads_as_one() -> None:
    case = scenario(pledges=(pledge("M", "ALFA", "MONEY", 25),), requirements=HUNDRED)
    lines = list(summary_lines(case, solve(case)))
    assert "1 of 1 activity goes ahead; 1 allocation." in lines
    assert "1 requirement is not met in full:" in lines
    more = dataclasses.replace(case, requirements=(*HUNDRED, need("RETURN", "R1", "MONEY", 100)))
    lines = list(summary_lines(more, solve(more)))
    assert "2 requirements are not met in full. The largest gaps, by share:" in lines


def test_that_no_share_below_all_of_it_reads_as_all_of_it() -> None:
    assert [percent(share) for share in (0, 0.004, 0.43, 0.9999, 1)] == [
        "0 %",
        "less than 1 %",
        "43 %",
        "99 %",
        "100 %",
    ]


def test_that_large_figures_are_told_without_powers_of_ten() -> None:
    assert [figure(amount) for amount in (0.6666, 99.94, 999.7, 12_345.6)] == ["0.667", "99.9", "1,000", "12,346"]


def test_that_figures_that_differ_read_differently() -> None:
    assert told_apart(quantity, 30, 100) == ("30", "100")
    assert told_apart(quantity, 999_999.96, 1_000_000) == ("999,999.96", "1,000,000")
    assert told_apart(percent, 0.502, 0.503) == ("50.2 %", "50.3 %")


KINDS = ("MONEY", "KITS", "STAFF")


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Small scenarios in which everything may be short, limited or ruled out at once."""
    places = [(initiative, region) for initiative in ("DEMINE", "RETURN") for region in ("R1", "R2")]
    statuses = st.sampled_from(["commitment", "paid", "pledge"])
    regions = st.sampled_from([(), (), ("R1",), ("R2",)])
    plenty = tuple(pledge(f"{kind}0", "ALFA", kind, draw(st.integers(5, 60))) for kind in KINDS)
    limited = tuple(
        pledge(f"{kind}1", "BETA", kind, draw(st.integers(0, 12)), status=draw(statuses), regions=draw(regions))
        for kind in KINDS
    )
    needs = tuple(
        need(*place, kind, draw(st.integers(1, 9)), draw(st.integers(1, 2)))
        for place in places
        for kind in sorted(draw(st.sets(st.sampled_from(KINDS), min_size=1)))
    )
    rules = (
        *draw(st.sampled_from([(), (rule("delivery_cap", 15),), (rule("delivery_cap", 14, "region:R1"),)])),
        *draw(st.sampled_from([(), (rule("pay_delivery", "yes"),)])),
        *draw(st.sampled_from([(), (rule("local_share", 0.5),), (rule("access_limit", 3),)])),
    )
    return scenario(
        settings={"periods": 2},
        resources=(
            Resource(code="MONEY", name="Money {USD}", category="funding", unit="USD"),
            Resource(code="KITS", category="logistics", unit="kit"),
            Resource(code="STAFF", category="personnel", unit="person"),
        ),
        initiatives=(Initiative(code="DEMINE", together=draw(st.booleans())), Initiative(code="RETURN", priority=2)),
        pledges=(*plenty, *limited),
        requirements=needs,
        activities=tuple(
            activity(
                *place,
                go=draw(st.sampled_from(["decide", "decide", "no"])),
                min_share=draw(st.sampled_from([0, 0, 0.5])),
                implementer=draw(st.sampled_from(["ALFA", "BETA"])),
            )
            for place in places
        ),
        delivery_costs=(DeliveryCost(cost_per_unit=3),),
        rules=rules,
        objectives=draw(st.sampled_from([(), CHEAP])),
    )


CODES = set(
    "no_supply status window earmark veto access below_minimum prerequisite exclusive share_rule cap_rule"
    " delivery_unpaid used_elsewhere refused".split()
)


@settings(max_examples=15)
@given(scenarios())
def test_that_everything_missing_has_one_reason_in_finished_words(case: Scenario) -> None:
    plan = solve(case)
    allocated: dict[tuple[str, str, str, int], float] = defaultdict(float)
    for row in plan.allocations:
        allocated[row.initiative, row.region, row.resource, row.period] += row.quantity
    needs = {(row.initiative, row.region, row.resource, row.period): row.quantity for row in case.requirements}
    missing = sorted(key for key, quantity in needs.items() if quantity - allocated[key] > 1e-6 * quantity)
    assert [(gap.initiative, gap.region, gap.resource, gap.period) for gap in plan.gaps] == missing
    assert {gap.reason for gap in plan.gaps} <= CODES
    assert {result.reason for result in plan.activities} <= CODES | {"complete", "partly", "must"}
    for text in [explained.text for explained in (*plan.gaps, *plan.activities)]:
        assert text.endswith(".")
        assert not set("{}") & set(text.replace("Money {USD}", ""))


@settings(max_examples=15)
@given(scenarios())
def test_that_no_sentence_says_free_of_what_is_used_up_or_used_of_what_lies_idle(case: Scenario) -> None:
    plan = solve(case)
    for gap in plan.gaps:
        is_reusable = gap.resource == "STAFF"
        used = sum(
            row.quantity
            for row in plan.allocations
            if row.resource == gap.resource and (row.period == gap.period or not is_reusable)
        )
        used += sum(payment.quantity for payment in plan.delivery) if gap.resource == "MONEY" else 0.0
        pledged = sum(row.quantity for row in case.pledges if row.resource == gap.resource and row.status != "pledge")
        if " free" in gap.text:
            assert used < pledged
        if "serves other needs" in gap.text:
            assert used > gap.allocated


def added_up(lines: tuple[Any, ...]) -> list[Any]:
    """Lines that differ in nothing but their quantity as one."""
    found: dict[Any, float] = defaultdict(float)
    for row in lines:
        found[dataclasses.replace(row, quantity=0.0)] += row.quantity
    return [dataclasses.replace(row, quantity=quantity) for row, quantity in found.items()]


def rules_broken_by_one_more(case: Scenario, plan: Plan, gap: Gap) -> list[set[str]]:
    """What one more unit for a gap would break, for each pledge it could come from and each that could pay for it."""
    payers: list[tuple[DeliveryPayment, ...]] = [()]
    if any(row.rule == "pay_delivery" for row in case.rules):
        money = [row.code for row in case.pledges if row.resource == "MONEY"]
        payers = [(DeliveryPayment(code, gap.region, gap.period, 3.0),) for code in money] or payers
    found = []
    for row in case.pledges:
        if row.resource == gap.resource:
            more = line(case, row.code, f"{gap.initiative} {gap.region}", 1, gap.period)
            for paid in payers:
                measured = measure(case, added_up((*plan.allocations, more)), added_up((*plan.delivery, *paid)))
                found.append({violation.rule for violation in measured.violations})
    return found


@settings(max_examples=15)
@given(scenarios())
def test_that_one_more_unit_breaks_the_rule_that_is_named_and_none_where_none_is(case: Scenario) -> None:
    plan = solve(case)
    ahead = {(result.initiative, result.region) for result in plan.activities if result.go}
    for gap in plan.gaps:
        if gap.resource == "MONEY" or (gap.initiative, gap.region) not in ahead:
            continue
        broken = rules_broken_by_one_more(case, plan, gap)
        if gap.reason == "cap_rule":
            assert all("delivery_cap" in rules for rules in broken)
        elif gap.reason == "delivery_unpaid":
            assert all(rules & {"pay_delivery", "supply", "earmark", "count_status"} for rules in broken)
        elif gap.reason == "used_elsewhere" and "free" in gap.text:
            assert set() in broken
        elif gap.reason == "used_elsewhere":
            assert all(broken)


def test_that_gaps_are_explained_where_announced_pledges_count() -> None:
    announced = Scenario(
        partners=(Partner(code="P", name="Harbour Fund"),),
        regions=(Region(code="R"),),
        initiatives=(Initiative(code="I"),),
        resources=(Resource(code="F", category="funding"),),
        pledges=(Pledge(code="O", partner="P", resource="F", quantity=40, status="pledge", to_period=1),),
        requirements=(Requirement(initiative="I", region="R", resource="F", period=2, quantity=30),),
        settings=Settings(periods=2),
        rules=(Rule(rule="count_status", value="pledge"),),
    )
    (gap,) = solve(announced).gaps
    assert gap.reason == "window"
    assert "Harbour Fund" in gap.text
