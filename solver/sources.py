"""Pledges that no rule can tell apart, gathered into one source of supply each.

Two pledges are interchangeable where they offer the same resource in the same window, may serve the same activities
and agree in every trait that a rule or objective reads (solver.traits). Measured on synthetic scenarios this leaves a
fraction of the variables; the plan's lines are handed back to single pledges afterwards (solver.splitting).
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from solver.arrays import Arrays, Booleans, Floats, Integers, summed
from solver.traits import Trait, traits_read


@dataclass(frozen=True, slots=True)
class Sources:
    """Axis s: groups of interchangeable pledges. Quantities in units, money in scenario currency."""

    source_o: Integers  # source of each pledge; -1 where the pledge serves nothing and pays nothing
    first_o: Integers  # one pledge of each source, to look its common traits up (axis s)
    resource_s: Integers
    usable_s: Floats
    last_s: Integers
    first_sr: Integers  # first period in which s may serve region r
    opens_sa: Booleans

    def __len__(self) -> int:
        return len(self.first_o)


def build_sources(arrays: Arrays, keys: Collection[str]) -> Sources:
    """Group the pledges by what the rules and objectives with these keys can see of them."""
    opens_sa = arrays.opens_oa & (arrays.first_or <= arrays.last_o[:, None])[:, arrays.region_a]
    traits = [
        arrays.resource_o[:, None],
        arrays.last_o[:, None],
        np.minimum(arrays.first_or, arrays.periods),
        opens_sa,
        *(trait for read in traits_read(keys) for trait in read(arrays)),
    ]
    pays_o = arrays.pays_or.any(axis=1) & ("pay_delivery" in keys and not arrays.delivery.is_free)
    is_useful = (arrays.usable_o > 0) & (opens_sa.any(axis=1) | pays_o)
    return _grouped(arrays, traits, is_useful, opens_sa)


def _grouped(arrays: Arrays, traits: list[Trait], is_useful: Booleans, opens: Booleans) -> Sources:
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
    )
