"""Three-way merge, rule by rule, on a scenario small enough to check by eye."""

from dataclasses import replace
from typing import Any

import pytest

from planner.edits import add_row, delete_rows, move_rows, rename_code, set_cell, set_setting
from planner.merge import ABSENT, DELETED, PRESENT, Key, Merged, Side, State, Written, differences, merge
from planner.merge.words import change_words, conflict_words
from planner.scenario import Rule, Scenario, Settings
from resources.offers import Partner, Pledge, Resource, Veto


@pytest.fixture
def base() -> Scenario:
    return Scenario(
        settings=Settings(title="Two valleys"),
        partners=(Partner(code="A", name="Alder"), Partner(code="B", name="Birch")),
        resources=(Resource(code="USD", category="funding"),),
        pledges=(
            Pledge(code="P-1", partner="A", resource="USD", quantity=100.0),
            Pledge(code="P-2", partner="B", resource="USD", quantity=200.0),
        ),
        vetoes=(Veto(partner="A", region="R1"),),
        rules=(Rule(rule="local_share", value="25 %"), Rule(rule="burden_cap", value="1.1", scope="partner:A")),
    )


def cell(scenario: Scenario, table: str, row: int, column: str, value: Any) -> Scenario:
    return set_cell(scenario, table, row, column, value)


def key(base: Scenario, table: str, row: int, column: str = "") -> Key:
    return Key(table, getattr(base, table)[row].id, column)


def quantities(merged: Merged) -> list[float]:
    return [pledge.quantity for pledge in merged.scenario.pledges]


def test_that_edits_to_different_cells_of_one_row_both_stand(base: Scenario) -> None:
    mine = cell(base, "pledges", 0, "quantity", 150.0)
    theirs = cell(base, "pledges", 0, "status", "paid")
    merged = merge(base, mine, theirs)
    assert merged.scenario.pledges[0].quantity == 150.0
    assert merged.scenario.pledges[0].status == "paid"
    assert [change.state for change in merged.changes] == [State.MINE, State.THEIRS]
    assert not merged.undecided


def test_that_the_same_edit_on_both_sides_is_no_question(base: Scenario) -> None:
    both = cell(base, "pledges", 1, "quantity", 250.0)
    merged = merge(base, both, cell(base, "pledges", 1, "quantity", 250.0))
    assert quantities(merged) == [100.0, 250.0]
    assert [change.state for change in merged.changes] == [State.SAME]


@pytest.mark.parametrize(
    ("decision", "expected"), [(None, 150.0), (Side.MINE, 150.0), (Side.THEIRS, 175.0), (Written(160.0), 160.0)]
)
def test_that_a_cell_changed_twice_is_a_conflict_that_its_decision_settles(
    base: Scenario, decision: Side | Written | None, expected: float
) -> None:
    mine = cell(base, "pledges", 0, "quantity", 150.0)
    theirs = cell(base, "pledges", 0, "quantity", 175.0)
    decisions = {key(base, "pledges", 0, "quantity"): decision} if decision is not None else {}
    merged = merge(base, mine, theirs, decisions)
    assert quantities(merged)[0] == expected
    assert len(merged.undecided) == (decision is None)
    (conflict,) = merged.conflicts
    assert (conflict.base, conflict.mine, conflict.theirs) == (100.0, 150.0, 175.0)
    assert conflict_words(conflict) == "Pledges P-1, quantity: 100 in the base, 150 in mine, 175 in theirs"


@pytest.mark.parametrize(("side", "is_left"), [(Side.MINE, False), (Side.THEIRS, True)])
def test_that_a_row_deleted_here_and_changed_there_is_a_conflict(base: Scenario, side: Side, is_left: bool) -> None:
    mine, theirs = delete_rows(base, "pledges", {1}), cell(base, "pledges", 1, "quantity", 300.0)
    (conflict,) = merge(base, mine, theirs).undecided
    assert conflict.is_row
    assert conflict_words(conflict) == "Pledges P-2: deleted in mine, changed in theirs"
    merged = merge(base, mine, theirs, {conflict.key: side})
    assert quantities(merged) == ([100.0, 300.0] if is_left else [100.0])


def test_that_a_row_deleted_here_and_left_alone_there_is_gone(base: Scenario) -> None:
    merged = merge(base, base, delete_rows(base, "vetoes", {0}))
    assert merged.scenario.vetoes == ()
    (change,) = merged.changes
    assert (change.base, change.mine, change.theirs) == (PRESENT, PRESENT, DELETED)


def test_that_new_rows_of_both_sides_stand_where_they_were_put(base: Scenario) -> None:
    mine = add_row(base, "pledges", code="P-M", partner="A", resource="USD", quantity=1.0)
    theirs = add_row(base, "pledges", code="P-T", partner="B", resource="USD", quantity=2.0)
    merged = merge(base, mine, move_rows(theirs, "pledges", {2}, 0))
    assert [pledge.code for pledge in merged.scenario.pledges] == ["P-T", "P-1", "P-2", "P-M"]


