"""Whatever two people do to copies of one scenario: a merge keeps it, and asks where both did different things."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.edits import (
    CODE_PREFIXES,
    delete_rows,
    duplicate_rows,
    insert_blank_rows,
    move_rows,
    rename_code,
    set_cell,
    set_setting,
)
from planner.merge import Change, Side, differences, merge
from planner.merge.matching import with_ids_of
from planner.problems import ConcordError
from planner.scenario import TABLE_BY_NAME, TABLES, Scenario
from resources.columns import new_id
from tests.store.scenarios import scenarios, values

TABLE_NAMES = st.sampled_from(sorted(TABLE_BY_NAME))
FLIPPED = {Side.MINE: Side.THEIRS, Side.THEIRS: Side.MINE}


@st.composite
def edited(draw: st.DrawFn, base: Scenario, *, has_renames: bool = True) -> Scenario:
    """A descendant of a scenario: up to six edits, each as the window makes them."""
    scenario = base
    for _ in range(draw(st.integers(0, 6))):
        scenario = draw(_edit(scenario, has_renames=has_renames))
    return scenario


@st.composite
def _edit(draw: st.DrawFn, scenario: Scenario, *, has_renames: bool) -> Scenario:
    table = TABLE_BY_NAME[draw(TABLE_NAMES)]
    rows = scenario.rows(table)
    indexes = st.sets(st.integers(0, max(0, len(rows) - 1)), max_size=2)
    verbs: list[Callable[[], Scenario]] = [
        lambda: insert_blank_rows(scenario, table.name, draw(st.integers(0, len(rows)))),
        lambda: set_setting(scenario, "note", draw(st.sampled_from(("", "a", "b")))),
    ]
    if rows:
        verbs += [
            lambda: delete_rows(scenario, table.name, draw(indexes)),
            lambda: duplicate_rows(scenario, table.name, draw(indexes)),
            lambda: move_rows(scenario, table.name, draw(indexes), draw(st.integers(0, len(rows)))),
            lambda: _with_cell(draw, scenario, table.name),
            lambda: _with_cell(draw, scenario, table.name),
        ]
        if has_renames and table.name in CODE_PREFIXES:
            verbs.append(
                lambda: rename_code(
                    scenario, table.name, draw(st.sampled_from(rows)).code, draw(st.sampled_from(("X", "Y", "Z")))
                )
            )
    try:
        return draw(st.sampled_from(verbs))()
    except ConcordError:  # a code that is taken
        return scenario


def _with_cell(draw: st.DrawFn, scenario: Scenario, table_name: str) -> Scenario:
    table = TABLE_BY_NAME[table_name]
    column = draw(st.sampled_from(table.columns))
    index = draw(st.integers(0, len(scenario.rows(table)) - 1))
    return set_cell(scenario, table_name, index, column.name, draw(values(column)))


@st.composite
def pairs(draw: st.DrawFn, *, has_renames: bool = True) -> tuple[Scenario, Scenario, Scenario]:
    """A base and two descendants of it."""
    base = draw(scenarios())
    return base, draw(edited(base, has_renames=has_renames)), draw(edited(base, has_renames=has_renames))


def content(scenario: Scenario) -> dict[str, list[tuple[str, Any]]]:
    """Every row with its id, in order."""
    return {
        "settings": [(scenario.settings.id, scenario.settings)],
        **{table.name: [(row.id, row) for row in rows] for table, rows in scenario.tables()},
    }


def bags(scenario: Scenario) -> dict[str, Counter[Any]]:
    """Every row without its id, in no order."""
    return {table.name: Counter(rows) for table, rows in scenario.tables()}


@given(pairs())
def test_that_a_merge_with_oneself_or_with_the_base_changes_nothing(versions: tuple[Scenario, ...]) -> None:
    base, mine, _ = versions
    for own, other in ((mine, mine), (mine, base), (base, mine)):
        merged = merge(base, own, other)
        assert content(merged.scenario) == content(mine)
        assert not merged.conflicts


@given(pairs(), st.data())
def test_that_a_merge_is_the_same_from_both_sides(versions: tuple[Scenario, ...], data: st.DataObject) -> None:
    check_that_it_is_the_same_from_both_sides(versions, data)


@pytest.mark.slow
@settings(max_examples=1000)
@given(pairs(), st.data())
def test_that_a_thousand_merges_are_the_same_from_both_sides(
    versions: tuple[Scenario, ...], data: st.DataObject
) -> None:
    check_that_it_is_the_same_from_both_sides(versions, data)


def check_that_it_is_the_same_from_both_sides(versions: tuple[Scenario, ...], data: st.DataObject) -> None:
    base, mine, theirs = versions
    asked = merge(base, mine, theirs).conflicts
    decisions = {change.key: data.draw(st.sampled_from(Side)) for change in asked}
    one = merge(base, mine, theirs, decisions)
    keys = {change.key: change for change in merge(base, theirs, mine).conflicts}
    if set(keys) != set(decisions):
        return  # two new rows with one key: their ids are the side's own
    other = merge(base, theirs, mine, {key: FLIPPED[side] for key, side in decisions.items()})
    assert not other.undecided
    assert bags(one.scenario) == bags(other.scenario)
    assert one.scenario.settings == other.scenario.settings


@given(pairs(has_renames=False))
def test_that_no_edit_of_either_side_is_lost(versions: tuple[Scenario, ...]) -> None:
    base, mine, theirs = versions
    merged = merge(base, mine, theirs)
    asked = {change.key for change in merged.conflicts}
    asked_rows = {(key.table, key.row_id) for key in asked}
    own = with_ids_of(base, mine)
    for side in (own, with_ids_of(own, with_ids_of(base, theirs))):  # rows added alike have one id in a merge
        for change in differences(base, side):
            assert (
                change.key in asked
                or (change.key.table, change.key.row_id) in asked_rows
                or _stands(merged.scenario, change)
            )


def _stands(scenario: Scenario, change: Change) -> bool:
    """Whether a scenario holds the edit: differences have what was edited on the right."""
    key = change.key
    if key.table == "settings":
        return bool(getattr(scenario.settings, key.column) == change.theirs)
    rows = scenario.rows(TABLE_BY_NAME[key.table])
    same = [row for row in rows if row.id == key.row_id]
    if change.is_row:
        return bool(same) == (change.theirs == "present")
    return bool(same) and getattr(same[0], key.column) == change.theirs


@given(pairs(), st.data())
def test_that_decisions_settle_every_conflict_as_they_say(versions: tuple[Scenario, ...], data: st.DataObject) -> None:
    base, mine, theirs = versions
    asked = merge(base, mine, theirs)
    decisions = {change.key: data.draw(st.sampled_from(Side)) for change in asked.conflicts}
    merged = merge(base, mine, theirs, decisions)
    known = {change.key: change for change in asked.changes}
    for key, side in decisions.items():
        if key.column in ("", "code") or any(k.column == "code" for k in decisions):
            continue
        (row,) = [scenario.settings for scenario in (merged.scenario,) if key.table == "settings"] or [
            row for row in merged.scenario.rows(TABLE_BY_NAME[key.table]) if row.id == key.row_id
        ]
        assert getattr(row, key.column) == getattr(known[key], side.value)


@given(pairs())
def test_that_what_differs_applied_to_one_gives_the_other(versions: tuple[Scenario, ...]) -> None:
    _, mine, theirs = versions
    assert bool(differences(mine, theirs)) == (
        bags(mine) != bags(theirs) or mine.settings != theirs.settings
    ) or _only_references_follow(mine, theirs)
    assert not differences(mine, mine)


def _only_references_follow(mine: Scenario, theirs: Scenario) -> bool:
    return any(
        row.code != other.code
        for table in TABLES
        if table.name in CODE_PREFIXES
        for row in mine.rows(table)
        for other in theirs.rows(table)
        if row.id == other.id
    )


@given(pairs())
def test_that_versions_without_shared_ids_are_matched_by_key_and_content(versions: tuple[Scenario, ...]) -> None:
    base, _, _ = versions
    stranger = _with_new_ids(base)
    if any(
        len(set(map(_key(table), base.rows(table)))) < len(base.rows(table)) for table in TABLES if table.key_columns
    ):
        return  # rows with one key twice: an error in the scenario, matched in their order
    assert not differences(base, stranger)
    assert content(merge(base, base, stranger).scenario) == content(base)


def _key(table: Any) -> Callable[[Any], Any]:
    return lambda row: tuple(getattr(row, column.name) for column in table.key_columns)


def _with_new_ids(scenario: Scenario) -> Scenario:
    return replace(
        scenario, **{table.name: tuple(replace(row, id=new_id()) for row in rows) for table, rows in scenario.tables()}
    )
