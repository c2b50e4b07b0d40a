"""Build a scenario of IATI activities: initiatives, regions, partners, their money, and the sums that prove it.

Of each reporting organisation only the activities of its lowest hierarchy count: those above repeat their money.
Budgets are what an activity requires. What comes in (funds, commitments, pledges) is what its partners bring; where
nothing comes in, it is what the reporting organisation commits and spends itself.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from planner.cells import CellError, parse_number
from planner.exchange.field import FieldResult
from planner.exchange.field.building import mapping_note
from planner.exchange.field.decided_names import ALL, DecidedNames, told_names
from planner.exchange.field.names import similar_names
from planner.exchange.findings import Finding, Outcome
from planner.exchange.iati.aims import aims_of, codes_of
from planner.exchange.iati.elements import AidActivity, Budget, Transaction, read_activities
from planner.exchange.iati.mapping import ROLE, SECTOR, TRANSACTION, TRANSACTIONS, IatiMapping, Word, find_mapping
from planner.exchange.iati.places import NOWHERE, PlaceFinder
from planner.exchange.readable_codes import readable_codes
from planner.problems import ConcordError
from planner.progress import Tell, to_nobody
from planner.scenario import Activity, Region, Requirement, Scenario, Settings
from resources.codelists import code_list
from resources.offers import Partner, Pledge, Resource

FUNDING = "FUNDING"
_INCOMING = ("1", "11", "13")  # of TransactionType
_STATUSES = (Word.PAID, Word.COMMITMENT, Word.PLEDGE)
_LOCAL_TYPES = ("11", "22", "24", "72")
_LONGEST_NOTE = 2000

Part = TypeVar("Part")
Cents = int
Offer = tuple[str, str, str]  # activity, partner, status


@dataclass
class _Reading:
    """What was read so far of one file."""

    file: str
    currency: str
    mapping: IatiMapping
    decided: DecidedNames
    findings: list[Finding] = field(default_factory=list)
    kinds: dict[str, Cents] = field(default_factory=lambda: defaultdict(int))

    def only(self, activity: AidActivity, word: Word) -> str:
        """The one organisation whose role is taken for something; empty where there is none, or several."""
        roles = self.mapping.numbers(ROLE, word)
        names = {each.name for each in activity.organisations if each.role in roles and each.name}
        return names.pop() if len(names) == 1 else ""

    def cents(self, activity: AidActivity, each: Transaction | Budget, what: str) -> Cents:
        """An amount; 0, and a finding, where there is none in the scenario's currency."""
        try:
            if each.currency and each.currency != self.currency:
                raise CellError(f"It is in {each.currency}, the scenario in {self.currency}; add it by hand.")
            return round(parse_number(each.value) * 100)
        except CellError as error:
            message = f"This {what} was left out. {error}"
            self.findings.append(Finding(Outcome.DROPPED, self.file, activity.identifier, each.value, message))
            return 0


def read_iati(
    path: Path,
    known: Scenario,
    *,
    mapping: Sequence[str] = (),
    joins: Collection[str] = (),
    apart: Collection[str] = (),
    tell: Tell = to_nobody,
) -> FieldResult:
    """The scenario of a file that goes into `known`. `mapping` says what parts of it are (`transaction type 12=pledge`,
    `sector vocabulary 10=initiative`) and is remembered; `joins` and `apart` as for tables from the field.

    Raises ConcordError where the file holds no activity or the mapping is not right, EnvironmentProblem where the file
    cannot be read.
    """
    decided = told_names(known.settings.extra, joins, apart)
    every = list(read_activities(path, tell))
    lowest: dict[str, int] = {}
    for each in every:
        lowest[each.reporter.name] = max(each.hierarchy, lowest.get(each.reporter.name, 1))
    activities = [each for each in every if each.hierarchy == lowest[each.reporter.name] and each.identifier]
    if not activities:
        raise ConcordError(f"{path} holds no activity with an identifier; download the activities again.")
    taken, told = find_mapping(path.stem, activities, known, mapping)
    work = _Reading(str(path), _currency(activities, known), taken, decided)
    offers = _offers(work, activities)
    needs = {each.identifier: _required(work, each) for each in activities}
    scenario = _Building(work, path, known, activities, offers, needs).scenario()
    names = [row.name for row in (*known.partners, *scenario.partners)]
    similar = [
        pair
        for pair in similar_names("partner", sorted(set(names)), Counter(names))
        if not decided.has_decided(pair.rare, pair.common)
    ]
    if ALL in apart:
        decided, similar = decided.with_apart((pair.rare, pair.common) for pair in similar), []
    notes = [*decided.notes(known.settings.extra)] if joins or apart else []
    if mapping:
        notes.append((mapping_note(path.stem), "; ".join(f"{part} = {word}" for part, word in sorted(told.items()))))
    settings = known.settings if known.settings.title or known.partners else scenario.settings
    left = [each for each in every if each.hierarchy < lowest[each.reporter.name]]
    return FieldResult(
        file=str(path),
        scenario=replace(scenario, settings=replace(settings, extra=tuple(sorted(notes))) if notes else settings),
        columns=f"IATI activities. {taken.told()}",
        proof=tuple(_proof(work, every, left, offers, needs, scenario, len(activities))),
        findings=tuple(work.findings),
        similar=tuple(similar),
        roles=taken.shown(),
        words=taken.choices(),
    )


