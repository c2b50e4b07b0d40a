"""Every condition of a plan with what it costs: rules, vetoes and earmarks, the dearest first."""

from collections.abc import Iterator

import numpy as np

from planner.plan import ConditionPrice
from planner.rulebook import RULES, ValueKind, conditions
from planner.scenario import Scenario
from solver.arrays import Arrays, Booleans, Floats, Integers, build_arrays
from solver.network.eligibility import closed_by
from solver.repair.demands import Demand, demands_of
from solver.repair.refusals import earmark_of, is_earmarked, veto_of
from solver.worth.prices import POINT, Gains, limit_prices

ELIGIBILITY = ("access_limit", "count_status", "expected")
ROUNDING = 1e-6  # of what something is worth


def ranked_conditions(scenario: Scenario, gains: Gains) -> tuple[ConditionPrice, ...]:
    """Each condition that costs something or may, those with the largest possible gain first.

    Conditions of yes and no have no price before a plan is made without them; they come last.
    """
    found = [*_rules(scenario, gains), *_earmarks(scenario, gains), *_vetoes(scenario, gains)]
    costly = [price for price in found if price.most is None or price.most > 0]
    return tuple(
        sorted(
            costly,
            key=lambda price: (price.most is None, -(price.most or 0.0), price.rule, price.scope, price.text),
        )
    )


def _priced(demand: Demand, price: float | None, most: float | None) -> ConditionPrice:
    return ConditionPrice(demand.rule, demand.scope, demand.text, price, most)


def _rules(scenario: Scenario, gains: Gains) -> Iterator[ConditionPrice]:
    prices = {(condition.key, condition.scope): price for condition, price in limit_prices(gains).items()}
    limits = {(condition.key, condition.scope): condition.value or 0.0 for condition in conditions(scenario)}
    closed = _Closed(gains)
    for demand in demands_of(scenario):
        at = demand.rule, demand.scope
        if demand.rule in ELIGIBILITY:
            open_arrays = build_arrays(demand.without(scenario))
            yield _priced(demand, None, closed.gain_of(open_arrays))
        elif at in prices:
            unit = POINT if RULES[demand.rule].value_kind is ValueKind.SHARE else 1.0
            yield _priced(demand, prices[at], prices[at] * max(limits[at] / unit, 1.0))
        else:
            yield _priced(demand, None, None)


def _earmarks(scenario: Scenario, gains: Gains) -> Iterator[ConditionPrice]:
    arrays, closed = gains.arrays, _Closed(gains)
    for pledge in scenario.pledges:
        number = arrays.pledges.index[pledge.code]
        if is_earmarked(pledge) and arrays.counts_o[number] and arrays.usable_o[number] > 0:
            opened = closed.passes(number, "earmark")
            yield _priced(earmark_of(scenario, pledge), *closed.gain(number, opened))


def _vetoes(scenario: Scenario, gains: Gains) -> Iterator[ConditionPrice]:
    arrays, closed = gains.arrays, _Closed(gains)
    vetoes = dict.fromkeys(veto for veto in scenario.vetoes if not veto.with_partner)
    for veto in vetoes:
        others = [other for other in vetoes if other != veto and other.partner == veto.partner]
        is_free_a = np.ones(len(arrays.go_a), dtype=bool)
        for other in others:
            is_free_a &= ~closed_by(arrays, other)
        price, most = 0.0, 0.0
        for number in np.flatnonzero(arrays.partner_o == arrays.partners.index[veto.partner]):
            opened = closed.passes(int(number), "veto") & is_free_a[arrays.activity_q]
            best, all_of_it = closed.gain(int(number), opened)
            price, most = max(price, best), most + all_of_it
        yield _priced(veto_of(scenario, veto), price, most)


