"""The plan in the forms of the field: who does what where, and a table of flows with the columns of FTS."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from planner.cells import CellError, period_start
from planner.report.figures import Figures
from planner.report.table import ReportColumn, Table
from resources.codelists import code_list
from resources.columns import Kind

_Key = tuple[str, str, str]  # partner, initiative, region


def who_does_what_where(figures: Figures) -> Table:
    """One row for each partner in each activity; the people of an activity stand in its first row alone."""
    periods: dict[_Key, set[int]] = defaultdict(set)
    money: dict[_Key, float] = defaultdict(float)
    for line in figures.plan.allocations:
        key = (line.partner, line.initiative, line.region)
        periods[key].add(line.period)
        resource = figures.resources.get(line.resource)
        money[key] += line.quantity if resource is not None and resource.is_funding else 0.0
    told: set[tuple[str, str]] = set()
    rows = []
    for partner, initiative, region in sorted(periods, key=lambda key: (key[1], key[2], key[0])):
        detail = figures.details.get((initiative, region))
        people = figures.people((initiative, region)) if (initiative, region) not in told else None
        told.add((initiative, region))
        when = periods[partner, initiative, region]
        rows.append(
            (
                figures.name("partners", partner),
                partner,
                _type(figures, partner),
                figures.name("partners", detail.implementer) if detail is not None and detail.implementer else "",
                figures.name("initiatives", initiative),
                initiative,
                figures.name("regions", region),
                region,
                figures.period(min(when))[1],
                _last_day(figures, max(when)),
                people or None,
                money[partner, initiative, region] or None,
                figures.currency,
            )
        )
    columns = (
        ReportColumn("partner_name", "Organisation"),
        ReportColumn("partner", "Organisation acronym"),
        ReportColumn("type", "Organisation type"),
        ReportColumn("implementer", "Implementing partner"),
        ReportColumn("initiative_name", "Sector"),
        ReportColumn("initiative", "Initiative code"),
        ReportColumn("region_name", "Region"),
        ReportColumn("region", "Region p-code"),
        ReportColumn("start", "Start date", Kind.DATE),
        ReportColumn("end", "End date", Kind.DATE),
        ReportColumn("people", "Beneficiaries", Kind.NUMBER),
        ReportColumn("money", "Budget", Kind.NUMBER),
        ReportColumn("currency", "Currency"),
    )
    return Table("who_what_where", "Who does what where", columns, tuple(rows))


def flows(figures: Figures) -> Table:
    """One row for what each pledge gives to each activity, with the columns of an FTS table of incoming flows."""
    amounts: dict[tuple[str, str, str], float] = defaultdict(float)
    first: dict[tuple[str, str, str], int] = {}
    for line in figures.plan.allocations:
        key = (line.pledge, line.initiative, line.region)
        amounts[key] += line.quantity * figures.unit_value(line.resource)
        first[key] = min(first.get(key, line.period), line.period)
    regions = {row.code: row for row in figures.scenario.regions}
    rows: list[tuple[Any, ...]] = []
    for (code, initiative, region), amount in sorted(amounts.items()):
        pledge = figures.pledges.get(code)
        if pledge is None or not amount:
            continue
        resource, detail = figures.resources.get(pledge.resource), figures.details.get((initiative, region))
        start = figures.period(first[code, initiative, region])[1]
        is_money = resource is not None and resource.is_funding
        rows.append(
            (
                code,
                round(amount, 2),
                figures.name("partners", pledge.partner),
                _type(figures, pledge.partner),
                figures.scenario.settings.title,
                figures.name("partners", detail.implementer) if detail is not None and detail.implementer else "",
                figures.name("initiatives", initiative),
                regions[region].country or region if region in regions else region,
                figures.name("regions", region),
                "financial" if is_money else "in kind",
                "Standard",
                "incoming",
                pledge.status,
                start.year if start is not None else None,
            )
        )
    amount_column = ReportColumn("amount", f"amount{figures.currency}", Kind.NUMBER)
    names = (
        "srcOrganization", "srcOrganizationTypes", "destPlan", "destOrganization", "destGlobalClusters",
        "destLocations", "destRegion", "contributionType", "flowType", "boundary", "status", "budgetYear",
    )  # fmt: skip
    columns = (ReportColumn("id", "id"), amount_column, *(ReportColumn(name, name) for name in names))
    return Table("flows", "Flows", columns, tuple(rows))


def _type(figures: Figures, partner: str) -> str:
    row = figures.partners.get(partner)
    entry = code_list("organisation_types").get(row.type) if row is not None else None
    return entry.name if entry is not None else ""


def _last_day(figures: Figures, period: int) -> date | None:
    try:
        return period_start(period + 1, figures.scenario.settings) - timedelta(days=1)
    except CellError:
        return None
