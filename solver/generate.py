"""Synthetic scenarios of any size, for benchmarks and tests. The same size, seed and variant give the same scenario."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.random import Generator

from planner.samples.identity import with_stable_ids
from planner.scenario import Activity, Initiative, Objective, Region, Requirement, Rule, Scenario, Settings
from resources.offers import DeliveryCost, Partner, Pledge, Resource, Veto


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything a synthetic scenario has."""

    partners: int
    initiatives: int
    regions: int
    periods: int
    pledges_per_partner: int


SIZES = {
    "s": Size(8, 6, 6, 4, 6),
    "m": Size(20, 15, 12, 4, 8),
    "l": Size(60, 30, 25, 6, 10),
    "xl": Size(150, 50, 40, 12, 12),
}

SHARE_OF_ACTIVITIES = 0.8  # of all initiative-region pairs
NEED_PER_SUPPLY = 1.6  # per resource; per resource and period where reusable
OTHER_RESOURCES_PER_ACTIVITY = 3
EARMARKS = {"none": 0.35, "regions": 0.30, "initiatives": 0.20, "activity": 0.15}
SHARE_OF_VETOING_PARTNERS = 0.3
SHARE_OF_FUNDING_PLEDGES = 0.4
SHARE_OF_OPEN_WINDOWS = 0.75
SHARE_OF_LOCAL_PARTNERS = 0.35
LOCAL_TYPES, OTHER_TYPES = ("22", "24"), ("10", "21", "40", "60", "70")
LANGUAGES = ("ar", "en", "fr", "es")

FUNDING = Resource(code="FUND", name="Funding", category="funding", unit="USD")
OTHER_RESOURCES = (
    Resource(code="KITS", name="Kits", category="logistics", unit="kit", unit_value=450.0),
    Resource(code="VEHICLES", name="Vehicles", category="logistics", unit="vehicle month", unit_value=1_800.0),
    Resource(code="RADIOS", name="Radios", category="logistics", unit="radio", unit_value=350.0),
    Resource(code="FLIGHTS", name="Flight hours", category="logistics", unit="hour", unit_value=2_400.0),
    Resource(code="TRAINERS", name="Trainers", category="personnel", unit="person", unit_value=15_000.0),
    Resource(code="MEDIATORS", name="Mediators", category="personnel", unit="person", unit_value=18_000.0),
    Resource(code="ENGINEERS", name="Engineers", category="personnel", unit="person", unit_value=21_000.0),
)
RESOURCES = (FUNDING, *OTHER_RESOURCES)
# Quantities are drawn in steps, so that figures look like those people write down.
STEP = {"funding": 100, "logistics": 1, "personnel": 1}
MEAN_NEED = {"funding": 400, "logistics": 18, "personnel": 5}  # steps per requirement

_Flags = np.ndarray[Any, np.dtype[np.bool_]]
_Numbers = np.ndarray[Any, np.dtype[np.float64]]
_Wholes = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class _Needs:
    """Which activities there are, and which resources each needs: `needed[activity, resource]`."""

    initiatives: tuple[Initiative, ...]
    regions: tuple[Region, ...]
    pairs: tuple[tuple[str, str], ...]
    needed: _Flags


def generate(
    size: str = "m",
    seed: int = 1,
    *,
    partner_vetoes_initiative: bool = False,
    four_objectives: bool = False,
    local_share: float | None = None,
    pay_delivery: bool = False,
    weighting: str = "activity",
    min_share: float = 0.5,
) -> Scenario:
    """A scenario of a size in SIZES. Implementers, local partners and delivery costs are always there.

    `partner_vetoes_initiative`: three partners in ten also refuse one initiative everywhere. `four_objectives`: the
    objectives of a new scenario instead of coverage alone. Raises KeyError for an unknown size.
    """
    counts = SIZES[size]
    random = np.random.default_rng(seed)
    partners = _draw_partners(random, counts.partners)
    regions = _draw_regions(random, counts.regions)
    initiatives = _draw_initiatives(random, counts.initiatives)
    pairs = _draw_pairs(random, initiatives, regions)
    needs = _Needs(initiatives, regions, pairs, _draw_needed(random, len(pairs)))
    pledges = _draw_pledges(random, counts, partners, needs)
    rules = [("local_share", str(local_share), local_share is not None), ("pay_delivery", "yes", pay_delivery)]
    levels = ("effective", "worst_region", "coverage", "delivery_cost") if four_objectives else ("coverage",)
    scenario = Scenario(
        settings=Settings(
            title=f"Synthetic scenario {size}, seed {seed}",
            start=date(2027, 1, 1),
            periods=counts.periods,
            weighting=weighting,
            sensitivity="public",
        ),
        partners=partners,
        regions=regions,
        initiatives=initiatives,
        resources=RESOURCES,
        pledges=pledges,
        requirements=_draw_requirements(random, counts, needs, pledges),
        activities=_draw_activities(random, pairs, partners, min_share),
        vetoes=_draw_vetoes(random, partners, needs, partner_vetoes_initiative=partner_vetoes_initiative),
        delivery_costs=_draw_delivery_costs(random, regions),
        rules=tuple(Rule(rule=rule, value=value) for rule, value, is_on in rules if is_on),
        objectives=tuple(
            Objective(order=order, objective=level, tolerance=0.01 if four_objectives and order < 4 else 0.0)
            for order, level in enumerate(levels, start=1)
        ),
    )
    return with_stable_ids(scenario, f"synthetic/{size}/{seed}")


