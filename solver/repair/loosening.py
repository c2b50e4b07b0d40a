"""The least that a demand has to be loosened so that a plan becomes possible, everything else being held."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.cell_changes import changes_between
from planner.plan import Change
from planner.rulebook import RULES, Condition, ValueKind, conditions
from planner.scenario import Scenario
from resources.offers import STATUSES
from solver.arrays import build_arrays
from solver.model import build_model
from solver.program import INFINITY, Floats, Linear, Rows
from solver.reasons.sentences import FIX_TEXTS, LIMIT_NAMES, percent
from solver.repair.demands import EVERYTHING, Demand, scope_name, value_words
from solver.repair.feasibility import Feasibility
from solver.worth.limit_rows import LimitRows, limit_rows

MOST_STEPS = 12  # of the search for a limit; it closes in faster than by halves
SAME = 1e-7  # limits nearer than this (relative) are one
TINY = 1e-9
CAPS = ("burden_cap", "delivery_cap", "implementer_cap", "max_contribution")  # a higher limit is a weaker one
PARTS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8)  # by which many limits are loosened together
COARSE_SHARES = (0.005, 0.02, 0.05)


@dataclass(frozen=True, slots=True)
class Loosening:
    """One demand made weaker: the cells to change, in words, and how much of it is given up (1: all of it)."""

    changes: tuple[Change, ...]
    text: str
    size: float


def loosened(scenario: Scenario, demand: Demand, feasibility: Feasibility) -> Loosening:
    """The smallest loosening of a demand with which the scenario has a plan; taken out where nothing less will do."""
    for edited, weaker in _candidates(scenario, demand, feasibility):
        if feasibility.has_plan(edited):
            return replace(weaker, changes=changes_between(scenario, edited))
    return Loosening(
        changes_between(scenario, demand.without(scenario)), FIX_TEXTS["drop"].format(condition=demand.text), 1.0
    )


def has_limit(scenario: Scenario, demand: Demand) -> bool:
    """Whether a demand is a row of `Rules` whose value can be made weaker."""
    return _condition_of(scenario, demand) is not None


def loosened_in_step(scenario: Scenario, demands: Sequence[Demand], feasibility: Feasibility) -> list[Loosening]:
    """Many limits loosened by the same part of each, the smallest of PARTS that works; empty where none does."""
    found = [_condition_of(scenario, demand) for demand in demands]
    limits = [it for it in found if it is not None and RULES[it.key].value_kind in (ValueKind.SHARE, ValueKind.MONEY)]
    steps: list[Loosening] = []
    first, end = 0, len(PARTS) if limits else 0
    while first < end:
        middle = (first + end) // 2
        edited, all_steps = _all_loosened(scenario, limits, PARTS[middle])
        if feasibility.has_plan(edited):
            steps, end = all_steps, middle
        else:
            first = middle + 1
    return steps


def _all_loosened(scenario: Scenario, limits: Sequence[Condition], part: float) -> tuple[Scenario, list[Loosening]]:
    edited, steps = scenario, []
    for limit in limits:
        now, is_higher = float(limit.value or 0.0), limit.key in CAPS
        fine = 0.01 if RULES[limit.key].value_kind is ValueKind.SHARE else 1.0
        value = _rounded(now / (1 - part) if is_higher else now * (1 - part), fine, is_higher)
        alone, step = _with_value(scenario, limit, value)
        edited, _ = _with_value(edited, limit, value)
        steps.append(replace(step, changes=changes_between(scenario, alone)))
    return edited, steps


def _candidates(scenario: Scenario, demand: Demand, feasibility: Feasibility) -> Iterator[tuple[Scenario, Loosening]]:
    """Weaker versions of a demand, the strongest first, each in a scenario."""
    condition = _condition_of(scenario, demand)
    if condition is not None:
        for value in _values(scenario, condition, feasibility):
            yield _with_value(scenario, condition, value)
    elif demand.rule == "minimum":
        yield from _smaller_shares(scenario, demand, feasibility)
    elif demand.rule == "joint":
        yield from _fewer_partners(scenario, demand)


def _condition_of(scenario: Scenario, demand: Demand) -> Condition | None:
    """The row of `Rules` that makes this demand, where its value says how much is asked for."""
    for condition in conditions(scenario):
        if (condition.key, condition.scope) == (demand.rule, demand.scope) and condition.row >= 0:
            has_degrees = RULES[condition.key].value_kind not in (ValueKind.NONE, ValueKind.YES_NO)
            return condition if has_degrees else None
    return None


# -- rows of Rules --


def _values(scenario: Scenario, condition: Condition, feasibility: Feasibility) -> Iterator[float]:
    """Weaker values of a rule to try, the strongest first."""
    now = float(condition.value or 0.0)
    match condition.key:
        case "access_limit":
            yield from sorted({row.access for row in scenario.regions if row.access > now})
        case "count_status" | "frozen_until":
            yield from (float(value) for value in range(int(now) - 1, 0 if condition.key == "frozen_until" else -1, -1))
        case "max_activities":
            yield from (now + step for step in range(1, MOST_STEPS + 1))
        case _:
            least = _least_limit(scenario, condition, feasibility)
            if least is not None:
                yield from _as_written(RULES[condition.key].value_kind, *least)


def _least_limit(scenario: Scenario, condition: Condition, feasibility: Feasibility) -> tuple[float, bool] | None:
    """The limit nearest to the one asked for that some plan keeps, and whether it is a higher one.

    Found by making the rows of the rule elastic and minimising what they are broken by: the plan found keeps some
    limit, and the next search asks what breaks that one least, until no plan keeps a tighter one (Dinkelbach's method).
    """
    model = build_model(build_arrays(scenario), ())
    limits = limit_rows(model, lambda arrays: build_model(arrays, ())).get(condition)
    if not limits:
        return None
    excess = model.program.add_variables(1, -INFINITY, INFINITY)
    asked = value = float(condition.value or 0.0)
    least = Linear(excess, np.ones(1))
    for _ in range(MOST_STEPS):
        for limit in limits:
            model.program.blocks[limit.block] = _elastic(limit, value - asked, int(excess[0]))
        outcome = feasibility.least(model, least)
        if outcome.values is None:
            return None
        kept, _ = _kept_limit(limits, outcome.values, asked)
        if abs(kept - value) <= SAME * max(1.0, abs(value)):
            break
        value = kept
    outcome = feasibility.least_of_plans(model, least)
    return None if outcome.values is None else _kept_limit(limits, outcome.values, asked)


def _kept_limit(limits: Sequence[LimitRows], values: Floats, asked: float) -> tuple[float, bool]:
    """The tightest limit that a solution keeps, and whether a looser limit is a higher one."""
    room = np.concatenate([limit.room(values)[limit.is_elastic] for limit in limits])
    per_unit = np.concatenate([limit.room_per_unit(values)[limit.is_elastic] for limit in limits])
    counts = np.abs(per_unit) > TINY * max(1.0, float(np.abs(room).max(initial=0.0)))
    if not counts.any():
        return asked, False
    kept = asked - room[counts] / per_unit[counts]
    is_higher = bool(per_unit[counts].sum() > 0)
    return float(kept.max() if is_higher else kept.min()), is_higher


def _elastic(limit: LimitRows, moved: float, excess: int) -> Rows:
    """The rows with the limit moved, each allowed to be broken by a share of its largest coefficient."""
    rows, per_unit, which = limit.rows, limit.per_unit, np.flatnonzero(limit.is_elastic)
    largest = np.zeros(len(rows.lower))
    np.maximum.at(largest, rows.row, np.abs(rows.coefficient))
    sign = np.where(np.isfinite(rows.lower[which]), 1.0, -1.0)
    return Rows(
        rows.name,
        np.concatenate([rows.row, per_unit.row, which]),
        np.concatenate([rows.variable, per_unit.variable, np.full(len(which), excess)]),
        np.concatenate(
            [rows.coefficient, moved * per_unit.coefficient, sign * np.where(largest > 0, largest, 1.0)[which]]
        ),
        rows.lower + moved * per_unit.lower,
        rows.upper + moved * per_unit.upper,
    )


def _as_written(kind: ValueKind, value: float, is_higher: bool) -> Iterator[float]:
    """A limit as a person would write it, on the safe side: finely, then with more and more to spare.

    The next fine step helps where rounding errors stood in the way, the coarse ones where whole units did.
    """
    fine = 0.001 if kind is ValueKind.SHARE else 1.0 if abs(value) >= 100 else 0.01
    first = _rounded(value, fine, is_higher)
    yield first
    yield _rounded(first + (fine if is_higher else -fine), fine, is_higher)
    for step in COARSE_SHARES if kind is ValueKind.SHARE else _coarse(value, fine):
        yield _rounded(value, step, is_higher)


def _coarse(value: float, fine: float) -> list[float]:
    """Steps of one and of five in the second digit, where they are no finer."""
    second_digit = 10.0 ** (math.floor(math.log10(max(abs(value), fine))) - 1)
    return [step for step in (second_digit, 5 * second_digit) if step > fine]


def _rounded(value: float, step: float, is_higher: bool) -> float:
    """The multiple of a step that is nearest on the safe side; the value itself but for rounding errors."""
    steps = value / step
    nearest = round(steps)
    if abs(steps - nearest) > 1e-6 * max(1.0, abs(steps)):
        nearest = math.ceil(steps) if is_higher else math.floor(steps)
    return round(nearest * step, 6)


def _with_value(scenario: Scenario, condition: Condition, value: float) -> tuple[Scenario, Loosening]:
    rule = RULES[condition.key]
    now, weaker = float(condition.value or 0.0), replace(condition, value=value)
    words = {
        "direction": FIX_TEXTS["raise" if value > now else "lower"],
        "limit": LIMIT_NAMES.get(rule.key, rule.title.lower()),
        "scope": _scope_words(scenario, condition),
        "old": value_words(scenario, condition),
        "new": value_words(scenario, weaker),
    }
    rows = list(scenario.rules)
    rows[condition.row] = replace(rows[condition.row], value=_cell(rule.value_kind, value))
    size = abs(value - now) / max(abs(value), abs(now), TINY)
    return replace(scenario, rules=tuple(rows)), Loosening((), FIX_TEXTS["limit"].format(**words), size)


def _scope_words(scenario: Scenario, condition: Condition) -> str:
    """Where a limit holds, as in "in Serin Pass" or "for ALFA"."""
    scope = scope_name(scenario, condition)
    if not scope and condition.key in EVERYTHING:
        return FIX_TEXTS["for"].format(scope=EVERYTHING[condition.key])
    if not scope:
        return FIX_TEXTS["everywhere"]
    return FIX_TEXTS["for" if condition.scope_kind in ("partner", "type") else "in"].format(scope=scope)


def _cell(kind: ValueKind, value: float) -> str:
    """A value as it is typed into `Rules`."""
    match kind:
        case ValueKind.SHARE:
            return f"{100 * value:.6g} %"
        case ValueKind.STATUS:
            return STATUSES[int(value)]
    return f"{value:.15g}"


# -- rows of Activities --


def _smaller_shares(
    scenario: Scenario, demand: Demand, feasibility: Feasibility
) -> Iterator[tuple[Scenario, Loosening]]:
    index = _changed_activity(scenario, demand)
    if index is None:
        return
    row = scenario.activities[index]
    least = _most_of_everything(demand.without(scenario), row.initiative, row.region, feasibility)
    for weaker in _as_written(ValueKind.SHARE, min(least, row.min_share), is_higher=False):
        if 0 < weaker < row.min_share:
            place = _place(scenario, row.initiative, row.region)
            shares = {"old": percent(row.min_share, 1), "new": percent(weaker, 1)}
            edited = _with_activity(scenario, index, min_share=weaker)
            size = (row.min_share - weaker) / row.min_share
            yield edited, Loosening((), FIX_TEXTS["minimum"].format(place=place, **shares), size)


def _most_of_everything(scenario: Scenario, initiative: str, region: str, feasibility: Feasibility) -> float:
    """The largest share of each of its resources that an activity can get in any plan; 0 where that is unknown."""
    model = build_model(build_arrays(scenario), ())
    arrays = model.arrays
    activity = arrays.activity_index[arrays.initiatives.index[initiative], arrays.regions.index[region]]
    share = model.program.add_variables(1)
    for resource in np.unique(arrays.resource_q[arrays.requirements_of(activity)]):
        mine = (arrays.activity_q == activity) & (arrays.resource_q == resource)
        served = model.served(np.where(mine, model.inverse_required_q, 0.0))
        model.program.add_row("share", served + Linear(share, -np.ones(1)), lower=0.0)
    outcome = feasibility.least_of_plans(model, Linear(share, -np.ones(1)))
    return -outcome.best if outcome.best is not None else 0.0


def _fewer_partners(scenario: Scenario, demand: Demand) -> Iterator[tuple[Scenario, Loosening]]:
    index = _changed_activity(scenario, demand)
    if index is None:
        return
    row = scenario.activities[index]
    for number in range(row.min_partners - 1, 0, -1):
        words = {"place": _place(scenario, row.initiative, row.region), "old": row.min_partners, "new": number}
        edited = _with_activity(scenario, index, min_partners=number)
        yield edited, Loosening((), FIX_TEXTS["joint"].format(**words), 1 - number / row.min_partners)


def _changed_activity(scenario: Scenario, demand: Demand) -> int | None:
    """The one row of Activities that a demand stands in; None where it stands in none or many."""
    rows = zip(scenario.activities, demand.without(scenario).activities, strict=True)
    changed = [index for index, (before, after) in enumerate(rows) if before != after]
    return changed[0] if len(changed) == 1 else None


def _with_activity(scenario: Scenario, index: int, **change: Any) -> Scenario:
    rows = list(scenario.activities)
    rows[index] = replace(rows[index], **change)
    return replace(scenario, activities=tuple(rows))


def _place(scenario: Scenario, initiative: str, region: str) -> str:
    initiatives = {row.code: row.name or row.code for row in scenario.initiatives}
    regions = {row.code: row.name or row.code for row in scenario.regions}
    return f"{initiatives[initiative]} in {regions[region]}"
