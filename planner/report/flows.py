"""Tables behind the flow picture and the curves over time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from planner.report.figures import NOTHING, Figures
from planner.report.table import ReportColumn, Table
from resources.codelists import code_list
from resources.columns import Kind

Scope = tuple[str, str, int]  # all, region, initiative or resource; its code; period
Need = tuple[str, str, str, int]  # initiative, region, resource, period


def flows(figures: Figures) -> Table:
    """Who gives how much to which initiative in which region: value over all resources, the largest givers first."""
    values: dict[tuple[str, str, str], float] = defaultdict(float)
    funding: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in figures.plan.allocations:
        key = (row.partner, row.initiative, row.region)
        values[key] += row.quantity * figures.unit_value(row.resource)
        resource = figures.resources.get(row.resource)
        funding[key] += row.quantity if resource is not None and resource.is_funding else 0.0
    types = code_list("organisation_types")
    kinds = {row.code: row.type for row in figures.scenario.partners}
    rows = tuple(
        (
            key[0],
            figures.name("partners", key[0]),
            kinds.get(key[0], ""),
            types[kinds[key[0]]].name if kinds.get(key[0]) in types else "",
            key[1],
            figures.name("initiatives", key[1]),
            key[2],
            figures.name("regions", key[2]),
            funding[key],
            value,
        )
        for key, value in sorted(values.items())
        if value > NOTHING
    )
    columns = (
        ReportColumn("partner", "Partner code"),
        ReportColumn("partner_name", "Partner"),
        ReportColumn("type", "Type code"),
        ReportColumn("type_name", "Type"),
        ReportColumn("initiative", "Initiative code"),
        ReportColumn("initiative_name", "Initiative"),
        ReportColumn("region", "Region code"),
        ReportColumn("region_name", "Region"),
        ReportColumn("funding", "Funding", Kind.NUMBER, figures.currency),
        ReportColumn("value", "Value", Kind.NUMBER, figures.currency),
    )
    return Table("flows", "Who gives what, and where", columns, rows, note="Without delivery payments.")


def periods(figures: Figures) -> Table:
    """Coverage in every period: of each region, initiative and resource, and of all.

    In one period the coverage of an activity is the weighted mean over the resources that it needs then; of a scope
    the mean of that over its activities, weighted as everywhere. Of a resource: given of needed.
    """
    required: dict[Need, float] = defaultdict(float)
    given: dict[Need, float] = defaultdict(float)
    for row in figures.scenario.requirements:
        if row.quantity > 0 and (row.initiative, row.region) in figures.weights:
            required[row.initiative, row.region, row.resource, row.period] += row.quantity
    for line in figures.plan.allocations:
        given[line.initiative, line.region, line.resource, line.period] += line.quantity
    covered: dict[Scope, float] = defaultdict(float)
    whole: dict[Scope, float] = defaultdict(float)
    for need, quantity in required.items():
        initiative, region, resource, period = need
        key, share = (initiative, region), min(1.0, given.get(need, 0.0) / quantity)
        weight = figures.weights[key] * figures.resource_shares[key][resource]
        for scope in (("all", "", period), ("region", region, period), ("initiative", initiative, period)):
            covered[scope] += share * weight
            whole[scope] += weight
        covered["resource", resource, period] += share * quantity
        whole["resource", resource, period] += quantity
    rows = tuple(_period_rows(figures, {scope: covered[scope] / whole[scope] for scope in whole if whole[scope] > 0}))
    columns = (
        ReportColumn("by", "By"),
        ReportColumn("code", "Code"),
        ReportColumn("name", "Name"),
        ReportColumn("period", "Period no.", Kind.PERIOD),
        ReportColumn("period_label", "Period"),
        ReportColumn("coverage", "Coverage", Kind.SHARE),
    )
    return Table("periods", "Coverage over time", columns, rows)


def _period_rows(figures: Figures, coverage: Mapping[Scope, float]) -> Iterator[tuple[Any, ...]]:
    scenario = figures.scenario
    scopes = [("all", "", "All needs")]
    scopes += [("region", row.code, row.name or row.code) for row in scenario.regions]
    scopes += [("initiative", row.code, row.name or row.code) for row in scenario.initiatives]
    scopes += [("resource", row.code, row.name or row.code) for row in scenario.resources]
    for by, code, name in scopes:
        for period in range(1, scenario.settings.periods + 1):
            if (by, code, period) in coverage:
                yield by, code, name, period, figures.period(period)[0], coverage[by, code, period]
