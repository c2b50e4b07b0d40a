"""Why something is missing, and why an activity goes ahead or not: reason codes of the contract with a sentence each.

A gap is put down to the first reason of its waterfall (solver.reasons.waterfall): the stages of eligibility (status,
window, earmark, veto, access), then the activity that does not go ahead, a rule that holds supply back, its use
elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.plan import ActivityResult, Allocation, DeliveryPayment, Gap, Part, RuleReport, StrandedPledge
from solver.arrays import GO_MUST, GO_NO, Arrays, summed
from solver.reasons.destinations import Destinations
from solver.reasons.leftovers import Leftovers
from solver.reasons.sentences import ACTIVITY_TEXTS, GAP_TEXTS, HERE, percent, place, told_apart
from solver.reasons.stranded import stranded_pledges
from solver.reasons.waterfall import Waterfall
from solver.reasons.wording import ENOUGH, Reason, Wording

ActivityKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ActivityFigures:
    """What was measured of an activity in the finished plan."""

    go: bool
    coverage: float
    effective: float


class Explainer:
    """Explains one finished plan."""

    def __init__(
        self,
        arrays: Arrays,
        allocations: Sequence[Allocation],
        delivery: Sequence[DeliveryPayment],
        figures: Mapping[ActivityKey, ActivityFigures],
        rules: Sequence[RuleReport],
    ) -> None:
        self._arrays, self._figures = arrays, figures
        self.leftovers = Leftovers(arrays, allocations, delivery, rules)
        self._served_q = self.leftovers.served_q
        self._wording = Wording(arrays, pays_delivery=bool(delivery))
        destinations = Destinations(arrays, self.leftovers, allocations)
        self._waterfall = Waterfall(arrays, self.leftovers, self._wording, destinations)
        self._together = {row.code for row in arrays.scenario.initiatives if row.together and arrays.is_on("together")}
        self._reasons = [self._activity_reason(activity) for activity in range(len(arrays.go_a))]

    def activities(self) -> tuple[ActivityResult, ...]:
        """One line per activity: goes ahead or not, and why."""
        found = []
        for activity, (reason, text) in enumerate(self._reasons):
            figures = self._figures_of(activity)
            key = self._key(activity)
            found.append(ActivityResult(*key, figures.go, figures.coverage, figures.effective, reason, text))
        return tuple(sorted(found, key=lambda result: (result.initiative, result.region)))

    def gaps(self) -> tuple[Gap, ...]:
        """Every requirement with something missing, also of activities that do not go ahead."""
        missing_q = self._arrays.required_q - self._served_q
        found = [self._gap(int(q)) for q in np.flatnonzero(missing_q > ENOUGH * self._arrays.required_q)]
        return tuple(sorted(found, key=lambda gap: (gap.initiative, gap.region, gap.resource, gap.period)))

    def stranded(self) -> tuple[StrandedPledge, ...]:
        """Every pledge that is not used in full, and why."""
        goes_a = np.array([self._figures_of(activity).go for activity in range(len(self._reasons))], dtype=bool)
        return stranded_pledges(self._arrays, self.leftovers, self._wording, goes_a)

    def _gap(self, requirement: int) -> Gap:
        arrays = self._arrays
        required, served = float(arrays.required_q[requirement]), float(self._served_q[requirement])
        activity = int(arrays.activity_q[requirement])
        reason, because = self._reasons[activity]
        told: Reason = (reason, because)
        parts: tuple[Part, ...] = (Part(reason, required - served, because),)
        if arrays.go_a[activity] != GO_NO:
            goes_ahead = self._figures_of(activity).go
            stop = None if goes_ahead else (reason, GAP_TEXTS["not_ahead"].format(because=because))
            told, parts = self._waterfall.explain(requirement, stop)
        return Gap(
            *self._key(activity),
            arrays.resources.codes[arrays.resource_q[requirement]],
            int(arrays.period_q[requirement]) + 1,
            required,
            served,
            required - served,
            *told,
            parts,
        )

    # -- activities --

    def _activity_reason(self, activity: int) -> Reason:
        arrays, figures = self._arrays, self._figures_of(activity)
        if arrays.go_a[activity] == GO_NO:
            return "refused", ACTIVITY_TEXTS["refused"].format(here=HERE)
        if not figures.go:
            return self._why_not(activity)
        if figures.coverage >= 1 - ENOUGH:
            return "complete", ACTIVITY_TEXTS["complete"]
        reason = "must" if arrays.go_a[activity] == GO_MUST else "partly"
        text = ACTIVITY_TEXTS[reason].format(coverage=percent(figures.coverage), scarcest=self._scarcest(activity))
        return reason, text

    def _scarcest(self, activity: int) -> str:
        arrays = self._arrays
        mine = arrays.requirements_of(activity)
        served = summed(arrays.resource_q[mine], self._served_q[mine], len(arrays.resources))
        required = summed(arrays.resource_q[mine], arrays.required_q[mine], len(arrays.resources))
        share = np.where(required > 0, served / np.where(required > 0, required, 1.0), np.inf)
        resource = int(np.argmin(share))
        return f"{self._wording.resource(resource)} ({percent(float(share[resource]))})"

    def _why_not(self, activity: int) -> Reason:
        """Why an activity that could go ahead does not: what stops it first."""
        return (
            self._stop(activity, HERE)
            or self._stop_elsewhere(activity)
            or self._nothing_can_come(activity)
            or self._held_back(activity, HERE)
            or self._left_out(activity)
        )

    def _stop(self, activity: int, here: str) -> Reason | None:
        """What keeps an activity from going ahead, whatever it is given."""
        if self._arrays.go_a[activity] == GO_NO:
            return "refused", ACTIVITY_TEXTS["refused"].format(here=here)
        return (
            self._missing_prerequisite(activity, here)
            or self._chosen_instead(activity, here)
            or self._unreachable_minimum(activity, here)
            or self._too_few_partners(activity, here)
        )

    def _stop_elsewhere(self, activity: int) -> Reason | None:
        """What stops the same initiative in another region, where it goes ahead in all its regions or in none."""
        arrays = self._arrays
        if self._key(activity)[0] not in self._together:
            return None
        mine = arrays.initiative_a == arrays.initiative_a[activity]
        others = [int(a) for a in np.flatnonzero(mine) if a != activity]
        where = {a: place(self._wording.region(int(arrays.region_a[a]))) for a in others}
        stops = (self._stop(a, where[a]) for a in sorted(others, key=lambda a: arrays.go_a[a] != GO_NO))
        held = (self._held_back(a, where[a]) for a in others if self._minimum(a) > 0)
        found = next(filter(None, stops), None) or next(filter(None, held), None)
        return (found[0], ACTIVITY_TEXTS["together"].format(because=found[1])) if found else None

    def _missing_prerequisite(self, activity: int, here: str) -> Reason | None:
        arrays = self._arrays
        if not arrays.with_key("prerequisite"):
            return None
        initiative = self._wording.initiative_rows[int(arrays.initiative_a[activity])]
        for code in initiative.prerequisites:
            before = arrays.activity_index.get((arrays.initiatives.index[code], int(arrays.region_a[activity])))
            if before is not None and not self._figures_of(before).go:
                name = self._wording.initiative(int(arrays.initiative_a[before]))
                return "prerequisite", ACTIVITY_TEXTS["prerequisite"].format(before=name, here=here)
        return None

    def _chosen_instead(self, activity: int, here: str) -> Reason | None:
        arrays = self._arrays
        group = self._wording.initiative_rows[int(arrays.initiative_a[activity])].exclusive_group
        if not group or not arrays.with_key("exclusive"):
            return None
        for other in np.flatnonzero(arrays.region_a == arrays.region_a[activity]):
            row = self._wording.initiative_rows[int(arrays.initiative_a[other])]
            if row.exclusive_group == group and self._figures_of(int(other)).go:
                return "exclusive", ACTIVITY_TEXTS["exclusive"].format(other=row.name or row.code, here=here)
        return None

    def _minimum(self, activity: int) -> float:
        return float(self._arrays.min_share_a[activity]) if self._arrays.with_key("minimum") else 0.0

    def _unreachable_minimum(self, activity: int, here: str) -> Reason | None:
        arrays, share = self._arrays, self._minimum(activity)
        if share <= 0:
            return None
        of_activity = arrays.requirements_of(activity)
        for resource in np.unique(arrays.resource_q[of_activity]):
            mine = of_activity[arrays.resource_q[of_activity] == resource]
            could_come = self.leftovers.could_come
            most = sum(min(could_come(int(q)), float(arrays.required_q[q])) for q in mine)
            most = min(most, self.leftovers.could_come_in_all(mine))
            required = float(arrays.required_q[mine].sum())
            if most < share * required * (1 - ENOUGH):
                most_text, share_text = told_apart(percent, most / required, share)
                name = self._wording.resource(int(resource))
                text = ACTIVITY_TEXTS["below_minimum"]
                return "below_minimum", text.format(minimum=share_text, most=most_text, resource=name, here=here)
        return None

    def _too_few_partners(self, activity: int, here: str) -> Reason | None:
        least, able = self.leftovers.able_partners(activity)
        return ("cap_rule", ACTIVITY_TEXTS["joint"].format(least=least, able=able, here=here)) if able < least else None

    def _nothing_can_come(self, activity: int) -> Reason | None:
        mine = self._arrays.requirements_of(activity)
        if any(self.leftovers.could_come(int(q)) > 0 for q in mine):
            return None
        return self._waterfall.stage_reason(int(mine[0]), goes_ahead=False)

    def _held_back(self, activity: int, here: str) -> Reason | None:
        """The rule that keeps what is left from an activity that does not go ahead."""
        arrays, share, leftovers = self._arrays, self._minimum(activity), self.leftovers
        mine = arrays.requirements_of(activity).tolist()
        if share > 0:
            steps = [(q, share * float(arrays.required_q[q])) for q in mine]
            if any(leftovers.left(q) < more * (1 - ENOUGH) for q, more in steps):
                return None
            found = leftovers.held_back(steps)
            return self._wording.held(found, here) if found else None
        each = [leftovers.held_back([leftovers.step(q)]) for q in mine if leftovers.left(q) > 0]
        return self._wording.held(each[0], here) if each and each[0] and all(each) else None

    def _left_out(self, activity: int) -> Reason:
        """Nothing stops it: too little is left for it, or the plan makes nothing of what is left."""
        arrays = self._arrays
        for requirement in arrays.requirements_of(activity):
            wanted = max(self._minimum(activity) * float(arrays.required_q[requirement]) * (1 - ENOUGH), ENOUGH)
            if self.leftovers.left(int(requirement)) < min(wanted, self.leftovers.could_come(int(requirement))):
                resource = int(arrays.resource_q[requirement])
                text = ACTIVITY_TEXTS["used_elsewhere"].format(
                    resource=self._wording.resource(resource),
                    payments=self._wording.payments(resource),
                    users=self._waterfall.users(int(requirement)),
                )
                return "used_elsewhere", text
        return "used_elsewhere", ACTIVITY_TEXTS["free"]

    # -- small look-ups --

    def _key(self, activity: int) -> ActivityKey:
        arrays = self._arrays
        return arrays.initiatives.codes[arrays.initiative_a[activity]], arrays.regions.codes[arrays.region_a[activity]]

    def _figures_of(self, activity: int) -> ActivityFigures:
        return self._figures[self._key(activity)]