class _Closed:
    """What the flows would gain that are closed to pledges."""

    def __init__(self, gains: Gains) -> None:
        self._gains, self._arrays = gains, gains.arrays

    def passes(self, pledge: int, leaving_out: str = "") -> Booleans:
        """The requirements (axis q) that a pledge could serve, were it not for one kind of condition of its own."""
        arrays = self._arrays
        region, activity, period = arrays.region_q, arrays.activity_q, arrays.period_q
        lead_r = arrays.delivery.lead_pkr[arrays.partner_o[pledge], arrays.resource_o[pledge]]
        passes: Booleans = (
            (arrays.resource_q == arrays.resource_o[pledge])
            & (arrays.from_o[pledge] + lead_r[region] <= period)
            & (arrays.last_o[pledge] >= period)
            & arrays.access_or[pledge, region]
            & bool(arrays.counts_o[pledge])
        )
        if leaving_out != "earmark":
            passes &= arrays.earmark_or[pledge, region] & arrays.earmark_oi[pledge, arrays.initiative_a[activity]]
        if leaving_out != "veto":
            passes &= arrays.veto_oa[pledge, activity]
        return passes & ~self._is_eligible(arrays, pledge)

    def gain_of(self, open_arrays: Arrays) -> float:
        """The most that other eligibility and other usable quantities could gain."""
        arrays, total = self._arrays, 0.0
        for pledge in range(len(arrays.partner_o)):
            opened = self._is_eligible(open_arrays, pledge) & ~self._is_eligible(arrays, pledge)
            usable = float(open_arrays.usable_o[pledge])
            total += self.gain(pledge, opened, usable)[1]
            total += max(0.0, usable - float(arrays.usable_o[pledge])) * float(self._draw(pledge).max(initial=0.0))
        return total

    def gain(self, pledge: int, opened_q: Booleans, usable: float | None = None) -> tuple[float, float]:
        """What one unit of a pledge would gain at the best of these requirements, and all of it at most."""
        arrays = self._arrays
        opened = np.flatnonzero(opened_q)
        worth = self._gains.arrival_q[opened] + self._outlay(pledge, opened)
        kept = worth > ROUNDING * self._gains.arrival_q[opened]
        opened, worth = opened[kept], worth[kept]
        if not len(opened):
            return 0.0, 0.0
        usable = float(arrays.usable_o[pledge]) if usable is None else usable
        is_reusable = arrays.is_reusable_k[arrays.resource_o[pledge]]
        periods = np.unique(arrays.period_q[opened]) if is_reusable else [None]
        most = 0.0
        for period in periods:
            now = np.ones(len(opened), dtype=bool) if period is None else arrays.period_q[opened] == period
            most += _filled(worth[now], arrays.required_q[opened[now]], usable)
        return float(worth.max()), most

    def _outlay(self, pledge: int, requirements: Integers) -> Floats:
        """What a unit of a pledge is worth where it is now, and its delivery, both taken off."""
        arrays, source = self._arrays, int(self._gains.source_o[pledge])
        if source < 0:
            return np.zeros(len(requirements))  # it serves nothing now
        outlay = self._gains.outlay_srt[source, arrays.region_q[requirements], arrays.period_q[requirements]]
        return np.where(np.isnan(outlay), 0.0, outlay)

    def _draw(self, pledge: int) -> Floats:
        source = int(self._gains.source_o[pledge])
        return self._gains.draw_st[source] if source >= 0 else np.zeros(0)

    @staticmethod
    def _is_eligible(arrays: Arrays, pledge: int) -> Booleans:
        eligible: Booleans = (
            (arrays.resource_q == arrays.resource_o[pledge])
            & arrays.opens_oa[pledge, arrays.activity_q]
            & (arrays.first_or[pledge, arrays.region_q] <= arrays.period_q)
            & (arrays.last_o[pledge] >= arrays.period_q)
        )
        return eligible


def _filled(worth: Floats, room: Floats, amount: float) -> float:
    """The worth of an amount put where it is worth most, as far as there is room."""
    order = np.argsort(-worth, kind="stable")
    before = np.cumsum(room[order]) - room[order]
    placed = np.clip(amount - before, 0.0, room[order])
    return float(placed @ worth[order])
