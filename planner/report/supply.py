"""Tables of what is there: allocations, delivery payments, partners, supply, and what of it is stranded."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.report.figures import NOTHING, Figures
from planner.report.need import NEED_COLUMNS, need_cells
from planner.report.reasons import STRANDED_GROUPS, reason_columns
from planner.report.table import ReportColumn, Table
from planner.report.words import reason_title
from resources.codelists import code_list
from resources.columns import Kind
from resources.offers import CATEGORIES

FAIR_COLUMNS = (("fair_share", "Fair share"), ("borne", "Borne of those with one"))


def allocations(figures: Figures) -> Table:
    """Every line of the plan with the names behind its codes."""
    of_resource = {code: (figures.unit(code), row.value_per_unit) for code, row in figures.resources.items()}
    rows = []
    for line in figures.plan.allocations:
        unit, value = of_resource.get(line.resource, ("", 0.0))
        rows.append(
            (
                line.pledge,
                line.partner,
                figures.name("partners", line.partner),
                *need_cells(figures, line.initiative, line.region, line.resource, line.period),
                line.quantity,
                unit,
                line.quantity * value,
                line.text,
            )
        )
    columns = (
        ReportColumn("pledge", "Pledge"),
        ReportColumn("partner", "Partner code"),
        ReportColumn("partner_name", "Partner"),
        *NEED_COLUMNS,
        ReportColumn("quantity", "Quantity", Kind.NUMBER, unit_column="unit"),
        ReportColumn("unit", "Unit"),
        ReportColumn("value", "Value", Kind.NUMBER, figures.currency),
        ReportColumn("text", "Why this pledge"),
    )
    return Table("allocations", "Allocations", columns, tuple(rows))


def delivery(figures: Figures) -> Table:
    """Funding spent on delivery."""
    rows = []
    for line in figures.plan.delivery:
        pledge = figures.pledges.get(line.pledge)
        partner = pledge.partner if pledge is not None else ""
        label, start = figures.period(line.period)
        rows.append(
            (
                line.pledge,
                partner,
                figures.name("partners", partner),
                line.region,
                figures.name("regions", line.region),
                line.period,
                label,
                start,
                line.quantity,
            )
        )
    columns = (
        ReportColumn("pledge", "Pledge"),
        ReportColumn("partner", "Partner code"),
        ReportColumn("partner_name", "Partner"),
        ReportColumn("region", "Region code"),
        ReportColumn("region_name", "Region"),
        ReportColumn("period", "Period no.", Kind.PERIOD),
        ReportColumn("period_label", "Period"),
        ReportColumn("start", "Starts on", Kind.DATE),
        ReportColumn("quantity", "Paid", Kind.NUMBER, figures.currency),
    )
    return Table("delivery", "Delivery paid", columns, tuple(rows))


def partners(figures: Figures) -> Table:
    """What every partner offers and gives: money in full, goods and people as the part of their offer that is used."""
    use = _use_by_partner(figures)
    served = _activities_served(figures)
    whole = sum(figures.contributed.values())
    fair, fair_whole = figures.fair_shares, figures.fair_whole
    types = code_list("organisation_types")
    rows = []
    for row in figures.scenario.partners:
        funding = use[row.code, "funding"]
        value = figures.contributed.get(row.code, 0.0)
        rows.append(
            (
                row.code,
                row.name or row.code,
                types[row.type].name if row.type in types else row.type,
                bool(row.local),
                funding.offered,
                funding.allocated,
                funding.paid,
                funding.unused,
                use[row.code, "logistics"].share,
                use[row.code, "personnel"].share,
                served.get(row.code, 0),
                value,
                value / whole if whole else 0.0,
                *(_beside_fair_share(row.code, fair, value, fair_whole) if fair else ()),
            )
        )
    columns = (
        ReportColumn("partner", "Partner code"),
        ReportColumn("partner_name", "Partner"),
        ReportColumn("type", "Type"),
        ReportColumn("local", "Local", Kind.YES_NO),
        ReportColumn("offered", "Funding usable", Kind.NUMBER, figures.currency),
        ReportColumn("allocated", "Funding given", Kind.NUMBER, figures.currency),
        ReportColumn("paid", "Delivery paid", Kind.NUMBER, figures.currency),
        ReportColumn("unused", "Funding unused", Kind.NUMBER, figures.currency),
        ReportColumn("logistics", "Logistics used", Kind.SHARE),
        ReportColumn("personnel", "Personnel used", Kind.SHARE),
        ReportColumn("activities", "Activities served", Kind.WHOLE),
        ReportColumn("value", "Contributed value", Kind.NUMBER, figures.currency),
        ReportColumn("share", "Share of all", Kind.SHARE),
        *((ReportColumn(name, title, Kind.SHARE) for name, title in FAIR_COLUMNS) if fair else ()),
    )
    note = "Usable: pledges from the counted status up, after exchange rate and overhead."
    return Table("partners", "Partners", columns, tuple(rows), note=note)


def _beside_fair_share(
    code: str, fair: Mapping[str, float], value: float, whole: float
) -> tuple[float | None, float | None]:
    """A partner's fair share, and its part of what the partners with a fair share contribute."""
    if code not in fair:
        return None, None
    return fair[code], value / whole if whole else 0.0


