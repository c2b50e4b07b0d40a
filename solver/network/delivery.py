"""What delivering a resource costs and how long it takes, looked up for every partner, resource and region.

Axes as in solver.arrays: p partners, k resources, r regions.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from planner.scenario import Scenario
from resources.offers import DeliveryCost

NO_CHARGE = -1


class DeliveryCosts:
    """The three figures of the `DeliveryCosts` table, each from the row that names the most of the three.

    On a tie the row that names the partner wins, then the one that names the resource. A row that names no resource
    means logistics and personnel only.
    """

    cost_pkr: NDArray[np.float64]  # scenario currency per unit (reusable: and period)
    lead_pkr: NDArray[np.int64]  # periods
    charge_pkr: NDArray[np.int64]  # number of the fixed charge that a delivery incurs, or NO_CHARGE
    amount_c: NDArray[np.float64]  # scenario currency of each fixed charge, incurred once
    region_c: NDArray[np.int64]

    def __init__(
        self, scenario: Scenario, partners: Sequence[str], resources: Sequence[str], regions: Sequence[str]
    ) -> None:
        self._shape = (len(partners), len(resources), len(regions))
        self._axes = tuple({code: at for at, code in enumerate(codes)} for codes in (partners, resources, regions))
        kinds = {row.code: row.category for row in scenario.resources}
        self._is_funding = np.array([kinds[code] == "funding" for code in resources], dtype=bool)
        rows = sorted(scenario.delivery_costs, key=_precedence)
        self.cost_pkr = self._look_up(rows, lambda row: row.cost_per_unit, 0.0)
        self.lead_pkr = self._look_up(rows, lambda row: row.lead_periods, 0.0).astype(np.int64)
        row_pkr = self._look_up([*rows], lambda row: rows.index(row) if row.fixed_cost is not None else None, -1.0)
        self._set_charges(rows, row_pkr.astype(np.int64))

    def _look_up(
        self, rows: list[DeliveryCost], figure: Callable[[DeliveryCost], float | None], missing: float
    ) -> NDArray[np.float64]:
        """The figure for each partner, resource and region; later rows in order of precedence overwrite earlier."""
        table = np.full(self._shape, missing)
        for row in rows:
            value = figure(row)
            if value is None:
                continue
            p, k, r = (
                slice(None) if not code else slice(axis[code], axis[code] + 1)
                for code, axis in zip((row.partner, row.resource, row.region), self._axes, strict=True)
            )
            if row.resource:
                table[p, k, r] = value
            else:
                table[p, ~self._is_funding, r] = value
        return table

    def _set_charges(self, rows: list[DeliveryCost], row_pkr: NDArray[np.int64]) -> None:
        """Number the fixed charges: one per partner and region for a row without a resource, else per resource too."""
        numbers: dict[tuple[int, int, int, int], int] = {}
        self.charge_pkr = np.full(self._shape, NO_CHARGE, dtype=np.int64)
        amounts: list[float] = []
        where: list[int] = []
        for p, k, r in np.argwhere(row_pkr >= 0):
            row = rows[row_pkr[p, k, r]]
            amount = row.fixed_cost or 0.0
            if amount <= 0:
                continue
            key = (int(p), int(k) if row.resource else -1, int(r), int(row_pkr[p, k, r]))
            if key not in numbers:
                numbers[key] = len(amounts)
                amounts.append(amount)
                where.append(int(r))
            self.charge_pkr[p, k, r] = numbers[key]
        self.amount_c = np.array(amounts, dtype=float)
        self.region_c = np.array(where, dtype=np.int64)

    @property
    def is_free(self) -> bool:
        """Whether no delivery costs anything."""
        return not self.cost_pkr.any() and not len(self.amount_c)


def _precedence(row: DeliveryCost) -> tuple[int, bool, bool, str, str, str]:
    named = sum(bool(code) for code in (row.partner, row.resource, row.region))
    return named, bool(row.partner), bool(row.resource), row.partner, row.resource, row.region
