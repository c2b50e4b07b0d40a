"""What delivery costs and who pays for it: pay_delivery, delivery_cap."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from math import isfinite

from planner.plan import DeliveryPayment
from planner.rulebook import Condition
from resources.offers import STATUSES, Pledge
from solver.verify.facts import Facts
from solver.verify.findings import Finding, Violation, broken, equals, exceeds, falls_short, number
from solver.verify.ledger import Ledger

RULE = "pay_delivery"


def delivery_cap(ledger: Ledger, condition: Condition) -> Finding:
    """Unit and fixed costs of a region, or the whole delivery cost, <= the value."""
    cap, region = condition.value or 0.0, condition.scope_code
    cost = ledger.bill.to_pay(region) if region else ledger.bill.total
    if not exceeds(cost, cap):
        return Finding(cap, cost, equals(cost, cap))
    where = f" to {ledger.facts.region(region)}" if region else ""
    text = f"Delivery{where} costs {number(cost)}; at most {number(cap)} is allowed."
    return Finding(cap, cost, False, broken("delivery_cap", condition.scope, text, cost - cap))


def pay_delivery(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """Unit costs are paid in their region and period, fixed costs in any, by funding that may pay there, exactly.

    Figures: what is to be paid and what is paid. Without the rule nothing is paid.
    """
    paid = sum(ledger.paid.values())
    violations = list(_check_payments(ledger))
    if ledger.facts.is_asked(RULE):
        violations += [*_check_periods(ledger), *_check_regions(ledger)]
        due = ledger.bill.paid_for
        return Finding(due, paid, due > 0, tuple(violations))
    if ledger.delivery:
        violations.append(Violation(RULE, "", f"{number(paid)} is paid for delivery, but {RULE} is off.", paid))
    return Finding(violations=tuple(violations))


def _check_periods(ledger: Ledger) -> Iterator[Violation]:
    for (region, period), cost in ledger.bill.unit.items():
        paid = ledger.paid.get((region, period), 0.0)
        if falls_short(paid, cost):
            text = (
                f"Delivery to {ledger.facts.region(region)} in period {period} costs {number(cost)} by the unit; "
                + (f"{number(paid)} is paid.")
            )
            yield Violation(RULE, f"region:{region}", text, cost - paid)


def _check_regions(ledger: Ledger) -> Iterator[Violation]:
    paid_in: dict[str, float] = defaultdict(float)
    for (region, _), money in ledger.paid.items():
        paid_in[region] += money
    for region in sorted(ledger.facts.regions):
        cost, paid = ledger.bill.to_pay(region), paid_in[region]
        if not equals(paid, cost):
            text = f"Delivery to {ledger.facts.region(region)} costs {number(cost)} in all; {number(paid)} is paid."
            yield Violation(RULE, f"region:{region}", text, abs(cost - paid))


def _check_payments(ledger: Ledger) -> Iterator[Violation]:
    """Each payment by itself: known codes, a quantity, funding that may pay in that region and period."""
    for key, count in Counter((line.pledge, line.region, line.period) for line in ledger.delivery).items():
        if count > 1:
            text = f"Pledge {key[0]} pays for delivery to {key[1]} in period {key[2]} on {count} lines."
            yield Violation(RULE, f"pledge:{key[0]} region:{key[1]}", text, count - 1.0)
    for line in ledger.delivery:
        for reason in _refusals(ledger.facts, line):
            text = f"Pledge {line.pledge} pays {line.quantity:.6g} for delivery to {line.region} in period " + (
                f"{line.period}, {reason}."
            )
            amount = abs(line.quantity) if isfinite(line.quantity) else 1.0
            yield Violation(RULE, f"pledge:{line.pledge} region:{line.region}", text, amount)


def _refusals(facts: Facts, line: DeliveryPayment) -> Iterator[str]:
    if not isfinite(line.quantity) or line.quantity <= 0:
        yield "which is no amount above 0"
    if line.region not in facts.regions:
        yield "but there is no such region"
    pledge = facts.pledges.get(line.pledge)
    if pledge is None:
        yield "but there is no such pledge"
        return
    if not facts.resources[pledge.resource].is_funding:
        yield f"but is {pledge.resource}, which is no funding"
    yield from _limits(facts, pledge, line)


def _limits(facts: Facts, pledge: Pledge, line: DeliveryPayment) -> Iterator[str]:
    """Status, window, regions and general vetoes; the pledge's initiatives and lead_periods do not concern payments."""
    if STATUSES.index(pledge.status) < facts.lowest_status:
        yield f"but is only a {pledge.status}"
    first, last = facts.window(pledge)
    if not first <= line.period <= last:
        yield f"but can be spent only in periods {first} to {last}"
    if (pledge.regions and line.region not in pledge.regions) or line.region in pledge.exclude_regions:
        yield "but is earmarked to other regions"
    for veto in facts.scenario.vetoes:
        is_general = not (veto.initiative or veto.implementer or veto.with_partner)
        if veto.partner == pledge.partner and is_general and veto.region in ("", line.region):
            yield f"but {pledge.partner} has a veto there"
            return
