"""Rules of the straightforward model that say who serves what, who contributes how much, and what was agreed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from planner.scenario import Requirement
from resources.offers import Pledge
from tests.oracle.program import Terms, add, times

if TYPE_CHECKING:
    from tests.oracle.straight_model import Place, StraightModel


def add_rows(model: StraightModel) -> None:
    """All of them that the scenario asks for."""
    hold_what_is_agreed(model)
    if model.asked["joint"]:
        several_partners(model)
    if model.asked["apart"]:
        partners_apart(model)
    shares_of_funding(model)
    shares_of_value(model)
    shared_languages(model)
    limits_by_activity(model)
    single_sources(model)


def variables(model: StraightModel) -> Iterator[tuple[Pledge, Requirement, int]]:
    """Every x with its pledge and requirement."""
    for (code, index), variable in model.x.items():
        yield model.pledges[code], model.needs[index], variable


def hold_what_is_agreed(model: StraightModel) -> None:
    """keep and frozen_until: x is the baseline's quantity, and 0 in a frozen period without one."""
    frozen = model.asked["frozen_until"][0].value if model.asked["frozen_until"] else 0
    for pledge, need, variable in variables(model):
        line = (pledge.code, need.initiative, need.region, need.period)
        if line in model.held:
            model.program.row({variable: 1.0}, model.held[line], model.held[line])
        elif need.period <= frozen:
            model.program.row({variable: 1.0}, upper=0)


def used(model: StraightModel, groups: Mapping[Hashable, list[int]]) -> dict[Hashable, int]:
    """A yes/no variable for each group of x: one of them above 0 is yes."""
    switches = {}
    for key, members in groups.items():
        switches[key] = model.program.variable(1, integer=True)
        for variable in members:
            model.program.row({variable: 1.0, switches[key]: -model.program.upper[variable]}, upper=0)
    return switches


def by_partner_and_place(model: StraightModel) -> dict[tuple[str, Place], list[int]]:
    groups: dict[tuple[str, Place], list[int]] = defaultdict(list)
    for pledge, need, variable in variables(model):
        groups[pledge.partner, (need.initiative, need.region)].append(variable)
    return groups


def several_partners(model: StraightModel) -> None:
    """joint: at least min_partners partners whose shares of the resources add up to 0.05."""
    shares: dict[tuple[str, Place], list[Terms]] = defaultdict(list)
    for pledge, need, variable in variables(model):
        place = (need.initiative, need.region)
        total = sum(other.quantity for other in model.needs_of(place) if other.resource == need.resource)
        shares[pledge.partner, place].append({variable: 1 / total})
    for place, row in model.sheet.items():
        if place not in model.y or row.min_partners == 0:
            continue
        counting: Terms = {model.y[place]: -float(row.min_partners)}
        for (_, where), parts in shares.items():
            if where == place:
                counts = model.program.variable(1, integer=True)
                model.program.row(add([*parts, {counts: -0.05}]), lower=0)
                counting[counts] = 1.0
        model.program.row(counting, lower=0)


def partners_apart(model: StraightModel) -> None:
    serves = used(model, by_partner_and_place(model))
    for veto in model.scenario.vetoes:
        for place in model.places if veto.with_partner else ():
            if veto.initiative in ("", place[0]) and veto.region in ("", place[1]):
                both = [serves[key] for p in (veto.partner, veto.with_partner) if (key := (p, place)) in serves]
                model.program.row(dict.fromkeys(both, 1.0), upper=1)


def shares_of_funding(model: StraightModel) -> None:
    """implementer_share and implementer_cap."""
    funding = [
        (model.sheet[place].implementer if (place := (need.initiative, need.region)) in model.sheet else "", variable)
        for _, need, variable in variables(model)
        if model.resources[need.resource].is_funding
    ]
    type_of = {code: row.type for code, row in model.partners.items()}
    for condition in model.asked["implementer_share"]:
        is_type = {variable: type_of.get(code) == condition.scope_code for code, variable in funding}
        model.program.row({variable: yes - condition.value for variable, yes in is_type.items()}, lower=0)
    for condition in model.asked["implementer_cap"]:
        own = {variable: 1.0 for code, variable in funding if code == condition.scope_code}
        model.program.row(own, upper=condition.value)