def _draw_partners(random: Generator, count: int) -> tuple[Partner, ...]:
    is_local = random.permutation(count) < round(SHARE_OF_LOCAL_PARTNERS * count)
    return tuple(
        Partner(
            code=f"P{index + 1:03}",
            name=f"Partner {index + 1}",
            type=str(random.choice(LOCAL_TYPES if is_local[index] else OTHER_TYPES)),
            local=bool(is_local[index]),
        )
        for index in range(count)
    )


def _draw_regions(random: Generator, count: int) -> tuple[Region, ...]:
    return tuple(
        Region(
            code=f"{index + 1:04}",
            name=f"Region {index + 1}",
            severity=float(random.integers(1, 6)),
            people_in_need=float(random.integers(20, 400) * 1_000),
            access=float(random.integers(0, 6)),
            languages=_pick(random, LANGUAGES, 1, 2),
        )
        for index in range(count)
    )


def _draw_initiatives(random: Generator, count: int) -> tuple[Initiative, ...]:
    return tuple(
        Initiative(
            code=f"I{index + 1:02}",
            name=f"Initiative {index + 1}",
            dac_code="15220",
            priority=float(random.integers(1, 6)),
        )
        for index in range(count)
    )


def _draw_pairs(
    random: Generator, initiatives: Sequence[Initiative], regions: Sequence[Region]
) -> tuple[tuple[str, str], ...]:
    """The (initiative, region) pairs that are activities."""
    pairs = [(initiative.code, region.code) for initiative in initiatives for region in regions]
    chosen = random.choice(len(pairs), size=round(SHARE_OF_ACTIVITIES * len(pairs)), replace=False)
    return tuple(pairs[index] for index in sorted(chosen))


def _draw_needed(random: Generator, activities: int) -> _Flags:
    """is_needed[activity, resource]: funding everywhere, three of the others in each activity."""
    order = random.random((activities, len(OTHER_RESOURCES))).argsort(axis=1)
    others = order < OTHER_RESOURCES_PER_ACTIVITY
    return np.column_stack([np.ones(activities, dtype=np.bool_), others])


