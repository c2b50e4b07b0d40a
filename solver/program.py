"""A linear or mixed-integer program built from arrays: named blocks of variables and rows.

Rows are divided by their largest coefficient, so that money, people and shares meet the optimiser at one size.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
INFINITY = float("inf")


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear expression: sum of coefficients · variables."""

    variables: Integers
    coefficients: Floats

    @classmethod
    def empty(cls) -> "Linear":
        """The expression 0."""
        return cls(np.zeros(0, dtype=np.int64), np.zeros(0))

    def __add__(self, other: "Linear") -> "Linear":
        return Linear(
            np.concatenate([self.variables, other.variables]), np.concatenate([self.coefficients, other.coefficients])
        )

    def __mul__(self, factor: float) -> "Linear":
        return Linear(self.variables, self.coefficients * factor)

    def value(self, values: Floats) -> float:
        """What it comes to at these variable values."""
        return float(values[self.variables] @ self.coefficients)


@dataclass(frozen=True, slots=True)
class Rows:
    """A named block of rows: row numbers from 0, one entry per coefficient, and bounds per row."""

    name: str
    row: Integers
    variable: Integers
    coefficient: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows compiled for the optimiser: sorted by row then variable, without duplicates, each row scaled.

    A row of the program = a row here · `scale`.
    """

    row: Integers
    variable: Integers
    coefficient: Floats
    lower: Floats
    upper: Floats
    scale: Floats


class Program:
    """Variables with bounds, and blocks of rows; grows only."""

    def __init__(self) -> None:
        self.blocks: list[Rows] = []
        self._lower: list[Floats] = []
        self._upper: list[Floats] = []
        self._is_integer: list[Booleans] = []
        self.size = 0

    @property
    def lower(self) -> Floats:
        """Lower bound of each variable."""
        return np.concatenate(self._lower) if self._lower else np.zeros(0)

    @property
    def upper(self) -> Floats:
        """Upper bound of each variable."""
        return np.concatenate(self._upper) if self._upper else np.zeros(0)

    @property
    def is_integer(self) -> Booleans:
        """Which variables are whole."""
        return np.concatenate(self._is_integer) if self._is_integer else np.zeros(0, dtype=bool)

    def add_variables(
        self, count: int, lower: float | Floats = 0.0, upper: float | Floats = 1.0, is_integer: bool | Booleans = False
    ) -> Integers:
        """New variables; returns their numbers."""
        first = self.size
        self._lower.append(np.full(count, lower, dtype=float))
        self._upper.append(np.full(count, upper, dtype=float))
        self._is_integer.append(np.full(count, is_integer, dtype=bool))
        self.size += count
        return np.arange(first, self.size, dtype=np.int64)

    def add_rows(
        self,
        name: str,
        row: Integers,
        variable: Integers,
        coefficient: Floats,
        lower: float | Floats,
        upper: float | Floats,
        count: int | None = None,
    ) -> None:
        """A block of rows; entries of one row and variable are added up. Rows without entries need `count`."""
        count = count if count is not None else (int(row.max()) + 1 if len(row) else 0)
        self.blocks.append(
            Rows(
                name,
                np.asarray(row, dtype=np.int64),
                np.asarray(variable, dtype=np.int64),
                np.asarray(coefficient, dtype=float),
                np.full(count, lower, dtype=float),
                np.full(count, upper, dtype=float),
            )
        )

    def add_row(self, name: str, expression: Linear, lower: float = -INFINITY, upper: float = INFINITY) -> None:
        """One row: lower <= expression <= upper."""
        row = np.zeros(len(expression.variables), dtype=np.int64)
        self.add_rows(name, row, expression.variables, expression.coefficients, lower, upper, count=1)

    def matrix(self) -> Matrix:
        """All blocks as one sparse matrix."""
        rows, variables, coefficients, lowers, uppers = [], [], [], [], []
        first = 0
        for block in self.blocks:
            rows.append(block.row + first)
            variables.append(block.variable)
            coefficients.append(block.coefficient)
            lowers.append(block.lower)
            uppers.append(block.upper)
            first += len(block.lower)
        if not rows:
            none = np.zeros(0, dtype=np.int64)
            return Matrix(none, none, np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))
        return _compiled(
            np.concatenate(rows),
            np.concatenate(variables),
            np.concatenate(coefficients),
            np.concatenate(lowers),
            np.concatenate(uppers),
        )


def _compiled(row: Integers, variable: Integers, coefficient: Floats, lower: Floats, upper: Floats) -> Matrix:
    """Sort, add up duplicates, drop zeros and divide each row by its largest coefficient."""
    order = np.lexsort((variable, row))
    row, variable, coefficient = row[order], variable[order], coefficient[order]
    if len(row):
        is_new = np.ones(len(row), dtype=bool)
        is_new[1:] = (row[1:] != row[:-1]) | (variable[1:] != variable[:-1])
        starts = np.flatnonzero(is_new)
        coefficient = np.add.reduceat(coefficient, starts)
        row, variable = row[starts], variable[starts]
    largest = np.zeros(len(lower))
    np.maximum.at(largest, row, np.abs(coefficient))
    scale = np.where(largest > 0, largest, 1.0)
    coefficient = coefficient / scale[row]
    kept = np.abs(coefficient) > 1e-13  # below that a coefficient is rounding, and upsets the optimisers
    return Matrix(row[kept], variable[kept], coefficient[kept], lower / scale, upper / scale, scale)
