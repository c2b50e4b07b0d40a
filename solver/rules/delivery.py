"""Rules about the cost of delivery: pay_delivery, delivery_cap."""

import numpy as np

from planner.rulebook import Condition
from solver.arrays import summed
from solver.network.plan_model import Legs, PlanModel, SupplyUse
from solver.program import Floats, Linear


def pay_delivery(model: PlanModel, condition: Condition) -> None:
    """Delivery is paid by funding that may be spent there: unit costs in their period, fixed costs in any.

    sum over s of payments_srt >= unit costs in r, t;    sum over s, t of payments_srt = all unit and fixed costs in r
    """
    if not condition.value or model.payments is not None:
        return
    model.payments = payments = _add_payments(model)
    if model.arrays.delivery.is_free:
        return
    for region in range(len(model.arrays.regions)):
        fixed, here = model.fixed_cost(region), payments.region == region
        paid = Linear(payments.variable[here], payments.scale[here])
        due = model.unit_cost(region) + fixed
        if not len(due.variables):
            if len(paid.variables):
                model.program.add_row("pay_delivery", paid, upper=0.0)
            continue
        model.program.add_row("pay_delivery", paid + due * -1.0, 0.0, 0.0)
        for period in range(model.arrays.periods):
            cost = model.unit_cost(region, period)
            now = here & (payments.period == period)
            if len(cost.variables):
                paid_now = Linear(payments.variable[now], payments.scale[now])
                model.program.add_row("pay_delivery", paid_now + cost * -1.0, lower=0.0)


def _add_payments(model: PlanModel) -> Legs:
    """A payment for each funding source, region and period in which it may be spent, whatever its initiatives."""
    arrays, sources = model.arrays, model.sources
    if arrays.delivery.is_free:
        return Legs()
    pledge = sources.first_o
    period = np.arange(arrays.periods)
    is_open = (
        arrays.pays_or[pledge][:, :, None]
        & (period >= arrays.from_o[pledge][:, None, None])
        & (period <= sources.last_s[:, None, None])
    )
    source, region, when = np.nonzero(is_open)
    scale = np.maximum(1e-9, np.minimum(sources.usable_s[source], _most_due(model)[region]))
    variable = model.program.add_variables(len(source), 0.0, sources.usable_s[source] / scale)
    none = np.full(len(source), -1, dtype=np.int64)
    model.uses.append(SupplyUse(variable, source, when, scale))
    return Legs(variable, source, none, none, region, when, scale)


def _most_due(model: PlanModel) -> Floats:
    """What delivery to each region can cost at most (axis r)."""
    legs, delivery = model.supplying, model.arrays.delivery
    flow = model.program.upper[legs.variable] * legs.scale
    due = summed(legs.region, flow * model.unit_cost_of_legs(), len(model.arrays.regions))
    fixed = summed(delivery.region_c, delivery.amount_c, len(model.arrays.regions))
    return np.asarray(due + fixed, dtype=float)


def delivery_cap(model: PlanModel, condition: Condition) -> None:
    """Delivery costs no more than the value: of a region its unit and fixed costs, else the whole delivery cost."""
    if condition.scope_kind == "region":
        region = model.arrays.regions.index[condition.scope_code]
        expression = model.unit_cost(region) + model.fixed_cost(region)
    else:
        expression = model.unit_cost() + model.fixed_cost() + model.mobilisation_cost()
    model.program.add_row("delivery_cap", expression, upper=float(condition.value or 0.0))
