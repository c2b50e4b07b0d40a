"""Why something is missing, and why an activity goes ahead or not: reason codes of the contract with a sentence each.

A gap is put down to the first stage of eligibility after which what is pledged could no longer cover the requirement
(status, window, earmark, veto, access); where enough could come, to the activity that does not go ahead, to a rule
that holds supply back, or to its use elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.plan import ActivityResult, Allocation, DeliveryPayment, Gap, RuleReport
from planner.rulebook import RULES
from resources.offers import STATUSES
from solver.arrays import GO_MUST, GO_NO, Arrays, Booleans, Integers, summed
from solver.leftovers import Leftovers
from solver.limits import HeldBack
from solver.sentences import (
    ACTIVITY_TEXTS,
    GAP_TEXTS,
    HELD_ALSO,
    HELD_TEXTS,
    HERE,
    NOTHING,
    NOTHING_PLEDGED,
    PAYMENTS,
    REST_TEXTS,
    STAGE_TEXTS,
    STATUS_TEXTS,
    listed,
    percent,
    place,
    pledges_of,
    quantity,
    told_apart,
)

STAGES = ("status", "window", "earmark", "veto", "access")
ActivityKey = tuple[str, str]
Reason = tuple[str, str]  # code and sentence
ENOUGH = 1e-6


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
        self._leftovers = Leftovers(arrays, allocations, delivery, rules)
        self._served_q = self._leftovers.served_q
        self._pledges_of = [np.flatnonzero(arrays.resource_o == k) for k in range(len(arrays.resources))]
        self._names = _Names(arrays)
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
        arrays = self._arrays
        missing_q = arrays.required_q - self._served_q
        found = []
        for requirement in np.flatnonzero(missing_q > ENOUGH * arrays.required_q):
            activity, resource = int(arrays.activity_q[requirement]), int(arrays.resource_q[requirement])
            reason, text = self._gap_reason(int(requirement))
            found.append(
                Gap(
                    *self._key(activity),
                    arrays.resources.codes[resource],
                    int(arrays.period_q[requirement]) + 1,
                    float(arrays.required_q[requirement]),
                    float(self._served_q[requirement]),
                    float(missing_q[requirement]),
                    reason,
                    text,
                )
            )
        return tuple(sorted(found, key=lambda gap: (gap.initiative, gap.region, gap.resource, gap.period)))

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
        mine = arrays.activity_q == activity
        served = summed(arrays.resource_q[mine], self._served_q[mine], len(arrays.resources))
        required = summed(arrays.resource_q[mine], arrays.required_q[mine], len(arrays.resources))
        share = np.where(required > 0, served / np.where(required > 0, required, 1.0), np.inf)
        resource = int(np.argmin(share))
        return f"{self._names.resource(resource)} ({percent(float(share[resource]))})"

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
        where = {a: place(self._names.region(int(arrays.region_a[a]))) for a in others}
        stops = (self._stop(a, where[a]) for a in sorted(others, key=lambda a: arrays.go_a[a] != GO_NO))
        held = (self._held_back(a, where[a]) for a in others if self._minimum(a) > 0)
        found = next(filter(None, stops), None) or next(filter(None, held), None)
        return (found[0], ACTIVITY_TEXTS["together"].format(because=found[1])) if found else None

    def _missing_prerequisite(self, activity: int, here: str) -> Reason | None:
        arrays = self._arrays
        if not arrays.with_key("prerequisite"):
            return None
        initiative = self._names.initiative_rows[int(arrays.initiative_a[activity])]
        for code in initiative.prerequisites:
            before = arrays.activity_index.get((arrays.initiatives.index[code], int(arrays.region_a[activity])))
            if before is not None and not self._figures_of(before).go:
                name = self._names.initiative(int(arrays.initiative_a[before]))
                return "prerequisite", ACTIVITY_TEXTS["prerequisite"].format(before=name, here=here)
        return None

    def _chosen_instead(self, activity: int, here: str) -> Reason | None:
        arrays = self._arrays
        group = self._names.initiative_rows[int(arrays.initiative_a[activity])].exclusive_group
        if not group or not arrays.with_key("exclusive"):
            return None
        for other in np.flatnonzero(arrays.region_a == arrays.region_a[activity]):
            row = self._names.initiative_rows[int(arrays.initiative_a[other])]
            if row.exclusive_group == group and self._figures_of(int(other)).go:
                return "exclusive", ACTIVITY_TEXTS["exclusive"].format(other=row.name or row.code, here=here)
        return None

    def _minimum(self, activity: int) -> float:
        return float(self._arrays.min_share_a[activity]) if self._arrays.with_key("minimum") else 0.0

    def _unreachable_minimum(self, activity: int, here: str) -> Reason | None:
        arrays, share = self._arrays, self._minimum(activity)
        if share <= 0:
            return None
        for resource in np.unique(arrays.resource_q[arrays.activity_q == activity]):
            mine = np.flatnonzero((arrays.activity_q == activity) & (arrays.resource_q == resource))
            could_come = self._leftovers.could_come
            most = sum(min(could_come(int(q)), float(arrays.required_q[q])) for q in mine)
            most = min(most, self._leftovers.could_come_in_all(mine))
            required = float(arrays.required_q[mine].sum())
            if most < share * required * (1 - ENOUGH):
                most_text, share_text = told_apart(percent, most / required, share)
                name = self._names.resource(int(resource))
                text = ACTIVITY_TEXTS["below_minimum"]
                return "below_minimum", text.format(minimum=share_text, most=most_text, resource=name, here=here)
        return None

    def _too_few_partners(self, activity: int, here: str) -> Reason | None:
        least, able = self._leftovers.able_partners(activity)
        return ("cap_rule", ACTIVITY_TEXTS["joint"].format(least=least, able=able, here=here)) if able < least else None

    def _nothing_can_come(self, activity: int) -> Reason | None:
        mine = np.flatnonzero(self._arrays.activity_q == activity)
        if any(self._leftovers.could_come(int(q)) > 0 for q in mine):
            return None
        return self._stage_reason(int(mine[0]))

    def _held_back(self, activity: int, here: str) -> Reason | None:
        """The rule that keeps what is left from an activity that does not go ahead."""
        arrays, share, leftovers = self._arrays, self._minimum(activity), self._leftovers
        mine = [int(q) for q in np.flatnonzero(arrays.activity_q == activity)]
        if share > 0:
            steps = [(q, share * float(arrays.required_q[q])) for q in mine]
            if any(leftovers.left(q) < more * (1 - ENOUGH) for q, more in steps):
                return None
            found = leftovers.held_back(steps)
            return self._held_text(found, here) if found else None
        each = [leftovers.held_back([leftovers.step(q)]) for q in mine if leftovers.left(q) > 0]
        return self._held_text(each[0], here) if each and each[0] and all(each) else None

    def _held_text(self, held: HeldBack, here: str) -> Reason:
        sentence = held.reason if held.reason != "delivery_unpaid" or held.room <= ENOUGH else "too_little_to_pay"
        if held.rule in HELD_TEXTS:
            sentence = held.rule
        elif held.partners:
            sentence = "cap_of_partners"
        room, cost = told_apart(quantity, held.room, held.cost)
        text = HELD_TEXTS[sentence].format(
            resource=self._names.resource(int(self._arrays.resource_q[held.requirement])),
            rule=RULES[held.rule].title,
            limit=quantity(held.limit),
            room=room,
            cost=cost,
            currency=self._arrays.scenario.settings.currency,
            partners=listed([self._names.partner(partner) for partner in held.partners]),
            here=here,
        )
        also = HELD_ALSO.format(rules="”, “".join(RULES[key].title for key in held.others)) if held.others else ""
        return held.reason, text + also

    def _left_out(self, activity: int) -> Reason:
        """Nothing stops it: too little is left for it, or the plan makes nothing of what is left."""
        arrays = self._arrays
        for requirement in np.flatnonzero(arrays.activity_q == activity):
            wanted = max(self._minimum(activity) * float(arrays.required_q[requirement]) * (1 - ENOUGH), ENOUGH)
            if self._leftovers.left(int(requirement)) < min(wanted, self._leftovers.could_come(int(requirement))):
                resource = int(arrays.resource_q[requirement])
                facts = {"resource": self._names.resource(resource), "payments": self._payments(resource)}
                return "used_elsewhere", ACTIVITY_TEXTS["used_elsewhere"].format(**facts)
        return "used_elsewhere", ACTIVITY_TEXTS["free"]

    # -- gaps --

    def _gap_reason(self, requirement: int) -> Reason:
        arrays, leftovers = self._arrays, self._leftovers
        activity, resource = int(arrays.activity_q[requirement]), int(arrays.resource_q[requirement])
        if arrays.go_a[activity] == GO_NO:
            return self._reasons[activity]
        stage = self._stage_reason(requirement)
        if stage is not None:
            return stage
        if not self._figures_of(activity).go:
            reason, because = self._reasons[activity]
            return reason, GAP_TEXTS["not_ahead"].format(because=because)
        name = self._names.resource(resource)
        if leftovers.left(requirement) > 0:
            held = leftovers.held_back([leftovers.step(requirement)])
            return self._held_text(held, HERE) if held else ("used_elsewhere", GAP_TEXTS["free"].format(resource=name))
        facts = {"resource": name, "payments": self._payments(resource)}
        return "used_elsewhere", GAP_TEXTS["used_elsewhere"].format(**facts)

    def _payments(self, resource: int) -> str:
        return PAYMENTS if self._leftovers.pays_delivery and self._arrays.is_funding_k[resource] else ""

    def _stage_reason(self, requirement: int) -> Reason | None:
        """The first stage after which too little of what is pledged is left for this requirement."""
        arrays, required = self._arrays, float(self._arrays.required_q[requirement])
        resource, region = int(arrays.resource_q[requirement]), int(arrays.region_q[requirement])
        if arrays.usable_o[self._pledges_of[resource]].sum() <= 0:
            return "no_supply", NOTHING_PLEDGED.format(resource=self._names.resource(resource))
        for stage, still, lost in self._stages(requirement):
            left = float(arrays.usable_o[still].sum())
            if left >= required * (1 - ENOUGH):
                continue
            left_text, required_text = told_apart(quantity, left, required)
            text = STAGE_TEXTS[stage].format(
                left=left_text,
                required=required_text,
                resource=self._names.resource(resource),
                who=self._whose(lost),
                region=self._names.region(region),
                access=f"{self._names.region_rows[region].access:g}",
                status=STATUS_TEXTS[self._least_status()],
            )
            return stage, text + self._rest(requirement, left)
        return None

    def _stages(self, requirement: int) -> Iterator[tuple[str, Integers, Integers]]:
        """Stage by stage, the pledges that are still open to a requirement and those that the stage closed."""
        arrays = self._arrays
        activity, period = int(arrays.activity_q[requirement]), int(arrays.period_q[requirement])
        still = self._pledges_of[int(arrays.resource_q[requirement])]
        still = still[arrays.usable_o[still] > 0]
        yield "no_supply", still, still
        for stage in STAGES:
            passing = _passes(arrays, stage, still, activity, period)
            yield stage, still[passing], still[~passing]
            still = still[passing]

    def _rest(self, requirement: int, left: float) -> str:
        """What becomes of that which a stage leaves, where not all of it comes."""
        arrays, leftovers = self._arrays, self._leftovers
        allocated, most = float(self._served_q[requirement]), leftovers.could_come(requirement)
        text = ""
        if most < left * (1 - ENOUGH):
            text = REST_TEXTS["limits"].format(most=told_apart(quantity, most, left)[0])
        if allocated >= most * (1 - ENOUGH):
            return text
        because = ""
        if not self._figures_of(int(arrays.activity_q[requirement])).go:
            rest = "not_ahead"
        elif leftovers.left(requirement) > 0:
            held = leftovers.held_back([leftovers.step(requirement)])
            rest, because = ("held", self._held_text(held, HERE)[1]) if held else ("free", "")
        else:
            rest = "used" if allocated > 0 else "all_used"
        shown = told_apart(quantity, allocated, most)[0] if allocated > 0 else NOTHING
        payments = self._payments(int(arrays.resource_q[requirement]))
        return text + REST_TEXTS[rest].format(allocated=shown, payments=payments, because=because)

    def _least_status(self) -> str:
        """The status from which pledges count."""
        on = self._arrays.with_key("count_status")
        return STATUSES[int(on[0].value or 0)] if on else "commitment"

    def _whose(self, pledges: Integers) -> str:
        """The partners of these pledges, the largest first."""
        arrays = self._arrays
        amount: dict[int, float] = {}
        for pledge in pledges:
            partner = int(arrays.partner_o[pledge])
            amount[partner] = amount.get(partner, 0.0) + float(arrays.usable_o[pledge])
        ordered = sorted(amount, key=lambda partner: (-amount[partner], partner))
        return pledges_of([self._names.partner(partner) for partner in ordered], len(pledges))

    # -- small look-ups --

    def _key(self, activity: int) -> ActivityKey:
        arrays = self._arrays
        return arrays.initiatives.codes[arrays.initiative_a[activity]], arrays.regions.codes[arrays.region_a[activity]]

    def _figures_of(self, activity: int) -> ActivityFigures:
        return self._figures[self._key(activity)]


class _Names:
    """Rows and names by index."""

    def __init__(self, arrays: Arrays) -> None:
        scenario = arrays.scenario
        self.initiative_rows = sorted(scenario.initiatives, key=lambda row: row.code)
        self.region_rows = sorted(scenario.regions, key=lambda row: row.code)
        self._partner_rows = sorted(scenario.partners, key=lambda row: row.code)
        self._resource_rows = sorted(scenario.resources, key=lambda row: row.code)

    def partner(self, index: int) -> str:
        row = self._partner_rows[index]
        return row.name or row.code

    def initiative(self, index: int) -> str:
        row = self.initiative_rows[index]
        return row.name or row.code

    def region(self, index: int) -> str:
        row = self.region_rows[index]
        return row.name or row.code

    def resource(self, index: int) -> str:
        row = self._resource_rows[index]
        return row.name or row.code


def _passes(arrays: Arrays, stage: str, pledges: Integers, activity: int, period: int) -> Booleans:
    """Which of these pledges pass one stage of eligibility for an activity in a period."""
    region, initiative = arrays.region_a[activity], arrays.initiative_a[activity]
    match stage:
        case "status":
            passing = arrays.counts_o[pledges]
        case "window":
            lead = arrays.delivery.lead_pkr[arrays.partner_o[pledges], arrays.resource_o[pledges], region]
            passing = (arrays.from_o[pledges] + lead <= period) & (arrays.last_o[pledges] >= period)
        case "earmark":
            passing = arrays.earmark_or[pledges, region] & arrays.earmark_oi[pledges, initiative]
        case "veto":
            passing = arrays.veto_oa[pledges, activity]
        case _:
            passing = arrays.access_or[pledges, region]
    return np.asarray(passing, dtype=bool)
