"""The stages of eligibility, in the order in which they are told: which pledge may serve which requirement.

Axes as in solver.arrays: o pledges, q requirements.
"""

from collections.abc import Iterator

import numpy as np

from resources.offers import Veto
from solver.arrays import Arrays, Booleans, Integers

STAGES = ("status", "window", "earmark", "veto", "access")


def passes(arrays: Arrays, stage: str, pledge: Integers | int, requirement: Integers | int) -> Booleans:
    """Which pairs of a pledge and a requirement pass one stage; one of the two may be an array."""
    activity, period = arrays.activity_q[requirement], arrays.period_q[requirement]
    region, initiative = arrays.region_a[activity], arrays.initiative_a[activity]
    match stage:
        case "status":
            passing = arrays.counts_o[pledge] | np.zeros_like(period, dtype=bool)  # as many as there are pairs
        case "window":
            lead = arrays.delivery.lead_pkr[arrays.partner_o[pledge], arrays.resource_o[pledge], region]
            passing = (arrays.from_o[pledge] + lead <= period) & (arrays.last_o[pledge] >= period)
        case "earmark":
            passing = arrays.earmark_or[pledge, region] & arrays.earmark_oi[pledge, initiative]
        case "veto":
            passing = arrays.veto_oa[pledge, activity]
        case _:
            passing = arrays.access_or[pledge, region]
    return np.asarray(passing)


def closed_pledges(arrays: Arrays, pledges: Integers, requirement: int) -> Iterator[tuple[str, Integers, Integers]]:
    """Stage by stage, which of these pledges are still open to a requirement and which the stage closed."""
    still = pledges
    for stage in STAGES:
        passing = passes(arrays, stage, still, requirement)
        yield stage, still[passing], still[~passing]
        still = still[passing]


def closed_requirements(
    arrays: Arrays, pledge: int, requirements: Integers
) -> Iterator[tuple[str, Integers, Integers]]:
    """Stage by stage, which of these requirements are still open to a pledge and which the stage closed."""
    still = requirements
    for stage in STAGES:
        passing = passes(arrays, stage, pledge, still)
        yield stage, still[passing], still[~passing]
        still = still[passing]


def closed_by(arrays: Arrays, veto: Veto) -> Booleans:
    """The activities (axis a) that a veto closes to its partner."""
    closed = np.ones(len(arrays.go_a), dtype=bool)
    if veto.initiative:
        closed &= arrays.initiative_a == arrays.initiatives.index[veto.initiative]
    if veto.region:
        closed &= arrays.region_a == arrays.regions.index[veto.region]
    if veto.implementer:
        closed &= arrays.implementer_a == arrays.partners.index[veto.implementer]
    return closed
