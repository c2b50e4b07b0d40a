"""Requirements grouped into lines, one per need, and what typing into a line does to the scenario."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import compress, count
from operator import attrgetter, is_not
from typing import Any, NamedTuple

from planner import edits
from planner.scenario import Requirement, Scenario
from resources.columns import new_id
from ui.desktop.tables.large_edits import is_part_done, set_values

KEYS = ("initiative", "region", "resource")
Key = tuple[str, str, str]
key_of, id_of = attrgetter(*KEYS), attrgetter("id")


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

    A line is made when it is first asked for; after a change only those are made again that it touches.
    """

    def __init__(self) -> None:
        self.keys: list[Key] = []  # by line
        self._row_keys: list[Key] = []  # by requirement
        self._requirements: Sequence[Requirement] = ()
        self._rows: dict[Key, list[Requirement]] = {}
        self._made: dict[Key, Line] = {}
        self._places: dict[Key, int] | None = None  # counted when asked for
        self._row_places: dict[str, int] | None = None

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, place: int) -> Line:
        key = self.keys[place]
        line = self._made.get(key)
        if line is None:
            rows: dict[int, Requirement] = {}
            for row in self._rows[key]:
                rows.setdefault(row.period, row)
            line = self._made[key] = Line(key, rows)
        return line

    def rows_at(self, place: int) -> Sequence[Requirement]:
        """All requirements of a line, those too that are not shown."""
        return self._rows[self.keys[place]]

    def quantities(self, period: int) -> list[float | None]:
        """What each line needs in a period."""
        found: dict[Key, float | None] = dict.fromkeys(self.keys)
        rows = [
            (key, row.quantity)
            for key, row in zip(self._row_keys, self._requirements, strict=True)
            if row.period == period
        ]
        found.update(reversed(rows))
        return list(found.values())

    def totals(self) -> list[float]:
        """What each line needs over all periods."""
        rows_of = map(self._rows.__getitem__, self.keys)
        return [rows[0].quantity if len(rows) == 1 else self[place].total for place, rows in enumerate(rows_of)]

    # -- following the scenario

    def follow(self, requirements: Sequence[Requirement], first: int, removed: int) -> bool:
        """Take over what the scenario holds now, where `removed` rows from `first` on gave way to others.

        Returns whether other lines came, went or moved; else the same lines may hold other figures.
        """
        inserted = removed + len(requirements) - len(self._requirements)
        gone, come = self._requirements[first : first + removed], requirements[first : first + inserted]
        places: Sequence[int] = range(first, first + removed)
        if removed == inserted:
            places = list(compress(count(first), map(is_not, gone, come)))
            gone, come = [self._requirements[at] for at in places], [requirements[at] for at in places]
        gone_keys, come_keys = [self._row_keys[at] for at in places], list(map(key_of, come))
        self._follow_places(gone, come, first)
        self._requirements = requirements
        if gone_keys == come_keys:
            self._swap(dict.fromkeys(come_keys), {id(old): new for old, new in zip(gone, come, strict=True)})
            return False
        if removed == inserted:
            for at, key in zip(places, come_keys, strict=True):
                self._row_keys[at] = key
        else:
            self._row_keys[first : first + removed] = come_keys
        self._places = None
        if 2 * len(come) > len(requirements):
            self._regroup()
        else:
            self._move(dict.fromkeys([*gone_keys, *come_keys]), set(map(id, gone)), come, come_keys)
        return True

    def _follow_places(self, gone: Sequence[Requirement], come: Sequence[Requirement], first: int) -> None:
        """Keep where each requirement is, if that costs less than counting again."""
        if self._row_places is None or (len(gone) == len(come) and list(map(id_of, gone)) == list(map(id_of, come))):
            return
        if not gone and first == len(self._requirements):
            self._row_places.update(zip(map(id_of, come), count(first)))
        else:
            self._row_places = None

    def _swap(self, keys: Iterable[Key], now: Mapping[int, Requirement]) -> None:
        """Other rows, by the identity of the old ones, in the same places of these lines."""
        for key in keys:
            self._rows[key] = [now.get(id(row), row) for row in self._rows[key]]
            self._made.pop(key, None)

    def _move(self, keys: Iterable[Key], gone: set[int], come: Sequence[Requirement], come_keys: Sequence[Key]) -> None:
        """Rows leave these lines, by their identity, and others come to them."""
        arrived: dict[Key, list[Requirement]] = {}
        for key, row in zip(come_keys, come, strict=True):
            arrived.setdefault(key, []).append(row)
        for key in keys:
            kept = [row for row in self._rows.pop(key, ()) if id(row) not in gone]
            others = arrived.get(key, [])
            if kept and others:
                places = self.row_places
                if places[kept[-1].id] < places[others[0].id]:
                    kept += others
                else:
                    kept = sorted([*kept, *others], key=lambda row: places[row.id])
            if kept or others:
                self._rows[key] = kept or others
            self._made.pop(key, None)
        self.keys = list(dict.fromkeys(self._row_keys))

    def _regroup(self) -> None:
        """Group all of them."""
        self._made.clear()
        rows_of: dict[Key, list[Requirement]] = {}
        for key, row in zip(self._row_keys, self._requirements, strict=True):
            rows = rows_of.get(key)
            if rows is None:
                rows_of[key] = [row]
            else:
                rows.append(row)
        self._rows, self.keys = rows_of, list(rows_of)

    # -- where they are

    @property
    def places(self) -> Mapping[Key, int]:
        """Where each line is."""
        if self._places is None:
            self._places = dict(zip(self.keys, count(), strict=False))
        return self._places

    @property
    def row_places(self) -> Mapping[str, int]:
        """Where each requirement is in the scenario, by its id."""
        if self._row_places is None:
            self._row_places = dict(zip(map(id_of, self._requirements), count(), strict=False))
        return self._row_places

    def place_of(self, requirement: int) -> int | None:
        """The line of a row of the scenario."""
        return self.places[self._row_keys[requirement]] if requirement < len(self._row_keys) else None


