"""Random scenarios that can be planned, small enough to go through every plan, for property tests."""

from collections.abc import Collection
from datetime import date
from typing import Any

from hypothesis import strategies as st

from planner.rulebook import OBJECTIVES
from planner.scenario import (
    Activity,
    BaselineLine,
    Initiative,
    Objective,
    Region,
    Requirement,
    Rule,
    Scenario,
    Settings,
)
from resources.money import usable_quantity
from resources.offers import DeliveryCost, Partner, Pledge, Resource, Veto

FEATURES = frozenset(
    {
        "fractions",  # resources that are not whole, quantities with decimals
        "reusable",  # a resource that serves again in every period
        "money",  # overheads, and pledges in another currency
        "earmarks",
        "windows",
        "status",  # pledges that are only announced, or paid already; count_status
        "likelihood",  # with the rule expected
        "vetoes",
        "weights",  # priorities, severities, weights of resources, inessential requirements, weighting
        "minimum",
        "go",
        "prerequisite",
        "exclusive",
        "together",
        "access",  # with access_limit
        "local_share",
        "coverage_floor",
        "delivery",  # unit and fixed costs, lead periods, mobilisation costs
        "pay_delivery",  # needs delivery
        "delivery_cap",  # needs delivery
        "baseline",
        "objectives",
        # Rules and objectives by their keys, with all that they read.
        "joint",
        "apart",
        "keep",
        "frozen_until",
        "implementer_share",
        "implementer_cap",
        "partner_type_share",
        "language_share",
        "burden_cap",
        "max_activities",
        "min_contribution",
        "max_contribution",
        "single_source",
        "stability",
        "starts",
        "burden",
    }
)
_ALONE = frozenset({"coverage", "effective", "worst_region", "delivery_cost"})  # objectives that need no data
_TYPES = ("21", "22")
_SMALL = st.integers(0, 4)


@st.composite
def tiny_scenarios(draw: st.DrawFn, features: Collection[str] = FEATURES, most_periods: int = 2) -> Scenario:
    """1-3 partners, initiatives, resources; 1-2 regions and periods; small quantities; no errors in it.

    `features`: parts of the model to use, of FEATURES; none: supply, requirement and coverage alone.
    """
    assert set(features) <= FEATURES, set(features) - FEATURES
    return _Tiny(draw, frozenset(features), most_periods).scenario()


