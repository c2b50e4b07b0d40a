"""What a scenario file remembers: who saved what, what it was before, and what two files have in common."""

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from planner.document import Document
from planner.edits import add_row, delete_rows, set_cell
from planner.history import (
    common_base,
    descends,
    holds,
    joined_states,
    last_writers,
    record_of,
    scenario_at,
    system_person,
    told_otherwise,
    versions,
)
from planner.history.delta import go_back, pack
from planner.merge import Disputed, Key, merge
from planner.merge.words import conflict_words
from planner.plan import Plan
from planner.problems import ConcordError
from planner.scenario import Scenario, Settings
from planner.store import Record, State, StoredFile, limits, read_file, save_file
from planner.store.rows import DamagedContent
from resources.offers import Partner, Pledge


def quantity(amount: float, row: int = 0) -> Callable[[Scenario], Scenario]:
    return lambda scenario: set_cell(scenario, "pledges", row, "quantity", amount)


@pytest.fixture
def scenario() -> Scenario:
    pledges = tuple(Pledge(code=f"P-{number}", partner="A", resource="USD", quantity=100.0) for number in range(3))
    return Scenario(settings=Settings(title="Two valleys"), pledges=pledges)


@pytest.fixture
def document(scenario: Scenario, tmp_path: Path) -> Document:
    made = Document.new_from(scenario)
    made.save_as(tmp_path / "mine.concord", "Ana")
    return made


def opened_as(document: Document, path: Path, person: str, *edits: Callable[[Scenario], Scenario]) -> Document:
    """A copy of the document's file in which somebody else went on."""
    assert document.path is not None
    path.write_bytes(document.path.read_bytes())
    other = Document.open(path)
    for edit in edits:
        other.apply("change quantity", edit)
        other.save(person)
    return other


def test_that_a_save_records_who_did_what_and_why(document: Document) -> None:
    document.apply("change quantity", quantity(150.0))
    document.apply("paste 2 pledges", quantity(120.0, 1))
    document.save("Ana", "after the donor meeting")
    assert document.path is not None
    first, second = read_file(document.path).states
    assert first.record == Record(person="Ana")
    assert second.record.parent == first.id
    assert (second.record.person, second.record.comment) == ("Ana", "after the donor meeting")
    assert second.record.done == ("change quantity", "paste 2 pledges")


def test_that_going_back_beyond_a_save_is_told_as_what_was_undone(document: Document) -> None:
    document.apply("change quantity", quantity(150.0))
    document.save()
    document.undo()
    document.save()
    assert document.stored.states[-1].record.done == ("undo: change quantity",)


def test_that_every_earlier_save_can_be_told_again(document: Document, scenario: Scenario) -> None:
    document.apply("change quantity", quantity(150.0))
    document.save()
    document.apply("delete a pledge", lambda before: delete_rows(before, "pledges", {0}))
    document.save()
    stored = read_file(document.path or "")
    assert [len(version.after.pledges) for version in versions(stored) if version.after] == [2, 3, 3]
    assert scenario_at(stored, stored.states[0].id) == scenario
    assert scenario_at(stored, stored.states[1].id).pledges[0].quantity == 150.0


