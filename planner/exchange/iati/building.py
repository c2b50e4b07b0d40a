"""Build a scenario of IATI activities: initiatives, regions, partners, their money, and the sums that prove it.

Of each reporting organisation only the activities of its lowest hierarchy count: those above repeat their money.
Budgets are what an activity requires. What comes in (funds, commitments, pledges) is what its partners bring; where
nothing comes in, it is what the reporting organisation commits and spends itself.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from planner.cells import CellError, parse_number
from planner.exchange.field import FieldResult
from planner.exchange.field.decided_names import ALL, DecidedNames, told_names
from planner.exchange.field.names import similar_names
from planner.exchange.findings import Finding, Outcome
from planner.exchange.iati.elements import AidActivity, Budget, Organisation, Transaction, read_activities
from planner.exchange.readable_codes import readable_codes
from planner.problems import ConcordError
from planner.progress import Tell, to_nobody
from planner.scenario import Activity, Initiative, Region, Requirement, Scenario, Settings
from resources.codelists import code_list, countries_by_alpha_2
from resources.offers import Partner, Pledge, Resource

FUNDING = "FUNDING"
_INCOMING = {"1": "paid", "11": "commitment", "13": "pledge"}  # TransactionType: status of the pledge
_OUTGOING = {"3": "paid", "4": "paid", "2": "commitment"}
_KINDS = {"1": "incoming funds", "2": "outgoing commitments", "3": "disbursements", "4": "expenditure"}
_KINDS |= {"11": "incoming commitments", "13": "incoming pledges"}
_IMPLEMENTING, _LOCAL_TYPES = "4", ("11", "22", "24", "72")
_NOWHERE = "Not specified"

Cents = int
Offer = tuple[str, str, str]  # activity, partner, status


@dataclass
class _Reading:
    """What was read so far of one file."""

    file: str
    currency: str
    findings: list[Finding] = field(default_factory=list)
    kinds: dict[str, Cents] = field(default_factory=lambda: defaultdict(int))

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
    joins: Collection[str] = (),
    apart: Collection[str] = (),
    tell: Tell = to_nobody,
) -> FieldResult:
    """The scenario of a file that goes into `known`; `joins` and `apart` as for tables from the field.

    Raises ConcordError where the file holds no activity, EnvironmentProblem where it cannot be read.
    """
    decided = told_names(known.settings.extra, joins, apart)
    every = list(read_activities(path, tell))
    lowest: dict[str, int] = {}
    for each in every:
        lowest[each.reporter.name] = max(each.hierarchy, lowest.get(each.reporter.name, 1))
    activities = [each for each in every if each.hierarchy == lowest[each.reporter.name] and each.identifier]
    if not activities:
        raise ConcordError(f"{path} holds no activity with an identifier; download the activities again.")
    work = _Reading(str(path), _currency(activities, known))
    offers = _offers(work, activities, decided)
    needs = {each.identifier: _required(work, each) for each in activities}
    scenario = _scenario(path, known, activities, offers, needs, decided, work)
    names = [row.name for row in (*known.partners, *scenario.partners)]
    similar = [
        pair
        for pair in similar_names("partner", sorted(set(names)), Counter(names))
        if not decided.has_decided(pair.rare, pair.common)
    ]
    if ALL in apart:
        decided, similar = decided.with_apart((pair.rare, pair.common) for pair in similar), []
    settings = known.settings if known.settings.title or known.partners else scenario.settings
    if joins or apart:
        settings = replace(settings, extra=decided.notes(known.settings.extra))
    left = [each for each in every if each.hierarchy < lowest[each.reporter.name]]
    proof = tuple(_proof(work, every, left, offers, needs, scenario))
    scenario = replace(scenario, settings=settings)
    return FieldResult(str(path), scenario, "IATI activities", proof, tuple(work.findings), tuple(similar))


def _currency(activities: Sequence[AidActivity], known: Scenario) -> str:
    if known.requirements or known.pledges:
        return known.settings.currency
    named: Counter[str] = Counter()
    for activity in activities:
        named.update(each.currency for each in activity.transactions if each.currency)
        named.update(each.currency for each in activity.budgets if each.currency)
    return named.most_common(1)[0][0] if named else known.settings.currency


def _offers(work: _Reading, activities: Sequence[AidActivity], decided: DecidedNames) -> dict[Offer, Cents]:
    """What each partner brings to each activity, by status; a commitment is what of it was not paid yet."""
    found: dict[Offer, Cents] = {}
    for activity in activities:
        kinds = _INCOMING if any(each.kind in _INCOMING for each in activity.transactions) else _OUTGOING
        sums: dict[tuple[str, str], Cents] = defaultdict(int)
        for each in activity.transactions:
            if each.kind in kinds:
                cents = work.cents(activity, each, "transaction")
                funder = _only(activity.organisations, "1") if kinds is _INCOMING else ""
                partner = decided.name(each.provider or funder or activity.reporter.name or _NOWHERE)
                sums[partner, kinds[each.kind]] += cents
                work.kinds[each.kind] += cents
        for partner in sorted({name for name, _ in sums}):
            paid, committed, pledged = (sums[partner, status] for status in ("paid", "commitment", "pledge"))
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


def _scenario(
    path: Path,
    known: Scenario,
    activities: Sequence[AidActivity],
    offers: Mapping[Offer, Cents],
    needs: Mapping[str, Cents],
    decided: DecidedNames,
    work: _Reading,
) -> Scenario:
    codes = _initiative_codes(known, activities)
    places = {each.identifier: _places(each) for each in activities}
    regions = {code: name for shares in places.values() for code, name, _ in shares}
    partners = _partners(known, activities, {partner for _, partner, _ in offers}, decided)
    partner_codes = {row.name: row.code for row in partners}
    offer_codes = readable_codes(f"{codes[key[0]]} {key[1]} {key[2]}" for key in offers)
    return Scenario(
        settings=Settings(title=path.stem, currency=work.currency, period="year", note=f"Source: {path.name} (IATI)."),
        partners=tuple(partners),
        regions=tuple(_region(code, name) for code, name in sorted(regions.items())),
        initiatives=tuple(_initiative(each, codes[each.identifier]) for each in activities),
        resources=(Resource(code=FUNDING, name="Funding", category="funding"),)
        if offers or any(needs.values())
        else (),
        pledges=tuple(
            Pledge(
                code=offer_codes[f"{codes[activity]} {partner} {status}"],
                partner=partner_codes[partner],
                resource=FUNDING,
                quantity=cents / 100,
                status=status,
                initiatives=(codes[activity],),
            )
            for (activity, partner, status), cents in offers.items()
        ),
        requirements=tuple(
            Requirement(initiative=codes[identifier], region=region, resource=FUNDING, quantity=cents / 100)
            for identifier, total in needs.items()
            for region, cents in _split(total, places[identifier])
            if cents
        ),
        activities=tuple(
            Activity(
                initiative=codes[each.identifier],
                region=region,
                implementer=partner_codes.get(decided.name(_only(each.organisations, _IMPLEMENTING)), ""),
                note="; ".join(each.locations)[:2000],
            )
            for each in activities
            for region, _, _ in places[each.identifier]
        ),
    )


def _initiative_codes(known: Scenario, activities: Sequence[AidActivity]) -> Mapping[str, str]:
    """A code for every identifier; an activity that was imported before keeps the one that it has."""
    codes = dict(readable_codes({each.identifier for each in activities}))
    earlier = {text: row.code for row in known.initiatives for name, text in row.extra if name == "iati_identifier"}
    return codes | {identifier: code for identifier, code in earlier.items() if identifier in codes}


def _initiative(activity: AidActivity, code: str) -> Initiative:
    known = code_list("dac_purposes")
    sectors = sorted(activity.sectors, key=lambda sector: -sector[1])
    purpose = next((name for name, _ in sectors if name in known), "")
    listed = "; ".join(f"{name} {share:.0%}" if share else name for name, share in sectors)
    extra = {"iati_identifier": activity.identifier, "sectors": listed}
    return Initiative(
        code=code,
        name=activity.title or activity.identifier,
        dac_code=purpose,
        extra=tuple(sorted((name, text) for name, text in extra.items() if text)),
    )


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


def _only(organisations: Sequence[Organisation], role: str) -> str:
    """The one organisation with a role; empty where there is none, or several."""
    names = {each.name for each in organisations if each.role == role and each.name}
    return names.pop() if len(names) == 1 else ""


def _places(activity: AidActivity) -> list[tuple[str, str, float]]:
    """Code, name and share of every place: countries and regions; without percentages all have the same share."""
    countries = countries_by_alpha_2()
    written: list[tuple[str, str, float | None]] = []
    for code, share in activity.countries:
        country = countries.get(code)
        if country is not None:
            written.append((country.code, country.name, share))
        elif code:
            written.append((code[:40], code, share))
    for code, name, share in activity.regions:
        if code:
            written.append((f"REGION-{code}"[:40], name or f"Region {code}", share))
    if not written:
        return [("NOT-SPECIFIED", _NOWHERE, 1.0)]
    total = sum(share or 0.0 for _, _, share in written)
    if any(share is None for _, _, share in written) or not total:
        return [(code, name, 1 / len(written)) for code, name, _ in written]
    return [(code, name, (share or 0.0) / total) for code, name, share in written]


def _split(total: Cents, places: Sequence[tuple[str, str, float]]) -> Iterator[tuple[str, Cents]]:
    """Whole cents for every place; the last one takes what rounding leaves."""
    left = total
    for code, _, share in places[:-1]:
        part = min(left, round(total * share))
        left -= part
        yield code, part
    yield places[-1][0], left


def _region(code: str, name: str) -> Region:
    return Region(code=code, name=name, country=code if code in code_list("countries") else "")


def _proof(
    work: _Reading,
    every: Sequence[AidActivity],
    left: Sequence[AidActivity],
    offers: Mapping[Offer, Cents],
    needs: Mapping[str, Cents],
    scenario: Scenario,
) -> Iterator[str]:
    """What was counted in the file, and the same counted in the scenario."""
    yield (
        f"Activities: {len(every):,} in the file, {len(scenario.initiatives):,} in the scenario, {len(left):,} left "
        "out because activities of a lower hierarchy repeat their money."
    )
    for kind, cents in sorted(work.kinds.items()):
        yield f"{_KINDS[kind].capitalize()} in the file: {cents / 100:,.2f} {work.currency}."
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
