"""Requirements grouped into lines, one per need, and what typing into a line does to the scenario."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from operator import attrgetter
from typing import Any, NamedTuple

from planner import edits
from planner.scenario import Requirement, Scenario
from resources.columns import new_id

KEYS = ("initiative", "region", "resource")
Key = tuple[str, str, str]
key_of, id_of, period_of = attrgetter(*KEYS), attrgetter("id"), attrgetter("period")


class Line(NamedTuple):
    """One line: its codes, and the requirement of each period that has one."""

    key: Key
    rows: dict[int, Requirement]  # in the scenario's order

    @property
    def total(self) -> float:
        """What is needed over all periods."""
        return sum([row.quantity for row in self.rows.values()])


class Lines:
    """Requirements grouped into lines, in the scenario's order. Of two rows for one period the first is shown.

    After a change only the lines are made again that it touches: the others stay the same objects.
    """

    def __init__(self) -> None:
        self.all: list[Line] = []
        self._keys: list[Key] = []  # by requirement
        self._requirements: Sequence[Requirement] = ()
        self._places: dict[Key, int] | None = None  # counted when asked for
        self._row_places: dict[str, int] | None = None

    def follow(self, requirements: Sequence[Requirement], first: int, removed: int) -> bool:
        """Take over what the scenario holds now, where `removed` rows from `first` on gave way to others.

        Returns whether other lines came, went or moved; else the same lines may hold other figures.
        """
        old = slice(first, first + removed)
        rows = requirements[first : first + removed + len(requirements) - len(self._keys)]
        if self._row_places is not None and list(map(id_of, rows)) != list(map(id_of, self._requirements[old])):
            self._row_places = None
        gone, come = self._keys[old], list(map(key_of, rows))
        self._keys[old], self._requirements = come, requirements
        fresh = self._made_again(requirements, dict.fromkeys([*gone, *come]))
        if come == gone:
            self.all = [fresh.get(line.key, line) for line in self.all] if fresh else self.all
            return False
        known = {line.key: line for line in self.all} | fresh
        is_whole = not gone and len(come) == len(self._keys)
        self.all = [known[key] for key in (fresh if is_whole else dict.fromkeys(self._keys))]
        self._places = None
        return True

    def _made_again(self, requirements: Sequence[Requirement], touched: Iterable[Key]) -> dict[Key, Line]:
        """The lines of these keys, in their order, without those that have no row any more."""
        rows_of: dict[Key, dict[int, Requirement]] = {key: {} for key in touched}
        if rows_of:
            found = zip(map(rows_of.get, self._keys), map(period_of, requirements), requirements, strict=True)
            for rows, period, row in found:
                if rows is not None:
                    rows.setdefault(period, row)
        return {key: Line(key, rows) for key, rows in rows_of.items() if rows}

    @property
    def places(self) -> Mapping[Key, int]:
        """Where each line is."""
        if self._places is None:
            self._places = {line.key: place for place, line in enumerate(self.all)}
        return self._places

    @property
    def row_places(self) -> Mapping[str, int]:
        """Where each requirement is in the scenario, by its id."""
        if self._row_places is None:
            self._row_places = dict(zip(map(id_of, self._requirements), count(), strict=False))
        return self._row_places

    def place_of(self, requirement: int) -> int | None:
        """The line of a row of the scenario."""
        return self.places[self._keys[requirement]] if requirement < len(self._keys) else None


def line_count(requirements: Sequence[Requirement]) -> int:
    """How many lines the requirements stand in."""
    return len(set(map(key_of, requirements)))


def changed(
    scenario: Scenario,
    grouped: Lines,
    quantities: dict[tuple[int, int], float | None],
    codes: dict[tuple[int, int], str],
    new: Sequence[Requirement] = (),
) -> Scenario:
    """Quantities by (line, period), None for nothing needed; codes by (line, which of KEYS); `new` come after all."""
    lines, places = grouped.all, grouped.row_places
    values: dict[int, dict[str, Any]] = {}
    fresh = list(new)
    gone: set[int] = set()
    for (line, which), code in codes.items():
        for row in lines[line].rows.values():
            values.setdefault(places[row.id], {})[KEYS[which]] = code
    for (line, period), quantity in quantities.items():
        rows = lines[line].rows
        if period in rows and quantity is None:
            gone.add(places[rows[period].id])
        elif period in rows:
            values.setdefault(places[rows[period].id], {})["quantity"] = quantity
        elif quantity is not None:
            like = first_of(lines[line])
            fresh.append(replace(like, id=new_id(), period=period, quantity=quantity, extra=()))
    kept = kept_of_each((lines[line] for line in {line for line, _ in quantities}), places, gone)
    gone -= kept
    values |= {place: values.get(place, {}) | {"quantity": 0.0} for place in kept}
    scenario = edits.set_values(scenario, "requirements", values)
    if fresh:
        scenario = edits.insert_rows(scenario, "requirements", len(scenario.requirements), fresh)
    return edits.delete_rows(scenario, "requirements", gone) if gone else scenario


def first_of(line: Line) -> Requirement:
    """The first row of a line in the scenario."""
    return next(iter(line.rows.values()))


def kept_of_each(lines: Iterable[Line], places: Mapping[str, int], gone: set[int]) -> set[int]:
    """A line that would lose all its rows keeps its first, so that it does not vanish while people work on it."""
    return {
        places[first_of(line).id]
        for line in lines
        if gone and gone.issuperset(places[row.id] for row in line.rows.values())
    }