def _currency(activities: Sequence[AidActivity], known: Scenario) -> str:
    if known.requirements or known.pledges:
        return known.settings.currency
    named: Counter[str] = Counter()
    for activity in activities:
        named.update(each.currency for each in activity.transactions if each.currency)
        named.update(each.currency for each in activity.budgets if each.currency)
    return named.most_common(1)[0][0] if named else known.settings.currency


def _offers(work: _Reading, activities: Sequence[AidActivity]) -> dict[Offer, Cents]:
    """What each partner brings to each activity, by status; a commitment is what of it was not paid yet."""
    found: dict[Offer, Cents] = {}
    statuses = {kind: status.value for status in _STATUSES for kind in work.mapping.numbers(TRANSACTION, status)}
    for activity in activities:
        counted = [each for each in activity.transactions if each.kind in statuses]
        comes_in = any(each.kind in _INCOMING for each in counted)
        funder = work.only(activity, Word.PARTNER) if comes_in else ""
        sums: dict[tuple[str, str], Cents] = defaultdict(int)
        for each in counted:
            if (each.kind in _INCOMING) == comes_in:
                cents = work.cents(activity, each, "transaction")
                partner = work.decided.name(each.provider or funder or activity.reporter.name or NOWHERE)
                sums[partner, statuses[each.kind]] += cents
                work.kinds[each.kind] += cents
        for partner in sorted({name for name, _ in sums}):
            paid, committed, pledged = (sums[partner, status.value] for status in _STATUSES)
            rest = (("paid", paid), ("commitment", committed - paid), ("pledge", pledged - max(committed, paid)))
            found |= {(activity.identifier, partner, status): cents for status, cents in rest if cents > 0}
    return found


def _required(work: _Reading, activity: AidActivity) -> Cents:
    """The budgets of an activity, each period once: revised ones in the place of original ones."""
    periods: dict[tuple[str, str], list[Budget]] = defaultdict(list)
    for budget in activity.budgets:
        periods[budget.start, budget.end].append(budget)
    total = 0
    for budgets in periods.values():
        revised = [each for each in budgets if each.is_revised]
        total += sum(work.cents(activity, each, "budget") for each in revised or budgets)
    return max(0, total)


class _Building:
    """Puts together the scenario of activities, of what partners offer them and of what they need."""

    def __init__(
        self,
        work: _Reading,
        path: Path,
        known: Scenario,
        activities: Sequence[AidActivity],
        offers: Mapping[Offer, Cents],
        needs: Mapping[str, Cents],
    ) -> None:
        self._work, self._path, self._known, self._activities = work, path, known, activities
        finder = PlaceFinder(activities, work.mapping)
        self._places = {each.identifier: finder.places(each) for each in activities}
        vocabulary = next(iter(work.mapping.numbers(SECTOR, Word.INITIATIVE)), "")
        self._aims = {each.identifier: aims_of(each, vocabulary) for each in activities}
        self._all_aims = {aim.key: aim for aims in self._aims.values() for aim, _ in aims}
        self._codes = codes_of(list(self._all_aims.values()), known)
        self._offers = self._offers_to_aims(offers)
        self._needs = self._needs_of_aims(needs)

    def scenario(self) -> Scenario:
        """The whole of it."""
        work, codes = self._work, self._codes
        partners = _partners(self._known, self._activities, {partner for _, partner, _ in self._offers}, work.decided)
        partner_codes = {row.name: row.code for row in partners}
        regions = {each.code: each.name for places in self._places.values() for each in places}
        offer_codes = readable_codes(f"{codes[key[0]]} {key[1]} {key[2]}" for key in self._offers)
        note = f"Source: {self._path.name} (IATI)."
        return Scenario(
            settings=Settings(title=self._path.stem, currency=work.currency, period="year", note=note),
            partners=tuple(partners),
            regions=tuple(_region(code, name) for code, name in sorted(regions.items())),
            initiatives=tuple(aim.initiative(codes[key]) for key, aim in self._all_aims.items()),
            resources=(Resource(code=FUNDING, name="Funding", category="funding"),)
            if self._offers or any(self._needs.values())
            else (),
            pledges=tuple(
                Pledge(
                    code=offer_codes[f"{codes[aim]} {partner} {status}"],
                    partner=partner_codes[partner],
                    resource=FUNDING,
                    quantity=cents / 100,
                    status=status,
                    initiatives=(codes[aim],),
                )
                for (aim, partner, status), cents in self._offers.items()
            ),
            requirements=tuple(
                Requirement(initiative=codes[aim], region=region, resource=FUNDING, quantity=cents / 100)
                for (aim, region), cents in self._needs.items()
                if cents
            ),
            activities=tuple(self._rows(partner_codes)),
        )

    def _offers_to_aims(self, offers: Mapping[Offer, Cents]) -> Mapping[Offer, Cents]:
        found: dict[Offer, Cents] = defaultdict(int)
        for (identifier, partner, status), total in offers.items():
            for aim, cents in _split(total, self._aims[identifier]):
                found[aim.key, partner, status] += cents
        return {key: cents for key, cents in found.items() if cents}

    def _needs_of_aims(self, needs: Mapping[str, Cents]) -> Mapping[tuple[str, str], Cents]:
        found: dict[tuple[str, str], Cents] = defaultdict(int)
        for identifier, total in needs.items():
            for aim, part in _split(total, self._aims[identifier]):
                for place, cents in _split(part, [(each, each.share) for each in self._places[identifier]]):
                    found[aim.key, place.code] += cents
        return found

    def _rows(self, partner_codes: Mapping[str, str]) -> Iterator[Activity]:
        """One for each initiative in a region; its implementer where only one organisation carries it out."""
        doers: dict[tuple[str, str], set[str]] = defaultdict(set)
        places: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for each in self._activities:
            doer = partner_codes.get(self._work.decided.name(self._work.only(each, Word.IMPLEMENTER)), "")
            for aim, _ in self._aims[each.identifier]:
                for place in self._places[each.identifier]:
                    doers[aim.key, place.code].add(doer)
                    places[aim.key, place.code] |= dict.fromkeys(each.locations)
        for (key, region), codes in doers.items():
            implementer = next(iter(codes)) if len(codes) == 1 else ""
            note = "; ".join(places[key, region])[:_LONGEST_NOTE]
            yield Activity(initiative=self._codes[key], region=region, implementer=implementer, note=note)


