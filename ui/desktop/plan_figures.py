"""From report tables to what charts and figures on screen need."""

import dataclasses

from planner.plan import Plan
from planner.report.table import Mark, Table
from ui.desktop.charts.heat_map import Cell, HeatMap
from ui.desktop.grid_model import number_text


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
            )
            for at, each in enumerate(columns)
        )
        for row, values in enumerate(coverage.rows)
    )
    return HeatMap(tuple(row[1] for row in coverage.rows), tuple(each.title for each in columns), cells)


def comparison_table(key_figures: Table) -> Table:
    """The key figures with their units beside the names: pro-rata split, this plan, change."""
    at = key_figures.positions
    columns = tuple(
        dataclasses.replace(key_figures.columns[at[name]], title=title)
        for name, title in (
            *(("figure", "Comparison"), ("pro_rata", "Pro-rata split"), ("plan", "This plan")),
            *(("change", "Change from pro-rata"), ("unit", "Unit")),
        )
    )
    rows = tuple(
        (
            f"{line[at['figure']]}, {line[at['unit']]}",
            *(line[at[name]] for name in ("pro_rata", "plan", "change", "unit")),
        )
        for line in key_figures.rows
    )
    return dataclasses.replace(key_figures, columns=columns, rows=rows)


def amount_text(value: float, currency: str) -> tuple[str, str]:
    """An amount as people say it, and its unit: `1.78`, `M USD`."""
    for size, word in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return number_text(value / size, 2), f"{word} {currency}"
    return number_text(value, 0), currency
