"""Pledges and their money: currencies, rates, agreements, whole resources, refusals and delivery costs."""

from collections.abc import Iterator

from planner.problems import Problem
from planner.scenario import Scenario
from planner.validate.findings import both_rows, error, quoted, warning
from planner.validate.readable import TOO_LARGE
from resources.money import rate_of, rates_by_currency


def check_pledges_exist(scenario: Scenario) -> Iterator[Problem]:
    """There is something to plan with."""
    if not scenario.pledges:
        yield warning("no_pledges", "Pledges", None, "", "There are no pledges, so the plan will allocate nothing.")


def check_unit_values(scenario: Scenario) -> Iterator[Problem]:
    """A unit of funding is worth 1."""
    for index, resource in enumerate(scenario.resources):
        if resource.is_funding and resource.unit_value not in (None, 1):
            message = f"A unit of funding is worth 1, not {resource.unit_value:.15g}; empty this cell or write 1."
            yield error("unit_value", "Resources", index, "unit_value", message)


def check_currencies_of_pledges(scenario: Scenario) -> Iterator[Problem]:
    """Only funding has a currency, a rate or an overhead."""
    funding = {resource.code: resource.is_funding for resource in scenario.resources}
    for index, pledge in enumerate(scenario.pledges):
        if funding.get(pledge.resource, True):
            continue
        if pledge.currency:
            message = f"Only funding has a currency, and {quoted(pledge.resource)} is no funding; empty this cell."
            yield error("currency", "Pledges", index, "currency", message)
        for column, value in (("rate", pledge.rate), ("overhead", pledge.overhead)):
            if value:
                message = (
                    f"The {column} counts for funding alone, and {quoted(pledge.resource)} is none; empty this cell."
                )
                yield warning("currency", "Pledges", index, column, message)


def check_rates(scenario: Scenario) -> Iterator[Problem]:
    """A pledge in another currency has a rate, and one that makes sense; rates that nothing uses are pointed out."""
    settings = scenario.settings
    funding = {resource.code for resource in scenario.resources if resource.is_funding}
    rates = rates_by_currency(scenario.exchange_rates)
    for index, pledge in enumerate(scenario.pledges):
        if pledge.resource not in funding:
            continue
        rate = rate_of(pledge, settings.currency, rates)
        if rate is None:
            message = (
                f"The pledge is in {pledge.currency[:40]}, and there is no rate to {settings.currency[:40]}; "
                f"write one in the column rate, or a row for {pledge.currency[:40]} in the sheet ExchangeRates."
            )
            yield error("rate_missing", "Pledges", index, "currency", message)
        elif rate > 0 and pledge.quantity / rate >= TOO_LARGE:
            worth = pledge.quantity / rate
            message = f"At the rate {rate:g} the pledge is worth {worth:g}, too large to be meant; correct the rate."
            yield error("number_too_large", "Pledges", index, "rate", message)
        elif pledge.rate not in (None, 1) and pledge.currency in ("", settings.currency):
            message = (
                f"The pledge is in the scenario's currency, so the rate {pledge.rate:.15g} does not count; "
                "empty it, or name the pledge's currency."
            )
            yield warning("rate_unused", "Pledges", index, "rate", message)
    for index, row in enumerate(scenario.exchange_rates):
        if row.currency and row.currency == settings.currency and row.rate != 1:
            message = (
                f"{row.currency} is the scenario's currency, so the rate {row.rate:.15g} does not count; "
                "remove this row."
            )
            yield warning("rate_unused", "ExchangeRates", index, "rate", message)


def check_agreements(scenario: Scenario) -> Iterator[Problem]:
    """The instalments of one agreement have one partner and one resource."""
    first: dict[str, int] = {}
    for index, pledge in enumerate(scenario.pledges):
        if not pledge.agreement:
            continue
        earlier = first.setdefault(pledge.agreement, index)
        for column in ("partner", "resource"):
            one, other = getattr(scenario.pledges[earlier], column), getattr(pledge, column)
            if one != other:
                message = (
                    f"The agreement {quoted(pledge.agreement)} has two {column}s, {quoted(one)} and {quoted(other)}, "
                    f"in {both_rows('Pledges', earlier, index)}; "
                    f"write the same {column} in both, or another agreement."
                )
                yield error("agreement", "Pledges", index, column, message)


def check_whole_quantities(scenario: Scenario) -> Iterator[Problem]:
    """Whole resources are needed in whole units (an error) and offered in whole units (rounded down otherwise)."""
    whole = {resource.code for resource in scenario.resources if resource.is_whole}
    for index, row in enumerate(scenario.requirements):
        if row.quantity % 1 and row.resource in whole:
            message = (
                f"{quoted(row.resource)} is counted in whole units, so {row.quantity:.15g} cannot be needed; "
                "write a whole number, or whole = no in the sheet Resources."
            )
            yield error("whole_quantity", "Requirements", index, "quantity", message)
    for index, pledge in enumerate(scenario.pledges):
        if pledge.quantity % 1 and pledge.resource in whole:
            message = (
                f"{quoted(pledge.resource)} is counted in whole units: of {pledge.quantity:.15g} only "
                f"{pledge.quantity // 1:.15g} count; write a whole number, or whole = no in the sheet Resources."
            )
            yield warning("whole_quantity", "Pledges", index, "quantity", message)


def check_vetoes(scenario: Scenario) -> Iterator[Problem]:
    """A veto is either against a partner beside it or against an implementer, and never against itself."""
    for index, veto in enumerate(scenario.vetoes):
        if veto.with_partner and veto.implementer:
            message = "A veto names with_partner or implementer, not both; empty one of them, or write two rows."
            yield error("veto", "Vetoes", index, "with_partner", message)
        if veto.with_partner and veto.with_partner == veto.partner:
            message = f"{quoted(veto.partner)} cannot refuse to work with itself; name another one."
            yield error("veto", "Vetoes", index, "with_partner", message)


def check_delivery_costs(scenario: Scenario) -> Iterator[Problem]:
    """Every row of delivery costs says something."""
    for index, row in enumerate(scenario.delivery_costs):
        if row.cost_per_unit is None and row.fixed_cost is None and row.lead_periods is None:
            message = (
                "This row has no cost and no lead time, so it says nothing; "
                "fill cost_per_unit, fixed_cost or lead_periods."
            )
            yield warning("delivery_cost", "DeliveryCosts", index, "cost_per_unit", message)
