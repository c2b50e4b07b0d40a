"""Build the scenario from what the tables said."""

import re
from collections.abc import Iterable, Mapping, Sequence

from planner.exchange.csv_table import CsvRow
from planner.exchange.fts.flows import organisation_type
from planner.exchange.fts.reading import Flow, Reading
from planner.exchange.fts.words import CURRENCY, FUNDING, NOT_SPECIFIED, UNSPECIFIED
from planner.exchange.readable_codes import readable_codes
from planner.scenario import Initiative, Region, Requirement, Scenario, Settings
from resources.codelists import code_list
from resources.offers import Partner, Pledge, Resource

LONGEST_PREFIX = 14  # characters of a plan's code before the cluster's


def build_scenario(work: Reading, flows: Sequence[Flow], files: Sequence[str]) -> Scenario:
    """One period, one resource, an initiative for each cluster, a region for each country, a pledge for each flow."""
    plans = list(work.plans.values())
    regions = sorted({country for _, _, country in work.needs})
    codes = _initiative_codes(work, flows)
    partner_codes = readable_codes({_source(flow.row) for flow in flows})
    starts = [plan.start for plan in plans if plan.start is not None]
    return Scenario(
        settings=Settings(
            title=" + ".join(plan.name for plan in plans),
            currency=CURRENCY,
            start=min(starts, default=None),
            period="year",
            periods=1,
            weighting="requirement",
            note=f"Source: OCHA Financial Tracking Service ({', '.join(files)}).",
        ),
        partners=_partners(flows, partner_codes),
        regions=tuple(Region(code=code, name=_country(code), country=code) for code in regions),
        initiatives=_initiatives(work, flows, codes),
        resources=(Resource(code=FUNDING, name="Funding", category="funding", unit=CURRENCY),),
        pledges=_pledges(work, flows, codes, partner_codes),
        requirements=tuple(
            Requirement(initiative=codes[plan, cluster], region=country, resource=FUNDING, quantity=float(amount))
            for (plan, cluster, country), amount in work.needs.items()
            if amount
        ),
    )


def _initiative_codes(work: Reading, flows: Sequence[Flow]) -> Mapping[tuple[str, str], str]:
    """A code for every plan and cluster that needs or gets something; of several plans the plan's code comes first."""
    wanted: dict[str, set[str]] = {plan: set() for plan in work.plans}
    for (plan, cluster, _), amount in work.needs.items():
        if amount:
            wanted[plan].add(cluster)
    for flow in flows:
        wanted[flow.plan.key].update(flow.clusters)
    codes = {}
    for plan, clusters in wanted.items():
        title = re.sub(r"[^0-9A-Za-z]", "", work.title(work.plans[plan]))[:LONGEST_PREFIX]
        prefix = f"{title}-" if len(work.plans) > 1 else ""
        codes.update({(plan, cluster): code for cluster, code in readable_codes(clusters, prefix).items()})
    return codes


def _initiatives(work: Reading, flows: Sequence[Flow], codes: Mapping[tuple[str, str], str]) -> tuple[Initiative, ...]:
    rows = []
    for plan, cluster in sorted(codes, key=lambda key: (list(work.plans).index(key[0]), key[1])):
        name = f"{cluster} ({work.title(work.plans[plan])})" if len(work.plans) > 1 else cluster
        extra = {"fts_cluster": cluster, "fts_cluster_id": work.cluster_ids.get(cluster, "")}
        kept = tuple((key, text) for key, text in extra.items() if text)
        rows.append(Initiative(code=codes[plan, cluster], name=name, extra=kept))
        if not any(amount for key, amount in work.needs.items() if key[:2] == (plan, cluster)):
            total = sum(flow.amount for flow in flows if flow.plan.key == plan and cluster in flow.clusters)
            work.warn(
                "fts_no_requirement",
                f"{name} has flows ({total:,} USD name it) but no requirement: "
                "what is earmarked to it alone cannot be planned with.",
                "Initiatives",
            )
    if any(not flow.clusters for flow in flows) and not work.keeps_unspecified:
        name = "Not specified (not planned with)"
        rows.append(Initiative(code=NOT_SPECIFIED, name=name, extra=(("fts_cluster", UNSPECIFIED),)))
    return tuple(rows)


def _source(row: CsvRow) -> str:
    return row["srcOrganization"] or UNSPECIFIED


def _partners(flows: Iterable[Flow], codes: Mapping[str, str]) -> tuple[Partner, ...]:
    types: dict[str, str] = {}
    words: dict[str, str] = {}
    for flow in flows:
        name = _source(flow.row)
        if not types.get(name):
            types[name] = organisation_type(flow.row)
            words[name] = flow.row["srcOrganizationTypes"]
    return tuple(
        Partner(code=codes[name], name=name, type=types[name], note=f"FTS: {words[name]}" if words[name] else "")
        for name in sorted(types)
    )


def _pledges(
    work: Reading,
    flows: Iterable[Flow],
    codes: Mapping[tuple[str, str], str],
    partner_codes: Mapping[str, str],
) -> tuple[Pledge, ...]:
    pledges = []
    taken: set[str] = set()
    for flow in flows:
        row, plan = flow.row, flow.plan.key
        earmark = tuple(codes[plan, cluster] for cluster in flow.clusters)
        others: tuple[str, ...] = ()  # unearmarked money stays in its own plan
        if not earmark and work.keeps_unspecified:
            others = tuple(code for (other, _), code in codes.items() if other != plan)
        elif not earmark:
            earmark = (NOT_SPECIFIED,)
        home = sorted({country for other, _, country in work.needs if other == plan})
        places = [code for code in home if code in re.split(r"\s*,\s*", row["destLocations"])]
        pledges.append(
            Pledge(
                code=_pledge_code(row, taken),
                partner=partner_codes[_source(row)],
                resource=FUNDING,
                quantity=float(flow.amount),
                status=row["status"].lower(),
                initiatives=earmark,
                exclude_initiatives=others,
                regions=tuple(places or home),  # of its own plan: other countries may be imported later
                note=_note(flow),
                extra=_extra(row),
            )
        )
    return tuple(pledges)


def _pledge_code(row: CsvRow, taken: set[str]) -> str:
    """FTS- and the flow's id; -2, -3 ... where one id stands in several rows."""
    base = f"FTS-{re.sub(r'[^0-9A-Za-z-]', '', row['id'])[:30] or f'line-{row.line}'}"
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    taken.add(code)
    return code


def _note(flow: Flow) -> str:
    """What a coordinator wants beside the amount: given in kind, the original amount and rate, for whom."""
    row = flow.row
    parts = []
    if flow.is_in_kind:
        parts.append("In kind")
    if row["originalAmount"] and row["originalCurrency"]:
        rate = f" at {row['exchangeRate']}" if row["exchangeRate"] else ""
        parts.append(f"{row['originalAmount']} {row['originalCurrency']}{rate}")
    if row["destOrganization"]:
        parts.append(f"for {row['destOrganization']}")
    return "; ".join(parts)


def _extra(row: CsvRow) -> tuple[tuple[str, str], ...]:
    kept = {
        "fts_id": row["id"],
        "fts_contribution": row["contributionType"],
        "fts_flow_type": row["flowType"],
        "fts_decided": row["decisionDate"],
        "fts_description": row["description"],
    }
    return tuple(sorted((name, text) for name, text in kept.items() if text))


def _country(code: str) -> str:
    entry = code_list("countries").get(code)
    return entry.name if entry is not None else code
