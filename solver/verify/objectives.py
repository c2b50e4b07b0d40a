"""The value of every objective for a finished plan."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from math import fsum

from resources.offers import STATUSES
from solver.verify.ledger import Ledger
from solver.verify.partners import fair_total


def coverage(ledger: Ledger) -> float:
    """Sum over activities of w_a · c_a."""
    return fsum(weight * ledger.coverage[key] for key, weight in ledger.facts.weights.items())


def effective(ledger: Ledger) -> float:
    """Sum over activities of w_a · e_a."""
    return fsum(weight * ledger.effective[key] for key, weight in ledger.facts.weights.items())


def worst_region(ledger: Ledger) -> float:
    """Smallest coverage of any region with requirements that count; 0 where there is none."""
    return min(ledger.coverage_by_region.values(), default=0.0)


def delivery_cost(ledger: Ledger) -> float:
    """Unit, fixed and mobilisation costs, in scenario currency."""
    return ledger.bill.total


def stability(ledger: Ledger) -> float:
    """Sum over resources with a baseline of (sum of |x - baseline| / sum of baseline); each line by itself."""
    pledges, agreed = ledger.facts.pledges, ledger.facts.agreed
    given = ledger.by_line if agreed else {}
    changed: dict[str, list[float]] = defaultdict(list)
    in_all: dict[str, list[float]] = defaultdict(list)
    for key in {**agreed, **given}:
        if key[0] in pledges:
            changed[pledges[key[0]].resource].append(abs(given.get(key, 0.0) - agreed.get(key, 0.0)))
            in_all[pledges[key[0]].resource].append(agreed.get(key, 0.0))
    sums = {code: fsum(quantities) for code, quantities in sorted(in_all.items())}
    return fsum(fsum(changed[code]) / total for code, total in sums.items() if total > 0)


def starts(ledger: Ledger) -> float:
    """Sum over (a, k, t), k reusable, of max(0, X_akt - X_ak,t-1) / sum of Q_o over the pledges of k that count."""
    facts = ledger.facts
    usable: dict[str, list[float]] = defaultdict(list)
    for pledge in facts.scenario.pledges:
        if STATUSES.index(pledge.status) >= facts.lowest_status:
            usable[pledge.resource].append(facts.usable[pledge.code])
    begun: dict[str, list[float]] = defaultdict(list)
    for (initiative, region, resource, period), quantity in ledger.served.items():
        if facts.resources[resource].is_reusable:
            before = ledger.served.get((initiative, region, resource, period - 1), 0.0)
            begun[resource].append(max(0.0, quantity - before))
    sums = {code: fsum(usable[code]) for code in sorted(begun)}
    return fsum(fsum(begun[code]) / total for code, total in sums.items() if total > 0)


def burden(ledger: Ledger) -> float:
    """Largest (value of p - fair_share_p · value of the partners with a fair_share); 0 where nobody has one."""
    total = fair_total(ledger)
    return max((ledger.contributed[p] - share * total for p, share in ledger.facts.fair_shares.items()), default=0.0)


MEASURED_OBJECTIVES: Mapping[str, Callable[[Ledger], float]] = {
    "coverage": coverage,
    "effective": effective,
    "worst_region": worst_region,
    "delivery_cost": delivery_cost,
    "stability": stability,
    "starts": starts,
    "burden": burden,
}
