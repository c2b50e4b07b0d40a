"""Tables of what is needed: coverage, the decision record, gaps and resources."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from planner.report.figures import ActivityKey, Figures
from planner.report.need import NEED_COLUMNS, need_cells
from planner.report.reasons import GAP_GROUPS, reason_columns
from planner.report.table import Mark, ReportColumn, Table
from planner.report.words import WEIGHTINGS, amount_words, reason_title
from resources.columns import Kind

ALL = "all"  # name of the coverage matrix's total column


def coverage(figures: Figures) -> Table:
    """Coverage of every initiative in every region, with weighted totals; None where there is no need."""
    return _matrix(figures, "coverage", "Coverage by initiative and region")


def effective(figures: Figures) -> Table:
    """The same for effective coverage: what the scarcest essential resource lets an activity deliver."""
    return _matrix(figures, "effective", "Effective coverage by initiative and region")


def _matrix(figures: Figures, measure: str, title: str) -> Table:
    """A table of initiatives by regions; `measure` is an attribute of the plan's activities."""
    present = {region for _, region in figures.required}
    regions = [row.code for row in figures.scenario.regions if row.code in present]
    initiatives = list(dict.fromkeys(initiative for initiative, _ in figures.required))
    rows: list[tuple[Any, ...]] = []
    marks: dict[tuple[int, str], Mark] = {}
    for initiative in initiatives:
        cells = []
        for region in regions:
            key = (initiative, region)
            result = figures.results.get(key) if key in figures.required else None
            if result is not None and not result.go:
                marks[len(rows), region] = Mark.REFUSED if figures.go(key) == "no" else Mark.NOT_AHEAD
            cells.append(getattr(result, measure) if result is not None else None)
        total = _mean(figures, measure, [key for key in figures.counted if key[0] == initiative])
        rows.append((initiative, figures.name("initiatives", initiative), *cells, total))
    if rows:
        totals = [_mean(figures, measure, [key for key in figures.counted if key[1] == region]) for region in regions]
        rows.append(("", "All initiatives", *totals, _mean(figures, measure, figures.counted)))
        marks[len(rows) - 1, "name"] = Mark.TOTAL
    columns = (
        ReportColumn("initiative", "Code"),
        ReportColumn("name", "Initiative"),
        *(ReportColumn(region, figures.name("regions", region), Kind.SHARE) for region in regions),
        ReportColumn(ALL, "All regions", Kind.SHARE),
    )
    note = f"Means weighted by {WEIGHTINGS[figures.scenario.settings.weighting]}."
    return Table(measure, title, columns, tuple(rows), marks, note)


def _mean(figures: Figures, measure: str, keys: Iterable[ActivityKey]) -> float | None:
    """The measure weighted by w_a over the activities that the plan knows; None without any."""
    known = [key for key in keys if key in figures.results]
    whole = sum(figures.weights[key] for key in known)
    if not whole:
        return None
    return sum(figures.weights[key] * float(getattr(figures.results[key], measure)) for key in known) / whole


def activities(figures: Figures) -> Table:
    """The decision record: one line for every activity, going ahead or not, with the reason."""
    funding = {code for code, row in figures.resources.items() if row.is_funding}
    rows = []
    for key in figures.required:
        result = figures.results.get(key)
        if result is None:
            continue
        detail = figures.details.get(key)
        implementer = detail.implementer if detail is not None else ""
        given = figures.allocated.get(key, {})
        rows.append(
            (
                key[0],
                figures.name("initiatives", key[0]),
                key[1],
                figures.name("regions", key[1]),
                figures.name("partners", implementer) if implementer else "",
                "Goes ahead" if result.go else "Does not go ahead",
                result.coverage,
                result.effective,
                sum(quantity for code, quantity in figures.required[key].items() if code in funding),
                sum(quantity for code, quantity in given.items() if code in funding),
                _amounts(figures, key, "logistics"),
                _amounts(figures, key, "personnel"),
                ", ".join(figures.name("partners", code) for code in figures.partners_of.get(key, ())),
                reason_title(result.reason) if result.reason else "",
                result.text,
            )
        )
    columns = (
        ReportColumn("initiative", "Initiative code"),
        ReportColumn("initiative_name", "Initiative"),
        ReportColumn("region", "Region code"),
        ReportColumn("region_name", "Region"),
        ReportColumn("implementer", "Carried out by"),
        ReportColumn("decision", "Decision"),
        ReportColumn("coverage", "Coverage", Kind.SHARE),
        ReportColumn("effective", "Effective", Kind.SHARE),
        ReportColumn("funding_required", "Funding needed", Kind.NUMBER, figures.currency),
        ReportColumn("funding_allocated", "Funding given", Kind.NUMBER, figures.currency),
        ReportColumn("logistics_given", "Logistics given"),
        ReportColumn("personnel_given", "Personnel given"),
        ReportColumn("partners", "Served by"),
        ReportColumn("reason", "Reason"),
        ReportColumn("text", "Explanation"),
    )
    note = "Reusable things and people count once in every period."
    return Table("activities", "Decision record", columns, tuple(rows), note=note)


