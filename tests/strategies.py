"""Random scenarios for property tests.

`free_scenarios()`: every table, every column, every choice, odd texts; right in their types, ranges, references and
keys, so that files must keep them exactly, but not always plannable.
`tiny_scenarios(...)`: plannable ones, small enough for brute force, with the named features of the model switched on.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from planner.cells import BLANKS, LONGEST_CODE
from planner.scenario import (
    TABLES,
    Activity,
    BaselineLine,
    Initiative,
    Objective,
    Region,
    Requirement,
    Rule,
    Scenario,
    Settings,
    Table,
)
from resources.columns import Column, Kind, columns_of
from resources.offers import DeliveryCost, Partner, Pledge, Resource, Veto

ODD_TEXTS = (
    "=1+1", "+41 22 000", "-", "@here", "\ttabbed", "=HYPERLINK(\"x\")", "_x000D_", "_x005F_x000D_", "x005F_", "#REF!",
    "#N/A", "007", "1e5", "TRUE", "yes", "2027-01-01", "1,5", " ", "  outer  ", "a\u00a0b\u00a0",
    "two\nlines", "two\r\nlines", "\r", "\x00", "\x07bell", "\x1b[31m", "\uffff", "quote \" ' `", "<b>&amp;</b>", "]]>",
    "{\"a\": 1}", "; : ;", "née",
    "مرحبا", "中文", "👩‍🚀", "\u202eright to left", "\u200b", "\ufeff",
    "NULL", "None", "nan", "0", "' OR 1=1 --", "%s%n",
)  # fmt: skip
ODD_CODES = ("007", "1", "1.0", "TRUE", "=A1", "-1", "#N/A", "UA 07", "née", "_x0041_", "1e5", "NULL", "ДА", "x" * 40)

SOME_TEXT = st.characters(exclude_categories=("Cs",))  # lone surrogates are no text that files can hold


def texts(longest: int = 40) -> st.SearchStrategy[str]:
    """Texts of every kind, the odd ones often."""
    return st.sampled_from(ODD_TEXTS) | st.text(SOME_TEXT, max_size=longest)


def codes() -> st.SearchStrategy[str]:
    """Valid codes: 1-40 characters, trimmed, without semicolon, colon and line break."""
    return st.sampled_from(ODD_CODES) | st.text(SOME_TEXT, min_size=1, max_size=LONGEST_CODE).filter(_is_code)


def _is_code(text: str) -> bool:
    return (
        bool(text.strip(BLANKS))
        and text == text.strip(BLANKS)
        and not re.search("[;:]", text)
        and (text.splitlines() == [text])
    )


# --- free scenarios ---------------------------------------------------------------------------------------------------


@st.composite
def free_scenarios(draw: st.DrawFn, most_rows: int = 3) -> Scenario:
    """Scenarios with every table and column, up to `most_rows` rows in each."""
    settings = _draw_row(draw, Settings, {}, 12)
    known: dict[str, Any] = {}
    for table in TABLES:
        known[table.name] = _draw_rows(draw, table, known, settings.periods, most_rows)
    return Scenario(settings=settings, **known)


def _draw_rows(
    draw: st.DrawFn, table: Table, known: Mapping[str, Any], periods: int, most_rows: int
) -> tuple[Any, ...]:
    if any(column.is_required and column.refers_to and not known[column.refers_to] for column in table.columns):
        return ()
    rows: list[Any] = []
    for _ in range(draw(st.integers(0, most_rows))):
        rows.append(_draw_row(draw, table.row_class, {table.name: rows} | known, periods))  # rows may name earlier ones
    keys = [column.name for column in table.key_columns]
    if table.name == "baseline":
        keys = ["pledge", "initiative", "region", "period"]  # and the resource, of which empty means the pledge's
    return tuple({tuple(getattr(row, name) for name in keys): row for row in rows}.values()) if keys else tuple(rows)


def _draw_row(draw: st.DrawFn, row_class: type[Any], known: Mapping[str, Any], periods: int) -> Any:
    columns = columns_of(row_class)
    values = {column.name: draw(_reference_or_value(column, known, periods)) for column in columns}
    names = {column.name for column in columns}
    notes = draw(_NOTES)
    return row_class(**values, extra=tuple((name, text) for name, text in notes if name.lower() not in names))


def _reference_or_value(column: Column, known: Mapping[str, Any], periods: int) -> st.SearchStrategy[Any]:
    if not column.refers_to:
        return values_of(column, periods)
    references = tuple(row.code for row in known[column.refers_to])
    if not references:
        return st.just(column.default)
    if column.kind is Kind.CODES:
        return st.lists(st.sampled_from(references), max_size=3, unique=True).map(tuple)
    return st.sampled_from(references if column.is_required else (column.default, *references))


@cache
def values_of(column: Column, periods: int = 12) -> st.SearchStrategy[Any]:
    """Every value that a column may hold, whatever codes there are."""
    empty: st.SearchStrategy[Any] = st.nothing() if column.is_required else st.just(column.default)
    match column.kind:
        case Kind.TEXT:
            return texts()
        case Kind.CODE:
            return empty | codes()
        case Kind.CODES:
            return st.lists(codes(), max_size=3, unique=True).map(tuple)
        case Kind.WHOLE:
            return empty | st.integers(int(column.minimum or 0), int(column.maximum or 50))
        case Kind.PERIOD:
            return empty | st.integers(1, periods)
        case Kind.YES_NO:
            return empty | st.booleans()
        case Kind.DATE:
            return empty | st.dates(date(1800, 1, 1), date(2500, 1, 1))
        case Kind.CHOICE:
            return empty | st.sampled_from(column.choices)
    return empty | _numbers(column)


def _numbers(column: Column) -> st.SearchStrategy[float]:
    lowest = column.minimum if column.minimum is not None else -1e12
    highest = column.maximum if column.maximum is not None else 1e12
    odd = [value for value in (0.0, 1e-9, 0.1 + 0.2, 7 / 3, 7.0, 1234567.891, 1e11) if lowest < value < highest]
    return st.sampled_from(odd or [highest]) | st.floats(lowest, highest, exclude_min=column.is_minimum_excluded)


# Notes keep the order of their names; a note without text is none.
_NOTES = st.just(()) | st.dictionaries(
    codes().filter(lambda name: name == name.strip()), texts().filter(bool), max_size=3
).map(lambda notes: tuple(sorted(notes.items())))

# --- tiny scenarios ---------------------------------------------------------------------------------------------------

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
    }
)
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
        initiatives = self._initiative_rows()
        is_linked = any(row.prerequisites or row.exclusive_group or row.together for row in initiatives)
        pairs = sorted({(row.initiative, row.region) for row in requirements})
        return Scenario(
            settings=self._settings(),
            partners=tuple(
                Partner(code=code, type="22", local=self._maybe("local_share", st.booleans(), False))
                for code in self._partners
            ),
            regions=tuple(
                Region(
                    code=code,
                    severity=self._maybe("weights", st.sampled_from((None, 1.0, 3.0)), None),
                    access=float(self._maybe("access", st.integers(0, 5), 0)),
                    people_in_need=self._maybe("weights", st.sampled_from((None, 0.0, 10.0, 30.0)), None),
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
            rules=tuple(self._rules()),
            objectives=self._objectives(),
            baseline=self._baseline(pledges, requirements),
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
        categories = self._draw(
            st.sampled_from((("funding",), ("logistics",), ("funding", "personnel"), ("logistics", "funding")))
        )
        return tuple(
            Resource(
                code=category[:1].upper(),
                category=category,
                use=self._maybe("reusable", st.sampled_from(("", "consumed", "reusable")), "consumed")
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
                quantity=self._quantity(resources[index]),
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
        return Pledge(
            code=code,
            partner=self._draw(st.sampled_from(self._partners)),
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
        return Activity(
            initiative=initiative,
            region=region,
            implementer=self._maybe("local_share", st.sampled_from(("", *self._partners)), ""),
            people=self._maybe("weights", st.sampled_from((None, 0.0, 5.0)), None),
            min_share=self._maybe("minimum", st.sampled_from((0.0, 0.5, 1.0)), 0.0),
            # A must can contradict what links initiatives: only one of both.
            go=self._maybe("go", st.sampled_from(("decide", "decide", "no" if is_linked else "must", "no")), "decide"),
        )

    def _vetoes(self) -> tuple[Veto, ...]:
        if "vetoes" not in self._features:
            return ()
        veto = st.builds(
            Veto,
            partner=st.sampled_from(self._partners),
            initiative=st.sampled_from(("", *self._initiatives)),
            region=st.sampled_from(("", *self._regions)),
            implementer=st.sampled_from(("", *self._partners)),
            reason=st.just("refused"),
        )
        return tuple(self._draw(st.lists(veto, max_size=2)))

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

    def _rules(self) -> list[Rule]:
        region = st.sampled_from(("", *(f"region:{code}" for code in self._regions)))
        choices = {
            "status": ("count_status", st.sampled_from(("pledge", "commitment", "paid")), st.just("")),
            "likelihood": ("expected", st.sampled_from(("yes", "no")), st.just("")),
            "access": ("access_limit", st.sampled_from(("0", "2", "5")), st.just("")),
            "local_share": ("local_share", st.sampled_from(("0.25", "50 %")), region),
            "coverage_floor": ("coverage_floor", st.sampled_from(("0.1", "0.3")), region),
            "pay_delivery": ("pay_delivery", st.just("yes"), st.just("")),
            "delivery_cap": ("delivery_cap", st.sampled_from(("0", "3", "8")), region),
        }
        return [
            Rule(rule=key, value=self._draw(values), scope=self._draw(scopes))
            for feature, (key, values, scopes) in choices.items()
            if feature in self._features and self._draw(st.booleans())
        ]

    def _objectives(self) -> tuple[Objective, ...]:
        keys = ("coverage", "effective", "worst_region", "delivery_cost")
        chosen = self._maybe("objectives", st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True), [])
        return tuple(
            Objective(order=order, objective=key, tolerance=self._draw(st.sampled_from((0.0, 0.0, 0.1))))
            for order, key in enumerate(chosen, 1)
        )

    def _baseline(self, pledges: tuple[Pledge, ...], requirements: tuple[Requirement, ...]) -> tuple[BaselineLine, ...]:
        if "baseline" not in self._features:
            return ()
        lines = {
            (pledge.code, row.initiative, row.region, row.period): BaselineLine(
                pledge=pledge.code,
                initiative=row.initiative,
                region=row.region,
                resource=pledge.resource,
                period=row.period,
                quantity=1.0,
            )
            for pledge in pledges
            for row in requirements
            if row.resource == pledge.resource and self._draw(st.booleans())
        }
        return tuple(lines.values())

    def _quantity(self, resource: Resource) -> float:
        if resource.is_whole:
            return float(self._draw(_SMALL))
        return self._draw(st.integers(0, 16)) / 4

    def _codes(self, letter: str, most: int) -> tuple[str, ...]:
        return tuple(f"{letter}{number}" for number in range(1, self._draw(st.integers(1, most)) + 1))

    def _maybe(self, feature: str, values: st.SearchStrategy[Any], otherwise: Any) -> Any:
        return self._draw(values) if feature in self._features else otherwise


def _some(codes: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """None of the codes (more often), or some."""
    if not codes:
        return st.just(())
    return st.just(()) | st.lists(st.sampled_from(codes), max_size=2, unique=True).map(
        lambda found: tuple(sorted(found))
    )
