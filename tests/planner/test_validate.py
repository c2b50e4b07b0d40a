"""Each check fires at the right place with the right sentence, alone, and is silent on a sound scenario."""

from dataclasses import replace

import pytest

from planner.problems import Place, Severity
from planner.scenario import (
    BaselineLine,
    Initiative,
    Objective,
    Region,
    Requirement,
    Rule,
)
from planner.validate import CHECKS, check
from resources.offers import DeliveryCost, ExchangeRate, Partner, Resource
from tests.planner.sound_scenario import SOUND, Case, activity, add, bad, edited, empty, odd, put

INF, NAN = float("inf"), float("nan")
LINE = BaselineLine(pledge="P3", initiative="DEMINE", region="R1", period=3, quantity=1)

CASES = [
    odd("check_labels", put("partners", 0, extra=(("sensitivity", "secret"),)), ("Partners", 0, ""), "says nothing"),
    # single cells
    bad("check_cell_values", put("pledges", 0, quantity=NAN), ("Pledges", 0, "quantity"), "no finite number"),
    bad("check_cell_values", put("pledges", 0, quantity=INF), ("Pledges", 0, "quantity"), "no finite number"),
    bad(
        "check_cell_values", put("pledges", 0, quantity=1e30), ("Pledges", 0, "quantity"), "'1e+30', which is too large"
    ),
    bad("check_cell_values", put("pledges", 0, quantity=None), ("Pledges", 0, "quantity"), "is empty; write a number"),
    bad(
        "check_cell_values", put("pledges", 0, quantity="5"), ("Pledges", 0, "quantity"), "'5' cannot stand in quantity"
    ),
    bad("check_cell_values", put("pledges", 0, note=None), ("Pledges", 0, "note"), "write text"),
    bad("check_cell_values", put("pledges", 0, regions=["R1"]), ("Pledges", 0, "regions"), "separated by semicolons"),
    bad("check_cell_values", put("partners", 0, local="no"), ("Partners", 0, "local"), "write yes or no"),
    bad("check_cell_values", put("settings", 0, periods=4.0), ("Scenario", None, "periods"), "a whole number"),
    bad("check_cell_values", put("settings", 0, start="2027"), ("Scenario", None, "start"), "write a date"),
    bad("check_required_cells", add("partners", Partner(code="")), ("Partners", 2, "code"), "write a code"),
    bad("check_required_cells", put("pledges", 2, partner=""), ("Pledges", 2, "partner"), "of the sheet Partners"),
    bad(
        "check_required_cells",
        add("resources", Resource(code="X", category="")),
        ("Resources", 3, "category"),
        "write funding or logistics or personnel",
    ),
    bad("check_currency_of_scenario", put("settings", 0, currency=""), ("Scenario", None, "currency"), "such as USD"),
    bad("check_code_form", add("partners", Partner(code="x" * 41)), ("Partners", 2, "code"), "41 characters"),
    bad("check_code_form", add("partners", Partner(code="a;b")), ("Partners", 2, "code"), "without semicolon"),
    bad("check_code_form", add("partners", Partner(code="a:b")), ("Partners", 2, "code"), "colon"),
    bad("check_code_form", add("partners", Partner(code="a\nb")), ("Partners", 2, "code"), "line break"),
    bad("check_code_form", add("partners", Partner(code=" a")), ("Partners", 2, "code"), "blanks around it; write 'a'"),
    bad("check_code_form", put("regions", 1, languages=("a:b",)), ("Regions", 1, "languages"), "colon"),
    bad("check_text_form", put("partners", 0, name="\ud800"), ("Partners", 0, "name"), "cannot be stored"),
    bad("check_text_form", put("partners", 0, note="x" * 40000), ("Partners", 0, "note"), "40,000 characters"),
    bad("check_choices", put("pledges", 0, status="payed"), ("Pledges", 0, "status"), "did you mean paid?"),
    bad("check_choices", put("settings", 0, period="week"), ("Scenario", None, "period"), "month, quarter or year"),
    bad("check_choices", put("activities", 0, go="maybe"), ("Activities", 0, "go"), "decide, must or no"),
    bad("check_number_ranges", put("pledges", 0, quantity=-1.0), ("Pledges", 0, "quantity"), "a number of 0 or more"),
    bad("check_number_ranges", put("pledges", 0, overhead=1.5), ("Pledges", 0, "overhead"), "a share from 0 to 1"),
    bad("check_number_ranges", put("partners", 0, fair_share=50.0), ("Partners", 0, "fair_share"), "or 25 %"),
    bad("check_number_ranges", put("regions", 0, severity=6.0), ("Regions", 0, "severity"), "a number from 1 to 5"),
    bad("check_number_ranges", put("initiatives", 0, priority=0.0), ("Initiatives", 0, "priority"), "a number above 0"),
    bad("check_number_ranges", put("exchange_rates", 0, rate=0.0), ("ExchangeRates", 0, "rate"), "above 0"),
    bad(
        "check_period_ranges",
        put("pledges", 0, to_period=5),
        ("Pledges", 0, "to_period"),
        "has 4 periods; write a period",
    ),
    bad("check_period_ranges", put("requirements", 0, period=0), ("Requirements", 0, "period"), "from 1 to 4"),
    bad("check_period_ranges", put("baseline", 0, period=9), ("Baseline", 0, "period"), "from 1 to 4"),
    bad("check_number_ranges", put("settings", 0, periods=0), ("Scenario", None, "periods"), "from 1 to 1200"),
    bad("check_number_ranges", put("regions", 0, severity=5.0000001), ("Regions", 0, "severity"), "is 5.0000001;"),
    bad(
        "check_period_order", put("pledges", 1, from_period=3), ("Pledges", 1, "to_period"), "from period 3 to period 2"
    ),
    # codes across tables
    bad("check_duplicates", add("partners", Partner(code="UN")), ("Partners", 2, "code"), "rows 2 and 4 of Partners"),
    bad(
        "check_duplicates",
        add("requirements", replace(SOUND.requirements[1], quantity=1.0)),
        ("Requirements", 21, "initiative"),
        "rows 3 and 23 of Requirements",
    ),
    bad(
        "check_duplicates",
        add("activities", activity("RETURN", "R2", "no")),
        ("Activities", 2, "initiative"),
        "rows 3 and 4",
    ),
    bad(
        "check_duplicates",
        add("delivery_costs", DeliveryCost(resource="CAR", fixed_cost=1)),
        ("DeliveryCosts", 2, "partner"),
        "rows 2 and 4",
    ),
    bad(
        "check_duplicates",
        add("exchange_rates", ExchangeRate(currency="EUR", rate=2)),
        ("ExchangeRates", 1, "currency"),
        "rows 2 and 3",
    ),
    bad(
        "check_duplicates",
        add("objectives", Objective(order=3, objective="coverage")),
        ("Objectives", 2, "objective"),
        "rows 3 and 4",
    ),
    bad(
        "check_duplicate_rules",
        add(
            "rules",
            Rule(rule="local_share", value="0.1", scope="R1"),
            Rule(rule="local_share", value="0.2", scope="region:R1"),
        ),
        ("Rules", 3, "rule"),
        "rows 4 and 5 of Rules; keep one",
    ),
    bad(
        "check_references",
        put("pledges", 2, partner="NG0"),
        ("Pledges", 2, "partner"),
        "There is no partner 'NG0'. Did you mean 'NGO'?",
    ),
    bad("check_references", put("pledges", 2, regions=("R1", "R01")), ("Pledges", 2, "regions"), "Did you mean 'R1'?"),
    bad(
        "check_references",
        put("vetoes", 0, region="elsewhere"),
        ("Vetoes", 0, "region"),
        "Write a code of the sheet Regions",
    ),
    bad(
        "check_references",
        put("initiatives", 4, prerequisites=("demine",)),
        ("Initiatives", 4, "prerequisites"),
        "'DEMINE'?",
    ),
    bad("check_references", put("baseline", 0, pledge="P9"), ("Baseline", 0, "pledge"), "There is no pledge 'P9'"),
    odd("check_code_lists", put("partners", 0, type="23000"), ("Partners", 0, "type"), "no organisation type"),
    odd("check_code_lists", put("partners", 1, country="ken"), ("Partners", 1, "country"), "Did you mean 'KEN'?"),
    odd("check_code_lists", put("initiatives", 0, dac_code="1525"), ("Initiatives", 0, "dac_code"), "DAC purpose code"),
    odd(
        "check_code_lists",
        add("exchange_rates", ExchangeRate(currency="EURO", rate=1)),
        ("ExchangeRates", 1, "currency"),
        "'EUR'?",
    ),
    # pledges
    odd("check_pledges_exist", empty("pledges", "baseline"), ("Pledges", None, ""), "no pledges"),
    bad("check_unit_values", put("resources", 0, unit_value=2.0), ("Resources", 0, "unit_value"), "worth 1, not 2"),
    bad(
        "check_currencies_of_pledges",
        put("pledges", 2, currency="EUR"),
        ("Pledges", 2, "currency"),
        "Only funding has a currency",
    ),
    odd("check_currencies_of_pledges", put("pledges", 2, overhead=0.1), ("Pledges", 2, "overhead"), "funding alone"),
    bad("check_rates", empty("exchange_rates"), ("Pledges", 0, "currency"), "no rate to USD"),
    bad("check_rates", put("pledges", 0, rate=1e-13), ("Pledges", 0, "rate"), "too large"),
    odd("check_rates", put("pledges", 1, rate=2.0), ("Pledges", 1, "rate"), "does not count"),
    odd(
        "check_rates",
        add("exchange_rates", ExchangeRate(currency="USD", rate=2)),
        ("ExchangeRates", 1, "rate"),
        "remove this row",
    ),
    bad(
        "check_agreements",
        put("pledges", 1, partner="NGO"),
        ("Pledges", 1, "partner"),
        "two partners, 'UN' and 'NGO', in rows 2 and 3",
    ),
    bad(
        "check_agreements", put("pledges", 2, partner="UN", agreement="A1"), ("Pledges", 2, "resource"), "two resources"
    ),
    bad(
        "check_whole_quantities",
        put("requirements", 20, quantity=1.5),
        ("Requirements", 20, "quantity"),
        "counted in whole units, so 1.5",
    ),
    odd("check_whole_quantities", put("pledges", 2, quantity=2.5), ("Pledges", 2, "quantity"), "of 2.5 only 2 count"),
    bad(
        "check_vetoes",
        (put("vetoes", 0, with_partner="NGO", implementer="NGO"), add("rules", Rule(rule="apart", on=False))),
        ("Vetoes", 0, "with_partner"),
        "not both",
    ),
    bad(
        "check_vetoes",
        (put("vetoes", 0, with_partner="UN"), add("rules", Rule(rule="apart", on=False))),
        ("Vetoes", 0, "with_partner"),
        "with itself",
    ),
    odd(
        "check_delivery_costs",
        add("delivery_costs", DeliveryCost(region="R2")),
        ("DeliveryCosts", 2, "cost_per_unit"),
        "says nothing",
    ),
    # activities
    odd(
        "check_requirements_exist",
        empty("requirements", "activities", "rules", "baseline"),
        ("Requirements", None, ""),
        "nothing to plan for",
    ),
    odd(
        "check_requirements_exist",
        (
            empty("requirements", "activities", "rules", "baseline"),
            add("requirements", replace(SOUND.requirements[0], quantity=0.0)),
        ),
        ("Requirements", None, "quantity"),
        "Every requirement is 0",
    ),
    odd(
        "check_activities_have_requirements",
        (
            add("initiatives", Initiative(code="NEW")),
            add("activities", activity("NEW", "R1", "must")),
        ),
        ("Activities", 2, "initiative"),
        "'NEW' in 'R1' has no requirement above 0",
    ),
    odd("check_severities", put("regions", 1, severity=None), ("Regions", 1, "severity"), "counts as 1"),
    odd(
        "check_resource_weights",
        put("requirements", 1, weight=2.0),
        ("Requirements", 1, "weight"),
        "rows 2 and 3 of Requirements; their mean",
    ),
    odd(
        "check_sizes_for_weighting",
        (
            add("initiatives", Initiative(code="NEW")),
            add("resources", Resource(code="FREE", category="logistics")),
            add("requirements", Requirement(initiative="NEW", region="R1", resource="FREE", quantity=1)),
        ),
        ("Scenario", None, "weighting"),
        "missing for 1 of them (NEW in R1)",
    ),
    odd(
        "check_sizes_for_weighting",
        (put("settings", 0, weighting="people"), put("regions", 1, people_in_need=None)),
        ("Scenario", None, "weighting"),
        "missing for 5 of them (DEMINE in R2, RADIO1 in R2, RADIO2 in R2 and 2 more)",
    ),
    bad(
        "check_prerequisite_cycles",
        put("initiatives", 0, prerequisites=("RETURN",)),
        ("Initiatives", 0, "prerequisites"),
        "circle: DEMINE needs RETURN needs DEMINE",
    ),
    bad(
        "check_prerequisite_cycles",
        put("initiatives", 4, prerequisites=("TREATY",)),
        ("Initiatives", 4, "prerequisites"),
        "names itself",
    ),
    odd(
        "check_prerequisites_in_regions",
        (
            lambda scenario: replace(scenario, requirements=scenario.requirements[:2] + scenario.requirements[4:]),
            add("requirements", replace(SOUND.requirements[2], quantity=0.0)),
        ),
        ("Initiatives", 1, "prerequisites"),
        "no activity in R2, so it is not needed there",
    ),
    bad(
        "check_must_in_stopped_group",
        add("activities", activity("TREATY", "R1", "no"), activity("TREATY", "R2", "must")),
        ("Activities", 3, "go"),
        "marked must and no in rows 4 and 5 of Activities",
    ),
    bad(
        "check_must_with_refused_prerequisite",
        (put("activities", 0, go="no"), add("activities", activity("RETURN", "R1", "must"))),
        ("Activities", 2, "go"),
        "rows 2 and 4 of Activities",
    ),
    bad(
        "check_must_with_refused_prerequisite",  # through another one
        (
            put("activities", 0, go="no"),
            put("initiatives", 4, prerequisites=("RETURN",)),
            add("activities", activity("TREATY", "R1", "must")),
        ),
        ("Activities", 2, "go"),
        "prerequisite 'DEMINE' is marked no there",
    ),
    bad(
        "check_musts_in_exclusive_group",
        add("activities", activity("RADIO1", "R1", "must"), activity("RADIO2", "R1", "must")),
        ("Activities", 3, "go"),
        "rows 4 and 5 of Activities",
    ),
    # rules and objectives
    bad("check_rule_rows", put("rules", 0, rule="local_shar"), ("Rules", 0, "rule"), "Did you mean 'local_share'?"),
    bad(
        "check_rule_rows",
        put("rules", 0, rule="nonsense", on=False),
        ("Rules", 0, "rule"),
        "There is no rule 'nonsense'",
    ),
    bad("check_rule_rows", put("rules", 0, value="250 %"), ("Rules", 0, "value"), "not a share"),
    bad("check_rule_rows", put("rules", 1, scope="R1"), ("Rules", 1, "scope"), "write region:R1"),
    bad(
        "check_rule_rows",
        add("rules", Rule(rule="go", on=False, scope="R1")),
        ("Rules", 2, "scope"),
        "leave scope empty",
    ),
    bad(
        "check_rules_that_cannot_be_off",
        add("rules", Rule(rule="supply", on=False)),
        ("Rules", 2, "on"),
        "cannot be switched off",
    ),
    odd(
        "check_switches_have_a_value", add("rules", Rule(rule="expected")), ("Rules", 2, "value"), "means no; write yes"
    ),
    odd(
        "check_floors_have_activities",
        (
            add("regions", Region(code="R3", severity=1)),
            add("rules", Rule(rule="coverage_floor", value="0.5", scope="region:R3")),
        ),
        ("Rules", 2, "scope"),
        "Nothing is needed for region:R3",
    ),
    bad(
        "check_objective_rows", put("objectives", 0, objective="coverge"), ("Objectives", 0, "objective"), "'coverage'?"
    ),
    odd(
        "check_objective_order", put("objectives", 1, order=1), ("Objectives", 1, "order"), "rows 2 and 3 of Objectives"
    ),
    # the agreed plan
    bad(
        "check_baseline_resources",
        put("baseline", 0, resource="CAR"),
        ("Baseline", 0, "resource"),
        "gives 'MONEY', not 'CAR'",
    ),
]


