"""The rules about shares and caps in a finished plan, and whether more of something in an activity would break one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from planner.rulebook import Condition
from solver.arrays import Arrays, Booleans, Floats, Integers, summed
from solver.network.delivery import NO_CHARGE
from solver.partners import carried_out_by, fair_shares, is_of_type, regions_of_language_share, speaking
from solver.rules.shares import local_activities

TINY = 1e-6  # of what a pledge offers or a rule allows: less is nothing


@dataclass(frozen=True, slots=True)
class Offer:
    """More that could come to a requirement, and the pledges of which any could bring it."""

    requirement: int
    more: float
    pledges: Integers


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The rule that keeps supply away; money in scenario currency."""

    reason: str
    rule: str
    requirement: int
    limit: float = 0.0
    room: float = 0.0  # what the rule, or the funding for delivery, still allows
    cost: float = 0.0  # what the next delivery costs
    partners: tuple[int, ...] = ()  # those that the rule keeps from giving more, where it concerns single ones
    others: tuple[str, ...] = ()  # further rules that keep others from giving more


@dataclass(frozen=True, slots=True)
class _Share:
    """A share that a rule asks for: what the plan has inside of all that counts, and what an offer adds.

    `adds(offer)` is what it surely adds outside, and what it may add inside.
    """

    inside: float
    total: float
    adds: Callable[[Offer], tuple[float, float]]


