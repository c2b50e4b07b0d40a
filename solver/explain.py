"""Why something is missing, and why an activity goes ahead or not: reason codes of the contract with a sentence each.

A gap is put down to the first stage of eligibility after which what is pledged could no longer cover the requirement
(status, window, earmark, veto, access); where enough could come, to the activity that does not go ahead, to a rule
that holds supply back, or to its use elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.plan import ActivityResult, Allocation, DeliveryPayment, Gap, RuleReport
from planner.rulebook import RULES
from solver.arrays import GO_MUST, GO_NO, Arrays, Booleans, Integers, summed
from solver.rules.shares import local_activities
from solver.sentences import (
    ACTIVITY_TEXTS,
    GAP_TEXTS,
    NOTHING_PLEDGED,
    percent,
    pledges_of,
    quantity,
    stage_text,
)

STAGES = ("status", "window", "earmark", "veto", "access")
ActivityKey = tuple[str, str]
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
        self._binding = {report.rule for report in rules if report.state == "binding"}
        self._stages = _stage_masks(arrays)
        self._is_local = local_activities(arrays)
        self._pledges_of = [np.flatnonzero(arrays.resource_o == k) for k in range(len(arrays.resources))]
        self._served_q = np.zeros(len(arrays.required_q))
        self._used_ot = np.zeros((len(arrays.partner_o), arrays.periods))
        for line in allocations:
            pledge = arrays.pledges.index[line.pledge]
            self._served_q[self._requirement(line)] += line.quantity
            self._used_ot[pledge, line.period - 1] += line.quantity
        for payment in delivery:
            self._used_ot[arrays.pledges.index[payment.pledge], payment.period - 1] += payment.quantity
        self._names = _Names(arrays)

    def activities(self) -> tuple[ActivityResult, ...]:
        """One line per activity: goes ahead or not, and why."""
        arrays, found = self._arrays, []
        for activity in range(len(arrays.go_a)):
            key = self._key(activity)
            figures = self._figures[key]
            reason, text = self._activity_reason(activity, figures)
            found.append(ActivityResult(*key, figures.go, figures.coverage, figures.effective, reason, text))
        return tuple(sorted(found, key=lambda result: (result.initiative, result.region)))

    def gaps(self) -> tuple[Gap, ...]:
        """Every requirement with something missing, also of activities that do not go ahead."""
        arrays = self._arrays
        missing_q = arrays.required_q - self._served_q
        found = []
        reasons = {a: self._activity_reason(a, self._figures[self._key(a)]) for a in range(len(arrays.go_a))}
        for requirement in np.flatnonzero(missing_q > ENOUGH * arrays.required_q):
            activity, resource = int(arrays.activity_q[requirement]), int(arrays.resource_q[requirement])
            reason, text = self._gap_reason(int(requirement), reasons[activity])
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

    def _activity_reason(self, activity: int, figures: ActivityFigures) -> tuple[str, str]:
        arrays = self._arrays
        if arrays.go_a[activity] == GO_NO:
            return "refused", ACTIVITY_TEXTS["refused"]
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

    def _why_not(self, activity: int) -> tuple[str, str]:
        """Why an activity that could go ahead does not: what stops it first."""
        return (
            self._missing_prerequisite(activity)
            or self._chosen_instead(activity)
            or self._unreachable_minimum(activity)
            or self._nothing_can_come(activity)
            or ("used_elsewhere", ACTIVITY_TEXTS["used_elsewhere"])
        )

    def _missing_prerequisite(self, activity: int) -> tuple[str, str] | None:
        arrays = self._arrays
        if not arrays.with_key("prerequisite"):
            return None
        initiative = self._names.initiative_rows[int(arrays.initiative_a[activity])]
        for code in initiative.prerequisites:
            before = arrays.activity_index.get((arrays.initiatives.index[code], int(arrays.region_a[activity])))
            if before is not None and not self._figures[self._key(before)].go:
                text = ACTIVITY_TEXTS["prerequisite"].format(
                    before=self._names.initiative(int(arrays.initiative_a[before]))
                )
                return "prerequisite", text
        return None

    def _chosen_instead(self, activity: int) -> tuple[str, str] | None:
        arrays = self._arrays
        group = self._names.initiative_rows[int(arrays.initiative_a[activity])].exclusive_group
        if not group or not arrays.with_key("exclusive"):
            return None
        for other in np.flatnonzero(arrays.region_a == arrays.region_a[activity]):
            row = self._names.initiative_rows[int(arrays.initiative_a[other])]
            if row.exclusive_group == group and self._figures[self._key(int(other))].go:
                return "exclusive", ACTIVITY_TEXTS["exclusive"].format(other=row.name or row.code)
        return None

    def _unreachable_minimum(self, activity: int) -> tuple[str, str] | None:
        arrays = self._arrays
        share = float(arrays.min_share_a[activity])
        if share <= 0 or not arrays.with_key("minimum"):
            return None
        for resource in np.unique(arrays.resource_q[arrays.activity_q == activity]):
            mine = np.flatnonzero((arrays.activity_q == activity) & (arrays.resource_q == resource))
            most = sum(min(self._could_come(int(q)), float(arrays.required_q[q])) for q in mine)
            most = min(most, self._could_come_in_all(mine))
            required = float(arrays.required_q[mine].sum())
            if most < share * required * (1 - ENOUGH):
                text = ACTIVITY_TEXTS["below_minimum"].format(
                    minimum=percent(share), most=percent(most / required), resource=self._names.resource(int(resource))
                )
                return "below_minimum", text
        return None

    def _nothing_can_come(self, activity: int) -> tuple[str, str] | None:
        arrays = self._arrays
        mine = np.flatnonzero(arrays.activity_q == activity)
        if any(self._could_come(int(q)) > 0 for q in mine):
            return None
        return self._stage_reason(int(mine[0]))

    # -- gaps --

    def _gap_reason(self, requirement: int, activity_reason: tuple[str, str]) -> tuple[str, str]:
        arrays = self._arrays
        activity, resource = int(arrays.activity_q[requirement]), int(arrays.resource_q[requirement])
        if arrays.go_a[activity] == GO_NO:
            return activity_reason
        stage = self._stage_reason(requirement)
        if stage is not None:
            return stage
        if not self._figures[self._key(activity)].go:
            reason, because = activity_reason
            return reason, GAP_TEXTS["not_ahead"].format(because=because)
        name = self._names.resource(resource)
        if self._is_some_left(requirement):
            held_back = self._holding_rule(activity, resource)
            if held_back is not None:
                reason, rule = held_back
                return reason, GAP_TEXTS[reason].format(resource=name, rule=RULES[rule].title)
        return "used_elsewhere", GAP_TEXTS["used_elsewhere"].format(resource=name)

    def _holding_rule(self, activity: int, resource: int) -> tuple[str, str] | None:
        """The rule that keeps supply away from an activity although some is left."""
        arrays = self._arrays
        if "local_share" in self._binding and arrays.is_funding_k[resource] and not self._is_local[activity]:
            return "share_rule", "local_share"
        costs = (
            arrays.delivery.cost_pkr[:, resource, arrays.region_a[activity]].any()
            or (arrays.delivery.charge_pkr[:, resource, arrays.region_a[activity]] >= 0).any()
        )
        if costs and "delivery_cap" in self._binding:
            return "cap_rule", "delivery_cap"
        if costs and arrays.is_on("pay_delivery"):
            return "delivery_unpaid", "pay_delivery"
        return None

    def _stage_reason(self, requirement: int) -> tuple[str, str] | None:
        """The first stage after which too little of what is pledged is left for this requirement."""
        arrays, required = self._arrays, float(self._arrays.required_q[requirement])
        resource = int(arrays.resource_q[requirement])
        pledges = self._pledges_of[resource]
        offered = arrays.usable_o[pledges]
        name = self._names.resource(resource)
        if offered.sum() <= 0:
            return "no_supply", NOTHING_PLEDGED.format(resource=name)
        facts = {"required": quantity(required), "resource": name, "who": "", "region": "", "access": ""}
        open_now = np.ones(len(pledges), dtype=bool)
        if offered.sum() < required * (1 - ENOUGH):
            return "no_supply", stage_text("no_supply", left=quantity(float(offered.sum())), **facts)
        activity, period = int(arrays.activity_q[requirement]), int(arrays.period_q[requirement])
        for stage in STAGES:
            still = open_now & self._stages.passes(stage, pledges, activity, period)
            if offered[still].sum() < required * (1 - ENOUGH):
                lost = pledges[open_now & ~still & (offered > 0)]
                facts["who"] = self._whose(lost)
                facts["region"] = self._names.region(int(arrays.region_a[activity]))
                facts["access"] = f"{self._names.region_rows[int(arrays.region_a[activity])].access:g}"
                return stage, stage_text(stage, left=quantity(float(offered[still].sum())), **facts)
            open_now = still
        return None

    def _whose(self, pledges: Integers) -> str:
        """The partners of these pledges, the largest first."""
        arrays = self._arrays
        amount: dict[int, float] = {}
        for pledge in pledges:
            partner = int(arrays.partner_o[pledge])
            amount[partner] = amount.get(partner, 0.0) + float(arrays.usable_o[pledge])
        ordered = sorted(amount, key=lambda partner: (-amount[partner], partner))
        return pledges_of([self._names.partner(partner) for partner in ordered], len(pledges))

    def _eligible(self, requirement: int) -> Integers:
        arrays = self._arrays
        pledges: Integers = self._pledges_of[int(arrays.resource_q[requirement])]
        activity, period = int(arrays.activity_q[requirement]), int(arrays.period_q[requirement])
        is_open: Booleans = (
            arrays.opens_oa[pledges, activity]
            & (arrays.first_or[pledges, arrays.region_a[activity]] <= period)
            & (arrays.last_o[pledges] >= period)
        )
        return np.asarray(pledges[is_open])

    def _could_come(self, requirement: int) -> float:
        return float(self._arrays.usable_o[self._eligible(requirement)].sum())

    def _could_come_in_all(self, requirements: Integers) -> float:
        """What all eligible pledges together could bring over these requirements of one resource."""
        arrays = self._arrays
        if arrays.is_reusable_k[arrays.resource_q[requirements[0]]]:
            return float("inf")
        eligible = {int(o) for q in requirements for o in self._eligible(int(q))}
        return float(sum(arrays.usable_o[o] for o in eligible))

    def _is_some_left(self, requirement: int) -> bool:
        arrays = self._arrays
        pledges = self._eligible(requirement)
        if arrays.is_reusable_k[arrays.resource_q[requirement]]:
            used = self._used_ot[pledges, arrays.period_q[requirement]]
        else:
            used = self._used_ot[pledges].sum(axis=1)
        left = arrays.usable_o[pledges] - used
        return bool((left > 1e-6 * np.maximum(1.0, arrays.usable_o[pledges])).any())

    # -- small look-ups --

    def _key(self, activity: int) -> ActivityKey:
        arrays = self._arrays
        return arrays.initiatives.codes[arrays.initiative_a[activity]], arrays.regions.codes[arrays.region_a[activity]]

    def _requirement(self, line: Allocation) -> int:
        arrays = self._arrays
        activity = arrays.activity_index[arrays.initiatives.index[line.initiative], arrays.regions.index[line.region]]
        return arrays.requirement_index[activity, arrays.resources.index[line.resource], line.period - 1]


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


@dataclass(frozen=True, slots=True)
class _StageMasks:
    """Which pledges pass each stage of eligibility by itself."""

    arrays: Arrays
    status_o: Booleans
    earmark_or: Booleans
    earmark_oi: Booleans
    veto_oa: Booleans
    access_or: Booleans

    def passes(self, stage: str, pledges: Integers, activity: int, period: int) -> Booleans:
        """Which of these pledges pass one stage for an activity in a period."""
        arrays = self.arrays
        region, initiative = arrays.region_a[activity], arrays.initiative_a[activity]
        match stage:
            case "status":
                passing = self.status_o[pledges]
            case "window":
                lead = arrays.delivery.lead_pkr[arrays.partner_o[pledges], arrays.resource_o[pledges], region]
                passing = (arrays.from_o[pledges] + lead <= period) & (arrays.last_o[pledges] >= period)
            case "earmark":
                passing = self.earmark_or[pledges, region] & self.earmark_oi[pledges, initiative]
            case "veto":
                passing = self.veto_oa[pledges, activity]
            case _:
                passing = self.access_or[pledges, region]
        return np.asarray(passing, dtype=bool)


def _stage_masks(arrays: Arrays) -> _StageMasks:
    return _StageMasks(
        arrays,
        arrays.counts_o,
        arrays.earmark_or,
        arrays.earmark_oi,
        arrays.veto_oa,
        arrays.access_or,
    )
