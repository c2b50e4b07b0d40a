"""Tiny scenarios and lines for the tests of the verification, written by hand."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from planner.plan import Allocation, DeliveryPayment
from planner.scenario import Activity, BaselineLine, Initiative, Region, Requirement, Rule, Scenario, Settings
from resources.offers import Partner, Pledge, Resource

MONEY = Resource(code="MONEY", category="funding", unit="USD")
KITS = Resource(code="KITS", category="logistics", unit="kit")
STAFF = Resource(code="STAFF", category="personnel", unit="person")


def scenario(**tables: Any) -> Scenario:
    """Two partners, two regions, two initiatives and three resources; `settings` and tables as given."""
    filled: dict[str, Any] = {
        "partners": (Partner(code="ALFA", type="21"), Partner(code="BETA", type="22", local=True)),
        "regions": (Region(code="R1", country="KEN", access=2), Region(code="R2", country="SOM", access=4)),
        "initiatives": (Initiative(code="DEMINE"), Initiative(code="RETURN")),
        "resources": (MONEY, KITS, STAFF),
    } | tables
    filled["settings"] = Settings(**filled.pop("settings", {}))
    return Scenario(**filled)


def pledge(code: str, partner: str, resource: str, quantity: float, **columns: Any) -> Pledge:
    return Pledge(code=code, partner=partner, resource=resource, quantity=quantity, **columns)


def need(initiative: str, region: str, resource: str, quantity: float, period: int = 1, **columns: Any) -> Requirement:
    return Requirement(
        initiative=initiative, region=region, resource=resource, period=period, quantity=quantity, **columns
    )


def activity(initiative: str, region: str, **columns: Any) -> Activity:
    return Activity(initiative=initiative, region=region, **columns)


def rule(key: str, value: object = "", scope: str = "", *, on: bool = True) -> Rule:
    return Rule(rule=key, value=str(value), scope=scope, on=on)


def line(case: Scenario, pledge_code: str, place: str, quantity: float, period: int = 1) -> Allocation:
    """A line of a known pledge for `place` = "INITIATIVE REGION"."""
    given = next(row for row in case.pledges if row.code == pledge_code)
    initiative, region = place.split()
    return Allocation(given.code, given.partner, initiative, region, given.resource, period, quantity)


def payment(pledge_code: str, region: str, quantity: float, period: int = 1) -> DeliveryPayment:
    return DeliveryPayment(pledge_code, region, period, quantity)


def having(case: Scenario, **tables: Any) -> Scenario:
    """The scenario with some tables replaced."""
    return dataclasses.replace(case, **tables)


def agreed(pledge_code: str, place: str, quantity: float, period: int = 1, *, keep: bool = False) -> BaselineLine:
    """A line of the agreed plan for `place` = "INITIATIVE REGION"."""
    initiative, region = place.split()
    return BaselineLine(
        pledge=pledge_code, initiative=initiative, region=region, period=period, quantity=quantity, keep=keep
    )


Lines = Sequence[Allocation]


@dataclass(frozen=True)
class Case:
    """A plan and how one rule stands in it; `amount` is by how much it is broken."""

    rule: str
    state: str
    scenario: Scenario
    lines: Callable[[Scenario], Lines]
    delivery: tuple[DeliveryPayment, ...] = ()
    amount: float = 0.0
    scope: str = ""
    broken_as: str = ""

    def __str__(self) -> str:
        return f"{self.rule}-{self.state}"


def serve(*given: tuple[str, str, float] | tuple[str, str, float, int]) -> Callable[[Scenario], Lines]:
    """Lines of (pledge, "INITIATIVE REGION", quantity, period)."""
    return lambda case: [line(case, *each) for each in given]