@dataclass(slots=True)
class _Use:
    """How much of one resource or category is offered and used; `share` is None where nothing is offered."""

    offered: float = 0.0
    allocated: float = 0.0
    paid: float = 0.0
    shares: list[float] = field(default_factory=list)

    @property
    def unused(self) -> float:
        left = self.offered - self.allocated - self.paid
        return left if left > max(NOTHING, 1e-6 * self.offered) else 0.0

    @property
    def share(self) -> float | None:
        return sum(self.shares) / len(self.shares) if self.shares else None


def _use_by_resource(figures: Figures) -> Mapping[tuple[str, str], _Use]:
    """What each partner offers and gives of each resource, over all periods."""
    use: dict[tuple[str, str], _Use] = defaultdict(_Use)
    for pledge in figures.scenario.pledges:
        mine = use[pledge.partner, pledge.resource]
        if figures.is_counted(pledge):
            mine.offered += figures.capacity(pledge)
        mine.allocated += figures.allocated_by_pledge.get(pledge.code, 0.0)
        mine.paid += figures.paid_by_pledge.get(pledge.code, 0.0)
    return use


def _use_by_partner(figures: Figures) -> Mapping[tuple[str, str], _Use]:
    """The same by category; the share used of a category is the mean over its resources, whose units differ."""
    use: dict[tuple[str, str], _Use] = defaultdict(_Use)
    for (partner, code), mine in _use_by_resource(figures).items():
        resource = figures.resources.get(code)
        if resource is None:
            continue
        category = use[partner, resource.category]
        category.offered += mine.offered
        category.allocated += mine.allocated
        category.paid += mine.paid
        if mine.offered > NOTHING:
            category.shares.append(min(1.0, (mine.allocated + mine.paid) / mine.offered))
    return use


def _activities_served(figures: Figures) -> Mapping[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for codes in figures.partners_of.values():
        for code in codes:
            counts[code] += 1
    return counts


def supply(figures: Figures) -> Table:
    """What each partner offers, gives and keeps of each resource, over all periods."""
    ranks = {category: rank for rank, category in enumerate(CATEGORIES)}
    order = {row.code: rank for rank, row in enumerate(figures.scenario.partners)}
    rows = []
    for (partner, code), use in _use_by_resource(figures).items():
        resource = figures.resources.get(code)
        category = resource.category if resource is not None else ""
        used = use.allocated + use.paid
        rows.append(
            (
                partner,
                figures.name("partners", partner),
                category.capitalize(),
                code,
                figures.name("resources", code),
                figures.unit_over_time(code),
                use.offered,
                use.allocated,
                use.paid if resource is not None and resource.is_funding else None,
                use.unused,
                min(1.0, used / use.offered) if use.offered > NOTHING else None,
                used * figures.unit_value(code),
            )
        )
    rows.sort(key=lambda row: (ranks.get(row[2].lower(), len(ranks)), row[3], order.get(row[0], len(order))))
    columns = (
        ReportColumn("partner", "Partner code"),
        ReportColumn("partner_name", "Partner"),
        ReportColumn("category", "Category"),
        ReportColumn("resource", "Resource code"),
        ReportColumn("resource_name", "Resource"),
        ReportColumn("unit", "Unit"),
        ReportColumn("offered", "Usable", Kind.NUMBER, unit_column="unit"),
        ReportColumn("allocated", "Given", Kind.NUMBER, unit_column="unit"),
        ReportColumn("paid", "Delivery paid", Kind.NUMBER, unit_column="unit"),
        ReportColumn("unused", "Unused", Kind.NUMBER, unit_column="unit"),
        ReportColumn("used", "Used", Kind.SHARE),
        ReportColumn("value", "Contributed value", Kind.NUMBER, figures.currency),
    )
    note = "Reusable things and people count once in every period of their window."
    return Table("supply", "Supply by partner and resource", columns, tuple(rows), note=note)


def stranded(figures: Figures) -> Table:
    """Pledges that are not used in full, and how much of the rest each reason keeps from needs that are open."""
    found = figures.plan.stranded
    reasons, amounts = reason_columns(STRANDED_GROUPS, [row.parts for row in found])
    rows = tuple(
        (
            row.pledge,
            row.partner,
            figures.name("partners", row.partner),
            row.resource,
            figures.name("resources", row.resource),
            figures.unit_over_time(row.resource),
            row.usable,
            row.allocated,
            row.paid,
            row.unused,
            row.unused * figures.unit_value(row.resource),
            reason_title(row.reason),
            *of_reasons,
            row.text,
        )
        for row, of_reasons in zip(found, amounts, strict=True)
    )
    columns = (
        ReportColumn("pledge", "Pledge"),
        ReportColumn("partner", "Partner code"),
        ReportColumn("partner_name", "Partner"),
        ReportColumn("resource", "Resource code"),
        ReportColumn("resource_name", "Resource"),
        ReportColumn("unit", "Unit"),
        ReportColumn("usable", "Usable", Kind.NUMBER, unit_column="unit"),
        ReportColumn("allocated", "Given", Kind.NUMBER, unit_column="unit"),
        ReportColumn("paid", "Delivery paid", Kind.NUMBER, unit_column="unit"),
        ReportColumn("unused", "Unused", Kind.NUMBER, unit_column="unit"),
        ReportColumn("value", "Unused value", Kind.NUMBER, figures.currency),
        ReportColumn("reason", "Reason"),
        *reasons,
        ReportColumn("text", "Explanation"),
    )
    note = "The columns of reasons say how much of what is unused each keeps from needs that are open."
    return Table("stranded", "Stranded supply", columns, rows, note=note)
