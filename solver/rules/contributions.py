"""Rules about who brings what: partner_type_share, burden_cap, language_share."""

from collections.abc import Iterator

import numpy as np

from planner.rulebook import Condition
from solver.network.plan_model import PlanModel
from solver.partners import fair_shares, is_of_type, regions_of_language_share, speaking
from solver.program import Linear


def partner_type_share(model: PlanModel, condition: Condition) -> None:
    """At least a share s of the value that all partners contribute comes from a type of organisation.

    value contributed by partners of the type >= s · all contributed value
    """
    share = float(condition.value or 0.0)
    is_inside = is_of_type(model.arrays, condition.scope_code).astype(np.float64)
    model.program.add_row("partner_type_share", model.contributed(is_inside - share), lower=0.0)


def burden_cap(model: PlanModel, condition: Condition) -> None:
    """Nobody carries much more than its fair share of what the partners with a fair_share contribute together.

    value contributed by p <= c · fair_share_p · sum over the partners with a fair_share of their value, for each such p
    """
    for partner, share, total in contributions_compared(model):
        beyond = model.contribution(partner) + total * (-float(condition.value or 0.0) * share)
        model.program.add_row("burden_cap", beyond, upper=0.0)


def contributions_compared(model: PlanModel) -> Iterator[tuple[int, float, Linear]]:
    """Each partner with a fair_share, that share, and the value that all of them contribute together."""
    share_p = fair_shares(model.arrays)
    sharing = np.flatnonzero(~np.isnan(share_p))
    total = sum((model.contribution(int(partner)) for partner in sharing), Linear.empty())
    for partner in sharing:
        yield int(partner), float(share_p[partner]), total


def language_share(model: PlanModel, condition: Condition) -> None:
    """At least a share s of the personnel sent to a region shares a language with it; each region by itself.

    personnel with a language of r >= s · all personnel in r, for each r that has languages
    """
    arrays, sources, legs = model.arrays, model.sources, model.supplying
    share = float(condition.value or 0.0)
    is_personnel = arrays.is_personnel_k[sources.resource_s[legs.source]]
    speaks_sr = speaking(arrays)[sources.first_o]
    for region in regions_of_language_share(arrays, condition):
        counts = is_personnel & (legs.region == region)
        shared = model.supplied(np.where(counts, speaks_sr[legs.source, region] - share, 0.0))
        model.program.add_row("language_share", shared, lower=0.0)
