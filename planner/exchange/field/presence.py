"""Who does what where (3W, 4W, 5W) as a scenario: partners, regions, initiatives and activities.

Where the table names projects each is an initiative with its budget; else each sector is. A budget that stands in every
row of its project is counted once and split equally over the project's regions.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.cells import LONGEST_CODE
from planner.exchange.field.budgets import split_budgets
from planner.exchange.field.reading import FieldReading, Regions
from planner.exchange.field.roles import Role, plain
from planner.exchange.field.table import TableRow
from planner.exchange.findings import Outcome
from planner.exchange.readable_codes import readable_codes
from planner.scenario import Activity, Initiative, Requirement, Scenario
from resources.offers import Partner, Resource

FUNDING = "FUNDING"
_TYPES = (  # IATI OrganisationType, by the first words that fit
    ("22", "nngo ongn national nationale local locale"),
    ("21", "ingo ongi international internationale"),
    ("40", "un onu agency agence multilateral intergovernmental"),
    ("10", "government govt gov gouvernementale gouvernement ministry ministere etat"),
    ("21", "red croix cross crescent rouge"),
    ("60", "foundation fondation"),
    ("80", "academic university research universite"),
    ("70", "private company prive"),
    ("21", "ngo ong"),
)
_OTHER_TYPE, _LOCAL_TYPE = "90", "22"
_LONGEST_NOTE = 2000  # characters of the activities that were reported
_MOST_LISTED = 8  # organisations named in a note; the rest stands in a column of its own
_SHORT = re.compile(r"\(([^()]{2,15})\)\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One row that can be used, with the names as they count."""

    row: TableRow
    partner: str
    implementer: str
    initiative: str
    region: str
    people: float | None
    budget: float | None

    @property
    def activity(self) -> tuple[str, str]:
        """What is done where."""
        return self.initiative, self.region


def read_presence(work: FieldReading) -> tuple[Scenario, list[str]]:
    """The scenario of a table, and the proof: what was counted in the rows beside what the scenario holds."""
    rows = [row for row in work.columns.table.rows if _says_something(work, row)]
    regions = Regions(work, rows)
    lines = _with_chosen_names(
        work, [line for row in work.over(rows) if (line := _line(work, regions, row)) is not None]
    )
    partners = _partners(work, lines)
    initiatives = _initiatives(work, lines)
    names = {row.code: row.name for row in initiatives}
    budgets = split_budgets(work, lines)
    places = sorted({line.region for line in lines})
    requirements = tuple(
        Requirement(initiative=code, region=region, resource=FUNDING, quantity=budgets[names[code], region] / 100)
        for code in names
        for region in places
        if budgets.get((names[code], region))
    )
    scenario = Scenario(
        partners=partners,
        regions=tuple(map(regions.region, places)),
        initiatives=initiatives,
        activities=tuple(_activities(work, lines, names, {row.name: row.code for row in partners})),
        resources=(Resource(code=FUNDING, name="Funding", category="funding"),) if requirements else (),
        requirements=requirements,
    )
    return scenario, list(_proof(work, rows, lines, scenario))


def _says_something(work: FieldReading, row: TableRow) -> bool:
    roles = (Role.PARTNER, Role.SHORT_NAME, Role.SECTOR, Role.PROJECT, Role.REGION, Role.REGION_CODE)
    return any(work.columns.raw(row, role) is not None for role in roles)


def _what(work: FieldReading) -> Role:
    return Role.PROJECT if Role.PROJECT in work.columns.of else Role.SECTOR


def _line(work: FieldReading, regions: Regions, row: TableRow) -> Line | None:
    what = _what(work)
    initiative, region = work.name(work.text(row, what)), regions.code_of(row)
    partner = work.name(work.text(row, Role.PARTNER) or work.text(row, Role.SHORT_NAME))
    if not region:
        where = Role.REGION if Role.REGION in work.columns.of else Role.REGION_CODE
        work.find(Outcome.REFUSED, row, where, "This row names no region; write its name or its code.")
        return None
    if not initiative:
        work.find(Outcome.REFUSED, row, what, f"This row names no {what}; write what is done.")
        return None
    if not partner:
        message = "This row names no organisation; what is done there counts all the same."
        work.find(Outcome.WARNING, row, Role.PARTNER, message)
    work.text(row, Role.REGION_CODE)  # tells of an error in it, though the name was enough
    people, budget = work.number(row, Role.PEOPLE), work.amount(row)
    return Line(row, partner, work.name(work.text(row, Role.IMPLEMENTER)), initiative, region, people, budget)


def _with_chosen_names(work: FieldReading, lines: Sequence[Line]) -> list[Line]:
    """The lines with one spelling for each name."""
    written = [name for line in lines for name in (line.partner, line.implementer) if name]
    partners = work.names("partner", written, [row.name for row in work.known.partners if row.name])
    kind = _what(work)
    known = [row.name for row in work.known.initiatives if row.name]
    chosen = work.names(kind.value, [line.initiative for line in lines], known)
    if kind is Role.PROJECT:  # projects of one series are alike by design
        work.similar[:] = [pair for pair in work.similar if pair.kind != kind.value]
    return [
        replace(
            line,
            partner=partners.get(line.partner, ""),
            implementer=partners.get(line.implementer, ""),
            initiative=chosen[line.initiative],
        )
        for line in lines
    ]


