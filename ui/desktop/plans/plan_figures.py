"""From report tables to what charts and figures on screen need."""

import dataclasses
from datetime import datetime

from planner.plan import Plan
from planner.report.demand import ALL
from planner.report.table import Mark, Table
from planner.report.tables import PlanTables
from planner.report.why import Subject, Topic
from planner.report.words import WEIGHTINGS
from planner.scenario import Scenario
from ui.desktop.charts.flow import Flow, flow_of
from ui.desktop.charts.heat_map import Cell, HeatMap
from ui.desktop.figures import number_text


def heat_map_of(coverage: Table, plan: Plan) -> HeatMap:
    """The coverage table as a heat map, with the reason of every activity."""
    texts = {(result.initiative, result.region): result.text for result in plan.activities}
    columns = coverage.columns[2:]
    cells = tuple(
        tuple(
            Cell(
                value=values[2 + at],
                goes_ahead=coverage.marks.get((row, each.name)) not in (Mark.NOT_AHEAD, Mark.REFUSED),
                explanation=texts.get((values[0], each.name), ""),
                subject=cell_subject(values[0], "" if each.name == ALL else each.name),
            )
            for at, each in enumerate(columns)
        )
        for row, values in enumerate(coverage.rows)
    )
    words = "effectively covered" if coverage.key == "effective" else "covered"
    return HeatMap(tuple(row[1] for row in coverage.rows), tuple(each.title for each in columns), cells, words)


def cell_subject(initiative: str, region: str) -> Subject:
    """What a cell of the coverage matrix is about; totals have no code."""
    if initiative and region:
        return Subject(Topic.ACTIVITY, (initiative, region))
    if initiative:
        return Subject(Topic.INITIATIVE, (initiative,))
    return Subject(Topic.REGION, (region,)) if region else Subject(Topic.ALL)


def source_words(scenario: Scenario, plan: Plan) -> str:
    """The line under a picture: where its figures come from."""
    weighted = WEIGHTINGS.get(scenario.settings.weighting, scenario.settings.weighting)
    return f"Source: {scenario.settings.title}, {plan.name}, {short_time(plan.made_at)}. Weighted by {weighted}."


def short_time(made_at: str) -> str:
    """`today 09:38` or `12 Oct 2026`."""
    try:
        made = datetime.fromisoformat(made_at)
    except ValueError:
        return ""
    is_today = made.date() == datetime.now(made.tzinfo).date()
    return f"today {made:%H:%M}" if is_today else f"{made:%d %b %Y}"


def comparison_table(key_figures: Table) -> Table:
    """The key figures with their units beside the names: pro-rata split, agreed plan, this plan, change.

    The change is from the agreed plan where there is one.
    """
    has_agreed = "baseline" in key_figures.positions
    before = "baseline" if has_agreed else "pro_rata"
    titles = {"figure": "Comparison", "pro_rata": "Pro-rata split", "baseline": "Agreed plan", "plan": "This plan"}
    titles |= {"change": f"Change from {'agreed' if has_agreed else 'pro-rata'}", "unit": "Unit"}
    names = [name for name in titles if name in key_figures.positions]
    columns = tuple(
        dataclasses.replace(key_figures.columns[key_figures.positions[name]], title=titles[name]) for name in names
    )
    rows = []
    for line in range(len(key_figures.rows)):
        cells = {name: key_figures.value(line, name) for name in names}
        cells["figure"] = f"{cells['figure']}, {cells['unit']}"
        known = cells["plan"] is not None and cells[before] is not None
        cells["change"] = cells["plan"] - cells[before] if known else None
        rows.append(tuple(cells.values()))
    return dataclasses.replace(key_figures, columns=columns, rows=tuple(rows))


def make_flow(tables: PlanTables) -> Flow:
    """The flow picture of a plan."""
    local = frozenset(row.code for row in tables.scenario.partners if row.local)
    return flow_of(tables["flows"], local, tables.scenario.settings.currency)


def amount_text(value: float, currency: str) -> tuple[str, str]:
    """An amount as people say it, and its unit: `1.78`, `M USD`."""
    for size, word in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return number_text(value / size, 2), f"{word} {currency}"
    return number_text(value, 0), currency
