"""From flows between sources, pools and requirements back to the lines of a plan.

Pledges of one source, and sources of one pool, are interchangeable for every rule and objective, so the split is free
to please: reusable things stay in their activity from period to period, then the agreed plan is followed, then lines
are few, then the code order decides.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from planner.plan import Allocation, DeliveryPayment
from solver.arrays import Arrays, Floats, summed
from solver.network.delivery import NO_CHARGE
from solver.network.plan_model import POOL, PlanModel

Flow = tuple[int, int, float]  # from, requirement, quantity
LEAST = 1e-6  # of its requirement: less is nothing


@dataclass(slots=True)
class _Left:
    """What is still to be handed out at one place."""

    supply: dict[int, float]
    demand: dict[int, float]

    def give(self, giver: int, requirement: int, quantity: float, flows: dict[tuple[int, int], float]) -> None:
        """Hand out a quantity and remember it."""
        flows[giver, requirement] += quantity
        self.supply[giver] -= quantity
        self.demand[requirement] -= quantity


def split_flows(model: PlanModel, values: Floats) -> tuple[list[Allocation], list[DeliveryPayment]]:
    """The lines of the plan at these variable values, sorted by their codes, then period."""
    source_flows = _match_pools(model, values)
    pledge_flows, left = _hand_to_pledges(model, source_flows)
    arrays = model.arrays
    kept = [flow for flow in pledge_flows if flow[2] >= LEAST * arrays.required_q[flow[1]]]
    return _lines(arrays, kept), _payments(model, values, left, _Bill(arrays, kept))


def _match_pools(model: PlanModel, values: Floats) -> list[Flow]:
    """Who in each pool serves which requirement; direct arcs as they are."""
    arrays, serving, supplying = model.arrays, model.serving, model.supplying
    served = _flows(arrays, arrays.resource_q[serving.requirement], values[serving.variable] * serving.scale)
    direct = np.flatnonzero((serving.source != POOL) & (served > 0))
    flows: dict[tuple[int, int], float] = defaultdict(float)
    for leg in direct:
        flows[int(serving.source[leg]), int(serving.requirement[leg])] += float(served[leg])
    inflow = _flows(arrays, model.sources.resource_s[supplying.source], values[supplying.variable] * supplying.scale)
    entering: dict[int, dict[int, float]] = defaultdict(dict)
    for leg in np.flatnonzero((supplying.pool >= 0) & (inflow > 0)):
        entering[int(supplying.pool[leg])][int(supplying.source[leg])] = float(inflow[leg])
    leaving: dict[int, dict[int, float]] = defaultdict(dict)
    for leg in np.flatnonzero((serving.pool >= 0) & (served > 0)):
        leaving[int(serving.pool[leg])][int(serving.requirement[leg])] = float(served[leg])
    agreed = _agreed_flows(model)
    order = sorted(leaving, key=lambda number: (model.pools[number].resource, model.pools[number].period, number))
    for number in order:
        left = _Left(entering[number], leaving[number])
        if arrays.is_reusable_k[model.pools[number].resource]:
            _stay(model, left, flows)
        _follow(left, flows, agreed)
        _fill(model, left, flows)
    return [(source, requirement, quantity) for (source, requirement), quantity in flows.items() if quantity > 0]


def _flows(arrays: Arrays, resource: np.ndarray, flow: Floats) -> Floats:
    """Flows with rounding removed: whole numbers for whole resources, nothing below nothing."""
    return np.where(arrays.is_whole_k[resource], np.round(flow), np.maximum(flow, 0.0))


def _agreed_flows(model: PlanModel) -> dict[tuple[int, int], float]:
    """The agreed plan as flows from sources to requirements, where a pool may carry them."""
    arrays, sources, agreed = model.arrays, model.sources, defaultdict[tuple[int, int], float](float)
    for (pledge, requirement), quantity in _agreed_lines(arrays).items():
        source = int(sources.source_o[pledge])
        if source >= 0 and sources.opens_sa[source, arrays.activity_q[requirement]]:
            agreed[source, requirement] += quantity
    return agreed


def _stay(model: PlanModel, left: _Left, flows: dict[tuple[int, int], float]) -> None:
    """Who was in an activity in the period before stays there, where the pool may carry it."""
    arrays, opens = model.arrays, model.sources.opens_sa
    for requirement in sorted(left.demand):
        before = arrays.requirement_index.get(
            (
                int(arrays.activity_q[requirement]),
                int(arrays.resource_q[requirement]),
                int(arrays.period_q[requirement]) - 1,
            )
        )
        if before is None:
            continue
        for source in sorted(left.supply):
            quantity = min(flows.get((source, before), 0.0), left.supply[source], left.demand[requirement])
            if quantity > 0 and opens[source, arrays.activity_q[requirement]]:
                left.give(source, requirement, quantity, flows)


def _follow(left: _Left, flows: dict[tuple[int, int], float], agreed: dict[tuple[int, int], float]) -> None:
    """The agreed plan where it fits."""
    if not agreed:
        return
    for requirement in sorted(left.demand):
        for source in sorted(left.supply):
            wanted = agreed.get((source, requirement), 0.0) - flows.get((source, requirement), 0.0)
            quantity = min(wanted, left.supply[source], left.demand[requirement])
            if quantity > 0:
                left.give(source, requirement, quantity, flows)


def _fill(model: PlanModel, left: _Left, flows: dict[tuple[int, int], float]) -> None:
    """The rest in code order, sources that refuse most first; what then does not fit is moved along a chain."""
    opens, activity_q = model.sources.opens_sa, model.arrays.activity_q
    mine: dict[tuple[int, int], float] = defaultdict(float)
    options = {source: sum(opens[source, activity_q[q]] for q in left.demand) for source in left.supply}
    for source in sorted(left.supply, key=lambda source: (options[source], source)):
        for requirement in sorted(left.demand):
            quantity = min(left.supply[source], left.demand[requirement])
            if quantity > 0 and opens[source, activity_q[requirement]]:
                left.give(source, requirement, quantity, mine)
    for (source, requirement), quantity in mine.items():
        flows[source, requirement] += quantity
    for requirement in sorted(left.demand):
        while left.demand[requirement] > LEAST * model.arrays.required_q[requirement] and _shift(
            model, left, flows, requirement
        ):
            pass


def _shift(model: PlanModel, left: _Left, flows: dict[tuple[int, int], float], wanted: int) -> bool:
    """Serve a requirement through a chain of exchanges from a source with something left; True where it moved any.

    Breadth first from the requirement: a source that may serve it gives, and its other requirement takes from another.
    """
    opens, activity_q = model.sources.opens_sa, model.arrays.activity_q
    came_from: dict[int, tuple[int, int]] = {}  # requirement -> (source that would leave it, requirement it goes to)
    queue, seen = [wanted], {wanted}
    while queue:
        requirement = queue.pop(0)
        for source in sorted(left.supply):
            if not opens[source, activity_q[requirement]]:
                continue
            if left.supply[source] > 0:
                _exchange(left, flows, came_from, source, requirement, wanted)
                return True
            for other in sorted(left.demand):
                if other not in seen and opens[source, activity_q[other]] and flows.get((source, other), 0.0) > 0:
                    seen.add(other)
                    came_from[other] = (source, requirement)
                    queue.append(other)
    return False


def _exchange(
    left: _Left,
    flows: dict[tuple[int, int], float],
    came_from: dict[int, tuple[int, int]],
    giver: int,
    first: int,
    wanted: int,
) -> None:
    """Move as much as fits along the chain that starts with `giver` serving `first`."""
    chain, requirement = [], first
    while requirement != wanted:
        source, target = came_from[requirement]
        chain.append((source, requirement, target))
        requirement = target
    quantity = min([left.supply[giver], left.demand[wanted], *(flows[source, here] for source, here, _ in chain)])
    flows[giver, first] += quantity
    for source, here, there in chain:
        flows[source, here] -= quantity
        flows[source, there] += quantity
    left.supply[giver] -= quantity
    left.demand[wanted] -= quantity


def _hand_to_pledges(model: PlanModel, source_flows: list[Flow]) -> tuple[list[Flow], dict[int, float]]:
    """Each source's flows to its pledges; also what is left of each consumed pledge."""
    arrays, sources = model.arrays, model.sources
    members: dict[int, list[int]] = defaultdict(list)
    for pledge in np.flatnonzero(sources.source_o >= 0):
        members[int(sources.source_o[pledge])].append(int(pledge))
    by_source: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for source, requirement, quantity in source_flows:
        by_source[source].append((requirement, quantity))
    agreed = _agreed_lines(arrays)
    flows: dict[tuple[int, int], float] = defaultdict(float)
    left = {pledge: float(arrays.usable_o[pledge]) for pledges in members.values() for pledge in pledges}
    for source in sorted(by_source):
        pledges, wanted = members[source], by_source[source]
        if not arrays.is_reusable_k[sources.resource_s[source]]:
            wanted.sort(key=lambda item: (int(arrays.period_q[item[0]]), item[0]))
            _share_out(arrays, pledges, wanted, left, flows, agreed)
            continue
        for period in sorted({int(arrays.period_q[requirement]) for requirement, _ in wanted}):
            now = sorted(item for item in wanted if arrays.period_q[item[0]] == period)
            free = {pledge: float(arrays.usable_o[pledge]) for pledge in pledges}
            _share_out(arrays, pledges, now, free, flows, agreed)
    return [(pledge, requirement, quantity) for (pledge, requirement), quantity in flows.items()], left