def test_that_a_sound_scenario_has_no_problems() -> None:
    assert check(SOUND) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.sheet}.{case.column}")
def test_that_a_check_finds_its_problem_and_nothing_else_does(case: Case) -> None:
    problems = check(edited(case))
    expected = Place(case.sheet, case.row, case.column)
    found = [problem for problem in problems if problem.where == expected]
    assert found, problems
    assert found[0].severity is case.severity
    assert case.words in found[0].message
    own = {one.__name__: one for one in CHECKS}[case.check]
    if case.check != "check_cell_values":
        assert [problem.where for problem in own(edited(case))] == [problem.where for problem in problems]
    assert len(problems) == 1, problems


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.sheet}.{case.column}")
def test_that_a_problem_is_one_sentence_that_says_what_to_do(case: Case) -> None:
    for problem in check(edited(case)):
        assert problem.message[-1] in ".?"
        assert "\n" not in problem.message
        assert "None" not in problem.message


def test_that_rows_are_named_as_the_caller_numbers_them() -> None:
    scenario = add("partners", Partner(code="UN"))(SOUND)
    (problem,) = check(scenario, row_number=lambda sheet, index: 100 + index)
    assert "rows 100 and 102 of Partners" in problem.message


def test_that_every_row_with_a_repeated_key_is_named() -> None:
    problems = check(add("partners", Partner(code="UN"), Partner(code="UN"))(SOUND))
    assert [problem.where.row for problem in problems] == [2, 3]


