"""Requirements grouped into lines, one per need, and what typing into a line does to the scenario."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple

from planner import edits
from planner.scenario import Requirement, Scenario
from resources.columns import new_id

KEYS = ("initiative", "region", "resource")
Key = tuple[str, str, str]


class Line(NamedTuple):
    """One line: its codes and the scenario's row of each period that has one."""

    key: Key
    rows: dict[int, int]


def lines_of(requirements: Sequence[Requirement]) -> tuple[list[Line], list[int]]:
    """The lines in the scenario's order, and the line of every row. Of two rows for one period the first is shown."""
    lines: list[Line] = []
    places: dict[Key, int] = {}
    line_of: list[int] = []
    keys: Iterator[Key] = map(attrgetter(*KEYS), requirements)
    for index, (key, period) in enumerate(zip(keys, map(attrgetter("period"), requirements), strict=True)):
        place = places.get(key)
        if place is None:
            place = places[key] = len(lines)
            lines.append(Line(key, {}))
        lines[place].rows.setdefault(period, index)
        line_of.append(place)
    return lines, line_of


def line_count(requirements: Sequence[Requirement]) -> int:
    """How many lines the requirements stand in."""
    return len(set(map(attrgetter(*KEYS), requirements)))


def stands_alike(one: Sequence[Requirement], other: Sequence[Requirement]) -> bool:
    """Whether rows have the same codes and periods, so that the same lines show them."""
    place = attrgetter(*KEYS, "period")
    return len(one) == len(other) and all(place(row) == place(now) for row, now in zip(one, other, strict=True))


def changed(
    scenario: Scenario,
    lines: Sequence[Line],
    quantities: dict[tuple[int, int], float | None],
    codes: dict[tuple[int, int], str],
    new: Sequence[Requirement] = (),
) -> Scenario:
    """Quantities by (line, period), None for nothing needed; codes by (line, which of KEYS); `new` come after all."""
    requirements = scenario.requirements
    values: dict[int, dict[str, Any]] = {}
    fresh = list(new)
    gone: list[int] = []
    for (line, which), code in codes.items():
        for index in lines[line].rows.values():
            values.setdefault(index, {})[KEYS[which]] = code
    for (line, period), quantity in quantities.items():
        at = lines[line].rows.get(period)
        if at is None and quantity is not None:
            like = requirements[min(lines[line].rows.values())]
            fresh.append(replace(like, id=new_id(), period=period, quantity=quantity, extra=()))
        elif at is not None and quantity is None:
            gone.append(at)
        elif at is not None:
            values.setdefault(at, {})["quantity"] = quantity
    gone = keep_one_of_each(lines, gone, values)
    scenario = edits.set_values(scenario, "requirements", values)
    if fresh:
        scenario = edits.insert_rows(scenario, "requirements", len(requirements), fresh)
    return edits.delete_rows(scenario, "requirements", gone) if gone else scenario


def keep_one_of_each(lines: Sequence[Line], gone: list[int], values: dict[int, dict[str, Any]]) -> list[int]:
    """A line that would lose all its rows keeps one of 0, so that it does not vanish while people work on it."""
    removed = set(gone)
    for line in lines:
        if removed and removed.issuperset(line.rows.values()):
            kept = min(line.rows.values())
            removed.discard(kept)
            values.setdefault(kept, {})["quantity"] = 0.0
    return sorted(removed)
