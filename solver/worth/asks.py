"""The ask list: what one unit more of each resource would buy, where, and from whom."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from planner.cells import period_label
from planner.plan import Allocation, Ask
from planner.rulebook import OBJECTIVES
from planner.scenario import Scenario
from solver.arrays import Arrays, Floats
from solver.reasons.sentences import ASK_TEXTS, MERIT, MERIT_TEXTS, all_of, figure, quantity
from solver.repair.refusals import earmark_words
from solver.worth.prices import Gains

THOUSAND = 1000.0  # of a currency: what money is asked for in
SAME = 1e-6  # relative
MOST_NAMED = 3


def asks(scenario: Scenario, gains: Gains, objective: str, allocations: Sequence[Allocation]) -> tuple[Ask, ...]:
    """One ask for each resource that is required, the most useful first."""
    lines = _Lines(scenario, gains, objective, allocations)
    found = [lines.ask(int(resource)) for resource in np.unique(gains.arrays.resource_q)]
    return tuple(sorted(found, key=lambda ask: (-ask.gain, ask.resource)))


class _Lines:
    """Writes the asks of one plan."""

    def __init__(self, scenario: Scenario, gains: Gains, objective: str, allocations: Sequence[Allocation]) -> None:
        self._scenario, self._gains, self._objective = scenario, gains, objective
        self._allocations = allocations
        self._rows: dict[str, dict[str, Any]] = {
            table: {row.code: row for row in getattr(scenario, table)}
            for table in ("partners", "pledges", "resources", "initiatives", "regions")
        }

    def ask(self, resource: int) -> Ask:
        """The best use of a unit more of one resource."""
        arrays = self._gains.arrays
        worth_q = self._worth(resource)
        best = int(np.argmax(worth_q))
        activity, period = int(arrays.activity_q[best]), int(arrays.period_q[best]) + 1
        code, amount = arrays.resources.codes[resource], self._amount(resource)
        initiative = arrays.initiatives.codes[arrays.initiative_a[activity]]
        region = arrays.regions.codes[arrays.region_a[activity]]
        gain = amount * float(worth_q[best])
        partners = self._partners(code, initiative, region)
        pledges = self._pledges(resource, float(worth_q[best])) if gain > 0 else ()
        text = self._text(code, amount, gain, (initiative, region, period), partners, pledges)
        return Ask(code, amount, gain, initiative, region, period, partners, pledges, text)

    def _worth(self, resource: int) -> Floats:
        """What a unit more is worth at each requirement (axis q), the cheapest way of delivery there taken off."""
        gains, arrays = self._gains, self._gains.arrays
        mine_s = np.unique(gains.source_o[(arrays.resource_o == resource) & (gains.source_o >= 0)])
        # An outlay is what a unit is worth to its source, and the delivery: the former is not given up here.
        delivery_srt = gains.outlay_srt[mine_s] + gains.draw_st[mine_s][:, None, :]
        cheapest_rt = np.max(np.nan_to_num(delivery_srt, nan=-np.inf), axis=0, initial=-np.inf)
        cheapest_rt = np.where(np.isfinite(cheapest_rt), cheapest_rt, 0.0)
        worth_q = gains.arrival_q + cheapest_rt[arrays.region_q, arrays.period_q]
        worth_q = np.where(worth_q > SAME * gains.arrival_q, worth_q, 0.0)  # the rest is rounding
        return np.where(arrays.resource_q == resource, worth_q, -np.inf)

    def _amount(self, resource: int) -> float:
        """Money is asked for by the thousand, unless all that is needed is little more."""
        arrays = self._gains.arrays
        required = float(arrays.required_q[arrays.resource_q == resource].sum())
        return THOUSAND if arrays.is_funding_k[resource] and required >= 10 * THOUSAND else 1.0

    def _partners(self, resource: str, initiative: str, region: str) -> tuple[str, ...]:
        """Who brings the resource to this activity, else to its region, else anywhere, else who pledged it."""
        mine = [line for line in self._allocations if line.resource == resource]
        here = [line for line in mine if line.region == region]
        nearest = [line for line in here if line.initiative == initiative] or here or mine
        pledged = [row for row in self._scenario.pledges if row.resource == resource]
        return tuple(sorted({line.partner for line in nearest or pledged}))

    def _pledges(self, resource: int, worth: float) -> tuple[str, ...]:
        """The pledges of which a unit more would be worth as much: their earmarks do not stand in its way."""
        arrays, gains = self._gains.arrays, self._gains
        found = [
            arrays.pledges.codes[pledge]
            for pledge in np.flatnonzero((arrays.resource_o == resource) & (gains.source_o >= 0))
            if gains.draw_st[gains.source_o[pledge]].max() >= worth * (1 - SAME)
        ]
        return tuple(found)

    def _text(
        self,
        resource: str,
        amount: float,
        gain: float,
        where: tuple[str, str, int],
        partners: Sequence[str],
        pledges: Sequence[str],
    ) -> str:
        name = self._name("resources", resource)
        if gain <= 0:
            return ASK_TEXTS["nothing"].format(resource=name)
        row, (initiative, region, period) = self._rows["resources"][resource], where
        parts = [
            ASK_TEXTS["gain"]
            .format(
                amount=quantity(amount),
                unit=self._scenario.settings.currency if row.is_funding else row.unit,
                resource=name,
                merit=merit(gain, self._objective, self._gains.arrays),
                initiative=self._name("initiatives", initiative),
                region=self._name("regions", region),
                period=period_label(period, self._scenario.settings),
            )
            .replace("  ", " "),
            *self._how(
                name, partners, pledges, is_brought=any(line.resource == resource for line in self._allocations)
            ),
        ]
        return " ".join(parts)

    def _how(
        self, resource: str, partners: Sequence[str], pledges: Sequence[str], *, is_brought: bool
    ) -> Iterator[str]:
        if partners:
            names = [self._name("partners", code) for code in partners]
            verb = "s" if len(names) == 1 else ""
            told = ASK_TEXTS["partners" if is_brought else "pledged"]
            yield told.format(partners=_few(names), s=verb, resource=resource)
        if pledges:
            yield ASK_TEXTS["pledges"].format(pledges=_few([self._pledge(code) for code in pledges]))
        else:
            yield ASK_TEXTS["free"]

    def _pledge(self, code: str) -> str:
        """A pledge with its earmark."""
        earmark = earmark_words(self._scenario, self._rows["pledges"][code])
        return f"{code} ({earmark})" if earmark else code

    def _name(self, table: str, code: str) -> str:
        return self._rows[table][code].name or code


def merit(gain: float, objective: str, arrays: Arrays) -> str:
    """A gain of an objective in words."""
    weight = float(arrays.weight_a.sum()) if objective in ("coverage", "effective") else 1.0
    words = {
        "points": figure(100 * gain / max(weight, 1e-9)),
        "gain": figure(gain),
        "currency": arrays.scenario.settings.currency,
        "objective": OBJECTIVES[objective].title,
    }
    return MERIT_TEXTS.get(objective, MERIT).format(**words)


def _few(names: Sequence[str]) -> str:
    more = f"{len(names) - MOST_NAMED} more"
    return all_of([*names[:MOST_NAMED], more] if len(names) > MOST_NAMED else names)
