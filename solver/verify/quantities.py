"""How much goes where: supply, requirement, count_status, expected, access_limit, local_share, coverage_floor."""

from collections import defaultdict
from collections.abc import Iterable

from planner.rulebook import Condition
from resources.offers import STATUSES
from solver.verify.delivery import Route
from solver.verify.facts import HIGHEST_ACCESS, ActivityKey
from solver.verify.findings import (
    Finding,
    Violation,
    activity_scope,
    at_places,
    broken,
    equals,
    exceeds,
    falls_short,
    number,
)
from solver.verify.ledger import Ledger


def supply(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """Allocations and delivery payments of a pledge <= Q_o (reusable: in each period). Binding where all is given."""
    facts, found, at_limit = ledger.facts, [], 0
    for (code, in_period), quantity in ledger.drawn.items():
        usable = facts.usable[code]
        at_limit += equals(quantity, usable)
        if exceeds(quantity, usable):
            when = "" if in_period is None else f" in period {in_period}"
            text = f"Pledge {code} gives {number(quantity)}{when}; {number(usable)} can be used."
            found.append(Violation("supply", f"pledge:{code}", text, quantity - usable))
    return at_places(at_limit, found)


def requirement(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """Allocated <= R_q · y_a; an activity with an allocation goes ahead, so that y_a is 1 wherever it matters."""
    found, at_limit = [], 0
    for need, quantity in ledger.served.items():
        required = ledger.facts.required[need]
        at_limit += equals(quantity, required)
        if exceeds(quantity, required):
            initiative, region, resource, period = need
            text = (
                f"{ledger.facts.place((initiative, region))} gets {number(quantity)} {ledger.facts.resource(resource)} "
                f"in period {period}; {number(required)} is required."
            )
            found.append(Violation("requirement", activity_scope(initiative, region), text, quantity - required))
    return at_places(at_limit, found)


def count_status(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """Only pledges of the asked status or a surer one are used, but for agreed lines that are held.

    Figures: rank of the status, 0 to 2.
    """
    facts, found = ledger.facts, []
    lowest = facts.lowest_status
    used = {line.pledge for line in ledger.chosen_lines} | {payment.pledge for payment in ledger.payments}
    ranks = {code: STATUSES.index(facts.pledges[code].status) for code in sorted(used)}
    for code, rank in ranks.items():
        if rank < lowest:
            text = f"Pledge {code} is used as {STATUSES[rank]}; pledges count from {STATUSES[lowest]} up."
            found.append(Violation("count_status", f"pledge:{code}", text, float(lowest - rank)))
    least = min(ranks.values(), default=None)
    is_binding = least == lowest and lowest > 0
    return Finding(float(lowest), None if least is None else float(least), is_binding, tuple(found))


def access_limit(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """Logistics and personnel enter no region whose access is above the limit; with None, what no row covers.

    Agreed lines that are held may.
    """
    facts, found, highest = ledger.facts, [], None
    limit = HIGHEST_ACCESS if condition is None or condition.value is None else condition.value
    holds = {partner: facts.access_condition(partner) == condition for partner in facts.partners}
    entering: dict[Route, float] = defaultdict(float)
    for line in ledger.chosen_lines:
        partner = facts.pledges[line.pledge].partner
        if not facts.resources[line.resource].is_funding and holds[partner]:
            entering[partner, line.resource, line.region] += line.quantity
    for (partner, resource, region), quantity in entering.items():
        access = facts.regions[region].access
        highest = access if highest is None else max(access, highest)
        if exceeds(access, limit):
            what = f"{number(quantity)} {facts.resource(resource)}"
            text = (
                f"{facts.partner(partner)} brings {what} to {facts.region(region)}, "
                f"whose access of {number(access)} is above its limit of {number(limit)}."
            )
            found.append(Violation("access_limit", f"partner:{partner} region:{region}", text, access - limit))
    return Finding(limit, highest, highest is not None and equals(highest, limit), tuple(found))


def expected(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """Q_o = usable quantity · likelihood, checked as `supply`. Binding where an unsure pledge gives all of it."""
    facts = ledger.facts
    at_limit = sum(
        facts.pledges[code].likelihood < 1 and equals(quantity, facts.usable[code])
        for (code, _), quantity in ledger.drawn.items()
    )
    return Finding(condition.value if condition else None, None, at_limit > 0)


def local_share(ledger: Ledger, condition: Condition) -> Finding:
    """Funding of activities with a local implementer >= s · all funding allocated, in the scope."""
    share, region = condition.value or 0.0, condition.scope_code
    keys = [key for key in ledger.facts.requirements if region in ("", key[1])]
    local, funding = local_funding(ledger, keys)
    actual, asked = (min(1.0, local / funding) if funding else 0.0), share * funding
    if not falls_short(local, asked):
        return Finding(share, actual, share > 0 and equals(local, asked))
    where = f" in {ledger.facts.region(region)}" if region else ""
    text = f"Local partners carry out {number(local)} of {number(funding)} funding{where}; {number(asked)} is asked."
    return Finding(share, actual, False, broken("local_share", condition.scope, text, asked - local))


def local_funding(ledger: Ledger, keys: Iterable[ActivityKey]) -> tuple[float, float]:
    """Funding allocated to those of the activities that have a local implementer, and to all of them."""
    local = funding = 0.0
    for key in keys:
        allocated = ledger.funding.get(key, 0.0)
        funding += allocated
        if ledger.facts.is_local(ledger.facts.implementer(key), key[1]):
            local += allocated
    return local, funding


def coverage_floor(ledger: Ledger, condition: Condition) -> Finding:
    """Coverage of the scope >= f; a scope in which nothing counts meets it."""
    floor = condition.value or 0.0
    coverage = ledger.scope_coverage(condition.scope_kind, condition.scope_code)
    if coverage is None:
        return Finding(floor)
    if not falls_short(coverage, floor):
        return Finding(floor, coverage, equals(coverage, floor))
    text = f"Coverage of {condition.scope_code or 'the plan'} is {number(coverage)}; at least {number(floor)} is asked."
    return Finding(floor, coverage, False, broken("coverage_floor", condition.scope, text, floor - coverage))
