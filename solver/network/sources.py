"""Pledges that no rule can tell apart, gathered into one source of supply each.

Two pledges are interchangeable where they offer the same resource in the same window, may serve the same activities and
agree in every trait that a rule or objective reads (solver.network.traits). Measured on synthetic scenarios this leaves
a fraction of the variables; the plan's lines are handed back to single pledges afterwards (solver.network.splitting).
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from solver.arrays import Arrays, Booleans, Floats, Integers, summed
from solver.network.own_arcs import own_arcs
from solver.network.traits import Trait, traits_read


@dataclass(frozen=True, slots=True)
class Sources:
    """Axis s: groups of interchangeable pledges. Quantities in units, money in scenario currency."""

    source_o: Integers  # source of each pledge; -1 where the pledge serves nothing and pays nothing
    first_o: Integers  # one pledge of each source, to look its common traits up (axis s)
    resource_s: Integers
    usable_s: Floats
    last_s: Integers
    first_sr: Integers  # first period in which s may serve region r
    opens_sa: Booleans  # through pools, or by arcs that nothing reads
    owns_sa: Booleans  # by arcs of its own, which rules read

    def __len__(self) -> int:
        return len(self.first_o)


def build_sources(arrays: Arrays, keys: Collection[str]) -> Sources:
    """Group the pledges by what the rules and objectives with these keys can see of them."""
    eligible_oa = arrays.opens_oa & (arrays.first_or <= arrays.last_o[:, None])[:, arrays.region_a]
    own = own_arcs(arrays, eligible_oa, keys)
    traits = [
        arrays.resource_o[:, None],
        arrays.last_o[:, None],
        np.minimum(arrays.first_or, arrays.periods),
        eligible_oa,
        own.is_own_oa,
        *(trait[:, None] for trait in own.traits),
        *(trait for read in traits_read(keys) for trait in read(arrays)),
    ]
    pays_o = arrays.pays_or.any(axis=1) & ("pay_delivery" in keys and not arrays.delivery.is_free)
    keeps_o = np.isin(np.arange(len(arrays.partner_o)), arrays.agreed.pledge_l[arrays.agreed.is_kept_l])
    is_useful = (arrays.usable_o > 0) & (eligible_oa.any(axis=1) | keeps_o | pays_o)
    return _grouped(arrays, traits, is_useful, eligible_oa & ~own.is_own_oa, eligible_oa & own.is_own_oa)


def _grouped(arrays: Arrays, traits: list[Trait], is_useful: Booleans, opens: Booleans, owns: Booleans) -> Sources:
    numbers: dict[bytes, int] = {}
    source_o = np.full(len(arrays.partner_o), -1, dtype=np.int64)
    firsts: list[int] = []
    packed = [
        np.packbits(trait.astype(bool), axis=1) if trait.dtype == bool else np.ascontiguousarray(trait)
        for trait in traits
    ]
    for pledge in np.flatnonzero(is_useful):
        key = b"|".join(trait[pledge].tobytes() for trait in packed)
        if key not in numbers:
            numbers[key] = len(firsts)
            firsts.append(int(pledge))
        source_o[pledge] = numbers[key]
    first_o = np.array(firsts, dtype=np.int64)
    members = source_o >= 0
    return Sources(
        source_o=source_o,
        first_o=first_o,
        resource_s=arrays.resource_o[first_o],
        usable_s=summed(source_o[members], arrays.usable_o[members], len(firsts)),
        last_s=arrays.last_o[first_o],
        first_sr=arrays.first_or[first_o],
        opens_sa=opens[first_o],
        owns_sa=owns[first_o],
    )
