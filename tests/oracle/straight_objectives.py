"""Objectives of the straightforward model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.rulebook import OBJECTIVES
from tests.oracle.program import Terms, add, times
from tests.oracle.straight_rules import beyond_fair, contributed, fair_shares

if TYPE_CHECKING:
    from tests.oracle.straight_model import Place, StraightModel


def objective(model: StraightModel, key: str) -> Terms:
    """Terms to maximise; what should be small comes negative."""
    terms = _VALUES[key](model)
    return times(terms, -1) if OBJECTIVES[key].sense == "min" else terms


def coverage(model: StraightModel) -> Terms:
    return add(times(model.activity_coverage(place), model.weights[place]) for place in model.counted)


def effective(model: StraightModel) -> Terms:
    return add(times(_effective_coverage(model, place), model.weights[place]) for place in model.counted)


def worst_region(model: StraightModel) -> Terms:
    worst = model.program.variable(1)
    regions = {place[1] for place in model.counted}
    for region in regions:
        terms = model.scope_coverage("region", region)
        assert terms is not None
        model.program.row(add([terms, {worst: -1.0}]), lower=0)
    return {worst: 1.0} if regions else {}


def stability(model: StraightModel) -> Terms:
    """Distance of every line from the agreed one; what cannot be given any more is a distance that stays."""
    agreed_of = dict.fromkeys(model.resources, 0.0)
    for line, amount in model.agreed.items():
        agreed_of[model.pledges[line[0]].resource] += amount
    parts: list[Terms] = []
    left = dict(model.agreed)
    for (code, index), variable in model.x.items():
        need = model.needs[index]
        amount = left.pop((code, need.initiative, need.region, need.period), 0.0)
        if agreed_of[need.resource]:
            distance = model.program.variable(max(amount, model.program.upper[variable]))
            model.program.row({distance: 1.0, variable: -1.0}, lower=-amount)
            model.program.row({distance: 1.0, variable: 1.0}, lower=amount)
            parts.append({distance: 1 / agreed_of[need.resource]})
    for line, amount in left.items():
        if amount:
            always = model.program.variable(1)
            model.program.row({always: 1.0}, lower=1)
            parts.append({always: amount / agreed_of[model.pledges[line[0]].resource]})
    return add(parts)


def starts(model: StraightModel) -> Terms:
    terms: Terms = {}
    for code, resource in model.resources.items():
        sure = sum(
            model.supplies[row.code] for row in model.pledges.values() if row.resource == code and model.counts(row)
        )
        if not resource.is_reusable or not sure:
            continue
        for place in model.places:
            for period in range(1, model.scenario.settings.periods + 1):
                now = model.served(place, resource=code, period=period)
                before = model.served(place, resource=code, period=period - 1)
                if now:
                    begun = model.program.variable(sum(model.program.upper[variable] for variable in now))
                    model.program.row(add([{begun: 1.0}, times(now, -1), before]), lower=0)
                    terms[begun] = 1 / sure
    return terms


def burden(model: StraightModel) -> Terms:
    """At least 0 always: what all contribute beyond their fair shares adds up to 0."""
    shares = fair_shares(model)
    if not shares:
        return {}
    most = model.program.variable(sum(v * model.program.upper[x] for x, v in contributed(model, shares).items()))
    for partner in shares:
        model.program.row(add([beyond_fair(model, partner), {most: -1.0}]), upper=0)
    return {most: 1.0}


def _effective_coverage(model: StraightModel, place: Place) -> Terms:
    periods = {need.period for need in model.needs_of(place) if need.essential}
    if not periods:
        return model.activity_coverage(place)
    terms: Terms = {}
    for period in periods:
        smallest = model.program.variable(1)
        terms[smallest] = 1 / len(periods)
        for need in model.needs_of(place):
            if need.essential and need.period == period:
                ratio = times(model.served(place, resource=need.resource, period=period), 1 / need.quantity)
                model.program.row(add([ratio, {smallest: -1.0}]), lower=0)
    return terms


_VALUES = {
    "coverage": coverage,
    "effective": effective,
    "worst_region": worst_region,
    "delivery_cost": lambda model: model.delivery_cost(),
    "stability": stability,
    "starts": starts,
    "burden": burden,
}
