"""A scenario as index maps and arrays: what the model builder reads instead of rows and codes.

Axes, in the suffix of every name:
    k resources    r regions    i initiatives    p partners    a activities (an initiative in a region)
    q requirements (an activity, a resource, a period; only quantities above 0)
    o pledges      t periods, counted from 0 here
Every axis is sorted by code, so the order of a workbook's rows never decides anything.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.rulebook import Condition, conditions, is_on
from planner.scenario import Activity, BaselineLine, Requirement, Scenario
from resources.money import rates_by_currency, usable_quantity
from resources.offers import STATUSES, Pledge
from solver.agreed_lines import NO_REQUIREMENT, AgreedLines, agreed_lines
from solver.network.delivery import DeliveryCosts

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

GO_DECIDE, GO_MUST, GO_NO = 0, 1, 2
NO_PARTNER = -1


def summed(index: Integers, amounts: Floats, count: int) -> Floats:
    """The amounts added up by index: entry i is the sum of the amounts whose index is i."""
    return np.asarray(np.bincount(index, amounts, minlength=count), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Axis:
    """The codes of one axis in order, and where each stands."""

    codes: tuple[str, ...]
    index: dict[str, int]

    @classmethod
    def of(cls, codes: list[str]) -> "Axis":
        """An axis of these codes, sorted by code point."""
        ordered = tuple(sorted(codes))
        return cls(ordered, {code: position for position, code in enumerate(ordered)})

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrays:
    """One scenario in arrays; see the module's legend for the axes. Quantities in units, money in scenario currency."""

    scenario: Scenario
    conditions: tuple[Condition, ...]
    periods: int

    resources: Axis
    regions: Axis
    initiatives: Axis
    partners: Axis
    pledges: Axis

    is_funding_k: Booleans
    is_reusable_k: Booleans
    is_whole_k: Booleans
    is_personnel_k: Booleans
    value_k: Floats  # of one unit (reusable: in one period)

    initiative_a: Integers
    region_a: Integers
    implementer_a: Integers  # partner index or NO_PARTNER
    weight_a: Floats  # w_a; 0 for activities that are `go` = no
    min_share_a: Floats
    go_a: Integers  # GO_DECIDE, GO_MUST, GO_NO
    activity_index: dict[tuple[int, int], int]  # (initiative, region) -> activity

    activity_q: Integers
    resource_q: Integers
    period_q: Integers
    required_q: Floats
    is_essential_q: Booleans
    share_q: (
        Floats  # weight of q's resource in its activity / (all weights of the activity · required over all periods)
    )
    requirement_index: dict[tuple[int, int, int], int]  # (activity, resource, period) -> requirement

    partner_o: Integers
    resource_o: Integers
    usable_o: Floats  # Q_o, after `expected`; never below what is kept of o
    first_or: Integers  # first period in which o may serve r, lead included; >= periods where it may not at all
    last_o: Integers
    opens_oa: Booleans  # earmarks on initiatives and vetoes leave activity a open to pledge o
    counts_o: Booleans  # status counts
    earmark_or: Booleans  # earmarks on regions leave r open
    earmark_oi: Booleans  # earmarks on initiatives leave i open
    veto_oa: Booleans  # vetoes leave a open
    access_or: Booleans  # `access_limit` lets it into r
    pays_or: Booleans  # funding: may pay delivery in r (region earmarks and vetoes, whatever the initiative)
    from_o: Integers  # window without lead, for payments
    agreement_o: Integers  # instalments of one pledge share a number
    mobilisation_o: Floats

    delivery: DeliveryCosts
    agreed: AgreedLines

    @property
    def region_q(self) -> Integers:
        """Region of each requirement."""
        return self.region_a[self.activity_q]

    def requirements_of(self, activity: int) -> Integers:
        """The requirements of an activity, which stand together on their axis."""
        first, last = np.searchsorted(self.activity_q, [activity, activity + 1])
        return np.arange(first, last)

    def with_key(self, key: str) -> tuple[Condition, ...]:
        """The conditions of one rule that are on."""
        return tuple(condition for condition in self.conditions if condition.key == key)

    def is_on(self, key: str) -> bool:
        """Whether a yes/no or data rule is on."""
        return any(condition.value != 0.0 for condition in self.with_key(key))