def _agreed_lines(arrays: Arrays) -> dict[tuple[int, int], float]:
    """The agreed plan by pledge and requirement."""
    agreed = arrays.agreed
    lines = zip(agreed.pledge_l.tolist(), agreed.requirement_l.tolist(), agreed.quantity_l.tolist(), strict=True)
    return {(pledge, requirement): quantity for pledge, requirement, quantity in lines if requirement >= 0}


def _share_out(
    arrays: Arrays,
    pledges: list[int],
    wanted: list[tuple[int, float]],
    left: dict[int, float],
    flows: dict[tuple[int, int], float],
    agreed: dict[tuple[int, int], float],
) -> None:
    """Hand these quantities to the pledges: to who was there before, to who agreed, then in code order."""
    rest = dict(wanted)
    for requirement, _ in wanted:
        activity, resource, period = (
            int(axis[requirement]) for axis in (arrays.activity_q, arrays.resource_q, arrays.period_q)
        )
        before = (
            arrays.requirement_index.get((activity, resource, period - 1)) if arrays.is_reusable_k[resource] else None
        )
        for pledge in pledges if len(pledges) > 1 else ():
            for likes in (
                flows.get((pledge, before), 0.0) if before is not None else 0.0,
                agreed.get((pledge, requirement), 0.0),
            ):
                quantity = min(likes - flows.get((pledge, requirement), 0.0), left[pledge], rest[requirement])
                if quantity > 0:
                    flows[pledge, requirement] += quantity
                    left[pledge] -= quantity
                    rest[requirement] -= quantity
    position = 0
    for requirement, _ in wanted:
        while rest[requirement] > 0 and position < len(pledges):
            pledge = pledges[position]
            quantity = min(left[pledge], rest[requirement])
            if quantity > 0:
                flows[pledge, requirement] += quantity
                left[pledge] -= quantity
                rest[requirement] -= quantity
            if rest[requirement] > 0:
                position += 1


