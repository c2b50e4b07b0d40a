"""The result JSON, field by field: names, types, order and ranges that other programs rely on."""

import dataclasses
import json
import random
from typing import Any

import pytest

from planner import __version__
from planner.plan_json import plan_to_json
from planner.rulebook import RULES, has_data, is_on
from planner.samples import SAMPLES, build_sample
from planner.scenario import TABLES, Activity, Initiative, Objective, Region, Requirement, Rule, Scenario
from resources.offers import DeliveryCost, Partner, Pledge, Resource
from solver.options import Options
from solver.run import solve

SHARE = "a number from 0 to 1"
KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "yes/no": (bool,),
    "whole": (int,),
    "number": (float, int),
    "rows": (list,),
    "figure or nothing": (float, int, type(None)),
    "codes": (list,),
    SHARE: (float, int),
}
FIELDS = {
    "objectives": {"objective": "text", "value": "number", "best": "number", "bound": "number", "gap": "number"},
    "activities": {
        "initiative": "text",
        "region": "text",
        "go": "yes/no",
        "coverage": SHARE,
        "effective": SHARE,
        "reason": "text",
        "text": "text",
    },
    "allocations": {
        "pledge": "text",
        "partner": "text",
        "initiative": "text",
        "region": "text",
        "resource": "text",
        "period": "whole",
        "quantity": "number",
        "text": "text",
    },
    "delivery": {"pledge": "text", "region": "text", "period": "whole", "quantity": "number"},
    "gaps": {
        "initiative": "text",
        "region": "text",
        "resource": "text",
        "period": "whole",
        "required": "number",
        "allocated": "number",
        "missing": "number",
        "reason": "text",
        "text": "text",
        "parts": "rows",
    },
    "stranded": {
        "pledge": "text",
        "partner": "text",
        "resource": "text",
        "usable": "number",
        "allocated": "number",
        "paid": "number",
        "unused": "number",
        "reason": "text",
        "text": "text",
        "parts": "rows",
    },
    "changes": {
        "by": "text",
        "code": "text",
        "region": "text",
        "resource": "text",
        "old": "number",
        "new": "number",
        "change": "number",
        "share": "figure or nothing",
        "is_large": "yes/no",
    },
    "rules": {
        "rule": "text",
        "scope": "text",
        "state": "text",
        "limit": "figure or nothing",
        "actual": "figure or nothing",
        "price": "figure or nothing",
    },
    "prices": {
        "rule": "text",
        "scope": "text",
        "text": "text",
        "price": "figure or nothing",
        "most": "figure or nothing",
        "gain": "figure or nothing",
    },
    "asks": {
        "resource": "text",
        "amount": "number",
        "gain": "number",
        "initiative": "text",
        "region": "text",
        "period": "whole",
        "partners": "codes",
        "pledges": "codes",
        "text": "text",
    },
    "conflict": {"rule": "text", "scope": "text", "text": "text"},
    "fixes": {"text": "text"},
}
SORTED_BY = {
    "activities": ("initiative", "region"),
    "allocations": ("pledge", "partner", "initiative", "region", "resource", "period"),
    "delivery": ("pledge", "region", "period"),
    "gaps": ("initiative", "region", "resource", "period"),
    "stranded": ("pledge",),
    "rules": ("rule", "scope"),
}
REASONS = set(
    "no_supply status window earmark veto access below_minimum prerequisite exclusive share_rule cap_rule "
    "delivery_unpaid used_elsewhere kept_line refused".split()
)
SHARES_OF_TOTALS = ("coverage", "effective", "funding_coverage", "local_share", "worst_region")


def tiny() -> Scenario:
    """Money and staff for two initiatives in two regions, thirds and tenths that do not add up in binary."""
    return Scenario(
        partners=(Partner(code="ALFA", local=True), Partner(code="BETA")),
        regions=(Region(code="R1", severity=3), Region(code="R2", severity=2)),
        initiatives=(Initiative(code="DEMINE"), Initiative(code="RETURN", prerequisites=("DEMINE",))),
        resources=(
            Resource(code="MONEY", category="funding", unit="USD"),
            Resource(code="STAFF", category="personnel", unit="person"),
        ),
        pledges=(
            Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=100 / 3),
            Pledge(code="P2", partner="BETA", resource="MONEY", quantity=200 / 3),
            Pledge(code="P3", partner="BETA", resource="STAFF", quantity=3),
        ),
        requirements=tuple(
            Requirement(initiative=initiative, region=region, resource=resource, quantity=quantity)
            for initiative in ("DEMINE", "RETURN")
            for region in ("R1", "R2")
            for resource, quantity in (("MONEY", 0.1), ("STAFF", 1))
        ),
        activities=(
            Activity(initiative="DEMINE", region="R1", implementer="ALFA", min_share=0.5),
            Activity(initiative="RETURN", region="R2", go="no"),
        ),
        delivery_costs=(DeliveryCost(partner="BETA", cost_per_unit=0.7), DeliveryCost(region="R2", fixed_cost=0.3)),
        rules=(
            Rule(rule="pay_delivery", value="yes"),
            Rule(rule="delivery_cap", value="1000"),
            Rule(rule="coverage_floor", value="0.5", scope=" REGION: R1 "),
            Rule(rule="local_share", value="", scope="R2", on=False),
        ),
        objectives=(Objective(order=1, objective="coverage"), Objective(order=2, objective="worst_region")),
    )