def test_that_two_new_rows_with_one_code_are_asked_about_cell_by_cell(base: Scenario) -> None:
    mine = add_row(base, "pledges", code="P-3", partner="A", resource="USD", quantity=1.0)
    theirs = add_row(base, "pledges", code="P-3", partner="A", resource="USD", quantity=2.0)
    merged = merge(base, mine, theirs)
    (conflict,) = merged.undecided
    assert (conflict.base, conflict.mine, conflict.theirs) == (ABSENT, 1.0, 2.0)
    assert conflict_words(conflict) == "Pledges P-3, quantity: added in both, 1 in mine, 2 in theirs"
    assert [pledge.code for pledge in merged.scenario.pledges] == ["P-1", "P-2", "P-3"]


def test_that_two_new_rows_that_are_alike_become_one(base: Scenario) -> None:
    merged = merge(base, *(add_row(base, "vetoes", partner="B", region="R2") for _ in range(2)))
    assert len(merged.scenario.vetoes) == 2
    assert [change.state for change in merged.changes] == [State.SAME]


def test_that_what_they_wrote_about_a_partner_follows_the_code_that_i_gave_it(base: Scenario) -> None:
    mine = rename_code(base, "partners", "A", "ALDER")
    theirs = add_row(base, "pledges", code="P-3", partner="A", resource="USD", quantity=3.0)
    merged = merge(base, mine, theirs).scenario
    assert [pledge.partner for pledge in merged.pledges] == ["ALDER", "B", "ALDER"]
    assert merged.vetoes[0].partner == "ALDER"
    assert merged.rules[1].scope == "partner:ALDER"


def test_that_what_they_wrote_about_a_partner_follows_codes_that_changed_places(base: Scenario) -> None:
    mine = base
    for old, new in (("A", "X"), ("B", "A"), ("X", "B")):
        mine = rename_code(mine, "partners", old, new)
    theirs = add_row(base, "pledges", code="P-3", partner="A", resource="USD", quantity=3.0)
    merged = merge(base, mine, theirs)
    names = {partner.code: partner.name for partner in merged.scenario.partners}
    assert [names[pledge.partner] for pledge in merged.scenario.pledges] == ["Alder", "Birch", "Alder"]
    assert [rule.scope for rule in merged.scenario.rules] == ["", "partner:B"]
    assert not merged.undecided
    assert [(change.key.table, change.key.column) for change in merged.changes] == [
        ("partners", "code"),
        ("partners", "code"),
        ("pledges", ""),
    ]


def test_that_two_names_for_one_partner_are_one_question(base: Scenario) -> None:
    mine, theirs = rename_code(base, "partners", "A", "ALDER"), rename_code(base, "partners", "A", "AF")
    asked = merge(base, mine, theirs)
    (conflict,) = asked.undecided
    assert conflict.key == key(base, "partners", 0, "code")
    merged = merge(base, mine, theirs, {conflict.key: Side.THEIRS})
    assert merged.scenario == theirs
    assert not merged.undecided


def test_that_settings_merge_like_any_row(base: Scenario) -> None:
    merged = merge(base, set_setting(base, "note", "mine"), set_setting(base, "periods", 8))
    assert (merged.scenario.settings.note, merged.scenario.settings.periods) == ("mine", 8)


def test_that_merging_once_more_changes_nothing(base: Scenario) -> None:
    mine, theirs = cell(base, "pledges", 0, "quantity", 150.0), cell(base, "pledges", 1, "quantity", 250.0)
    once = merge(base, mine, theirs).scenario
    assert merge(theirs, once, theirs).scenario == once
    assert merge(base, once, theirs).scenario == once


def test_that_a_version_without_ids_is_matched_by_its_codes(base: Scenario) -> None:
    typed = replace(
        base,
        pledges=tuple(replace(row, id=f"new-{row.code}", quantity=row.quantity + 1) for row in base.pledges),
        vetoes=tuple(replace(row, id="new") for row in base.vetoes),
    )
    assert [change_words(change) for change in differences(base, typed)] == [
        "Pledges P-1, quantity: 100, now 101",
        "Pledges P-2, quantity: 200, now 201",
    ]
    assert quantities(merge(base, cell(base, "pledges", 0, "note", "ours"), typed)) == [101.0, 201.0]


def test_that_differences_say_what_was_added_deleted_and_changed(base: Scenario) -> None:
    after = add_row(delete_rows(base, "vetoes", {0}), "partners", code="C", name="Cedar")
    after = rename_code(cell(after, "rules", 0, "value", "30 %"), "partners", "A", "ALDER")
    assert [change_words(change) for change in differences(base, after)] == [
        "Partners ALDER, code: A, now ALDER",
        "Partners C: added",
        "Vetoes ALDER R1: deleted",
        "Rules local_share, value: 25 %, now 30 %",
    ]