def _amounts(figures: Figures, key: ActivityKey, category: str) -> str:
    """What an activity gets of each resource of a category: `Kits 12 of 20`."""
    given = figures.allocated.get(key, {})
    return "; ".join(
        f"{row.name or code} {amount_words(given.get(code, 0.0))} of {amount_words(figures.required[key][code])}"
        for code, row in figures.resources.items()
        if row.category == category and code in figures.required[key]
    )


def gaps(figures: Figures) -> Table:
    """What is missing of every requirement that is not met in full, and how much of it each reason accounts for."""
    found = figures.plan.gaps
    reasons, amounts = reason_columns(GAP_GROUPS, [gap.parts for gap in found])
    rows = tuple(
        (
            *need_cells(figures, gap.initiative, gap.region, gap.resource, gap.period),
            gap.required,
            gap.allocated,
            gap.missing,
            figures.unit(gap.resource),
            gap.missing * figures.unit_value(gap.resource),
            reason_title(gap.reason) if gap.reason else "",
            *of_reasons,
            gap.text,
        )
        for gap, of_reasons in zip(found, amounts, strict=True)
    )
    columns = (
        *NEED_COLUMNS,
        ReportColumn("required", "Needed", Kind.NUMBER, unit_column="unit"),
        ReportColumn("allocated", "Given", Kind.NUMBER, unit_column="unit"),
        ReportColumn("missing", "Missing", Kind.NUMBER, unit_column="unit"),
        ReportColumn("unit", "Unit"),
        ReportColumn("value", "Missing value", Kind.NUMBER, figures.currency),
        ReportColumn("reason", "Reason"),
        *reasons,
        ReportColumn("text", "Explanation"),
    )
    note = "The columns of reasons say how much of what is missing each accounts for." if reasons else ""
    return Table("gaps", "Gaps", columns, rows, note=note)


def resources(figures: Figures) -> Table:
    """How far each resource goes: needed, given, missing, and what is offered of it."""
    required: dict[str, float] = defaultdict(float)
    allocated: dict[str, float] = defaultdict(float)
    offered: dict[str, float] = defaultdict(float)
    for key in figures.counted:
        for code, quantity in figures.required[key].items():
            required[code] += quantity
    for given in figures.allocated.values():
        for code, quantity in given.items():
            allocated[code] += quantity
    for pledge in figures.scenario.pledges:
        if figures.is_counted(pledge):
            offered[pledge.resource] += figures.capacity(pledge)
    rows = []
    for row in figures.scenario.resources:
        needed, given_all = required[row.code], allocated[row.code]
        rows.append(
            (
                row.code,
                row.name or row.code,
                row.category.capitalize(),
                figures.unit_over_time(row.code),
                needed,
                given_all,
                max(0.0, needed - given_all),
                given_all / needed if needed else None,
                offered[row.code],
            )
        )
    columns = (
        ReportColumn("resource", "Resource code"),
        ReportColumn("resource_name", "Resource"),
        ReportColumn("category", "Category"),
        ReportColumn("unit", "Unit"),
        ReportColumn("required", "Needed", Kind.NUMBER, unit_column="unit"),
        ReportColumn("allocated", "Given", Kind.NUMBER, unit_column="unit"),
        ReportColumn("missing", "Missing", Kind.NUMBER, unit_column="unit"),
        ReportColumn("covered", "Covered", Kind.SHARE),
        ReportColumn("offered", "Offered", Kind.NUMBER, unit_column="unit"),
    )
    note = "Offered counts pledges from the counted status up, reusable things once in every period of their window."
    return Table("resources", "Resources", columns, tuple(rows), note=note)