def steps(name: str) -> Scenario:
    """A scenario by name: a built-in sample, or the tiny one."""
    return build_sample(name) if name in SAMPLES else tiny()


NAMES = ("tiny", "first-steps")
LONGEST = 60.0  # seconds, reached by the large sample alone


def result(scenario: Scenario) -> dict[str, Any]:
    """The result JSON as another program reads it."""
    plan = solve(scenario, Options(time_limit=LONGEST))
    read: dict[str, Any] = json.loads(json.dumps(plan_to_json(plan), allow_nan=False))
    return read


def without_time(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "id": "", "made_at": "", "run": {**data["run"], "seconds": 0}}


@pytest.fixture(scope="module", params=[*NAMES, pytest.param("stabilisation", marks=pytest.mark.slow)])
def case(request: pytest.FixtureRequest) -> tuple[Scenario, dict[str, Any]]:
    scenario = steps(request.param)
    return scenario, result(scenario)


def test_that_the_result_has_the_fields_that_others_read(case: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, data = case
    assert (data["format"], data["version"]) == ("concord-plan", 1)
    assert data["status"] == ("optimal" if data["run"]["stopped"] is None else "feasible")
    assert set(data) == {
        *("format", "version", "scenario", "status", "objectives", "totals", "activities", "allocations", "delivery"),
        *("gaps", "rules", "prices", "asks", "conflict", "fixes", "pro_rata", "baseline", "stranded", "changes", "run"),
        *("id", "name", "made_at"),
    }
    assert data["scenario"].keys() == {"title", "fingerprint"}
    assert data["scenario"]["title"] == scenario.settings.title
    for name, fields in FIELDS.items():
        for row in data[name]:
            assert row.keys() == fields.keys(), name
            for field, kind in fields.items():
                assert type(row[field]) in KINDS[kind], (name, field)
                assert kind != SHARE or 0 <= row[field] <= 1, (name, field, row[field])


def test_that_the_run_says_how_the_plan_was_made(case: tuple[Scenario, dict[str, Any]]) -> None:
    run = case[1]["run"]
    assert run.keys() == {"seconds", "seed", "solver", "stopped", "versions"}
    assert run["seed"] == 1
    assert run["stopped"] is None or run["seconds"] > LONGEST / 2
    assert run["seconds"] > 0
    assert run["versions"]["concord"] == __version__
    assert {"ortools", "numpy"} <= run["versions"].keys()
    assert all(isinstance(version, str) and version for version in run["versions"].values())
    assert "HiGHS" in run["solver"]
    assert "SCIP" in run["solver"]


def test_that_lists_are_sorted_by_their_codes_without_doubles(case: tuple[Scenario, dict[str, Any]]) -> None:
    for name, columns in SORTED_BY.items():
        keys = [tuple(row[column] for column in columns) for row in case[1][name]]
        assert keys == sorted(keys), name
        assert len(keys) == len(set(keys)), name


def test_that_totals_are_shares_and_sums_of_the_plan(case: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, data = case
    for totals in (data["totals"], data["pro_rata"]["totals"]):
        assert totals.keys() == {*SHARES_OF_TOTALS, "delivery_cost", "funding_allocated"}
        assert all(0 <= totals[name] <= 1 for name in SHARES_OF_TOTALS)
        assert min(totals.values()) >= 0
    funding = {row.code for row in scenario.resources if row.is_funding}
    allocated = sum(row["quantity"] for row in data["allocations"] if row["resource"] in funding)
    assert data["totals"]["funding_allocated"] == pytest.approx(allocated)
    assert all(isinstance(sentence, str) for sentence in data["pro_rata"]["broken"])


def test_that_gaps_are_all_that_is_missing(case: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, data = case
    key = ("initiative", "region", "resource", "period")
    served: dict[tuple[Any, ...], float] = {}
    for row in data["allocations"]:
        assert row["quantity"] > 0
        place = tuple(row[column] for column in key)
        served[place] = served.get(place, 0.0) + row["quantity"]
    missing = {
        tuple(getattr(row, column) for column in key): row.quantity - served.get((*_place(row),), 0.0)
        for row in scenario.requirements
    }
    short = {place: amount for place, amount in missing.items() if amount > 1e-6}
    gaps = {tuple(row[column] for column in key): row for row in data["gaps"]}
    assert gaps.keys() == short.keys()
    for place, row in gaps.items():
        assert row["missing"] == pytest.approx(short[place])
        assert row["required"] - row["allocated"] == pytest.approx(row["missing"])
        assert row["reason"] in REASONS
        assert row["text"].endswith(".")
    assert {row["reason"] for row in data["activities"]} <= REASONS | {"complete", "partly", "must"}


def _place(row: Requirement) -> tuple[str, str, str, int]:
    return row.initiative, row.region, row.resource, row.period


def test_that_the_gap_of_an_objective_follows_from_best_and_bound(case: tuple[Scenario, dict[str, Any]]) -> None:
    for row in case[1]["objectives"]:
        apart = abs(row["bound"] - row["best"])
        close = apart <= 1e-6 * max(1.0, abs(row["best"]))
        assert row["gap"] == pytest.approx(0.0 if close else apart / max(abs(row["best"]), 1e-9))


def test_that_every_rule_row_and_every_data_rule_has_one_report(case: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, data = case
    rows = [row.rule for row in scenario.rules]
    by_data = [
        key
        for key, rule in RULES.items()
        if rule.is_data_rule and key not in rows and has_data(scenario, key) and is_on(scenario, key)
    ]
    assert sorted(row["rule"] for row in data["rules"]) == sorted([*rows, *by_data])
    assert {row["state"] for row in data["rules"]} <= {"met", "binding", "off"}
    assert all(row["price"] is None or row["price"] >= 0 for row in data["rules"])


def test_that_a_scope_is_told_as_kind_and_code_even_where_the_rule_is_off() -> None:
    scopes = {(row["rule"], row["state"]): row["scope"] for row in result(tiny())["rules"]}
    assert scopes["local_share", "off"] == "region:R2"
    assert scopes["coverage_floor", "met"] == "region:R1"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [1, 2])
def test_that_the_order_of_rows_changes_nothing(name: str, seed: int) -> None:
    scenario, mix = steps(name), random.Random(seed)
    mixed: dict[str, Any] = {
        table.name: tuple(mix.sample(scenario.rows(table), len(scenario.rows(table)))) for table in TABLES
    }
    assert without_time(result(dataclasses.replace(scenario, **mixed))) == without_time(result(scenario))


def test_that_no_coverage_is_above_one_however_the_shares_add_up() -> None:
    pledges = tuple(Pledge(code=f"P{n}", partner="ALFA", resource="MONEY", quantity=0.1 * n / 3) for n in range(1, 40))
    case = dataclasses.replace(tiny(), pledges=pledges, activities=(), rules=(), delivery_costs=())
    plan = solve(case, Options(gap=0.0))
    money = [row for row in plan.allocations if row.resource == "MONEY"]
    assert len(money) > 0
    assert plan.pro_rata is not None
    for totals in (plan.totals, plan.pro_rata.totals):
        assert totals.funding_coverage <= 1.0
        assert totals.funding_coverage == pytest.approx(1.0)


def test_that_the_plain_split_costs_what_each_of_its_pledges_costs() -> None:
    case = Scenario(
        partners=(Partner(code="ALFA"), Partner(code="BETA")),
        regions=(Region(code="R1"),),
        initiatives=(Initiative(code="DEMINE"),),
        resources=(Resource(code="STAFF", category="personnel", unit="person"),),
        pledges=(
            Pledge(code="P1", partner="ALFA", resource="STAFF", quantity=1),
            Pledge(code="P2", partner="BETA", resource="STAFF", quantity=3),
        ),
        requirements=(Requirement(initiative="DEMINE", region="R1", resource="STAFF", quantity=2),),
        delivery_costs=(
            DeliveryCost(partner="ALFA", cost_per_unit=1, fixed_cost=5),
            DeliveryCost(partner="BETA", cost_per_unit=1000, fixed_cost=7),
        ),
    )
    read = dataclasses.replace(case, rules=(Rule(rule="delivery_cap", value="1000000"),))
    for scenario in (case, read):  # without and with a rule that reads costs
        split = solve(scenario).pro_rata
        assert split is not None
        assert split.totals.delivery_cost == pytest.approx(0.5 * 1 + 1.5 * 1000 + 5 + 7)
