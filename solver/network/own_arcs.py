"""Which pledges reach which activities by arcs of their own, past the pools, and which pledges must not be grouped.

A rule that reads who gives to which activity cannot read it behind a pool. Each function here says for one key which
(pledge, activity) pairs it reads (axes oa); the pools do not carry those. Pledges that are read apart do not share a
source: by partner, by agreement, or each line of the agreed plan by itself.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from planner.rulebook import Condition
from resources.offers import Veto
from solver.arrays import GO_NO, Arrays, Booleans, Integers

Reader = Callable[[Arrays, Condition], Booleans]


@dataclass(frozen=True, slots=True)
class OwnArcs:
    """The pairs that need arcs of their own, and a number per pledge for each thing that must stay apart."""

    is_own_oa: Booleans
    traits: tuple[Integers, ...]  # axis o; pledges whose numbers differ do not share a source


def own_arcs(arrays: Arrays, eligible_oa: Booleans, keys: Collection[str]) -> OwnArcs:
    """What the rules and objectives with these keys read."""
    by_partner = _read(arrays, PARTNER_READERS) & eligible_oa
    by_agreement = _read(arrays, AGREEMENT_READERS) & eligible_oa
    by_line, has_lines = _agreed_pairs(arrays, reads_lines="stability" in keys)
    return OwnArcs(
        is_own_oa=by_partner | by_agreement | by_line,
        traits=(
            np.where(by_partner.any(axis=1), arrays.partner_o + 1, 0),
            np.where(by_agreement.any(axis=1), arrays.agreement_o + 1, 0),
            np.where(has_lines, np.arange(len(arrays.partner_o)) + 1, 0),
        ),
    )


def _read(arrays: Arrays, readers: Mapping[str, Reader]) -> Booleans:
    read = np.zeros(arrays.opens_oa.shape, dtype=bool)
    for key, reader in readers.items():
        for condition in arrays.with_key(key):
            read |= reader(arrays, condition)
    return read


def _joint(arrays: Arrays, condition: Condition) -> Booleans:
    """Every pledge, at activities that ask for several partners."""
    return np.broadcast_to(min_partners(arrays) > 0, arrays.opens_oa.shape)


def _apart(arrays: Arrays, condition: Condition) -> Booleans:
    """The two partners, at the activities where they are kept apart."""
    read = np.zeros(arrays.opens_oa.shape, dtype=bool)
    for (one, other), is_apart_a in partners_apart(arrays).items():
        read |= np.isin(arrays.partner_o, (one, other))[:, None] & is_apart_a
    return read


def _of_partner(arrays: Arrays, condition: Condition) -> Booleans:
    """All pledges of the partners in scope, everywhere."""
    return np.broadcast_to(partners_in_scope(arrays, condition)[arrays.partner_o][:, None], arrays.opens_oa.shape)


def _valued_of_partner(arrays: Arrays, condition: Condition) -> Booleans:
    """Pledges of value of the partners in scope, everywhere."""
    return _of_partner(arrays, condition) & (arrays.value_k[arrays.resource_o] > 0)[:, None]


def _single_source(arrays: Arrays, condition: Condition) -> Booleans:
    """All pledges of the resources in scope, everywhere."""
    return np.broadcast_to(resources_in_scope(arrays, condition)[arrays.resource_o][:, None], arrays.opens_oa.shape)


PARTNER_READERS: Mapping[str, Reader] = {
    "joint": _joint,
    "apart": _apart,
    "max_activities": _of_partner,
    "min_contribution": _valued_of_partner,
    "max_contribution": _valued_of_partner,
}
AGREEMENT_READERS: Mapping[str, Reader] = {"single_source": _single_source}


def _agreed_pairs(arrays: Arrays, *, reads_lines: bool) -> tuple[Booleans, Booleans]:
    """The pledges at the activities of their agreed lines, and which pledges (axis o) have lines: kept, or all if read.

    In frozen periods nothing else flows, so that no pool needs to refuse their lines.
    """
    agreed = arrays.agreed
    read = (agreed.requirement_l >= 0) & (agreed.is_kept_l | reads_lines)
    apart = read & (agreed.period_l >= agreed.frozen)
    pairs = np.zeros(arrays.opens_oa.shape, dtype=bool)
    pairs[agreed.pledge_l[apart], arrays.activity_q[agreed.requirement_l[apart]]] = True
    has_lines = np.zeros(len(arrays.partner_o), dtype=bool)
    has_lines[agreed.pledge_l[read]] = True
    return pairs, has_lines


# -- what the rules' data say, for the readers here and the rows in solver.rules --


def min_partners(arrays: Arrays) -> Integers:
    """How many partners each activity asks for at least (axis a)."""
    least = np.zeros(len(arrays.go_a), dtype=np.int64)
    for row in arrays.scenario.activities:
        place = (arrays.initiatives.index[row.initiative], arrays.regions.index[row.region])
        if place in arrays.activity_index:
            least[arrays.activity_index[place]] = row.min_partners
    return np.where(arrays.go_a == GO_NO, 0, least)


def partners_apart(arrays: Arrays) -> dict[tuple[int, int], Booleans]:
    """For each pair of partners the activities (axis a) that they do not both serve; in the order of the pairs."""
    found: dict[tuple[int, int], Booleans] = {}
    for veto in arrays.scenario.vetoes:
        if veto.with_partner:
            one, other = sorted((arrays.partners.index[veto.partner], arrays.partners.index[veto.with_partner]))
            matching = _matching(arrays, veto)
            found[one, other] = found.get((one, other), np.zeros_like(matching)) | matching
    return dict(sorted(found.items()))


def _matching(arrays: Arrays, veto: Veto) -> Booleans:
    matching = np.ones(len(arrays.go_a), dtype=bool)
    if veto.initiative:
        matching &= arrays.initiative_a == arrays.initiatives.index[veto.initiative]
    if veto.region:
        matching &= arrays.region_a == arrays.regions.index[veto.region]
    return matching


def partners_in_scope(arrays: Arrays, condition: Condition) -> Booleans:
    """The partners (axis p) that a condition concerns: the one it names, or each."""
    return _in_scope(arrays.partners.codes, condition)


def resources_in_scope(arrays: Arrays, condition: Condition) -> Booleans:
    """The resources (axis k) that a yes/no condition concerns: the one it names, or each; none where it says no."""
    return _in_scope(arrays.resources.codes, condition) & bool(condition.value)


def _in_scope(codes: tuple[str, ...], condition: Condition) -> Booleans:
    return np.array([condition.scope_code in ("", code) for code in codes], dtype=bool)
