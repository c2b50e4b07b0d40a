"""Why a line of the plan comes from this pledge: what else may serve its requirement, and why it does not.

Of every other eligible pledge one of these holds: it is interchangeable with the line's (solver.network.sources), it
serves the requirement too, it is used up elsewhere, a rule about who gives to which activity keeps it away, it costs
more to deliver here (where a rule or objective reads costs), or it is simply not needed.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from planner.plan import Allocation, Plan
from planner.rulebook import RULES, Level, objectives
from planner.scenario import Scenario
from solver.arrays import Arrays, Booleans, Floats, Integers, build_arrays
from solver.model import keys_read
from solver.network.sources import Sources, build_sources
from solver.reasons.destinations import Destinations
from solver.reasons.leftovers import Leftovers
from solver.reasons.sentences import ALTERNATIVE_TEXTS, CHOICE_TEXTS, pledge_codes, quantity
from solver.reasons.share_limits import TINY
from solver.reasons.wording import Wording

EQUAL, BESIDE, USED, HELD, DEARER, FREE = "equal", "beside", "used", "held", "dearer", "free"
COST_KEYS = {"pay_delivery", "delivery_cap", "delivery_cost"}
FATES = (EQUAL, BESIDE, USED, HELD, DEARER, FREE)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another pledge that may serve a line's requirement: `fate` is one of FATES, `text` a sentence."""

    pledge: str
    partner: str
    fate: str
    text: str


