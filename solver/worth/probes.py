"""Probes in the network: legs that carry nothing, whose reduced costs say what one unit more would be worth.

    arrival   one unit more that reaches a requirement from nowhere: what it is worth there
    outlay    one unit more that a source sends to a place and that then is gone: what it takes from others and costs
    draw      one unit more taken from a source without any delivery: what the source's supply is worth

A flow from a source to a requirement that is closed to it would gain arrival + outlay. The rules and objectives write
the coefficients of probes as those of any other leg.
"""

from dataclasses import dataclass

import numpy as np

from solver.arrays import GO_NO, Arrays, Integers
from solver.network.plan_model import POOL, Legs, PlanModel, SupplyUse
from solver.network.sources import Sources
from solver.program import Floats

NONE = -1


@dataclass(frozen=True, slots=True)
class Probes:
    """Variable and scale (a unit = scale) of each probe; NONE where there is none."""

    arrival_q: Integers
    outlay_srt: Integers
    draw_st: Integers
    scale_s: Floats

    @property
    def variables(self) -> Integers:
        """All probes."""
        every = np.concatenate([self.arrival_q, self.outlay_srt.ravel(), self.draw_st.ravel()])
        return np.unique(every[every != NONE])


def add_probes(model: PlanModel) -> Probes:
    """Put probes into a network that no rule has read yet; they are to be held at 0."""
    arrays, sources = model.arrays, model.sources
    arrival_q = np.full(len(arrays.required_q), NONE, dtype=np.int64)
    is_decided = (arrays.go_a[arrays.activity_q] == GO_NO) | (arrays.period_q < arrays.agreed.frozen)
    active_q = np.flatnonzero(~is_decided)
    arrival_q[active_q] = model.program.add_variables(len(active_q))
    model.serving = _joined(model.serving, _arrivals(arrays, active_q, arrival_q))
    scale_s = np.maximum(sources.usable_s, 1e-9)
    outlays = _outlays(model, active_q, scale_s)
    outlay_srt = np.full((len(sources), len(arrays.regions), arrays.periods), NONE, dtype=np.int64)
    outlay_srt[outlays.source, outlays.region, outlays.period] = outlays.variable
    model.supplying = legs = _joined(model.supplying, outlays)
    draw_st = model.program.add_variables(len(sources) * arrays.periods).reshape(len(sources), arrays.periods)
    source, period = (axis.ravel() for axis in np.indices(draw_st.shape))
    model.uses[0] = SupplyUse(
        np.concatenate([legs.variable, draw_st.ravel()]),
        np.concatenate([legs.source, source]),
        np.concatenate([legs.period, period]),
        np.concatenate([legs.scale, scale_s[source]]),
    )
    return Probes(arrival_q, outlay_srt, draw_st, scale_s)


def _arrivals(arrays: Arrays, active_q: Integers, arrival_q: Integers) -> Legs:
    none = np.full(len(active_q), NONE, dtype=np.int64)
    return Legs(
        variable=arrival_q[active_q],
        source=np.full(len(active_q), POOL, dtype=np.int64),
        requirement=active_q,
        pool=none,
        region=arrays.region_q[active_q],
        period=arrays.period_q[active_q],
        scale=arrays.required_q[active_q],
    )


def _outlays(model: PlanModel, active_q: Integers, scale_s: Floats) -> Legs:
    """One leg per source and place of its resource inside its window, whether or not the place is open to it."""
    arrays, sources = model.arrays, model.sources
    place = np.stack([arrays.resource_q, arrays.region_q, arrays.period_q], axis=1)[active_q]
    places, first = np.unique(place, axis=0, return_index=True)
    begin_sr = _begin(arrays, sources)
    reaches = (
        (sources.resource_s[:, None] == places[:, 0])
        & (begin_sr[:, places[:, 1]] <= places[:, 2])
        & (sources.last_s[:, None] >= places[:, 2])
    )
    source, where = np.nonzero(reaches)
    return Legs(
        variable=model.program.add_variables(len(source)),
        source=source,
        requirement=active_q[first[where]],
        pool=np.full(len(source), NONE, dtype=np.int64),
        region=places[where, 1],
        period=places[where, 2],
        scale=scale_s[source],
    )


def _begin(arrays: Arrays, sources: Sources) -> Integers:
    """First period in which a source could serve a region by its window and lead alone (axes sr)."""
    pledge = sources.first_o
    lead_sr = arrays.delivery.lead_pkr[arrays.partner_o[pledge], arrays.resource_o[pledge]]
    return np.asarray(arrays.from_o[pledge][:, None] + lead_sr, dtype=np.int64)


def _joined(one: Legs, other: Legs) -> Legs:
    return Legs(**{name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in Legs.__slots__})