class Limits:
    """What a plan leaves of room under the rules about shares and caps."""

    def __init__(self, arrays: Arrays, served_q: Floats, sent_or: Floats, paid_o: Floats) -> None:
        """`sent_or`: quantity of each pledge sent to each region; `paid_o`: what it pays for delivery."""
        self._arrays, self._served_q, self._sent_or = arrays, served_q, sent_or
        value_o = (sent_or.sum(axis=1) + paid_o) * arrays.value_k[arrays.resource_o]
        self._value_p = summed(arrays.partner_o, value_o, len(arrays.partners))
        self._fair_share_p = fair_shares(arrays)
        self._shares = tuple(
            (rule, float(condition.value), share)
            for rule, shares in _SHARES.items()
            for condition in arrays.with_key(rule)
            if condition.value
            for share in shares(self, condition)
        )

    def held_back(self, offers: Sequence[Offer]) -> HeldBack | None:
        """The rule that these offers to one activity, all of them together, would break, whoever brings them."""
        return self._share(offers) or self._implementer_cap(offers) or self._burden_cap(offers)

    # -- shares --

    def _share(self, offers: Sequence[Offer]) -> HeldBack | None:
        for rule, least, share in self._shares:
            added = [share.adds(offer) for offer in offers]
            outside, inside = (float(sum(amounts)) for amounts in zip(*added, strict=True))
            room = (share.inside + inside) / least - share.total - inside
            if outside > 0 and isfinite(inside) and breaks(outside, room, share.total):
                first = next(o for o, (outside, _) in zip(offers, added, strict=True) if outside > 0)
                return HeldBack("share_rule", rule, first.requirement, limit=least)
        return None

    def _share_of_local(self, condition: Condition) -> Iterator[_Share]:
        yield self._share_of_funding(local_activities(self._arrays), condition)

    def _share_of_implementers(self, condition: Condition) -> Iterator[_Share]:
        wanted_p = is_of_type(self._arrays, condition.scope_code)
        yield self._share_of_funding(carried_out_by(self._arrays, wanted_p), condition)

    def _share_of_funding(self, is_inside_a: Booleans, condition: Condition) -> _Share:
        arrays = self._arrays
        counts_q = arrays.is_funding_k[arrays.resource_q]
        if condition.scope_kind == "region":
            counts_q = counts_q & (arrays.region_q == arrays.regions.index[condition.scope_code])
        is_inside_q = is_inside_a[arrays.activity_q]

        def adds(offer: Offer) -> tuple[float, float]:
            return _sorted_in(offer.more * counts_q[offer.requirement], is_inside_q[offer.requirement])

        funding_q = self._served_q * counts_q
        return _Share(float(funding_q[is_inside_q].sum()), float(funding_q.sum()), adds)

    def _share_of_type(self, condition: Condition) -> Iterator[_Share]:
        is_inside_p = is_of_type(self._arrays, condition.scope_code)

        def adds(offer: Offer) -> tuple[float, float]:
            value = self._value(offer)
            return _sorted_in(value, not isfinite(value) or is_inside_p[self._arrays.partner_o[offer.pledges]].any())

        yield _Share(float(self._value_p[is_inside_p].sum()), float(self._value_p.sum()), adds)

    def _share_of_speaking(self, condition: Condition) -> Iterator[_Share]:
        arrays = self._arrays
        speaks_or, is_personnel_o = speaking(arrays), arrays.is_personnel_k[arrays.resource_o]
        for region in regions_of_language_share(arrays, condition):

            def adds(offer: Offer, region: int = region) -> tuple[float, float]:
                if (
                    region != arrays.region_a[arrays.activity_q[offer.requirement]]
                    or not is_personnel_o[offer.pledges].any()
                ):
                    return 0.0, 0.0
                return _sorted_in(offer.more, speaks_or[offer.pledges, region].any())

            sent_o = self._sent_or[:, region] * is_personnel_o
            yield _Share(float(sent_o[speaks_or[:, region]].sum()), float(sent_o.sum()), adds)

    # -- caps --

    def _implementer_cap(self, offers: Sequence[Offer]) -> HeldBack | None:
        arrays = self._arrays
        implementer = arrays.implementer_a[arrays.activity_q[offers[0].requirement]]
        funding = [offer for offer in offers if arrays.is_funding_k[arrays.resource_q[offer.requirement]]]
        for condition in arrays.with_key("implementer_cap") if funding else ():
            if implementer != arrays.partners.index[condition.scope_code]:
                continue
            counts_q = arrays.is_funding_k[arrays.resource_q] & (arrays.implementer_a[arrays.activity_q] == implementer)
            limit = float(condition.value or 0.0)
            room, more = limit - float(self._served_q[counts_q].sum()), sum(offer.more for offer in funding)
            if breaks(more, room, limit):
                return HeldBack("cap_rule", condition.key, funding[0].requirement, limit, max(0.0, room), more)
        return None

    def _burden_cap(self, offers: Sequence[Offer]) -> HeldBack | None:
        """Some offer has a value that every partner who could bring it may no longer contribute."""
        arrays, added = self._arrays, sum(self._value(offer) for offer in offers)
        for condition in arrays.with_key("burden_cap") if isfinite(added) else ():
            total = float(self._value_p[~np.isnan(self._fair_share_p)].sum()) + added
            most_p = float(condition.value or 0.0) * self._fair_share_p * total  # nan: no limit
            for offer in offers:
                more, partners = self._value(offer), np.unique(arrays.partner_o[offer.pledges])
                if more > 0 and all(breaks(more, most_p[p] - self._value_p[p], most_p[p]) for p in partners):
                    giving = tuple(int(p) for p in partners)
                    return HeldBack("cap_rule", condition.key, offer.requirement, partners=giving)
        return None

    def _value(self, offer: Offer) -> float:
        """Contributed value of an offer; infinite where nobody can say, as somebody would pay for its delivery too."""
        arrays, delivery = self._arrays, self._arrays.delivery
        if arrays.is_on("pay_delivery"):
            region = arrays.region_a[arrays.activity_q[offer.requirement]]
            where = (arrays.partner_o[offer.pledges], arrays.resource_o[offer.pledges], region)
            if delivery.cost_pkr[where].any() or (delivery.charge_pkr[where] != NO_CHARGE).any():
                return inf
        return offer.more * float(arrays.value_k[arrays.resource_q[offer.requirement]])


_SHARES: Mapping[str, Callable[[Limits, Condition], Iterator[_Share]]] = {
    "local_share": Limits._share_of_local,
    "implementer_share": Limits._share_of_implementers,
    "partner_type_share": Limits._share_of_type,
    "language_share": Limits._share_of_speaking,
}


def breaks(more: float, room: float, scale: float) -> bool:
    """Whether more does not fit into the room that is left; an exact fit fits, rounding errors are no room."""
    slack = TINY * max(1.0, abs(scale))
    return bool(room <= slack or more > room + slack)


def _sorted_in(amount: float, may_be_inside: bool | np.bool) -> tuple[float, float]:
    """What is surely outside, and what may be inside."""
    return (0.0, amount) if may_be_inside else (amount, 0.0)