class Choices:
    """Explains the lines of one finished plan."""

    def __init__(
        self,
        arrays: Arrays,
        levels: tuple[Level, ...],
        sources: Sources,
        leftovers: Leftovers,
        allocations: Sequence[Allocation],
    ) -> None:
        self._arrays, self._sources, self._leftovers = arrays, sources, leftovers
        self._reads_costs = bool(COST_KEYS & keys_read(arrays, levels))
        self._serving: dict[int, list[int]] = defaultdict(list)
        for line in allocations:
            self._serving[leftovers.requirement_of(line)].append(arrays.pledges.index[line.pledge])
        agreed = arrays.agreed
        lines = zip(agreed.pledge_l.tolist(), agreed.requirement_l.tolist(), strict=True)
        self._is_kept = dict(zip(lines, agreed.is_kept_l.tolist(), strict=True))
        self._rules: dict[tuple[int, int], str] = {}  # that keep a pledge away from a requirement
        self._once: dict[tuple[int, int], Floats] = {}

    def text(self, line: Allocation) -> str:
        """Why this pledge, in a few sentences that many lines share."""
        requirement, pledge = self._where(line)
        others, fates = self._fates(requirement, pledge)
        told = [CHOICE_TEXTS[key] for key in self._agreement(pledge, requirement)]
        if not len(others):
            told.append(CHOICE_TEXTS["only"])
        codes = self._arrays.pledges.codes
        for fate in FATES:
            named = [codes[other] for other in others[fates == FATES.index(fate)]]
            if named:
                told.append(CHOICE_TEXTS[fate].format(pledges=pledge_codes(named)))
        return " ".join(told)

    def alternatives(self, line: Allocation, wording: Wording, destinations: Destinations) -> Iterator[Alternative]:
        """Every other pledge that may serve the line's requirement, each with its own sentence."""
        arrays, leftovers = self._arrays, self._leftovers
        requirement, pledge = self._where(line)
        region, period = int(arrays.region_a[arrays.activity_q[requirement]]), int(arrays.period_q[requirement])
        others, fates = self._fates(requirement, pledge)
        for other, fate in sorted(
            zip(others.tolist(), fates.tolist(), strict=True), key=lambda pair: (pair[1], pair[0])
        ):
            text = ALTERNATIVE_TEXTS[FATES[fate]].format(
                pledge=arrays.pledges.codes[other],
                partner=wording.partner(int(arrays.partner_o[other])),
                users=wording.users(
                    int(arrays.activity_q[requirement]), destinations.uses(requirement, np.array([other]))
                ),
                theirs=quantity(float(self._cost(other, region))),
                ours=quantity(float(self._cost(pledge, region))),
                once=quantity(leftovers.charges_once(other, region)),
                rule=RULES[rule].title if (rule := self._rule(other, requirement)) else "",
                currency=arrays.scenario.settings.currency,
                left=quantity(float(leftovers.left_of(np.array([other]), period)[0])),
            )
            partner = arrays.partners.codes[arrays.partner_o[other]]
            yield Alternative(arrays.pledges.codes[other], partner, FATES[fate], text)

    def _where(self, line: Allocation) -> tuple[int, int]:
        return self._leftovers.requirement_of(line), self._arrays.pledges.index[line.pledge]

    def _agreement(self, pledge: int, requirement: int) -> Iterator[str]:
        """Whether the agreed plan has a line, or holds it."""
        is_kept = self._is_kept.get((pledge, requirement))
        if is_kept is not None:
            yield "kept" if is_kept else "agreed"

    def _fates(self, requirement: int, pledge: int) -> tuple[Integers, Integers]:
        """The other eligible pledges by code, and the number of each one's fate."""
        arrays, source_o = self._arrays, self._sources.source_o
        others = self._leftovers.eligible(requirement)
        others = others[others != pledge]
        left = self._leftovers.left_of(others, int(arrays.period_q[requirement]))
        fates = np.where(left <= 0, FATES.index(USED), FATES.index(FREE))
        if self._reads_costs:
            is_dearer = self._costs_more(others, pledge, int(arrays.region_a[arrays.activity_q[requirement]]))
            fates = np.where((left > 0) & is_dearer, FATES.index(DEARER), fates)
        fates[(others[:, None] == np.array(self._serving[requirement])).any(axis=1)] = FATES.index(BESIDE)
        fates[source_o[others] == source_o[pledge]] = FATES.index(EQUAL)
        for at in np.flatnonzero(fates > FATES.index(HELD)):
            if self._rule(int(others[at]), requirement):
                fates[at] = FATES.index(HELD)
        return others, fates

    def _rule(self, pledge: int, requirement: int) -> str:
        """The rule that keeps a pledge away from a requirement."""
        if (pledge, requirement) not in self._rules:
            self._rules[pledge, requirement] = self._leftovers.keeps_away(pledge, requirement)
        return self._rules[pledge, requirement]

    def _cost(self, pledges: Integers | int, region: int) -> Floats:
        """Delivery cost of one unit of each pledge in a region."""
        arrays = self._arrays
        return np.asarray(arrays.delivery.cost_pkr[arrays.partner_o[pledges], arrays.resource_o[pledges], region])

    def _costs_more(self, others: Integers, pledge: int, region: int) -> Booleans:
        """Which of these pledges cost more to bring to a region than this one."""
        resource = int(self._arrays.resource_o[pledge])
        if (resource, region) not in self._once:
            once = np.zeros(len(self._arrays.partner_o))
            for other in np.flatnonzero(self._arrays.resource_o == resource):
                once[other] = self._leftovers.charges_once(int(other), region)
            self._once[resource, region] = once
        more = self._cost(others, region) - self._cost(pledge, region)
        return np.asarray((more > TINY) | ((more > -TINY) & (self._once[resource, region][others] > TINY)))


def why(scenario: Scenario, plan: Plan, line: Allocation) -> tuple[Alternative, ...]:
    """Every other pledge that may serve what a line of a plan serves, and why it does not.

    `scenario` is the one that the plan was made from; `line.text` is the short form. Takes a moment: the arrays of the
    scenario are built for it.
    """
    arrays, levels = build_arrays(scenario), objectives(scenario)
    leftovers = Leftovers(arrays, plan.allocations, plan.delivery, plan.rules)
    choices = Choices(arrays, levels, build_sources(arrays, keys_read(arrays, levels)), leftovers, plan.allocations)
    wording = Wording(arrays, pays_delivery=bool(plan.delivery))
    destinations = Destinations(arrays, leftovers, plan.allocations)
    return tuple(choices.alternatives(line, wording, destinations))