def _lines(arrays: Arrays, flows: list[Flow]) -> list[Allocation]:
    lines = []
    for pledge, requirement, quantity in flows:
        activity = int(arrays.activity_q[requirement])
        lines.append(
            Allocation(
                arrays.pledges.codes[pledge],
                arrays.partners.codes[arrays.partner_o[pledge]],
                arrays.initiatives.codes[arrays.initiative_a[activity]],
                arrays.regions.codes[arrays.region_a[activity]],
                arrays.resources.codes[arrays.resource_q[requirement]],
                int(arrays.period_q[requirement]) + 1,
                _readable(quantity),
            )
        )
    lines.sort(key=lambda line: (line.pledge, line.partner, line.initiative, line.region, line.resource, line.period))
    return lines


class _Bill:
    """What the delivery of these flows costs: unit costs by region and period, fixed costs by region."""

    def __init__(self, arrays: Arrays, flows: list[Flow]) -> None:
        self.unit_rt = np.zeros((len(arrays.regions), arrays.periods))
        charges: set[int] = set()
        for pledge, requirement, quantity in flows:
            region = int(arrays.region_a[arrays.activity_q[requirement]])
            place = (int(arrays.partner_o[pledge]), int(arrays.resource_o[pledge]), region)
            self.unit_rt[region, arrays.period_q[requirement]] += quantity * arrays.delivery.cost_pkr[place]
            charges.add(int(arrays.delivery.charge_pkr[place]))
        incurred = sorted(charges - {NO_CHARGE})
        self.fixed_r = summed(
            arrays.delivery.region_c[incurred], arrays.delivery.amount_c[incurred], len(arrays.regions)
        )


