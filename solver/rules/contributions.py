"""Rules about who brings what: partner_type_share, burden_cap, language_share."""

import numpy as np

from planner.rulebook import Condition
from solver.network import PlanModel
from solver.partners import fair_shares, is_of_type, regions_of_language_share, speaking


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
    share_p = fair_shares(model.arrays)
    for partner in np.flatnonzero(~np.isnan(share_p)):
        beyond = np.where(np.isnan(share_p), 0.0, -float(condition.value or 0.0) * share_p[partner])
        beyond[partner] += 1.0
        model.program.add_row("burden_cap", model.contributed(beyond), upper=0.0)


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
