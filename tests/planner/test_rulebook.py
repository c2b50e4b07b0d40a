"""The rulebook: how rows of Rules are read, which rules count, and that the reference is complete."""

import re
from datetime import date

import pytest

from planner.problems import ConcordError
from planner.rulebook import (
    OBJECTIVES,
    RULE_GROUPS,
    RULES,
    Condition,
    EmptyScope,
    Level,
    ValueKind,
    conditions,
    is_on,
    objectives,
    parse_rule,
    reference_table_markdown,
    value_in_force,
)
from planner.scenario import (
    TABLE_BY_SHEET,
    Activity,
    BaselineLine,
    Initiative,
    Objective,
    Region,
    Rule,
    Scenario,
    Settings,
)
from resources.offers import Partner, Resource, Veto

SCENARIO = Scenario(
    settings=Settings(periods=4, start=date(2027, 1, 1)),
    partners=(Partner(code="A", type="22"), Partner(code="B", type="own")),
    regions=(Region(code="R1"), Region(code="X")),
    initiatives=(Initiative(code="I1"), Initiative(code="X")),
    resources=(Resource(code="MONEY", category="funding"),),
)


def read(rule: str, value: str = "", scope: str = "") -> tuple[float | None, str]:
    condition = parse_rule(Rule(rule=rule, value=value, scope=scope), SCENARIO)
    assert condition.key == rule
    return condition.value, condition.scope


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("local_share", "0.25"), (0.25, "")),
        (("local_share", "25 %"), (0.25, "")),
        (("local_share", "0,25", "R1"), (0.25, "region:R1")),
        (("local_share", " 1 ", " Region : R1 "), (1.0, "region:R1")),
        (("coverage_floor", ".4", "initiative:X"), (0.4, "initiative:X")),
        (("coverage_floor", "0", "resource:MONEY"), (0.0, "resource:MONEY")),
        (("delivery_cap", "1\u00a0000\u00a0000,5"), (1000000.5, "")),
        (("count_status", "pledge"), (0.0, "")),
        (("count_status", "Commitment"), (1.0, "")),
        (("count_status", "paid"), (2.0, "")),
        (("count_status", ""), (1.0, "")),
        (("expected", "Yes"), (1.0, "")),
        (("expected", "0"), (0.0, "")),
        (("expected", ""), (0.0, "")),
        (("access_limit", ""), (5.0, "")),
        (("access_limit", "2,5", "partner:A"), (2.5, "partner:A")),
        (("access_limit", "2", "type:22"), (2.0, "type:22")),
        (("access_limit", "2", "type:own"), (2.0, "type:own")),
        (("implementer_share", "0.3", "21"), (0.3, "type:21")),
        (("burden_cap", "1.2"), (1.2, "")),
        (("max_activities", "3", "A"), (3.0, "partner:A")),
        (("single_source", "", "MONEY"), (1.0, "resource:MONEY")),
        (("frozen_until", "2"), (2.0, "")),
        (("frozen_until", "2027-06-30"), (2.0, "")),
        (("go", ""), (None, "")),
        (("together", "yes"), (None, "")),
    ],
)
def test_that_a_rule_is_read_as_people_write_it(row: tuple[str, ...], expected: tuple[float | None, str]) -> None:
    assert read(*row) == expected


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("mimimum",), "Did you mean 'minimum'?"),
        (("weather",), "Write one of supply, requirement"),
        (("local_share", "30"), "30 %"),
        (("local_share", "-0.1"), "share from 0 to 1"),
        (("local_share", ""), "needs a value: write a share"),
        (("local_share", "much"), "'much' is not a share; write a number from 0 to 1, or a percentage."),
        (("local_share", "1.000.000"), "more than one decimal sign"),
        (("local_share", "0.2", "R9"), "names the region 'R9', which does not exist"),
        (("local_share", "0.2", "partner:A"), "write region: and a code"),
        (("local_share", "0.2", "region:"), "names the region ''"),
        (("coverage_floor", "0.2", "X"), "write region:X or initiative:X"),
        (("coverage_floor", "0.2", "R1"), "write region:R1."),
        (("coverage_floor", "0.2", "nowhere"), "write region:nowhere, initiative:nowhere or resource:nowhere"),
        (("access_limit", "6"), "a number from 0 to 5"),
        (("access_limit", "2", "type:99"), "names the organisation type '99'"),
        (("access_limit", "nan"), "is not a number; write a number from 0 to 5."),
        (("delivery_cap", "lots"), "is not a number; write an amount in scenario currency of 0 or more."),
        (("delivery_cap", "-1"), "of 0 or more"),
        (("delivery_cap", "1e30"), "too large"),
        (("delivery_cap", "1e999"), "not a finite number"),
        (("count_status", "payed"), "pledge, commitment or paid"),
        (("expected", "maybe"), "write yes or no"),
        (("expected", "yes", "R1"), "leave scope empty"),
        (("implementer_cap", "5"), "needs a scope: write partner:"),
        (("frozen_until", "5"), "from 1 to 4"),
        (("frozen_until", "0"), "numbered from 1"),
        (("frozen_until", "2026-12-31"), "before the start"),
        (("max_activities", "2.5"), "is not a whole number"),
        (("minimum", "1"), "takes no value"),
        (("go", "no"), "on = no"),
        (("go", "", "region:R1"), "leave scope empty"),
    ],
)
def test_that_a_rule_that_cannot_be_read_says_what_to_write(row: tuple[str, ...], words: str) -> None:
    with pytest.raises(ConcordError) as caught:
        read(*row)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_that_conditions_hold_rows_that_are_on_and_rules_with_data_elsewhere() -> None:
    scenario = Scenario(
        settings=Settings(periods=2),
        regions=(Region(code="R1"),),
        initiatives=(Initiative(code="I1", exclusive_group="G"), Initiative(code="I2", prerequisites=("I1",))),
        activities=(Activity(initiative="I1", region="R1", min_share=0.5, go="must", min_partners=1),),
        vetoes=(Veto(partner="A", with_partner="B"),),
        baseline=(BaselineLine(pledge="P", initiative="I1", region="R1", quantity=1, keep=True),),
        rules=(
            Rule(rule="local_share", value="0.2"),
            Rule(rule="coverage_floor", value="0.3", on=False),
            Rule(rule="coverage_floor", value="nonsense", scope="region:R1"),
            Rule(rule="minimum"),
            Rule(rule="prerequisite", on=False),
        ),
    )
    assert conditions(scenario) == (
        Condition("local_share", 0.2, row=0),
        Condition("minimum", row=3),
        Condition("go"),
        Condition("exclusive"),
        Condition("joint"),
        Condition("apart"),
        Condition("keep"),
    )
    assert not is_on(scenario, "prerequisite")
    assert is_on(scenario, "go")
    assert is_on(scenario, "together")  # nothing switched it off
    assert is_on(scenario, "local_share")
    assert not is_on(scenario, "coverage_floor")
    assert is_on(scenario, "supply")


