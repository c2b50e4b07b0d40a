"""Whoever merges whose save, in whatever order: no edit goes without somebody having decided on it."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.edits import set_cell
from planner.history import common_base, joined_states, record_of
from planner.merge import Key, Side, merge
from planner.scenario import Scenario
from planner.store import State, StoredFile
from resources.offers import Partner

COLUMNS = ("name", "note")
START = Scenario(partners=tuple(Partner(code=code, name="0", note="0") for code in ("P", "Q")))
CELLS = tuple(Key("partners", row.id, column) for row in START.partners for column in COLUMNS)


class Copy:
    """A save of somebody. By cell: what its value stems from (edits and decisions, by number), and what it has seen.

    A decision for a value, and two who came to the same value, add to what it stems from.
    """

    def __init__(self, file: StoredFile, before: "Copy | None" = None) -> None:
        self.file = file
        self.source = {cell: set(before.source[cell]) if before else {0} for cell in CELLS}
        self.seen = {cell: set(before.seen[cell]) if before else {0} for cell in CELLS}


class Team:
    """People with a copy each, who edit, save, and merge some save of each other. Every edit writes a new value."""

    def __init__(self, draw: st.DataObject, people: str) -> None:
        self._draw, self._clock, self._number = draw, 0, 0
        first = self._saved(None, START)
        self.copies = {who: [Copy(first)] for who in people}

    def edit(self, who: str) -> None:
        """Edit some cells and save."""
        copy = self._next(who)
        scenario = copy.file.scenario
        for cell in self._draw.draw(st.sets(st.sampled_from(CELLS), min_size=1, max_size=2)):
            self._number += 1
            row = [each.id for each in scenario.partners].index(cell.row_id)
            scenario = set_cell(scenario, "partners", row, cell.column, str(self._number))
            copy.source[cell] = {self._number}
            copy.seen[cell].add(self._number)
        copy.file = self._saved(copy.file, scenario)

    def merge(self, who: str, other: str) -> None:
        """Merge one of the last saves of another, decide what is asked, and save."""
        theirs = self._draw.draw(st.sampled_from(self.copies[other][-3:]))
        mine = self._next(who)
        base = common_base(mine.file, theirs.file)
        assert base is not None
        versions = base.scenario, mine.file.scenario, theirs.file.scenario
        asked = {change.key for change in merge(*versions, disputed=base.disputed).conflicts}
        decisions = {cell: self._draw.draw(st.sampled_from(Side)) for cell in CELLS if cell in asked}
        merged = merge(*versions, decisions, base.disputed).scenario
        own, others, found = (values_of(each) for each in (versions[1], versions[2], merged))
        for cell in CELLS:
            _check(mine, theirs, cell, own[cell], others[cell], None if cell in asked else found[cell])
            if own[cell] == others[cell]:
                mine.source[cell] |= theirs.source[cell]
            elif found[cell] == others[cell]:
                mine.source[cell] = set(theirs.source[cell])
            mine.seen[cell] |= theirs.seen[cell]
            if cell in asked:
                self._number += 1
                mine.source[cell].add(self._number)
                mine.seen[cell].add(self._number)
        states = joined_states(mine.file.states, theirs.file.states)
        mine.file = self._saved(mine.file, merged, states, theirs.file.states[-1].id)

    def _next(self, who: str) -> Copy:
        """A save to be made, which goes on from the last one."""
        last = self.copies[who][-1]
        self.copies[who].append(Copy(last.file, last))
        return self.copies[who][-1]

    def _saved(
        self, parent: StoredFile | None, scenario: Scenario, states: tuple[State, ...] = (), merged: str = ""
    ) -> StoredFile:
        """What a save leaves, without a disk."""
        self._clock += 1
        record = record_of(parent, scenario, merged=[merged] if merged else ())
        state = State(f"{self._clock:03}", f"2027-01-01T09:00:{self._clock:02}+00:00", "0", record)
        return StoredFile(scenario=scenario, states=(*(states or (parent.states if parent is not None else ())), state))


def _check(mine: Copy, theirs: Copy, cell: Key, own: str, other: str, found: str | None) -> None:
    """Who knows the other's value goes on from it; what neither knows, or both, is asked (`found` is None)."""
    known, heard = theirs.source[cell] & mine.seen[cell], mine.source[cell] & theirs.seen[cell]
    is_settled = theirs.source[cell] <= mine.seen[cell], mine.source[cell] <= theirs.seen[cell]
    if own == other or is_settled == (True, False):
        assert found == own
    elif is_settled == (False, True):
        assert found == other
    elif bool(known) == bool(heard):
        assert found is None
    else:
        assert found in (None, own if known else other)


def values_of(scenario: Scenario) -> Mapping[Key, str]:
    """The value of every cell."""
    return {Key("partners", row.id, name): getattr(row, name) for row in scenario.partners for name in COLUMNS}


def work(data: st.DataObject, people: str, most: int) -> None:
    team = Team(data, people)
    pairs = [who + other for who in people for other in people if who != other]
    for step in data.draw(st.lists(st.sampled_from([*people, *pairs]), max_size=most)):
        if len(step) == 1:
            team.edit(step)
        else:
            team.merge(*step)


@settings(max_examples=150)
@given(st.data())
def test_that_two_who_merge_each_others_saves_lose_no_edit(data: st.DataObject) -> None:
    work(data, "ab", 12)


@pytest.mark.slow
@settings(max_examples=1000)
@given(st.data())
@pytest.mark.parametrize("people", ["ab", "abc"])
def test_that_people_who_merge_each_others_saves_lose_no_edit_in_a_thousand_histories(
    people: str, data: st.DataObject
) -> None:
    work(data, people, 20)
