"""Names and amounts of one scenario as the sentences of solver.reasons.sentences need them."""

from collections.abc import Sequence

import numpy as np

from planner.rulebook import RULES
from resources.offers import STATUSES
from solver.arrays import Arrays, Integers
from solver.reasons.sentences import (
    HELD_ALSO,
    HELD_TEXTS,
    HERE,
    PAYMENTS,
    STATUS_TEXTS,
    THIS_ACTIVITY,
    activity_name,
    listed,
    pledges_of,
    quantity,
    told_apart,
    users_of,
)
from solver.reasons.share_limits import HeldBack

ENOUGH = 1e-6
Reason = tuple[str, str]  # code and sentence
Use = tuple[int, float]  # an activity and how much it gets
MOST_NAMED = 3


class Wording:
    """Rows and names by index, and the parts of sentences that are made of them."""

    def __init__(self, arrays: Arrays, *, pays_delivery: bool) -> None:
        scenario = arrays.scenario
        self._arrays, self._pays_delivery = arrays, pays_delivery
        self.initiative_rows = sorted(scenario.initiatives, key=lambda row: row.code)
        self.region_rows = sorted(scenario.regions, key=lambda row: row.code)
        self._partner_rows = sorted(scenario.partners, key=lambda row: row.code)
        self._resource_rows = sorted(scenario.resources, key=lambda row: row.code)
        self._whose: dict[bytes, str] = {}

    def partner(self, index: int) -> str:
        """What people call a partner."""
        row = self._partner_rows[index]
        return row.name or row.code

    def initiative(self, index: int) -> str:
        """What people call an initiative."""
        row = self.initiative_rows[index]
        return row.name or row.code

    def region(self, index: int) -> str:
        """What people call a region."""
        row = self.region_rows[index]
        return row.name or row.code

    def resource(self, index: int) -> str:
        """What people call a resource."""
        row = self._resource_rows[index]
        return row.name or row.code

    def initiatives(self, codes: Sequence[str]) -> str:
        """What people call these initiatives."""
        return ", ".join(self.initiative(self._arrays.initiatives.index[code]) for code in codes)

    def regions(self, codes: Sequence[str]) -> str:
        """What people call these regions."""
        return ", ".join(self.region(self._arrays.regions.index[code]) for code in codes)

    def activity(self, index: int) -> str:
        """What people call an activity."""
        arrays = self._arrays
        return activity_name(self.initiative(int(arrays.initiative_a[index])), self.region(int(arrays.region_a[index])))

    def whose(self, pledges: Integers) -> str:
        """The partners of these pledges, the largest first."""
        key = pledges.tobytes()
        if key not in self._whose:
            arrays = self._arrays
            partners, of_pledge = np.unique(arrays.partner_o[pledges], return_inverse=True)
            amounts = np.bincount(of_pledge, arrays.usable_o[pledges], minlength=len(partners))
            ordered = partners[np.lexsort((partners, -amounts))]
            self._whose[key] = pledges_of([self.partner(int(partner)) for partner in ordered], len(pledges))
        return self._whose[key]

    def status(self) -> str:
        """Why a pledge whose status does not count does not."""
        on = self._arrays.with_key("count_status")
        return STATUS_TEXTS[STATUSES[int(on[0].value or 0)] if on else "commitment"]

    def payments(self, resource: int) -> str:
        """What else funding may be used for."""
        return PAYMENTS if self._pays_delivery and self._arrays.is_funding_k[resource] else ""

    def users(self, activity: int, uses: Sequence[Use]) -> str:
        """The largest users of what could have come to an activity, with their weights beside its own."""
        weight_a = self._arrays.weight_a
        named = [
            (THIS_ACTIVITY if user == activity else self.activity(user), amount, float(weight_a[user]))
            for user, amount in uses[:MOST_NAMED]
        ]
        return users_of(named, len(uses) - len(named), float(weight_a[activity]))

    def held(self, held: HeldBack, here: str = HERE) -> Reason:
        """The rule that holds supply back from an activity, with what it still allows."""
        sentence = held.reason if held.reason != "delivery_unpaid" or held.room <= ENOUGH else "too_little_to_pay"
        if held.rule in HELD_TEXTS:
            sentence = held.rule
        elif held.partners:
            sentence = "cap_of_partners"
        room, cost = told_apart(quantity, held.room, held.cost)
        text = HELD_TEXTS[sentence].format(
            resource=self.resource(int(self._arrays.resource_q[held.requirement])),
            rule=RULES[held.rule].title,
            limit=quantity(held.limit),
            room=room,
            cost=cost,
            currency=self._arrays.scenario.settings.currency,
            partners=listed([self.partner(partner) for partner in held.partners]),
            here=here,
        )
        also = HELD_ALSO.format(rules="”, “".join(RULES[key].title for key in held.others)) if held.others else ""
        return held.reason, text + also
