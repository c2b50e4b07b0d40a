"""Two plans beside each other: their key figures, their activities and their lines where they differ."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from planner.report.figures import NOTHING, Figures
from planner.report.need import NEED_COLUMNS, need_cells
from planner.report.outcome import KEY_FIGURES
from planner.report.table import ReportColumn, Table
from resources.columns import Kind

Line = tuple[str, str, str, str, int]  # pledge, initiative, region, resource, period


def compare_figures(this: Figures, other: Figures) -> Table:
    """The key figures of both plans and what changes from the other to this one."""
    rows = []
    for name, title, unit in KEY_FIGURES:
        mine, theirs = (getattr(each.plan.totals, name) for each in (this, other))
        rows.append((title, unit or this.currency, theirs, mine, mine - theirs))
    columns = (ReportColumn("figure", "Figure"), ReportColumn("unit", "Unit"), *_pair(this, other))
    return Table("compared_figures", "Key figures of both plans", columns, tuple(rows))


def compare_activities(this: Figures, other: Figures) -> Table:
    """Coverage of every activity whose coverage or decision differs."""
    rows: list[tuple[Any, ...]] = []
    for key in dict.fromkeys((*this.required, *other.required)):
        mine, theirs = this.results.get(key), other.results.get(key)
        if mine is None or theirs is None:
            continue
        if abs(mine.coverage - theirs.coverage) > NOTHING or mine.go != theirs.go:
            decisions = ["goes ahead" if each.go else "does not go ahead" for each in (theirs, mine)]
            rows.append(
                (
                    key[0],
                    this.name("initiatives", key[0]),
                    key[1],
                    this.name("regions", key[1]),
                    theirs.coverage,
                    mine.coverage,
                    mine.coverage - theirs.coverage,
                    decisions[0] if decisions[0] == decisions[1] else " → ".join(decisions),
                    mine.text,
                )
            )
    columns = (
        ReportColumn("initiative", "Initiative code"),
        ReportColumn("initiative_name", "Initiative"),
        ReportColumn("region", "Region code"),
        ReportColumn("region_name", "Region"),
        ReportColumn("other", other.plan.name, Kind.SHARE),
        ReportColumn("this", this.plan.name, Kind.SHARE),
        ReportColumn("change", "Change", Kind.SHARE),
        ReportColumn("decision", "Decision"),
        ReportColumn("text", f"Why, in {this.plan.name}"),
    )
    return Table("compared_activities", "Activities that differ", columns, tuple(rows))


def compare_lines(this: Figures, other: Figures) -> Table:
    """Every line that is not the same in both plans, the largest change of value first."""
    mine, theirs = _lines(this), _lines(other)
    rows = []
    for key in dict.fromkeys((*mine, *theirs)):
        before, after = theirs.get(key, 0.0), mine.get(key, 0.0)
        pledge, initiative, region, resource, period = key
        if abs(after - before) > 1e-6 * max(before, after):
            giver = this.pledges.get(pledge) or other.pledges.get(pledge)
            rows.append(
                (
                    pledge,
                    this.name("partners", giver.partner) if giver is not None else "",
                    *need_cells(this, initiative, region, resource, period),
                    before,
                    after,
                    after - before,
                    this.unit(resource),
                    (after - before) * this.unit_value(resource),
                )
            )
    rows.sort(key=lambda row: (-abs(row[-1]), row[:4]))
    columns = (
        ReportColumn("pledge", "Pledge"),
        ReportColumn("partner_name", "Partner"),
        *NEED_COLUMNS,
        *_pair(this, other),
        ReportColumn("unit", "Unit"),
        ReportColumn("value", "Change of value", Kind.NUMBER, this.currency),
    )
    return Table("compared_lines", "Allocations that differ", columns, tuple(rows))


def _lines(figures: Figures) -> Mapping[Line, float]:
    found: dict[Line, float] = defaultdict(float)
    for row in figures.plan.allocations:
        found[row.pledge, row.initiative, row.region, row.resource, row.period] += row.quantity
    return found


def _pair(this: Figures, other: Figures) -> tuple[ReportColumn, ...]:
    return (
        ReportColumn("other", other.plan.name, Kind.NUMBER, unit_column="unit"),
        ReportColumn("this", this.plan.name, Kind.NUMBER, unit_column="unit"),
        ReportColumn("change", "Change", Kind.NUMBER, unit_column="unit"),
    )
