"""Whatever is done between two saves: the file tells what every save held."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.history import joined_states, record_of, scenario_at
from planner.history.delta import go_back, go_forward, pack
from planner.scenario import Scenario
from planner.store import State, StoredFile
from planner.store.rows import DamagedContent
from tests.property.test_merge import content, edited, pairs
from tests.store.scenarios import scenarios


@given(pairs())
def test_that_what_is_packed_leads_forward_and_back(several: tuple[Scenario, ...]) -> None:
    for before in several:
        for after in several:
            packed = pack(before, after)
            assert content(go_forward(before, packed)) == content(after)
            assert content(go_back(after, packed)) == content(before)
            assert bool(packed) == (content(before) != content(after))


@given(st.data())
@settings(max_examples=40)
def test_that_a_file_tells_every_save_of_its_branches(data: st.DataObject) -> None:
    first = _saved(None, data.draw(scenarios()), "0")
    saves: list[tuple[StoredFile, Sequence[State]]] = [(first, first.states)]
    for number in range(1, data.draw(st.integers(2, 5))):
        parent, states = data.draw(st.sampled_from(saves))
        saved = _saved(parent, data.draw(edited(parent.scenario)), str(number))
        saves.append((saved, (*states, saved.states[-1])))
    last = saves[-1][0]
    *others, own = joined_states(*(states for _, states in saves))
    assert own is last.states[-1]
    whole = replace(last, states=(*others, own))
    for saved, _ in saves:
        assert content(scenario_at(whole, saved.states[-1].id)) == content(saved.scenario)


def _saved(before: StoredFile | None, scenario: Scenario, number: str) -> StoredFile:
    """What a save leaves, without a disk."""
    state = State(number, f"2027-01-0{int(number) + 1}T09:00:00+00:00", "0", record_of(before, scenario))
    return StoredFile(scenario=scenario, states=(*(before.states if before is not None else ()), state))


@given(scenarios(), st.binary(max_size=40), st.integers(0, 10_000), st.integers(0, 255))
def test_that_changes_from_a_stranger_are_read_or_refused(
    scenario: Scenario, anything: bytes, place: int, byte: int
) -> None:
    packed = bytearray(pack(Scenario(id=scenario.id), scenario))
    packed[place % len(packed)] = byte
    for changes in (anything, bytes(packed)):
        for go in (go_forward, go_back):
            try:
                go(scenario, changes)
            except DamagedContent:
                continue
