"""Edits of many cells in parts, between which the window answers."""

from collections.abc import Generator, Mapping
from itertools import islice
from typing import Any

from planner import edits
from planner.scenario import Scenario

PART = 4_000  # cells or rows: some 10 ms


def is_part_done(count: int) -> bool:
    """Whether it is time for a pause after so many cells."""
    return count % PART == 0


def set_values(
    scenario: Scenario, table_name: str, values: Mapping[int, Mapping[str, Any]]
) -> Generator[None, None, Scenario]:
    """`edits.set_values` in parts, the last rows first: new ones get their codes together."""
    rows = iter(sorted(values, reverse=True))
    while part := list(islice(rows, PART)):
        scenario = edits.set_values(scenario, table_name, {row: values[row] for row in part})
        if len(part) == PART:
            yield
    return scenario