def build_arrays(scenario: Scenario) -> Arrays:
    """The arrays of a scenario that has passed its checks."""
    on = tuple(sorted(conditions(scenario), key=lambda condition: (condition.key, condition.scope)))
    resources = Axis.of([row.code for row in scenario.resources])
    regions = Axis.of([row.code for row in scenario.regions])
    initiatives = Axis.of([row.code for row in scenario.initiatives])
    partners = Axis.of([row.code for row in scenario.partners])
    pledges = Axis.of([row.code for row in scenario.pledges])
    resource_rows = sorted(scenario.resources, key=lambda row: row.code)
    needs = _Needs(scenario, resources, regions, initiatives, partners)
    offers = _Offers(scenario, on, needs, resources, regions, initiatives, partners)
    is_reusable_k = np.array([row.is_reusable for row in resource_rows], dtype=bool)

    def requirement_of(row: BaselineLine, resource: str) -> int:
        activity = needs.activity_index.get((initiatives.index[row.initiative], regions.index[row.region]))
        if activity is None:
            return NO_REQUIREMENT
        place = (activity, resources.index[resource], row.period - 1)
        return needs.requirement_index.get(place, NO_REQUIREMENT)

    agreed = agreed_lines(scenario, on, pledges.index, requirement_of)
    return Arrays(
        scenario=scenario,
        conditions=on,
        periods=scenario.settings.periods,
        resources=resources,
        regions=regions,
        initiatives=initiatives,
        partners=partners,
        pledges=pledges,
        is_funding_k=np.array([row.is_funding for row in resource_rows], dtype=bool),
        is_reusable_k=is_reusable_k,
        is_whole_k=np.array([row.is_whole for row in resource_rows], dtype=bool),
        is_personnel_k=np.array([row.category == "personnel" for row in resource_rows], dtype=bool),
        value_k=np.array([row.value_per_unit for row in resource_rows], dtype=float),
        initiative_a=needs.initiative_a,
        region_a=needs.region_a,
        implementer_a=needs.implementer_a,
        weight_a=needs.weight_a,
        min_share_a=needs.min_share_a,
        go_a=needs.go_a,
        activity_index=needs.activity_index,
        activity_q=needs.activity_q,
        resource_q=needs.resource_q,
        period_q=needs.period_q,
        required_q=needs.required_q,
        is_essential_q=needs.is_essential_q,
        share_q=needs.share_q,
        requirement_index=needs.requirement_index,
        partner_o=offers.partner_o,
        resource_o=offers.resource_o,
        usable_o=np.maximum(offers.usable_o, agreed.kept_of_pledges(is_reusable_k[offers.resource_o])),
        first_or=offers.first_or,
        last_o=offers.last_o,
        opens_oa=offers.opens_oa,
        counts_o=offers.counts_o,
        earmark_or=offers.earmark_or,
        earmark_oi=offers.earmark_oi,
        veto_oa=offers.veto_oa,
        access_or=offers.access_or,
        pays_or=offers.pays_or,
        from_o=offers.from_o,
        agreement_o=offers.agreement_o,
        mobilisation_o=offers.mobilisation_o,
        delivery=offers.delivery,
        agreed=agreed,
    )