def _payments(model: PlanModel, values: Floats, left: dict[int, float], bill: _Bill) -> list[DeliveryPayment]:
    """Funding spent on delivery, from what the allocations left of each pledge in code order; exactly the bill."""
    legs = model.payments
    if legs is None or not len(legs):
        return []
    arrays, sources = model.arrays, model.sources
    amounts: dict[tuple[int, int, int], float] = defaultdict(float)
    for leg in np.lexsort((legs.region, legs.period, legs.source)):
        rest = float(values[legs.variable[leg]] * legs.scale[leg])
        for pledge in np.flatnonzero(sources.source_o == legs.source[leg]):
            quantity = min(rest, left[int(pledge)])
            if quantity > 0:
                amounts[int(pledge), int(legs.region[leg]), int(legs.period[leg])] += quantity
                left[int(pledge)] -= quantity
                rest -= quantity
    for region in range(len(arrays.regions)):
        _settle(region, amounts, bill)
    return [
        DeliveryPayment(arrays.pledges.codes[pledge], arrays.regions.codes[region], period + 1, _readable(quantity))
        for (pledge, region, period), quantity in sorted(amounts.items())
        if quantity > 1e-9
    ]


def _settle(region: int, amounts: dict[tuple[int, int, int], float], bill: _Bill) -> None:
    """Make a region's payments equal to its bill: the optimiser's rounding, and charges it left on, go."""
    mine = sorted((key for key in amounts if key[1] == region), key=lambda key: (key[2], key[0]))
    paid_t = np.zeros(bill.unit_rt.shape[1])
    for key in mine:
        paid_t[key[2]] += amounts[key]
    for period in (int(t) for t in np.flatnonzero((paid_t > 0) & (paid_t < bill.unit_rt[region]))):
        for key in (key for key in mine if key[2] == period):
            amounts[key] *= bill.unit_rt[region, period] / paid_t[period]
        paid_t[period] = bill.unit_rt[region, period]
    spare_t = np.maximum(0.0, paid_t - bill.unit_rt[region])
    spare = float(spare_t.sum())
    if spare <= 0:
        return
    factor = bill.fixed_r[region] / spare  # only what is paid beyond unit costs is there for the fixed ones
    for key in mine:
        period = key[2]
        amounts[key] *= (paid_t[period] - spare_t[period] + factor * spare_t[period]) / paid_t[period]


def _readable(quantity: float) -> float:
    """Twelve significant digits: more are rounding of the optimiser."""
    return float(f"{quantity:.12g}")
