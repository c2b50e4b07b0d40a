"""What a selection adds up to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ui.desktop.tables.grid_model import GridModel

Stripe = tuple[int, int, int]  # first place, column, number of cells


@dataclass(frozen=True, slots=True)
class Totals:
    """So many cells; of the figures among them, where all have one unit, their number, sum, smallest and largest."""

    cells: int = 0
    figures: int = 0
    sum: float = 0.0
    smallest: float = 0.0
    largest: float = 0.0
    unit: str | None = None


NOTHING = Totals()


def totals_of(model: GridModel, stripes: Iterable[Stripe]) -> Iterator[Totals]:
    """Add up column by column: the totals so far, the last of them those of all."""
    cells, parts = 0, []
    units: set[str | None] = set()
    for place, column, height in stripes:
        cells += height
        if model.is_numeric(column):
            rows, values = model.figures_at(place, height, column)
            units |= model.units_at(rows, column)
            if values:
                parts.append((len(values), sum(values), min(values), max(values)))
        if len(units) == 1 and cells > 1 and parts:
            counts, sums, least, most = zip(*parts, strict=True)
            yield Totals(cells, sum(counts), sum(sums), min(least), max(most), next(iter(units)))
        else:
            yield Totals(cells, unit=next(iter(units)) if len(units) == 1 and cells > 1 else None)
