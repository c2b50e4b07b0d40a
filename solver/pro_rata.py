"""The plain pro-rata split: each pledge spread over what it may serve in proportion to need.

It knows eligibility, supply and requirement only; lines of the agreed plan that are kept are given. Boards ask for it
as the comparison ("what would a plain split give?"), so it comes with the rules it breaks. Quantities stay fractional,
whole resources too.
"""

import numpy as np

from planner.plan import Comparison, Totals
from planner.rulebook import RULES
from solver.arrays import GO_NO, Arrays, Booleans, Floats, Integers, summed
from solver.network.plan_model import POOL, PlanModel
from solver.rules.shares import local_activities

ROUNDS = 50  # what meets its requirement passes its share on; later rounds move next to nothing
FEW_ROUNDS = 8  # enough to see which activities fall short
SHORT = 1e-9  # of the least share


class ProRata:
    """The split of one model: every eligible (source, requirement) pair once, with the leg it takes."""

    def __init__(self, model: PlanModel) -> None:
        self._model = model
        arrays, supplying = model.arrays, model.supplying
        self._source, self._requirement, self._leg = _pairs(model)
        self._period = arrays.period_q[self._requirement]
        least = model.program.lower[supplying.variable] * supplying.scale  # above 0 for kept lines only
        self._kept = least[self._leg]
        self._need = np.where(self._kept > 0, 0.0, arrays.required_q[self._requirement])

    def values(self) -> Floats:
        """The split as values of the model's flow and yes/no variables."""
        return self._spread(self._model.arrays.go_a != GO_NO, ROUNDS)

    def reaching_minimum(self, values: Floats) -> Floats:
        """The split over the activities that reach the least share of each of their resources together.

        `values` are those of the whole split. Of the activities that fall short the half that falls shortest, weighed
        by what they are worth, makes room for the others, until none falls short.
        """
        model, arrays = self._model, self._model.arrays
        can_close_a = model.go_variable_a >= 0
        can_close_a[can_close_a] = model.program.lower[model.go_variable_a[can_close_a]] < 1.0
        is_open_a = arrays.go_a != GO_NO
        opening = values.copy()
        while True:
            short_a = np.where(is_open_a & can_close_a, _shortfall(model, opening), 0.0)
            short = np.flatnonzero(short_a > SHORT)
            if not len(short):
                return opening
            worth_a = np.maximum(arrays.weight_a, 1e-12) * (1.0 - np.minimum(0.999, short_a))
            order = short[np.argsort(worth_a[short], kind="stable")]
            is_open_a[order[: (len(short) + 1) // 2]] = False
            opening = self._spread(is_open_a, FEW_ROUNDS)

    def _spread(self, is_open_a: Booleans, rounds: int) -> Floats:
        """The split over the activities that are open."""
        arrays, sources = self._model.arrays, self._model.sources
        left_q = np.where(is_open_a[arrays.activity_q], arrays.required_q, 0.0)
        left_sk = np.repeat(sources.usable_s[:, None], arrays.periods, axis=1)
        is_reusable_s = arrays.is_reusable_k[sources.resource_s]
        cell = self._source * arrays.periods + np.where(is_reusable_s[self._source], self._period, 0)
        flow = self._kept.copy()
        left_q = np.maximum(0.0, left_q - summed(self._requirement, flow, len(left_q)))
        left_sk = np.maximum(0.0, left_sk - summed(cell, flow, left_sk.size).reshape(left_sk.shape))
        for _ in range(rounds):
            is_short_q = left_q > 1e-9 * arrays.required_q
            wanted = np.where(is_short_q[self._requirement], self._need, 0.0)
            total = summed(cell, wanted, left_sk.size)
            per_need = np.divide(left_sk.ravel(), total, out=np.zeros_like(total), where=total > 0)
            offered = wanted * per_need[cell]
            arriving = summed(self._requirement, offered, len(left_q))
            fits = np.minimum(1.0, np.divide(left_q, arriving, out=np.ones_like(left_q), where=arriving > 0))
            given = offered * fits[self._requirement]
            if given.sum() <= 1e-9 * max(1.0, flow.sum()):
                break
            flow += given
            left_q = np.maximum(0.0, left_q - summed(self._requirement, given, len(left_q)))
            left_sk = np.maximum(0.0, left_sk - summed(cell, given, left_sk.size).reshape(left_sk.shape))
        return self._as_values(flow)

    def _as_values(self, flow: Floats) -> Floats:
        """The flows of the pairs as variables, with the activities and charges that they need."""
        model = self._model
        supplying, serving = model.supplying, model.serving
        values = np.zeros(model.program.size)
        out = summed(self._leg, flow, len(supplying))
        values[supplying.variable] = out / supplying.scale if len(supplying) else 0.0
        pooled = supplying.pool[self._leg] >= 0
        into = summed(self._requirement[pooled], flow[pooled], len(model.arrays.required_q))
        outflow = serving.source == POOL
        values[serving.variable[outflow]] = into[serving.requirement[outflow]] / serving.scale[outflow]
        served_q = summed(self._requirement, flow, len(model.arrays.required_q))
        goes = summed(model.arrays.activity_q, served_q, len(model.arrays.go_a)) > 1e-9
        decided = model.go_variable_a >= 0
        values[model.go_variable_a[decided]] = goes[decided]
        for answers in model.yes_no:
            answers.settle(values)
        for variable, value in model.contributions.values():
            values[variable.variables] = value.value(values) / variable.coefficients
        return values


def _pairs(model: PlanModel) -> tuple[Integers, Integers, Integers]:
    """Source, requirement and supplying leg of every eligible pair."""
    sources, supplying = model.sources, model.supplying
    direct = np.flatnonzero(supplying.pool < 0)
    source, requirement, leg = [supplying.source[direct]], [supplying.requirement[direct]], [direct]
    pooled = np.flatnonzero(supplying.pool >= 0)
    pooled = pooled[np.argsort(supplying.pool[pooled], kind="stable")]
    first = np.searchsorted(supplying.pool[pooled], np.arange(len(model.pools) + 1))
    for number, pool in enumerate(model.pools):
        legs = pooled[first[number] : first[number + 1]]
        activities = model.arrays.activity_q[pool.requirements]
        leg_at, requirement_at = np.nonzero(sources.opens_sa[np.ix_(supplying.source[legs], activities)])
        source.append(supplying.source[legs[leg_at]])
        requirement.append(pool.requirements[requirement_at])
        leg.append(legs[leg_at])
    return np.concatenate(source), np.concatenate(requirement), np.concatenate(leg)


def compare_pro_rata(model: PlanModel, values: Floats) -> Comparison:
    """Key figures of the split, and the rules of the model that it breaks, one sentence each.

    Charges that come once are not counted in its delivery cost beyond what its flows incur.
    """
    return Comparison(_totals(model, values), _broken(model, values))


def _shortfall(model: PlanModel, values: Floats) -> Floats:
    """What each activity (axis a) lacks of the least share of its scarcest resource: 0 reached, 1 nothing of it."""
    arrays = model.arrays
    cell_q = arrays.activity_q * max(1, len(arrays.resources)) + arrays.resource_q
    count = int(cell_q.max(initial=0)) + 1
    least = arrays.min_share_a[arrays.activity_q] * summed(cell_q, arrays.required_q, count)[cell_q]
    served = summed(cell_q, served_quantities(model, values), count)[cell_q]
    lacking = np.where(least > 0, 1.0 - served / np.where(least > 0, least, 1.0), 0.0)
    short_a = np.zeros(len(arrays.go_a))
    np.maximum.at(short_a, arrays.activity_q, lacking)
    return short_a


def served_quantities(model: PlanModel, values: Floats) -> Floats:
    """Quantity served of each requirement (axis q)."""
    legs = model.serving
    return summed(legs.requirement, values[legs.variable] * legs.scale, len(model.arrays.required_q))


def _totals(model: PlanModel, values: Floats) -> Totals:
    arrays = model.arrays
    served_q = served_quantities(model, values)
    coverage_a = np.minimum(1.0, summed(arrays.activity_q, served_q * arrays.share_q, len(arrays.go_a)))
    weight_a = arrays.weight_a
    counts_q = arrays.go_a[arrays.activity_q] != GO_NO
    funding_q = arrays.is_funding_k[arrays.resource_q] & counts_q
    funding = float(served_q[funding_q].sum())
    local = float(served_q[funding_q & local_activities(arrays)[arrays.activity_q]].sum())
    regions = np.unique(arrays.region_a[weight_a > 0])
    effective_a = np.minimum(1.0, effective_coverage(arrays, served_q, coverage_a))
    weights_by_region = [np.where(arrays.region_a == r, weight_a, 0.0) for r in regions]
    by_region = [_ratio(float(weight_a @ coverage_a), float(weight_a.sum())) for weight_a in weights_by_region]
    return Totals(
        coverage=_ratio(float(weight_a @ coverage_a), float(weight_a.sum())),
        effective=_ratio(float(weight_a @ effective_a), float(weight_a.sum())),
        funding_coverage=_ratio(funding, float(arrays.required_q[funding_q].sum())),
        delivery_cost=_delivery_cost(model, values),
        funding_allocated=funding,
        local_share=_ratio(local, funding),
        worst_region=min(by_region, default=0.0),
    )


def effective_coverage(arrays: Arrays, served_q: Floats, coverage_a: Floats) -> Floats:
    """e_a: mean over periods of the smallest share served of an essential requirement; c_a where there is none."""
    essential = np.flatnonzero(arrays.is_essential_q)
    cell = arrays.activity_q[essential] * arrays.periods + arrays.period_q[essential]
    cells, number = np.unique(cell, return_inverse=True)
    weakest = np.full(len(cells), np.inf)
    np.minimum.at(weakest, number.ravel(), served_q[essential] / arrays.required_q[essential])
    activity = cells // arrays.periods
    count = np.bincount(activity, minlength=len(arrays.go_a))
    total = summed(activity, weakest, len(arrays.go_a))
    return np.where(count > 0, total / np.maximum(1, count), coverage_a)


def _delivery_cost(model: PlanModel, values: Floats) -> float:
    """What the split costs to deliver, each pledge of a source giving in proportion to what can be used of it.

    Pledge by pledge: where no rule or objective reads costs, pledges of one source may differ in them.
    """
    arrays, legs = model.arrays, model.supplying
    if arrays.delivery.is_free and not arrays.mobilisation_o.any():
        return 0.0
    flow = values[legs.variable] * legs.scale
    source_o = model.sources.source_o
    flow_sr = np.zeros((len(model.sources), len(arrays.regions)))
    np.add.at(flow_sr, (legs.source, legs.region), flow)
    used = np.flatnonzero(source_o >= 0)
    used = used[flow_sr[source_o[used]].any(axis=1)]
    share_o = arrays.usable_o[used] / model.sources.usable_s[source_o[used]]
    flow_or = flow_sr[source_o[used]] * share_o[:, None]
    kind = (arrays.partner_o[used], arrays.resource_o[used])
    charges = arrays.delivery.charge_pkr[kind][flow_or > 0]
    cost = float((flow_or * arrays.delivery.cost_pkr[kind]).sum()) + float(
        arrays.delivery.amount_c[np.unique(charges[charges >= 0])].sum()
    )
    amounts: dict[int, float] = {}
    for one in used:
        agreement = int(arrays.agreement_o[one])
        amounts[agreement] = max(amounts.get(agreement, 0.0), float(arrays.mobilisation_o[one]))
    return cost + sum(amounts.values())


def _broken(model: PlanModel, values: Floats) -> tuple[str, ...]:
    """Rules with a row that these values break, by the title of the rule and the number of places."""
    counts: dict[str, int] = {}
    for block in model.program.blocks:
        if block.name not in RULES or block.name in ("supply", "requirement"):
            continue
        activity = summed(block.row, block.coefficient * values[block.variable], len(block.lower))
        slack_lower = 1e-6 * np.maximum(1.0, np.abs(np.where(np.isfinite(block.lower), block.lower, 0.0)))
        slack_upper = 1e-6 * np.maximum(1.0, np.abs(np.where(np.isfinite(block.upper), block.upper, 0.0)))
        broken = (activity < block.lower - slack_lower) | (activity > block.upper + slack_upper)
        counts[block.name] = counts.get(block.name, 0) + int(broken.sum())
    return tuple(
        f"{RULES[key].title}: broken in {count} place{'s' if count > 1 else ''}."
        for key, count in sorted(counts.items())
        if count
    )


def _ratio(part: float, whole: float) -> float:
    """A share; what rounding leaves above 1 is no more than all of it."""
    return min(1.0, part / whole) if whole > 0 else 0.0
