"""Check the lines of a plan one by one: does each make sense, and may this pledge serve that requirement."""

from collections import Counter
from collections.abc import Iterator
from math import isfinite

from planner.plan import Allocation
from resources.offers import Pledge, Veto
from solver.verify.facts import ActivityKey, Facts
from solver.verify.findings import TOLERANCE, Violation, activity_scope, number, slack
from solver.verify.ledger import Ledger

Refusal = tuple[str, str]  # rule, the end of a sentence


def check_lines(ledger: Ledger) -> Iterator[Violation]:
    """Form of every allocation line, eligibility of those that no agreement holds.

    Status and access are checked with their own rules.
    """
    yield from _check_duplicates(ledger)
    for line in ledger.allocations:
        yield from _check_form(ledger.facts, line)
    limits = {code: Limits(ledger, ledger.facts.pledges[code]) for code in ledger.used_pledges}
    for line in ledger.chosen_lines:
        for rule, refusal in limits[line.pledge].refusals(line):
            text = f"Pledge {line.pledge} gives {number(line.quantity)} {_what(ledger.facts, line)}, {refusal}."
            yield Violation(rule, _scope(line), text, line.quantity)


class Limits:
    """One pledge's limits: window, earmarks and its partner's vetoes, each place judged once."""

    def __init__(self, ledger: Ledger, pledge: Pledge) -> None:
        facts, route = ledger.facts, (pledge.partner, pledge.resource)
        start, self.last = facts.window(pledge)
        self.first = {region: start + ledger.tariff.lead_periods((*route, region)) for region in facts.regions}
        self.facts, self.pledge = facts, pledge
        # With `with_partner` a veto is the rule `apart` and stops neither partner by itself.
        self.vetoes = [row for row in facts.scenario.vetoes if row.partner == pledge.partner and not row.with_partner]
        self._places: dict[ActivityKey, tuple[Refusal, ...]] = {}

    def refusals(self, line: Allocation) -> Iterator[Refusal]:
        """Why the pledge may not serve what the line says."""
        first = self.first[line.region]
        if not first <= line.period <= self.last:
            yield "window", f"but can be there only in periods {first} to {self.last}"
        place = line.initiative, line.region
        if place not in self._places:
            self._places[place] = tuple(self._refusals_of_place(place))
        yield from self._places[place]

    def _refusals_of_place(self, place: ActivityKey) -> Iterator[Refusal]:
        initiative, region = place
        pledge = self.pledge
        if pledge.initiatives and initiative not in pledge.initiatives:
            yield "earmark", f"but is earmarked to {', '.join(map(self.facts.initiative, pledge.initiatives))}"
        if pledge.regions and region not in pledge.regions:
            yield "earmark", f"but is earmarked to {', '.join(map(self.facts.region, pledge.regions))}"
        if initiative in pledge.exclude_initiatives:
            yield "earmark", f"but excludes {self.facts.initiative(initiative)}"
        if region in pledge.exclude_regions:
            yield "earmark", f"but excludes {self.facts.region(region)}"
        implementer = self.facts.implementer(place)
        if any(self._stops(veto, place, implementer) for veto in self.vetoes):
            yield "veto", f"but {self.facts.partner(pledge.partner)} has a veto there"

    @staticmethod
    def _stops(veto: Veto, place: ActivityKey, implementer: str) -> bool:
        matches = veto.initiative in ("", place[0]) and veto.region in ("", place[1])
        return matches and (not veto.implementer or veto.implementer == implementer)


def _check_duplicates(ledger: Ledger) -> Iterator[Violation]:
    keys = Counter(
        (line.pledge, line.initiative, line.region, line.resource, line.period) for line in ledger.allocations
    )
    for (pledge, initiative, region, resource, period), count in keys.items():
        if count > 1:
            text = f"Pledge {pledge} serves {resource} for {initiative} in {region} in period {period} {count} times."
            yield Violation("line", f"pledge:{pledge} {activity_scope(initiative, region)}", text, count - 1.0)


def _check_form(facts: Facts, line: Allocation) -> Iterator[Violation]:
    """Known codes, a requirement to serve, a quantity that is a quantity."""
    pledge = facts.pledges.get(line.pledge)
    required = facts.required.get((line.initiative, line.region, line.resource, line.period))
    start = f"Pledge {line.pledge} gives {line.quantity:.6g} {_what(facts, line)}"
    if pledge is None:
        yield Violation("line", _scope(line), f"{start}, but there is no such pledge.", 1.0)
    elif line.resource != pledge.resource:
        yield Violation("resource", _scope(line), f"{start}, but is a pledge of {pledge.resource}.", 1.0)
    elif line.partner != pledge.partner:
        yield Violation("line", _scope(line), f"{start} from {line.partner}, but is of {pledge.partner}.", 1.0)
    if required is None:
        yield Violation("line", _scope(line), f"{start}, but none is required there.", 1.0)
    if not isfinite(line.quantity) or line.quantity <= 0:
        amount = -line.quantity if isfinite(line.quantity) else 1.0
        yield Violation("line", _scope(line), f"{start}, which is no quantity above 0.", amount)
        return
    if required is not None and line.quantity < TOLERANCE * required * (1 - TOLERANCE):
        yield Violation("line", _scope(line), f"{start}, too little of {number(required)} to count.", line.quantity)
    resource = facts.resources.get(line.resource)
    off = abs(line.quantity - round(line.quantity))
    if resource is not None and resource.is_whole and off > slack(0):
        yield Violation("whole", _scope(line), f"{start}, which is not a whole quantity.", off)


def _what(facts: Facts, line: Allocation) -> str:
    where = facts.place((line.initiative, line.region))
    return f"{facts.resource(line.resource)} for {where} in period {line.period}"


def _scope(line: Allocation) -> str:
    return f"pledge:{line.pledge} {activity_scope(line.initiative, line.region)}"