def test_that_beyond_a_limit_what_the_oldest_saves_changed_is_forgotten_and_no_ancestor(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = opened_as(document, tmp_path / "theirs.concord", "Bo", quantity(1.0, 1))
    for amount in (150.0, 160.0, 170.0):
        document.apply("change quantity", quantity(amount))
        document.save("Ana")
    whole = document.stored
    monkeypatch.setattr(limits, "MOST_RECORDED", len(whole.states[-1].record.changes) * 2 + 5)
    thin = save_file(tmp_path / "thin.concord", whole, record_of(whole, whole.scenario))
    thin = read_file(tmp_path / "thin.concord")
    assert [bool(state.record.changes) for state in thin.states] == [False, False, True, True, False]
    assert [state.record.parents for state in thin.states[:4]] == [state.record.parents for state in whole.states]
    assert thin.states[1].record.person == "Ana"
    assert scenario_at(thin, whole.states[1].id).pledges[0].quantity == 150.0
    with pytest.raises(ConcordError, match="does not hold"):
        scenario_at(thin, whole.states[0].id)
    base = common_base(thin, theirs.stored)  # which tells what it was
    assert base is not None
    assert base.states == whole.states[:1]
    assert [state.record for state in joined_states(thin.states, whole.states)[:4]] == [
        state.record for state in joined_states(whole.states, thin.states)[:4]
    ]


def test_that_a_state_from_before_records_is_said_to_be_unknown(document: Document, tmp_path: Path) -> None:
    old = replace(document.stored, states=tuple(replace(state, record=Record()) for state in document.stored.states))
    stored = save_file(tmp_path / "old.concord", old)
    with pytest.raises(ConcordError, match="does not hold"):
        scenario_at(stored, stored.states[0].id)


def test_that_changes_which_do_not_fit_the_scenario_are_refused(scenario: Scenario) -> None:
    packed = pack(scenario, quantity(150.0)(scenario))
    with pytest.raises(DamagedContent, match="another value"):
        go_back(quantity(160.0)(scenario), packed)


def test_that_two_files_have_the_last_save_before_they_parted_in_common(document: Document, tmp_path: Path) -> None:
    document.apply("change quantity", quantity(150.0))
    document.save("Ana")
    parted = document.scenario
    theirs = opened_as(document, tmp_path / "theirs.concord", "Bo", quantity(1.0, 1), quantity(2.0, 1))
    document.apply("change quantity", quantity(175.0))
    document.save("Ana")
    base = common_base(document.ancestry, theirs.stored)
    assert base is not None
    assert base.scenario == parted
    assert common_base(document.ancestry, Document.new_from(parted).ancestry) is None


def test_that_a_merged_file_descends_from_both_and_tells_what_either_side_was(
    document: Document, tmp_path: Path
) -> None:
    theirs = opened_as(document, tmp_path / "theirs.concord", "Bo", quantity(1.0, 1))
    document.apply("change quantity", quantity(150.0))
    document.merge("merge theirs", quantity(1.0, 1)(document.scenario), theirs.stored)
    document.save("Ana")
    stored = read_file(document.path or "")
    assert descends(stored, theirs.stored)
    assert [state.record.person for state in stored.states] == ["Ana", "Bo", "Ana"]
    assert scenario_at(stored, theirs.stored.states[-1].id) == theirs.scenario


def test_that_a_merge_that_was_undone_is_no_ancestor(document: Document, tmp_path: Path) -> None:
    theirs = opened_as(document, tmp_path / "theirs.concord", "Bo", quantity(1.0, 1))
    document.merge("merge theirs", quantity(1.0, 1)(document.scenario), theirs.stored)
    assert descends(document.ancestry, theirs.stored)
    document.undo()
    assert not descends(document.ancestry, theirs.stored)
    document.redo()
    document.save()
    document.undo()
    document.save()
    assert not descends(document.stored, theirs.stored)


@pytest.mark.parametrize("is_saving", [False, True])
def test_that_a_merge_that_was_undone_stays_undone_whatever_is_done_next(
    document: Document, tmp_path: Path, is_saving: bool
) -> None:
    theirs = opened_as(document, tmp_path / "theirs.concord", "Bo", quantity(1.0, 1))
    document.merge("merge theirs", quantity(1.0, 1)(document.scenario), theirs.stored)
    save = document.next_save()
    if is_saving:  # undone while the save is written
        document.undo()
        document.apply("change quantity", quantity(5.0, 2))
        document.take_save(save, save.write())
    else:
        document.take_save(save, save.write())
        document.undo()
        document.apply("change quantity", quantity(5.0, 2))
    document.save()
    assert not descends(document.stored, theirs.stored)
    document.merge("merge theirs", quantity(1.0, 1)(document.scenario), theirs.stored)
    document.save()
    assert descends(document.stored, theirs.stored)


def test_that_a_merge_that_changed_nothing_is_undone_before_the_edit_before_it(
    document: Document, tmp_path: Path
) -> None:
    theirs = opened_as(document, tmp_path / "theirs.concord", "Bo", quantity(1.0))
    document.apply("change quantity", quantity(2.0))
    document.merge("merge theirs", document.scenario, theirs.stored)
    document.undo()
    assert (document.undo_label, document.scenario.pledges[0].quantity) == ("change quantity", 2.0)
    document.undo()
    assert not descends(document.ancestry, theirs.stored)
    assert not document.is_dirty


def test_that_the_second_merge_with_somebody_starts_from_the_first(document: Document, tmp_path: Path) -> None:
    theirs = opened_as(document, tmp_path / "theirs.concord", "Bo", quantity(1.0, 1))
    document.merge("merge theirs", quantity(1.0, 1)(document.scenario), theirs.stored)
    document.apply("change quantity", quantity(5.0, 1))
    document.save("Ana")
    theirs.apply("change quantity", quantity(7.0, 2))
    theirs.save("Bo")
    base = common_base(document.ancestry, theirs.stored)
    assert base is not None
    merged = merge(base.scenario, document.scenario, theirs.scenario)
    assert not merged.conflicts
    assert [pledge.quantity for pledge in merged.scenario.pledges] == [100.0, 5.0, 7.0]


def both_merging(
    document: Document, tmp_path: Path, mine: Callable[[Scenario], Scenario], theirs: Callable[[Scenario], Scenario]
) -> tuple[Document, Document]:
    """Two who edit, then merge each other's save, and each stay with what they have where that is asked."""
    other = opened_as(document, tmp_path / "theirs.concord", "Bo", theirs)
    document.apply("change", mine)
    document.save("Ana")
    sides = (document, other)
    saves = [side.stored for side in sides]
    for side, stored in zip(sides, reversed(saves), strict=True):
        base = common_base(side.ancestry, stored)
        assert base is not None
        merged = merge(base.scenario, side.scenario, stored.scenario, disputed=base.disputed)
        side.merge("merge", merged.scenario, stored)
        side.save()
    return sides


def test_that_two_who_merged_each_other_and_kept_their_own_are_asked_again(document: Document, tmp_path: Path) -> None:
    mine, theirs = both_merging(document, tmp_path, quantity(150.0), lambda old: quantity(7.0, 1)(quantity(160.0)(old)))
    theirs.apply("change quantity", quantity(8.0, 1))
    theirs.save()
    base = common_base(mine.ancestry, theirs.stored)
    assert base is not None
    assert {state.record.person for state in base.states} == {"Ana", "Bo"}
    merged = merge(base.scenario, mine.scenario, theirs.scenario, disputed=base.disputed)
    (asked,) = merged.conflicts
    assert (asked.mine, asked.theirs) == (150.0, 160.0)
    asked = replace(asked, base=Disputed(tuple(sorted(asked.base.values))))  # saved in one second, in any order
    assert conflict_words(asked) == "Pledges P-0, quantity: 150 or 160 in the base, 150 in mine, 160 in theirs"
    assert merged.scenario.pledges[1].quantity == 8.0


def test_that_a_row_one_deleted_and_the_other_kept_is_asked_again(document: Document, tmp_path: Path) -> None:
    deleted = both_merging(document, tmp_path, lambda old: delete_rows(old, "pledges", {0}), quantity(160.0))
    for mine, theirs in (deleted, reversed(deleted)):
        base = common_base(mine.ancestry, theirs.stored)
        assert base is not None
        (asked,) = merge(base.scenario, mine.scenario, theirs.scenario, disputed=base.disputed).conflicts
        assert {asked.mine, asked.theirs} == {"deleted", "changed"}


def test_that_plans_that_came_with_a_merge_go_and_come_with_its_undo_and_redo(
    document: Document, tmp_path: Path
) -> None:
    theirs = opened_as(document, tmp_path / "theirs.concord", "Bo", quantity(1.0, 1))
    made = partial(Plan, title="", fingerprint="", status="optimal")
    theirs.add_plan(made(id="theirs", name="Theirs", made_at="2027-01-01T09:30:00+03:00"))
    document.add_plan(made(id="mine", name="Mine", made_at="2027-01-01T07:00:00+00:00"))
    document.merge("merge theirs", theirs.scenario, replace(theirs.stored, plans=theirs.plans))
    assert [plan.id for plan in document.plans] == ["theirs", "mine"]  # by the time that it was, not as it is written
    document.rename_plan(document.plans[0], "For the board")
    document.undo()
    assert [plan.id for plan in document.plans] == ["mine"]
    document.redo()
    assert [plan.name for plan in document.plans] == ["For the board", "Mine"]


def test_that_a_file_changed_on_disk_may_be_overwritten_once_it_is_merged_and_not_after_undo(
    document: Document, scenario: Scenario
) -> None:
    assert document.path is not None
    other = Document.open(document.path)
    other.apply("change quantity", quantity(1.0, 1))
    other.save("Bo")
    document.apply("change quantity", quantity(150.0))
    assert document.is_changed_on_disk
    document.merge("merge", quantity(1.0, 1)(document.scenario), other.stored)
    assert not document.is_changed_on_disk
    document.undo()
    assert document.is_changed_on_disk
    with pytest.raises(ConcordError, match="merge it"):
        document.save()
    document.redo()
    document.save()
    assert [pledge.quantity for pledge in read_file(document.path).scenario.pledges] == [150.0, 1.0, 100.0]


def test_that_a_file_on_disk_with_nothing_new_is_taken_over_as_a_step_that_changes_nothing(document: Document) -> None:
    assert document.path is not None
    other = Document.open(document.path)
    other.save("Bo")
    before = document.scenario
    document.merge("merge", document.scenario, other.stored)
    assert document.scenario is before
    assert not document.is_changed_on_disk
    assert descends(document.ancestry, other.stored)
    document.merge("merge", document.scenario, other.stored)
    assert len(document.history) == 2  # nothing came the second time
    document.save()
    assert read_file(document.path).states[-1].record.parent == read_file(document.path).states[0].id


def test_that_a_decision_to_stay_with_what_is_here_has_to_be_saved(document: Document, tmp_path: Path) -> None:
    theirs = opened_as(document, tmp_path / "theirs.concord", "Bo", quantity(1.0))
    document.apply("change quantity", quantity(2.0))
    document.save("Ana")
    document.merge("merge theirs", document.scenario, theirs.stored)
    assert document.is_dirty
    document.save("Ana")
    assert not document.is_dirty
    document.undo()
    assert document.is_dirty
    document.redo()
    assert descends(document.stored, theirs.stored)


def test_that_the_last_writer_of_a_cell_is_the_one_who_changed_it_last(document: Document, tmp_path: Path) -> None:
    start = document.stored.states[-1].id
    edits = (quantity(1.0, 1), quantity(2.0, 1), quantity(3.0, 2))
    theirs = opened_as(document, tmp_path / "theirs.concord", "Bo", *edits)
    row = theirs.scenario.pledges[1]
    cell = Key("pledges", row.id, "quantity")
    assert last_writers(theirs.stored, {start}, [cell]) == {cell: theirs.stored.states[2]}
    assert last_writers(theirs.stored, {start}, []) == {}


def test_that_a_copy_to_try_something_in_is_recorded_against_the_last_save(document: Document, tmp_path: Path) -> None:
    copy = document.copy_with(add_row(document.scenario, "pledges", code="P-9", partner="A", resource="USD"))
    copy.save_as(tmp_path / "copy.concord")
    stored = read_file(tmp_path / "copy.concord")
    assert len(scenario_at(stored, document.stored.states[-1].id).pledges) == 3


def test_that_saves_which_descend_from_each_other_in_a_circle_are_nothing_in_common(document: Document) -> None:
    circle = tuple(
        State(name, "2027-01-01T09:00:00+00:00", "0", Record(merged=("b" if name == "a" else "a",))) for name in "ab"
    )
    mine = replace(document.stored, states=circle)
    theirs = replace(document.stored, states=(*circle, State("c", "2027-01-02T09:00:00+00:00", "0")))
    assert common_base(mine, theirs) is None
    assert {state.id for state in joined_states(theirs.states)} == {"a", "b", "c"}


def test_that_a_first_save_has_nothing_to_compare_with(scenario: Scenario) -> None:
    assert record_of(None, scenario, person="Ana") == Record(person="Ana")


def test_that_a_name_can_be_given_to_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_PERSON", " Ana Ruiz ")
    assert system_person() == "Ana Ruiz"
    monkeypatch.setenv("CONCORD_PERSON", "J\udcfcrg")  # as a name of other bytes than UTF-8 comes in
    assert system_person() == "J?rg"
    monkeypatch.delenv("CONCORD_PERSON")
    assert isinstance(system_person(), str)


@pytest.mark.parametrize("inner", [b"[],", b"{},", b'["[",{}],'])
def test_that_changes_of_countless_lists_are_refused_before_they_are_read(
    inner: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(json, "loads", read.append)
    many = b'{"partners":{"cells":{"name":[[' + inner * 20_000 + b"[]],[],[]]}}}"
    with pytest.raises(DamagedContent):
        go_back(Scenario(), zlib.compress(many))
    assert read == []


def test_that_texts_of_many_brackets_are_no_lists() -> None:
    before = Scenario(partners=(Partner(code="A", name="x"),))
    after = replace(before, partners=(replace(before.partners[0], name='[{"\\' * 20_000),))
    assert go_back(after, pack(before, after)) == before


def saved(scenario: Scenario, number: int, **record: Any) -> StoredFile:
    """A file whose last save is known by a number and follows those in `before`."""
    before: tuple[State, ...] = record.pop("before", ())
    state = State(f"s{number}", f"2027-01-01T09:00:{number:02}+00:00", "0", Record(**record))
    return StoredFile(scenario=scenario, states=(*before, state))


def test_that_another_file_does_not_rewrite_what_is_known_of_a_save(document: Document) -> None:
    document.apply("change quantity", quantity(150.0))
    document.save("Ana", "agreed")
    mine = document.stored
    forged = tuple(replace(state, record=replace(state.record, person="Mallory", changes=b"")) for state in mine.states)
    theirs = replace(mine, states=forged)
    assert joined_states(mine.states, forged) == mine.states
    assert told_otherwise(mine, theirs) == mine.states
    assert told_otherwise(mine, mine) == ()


def test_that_what_another_file_says_a_save_descends_from_leads_round_in_no_circle(scenario: Scenario) -> None:
    first = saved(scenario, 1)
    last = saved(scenario, 2, parent="s1", before=first.states)
    circle = replace(first.states[0], record=Record(merged=("s2",)))
    assert joined_states(last.states, (circle, last.states[1])) == last.states


def test_that_files_which_know_different_parts_of_what_a_save_descends_from_add_up(scenario: Scenario) -> None:
    """As files of version 2 do, which did not write down which save had merged another one."""
    first = saved(scenario, 1)
    merged = saved(scenario, 2, parent="s1", before=first.states)
    own = saved(scenario, 3, parent="s1", before=merged.states)
    mine = saved(scenario, 4, parent="s3", merged=("s2",), before=own.states)
    theirs_own = replace(own.states[-1], record=Record(parent="s1", merged=("s2",)))
    theirs = saved(quantity(1.0)(scenario), 5, parent="s3", before=(*merged.states, theirs_own))
    packed = record_of(own, theirs.scenario)
    theirs = replace(theirs, states=(*theirs.states[:-1], replace(theirs.states[-1], record=packed)))
    base = common_base(mine, theirs)
    assert base is not None
    assert [state.id for state in base.states] == ["s3"]


def test_that_an_older_save_is_no_base_where_nobody_tells_what_the_last_one_in_common_was(scenario: Scenario) -> None:
    """Bo wrote 1 and took it back; Ana, who merged the 1 and never touched it, may not keep it unasked."""
    first = saved(scenario, 1)
    changed = saved(quantity(1.0)(scenario), 2, merged=("s1",), before=first.states)
    mine = saved(changed.scenario, 3, before=changed.states)
    record = record_of(first, mine.scenario, merged=["s2"])
    mine = replace(mine, states=(*changed.states, replace(mine.states[-1], record=record)))
    theirs = saved(scenario, 4, merged=("s2",), before=changed.states)
    assert common_base(mine, theirs) is None


def test_that_saves_in_common_start_from_nothing_where_nobody_tells_what_was_before_them(scenario: Scenario) -> None:
    first = saved(scenario, 1)
    one, other = quantity(1.0)(scenario), quantity(2.0, 1)(scenario)
    ana = saved(one, 2, merged=("s1",), before=first.states)
    bo = saved(other, 3, merged=("s1",), before=ana.states)
    mine = saved(one, 4, parent="s2", merged=("s3",), before=bo.states)
    theirs = saved(other, 5, parent="s3", merged=("s2",), before=bo.states)
    base = common_base(mine, theirs)
    assert base is not None
    assert [state.id for state in base.states] == ["s2", "s3"]
    assert {key.column for key in base.disputed} == {"quantity"}


def test_that_a_file_changed_by_another_program_under_the_name_of_a_save_is_not_held_already(
    document: Document, tmp_path: Path
) -> None:
    theirs = document.stored
    document.apply("change quantity", quantity(150.0))
    document.save("Ana")
    assert holds(document.stored, theirs)
    assert not holds(document.stored, replace(theirs, scenario=quantity(7.0, 1)(theirs.scenario)))
    assert not holds(theirs, document.stored)
