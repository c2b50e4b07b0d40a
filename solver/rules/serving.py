"""Rules that read who gives to which activity or requirement.

joint, apart, max_activities, min_contribution, max_contribution, single_source. What they read flows by arcs of its
own (solver.network.own_arcs).
"""

import numpy as np

from planner.rulebook import Condition
from solver.arrays import Booleans, Floats
from solver.network.givers import Givers, answers_of, givers_of, gives
from solver.network.own_arcs import min_partners, partners_apart, partners_in_scope, resources_in_scope
from solver.network.plan_model import POOL, PlanModel
from solver.program import Linear
from solver.yes_no import YesNo

REAL_SHARE = 0.05  # shares of an activity's resources that add up to this make a partner one of several


def joint(model: PlanModel, condition: Condition) -> None:
    """An activity that goes ahead is served by several partners, each with a real share.

    sum over k of (given by p / required over all periods) >= 0.05 · z_pa;    sum over p of z_pa >= min_partners · y_a
    """
    arrays, program, serving = model.arrays, model.program, model.serving
    least_a = min_partners(arrays)
    model.add_go_variables(least_a > 0)
    givers = givers_of(model, least_a[arrays.activity_q[serving.requirement]] > 0)
    variable = serving.variable[givers.leg]
    share = serving.scale[givers.leg] * model.inverse_required_q[serving.requirement[givers.leg]]
    is_one_g = program.add_variables(len(givers), is_integer=True)
    model.yes_no.append(YesNo(is_one_g, givers.giver, variable, share, REAL_SHARE))
    program.add_rows(
        "joint",
        np.concatenate([givers.giver, np.arange(len(givers))]),
        np.concatenate([variable, is_one_g]),
        np.concatenate([share, np.full(len(givers), -REAL_SHARE)]),
        0.0,
        np.inf,
        count=len(givers),
    )
    for activity in np.flatnonzero(least_a > 0):
        partners = is_one_g[givers.activity_g == activity]
        go = Linear(model.go_variable_a[[activity]], np.array([-float(least_a[activity])]))
        program.add_row("joint", Linear(partners, np.ones(len(partners))) + go, lower=0.0)


def apart(model: PlanModel, condition: Condition) -> None:
    """Two partners of a veto never both serve the same matching activity: z_pa + z_p'a <= 1."""
    arrays = model.arrays
    partner_of_leg, activity_of_leg = model.partner_of_serving_legs(), arrays.activity_q[model.serving.requirement]
    for pair, is_apart_a in partners_apart(arrays).items():
        givers = givers_of(model, np.isin(partner_of_leg, pair) & is_apart_a[activity_of_leg])
        activities, count = np.unique(givers.activity_g, return_counts=True)
        givers = givers.among(np.isin(givers.activity_g, activities[count == len(pair)]))
        _at_most(model, "apart", givers, givers.activity_g, 1.0)


def max_activities(model: PlanModel, condition: Condition) -> None:
    """A partner gives to at most n activities: sum over a of z_pa <= n."""
    givers = givers_of(model, _is_in_scope(model, condition))
    partners, count = np.unique(givers.partner_g, return_counts=True)
    most = float(condition.value or 0.0)
    givers = givers.among(np.isin(givers.partner_g, partners[count > most]))
    _at_most(model, "max_activities", givers, givers.partner_g, most)


def min_contribution(model: PlanModel, condition: Condition) -> None:
    """A partner that gives anything of value to an activity gives at least v there: value of p to a >= v · z_pa."""
    least = float(condition.value or 0.0)
    if least <= 0:
        return
    givers, value = _givers_of_value(model, condition)
    model.program.add_rows(
        "min_contribution",
        np.concatenate([givers.giver, np.arange(len(givers))]),
        np.concatenate([model.serving.variable[givers.leg], gives(model, "min_contribution", givers)]),
        np.concatenate([value, np.full(len(givers), -least)]),
        0.0,
        np.inf,
        count=len(givers),
    )


def max_contribution(model: PlanModel, condition: Condition) -> None:
    """A partner gives no more than v to any one activity: value of p to a <= v."""
    givers, value = _givers_of_value(model, condition)
    most = float(condition.value or 0.0)
    variable = model.serving.variable[givers.leg]
    model.program.add_rows("max_contribution", givers.giver, variable, value, -np.inf, most, count=len(givers))


def single_source(model: PlanModel, condition: Condition) -> None:
    """Every requirement is served by one pledge at most, the instalments of an agreement counting as one.

    sum over o of agreement g of x_oq <= R_q · z_gq;    sum over g of z_gq <= 1
    """
    arrays, serving = model.arrays, model.serving
    is_read = resources_in_scope(arrays, condition)[arrays.resource_q[serving.requirement]]
    leg = np.flatnonzero(is_read & (serving.source != POOL))
    agreement = arrays.agreement_o[model.sources.first_o[serving.source[leg]]]
    pairs, pair = np.unique(np.stack([serving.requirement[leg], agreement], axis=1), axis=0, return_inverse=True)
    requirements, count = np.unique(pairs[:, 0], return_counts=True)
    is_chosen = np.isin(pairs[:, 0], requirements[count > 1])
    entry = is_chosen[pair.ravel()]
    number = np.cumsum(is_chosen) - 1
    chosen = answers_of(model, "single_source", leg[entry], number[pair.ravel()[entry]], int(is_chosen.sum()))
    row = np.searchsorted(requirements[count > 1], pairs[is_chosen, 0])
    model.program.add_rows("single_source", row, chosen, np.ones(len(row)), -np.inf, 1.0, count=int((count > 1).sum()))


def _is_in_scope(model: PlanModel, condition: Condition) -> Booleans:
    """Which serving legs come from a partner in scope."""
    partner = model.partner_of_serving_legs()
    return np.asarray(partners_in_scope(model.arrays, condition)[partner] & (partner >= 0))


def _givers_of_value(model: PlanModel, condition: Condition) -> tuple[Givers, Floats]:
    """The partners in scope with the legs by which they give something of value, and the value per unit of each leg."""
    arrays, serving = model.arrays, model.serving
    value = arrays.value_k[arrays.resource_q[serving.requirement]] * serving.scale
    givers = givers_of(model, _is_in_scope(model, condition) & (value > 0))
    return givers, value[givers.leg]


def _at_most(model: PlanModel, name: str, givers: Givers, group_g: np.ndarray, most: float) -> None:
    """No more than so many of each group of pairs give."""
    groups, row = np.unique(group_g, return_inverse=True)
    answers = gives(model, name, givers)
    model.program.add_rows(name, row.ravel(), answers, np.ones(len(row)), -np.inf, most, count=len(groups))