class _Needs:
    """The demand side: activities and requirements."""

    def __init__(self, scenario: Scenario, resources: Axis, regions: Axis, initiatives: Axis, partners: Axis) -> None:
        rows = [row for row in scenario.requirements if row.quantity > 0]
        pairs = sorted({(initiatives.index[row.initiative], regions.index[row.region]) for row in rows})
        self.activity_index = {pair: position for position, pair in enumerate(pairs)}
        self.initiative_a = np.array([pair[0] for pair in pairs], dtype=np.int64)
        self.region_a = np.array([pair[1] for pair in pairs], dtype=np.int64)
        self._set_requirements(rows, resources, regions, initiatives)
        self._set_activities(scenario, regions, initiatives, partners)
        self.weight_a = self._weights(scenario, resources, regions, initiatives)

    def _set_requirements(self, rows: list[Requirement], resources: Axis, regions: Axis, initiatives: Axis) -> None:
        keyed = sorted(
            (
                (
                    (
                        self.activity_index[initiatives.index[row.initiative], regions.index[row.region]],
                        resources.index[row.resource],
                        row.period - 1,
                    ),
                    row,
                )
                for row in rows
            ),
            key=lambda item: item[0],
        )
        self.requirement_index = {key: position for position, (key, _) in enumerate(keyed)}
        self.activity_q = np.array([key[0] for key, _ in keyed], dtype=np.int64)
        self.resource_q = np.array([key[1] for key, _ in keyed], dtype=np.int64)
        self.period_q = np.array([key[2] for key, _ in keyed], dtype=np.int64)
        self.required_q = np.array([row.quantity for _, row in keyed], dtype=float)
        self.is_essential_q = np.array([row.essential for _, row in keyed], dtype=bool)
        weight_q = np.array([row.weight for _, row in keyed], dtype=float)
        cell_q = self.activity_q * max(1, len(resources)) + self.resource_q  # the (activity, resource) of q
        cells, cell_of_q = np.unique(cell_q, return_inverse=True)
        required_c = summed(cell_of_q, self.required_q, len(cells))
        weight_c = summed(cell_of_q, weight_q, len(cells)) / np.maximum(1, np.bincount(cell_of_q))
        activity_c = cells // max(1, len(resources))
        weight_of_a = summed(activity_c, weight_c, len(self.initiative_a))
        self.share_q = (weight_c / weight_of_a[activity_c] / required_c)[cell_of_q] if len(cells) else np.zeros(0)

    def _set_activities(self, scenario: Scenario, regions: Axis, initiatives: Axis, partners: Axis) -> None:
        count = len(self.initiative_a)
        self.implementer_a = np.full(count, NO_PARTNER, dtype=np.int64)
        self.min_share_a = np.zeros(count)
        self.go_a = np.full(count, GO_DECIDE, dtype=np.int64)
        self.people_a = np.full(count, np.nan)
        self.priority_a = np.ones(count)
        initiative_rows = sorted(scenario.initiatives, key=lambda row: row.code)
        region_rows = sorted(scenario.regions, key=lambda row: row.code)
        for activity in range(count):
            self.priority_a[activity] = initiative_rows[self.initiative_a[activity]].priority
            people = region_rows[self.region_a[activity]].people_in_need
            self.people_a[activity] = np.nan if people is None else people
        is_go_on = is_on(scenario, "go")
        for row in scenario.activities:
            position = self.activity_index.get((initiatives.index[row.initiative], regions.index[row.region]))
            if position is not None:
                self._set_activity(position, row, partners, is_go_on)
        self.severity_a = np.array(
            [1.0 if region_rows[r].severity is None else float(region_rows[r].severity or 1) for r in self.region_a]
        )

    def _set_activity(self, position: int, row: Activity, partners: Axis, is_go_on: bool) -> None:
        if row.implementer:
            self.implementer_a[position] = partners.index[row.implementer]
        self.min_share_a[position] = row.min_share
        if row.people is not None:
            self.people_a[position] = row.people
        if row.priority is not None:
            self.priority_a[position] = row.priority
        if is_go_on:
            self.go_a[position] = {"decide": GO_DECIDE, "must": GO_MUST, "no": GO_NO}[row.go]

    def _weights(self, scenario: Scenario, resources: Axis, regions: Axis, initiatives: Axis) -> Floats:
        """w_a = priority · severity · size; mean and median of sizes over the activities that are not `go` = no."""
        counts = self.go_a != GO_NO
        weighting = scenario.settings.weighting
        size = np.ones(len(self.go_a))
        if weighting == "requirement":
            value_k = np.array([row.value_per_unit for row in sorted(scenario.resources, key=lambda row: row.code)])
            size = summed(self.activity_q, self.required_q * value_k[self.resource_q], len(self.go_a))
        elif weighting == "people":
            size = self.people_a.copy()
        if weighting != "activity" and counts.any():
            is_known = np.nan_to_num(size) > 0
            known = size[is_known & counts]
            size = np.where(is_known, size, np.median(known) if len(known) else 1.0)
            size = size / size[counts].mean()
        weights: Floats = np.where(counts, self.priority_a * self.severity_a * size, 0.0)
        return weights