def line_count(requirements: Sequence[Requirement]) -> int:
    """How many lines the requirements stand in."""
    return len(set(map(key_of, requirements)))


def changed(
    scenario: Scenario,
    lines: Lines,
    quantities: Mapping[tuple[int, int], float | None],
    codes: Mapping[tuple[int, int], str],
    new: Sequence[Requirement] = (),
) -> Generator[None, None, Scenario]:
    """Quantities by (line, period), None for nothing needed; codes by (line, which of KEYS); `new` come after all."""
    places = lines.row_places
    recoded: dict[int, dict[str, Any]] = {}  # by line
    for (at, which), code in codes.items():
        if code != lines.keys[at][which]:
            recoded.setdefault(at, {})[KEYS[which]] = code
    values: dict[int, Mapping[str, Any]] = {
        places[row.id]: cells for at, cells in recoded.items() for row in lines[at].rows.values()
    }
    fresh = list(new)
    gone: set[int] = set()
    for number, ((at, period), quantity) in enumerate(quantities.items(), start=1):
        if is_part_done(number):
            yield
        found = lines[at].rows.get(period)
        if found is not None and quantity is None:
            gone.add(places[found.id])
        elif found is not None and quantity != found.quantity:
            values[places[found.id]] = recoded.get(at, {}) | {"quantity": quantity}
        elif found is None and quantity is not None:
            like = first_of(lines[at])
            fresh.append(replace(like, id=new_id(), period=period, quantity=quantity, extra=()))
    if gone:
        kept = kept_of_each((lines[at] for at in {at for at, _ in quantities}), places, gone)
        gone -= kept
        values |= {place: {**values.get(place, {}), "quantity": 0.0} for place in kept}
    scenario = yield from set_values(scenario, "requirements", values)
    if fresh:
        scenario = edits.insert_rows(scenario, "requirements", len(scenario.requirements), fresh)
    return edits.delete_rows(scenario, "requirements", gone) if gone else scenario


def first_of(line: Line) -> Requirement:
    """The first row of a line in the scenario."""
    return next(iter(line.rows.values()))


def kept_of_each(lines: Iterable[Line], places: Mapping[str, int], gone: set[int]) -> set[int]:
    """A line that would lose all its rows keeps its first, so that it does not vanish while people work on it."""
    return {
        places[first_of(line).id] for line in lines if gone.issuperset(places[row.id] for row in line.rows.values())
    }