def test_that_a_yes_no_rule_is_on_when_its_value_says_yes() -> None:
    assert is_on(Scenario(rules=(Rule(rule="expected", value="yes"),)), "expected")
    assert not is_on(Scenario(rules=(Rule(rule="expected", value="no"),)), "expected")
    assert not is_on(Scenario(rules=(Rule(rule="expected", value="yes", on=False),)), "expected")
    assert not is_on(Scenario(), "expected")


def test_that_without_a_row_the_default_is_in_force() -> None:
    assert value_in_force(Scenario(), "count_status") == 1
    assert value_in_force(Scenario(), "access_limit") == 5
    assert value_in_force(Scenario(), "pay_delivery") == 0
    assert value_in_force(Scenario(), "delivery_cap") is None
    assert value_in_force(Scenario(rules=(Rule(rule="count_status", value="paid"),)), "count_status") == 2
    scoped = Scenario(partners=SCENARIO.partners, rules=(Rule(rule="access_limit", value="1", scope="partner:A"),))
    assert value_in_force(scoped, "access_limit") == 5


def test_that_objectives_come_in_their_order_and_coverage_stands_alone_by_default() -> None:
    assert objectives(Scenario()) == (Level("coverage", 0.0),)
    rows = (
        Objective(order=2, objective="coverage", tolerance=0.01),
        Objective(order=1, objective="effective"),
        Objective(order=2, objective="worst_region"),
    )
    expected = (Level("effective"), Level("coverage", 0.01), Level("worst_region"))
    assert objectives(Scenario(objectives=rows)) == expected
    assert objectives(Scenario(objectives=rows[::-1])) == expected


def test_that_every_rule_is_explained_completely() -> None:
    for key, rule in RULES.items():
        assert rule.key == key
        assert all([rule.title, rule.sentence, rule.statement, rule.formula, rule.example]), key
        fields = set(re.findall(r"\{(\w+)\}", rule.sentence))
        takes_scope = bool(rule.scope_kinds)
        assert fields == ({"value"} if rule.value_kind is not ValueKind.NONE else set()) | (
            {"scope"} if takes_scope else set()
        ), key
        assert takes_scope == (rule.empty_scope is not EmptyScope.NONE), key
        if rule.sheet:
            assert rule.column in [column.name for column in TABLE_BY_SHEET[rule.sheet].columns], key
    for key, objective in OBJECTIVES.items():
        assert objective.key == key
        assert all([objective.title, objective.statement, objective.formula, objective.example]), key


def test_that_every_rule_is_in_one_group() -> None:
    assert sorted(key for keys in RULE_GROUPS.values() for key in keys) == sorted(RULES)


def test_that_the_rules_of_this_version_are_known() -> None:
    assert len(RULES) == 27
    assert len(OBJECTIVES) == 7


def test_that_the_reference_table_has_a_line_for_everything() -> None:
    lines = reference_table_markdown().splitlines()
    for key in (*RULES, *OBJECTIVES):
        assert sum(line.startswith(f"| `{key}` |") for line in lines) == 1, key
    cells = [len(re.findall(r"(?<!\\)\|", line)) for line in lines if line]
    assert cells == [6] * (2 + len(RULES)) + [5] * (2 + len(OBJECTIVES))
