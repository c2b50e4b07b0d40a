"""Pledges that no rule can tell apart, gathered into one source of supply each.

Two pledges are interchangeable where they offer the same resource in the same window, may serve the same activities
and cost the same to deliver. Measured on synthetic scenarios this leaves a fraction of the variables; the plan's lines
are handed back to single pledges afterwards (solver.splitting).
"""

from dataclasses import dataclass

import numpy as np

from solver.arrays import Arrays, Booleans, Floats, Integers, summed
from solver.own_arcs import own_arcs


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


def build_sources(
    arrays: Arrays, *, reads_costs: bool, reads_payments: bool, reads_mobilisation: bool, reads_lines: bool
) -> Sources:
    """Group the pledges; the flags say which differences between pledges the rules and objectives can see."""
    eligible_oa = arrays.opens_oa & (arrays.first_or <= arrays.last_o[:, None])[:, arrays.region_a]
    own = own_arcs(arrays, eligible_oa, reads_lines=reads_lines)
    traits = [
        arrays.resource_o[:, None],
        arrays.last_o[:, None],
        np.minimum(arrays.first_or, arrays.periods),
        eligible_oa,
        own.is_own_oa,
        *(trait[:, None] for trait in own.traits),
    ]
    if reads_costs:
        traits.append(arrays.delivery.cost_pkr[arrays.partner_o, arrays.resource_o])
        traits.append(arrays.delivery.charge_pkr[arrays.partner_o, arrays.resource_o])
    if reads_payments:
        traits.append(arrays.pays_or)
        traits.append(arrays.from_o[:, None] * arrays.is_funding_k[arrays.resource_o][:, None])
    if reads_mobilisation:
        is_costly = np.zeros(len(arrays.agreement_o) + 1, dtype=bool)
        is_costly[arrays.agreement_o[arrays.mobilisation_o > 0]] = True
        traits.append(np.where(is_costly[arrays.agreement_o], arrays.agreement_o + 1, 0)[:, None])
    keeps = np.isin(np.arange(len(arrays.partner_o)), arrays.agreed.pledge_l[arrays.agreed.is_kept_l])
    serves = eligible_oa.any(axis=1) | keeps
    is_useful = (arrays.usable_o > 0) & (serves | (reads_payments & arrays.pays_or.any(axis=1)))
    return _grouped(arrays, traits, is_useful, eligible_oa & ~own.is_own_oa, eligible_oa & own.is_own_oa)


def _grouped(
    arrays: Arrays, traits: list[Floats | Integers | Booleans], is_useful: Booleans, opens: Booleans, owns: Booleans
) -> Sources:
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
