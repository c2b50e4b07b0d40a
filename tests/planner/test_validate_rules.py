"""Bad input for the rules on partners, contributions and agreed lines: one sentence at the right place for each."""

from dataclasses import replace
from typing import Any

import pytest

from planner.problems import Place, Severity
from planner.rulebook import RULES, EmptyScope, ValueKind
from planner.scenario import BaselineLine, Rule
from planner.validate import CHECKS, check
from tests.planner import test_validate
from tests.planner.sound_scenario import SOUND, Case, Edit, add, bad, edited, odd, put

LINE = BaselineLine(pledge="P3", initiative="DEMINE", region="R1", period=3, quantity=1)


def rules(*rows: tuple[str, str] | tuple[str, str, str]) -> Edit:
    """Rows of the sheet Rules, from row 2 on: rule, value, scope."""
    return add("rules", *(Rule(rule=key, value=value, scope="".join(scope)) for key, value, *scope in rows))


def objective(key: str) -> Edit:
    return put("objectives", 1, objective=key)


CASES = [
    bad(
        "check_held_lines_are_whole",
        add("baseline", replace(LINE, quantity=0.5), replace(LINE, quantity=1.0, keep=True)),
        ("Baseline", 2, "quantity"),
        "so 1.5 cannot be kept",
    ),
    bad(
        "check_held_lines_are_whole",
        (add("baseline", replace(LINE, quantity=0.5)), rules(("frozen_until", "3"))),
        ("Baseline", 1, "quantity"),
        "so 0.5 cannot be frozen (rule “Frozen periods”)",
    ),
    bad(
        "check_held_lines_fit_requirements",
        add("baseline", replace(LINE, quantity=3, keep=True)),
        ("Baseline", 1, "quantity"),
        "3 is kept of 'CAR' for 'DEMINE' in 'R1', period 3, which needs 2",
    ),
    bad(
        "check_held_lines_fit_requirements",
        (add("baseline", replace(LINE, quantity=3)), rules(("frozen_until", "2027-09-15"))),  # a day in period 3
        ("Baseline", 1, "quantity"),
        "3 is frozen (rule “Frozen periods”) of 'CAR'",
    ),
    bad(
        "check_held_lines_fit_requirements",
        add("baseline", replace(LINE, region="R2", keep=True)),
        ("Baseline", 1, "quantity"),
        "which needs 0",
    ),
    bad(
        "check_held_lines_fit_pledges",
        (
            put("pledges", 2, quantity=1),
            add("baseline", replace(LINE, quantity=1), replace(LINE, quantity=1, keep=True)),
        ),
        ("Baseline", 2, "quantity"),
        "2 is kept of the pledge 'P3', of which 1 can be used",
    ),
    bad(
        "check_held_lines_fit_pledges",
        (put("pledges", 1, quantity=40), rules(("frozen_until", "1"))),
        ("Baseline", 0, "quantity"),
        "50.5 is frozen (rule “Frozen periods”) of the pledge 'P2', of which 40 can be used",
    ),
    odd(
        "check_frozen_periods_have_lines",
        (put("baseline", 0, period=2), rules(("frozen_until", "1"))),
        ("Rules", 2, "value"),
        "up to period 1, which is nothing",
    ),
    bad(
        "check_partners_for_joint",
        put("activities", 0, min_partners=3),
        ("Activities", 0, "min_partners"),
        "but the scenario has 2 partners, so by the rule 'joint'",
    ),
    bad(
        "check_fair_shares",
        (put("partners", 0, fair_share=0.0), rules(("burden_cap", "1.5")), objective("burden")),
        ("Partners", 0, "fair_share"),
        "Every fair_share is 0, so 'burden_cap' and 'burden' cannot",
    ),
    odd(
        "check_fair_shares",
        (put("partners", 0, fair_share=None), objective("burden")),
        ("Objectives", 1, "objective"),
        "no partner has a fair_share",
    ),
    bad(
        "check_burden_caps",
        rules(("burden_cap", "0.9")),
        ("Rules", 2, "value"),
        "'burden_cap' (“Fair burden”) has the value 0.9",
    ),
    odd(
        "check_burden_caps",
        (
            put("partners", 1, fair_share=0.5),
            lambda scenario: replace(scenario, pledges=scenario.pledges[:2]),
            rules(("burden_cap", "1.2")),
        ),
        ("Rules", 2, "value"),
        "only 60 % of what they bring together",
    ),
    bad(
        "check_type_shares_add_up",
        rules(("partner_type_share", "60 %", "type:40"), ("partner_type_share", "0.5", "22")),
        ("Rules", 3, "value"),
        "ask for 110 % together",
    ),
    bad(
        "check_type_shares_add_up",
        (
            put("activities", 1, implementer="UN"),
            rules(("implementer_share", "60 %", "type:40"), ("implementer_share", "0.5", "22")),
        ),
        ("Rules", 3, "value"),
        "see rows 4 and 5 of Rules",
    ),
    odd(
        "check_type_shares_can_be_met",
        rules(("implementer_share", "0.5", "40")),
        ("Rules", 2, "scope"),
        "No partner of type 40 carries out an activity",
    ),
    odd(
        "check_type_shares_can_be_met",
        rules(("partner_type_share", "0.5", "70")),
        ("Rules", 2, "scope"),
        "No partner of type 70 has a pledge",
    ),
    odd(
        "check_languages_of_regions",
        rules(("language_share", "0.5", "R1")),
        ("Rules", 2, "scope"),
        "No languages are known of the region 'R1'",
    ),
    odd(
        "check_languages_of_regions",
        (put("regions", 1, languages=()), rules(("language_share", "0.5"))),
        ("Rules", 2, "scope"),
        "No languages are known of any region",
    ),
    bad(
        "check_least_and_most_contributions",
        rules(("min_contribution", "50"), ("max_contribution", "40", "UN")),
        ("Rules", 3, "value"),
        "'min_contribution' is 50 and 'max_contribution' 40 for UN, in rows 4 and 5 of Rules",
    ),
    bad(
        "check_least_and_most_contributions",
        rules(("max_contribution", "40"), ("min_contribution", "50")),
        ("Rules", 3, "value"),
        "for every partner",
    ),
    odd(
        "check_effort_for_every_partner",
        (
            add(
                "pledges", *(replace(SOUND.pledges[1], code=f"X{n}", agreement="", to_period=None) for n in range(2500))
            ),
            rules(("max_activities", "40")),
        ),
        ("Rules", 2, "scope"),
        "about 50,031 pairs of a pledge and a requirement",
    ),
    odd(
        "check_objectives_have_data",
        (put("baseline", 0, quantity=0.0), objective("stability")),
        ("Objectives", 1, "objective"),
        "'stability' has no effect, as the sheet Baseline has no quantity",
    ),
    odd(
        "check_objectives_have_data",
        (put("resources", 2, use="consumed"), objective("starts")),
        ("Objectives", 1, "objective"),
        "no resource is reusable",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.sheet}.{case.column}")
def test_that_a_check_finds_its_problem_and_nothing_else_does(case: Case) -> None:
    (problem,) = check(edited(case))
    assert problem.where == Place(case.sheet, case.row, case.column)
    assert problem.severity is case.severity
    assert case.words in problem.message
    own = {one.__name__: one for one in CHECKS}[case.check]
    assert list(own(edited(case))) == [problem]
    assert problem.message.endswith(".")
    assert "None" not in problem.message


def test_that_every_check_has_a_test() -> None:
    names = [one.__name__ for one in CHECKS]
    assert len(set(names)) == len(names)
    assert set(names) == {case.check for case in (*test_validate.CASES, *CASES)}


@pytest.mark.parametrize(
    "edits",
    [
        (put("activities", 0, min_partners=2),),
        (put("activities", 0, min_partners=9), add("rules", Rule(rule="joint", on=False))),
        (add("baseline", replace(LINE, quantity=1.5, keep=True)), add("rules", Rule(rule="keep", on=False))),
        (add("baseline", replace(LINE, quantity=2, keep=True)),),
        (add("baseline", replace(LINE, quantity=9)), rules(("frozen_until", "2"))),
        (rules(("burden_cap", "1")),),
        (rules(("burden_cap", "1.2")), objective("burden")),
        (put("partners", 0, fair_share=0.0),),
        (rules(("min_contribution", "50", "UN"), ("max_contribution", "40", "NGO")),),
        (rules(("min_contribution", "40"), ("max_contribution", "40")),),
        (rules(("partner_type_share", "0.5", "40"), ("partner_type_share", "0.5", "22")),),
        (rules(("language_share", "0.5")),),
        (rules(("language_share", "0.5", "R2")), objective("stability")),
        (rules(("max_activities", "2"), ("single_source", "yes")), objective("starts")),
    ],
)
def test_that_what_can_be_kept_is_no_problem(edits: tuple[Edit, ...]) -> None:
    scenario = SOUND
    for edit in edits:
        scenario = edit(scenario)
    assert check(scenario) == ()


GOOD_SCOPE = {"partner": "partner:UN", "type": "type:22", "region": "region:R1", "resource": "resource:CAR"}
BAD_VALUES = ["", "nan", "inf", "-1", "1e30", "many", "-0.5"]


@pytest.mark.parametrize("value", BAD_VALUES)
@pytest.mark.parametrize("key", [key for key, rule in RULES.items() if rule.value_kind is not ValueKind.NONE])
def test_that_a_value_that_no_rule_can_have_is_told_at_its_cell(key: str, value: str) -> None:
    rule = RULES[key]
    if not value and rule.default is not None:
        return
    scope = GOOD_SCOPE[rule.scope_kinds[0]] if rule.empty_scope is EmptyScope.REQUIRED else ""
    scenario = replace(SOUND, rules=(Rule(rule=key, value=value, scope=scope),))
    (problem,) = check(scenario)
    assert problem.where == Place("Rules", 0, "value")
    assert problem.severity is Severity.ERROR
    assert f"'{key}'" in problem.message


@pytest.mark.parametrize("scope", ["partner:N0BODY", "region:", "UN:partner", "everything:R1"])
@pytest.mark.parametrize("key", [key for key, rule in RULES.items() if rule.scope_kinds])
def test_that_a_scope_that_no_rule_can_have_is_told_at_its_cell(key: str, scope: str) -> None:
    value = {ValueKind.YES_NO: "yes"}.get(RULES[key].value_kind, "1")
    scenario = replace(SOUND, rules=(Rule(rule=key, value=value, scope=scope),))
    (problem,) = check(scenario)
    assert problem.where == Place("Rules", 0, "scope")
    assert f"'{key}'" in problem.message


@pytest.mark.parametrize("value", ["5", "0", "2029-01-01", "2026-12-31"])
def test_that_nothing_is_frozen_beyond_the_plan(value: str) -> None:
    (problem,) = check(rules(("frozen_until", value))(SOUND))
    assert problem.where == Place("Rules", 2, "value")
    assert problem.severity is Severity.ERROR
    assert "'frozen_until'" in problem.message


@pytest.mark.parametrize("quantity", [float("nan"), float("inf"), -1.0, 1e30, None, "4"])
@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("baseline", 0, "quantity"),
        ("partners", 0, "fair_share"),
        ("resources", 1, "unit_value"),
        ("pledges", 2, "quantity"),
        ("requirements", 20, "quantity"),
    ],
)
def test_that_a_figure_that_is_none_is_told_at_its_cell(table: str, row: int, column: str, quantity: Any) -> None:
    if quantity is None and column in ("fair_share", "unit_value"):
        return
    edit = (put(table, row, **{column: quantity}), rules(("burden_cap", "1.2"), ("min_contribution", "1")))
    scenario = edit[1](edit[0](SOUND))
    told = [problem for problem in check(scenario) if problem.severity is Severity.ERROR]
    assert [(problem.where.row, problem.where.column) for problem in told] == [(row, column)]