class _Tiny:
    """Draws one tiny scenario, table by table."""

    def __init__(self, draw: st.DrawFn, features: frozenset[str], most_periods: int) -> None:
        self._draw = draw
        self._features = features
        self._periods = draw(st.integers(1, most_periods))
        self._initiatives = self._codes("I", 3)
        self._regions = self._codes("R", 2)
        self._partners = self._codes("P", 3)

    def scenario(self) -> Scenario:
        resources = self._resources()
        requirements = self._requirements(resources)
        pledges = self._pledges(resources)
        baseline = self._baseline(pledges, requirements, {row.code: row for row in resources})
        initiatives = self._initiative_rows()
        is_linked = any(row.prerequisites or row.exclusive_group or row.together for row in initiatives)
        pairs = sorted({(row.initiative, row.region) for row in requirements})
        return Scenario(
            settings=self._settings(),
            partners=self._partner_rows(),
            regions=tuple(
                Region(
                    code=code,
                    severity=self._maybe("weights", st.sampled_from((None, 1.0, 3.0)), None),
                    access=float(self._maybe("access", st.integers(0, 5), 0)),
                    people_in_need=self._maybe("weights", st.sampled_from((None, 0.0, 10.0, 30.0)), None),
                    languages=self._maybe("language_share", st.sampled_from(((), ("SOM",), ("amh", "som"))), ()),
                )
                for code in self._regions
            ),
            initiatives=initiatives,
            resources=resources,
            pledges=pledges,
            requirements=requirements,
            activities=tuple(self._activity(*pair, is_linked=is_linked) for pair in pairs if self._draw(st.booleans())),
            vetoes=self._vetoes(),
            delivery_costs=self._delivery_costs(resources),
            rules=tuple(self._rules(resources)),
            objectives=self._objectives(),
            baseline=baseline,
        )

    def _partner_rows(self) -> tuple[Partner, ...]:
        fair = [
            self._maybe({"burden_cap", "burden"}, st.sampled_from((None, 0.0, 0.25, 0.5)), None) for _ in self._partners
        ]
        if not any(fair):
            fair = [None if share is None else 1.0 for share in fair]  # not all of them 0
        return tuple(
            Partner(
                code=code,
                type=self._maybe({"implementer_share", "partner_type_share"}, st.sampled_from(_TYPES), "22"),
                local=self._maybe("local_share", st.booleans(), False),
                fair_share=share,
            )
            for code, share in zip(self._partners, fair, strict=True)
        )

    def _settings(self) -> Settings:
        weightings = st.sampled_from(("activity", "requirement", "people"))
        return Settings(
            title="Tiny",
            start=date(2027, 1, 1),
            periods=self._periods,
            weighting=self._maybe("weights", weightings, "activity"),
        )

    def _resources(self) -> tuple[Resource, ...]:
        personnel = [("personnel",), ("funding", "personnel")]
        others = [("funding",), ("logistics",), ("funding", "personnel"), ("logistics", "funding")]
        is_manned = not self._features.isdisjoint({"language_share", "starts"})
        categories = self._draw(st.sampled_from(personnel if is_manned else others))
        return tuple(
            Resource(
                code=category[:1].upper(),
                category=category,
                use=self._maybe({"reusable", "starts"}, st.sampled_from(("", "consumed", "reusable")), "consumed")
                if category != "funding"
                else "",
                whole=self._maybe("fractions", st.booleans(), True),
                unit_value=None if category == "funding" else float(self._draw(st.integers(0, 2))),
            )
            for category in categories
        )

    def _requirements(self, resources: tuple[Resource, ...]) -> tuple[Requirement, ...]:
        keys = [
            (initiative, region, index, period)
            for initiative in self._initiatives
            for region in self._regions
            for index in range(len(resources))
            for period in range(1, self._periods + 1)
        ]
        chosen = self._draw(st.lists(st.sampled_from(keys), min_size=1, max_size=6, unique=True))
        return tuple(
            Requirement(
                initiative=initiative,
                region=region,
                resource=resources[index].code,
                period=period,
                quantity=self._quantity(resources[index]) * self._maybe("joint", st.sampled_from((1, 1, 30)), 1),
                weight=self._maybe("weights", st.sampled_from((1.0, 2.0)), 1.0),
                essential=self._maybe("weights", st.booleans(), True),
            )
            for initiative, region, index, period in sorted(chosen)
        )

    def _pledges(self, resources: tuple[Resource, ...]) -> tuple[Pledge, ...]:
        return tuple(self._pledge(f"O{number}", resources) for number in range(1, self._draw(st.integers(1, 4)) + 1))

    def _pledge(self, code: str, resources: tuple[Resource, ...]) -> Pledge:
        resource = self._draw(st.sampled_from(resources))
        first = self._maybe("windows", st.none() | st.integers(1, self._periods), None)
        last = self._maybe("windows", st.none() | st.integers(first or 1, self._periods), None)
        is_foreign = resource.is_funding and self._maybe("money", st.booleans(), False)
        partner = self._draw(st.sampled_from(self._partners))
        return Pledge(
            code=code,
            partner=partner,
            resource=resource.code,
            quantity=self._quantity(resource),
            currency="EUR" if is_foreign else "",
            rate=0.5 if is_foreign else None,
            overhead=self._maybe("money", st.sampled_from((0.0, 0.5)), 0.0) if resource.is_funding else 0.0,
            from_period=first,
            to_period=last,
            status=self._maybe("status", st.sampled_from(("pledge", "commitment", "paid")), "commitment"),
            likelihood=self._maybe("likelihood", st.sampled_from((0.0, 0.5, 1.0)), 1.0),
            initiatives=self._maybe("earmarks", _some(self._initiatives), ()),
            regions=self._maybe("earmarks", _some(self._regions), ()),
            exclude_initiatives=(),
            exclude_regions=(),
            languages=self._maybe("language_share", st.sampled_from(((), ("som",), ("eng", "AMH"))), ()),
            agreement=self._maybe("single_source", st.sampled_from(("", f"{partner} {resource.code}")), ""),
            mobilisation_cost=float(self._maybe("delivery", st.sampled_from((0, 0, 3)), 0)),
        )

    def _initiative_rows(self) -> tuple[Initiative, ...]:
        return tuple(
            Initiative(
                code=code,
                priority=self._maybe("weights", st.sampled_from((1.0, 2.0)), 1.0),
                # Only earlier ones: no cycles.
                prerequisites=self._maybe("prerequisite", _some(self._initiatives[:index]), ()),
                exclusive_group=self._maybe("exclusive", st.sampled_from(("", "G")), ""),
                together=self._maybe("together", st.booleans(), False),
            )
            for index, code in enumerate(self._initiatives)
        )

    def _activity(self, initiative: str, region: str, *, is_linked: bool) -> Activity:
        reading_implementer = {"local_share", "implementer_share", "implementer_cap"}
        return Activity(
            initiative=initiative,
            region=region,
            implementer=self._maybe(reading_implementer, st.sampled_from(("", *self._partners)), ""),
            people=self._maybe("weights", st.sampled_from((None, 0.0, 5.0)), None),
            min_share=self._maybe("minimum", st.sampled_from((0.0, 0.5, 1.0)), 0.0),
            min_partners=self._maybe("joint", st.integers(0, len(self._partners)), 0),
            # A must can contradict what links initiatives: only one of both.
            go=self._maybe("go", st.sampled_from(("decide", "decide", "no" if is_linked else "must", "no")), "decide"),
        )

    def _vetoes(self) -> tuple[Veto, ...]:
        place = {
            "initiative": st.sampled_from(("", *self._initiatives)),
            "region": st.sampled_from(("", *self._regions)),
            "reason": st.just("refused"),
        }
        partners = st.sampled_from(self._partners)
        veto = st.builds(Veto, partner=partners, **place, implementer=st.just("") | partners)
        found: list[Veto] = self._maybe("vetoes", st.lists(veto, max_size=2), [])
        if len(self._partners) > 1:
            apart = st.builds(Veto, partner=partners, **place, with_partner=partners)
            apart = apart.filter(lambda row: row.partner != row.with_partner)
            found = [*found, *self._maybe("apart", st.lists(apart, min_size=1, max_size=2), [])]
        return tuple(found)

    def _delivery_costs(self, resources: tuple[Resource, ...]) -> tuple[DeliveryCost, ...]:
        if "delivery" not in self._features:
            return ()
        row = st.builds(
            DeliveryCost,
            partner=st.sampled_from(("", *self._partners)),
            resource=st.sampled_from(("", *(resource.code for resource in resources))),
            region=st.sampled_from(("", *self._regions)),
            cost_per_unit=st.sampled_from((None, 0.0, 1.0)),
            fixed_cost=st.sampled_from((None, 0.0, 2.0)),
            lead_periods=st.sampled_from((None, 0, 1)),
        )
        rows = self._draw(
            st.lists(row, max_size=3, unique_by=lambda found: (found.partner, found.resource, found.region))
        )
        return tuple(rows)

    def _rules(self, resources: tuple[Resource, ...]) -> list[Rule]:
        region = ("", *(f"region:{code}" for code in self._regions))
        partner = ("", *(f"partner:{code}" for code in self._partners))
        kind = tuple(f"type:{code}" for code in _TYPES)
        most = ("3", "4") if "min_contribution" in self._features else ("1", "2.5", "4")  # never below the least
        choices: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
            "status": ("count_status", ("pledge", "commitment", "paid"), ("",)),
            "likelihood": ("expected", ("yes", "no"), ("",)),
            "access": ("access_limit", ("0", "2", "5"), ("",)),
            "local_share": ("local_share", ("0.25", "50 %"), region),
            "coverage_floor": ("coverage_floor", ("0.1", "0.3"), region),
            "pay_delivery": ("pay_delivery", ("yes",), ("",)),
            "delivery_cap": ("delivery_cap", ("0", "3", "8"), region),
            "frozen_until": ("frozen_until", tuple(str(period) for period in range(1, self._periods + 1)), ("",)),
            "implementer_share": ("implementer_share", ("0.3", "0.5"), kind),
            "implementer_cap": ("implementer_cap", ("0", "1.5", "3"), partner[1:]),
            "partner_type_share": ("partner_type_share", ("0.3", "0.5"), kind),
            "language_share": ("language_share", ("0.5", "1"), region),
            "burden_cap": ("burden_cap", ("1", "1.3", "2"), ("",)),
            "max_activities": ("max_activities", ("0", "1", "2"), partner),
            "min_contribution": ("min_contribution", ("1.5", "3"), partner),
            "max_contribution": ("max_contribution", most, partner),
            "single_source": ("single_source", ("yes", "yes", "no"), ("", *(f"resource:{k.code}" for k in resources))),
        }
        rules: list[Rule] = []
        for feature, (key, values, scopes) in choices.items():
            # A rule may stand in several rows with different scopes: all of them hold.
            rows = st.lists(st.sampled_from(scopes), max_size=2, unique=True)
            for scope in self._maybe(feature, rows, []):
                rules.append(Rule(rule=key, value=self._draw(st.sampled_from(values)), scope=scope))
        if self._maybe("keep", st.sampled_from((False, False, False, True)), False):
            rules.append(Rule(rule="keep", on=False))
        return rules

    def _objectives(self) -> tuple[Objective, ...]:
        keys = sorted(_ALONE | (set(OBJECTIVES) & self._features))
        chosen = self._maybe("objectives", st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True), [])
        return tuple(
            Objective(order=order, objective=key, tolerance=self._draw(st.sampled_from((0.0, 0.0, 0.1))))
            for order, key in enumerate(chosen, 1)
        )

    def _baseline(
        self, pledges: tuple[Pledge, ...], requirements: tuple[Requirement, ...], resources: dict[str, Resource]
    ) -> tuple[BaselineLine, ...]:
        """Lines that a plan can hold: together they exceed neither their requirement nor their pledge."""
        if self._features.isdisjoint({"baseline", "keep", "frozen_until", "stability"}):
            return ()
        lines: list[BaselineLine] = []
        unmet = {(row.initiative, row.region, row.resource, row.period): row.quantity for row in requirements}
        for pledge in pledges:
            resource = resources[pledge.resource]
            usable = usable_quantity(pledge, resource, "USD", {})
            unused = dict.fromkeys(range(self._periods + 1), usable)  # by period; 0: all periods, of what is consumed
            for row in requirements:
                if row.resource != resource.code or not self._draw(st.booleans()):
                    continue
                need = (row.initiative, row.region, row.resource, row.period)
                period = row.period if resource.is_reusable else 0
                quantity = float(self._draw(st.integers(0, int(min(unmet[need], unused[period])))))
                unmet[need] -= quantity
                unused[period] -= quantity
                lines.append(
                    BaselineLine(
                        pledge=pledge.code,
                        initiative=row.initiative,
                        region=row.region,
                        resource=row.resource,
                        period=row.period,
                        quantity=quantity,
                        keep=self._maybe("keep", st.booleans(), False),
                    )
                )
        return tuple(lines)

    def _quantity(self, resource: Resource) -> float:
        if resource.is_whole:
            return float(self._draw(_SMALL))
        return self._draw(st.integers(0, 16)) / 4

    def _codes(self, letter: str, most: int) -> tuple[str, ...]:
        return tuple(f"{letter}{number}" for number in range(1, self._draw(st.integers(1, most)) + 1))

    def _maybe(self, features: str | set[str], values: st.SearchStrategy[Any], otherwise: Any) -> Any:
        """A value where the feature, or one of them, is asked for."""
        wanted = {features} if isinstance(features, str) else features
        return otherwise if self._features.isdisjoint(wanted) else self._draw(values)


def _some(codes: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """None of the codes (more often), or some."""
    if not codes:
        return st.just(())
    return st.just(()) | st.lists(st.sampled_from(codes), max_size=2, unique=True).map(
        lambda found: tuple(sorted(found))
    )
