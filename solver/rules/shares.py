"""Rules about where funding goes, and floors: local_share, implementer_share, implementer_cap, coverage_floor."""

import numpy as np

from planner.rulebook import Condition
from solver.arrays import GO_NO, NO_PARTNER, Arrays, Booleans
from solver.network.plan_model import PlanModel
from solver.partners import carried_out_by, is_of_type


def local_share(model: PlanModel, condition: Condition) -> None:
    """At least a share s of the funding allocated (in a region) goes to activities carried out by local partners.

    funding to local activities >= s · all funding allocated
    """
    arrays = model.arrays
    share = float(condition.value or 0.0)
    counts = arrays.is_funding_k[arrays.resource_q]
    if condition.scope_kind == "region":
        counts = counts & (arrays.region_q == arrays.regions.index[condition.scope_code])
    is_local = local_activities(arrays)[arrays.activity_q]
    model.program.add_row("local_share", model.served(np.where(counts, is_local - share, 0.0)), lower=0.0)


def implementer_share(model: PlanModel, condition: Condition) -> None:
    """At least a share s of the funding allocated goes to activities carried out by a type of organisation.

    funding to activities with such an implementer >= s · all funding allocated
    """
    arrays = model.arrays
    share = float(condition.value or 0.0)
    is_inside = carried_out_by(arrays, is_of_type(arrays, condition.scope_code))[arrays.activity_q]
    is_funding = arrays.is_funding_k[arrays.resource_q]
    model.program.add_row("implementer_share", model.served(np.where(is_funding, is_inside - share, 0.0)), lower=0.0)


def implementer_cap(model: PlanModel, condition: Condition) -> None:
    """The activities that a partner carries out get no more funding than it can absorb.

    sum of funding to activities with this implementer <= value
    """
    arrays = model.arrays
    is_inside = carried_out_by(arrays, np.array(arrays.partners.codes) == condition.scope_code)[arrays.activity_q]
    funding = model.served(np.where(arrays.is_funding_k[arrays.resource_q], is_inside * 1.0, 0.0))
    model.program.add_row("implementer_cap", funding, upper=float(condition.value or 0.0))


def coverage_floor(model: PlanModel, condition: Condition) -> None:
    """Coverage of the scope reaches the floor: mean of c_a (of a resource: c_ak), weighted by w_a, >= f."""
    arrays = model.arrays
    floor = float(condition.value or 0.0)
    weight_a = arrays.weight_a
    if condition.scope_kind == "resource":
        concerned_q = arrays.resource_q == arrays.resources.index[condition.scope_code]
        weight_q = np.where(concerned_q, weight_a[arrays.activity_q], 0.0)
        expression = model.served(weight_q * model.inverse_required_q)
        total = float(weight_a[np.unique(arrays.activity_q[concerned_q])].sum())
    else:
        if condition.scope_kind == "region":
            weight_a = weight_a * (arrays.region_a == arrays.regions.index[condition.scope_code])
        elif condition.scope_kind == "initiative":
            weight_a = weight_a * (arrays.initiative_a == arrays.initiatives.index[condition.scope_code])
        expression, total = model.coverage(weight_a), float(weight_a.sum())
    if total > 0:  # a scope without activities has no coverage to hold
        model.program.add_row("coverage_floor", expression * (1.0 / total), lower=floor)


def local_activities(arrays: Arrays) -> Booleans:
    """Which activities (axis a) are carried out by a partner that is local in their region."""
    partners = sorted(arrays.scenario.partners, key=lambda row: row.code)
    regions = sorted(arrays.scenario.regions, key=lambda row: row.code)
    is_local = np.zeros(len(arrays.go_a), dtype=bool)
    for activity in np.flatnonzero((arrays.implementer_a != NO_PARTNER) & (arrays.go_a != GO_NO)):
        partner, region = partners[arrays.implementer_a[activity]], regions[arrays.region_a[activity]]
        is_local[activity] = partner.local and partner.country in ("", region.country)
    return is_local