class _Offers:
    """The supply side: pledges, their windows, earmarks and vetoes."""

    def __init__(
        self,
        scenario: Scenario,
        on: tuple[Condition, ...],
        needs: _Needs,
        resources: Axis,
        regions: Axis,
        initiatives: Axis,
        partners: Axis,
    ) -> None:
        self._needs, self._regions, self._initiatives, self._partners = needs, regions, initiatives, partners
        rows = sorted(scenario.pledges, key=lambda row: row.code)
        kinds = {row.code: row for row in scenario.resources}
        periods = scenario.settings.periods
        self.partner_o = np.array([partners.index[row.partner] for row in rows], dtype=np.int64)
        self.resource_o = np.array([resources.index[row.resource] for row in rows], dtype=np.int64)
        self.from_o = np.array([(row.from_period or 1) - 1 for row in rows], dtype=np.int64)
        self.last_o = np.array([(row.to_period or periods) - 1 for row in rows], dtype=np.int64)
        self.mobilisation_o = np.array([row.mobilisation_cost for row in rows], dtype=float)
        self.agreement_o = _agreement_numbers(rows)
        self.usable_o = _usable_quantities(scenario, rows, on)
        self.delivery = DeliveryCosts(scenario, partners.codes, resources.codes, regions.codes)
        self._is_funding_o = np.array([kinds[row.resource].is_funding for row in rows], dtype=bool)
        self._set_earmarks(rows, on)
        self._set_vetoes(scenario)
        self._set_access(scenario, rows, on)
        counts_or = self.counts_o[:, None] & self.earmark_or
        self.pays_or = counts_or & self.veto_or & self._is_funding_o[:, None]
        self.opens_oa = self.earmark_oi[:, needs.initiative_a] & self.veto_oa
        lead_or = self.delivery.lead_pkr[self.partner_o, self.resource_o]
        self.first_or = np.where(counts_or & self.access_or, self.from_o[:, None] + lead_or, periods)

    def _set_earmarks(self, rows: list[Pledge], on: tuple[Condition, ...]) -> None:
        """What the pledges themselves leave open: status, regions, initiatives."""
        least = next((int(c.value or 0) for c in on if c.key == "count_status"), STATUSES.index("commitment"))
        self.counts_o = np.array([STATUSES.index(row.status) >= least for row in rows], dtype=bool)
        self.earmark_or = _open_codes(rows, self._regions, "regions")
        self.earmark_oi = _open_codes(rows, self._initiatives, "initiatives")

    def _set_vetoes(self, scenario: Scenario) -> None:
        """What the partners' vetoes leave open: activities, and regions where a veto names nothing else."""
        needs = self._needs
        self.veto_oa = np.ones((len(self.partner_o), len(needs.initiative_a)), dtype=bool)
        self.veto_or = np.ones((len(self.partner_o), len(self._regions)), dtype=bool)
        for veto in scenario.vetoes:
            if veto.with_partner:
                continue  # concerns two partners at once: the rule `apart`
            mine = np.flatnonzero(self.partner_o == self._partners.index[veto.partner])
            hit = np.ones(len(needs.initiative_a), dtype=bool)
            if veto.initiative:
                hit &= needs.initiative_a == self._initiatives.index[veto.initiative]
            if veto.region:
                hit &= needs.region_a == self._regions.index[veto.region]
            if veto.implementer:
                hit &= needs.implementer_a == self._partners.index[veto.implementer]
            self.veto_oa[np.ix_(mine, np.flatnonzero(hit))] = False
            if not (veto.initiative or veto.implementer):
                where = slice(None) if not veto.region else self._regions.index[veto.region]
                self.veto_or[mine, where] = False

    def _set_access(self, scenario: Scenario, rows: list[Pledge], on: tuple[Condition, ...]) -> None:
        """`access_limit`: logistics and personnel stay out of harder regions; a partner's limit beats its type's."""
        self.access_or = np.ones((len(rows), len(self._regions)), dtype=bool)
        limits = {(c.scope_kind, c.scope_code): c.value for c in on if c.key == "access_limit"}
        access_r = np.array([row.access for row in sorted(scenario.regions, key=lambda row: row.code)])
        type_of = {row.code: row.type for row in scenario.partners}
        for position, row in enumerate(rows):
            scopes = (("partner", row.partner), ("type", type_of[row.partner]), ("", ""))
            limit = next((limits[scope] for scope in scopes if scope in limits), None)
            if limit is not None and not self._is_funding_o[position]:
                self.access_or[position] = access_r <= limit


def _open_codes(rows: list[Pledge], axis: Axis, name: str) -> Booleans:
    """Which codes of an axis a pledge's earmark and its exclusions leave open (pledges x codes)."""
    is_open = np.ones((len(rows), len(axis)), dtype=bool)
    for position, row in enumerate(rows):
        wanted, refused = getattr(row, name), getattr(row, f"exclude_{name}")
        if wanted:
            is_open[position] = False
            is_open[position, [axis.index[code] for code in wanted]] = True
        is_open[position, [axis.index[code] for code in refused]] = False
    return is_open


def _usable_quantities(scenario: Scenario, rows: list[Pledge], on: tuple[Condition, ...]) -> Floats:
    """Q_o: usable, and with `expected` times the likelihood (whole resources to the nearest whole, halves up)."""
    rates = rates_by_currency(scenario.exchange_rates)
    kinds = {row.code: row for row in scenario.resources}
    is_expected = any(c.value for c in on if c.key == "expected")
    usable = np.array(
        [usable_quantity(row, kinds[row.resource], scenario.settings.currency, rates) for row in rows], dtype=float
    )
    if is_expected and rows:
        usable = usable * np.array([row.likelihood for row in rows])
        is_whole = np.array([kinds[row.resource].is_whole for row in rows], dtype=bool)
        usable = np.where(is_whole, np.floor(usable + 0.5 + 1e-9), usable)
    return usable


def _agreement_numbers(rows: list[Pledge]) -> Integers:
    """One number per agreement; a pledge without one has its own."""
    numbers: dict[tuple[str, str], int] = defaultdict(lambda: len(numbers))
    keys = [("agreement", row.agreement) if row.agreement else ("pledge", row.code) for row in rows]
    return np.array([numbers[key] for key in keys], dtype=np.int64)
