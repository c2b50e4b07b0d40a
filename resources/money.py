"""Money: exchange rates, overheads and the usable quantity of a pledge."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from resources.offers import ExchangeRate, Pledge, Resource


def rates_by_currency(exchange_rates: Iterable[ExchangeRate]) -> Mapping[str, float]:
    """Units of each currency per one unit of scenario currency."""
    return {row.currency: row.rate for row in exchange_rates}


def rate_of(pledge: Pledge, scenario_currency: str, rates: Mapping[str, float]) -> float | None:
    """Units of the pledge's currency per one of the scenario's; None where no rate is known."""
    if pledge.currency in ("", scenario_currency):
        return 1.0
    return pledge.rate if pledge.rate is not None else rates.get(pledge.currency)


def usable_quantity(pledge: Pledge, resource: Resource, scenario_currency: str, rates: Mapping[str, float]) -> float:
    """What can be used of a pledge: funding in scenario currency, everything else in its unit.

    Funding: quantity / rate · (1 - overhead), to the nearest 0.01, halves up; whole resources are rounded down. A
    funding pledge without a known rate is worth 0 here: the checks refuse it before planning.
    """
    quantity = Decimal(repr(float(pledge.quantity)))
    if resource.is_funding:
        rate = rate_of(pledge, scenario_currency, rates)
        if rate is None:
            return 0.0
        quantity = quantity / Decimal(repr(float(rate))) * (1 - Decimal(repr(float(pledge.overhead))))
        quantity = quantity.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    if resource.is_whole:
        quantity = quantity.to_integral_value(rounding=ROUND_FLOOR)
    return float(quantity)
