"""People in need by region: only rows of the total; finer places are added up where a region has no row of its own.

A table splits people by sector, sex, age and group; only rows in which all of these say "all" are people counted once.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from planner.exchange.field.columns import FieldColumns, is_nothing
from planner.exchange.field.reading import FieldReading, Regions
from planner.exchange.field.roles import Role, plain, role_of
from planner.exchange.field.table import Heading, TableRow
from planner.exchange.findings import Finding, Outcome
from planner.problems import ConcordError
from planner.scenario import Region, Scenario

_PLACES = (Role.REGION, Role.REGION_CODE)
_ALL = frozenset("a all total both tous toutes tout ensemble intersectoral overall intersectoriel".split())


def read_needs(work: FieldReading) -> tuple[Scenario, list[str]]:
    """Regions with people in need, and the proof. Raises ConcordError where no row gives a total."""
    totals = [row for row in work.columns.table.rows if _is_total(work.columns, row)]
    if not totals:
        raise ConcordError(
            f"{work.columns.table.file} has no row for all people of a region: every row is of one sector, sex, age or "
            f"group. The columns were read as {work.columns.told()}; put them right with --map."
        )
    regions = Regions(work, totals)
    whole: dict[str, float] = {}
    parts: dict[str, list[float]] = defaultdict(list)
    country = 0.0
    finer = _finer_columns(work.columns)
    for row in work.over(totals):
        people = work.number(row, Role.IN_NEED)
        code = regions.code_of(row)
        if people is None:
            continue
        if not code:
            country += people
        elif any(not is_nothing(row.cells.get(heading.number)) for heading in finer):
            parts[code].append(people)
        elif code in whole:
            message = f"The region {code} has a second row of its total; the first one counts."
            work.find(Outcome.WARNING, row, Role.IN_NEED, message)
        else:
            whole[code] = people
    people_of = {code: float(round(sum(found))) for code, found in parts.items()} | whole
    read = tuple(replace(regions.region(code), people_in_need=people) for code, people in sorted(people_of.items()))
    kept = _of_known_regions(work, read)
    return Scenario(regions=kept), list(_proof(totals, parts, kept, country))


def _is_total(columns: FieldColumns, row: TableRow) -> bool:
    """Whether a row counts everybody: nothing, or a word for all, in every column that splits people."""
    sector = columns.of.get(Role.SECTOR)
    splitting = (*columns.breakdowns, *((sector,) if sector is not None else ()))
    return columns.raw(row, Role.IN_NEED) is not None and all(
        is_nothing(value := row.cells.get(heading.number)) or plain(str(value)) in _ALL for heading in splitting
    )


def _finer_columns(columns: FieldColumns) -> Sequence[Heading]:
    """Columns of places within a region: a row that fills one is a part of its region."""
    used = set(columns.of.values())
    roles = {heading: role_of(heading.title) for heading in columns.table.headings if heading not in used}
    return [heading for heading, (role, level) in roles.items() if role in _PLACES and level]


def _of_known_regions(work: FieldReading, read: tuple[Region, ...]) -> tuple[Region, ...]:
    """Only regions that the scenario has, where it has some: a table of needs adds no places to a plan."""
    known = {region.code for region in work.known.regions}
    others = [region.code for region in read if region.code not in known]
    if not known or not others:
        return read
    if len(others) == len(read):
        raise ConcordError(
            f"None of the regions of {work.columns.table.file} ({', '.join(others[:5])} ...) is in the scenario "
            f"({', '.join(sorted(known)[:5])} ...); name the column of their codes with --map."
        )
    message = f"The scenario has no region {', '.join(others)}; their people in need were left out."
    work.findings.append(Finding(Outcome.WARNING, work.columns.table.file, "", "; ".join(others), message))
    return tuple(region for region in read if region.code in known)


def _proof(
    totals: Sequence[TableRow], parts: Mapping[str, Sequence[float]], kept: Sequence[Region], country: float
) -> Iterator[str]:
    added = sum(map(len, parts.values()))
    people = sum(region.people_in_need or 0 for region in kept)
    finer = f" ({added:,} of them finer than a region and added up)" if added else ""
    yield f"Rows: {len(totals):,} that count everybody{finer}."
    yield f"People in need: {people:,.0f} in {len(kept):,} regions of the scenario."
    if country:
        apart = (
            f"{abs(country - people):,.0f} {'more' if country > people else 'less'}"
            if country != people
            else "the same"
        )
        yield f"The table's own total of all regions: {country:,.0f}, {apart}."
