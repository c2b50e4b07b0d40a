"""Who serves which activity: joint, apart, max_activities, min_contribution, max_contribution, single_source.

joint and apart take their data from other sheets and have no single figure. They are binding where the plan visibly
runs into them, and `actual` counts those places:
joint - an activity goes ahead with exactly its least number of partners;
apart - one of the two partners serves an activity and the other stays out of it.
The others have figures; without a scope, those of the partner or resource that comes closest to the limit.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import fsum

from planner.rulebook import Condition
from solver.verify.facts import ActivityKey, Need
from solver.verify.findings import (
    Finding,
    Violation,
    activity_scope,
    at_places,
    equals,
    exceeds,
    falls_short,
    number,
)
from solver.verify.ledger import Ledger

LEAST_PART = 0.05  # a partner counts for `joint` from these shares of the resources, added up


def joint(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """y_a = 1: at least min_partners partners p with sum over k of (given by p / required) >= 0.05."""
    facts, found, at_limit = ledger.facts, [], 0
    for key in sorted(ledger.ahead):
        least = facts.details[key].min_partners if key in facts.details else 0
        if least <= 0:
            continue
        count = sum(not falls_short(_part(ledger, partner, key), LEAST_PART) for partner in ledger.by_partner)
        at_limit += count == least
        if count < least:
            text = (
                f"{facts.place(key)} goes ahead, and {count} of the {least} partners that it needs bring at least "
                f"{LEAST_PART} each."
            )
            found.append(Violation("joint", activity_scope(*key), text, float(least - count)))
    return at_places(at_limit, found)


def apart(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """The partner of a veto and its with_partner do not both allocate to a matching activity."""
    facts = ledger.facts
    found: dict[tuple[frozenset[str], ActivityKey], Violation] = {}
    at_limit = set()
    for veto in facts.scenario.vetoes:
        if not veto.with_partner:
            continue
        pair = sorted((veto.partner, veto.with_partner))
        both, refusing = " and ".join(map(facts.partner, pair)), facts.partner(veto.partner)
        for key in facts.requirements:
            if veto.initiative not in ("", key[0]) or veto.region not in ("", key[1]):
                continue
            serving = [partner for partner in pair if key in ledger.by_partner.get(partner, {})]
            if len(serving) == 1:
                at_limit.add((frozenset(pair), key))
            if len(serving) == 2:
                text = f"{both} both serve {facts.place(key)}, but {refusing} has a veto on that."
                found[frozenset(pair), key] = Violation("apart", activity_scope(*key), text, 1.0)
    return at_places(len(at_limit), list(found.values()))


def max_activities(ledger: Ledger, condition: Condition) -> Finding:
    """Number of activities that a partner allocates to <= n. Figures: of the partner that serves most."""
    most, counts, found = condition.value or 0.0, [0], []
    for partner in _partners(ledger, condition):
        count = len(ledger.by_partner.get(partner, {}))
        counts.append(count)
        if exceeds(count, most):
            text = f"{ledger.facts.partner(partner)} serves {count} activities; at most {number(most)} are allowed."
            found.append(Violation("max_activities", f"partner:{partner}", text, count - most))
    return Finding(most, float(max(counts)), max(counts) == most, tuple(found))


def min_contribution(ledger: Ledger, condition: Condition) -> Finding:
    """Value of p to a >= v where p allocates anything of value to a. Figures: the smallest value, of any partner."""
    least, values, found = condition.value or 0.0, [], []
    for partner, key, value in _contributions(ledger, condition):
        values.append(value)
        if falls_short(value, least):
            text = f"{_gift(ledger, partner, key, value)}; at least {number(least)} is asked."
            found.append(
                Violation("min_contribution", f"partner:{partner} {activity_scope(*key)}", text, least - value)
            )
    smallest = min(values, default=None)
    return Finding(least, smallest, smallest is not None and least > 0 and equals(smallest, least), tuple(found))


def max_contribution(ledger: Ledger, condition: Condition) -> Finding:
    """Value of p to a <= v. Figures: the largest value that any partner gives to one activity."""
    most, values, found = condition.value or 0.0, [0.0], []
    for partner, key, value in _contributions(ledger, condition):
        values.append(value)
        if exceeds(value, most):
            text = f"{_gift(ledger, partner, key, value)}; at most {number(most)} is allowed."
            found.append(Violation("max_contribution", f"partner:{partner} {activity_scope(*key)}", text, value - most))
    return Finding(most, max(values), equals(max(values), most), tuple(found))


def single_source(ledger: Ledger, condition: Condition) -> Finding:
    """At most one pledge (agreement) serves each requirement. Figures: the most sources that any requirement has.

    Binding where the one source leaves something missing.
    """
    if not condition.value:
        return Finding()
    facts, is_binding, found = ledger.facts, False, []
    sources: dict[Need, set[tuple[str, str]]] = defaultdict(set)
    for line in ledger.lines:
        if condition.scope_code in ("", line.resource):
            pledge = facts.pledges[line.pledge]
            source = ("agreement", pledge.agreement) if pledge.agreement else ("pledge", pledge.code)
            sources[line.initiative, line.region, line.resource, line.period].add(source)
    for need, codes in sorted(sources.items()):
        is_binding |= falls_short(ledger.served[need], facts.required[need])
        if len(codes) > 1:
            initiative, region, resource, period = need
            text = (
                f"{facts.resource(resource)} for {facts.place((initiative, region))} in period {period} "
                f"comes from {len(codes)} sources, "
                f"{' and '.join(code for _, code in sorted(codes))}; one is allowed."
            )
            found.append(Violation("single_source", activity_scope(initiative, region), text, len(codes) - 1.0))
    return Finding(1.0, float(max(map(len, sources.values()), default=0)), is_binding, tuple(found))


def _part(ledger: Ledger, partner: str, key: ActivityKey) -> float:
    """Shares of its resources that a partner gives an activity (given / required over all periods), added up."""
    required = ledger.facts.required_in_all[key]
    return fsum(quantity / required[code] for code, quantity in ledger.by_partner[partner].get(key, {}).items())


def _partners(ledger: Ledger, condition: Condition) -> list[str]:
    """The partner in the scope, or each."""
    return [condition.scope_code] if condition.scope_code else sorted(ledger.facts.partners)


def _contributions(ledger: Ledger, condition: Condition) -> Iterable[tuple[str, ActivityKey, float]]:
    """Value by partner in the scope and activity, where the partner allocates anything that has a value."""
    for partner in _partners(ledger, condition):
        for key in sorted(ledger.by_partner.get(partner, {})):
            value = ledger.value_to(partner, key)
            if value > 0:
                yield partner, key, value


def _gift(ledger: Ledger, partner: str, key: ActivityKey, value: float) -> str:
    return f"{ledger.facts.partner(partner)} gives {ledger.facts.place(key)} a value of {number(value)}"
