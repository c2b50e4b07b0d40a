"""What a plan changes against the plan agreed last (the scenario's Baseline): by partner, activity, budget category.

Everything that has a value counts in scenario currency; a resource without one counts by itself, in its unit. A pooled
fund's budget category is what its donors and its board approve by: people, goods, and funding by its purpose (the
OECD-DAC code of the initiative, its strategy where there is none), for a sum of funding says nothing of what it is for.
Delivery payments are outside: the agreed plan does not record them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from planner.plan import Allocation, Shift
from planner.scenario import Scenario
from resources.offers import Resource

LARGE = 0.15  # of a category: a larger shift needs approval under the rules of peacebuilding funds
NOTHING = 1e-6
PARTNER, ACTIVITY, CATEGORY = "partner", "activity", "category"
BY = (PARTNER, ACTIVITY, CATEGORY)
FUNDING_FOR = "funding:"  # a category of funding: this and the purpose
Key = tuple[str, str, str, str]  # by, code, region, resource
Served = tuple[str, str, str, str, float]  # partner, initiative, region, resource, quantity


def changes_since_baseline(scenario: Scenario, allocations: Sequence[Allocation]) -> tuple[Shift, ...]:
    """Old and new figure of every partner, activity and category that either plan serves; none without a Baseline."""
    if not scenario.baseline:
        return ()
    pledges = {row.code: row for row in scenario.pledges}
    agreed = (
        (pledges[row.pledge].partner, row.initiative, row.region, pledges[row.pledge].resource, row.quantity)
        for row in scenario.baseline
        if row.pledge in pledges
    )
    planned = ((row.partner, row.initiative, row.region, row.resource, row.quantity) for row in allocations)
    old, new = _added_up(scenario, agreed), _added_up(scenario, planned)
    keys = sorted(old.keys() | new.keys(), key=lambda key: (BY.index(key[0]), *key[1:]))
    return tuple(_shift(key, old.get(key, 0.0), new.get(key, 0.0)) for key in keys)


def _added_up(scenario: Scenario, lines: Iterable[Served]) -> Mapping[Key, float]:
    """The lines added up by partner, by activity and by category, what has no value by resource too."""
    resources = {row.code: row for row in scenario.resources}
    purposes = {row.code: row.dac_code or row.strategy for row in scenario.initiatives}
    sums: dict[Key, float] = defaultdict(float)
    for partner, initiative, region, code, quantity in sorted(lines):  # one order, one rounding
        resource = resources[code]
        value = resource.value_per_unit
        unit, amount = ("", quantity * value) if value > 0 else (code, quantity)
        if amount > 0:
            sums[PARTNER, partner, "", unit] += amount
            sums[ACTIVITY, initiative, region, unit] += amount
            sums[CATEGORY, _category(resource, purposes.get(initiative, "")), "", unit] += amount
    return sums


def _category(resource: Resource, purpose: str) -> str:
    return f"{FUNDING_FOR}{purpose}" if resource.is_funding else resource.category


def _shift(key: Key, old: float, new: float) -> Shift:
    change = new - old
    if abs(change) <= NOTHING * max(old, new):
        change = 0.0
    return Shift(*key, old, new, change, change / old if old > 0 else None, abs(change) > LARGE * old)
