"""How much of what a requirement misses each reason accounts for, in a fixed order.

With R required, P pledged and S what is still open after a stage of eligibility, each at most R:

    no supply = R - min(R, P)
    a stage   = S before it - S after it     (status, window, earmark, veto, access)
    the rest  = S after the last - allocated (the activity, agreed lines, a rule, delivery, use elsewhere)

The parts add up to R - allocated. What is allocated counts as open, for a kept line may be closed to its requirement.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import fsum

import numpy as np

from planner.plan import Part
from solver.arrays import Arrays, Integers
from solver.network.eligibility import closed_pledges
from solver.reasons.destinations import Destinations
from solver.reasons.leftovers import Leftovers
from solver.reasons.sentences import (
    GAP_TEXTS,
    LEFT,
    NOTHING,
    NOTHING_PLEDGED,
    REST_TEXTS,
    STAGE_TEXTS,
    quantity,
    told_apart,
)
from solver.reasons.wording import ENOUGH, Reason, Wording


class Waterfall:
    """Takes the missing quantity of a requirement apart."""

    def __init__(self, arrays: Arrays, leftovers: Leftovers, wording: Wording, destinations: Destinations) -> None:
        self._arrays, self._leftovers = arrays, leftovers
        self._wording, self._destinations = wording, destinations
        is_there = arrays.usable_o > 0
        self._pledges_of = [np.flatnonzero((arrays.resource_o == k) & is_there) for k in range(len(arrays.resources))]

    def explain(self, requirement: int, stop: Reason | None) -> tuple[Reason, tuple[Part, ...]]:
        """Why something is missing, and its parts in the order of the stages.

        `stop`: why the activity does not go ahead, None where it does.
        """
        required, served = self._figures(requirement)
        closed = list(self._closed(requirement))
        left = closed[-1][1] if closed else required
        coming = self._not_coming(requirement, stop, max(0.0, left - served))
        parts = adding_up([*(part for part, _ in closed), *coming], required - served, ENOUGH * required)
        reason = self._first_reason(requirement, closed, goes_ahead=stop is None)
        return reason or (parts[0].reason, parts[0].text), parts

    def stage_reason(self, requirement: int, *, goes_ahead: bool) -> Reason | None:
        """The first stage after which too little is open to a requirement, and what becomes of that which is."""
        return self._first_reason(requirement, self._closed(requirement), goes_ahead=goes_ahead)

    def _first_reason(
        self, requirement: int, closed: Iterable[tuple[Part, float]], *, goes_ahead: bool
    ) -> Reason | None:
        required, _ = self._figures(requirement)
        for part, left in closed:
            if part.quantity <= ENOUGH * required:
                continue
            if part.reason == "no_supply" and left <= 0:
                return part.reason, part.text
            left_text, required_text = told_apart(quantity, left, required)
            resource = self._wording.resource(int(self._arrays.resource_q[requirement]))
            told = LEFT.format(left=left_text, required=required_text, resource=resource)
            text = part.text if part.reason == "no_supply" else part.text + told
            return part.reason, text + self._rest(requirement, left, goes_ahead=goes_ahead)
        return None

    def users(self, requirement: int) -> str:
        """Who gets what could have come to a requirement."""
        activity = int(self._arrays.activity_q[requirement])
        return self._wording.users(activity, self._destinations.uses(requirement))

    def _figures(self, requirement: int) -> tuple[float, float]:
        return float(self._arrays.required_q[requirement]), float(self._leftovers.served_q[requirement])

    def _closed(self, requirement: int) -> Iterator[tuple[Part, float]]:
        """What each stage takes away, and what it leaves open (at most what is required)."""
        usable_o = self._arrays.usable_o
        required, served = self._figures(requirement)
        pledges = self._pledges_of[int(self._arrays.resource_q[requirement])]
        before = required
        for stage, still, lost in (
            ("no_supply", pledges, pledges),
            *closed_pledges(self._arrays, pledges, requirement),
        ):
            after = min(before, max(served, float(usable_o[still].sum())))
            if after < before:
                text = self._stage_text(stage, requirement, float(usable_o[still].sum()), lost)
                yield Part(stage, before - after, text), after
            before = after

    def _stage_text(self, stage: str, requirement: int, left: float, lost: Integers) -> str:
        arrays, wording = self._arrays, self._wording
        region, name = int(arrays.region_q[requirement]), wording.resource(int(arrays.resource_q[requirement]))
        if stage == "no_supply" and left <= 0:
            return NOTHING_PLEDGED.format(resource=name)
        left_text, required_text = told_apart(quantity, left, float(arrays.required_q[requirement]))
        return STAGE_TEXTS[stage].format(
            left=left_text,
            required=required_text,
            resource=name,
            who=wording.whose(lost) if len(lost) else "",
            region=wording.region(region),
            access=f"{wording.region_rows[region].access:g}",
            status=wording.status(),
        )

    def _not_coming(self, requirement: int, stop: Reason | None, rest: float) -> Iterator[Part]:
        """What could come but does not: held by its activity, by agreed lines or by a rule, or used elsewhere."""
        leftovers, resource = self._leftovers, int(self._arrays.resource_q[requirement])
        facts = {"resource": self._wording.resource(resource), "payments": self._wording.payments(resource)}
        if stop is not None:
            yield Part(stop[0], rest, stop[1])
            return
        free = min(rest, leftovers.left(requirement))
        is_frozen = self._destinations.is_frozen(requirement)
        kept = rest - free if is_frozen else min(rest - free, self._destinations.kept_elsewhere(requirement))
        yield Part("kept_line", kept, GAP_TEXTS["frozen" if is_frozen else "kept_line"].format(**facts))
        held = leftovers.held_back([leftovers.step(requirement)]) if free > 0 else None
        reason, text = self._wording.held(held) if held else ("used_elsewhere", GAP_TEXTS["free"].format(**facts))
        yield Part(reason, free, text)
        used = rest - free - kept
        if used > 0:
            text = GAP_TEXTS["used_elsewhere"].format(**facts, users=self.users(requirement))
            yield Part("used_elsewhere", used, text)

    def _rest(self, requirement: int, left: float, *, goes_ahead: bool) -> str:
        """What becomes of that which a stage leaves, where not all of it comes."""
        leftovers = self._leftovers
        allocated, most = float(leftovers.served_q[requirement]), leftovers.could_come(requirement)
        text = ""
        if most < left * (1 - ENOUGH):
            text = REST_TEXTS["limits"].format(most=told_apart(quantity, most, left)[0])
        if allocated >= most * (1 - ENOUGH):
            return text
        because = ""
        if not goes_ahead:
            rest = "not_ahead"
        elif leftovers.left(requirement) > 0:
            held = leftovers.held_back([leftovers.step(requirement)])
            rest, because = ("held", self._wording.held(held)[1]) if held else ("free", "")
        else:
            rest = "used" if allocated > 0 else "all_used"
        shown = told_apart(quantity, allocated, most)[0] if allocated > 0 else NOTHING
        payments = self._wording.payments(int(self._arrays.resource_q[requirement]))
        return text + REST_TEXTS[rest].format(allocated=shown, payments=payments, because=because)


def adding_up(parts: Sequence[Part], whole: float, tiny: float) -> tuple[Part, ...]:
    """The parts that are more than tiny, the largest made to fill the whole."""
    largest = max(parts, key=lambda part: part.quantity)
    shown = [part for part in parts if part.quantity > tiny or part is largest]
    others = fsum(part.quantity for part in shown if part is not largest)
    return tuple(replace(part, quantity=whole - others) if part is largest else part for part in shown)
