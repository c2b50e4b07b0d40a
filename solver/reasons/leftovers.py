"""What a finished plan leaves unused of the pledges, and the rule that holds it back from an activity."""

from collections.abc import Sequence

import numpy as np

from planner.plan import Allocation, DeliveryPayment, RuleReport
from solver.arrays import Arrays, Floats, Integers
from solver.network.delivery import NO_CHARGE
from solver.reasons.serving_limits import ServingLimits
from solver.reasons.share_limits import TINY, HeldBack, Limits, Offer, breaks

SMALL_STEP = 1e-3  # of a requirement: the next amount of what comes in any quantity
Step = tuple[int, float]  # a requirement and how much more of it


class Leftovers:
    """What each pledge still has after a plan, in each period."""

    def __init__(
        self,
        arrays: Arrays,
        allocations: Sequence[Allocation],
        delivery: Sequence[DeliveryPayment],
        rules: Sequence[RuleReport],
    ) -> None:
        self._arrays, self._reports = arrays, rules
        self._pledges_of = [np.flatnonzero(arrays.resource_o == k) for k in range(len(arrays.resources))]
        self._open: dict[tuple[int, int], Integers] = {}  # by resource and activity, whatever the period
        self._eligible: dict[int, Integers] = {}
        self.pays_delivery = bool(delivery)
        self.served_q = np.zeros(len(arrays.required_q))
        used_ot = np.zeros((len(arrays.partner_o), arrays.periods))
        sent_or = np.zeros((len(arrays.partner_o), len(arrays.regions)))
        self.paid_o = np.zeros(len(arrays.partner_o))  # spent on delivery
        self._charges: set[int] = set()  # fixed charges that the plan incurs already
        self._agreements: set[int] = set()  # agreements that the plan uses already
        for line in allocations:
            pledge, region = arrays.pledges.index[line.pledge], arrays.regions.index[line.region]
            self.served_q[self.requirement_of(line)] += line.quantity
            used_ot[pledge, line.period - 1] += line.quantity
            sent_or[pledge, region] += line.quantity
            where = (arrays.partner_o[pledge], arrays.resource_o[pledge], region)
            self._charges.add(int(arrays.delivery.charge_pkr[where]))
            self._agreements.add(int(arrays.agreement_o[pledge]))
        for payment in delivery:
            pledge = arrays.pledges.index[payment.pledge]
            used_ot[pledge, payment.period - 1] += payment.quantity
            self.paid_o[pledge] += payment.quantity
            self._agreements.add(int(arrays.agreement_o[pledge]))
        self._left_ot = _left_ot(arrays, used_ot)
        self.allocated_o: Floats = sent_or.sum(axis=1)
        self._limits = Limits(arrays, self.served_q, sent_or, self.paid_o)
        self._serving = ServingLimits(
            arrays, allocations, self.requirement_of, self.eligible, self._givers, self.left_of
        )

    def eligible(self, requirement: int) -> Integers:
        """The pledges that may serve a requirement."""
        if requirement not in self._eligible:
            arrays = self._arrays
            activity, period = int(arrays.activity_q[requirement]), int(arrays.period_q[requirement])
            pledges = self._open_to(int(arrays.resource_q[requirement]), activity)
            begins = arrays.first_or[pledges, arrays.region_a[activity]]
            self._eligible[requirement] = pledges[(begins <= period) & (arrays.last_o[pledges] >= period)]
        return self._eligible[requirement]

    def _open_to(self, resource: int, activity: int) -> Integers:
        """The pledges of a resource that may serve an activity in some period."""
        if (resource, activity) not in self._open:
            arrays, pledges = self._arrays, self._pledges_of[resource]
            is_open = arrays.opens_oa[pledges, activity] & (arrays.usable_o[pledges] > 0)
            self._open[resource, activity] = pledges[is_open]
        return self._open[resource, activity]

    def could_come(self, requirement: int) -> float:
        """How much may come to a requirement, whatever else wants it."""
        return float(self._arrays.usable_o[self.eligible(requirement)].sum())

    def could_come_in_all(self, requirements: Integers) -> float:
        """What all eligible pledges together could bring over these requirements of one resource."""
        arrays = self._arrays
        if arrays.is_reusable_k[arrays.resource_q[requirements[0]]]:
            return float("inf")
        eligible = {int(o) for q in requirements for o in self.eligible(int(q))}
        return float(sum(arrays.usable_o[o] for o in eligible))

    def able_partners(self, activity: int) -> tuple[int, int]:
        """How many partners must each bring a real share to an activity, and how many could, whatever else they do."""
        return self._serving.able_partners(activity)

    def left_of(self, pledges: Integers, period: int) -> Floats:
        """What is left of each pledge in a period."""
        return np.asarray(self._left_ot[pledges, period])

    def left(self, requirement: int) -> float:
        """How much that may come to a requirement is used nowhere; only whole units where it comes in whole ones."""
        arrays = self._arrays
        left = self.left_of(self.eligible(requirement), int(arrays.period_q[requirement]))
        if arrays.is_whole_k[arrays.resource_q[requirement]]:
            left = np.floor(left + TINY)
        return float(left.sum())

    def step(self, requirement: int) -> Step:
        """The next amount that could come: one unit, or a small part of what comes in any quantity."""
        arrays = self._arrays
        if arrays.is_whole_k[arrays.resource_q[requirement]]:
            return requirement, 1.0
        required = float(arrays.required_q[requirement])
        return requirement, min(SMALL_STEP * required, max(0.0, required - float(self.served_q[requirement])))

    def held_back(self, steps: Sequence[Step]) -> HeldBack | None:
        """The rule that these steps in one activity, all of them together, would break."""
        offers = [Offer(requirement, more, self._givers(requirement)) for requirement, more in steps]
        held = self._serving.held_back(offers) or self._limits.held_back(offers)
        return held or self._delivery_cap(steps) or self._payment(steps)

    def _delivery_cap(self, steps: Sequence[Step]) -> HeldBack | None:
        for report in self._reports_on("delivery_cap", int(self._arrays.activity_q[steps[0][0]])):
            unit, fixed = self._cost(steps, with_mobilisation=not report.scope)
            limit, room = float(report.limit or 0.0), float(report.limit or 0.0) - float(report.actual or 0.0)
            if unit + fixed > 0 and breaks(unit + fixed, room, limit):
                return HeldBack("cap_rule", "delivery_cap", steps[0][0], limit, max(0.0, room), unit + fixed)
        return None

    def _payment(self, steps: Sequence[Step]) -> HeldBack | None:
        arrays = self._arrays
        unit, fixed = self._cost(steps)
        if not arrays.is_on("pay_delivery") or unit + fixed <= 0:
            return None
        region = int(arrays.region_a[arrays.activity_q[steps[0][0]]])
        periods = sorted({int(arrays.period_q[q]) for q, _ in steps})
        payers = np.flatnonzero(arrays.pays_or[:, region])
        is_now = [(arrays.from_o[payers] <= t) & (arrays.last_o[payers] >= t) for t in periods]
        # Unit costs are paid in their own periods, fixed costs in any period of the plan.
        now = payers[np.any(is_now, axis=0)]
        room = float(self.left_of(now, periods[0]).sum())
        room_in_all = float(self.left_of(payers, periods[0]).sum())
        for cost, left in ((unit, room), (unit + fixed, room_in_all)):
            if cost > 0 and breaks(cost, left, 1.0):
                return HeldBack("delivery_unpaid", "pay_delivery", steps[0][0], room=left, cost=cost)
        return None

    def _cost(self, steps: Sequence[Step], *, with_mobilisation: bool = False) -> tuple[float, float]:
        """Least unit costs of these steps, and the least that is charged once beside them."""
        arrays, delivery = self._arrays, self._arrays.delivery
        unit, once = 0.0, 0.0
        for requirement, more in steps:
            region = arrays.region_a[arrays.activity_q[requirement]]
            pledges = self._givers(requirement)
            if not len(pledges):
                continue
            where = (arrays.partner_o[pledges], arrays.resource_o[pledges], region)
            cost = delivery.cost_pkr[where] * more
            extra = np.array([self._charge(int(charge)) for charge in delivery.charge_pkr[where]])
            if with_mobilisation:
                is_new = np.array([int(number) not in self._agreements for number in arrays.agreement_o[pledges]])
                extra = extra + arrays.mobilisation_o[pledges] * is_new
            cheapest = int(np.argmin(cost + extra))
            unit, once = unit + float(cost[cheapest]), max(once, float(extra[cheapest]))
        return unit, once

    def keeps_away(self, pledge: int, requirement: int) -> str:
        """The rule about who gives to which activity that keeps a pledge from a requirement; empty where none does."""
        is_whole = self._arrays.is_whole_k[self._arrays.resource_q[requirement]]
        more = 1.0 if is_whole else SMALL_STEP * float(self._arrays.required_q[requirement])
        held = self._serving.held_back([Offer(requirement, more, np.array([pledge]))])
        return held.rule if held else ""

    def charges_once(self, pledge: int, region: int) -> float:
        """What using a pledge in a region would cost beside its unit costs, where the plan does not incur it yet."""
        arrays = self._arrays
        charge = int(arrays.delivery.charge_pkr[arrays.partner_o[pledge], arrays.resource_o[pledge], region])
        is_new = int(arrays.agreement_o[pledge]) not in self._agreements
        return self._charge(charge) + (float(arrays.mobilisation_o[pledge]) if is_new else 0.0)

    def _charge(self, charge: int) -> float:
        is_new = charge != NO_CHARGE and charge not in self._charges
        return float(self._arrays.delivery.amount_c[charge]) if is_new else 0.0

    def _givers(self, requirement: int) -> Integers:
        """The pledges that may serve a requirement and have something left."""
        pledges = self.eligible(requirement)
        return pledges[self.left_of(pledges, int(self._arrays.period_q[requirement])) > 0]

    def _reports_on(self, rule: str, activity: int) -> list[RuleReport]:
        """The reports of a rule that are on and concern an activity's region."""
        region = self._arrays.regions.codes[self._arrays.region_a[activity]]
        scopes = ("", f"region:{region}")
        return [r for r in self._reports if r.rule == rule and r.state != "off" and r.scope in scopes]

    def requirement_of(self, line: Allocation) -> int:
        """The requirement that a line serves."""
        arrays = self._arrays
        activity = arrays.activity_index[arrays.initiatives.index[line.initiative], arrays.regions.index[line.region]]
        return arrays.requirement_index[activity, arrays.resources.index[line.resource], line.period - 1]


def _left_ot(arrays: Arrays, used_ot: Floats) -> Floats:
    """What is left of each pledge in each period; rounding errors count as nothing."""
    is_reusable = arrays.is_reusable_k[arrays.resource_o]
    used = np.where(is_reusable[:, None], used_ot, used_ot.sum(axis=1, keepdims=True))
    offered = arrays.usable_o[:, None]
    return np.where(offered - used > TINY * np.maximum(1.0, offered), offered - used, 0.0)