def _partners(
    known: Scenario, activities: Sequence[AidActivity], providers: set[str], decided: DecidedNames
) -> list[Partner]:
    """Everybody who takes part or brings something, with the type that most activities give."""
    types: dict[str, Counter[str]] = {name: Counter() for name in providers}
    for activity in activities:
        for each in (activity.reporter, *activity.organisations):
            if each.name:
                types.setdefault(decided.name(each.name), Counter()).update(filter(None, [each.type]))
    earlier = {row.name or row.code: row for row in known.partners}
    codes = readable_codes(types)
    kinds = code_list("organisation_types")
    partners = []
    for name in sorted(types):
        kind = next((code for code, _ in types[name].most_common() if code in kinds), "")
        fresh = Partner(code=codes[name], name=name, type=kind, local=kind in _LOCAL_TYPES)
        partners.append(earlier.get(name, fresh))
    return partners


def _split(total: Cents, shares: Sequence[tuple[Part, float]]) -> Iterator[tuple[Part, Cents]]:
    """Whole cents for every part; the last one takes what rounding leaves."""
    left = total
    for part, share in shares[:-1]:
        cents = min(left, round(total * share))
        left -= cents
        yield part, cents
    yield shares[-1][0], left


def _region(code: str, name: str) -> Region:
    return Region(code=code, name=name, country=code if code in code_list("countries") else "")


def _proof(
    work: _Reading,
    every: Sequence[AidActivity],
    left: Sequence[AidActivity],
    offers: Mapping[Offer, Cents],
    needs: Mapping[str, Cents],
    scenario: Scenario,
    used: int,
) -> Iterator[str]:
    """What was counted in the file, and the same counted in the scenario."""
    yield (
        f"Activities: {len(every):,} in the file, {used:,} in the scenario, {len(left):,} left "
        "out because activities of a lower hierarchy repeat their money."
    )
    if used != len(scenario.initiatives):
        yield f"Initiatives: {len(scenario.initiatives):,}, the sectors of these activities."
    for kind, cents in sorted(work.kinds.items()):
        title = TRANSACTIONS.get(kind, f"transactions {kind}").capitalize()
        yield f"{title} in the file: {cents / 100:,.2f} {work.currency}."
    yield f"Pledges: {sum(offers.values()) / 100:,.2f} by the transactions, {_sum(scenario.pledges)} in the scenario."
    names = {row.code: row.name for row in scenario.partners}
    held: dict[str, float] = defaultdict(float)
    for pledge in scenario.pledges:
        held[names[pledge.partner]] += pledge.quantity
    brought: dict[str, Cents] = defaultdict(int)
    for (_, partner, _), cents in offers.items():
        brought[partner] += cents
    for partner, cents in sorted(brought.items(), key=lambda each: (-each[1], each[0])):
        yield f"  {partner}: {cents / 100:,.2f} by the transactions, {held[partner]:,.2f} in the scenario."
    yield f"Budgets: {sum(needs.values()) / 100:,.2f} in the file, {_sum(scenario.requirements)} in the scenario."


def _sum(rows: Sequence[Pledge] | Sequence[Requirement]) -> str:
    return f"{sum(round(row.quantity * 100) for row in rows) / 100:,.2f}"
