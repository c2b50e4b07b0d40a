"""What a selection adds up to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ui.desktop.tables.grid_model import GridModel

PIECE = 20_000  # cells
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


def pieces_of(stripes: Iterable[Stripe]) -> Iterator[Stripe]:
    """The same cells in pieces, each of which is added up in some milliseconds."""
    for place, column, height in stripes:
        for first in range(place, place + height, PIECE):
            yield first, column, min(PIECE, place + height - first)


def totals_of(model: GridModel, stripes: Iterable[Stripe]) -> Iterator[Totals]:
    """Add up piece by piece: the totals so far, the last of them those of all."""
    cells, parts = 0, []
    units: set[str | None] = set()
    for place, column, height in pieces_of(stripes):
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
