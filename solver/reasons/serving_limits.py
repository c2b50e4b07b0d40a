"""The rules about who gives to which activity in a finished plan, and whether they keep more of something away.

Held lines of the agreed plan among them. What could still come is counted at its most, so that a rule is named only
where nothing that is free could come under it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from planner.plan import Allocation
from planner.rulebook import Condition
from solver.arrays import Arrays, Floats, Integers, summed
from solver.network.own_arcs import min_partners, partners_apart, partners_in_scope, resources_in_scope
from solver.network.plan_model import inverse_required
from solver.reasons.share_limits import TINY, HeldBack, Offer, breaks
from solver.rules.serving import REAL_SHARE

PledgesOf = Callable[[int], Integers]
AmountOf = Callable[[Integers, int], Floats]  # of pledges in a period
KEPT_RULES = ("frozen_until", "keep")


class ServingLimits:
    """What a plan leaves of room under these rules."""

    def __init__(
        self,
        arrays: Arrays,
        allocations: Sequence[Allocation],
        requirement_of: Callable[[Allocation], int],
        eligible: PledgesOf,
        givers: PledgesOf,
        left_of: AmountOf,
    ) -> None:
        """`eligible`: the pledges that may serve a requirement; `givers`: those with something left, `left_of` it."""
        self._arrays, self._eligible, self._givers, self._left_of = arrays, eligible, givers, left_of
        self._value: dict[tuple[int, int], float] = defaultdict(float)  # partner, activity: value given
        self._partners_of: dict[int, set[int]] = defaultdict(set)  # activity: who serves it
        self._agreements_of: dict[int, set[int]] = defaultdict(set)  # requirement: agreements that serve it
        for line in allocations:
            requirement, pledge = requirement_of(line), arrays.pledges.index[line.pledge]
            activity, partner = int(arrays.activity_q[requirement]), int(arrays.partner_o[pledge])
            self._value[partner, activity] += line.quantity * float(arrays.value_k[arrays.resource_o[pledge]])
            self._partners_of[activity].add(partner)
            self._agreements_of[requirement].add(int(arrays.agreement_o[pledge]))
        self._activities_of = Counter(partner for partners in self._partners_of.values() for partner in partners)
        agreed = arrays.agreed
        kept = agreed.is_kept_l
        self._kept = set(zip(agreed.pledge_l[kept].tolist(), agreed.requirement_l[kept].tolist(), strict=True))
        self._apart = partners_apart(arrays) if arrays.with_key("apart") else {}
        self._min_partners_a = min_partners(arrays) if arrays.with_key("joint") else np.zeros(len(arrays.go_a))
        self._on = [(condition, key) for key in _HOLDING for condition in arrays.with_key(key)]
        self._scope = {
            condition: (resources_in_scope if key == "single_source" else partners_in_scope)(arrays, condition)
            for condition, key in self._on
        }
        self._could_give: dict[int, Floats] = {}  # activity: value that each partner could still bring to it

    def held_back(self, offers: Sequence[Offer]) -> HeldBack | None:
        """The rule that keeps one of these offers to one activity away from it, whoever brings it."""
        found = (self._offer(offer) for offer in offers if len(offer.pledges))
        return self._joint(offers) or next(filter(None, found), None)

    def able_partners(self, activity: int) -> tuple[int, int]:
        """How many partners must each bring a real share to an activity, and how many could, whatever else they do."""
        return self._least_and_able(activity, self._eligible, lambda pledges, _: self._arrays.usable_o[pledges])

    def _joint(self, offers: Sequence[Offer]) -> HeldBack | None:
        """An activity that nobody serves gets nothing where too few partners have a real share left for it."""
        activity = int(self._arrays.activity_q[offers[0].requirement])
        if self._partners_of[activity]:
            return None
        least, able = self._least_and_able(activity, self._givers, self._left_of)
        return HeldBack("cap_rule", "joint", offers[0].requirement, least, able) if able < least else None

    def _least_and_able(self, activity: int, pledges_of: PledgesOf, amount_of: AmountOf) -> tuple[int, int]:
        least = int(self._min_partners_a[activity])
        if least == 0:
            return 0, 0
        share_p = self._could_bring(activity, inverse_required(self._arrays), pledges_of, amount_of)
        return least, int((share_p >= REAL_SHARE).sum())

    def _offer(self, offer: Offer) -> HeldBack | None:
        held: dict[str, set[int]] = defaultdict(set)
        limits: dict[str, float] = {}
        for pledge in offer.pledges.tolist():
            found = self._first(pledge, offer)
            if found is None:
                return None
            key, limit = found
            held[key].add(int(self._arrays.partner_o[pledge]))
            limits.setdefault(key, limit)
        rule, *others = (key for key in _HOLDING if key in held)
        reason = "kept_line" if rule in KEPT_RULES else "cap_rule"
        partners = tuple(sorted(held[rule]))
        return HeldBack(reason, rule, offer.requirement, limits[rule], partners=partners, others=tuple(others))

    def _first(self, pledge: int, offer: Offer) -> tuple[str, float] | None:
        """The first rule that keeps an offer of one pledge away, and its limit."""
        for condition, key in self._on:
            if _HOLDING[key](self, condition, pledge, offer):
                return key, float(condition.value or 0.0)
        return None

    # -- one pledge, one rule --

    def _is_frozen(self, condition: Condition, pledge: int, offer: Offer) -> bool:
        return bool(self._arrays.period_q[offer.requirement] < self._arrays.agreed.frozen)

    def _is_kept(self, condition: Condition, pledge: int, offer: Offer) -> bool:
        return (pledge, offer.requirement) in self._kept

    def _is_apart(self, condition: Condition, pledge: int, offer: Offer) -> bool:
        partner, activity = self._place(pledge, offer)
        return any(
            is_apart_a[activity] and partner in pair and not self._partners_of[activity].isdisjoint({*pair} - {partner})
            for pair, is_apart_a in self._apart.items()
        )

    def _serves_enough_activities(self, condition: Condition, pledge: int, offer: Offer) -> bool:
        partner, activity = self._place(pledge, offer)
        is_new = partner not in self._partners_of[activity]
        is_full = self._activities_of[partner] >= float(condition.value or 0.0)
        return is_new and is_full and bool(self._scope[condition][partner])

    def _gives_too_little(self, condition: Condition, pledge: int, offer: Offer) -> bool:
        arrays, (partner, activity) = self._arrays, self._place(pledge, offer)
        if arrays.value_k[arrays.resource_o[pledge]] <= 0 or not self._scope[condition][partner]:
            return False
        if activity not in self._could_give:
            value_q = arrays.value_k[arrays.resource_q]
            self._could_give[activity] = self._could_bring(activity, value_q, self._givers, self._left_of)
        most = self._value[partner, activity] + self._could_give[activity][partner]
        least = float(condition.value or 0.0)
        return bool(most < least - TINY * max(1.0, least))

    def _gives_enough(self, condition: Condition, pledge: int, offer: Offer) -> bool:
        partner, activity = self._place(pledge, offer)
        more = offer.more * float(self._arrays.value_k[self._arrays.resource_o[pledge]])
        limit = float(condition.value or 0.0)
        is_over = more > 0 and breaks(more, limit - self._value[partner, activity], limit)
        return is_over and bool(self._scope[condition][partner])

    def _comes_from_another(self, condition: Condition, pledge: int, offer: Offer) -> bool:
        arrays, sources = self._arrays, self._agreements_of[offer.requirement]
        is_other = bool(sources) and int(arrays.agreement_o[pledge]) not in sources
        return is_other and bool(self._scope[condition][arrays.resource_o[pledge]])

    def _could_bring(self, activity: int, coefficient_q: Floats, pledges_of: PledgesOf, amount_of: AmountOf) -> Floats:
        """sum of coefficient · the most that each partner (axis p) could bring to the activity's requirements."""
        arrays, most_p = self._arrays, np.zeros(len(self._arrays.partners))
        for requirement in arrays.requirements_of(activity).tolist():
            pledges = pledges_of(requirement)
            amount_o = amount_of(pledges, int(arrays.period_q[requirement]))
            amount_p = summed(arrays.partner_o[pledges], amount_o, len(arrays.partners))
            most_p += coefficient_q[requirement] * np.minimum(amount_p, arrays.required_q[requirement])
        return most_p

    def _place(self, pledge: int, offer: Offer) -> tuple[int, int]:
        return int(self._arrays.partner_o[pledge]), int(self._arrays.activity_q[offer.requirement])


_HOLDING: Mapping[str, Callable[[ServingLimits, Condition, int, Offer], bool]] = {
    "frozen_until": ServingLimits._is_frozen,
    "keep": ServingLimits._is_kept,
    "apart": ServingLimits._is_apart,
    "max_activities": ServingLimits._serves_enough_activities,
    "min_contribution": ServingLimits._gives_too_little,
    "max_contribution": ServingLimits._gives_enough,
    "single_source": ServingLimits._comes_from_another,
}