def _draw_pledges(random: Generator, counts: Size, partners: Sequence[Partner], needs: _Needs) -> tuple[Pledge, ...]:
    total = counts.partners * counts.pledges_per_partner
    # Resources are dealt like cards, so that every one of them is supplied by several partners.
    funding = round(SHARE_OF_FUNDING_PLEDGES * total)
    dealt = np.concatenate([np.zeros(funding, dtype=np.int64), 1 + np.arange(total - funding) % len(OTHER_RESOURCES)])
    resource_of = random.permutation(dealt)
    steps = np.zeros(total, dtype=np.int64)
    for k, resource in enumerate(RESOURCES):
        members = np.flatnonzero(resource_of == k)
        requirements_at_once = needs.needed[:, k].sum() * (1 if resource.is_reusable else counts.periods)
        supply = round(MEAN_NEED[resource.category] * requirements_at_once / NEED_PER_SUPPLY)
        steps[members] = _apportion(max(supply, len(members)), random.lognormal(0.0, 0.8, len(members)))
    return tuple(
        Pledge(
            code=f"PL{index + 1:04}",
            partner=partners[index // counts.pledges_per_partner].code,
            resource=RESOURCES[resource_of[index]].code,
            quantity=float(steps[index] * STEP[RESOURCES[resource_of[index]].category]),
            status="paid" if random.random() < 0.2 else "commitment",
            likelihood=float(random.integers(14, 21) / 20),
            languages=_pick(random, LANGUAGES, 1, 2) if RESOURCES[resource_of[index]].category == "personnel" else (),
            **_draw_window(random, counts.periods),
            **_draw_earmark(random, needs),
        )
        for index in range(total)
    )


def _draw_window(random: Generator, periods: int) -> dict[str, Any]:
    if random.random() < SHARE_OF_OPEN_WINDOWS or periods < 2:
        return {}
    length = int(random.integers(periods // 2, periods))
    first = int(random.integers(1, periods - length + 2))
    return {"from_period": first, "to_period": first + length - 1}


def _draw_earmark(random: Generator, needs: _Needs) -> dict[str, Any]:
    kind = random.choice(list(EARMARKS), p=list(EARMARKS.values()))
    if kind == "regions":
        return {"regions": _pick(random, [region.code for region in needs.regions], 1, 3)}
    if kind == "initiatives":
        return {"initiatives": _pick(random, [initiative.code for initiative in needs.initiatives], 1, 3)}
    if kind == "activity":
        initiative, region = needs.pairs[int(random.integers(len(needs.pairs)))]
        return {"initiatives": (initiative,), "regions": (region,)}
    return {}


def _draw_requirements(
    random: Generator, counts: Size, needs: _Needs, pledges: Sequence[Pledge]
) -> tuple[Requirement, ...]:
    """NEED_PER_SUPPLY times what is pledged: of consumed resources over all periods, of reusable ones in each."""
    size_of = random.lognormal(0.0, 0.5, len(needs.pairs))  # some activities are large in everything they need
    requirements: list[Requirement] = []
    for k, resource in enumerate(RESOURCES):
        members = np.flatnonzero(needs.needed[:, k])
        shape = size_of[members, None] * random.lognormal(0.0, 0.3, (len(members), counts.periods))
        need_t = NEED_PER_SUPPLY * _supply_by_period(resource, pledges, counts.periods) / STEP[resource.category]
        if resource.is_reusable:
            steps = np.column_stack([_apportion(round(need_t[t]), shape[:, t]) for t in range(counts.periods)])
        else:
            steps = _apportion(round(need_t.sum()), shape.ravel()).reshape(shape.shape)
        requirements += [
            Requirement(
                initiative=needs.pairs[activity][0],
                region=needs.pairs[activity][1],
                resource=resource.code,
                period=period,
                quantity=float(need * STEP[resource.category]),
            )
            for activity, row in zip(members.tolist(), steps.tolist(), strict=True)
            for period, need in enumerate(row, start=1)
        ]
    return tuple(requirements)


def _supply_by_period(resource: Resource, pledges: Sequence[Pledge], periods: int) -> _Numbers:
    """What is pledged of a resource: of reusable ones in each period, of consumed ones once, in its first period."""
    supply_t = np.zeros(periods)
    for pledge in pledges:
        if pledge.resource == resource.code:
            first = (pledge.from_period or 1) - 1
            last = (pledge.to_period or periods) if resource.is_reusable else first + 1
            supply_t[first:last] += pledge.quantity
    return supply_t


def _draw_activities(
    random: Generator, pairs: Sequence[tuple[str, str]], partners: Sequence[Partner], min_share: float
) -> tuple[Activity, ...]:
    return tuple(
        Activity(
            initiative=initiative,
            region=region,
            implementer=partners[int(random.integers(len(partners)))].code,
            people=float(random.integers(1, 40) * 500),
            min_share=min_share,
        )
        for initiative, region in pairs
    )


def _draw_vetoes(
    random: Generator, partners: Sequence[Partner], needs: _Needs, *, partner_vetoes_initiative: bool
) -> tuple[Veto, ...]:
    count = round(SHARE_OF_VETOING_PARTNERS * len(partners))
    order = random.permutation(len(partners))
    vetoes = [
        Veto(partner=partners[index].code, region=region, reason="No presence there")
        for index in sorted(order[:count])
        for region in _pick(random, [region.code for region in needs.regions], 1, 2)
    ]
    # Drawn in every variant, so that a variant changes nothing else.
    refused = [_pick(random, [initiative.code for initiative in needs.initiatives], 1, 1) for _ in range(count)]
    if partner_vetoes_initiative:
        vetoes += [
            Veto(partner=partners[index].code, initiative=initiative, reason="Outside the mandate")
            for index, (initiative,) in zip(sorted(order[count : 2 * count]), refused, strict=True)
        ]
    return tuple(vetoes)


def _draw_delivery_costs(random: Generator, regions: Sequence[Region]) -> tuple[DeliveryCost, ...]:
    """A unit cost for each resource, dearer in some regions, and a fixed cost for each region."""
    everywhere = [
        DeliveryCost(resource=resource.code, cost_per_unit=round((resource.unit_value or 0.0) * 0.05))
        for resource in OTHER_RESOURCES
    ]
    dearer = [
        DeliveryCost(
            resource=resource.code, region=region.code, cost_per_unit=round((resource.unit_value or 0.0) * 0.12)
        )
        for region in regions
        for resource in OTHER_RESOURCES
        if random.random() < 0.2
    ]
    fixed = [DeliveryCost(region=region.code, fixed_cost=float(random.integers(2, 21) * 500)) for region in regions]
    return (*everywhere, *dearer, *fixed)


def _pick(random: Generator, choices: Sequence[str], fewest: int, most: int) -> tuple[str, ...]:
    """From `fewest` to `most` different choices, in their own order."""
    count = min(int(random.integers(fewest, most + 1)), len(choices))
    return tuple(choices[index] for index in sorted(random.choice(len(choices), size=count, replace=False)))


def _apportion(total: int, shares: _Numbers) -> _Wholes:
    """`total` divided into whole numbers above 0 in proportion to `shares` (largest remainders; at least 1 each)."""
    spare = max(total - len(shares), 0)
    exact = spare * shares / shares.sum()
    whole: _Wholes = np.floor(exact).astype(np.int64)
    remaining = spare - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:remaining]] += 1
    return whole + 1