def contributed(model: StraightModel, partners: Iterable[str]) -> Terms:
    """Value that the partners contribute: quantity · unit value, and money paid for delivery."""
    chosen = set(partners)
    terms: Terms = {
        variable: model.resources[need.resource].value_per_unit
        for pledge, need, variable in variables(model)
        if pledge.partner in chosen
    }
    paid = {v: 1.0 for (code, _, _), v in model.payments.items() if model.pledges[code].partner in chosen}
    return terms | paid


def fair_shares(model: StraightModel) -> dict[str, float]:
    """Fair shares divided by their sum; empty where nobody has one."""
    shares = {code: row.fair_share for code, row in model.partners.items() if row.fair_share is not None}
    return {code: share / sum(shares.values()) for code, share in shares.items()}


def beyond_fair(model: StraightModel, partner: str, multiple: float = 1.0) -> Terms:
    """What a partner contributes beyond a multiple of its fair share."""
    shares = fair_shares(model)
    fair = times(contributed(model, shares), -multiple * shares[partner])
    return add([contributed(model, [partner]), fair])


def shares_of_value(model: StraightModel) -> None:
    """partner_type_share and burden_cap."""
    for condition in model.asked["partner_type_share"]:
        of_type = contributed(model, [code for code, row in model.partners.items() if row.type == condition.scope_code])
        model.program.row(add([of_type, times(contributed(model, model.partners), -condition.value)]), lower=0)
    for condition in model.asked["burden_cap"]:
        for partner in fair_shares(model):
            model.program.row(beyond_fair(model, partner, condition.value), upper=0)


def shared_languages(model: StraightModel) -> None:
    for condition in model.asked["language_share"]:
        for code, region in model.regions.items():
            if not region.languages or condition.scope_code not in ("", code):
                continue
            spoken = {language.lower() for language in region.languages}
            terms = {
                variable: float(any(language.lower() in spoken for language in pledge.languages)) - condition.value
                for pledge, need, variable in variables(model)
                if need.region == code and model.resources[need.resource].category == "personnel"
            }
            model.program.row(terms, lower=0)


def limits_by_activity(model: StraightModel) -> None:
    """max_activities, min_contribution, max_contribution: by partner and activity."""
    groups = by_partner_and_place(model)
    value = {v: model.resources[need.resource].value_per_unit for _, need, v in variables(model)}
    for condition in model.asked["max_activities"]:
        serves = used(model, groups)
        for partner in model.partners if not condition.scope_code else [condition.scope_code]:
            own = {switch: 1.0 for (code, _), switch in serves.items() if code == partner}
            model.program.row(own, upper=condition.value)
    of_value = {key: {v: value[v] for v in members if value[v] > 0} for key, members in groups.items()}
    for condition in model.asked["min_contribution"]:
        serves = used(model, {key: list(terms) for key, terms in of_value.items()})
        for key, terms in of_value.items():
            if condition.scope_code in ("", key[0]):
                model.program.row(terms | {serves[key]: -condition.value}, lower=0)
    for condition in model.asked["max_contribution"]:
        for key, terms in of_value.items():
            if condition.scope_code in ("", key[0]):
                model.program.row(terms, upper=condition.value)


def single_sources(model: StraightModel) -> None:
    groups: dict[tuple[int, tuple[str, str]], list[int]] = defaultdict(list)
    for (code, index), variable in model.x.items():
        agreement = model.pledges[code].agreement
        groups[index, ("agreement", agreement) if agreement else ("pledge", code)].append(variable)
    for condition in model.asked["single_source"]:
        serves = used(model, groups) if condition.value else {}
        for index, need in enumerate(model.needs):
            if condition.scope_code in ("", need.resource):
                model.program.row({switch: 1.0 for key, switch in serves.items() if key[0] == index}, upper=1)
