"""Tiny scenarios with the corners that few people think of: scopes, exclusions, agreements, countries, late money."""

import dataclasses
from typing import Any

from hypothesis import strategies as st

from planner.scenario import Rule, Scenario
from resources.offers import DeliveryCost
from tests.tiny_scenarios import FEATURES, tiny_scenarios


@st.composite
def wild_scenarios(draw: st.DrawFn, most_periods: int = 3) -> Scenario:
    """Tiny scenarios of every feature, with what `tiny_scenarios` leaves out."""
    features = draw(st.sets(st.sampled_from(sorted(FEATURES)))) | {"objectives"}
    scenario = draw(tiny_scenarios(features, most_periods=most_periods))
    initiatives, regions = [row.code for row in scenario.initiatives], [row.code for row in scenario.regions]
    return dataclasses.replace(
        scenario,
        partners=tuple(
            dataclasses.replace(
                row, type=draw(st.sampled_from(("21", "22"))), country=draw(st.sampled_from(("", "KEN")))
            )
            for row in scenario.partners
        ),
        regions=tuple(
            dataclasses.replace(row, country=draw(st.sampled_from(("", "KEN", "SOM")))) for row in scenario.regions
        ),
        pledges=_joined(
            draw,
            tuple(
                dataclasses.replace(
                    row,
                    quantity=row.quantity * draw(st.sampled_from((1, 1, 2, 5))),
                    exclude_initiatives=draw(_few(initiatives)),
                    exclude_regions=draw(_few(regions)),
                )
                for row in scenario.pledges
            ),
        ),
        activities=tuple(
            dataclasses.replace(row, min_share=draw(st.sampled_from((row.min_share, 0.34, 0.1))))
            if row.min_share
            else row
            for row in scenario.activities
        ),
        delivery_costs=tuple(draw(_dearer(row)) for row in scenario.delivery_costs),
        rules=_scoped(draw, scenario),
        # Rows with the same key are added up, and kept if one of them is.
        baseline=(*scenario.baseline, *(dataclasses.replace(row, quantity=0.0) for row in scenario.baseline[:1])),
    )


def _few(codes: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.just(()) | st.just(()) | st.sampled_from(codes).map(lambda code: (code,))


def _dearer(row: DeliveryCost) -> st.SearchStrategy[DeliveryCost]:
    cost = row.cost_per_unit and row.cost_per_unit * 1.5
    return st.sampled_from((row, dataclasses.replace(row, cost_per_unit=cost)))


def _joined(draw: st.DrawFn, pledges: tuple[Any, ...]) -> tuple[Any, ...]:
    """Some pledges of one partner and resource under one agreement."""
    if not draw(st.booleans()):
        return pledges
    first = pledges[0]
    return tuple(
        dataclasses.replace(row, agreement="A")
        if (row.partner, row.resource) == (first.partner, first.resource)
        else row
        for row in pledges
    )


def _scoped(draw: st.DrawFn, scenario: Scenario) -> tuple[Rule, ...]:
    """The rules with narrower scopes among them; a data rule switched off now and then."""
    rules = list(scenario.rules)
    if draw(st.booleans()):
        kind = draw(st.sampled_from(("initiative", "resource")))
        codes = [row.code for row in (scenario.initiatives if kind == "initiative" else scenario.resources)]
        rules.append(Rule(rule="coverage_floor", value="0.2", scope=f"{kind}:{draw(st.sampled_from(codes))}"))
    if any(row.access for row in scenario.regions) and draw(st.booleans()):
        rules.append(Rule(rule="access_limit", value=draw(st.sampled_from(("1", "3"))), scope="type:21"))
        code = draw(st.sampled_from([row.code for row in scenario.partners]))
        rules.append(Rule(rule="access_limit", value=draw(st.sampled_from(("0", "4"))), scope=f"partner:{code}"))
    off = draw(
        st.sampled_from(("", "", "", "minimum", "go", "prerequisite", "exclusive", "together", "joint", "apart"))
    )
    return (*rules, Rule(rule=off, on=False)) if off else tuple(rules)
