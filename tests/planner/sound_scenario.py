"""A scenario without any problem, and edits that put one thing wrong."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from planner.problems import Severity
from planner.scenario import (
    TABLE_BY_NAME,
    Activity,
    BaselineLine,
    Initiative,
    Objective,
    Region,
    Requirement,
    Rule,
    Scenario,
    Settings,
)
from resources.offers import DeliveryCost, ExchangeRate, Partner, Pledge, Resource, Veto

SOUND = Scenario(
    settings=Settings(title="Sound", currency="USD", start=date(2027, 1, 1), periods=4, weighting="requirement"),
    partners=(
        Partner(code="UN", type="40", fair_share=0.5),
        Partner(code="NGO", type="22", local=True, country="KEN"),
    ),
    regions=(
        Region(code="R1", country="KEN", severity=3, people_in_need=100, access=2),
        Region(code="R2", country="XAA", severity=2, people_in_need=50, languages=("som",)),
    ),
    initiatives=(
        Initiative(code="DEMINE", dac_code="15250"),
        Initiative(code="RETURN", dac_code="73010", prerequisites=("DEMINE",)),
        Initiative(code="RADIO1", exclusive_group="RADIO"),
        Initiative(code="RADIO2", exclusive_group="RADIO"),
        Initiative(code="TREATY", together=True),
    ),
    resources=(
        Resource(code="MONEY", category="funding"),
        Resource(code="CAR", category="logistics", unit_value=20000),
        Resource(code="STAFF", category="personnel", unit_value=4000),
    ),
    pledges=(
        Pledge(code="P1", partner="UN", resource="MONEY", quantity=1000, currency="EUR", agreement="A1"),
        Pledge(code="P2", partner="UN", resource="MONEY", quantity=500.5, agreement="A1", to_period=2),
        Pledge(code="P3", partner="NGO", resource="CAR", quantity=3, regions=("R1",), from_period=2),
    ),
    requirements=(
        *(
            Requirement(initiative=initiative, region=region, resource="MONEY", period=period, quantity=100.5)
            for initiative in ("DEMINE", "RETURN", "RADIO1", "RADIO2", "TREATY")
            for region in ("R1", "R2")
            for period in (1, 2)
        ),
        Requirement(initiative="DEMINE", region="R1", resource="CAR", quantity=2, period=3),
    ),
    activities=(
        Activity(initiative="DEMINE", region="R1", implementer="NGO", go="must", min_share=0.5),
        Activity(initiative="RETURN", region="R2"),
    ),
    vetoes=(Veto(partner="UN", initiative="RADIO1", reason="not ours"),),
    delivery_costs=(DeliveryCost(resource="CAR", cost_per_unit=100), DeliveryCost(region="R1", lead_periods=1)),
    exchange_rates=(ExchangeRate(currency="EUR", rate=0.9),),
    rules=(Rule(rule="local_share", value="25 %"), Rule(rule="coverage_floor", value="0.1", scope="region:R1")),
    objectives=(Objective(order=1, objective="effective", tolerance=0.01), Objective(order=2, objective="coverage")),
    baseline=(BaselineLine(pledge="P2", initiative="DEMINE", region="R1", resource="MONEY", quantity=50.5),),
)

Edit = Callable[[Scenario], Scenario]


def put(table: str, row: int, **values: Any) -> Edit:
    """Change cells of one row; the settings are row 0 of their own."""

    def edit(scenario: Scenario) -> Scenario:
        if table == "settings":
            return replace(scenario, settings=replace(scenario.settings, **values))
        rows = list(scenario.rows(TABLE_BY_NAME[table]))
        rows[row] = replace(rows[row], **values)
        return replace(scenario, **{table: tuple(rows)})

    return edit


def add(table: str, *rows: Any) -> Edit:
    """Add rows at the end of a table."""
    return lambda scenario: replace(scenario, **{table: scenario.rows(TABLE_BY_NAME[table]) + rows})


def empty(*tables: str) -> Edit:
    """Take all rows out of tables."""
    return lambda scenario: replace(scenario, **dict.fromkeys(tables, ()))


@dataclass(frozen=True)
class Case:
    """One thing wrong, and the one problem it makes."""

    check: str
    edits: tuple[Edit, ...]
    sheet: str
    row: int | None
    column: str
    words: str
    severity: Severity = Severity.ERROR


def bad(check_name: str, edits: Edit | tuple[Edit, ...], where: tuple[str, int | None, str], words: str) -> Case:
    return Case(check_name, edits if isinstance(edits, tuple) else (edits,), *where, words)


def odd(check_name: str, edits: Edit | tuple[Edit, ...], where: tuple[str, int | None, str], words: str) -> Case:
    return replace(bad(check_name, edits, where, words), severity=Severity.WARNING)


def edited(case: Case) -> Scenario:
    """The sound scenario with the one thing wrong."""
    scenario = SOUND
    for edit in case.edits:
        scenario = edit(scenario)
    return scenario


def activity(initiative: str, region: str, go: str) -> Activity:
    return Activity(initiative=initiative, region=region, go=go)