def test_that_baseline_rows_with_one_key_are_added_up_and_no_error() -> None:
    assert check(add("baseline", SOUND.baseline[0])(SOUND)) == ()


def test_that_rules_of_other_sheets_that_are_off_ask_for_nothing() -> None:
    scenario = SOUND
    for edit in (
        put("activities", 0, min_partners=2),
        put("initiatives", 0, prerequisites=("RETURN",)),
        add("activities", activity("RADIO1", "R1", "must"), activity("RADIO2", "R1", "must")),
        add("rules", *(Rule(rule=key, on=False) for key in ("joint", "prerequisite", "exclusive"))),
    ):
        scenario = edit(scenario)
    assert check(scenario) == ()


def test_that_a_rule_that_is_off_may_wait_for_its_value() -> None:
    rows = (Rule(rule="delivery_cap", on=False), Rule(rule="implementer_cap", on=False))
    assert check(add("rules", *rows)(SOUND)) == ()


def test_that_errors_come_before_warnings() -> None:
    scenario = put("objectives", 0, objective="x")(put("regions", 1, severity=None)(SOUND))
    assert [problem.severity for problem in check(scenario)] == [Severity.ERROR, Severity.WARNING]


def test_that_circles_that_share_an_initiative_are_told_once() -> None:
    codes = ("A", "B", "C")
    circles = replace(
        SOUND,
        initiatives=(
            *SOUND.initiatives,
            *(Initiative(code=code, prerequisites=tuple(other for other in codes if other != code)) for code in codes),
            Initiative(code="X", prerequisites=("Y",)),
            Initiative(code="Y", prerequisites=("X",)),
        ),
    )
    told = [problem.message for problem in check(circles) if problem.code == "prerequisite_cycle"]
    assert told == [
        "The prerequisites go in a circle: A needs B needs C needs A; take one of them out.",
        "The prerequisites go in a circle: X needs Y needs X; take one of them out.",
    ]


def test_that_a_code_typed_over_another_is_told_as_a_double_alone() -> None:
    first, second, *rest = SOUND.partners
    doubled = replace(SOUND, partners=(first, replace(second, code=first.code), *rest))
    assert second.code in {row.partner for row in SOUND.pledges}
    assert {problem.code for problem in check(doubled)} == {"duplicate"}
    stranger = replace(doubled, pledges=(*SOUND.pledges, replace(SOUND.pledges[0], code="NEW", partner="NOBODY")))
    assert any("'NOBODY'" in problem.message for problem in check(stranger))