def _partners(work: FieldReading, lines: Sequence[Line]) -> tuple[Partner, ...]:
    """Every organisation, under its short name where no other has the same one."""
    known = {plain(row.name or row.code): row.code for row in work.known.partners}
    short: dict[str, Counter[str]] = defaultdict(Counter)
    types: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        if line.partner:
            in_name = _SHORT.search(line.partner)
            found = work.text(line.row, Role.SHORT_NAME) or (in_name[1].upper() if in_name else "")
            short[line.partner].update([found] if found else [])
            words = work.text(line.row, Role.PARTNER_TYPE)
            types[line.partner].update([words] if words else [])
    names = sorted({name for line in lines for name in (line.partner, line.implementer) if name})
    codes = _codes({name: _most(short[name]) for name in names}, {row.code.casefold() for row in work.known.partners})
    partners = []
    for name in names:
        kind = _type_of(_most(types[name]))
        code = known.get(plain(name), codes[name])
        partners.append(Partner(code=code, name=name, type=kind, local=kind == _LOCAL_TYPE))
    return tuple(partners)


def _most(found: Counter[str]) -> str:
    return found.most_common(1)[0][0] if found else ""


def _codes(wanted: Mapping[str, str], taken: set[str]) -> Mapping[str, str]:
    """By name: the short name where it is a code and nobody else's; else a code made from the name."""
    made = readable_codes(wanted)
    tidy = {name: re.sub(r"[^\w.-]+", "-", short).strip("-")[:LONGEST_CODE] for name, short in wanted.items()}
    counts = Counter(code.casefold() for code in tidy.values())
    used = taken | {code.casefold() for name, code in made.items() if code != tidy[name]}
    is_own = {
        name: bool(code) and counts[code.casefold()] == 1 and code.casefold() not in used for name, code in tidy.items()
    }
    return {name: tidy[name] if is_own[name] else made[name] for name in wanted}


def _type_of(words: str) -> str:
    has = frozenset(plain(words).split())
    found = next((code for code, some in _TYPES if has & frozenset(some.split())), _OTHER_TYPE)
    return found if has else ""


def _initiatives(work: FieldReading, lines: Sequence[Line]) -> tuple[Initiative, ...]:
    known = {plain(row.name or row.code): row.code for row in work.known.initiatives}
    sectors: dict[str, str] = {}
    for line in lines:
        sectors.setdefault(line.initiative, work.text(line.row, Role.SECTOR))
    codes = readable_codes(sectors)
    is_project = _what(work) is Role.PROJECT
    return tuple(
        Initiative(
            code=known.get(plain(name), codes[name]),
            name=name,
            extra=(("sector", sectors[name]),) if is_project and sectors[name] else (),
        )
        for name in sorted(sectors)
    )


def _activities(
    work: FieldReading, lines: Sequence[Line], names: Mapping[str, str], codes: Mapping[str, str]
) -> Iterator[Activity]:
    """One for each initiative in a region; its implementer where only one organisation carries it out."""
    grouped: dict[tuple[str, str], list[Line]] = defaultdict(list)
    regions_of: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        grouped[line.activity].append(line)
        regions_of[line.initiative].add(line.region)
    for code, name in names.items():
        for region in sorted(regions_of[name]):
            mine = grouped[name, region]
            partners = sorted({codes[line.partner] for line in mine if line.partner})
            doers = {codes[line.implementer or line.partner] for line in mine if line.implementer or line.partner}
            people = [line.people for line in mine if line.people is not None]
            done = sorted({text for line in mine if (text := work.text(line.row, Role.ACTIVITY))})
            extra = {"organisations": "; ".join(partners), "reported": "; ".join(done)[:_LONGEST_NOTE]}
            yield Activity(
                initiative=code,
                region=region,
                implementer=next(iter(doers)) if len(doers) == 1 else "",
                people=sum(people) if people else None,
                note=_note(work, mine, partners),
                extra=tuple(sorted((key, text) for key, text in extra.items() if text)),
            )


def _note(work: FieldReading, lines: Sequence[Line], partners: Sequence[str]) -> str:
    count = "1 organisation" if len(partners) == 1 else f"{len(partners)} organisations"
    more = f" and {len(partners) - _MOST_LISTED} more" if len(partners) > _MOST_LISTED else ""
    told = [f"{count}: {', '.join(partners[:_MOST_LISTED])}{more}"] if partners else []
    starts = [day for line in lines if (day := work.day(line.row, Role.START)) is not None]
    ends = [day for line in lines if (day := work.day(line.row, Role.END)) is not None]
    if starts or ends:
        told.append(f"{min(starts) if starts else '?'} to {max(ends) if ends else '?'}")
    return "; ".join(told)


def _proof(work: FieldReading, rows: Sequence[TableRow], lines: Sequence[Line], scenario: Scenario) -> Iterator[str]:
    """What was counted in the rows, and the same counted in the scenario."""
    what = "projects" if _what(work) is Role.PROJECT else "sectors"
    yield f"Rows: {len(rows):,} with something in them, {len(lines):,} used, {len(rows) - len(lines):,} refused."
    names = {name for line in lines for name in (line.partner, line.implementer) if name}
    for title, counted, held in (
        ("Organisations", len(names), len(scenario.partners)),
        ("Regions", len({line.region for line in lines}), len(scenario.regions)),
        (what.capitalize(), len({line.initiative for line in lines}), len(scenario.initiatives)),
        (f"Activities ({what} in regions)", len({line.activity for line in lines}), len(scenario.activities)),
    ):
        yield f"{title}: {counted:,} in the rows, {held:,} in the scenario."
    if any(line.people is not None for line in lines):
        people = sum(line.people or 0 for line in lines)
        held_people = sum(row.people or 0 for row in scenario.activities)
        yield f"People: {people:,.0f} in the rows, {held_people:,.0f} in the scenario."
    if any(line.budget is not None for line in lines):
        written = sum(line.budget or 0 for line in lines)
        held_money = sum(row.quantity for row in scenario.requirements)
        yield f"Budget: {held_money:,.2f} in the scenario, each project once; the rows repeat it to {written:,.2f}."
