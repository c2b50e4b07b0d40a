"""Edits: each makes a new scenario and leaves the old one as it was."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.edits import (
    add_row,
    delete_rows,
    duplicate_rows,
    insert_blank_rows,
    insert_rows,
    move_rows,
    propose_code,
    rank_objectives,
    references_to,
    rename_code,
    set_cell,
    set_cells,
    set_setting,
)
from planner.problems import ConcordError, Place
from planner.scenario import (
    TABLE_BY_NAME,
    Activity,
    BaselineLine,
    Initiative,
    Objective,
    Region,
    Requirement,
    Rule,
    Scenario,
    Settings,
)
from resources.offers import DeliveryCost, Partner, Pledge, Resource, Veto

SCENARIO = Scenario(
    settings=Settings(title="Before"),
    partners=(Partner(code="A"), Partner(code="B")),
    regions=(Region(code="R1"), Region(code="R2")),
    initiatives=(Initiative(code="I1"), Initiative(code="I2", prerequisites=("I1",))),
    resources=(Resource(code="USD", category="funding"), Resource(code="CAR", category="logistics")),
    pledges=(
        Pledge(code="PL-009", partner="A", resource="USD", quantity=5, regions=("R2", "R1"), initiatives=("I1",)),
        Pledge(code="PL-1", partner="B", resource="CAR", quantity=1, exclude_regions=("R1",)),
    ),
    requirements=(
        Requirement(initiative="I1", region="R1", resource="USD", quantity=4),
        Requirement(initiative="I2", region="R2", resource="CAR", quantity=2),
    ),
    activities=(Activity(initiative="I1", region="R1", implementer="A"),),
    vetoes=(Veto(partner="A", region="R1", with_partner="B"), Veto(partner="B", implementer="A")),
    delivery_costs=(DeliveryCost(partner="A", resource="CAR", region="R1", cost_per_unit=1),),
    rules=(
        Rule(rule="local_share", value="0.25", scope="region:R1"),
        Rule(rule="local_share", value="0.5", scope="R1"),
        Rule(rule="coverage_floor", value="0.1", scope="R1"),
        Rule(rule="coverage_floor", value="0.1", scope=" Region : R1"),
        Rule(rule="coverage_floor", value="0.1", scope="initiative:R1"),
        Rule(rule="no_such_rule", value="", scope="R1"),
    ),
    baseline=(BaselineLine(pledge="PL-009", initiative="I1", region="R1", resource="USD", quantity=1),),
)


def ids(scenario: Scenario, table_name: str) -> list[str]:
    return [row.id for row in getattr(scenario, table_name)]


def codes(scenario: Scenario, table_name: str) -> list[str]:
    return [row.code for row in getattr(scenario, table_name)]


def test_that_a_cell_is_changed_and_everything_else_stays_the_same_object() -> None:
    after = set_cell(SCENARIO, "pledges", 0, "quantity", 7)
    assert after.pledges[0] == replace(SCENARIO.pledges[0], quantity=7.0)
    assert type(after.pledges[0].quantity) is float
    assert after.pledges[0].id == SCENARIO.pledges[0].id
    assert after.pledges[1] is SCENARIO.pledges[1]
    assert after.requirements is SCENARIO.requirements
    assert after.id == SCENARIO.id
    assert SCENARIO.pledges[0].quantity == 5


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "says"),
    [
        ("pledges", 9, "quantity", 1.0, "Pledges has no row 10; it has 2 rows"),
        ("pledges", -1, "quantity", 1.0, "Pledges has no row 0"),
        ("pledges", 0, "amount", 1.0, "Pledges has no column 'amount'; its columns are code, partner"),
        ("pledges", 0, "id", "x", "no column 'id'"),
        ("pledges", 0, "quantity", None, "quantity may not be empty; write a number"),
        ("pledges", 0, "quantity", "7", "quantity cannot hold '7'; write a number"),
        ("pledges", 0, "quantity", True, "write a number"),
        ("pledges", 0, "quantity", float("nan"), "write a number"),
        ("pledges", 0, "quantity", float("inf"), "write a number"),
        ("pledges", 0, "quantity", 10**400, "write a number"),
        ("pledges", 0, "from_period", 1.0, "write the number of a period"),
        ("pledges", 0, "from_period", 2**60, "write the number of a period"),
        ("pledges", 0, "regions", "R1", "write a list of codes"),
        ("pledges", 0, "regions", (1,), "write a list of codes"),
        ("pledges", 0, "note", "half \ud800", "write text"),
        ("partners", 0, "local", 1, "write yes or no"),
        ("partners", 0, "local", None, "local may not be empty"),
    ],
)
def test_that_an_impossible_value_is_one_sentence(table: str, row: int, column: str, value: Any, says: str) -> None:
    with pytest.raises(ConcordError) as refused:
        set_cell(SCENARIO, table, row, column, value)
    assert says in str(refused.value)
    assert str(refused.value).endswith(".")


def test_that_optional_cells_can_be_emptied() -> None:
    after = set_cell(set_cell(SCENARIO, "pledges", 0, "from_period", 2), "pledges", 0, "from_period", None)
    assert after == SCENARIO


def test_that_settings_are_changed_one_by_one() -> None:
    after = set_setting(SCENARIO, "start", date(2027, 1, 1))
    assert after.settings == Settings(title="Before", start=date(2027, 1, 1))
    assert after.settings.id == SCENARIO.settings.id
    with pytest.raises(ConcordError, match="Scenario has no column 'colour'"):
        set_setting(SCENARIO, "colour", "red")


def test_that_a_pasted_block_changes_rows_and_adds_the_ones_beyond_the_end() -> None:
    block = [("B", 10), ("A", 11), ("C", 12.5)]
    after = set_cells(SCENARIO, "pledges", 1, ("partner", "quantity"), block)
    assert after.pledges[0] is SCENARIO.pledges[0]
    assert [(row.partner, row.quantity) for row in after.pledges[1:]] == block
    assert ids(after, "pledges")[:2] == ids(SCENARIO, "pledges")
    assert codes(after, "pledges") == ["PL-009", "PL-1", "PL-2", "PL-3"]


def test_that_a_paste_of_codes_keeps_the_pasted_codes() -> None:
    after = set_cells(SCENARIO, "partners", 2, ("code",), [("C",), ("D",)])
    assert codes(after, "partners") == ["A", "B", "C", "D"]


def test_that_a_paste_with_one_impossible_cell_changes_nothing() -> None:
    with pytest.raises(ConcordError, match="quantity cannot hold"):
        set_cells(SCENARIO, "pledges", 0, ("quantity",), [(1,), ("many",)])
    with pytest.raises(ConcordError, match="right below its 2 rows"):
        set_cells(SCENARIO, "pledges", 3, ("quantity",), [(1,)])


def test_that_a_new_row_has_defaults_and_a_fresh_code() -> None:
    after = add_row(SCENARIO, "pledges", partner="A")
    assert after.pledges[:2] == SCENARIO.pledges
    assert after.pledges[2] == Pledge(code="PL-2", partner="A", resource="", quantity=0.0)
    assert len(set(ids(after, "pledges"))) == 3


@pytest.mark.parametrize(
    ("there", "proposed"),
    [
        ([], "P1"),
        (["A"], "P1"),
        (["P1", "A"], "P2"),
        (["X-009"], "X-010"),
        (["X2", "X1"], "X3"),
        (["SO99"], "SO100"),
        (["9" * 40], "9" * 24 + "1" + "0" * 15),
        (["A2" + "0" * 38], "A2" + "0" * 37 + "1"),
    ],
)
def test_that_a_fresh_code_counts_on_from_the_last_one(there: list[str], proposed: str) -> None:
    scenario = Scenario(partners=tuple(Partner(code=code) for code in there))
    assert propose_code(scenario, "partners") == proposed
    assert len(proposed) <= 40


def test_that_new_objectives_come_last() -> None:
    scenario = Scenario(objectives=(Objective(order=5, objective="coverage"), Objective(order=2, objective="starts")))
    assert add_row(scenario, "objectives").objectives[-1].order == 6


def test_that_blank_rows_are_inserted_where_asked() -> None:
    after = insert_blank_rows(SCENARIO, "regions", 1, 2)
    assert codes(after, "regions") == ["R1", "R3", "R4", "R2"]
    with pytest.raises(ConcordError, match="Regions has no row 4"):
        insert_blank_rows(SCENARIO, "regions", 3)


def test_that_inserted_copies_of_rows_get_identities_of_their_own() -> None:
    after = insert_rows(SCENARIO, "vetoes", 2, (SCENARIO.vetoes[0], SCENARIO.vetoes[0]))
    assert after.vetoes[2] == after.vetoes[3] == SCENARIO.vetoes[0]
    assert len(set(ids(after, "vetoes"))) == 4
    assert ids(after, "vetoes")[:2] == ids(SCENARIO, "vetoes")


def test_that_deleting_a_partner_deletes_nothing_else_and_what_refers_to_it_is_told() -> None:
    after = delete_rows(SCENARIO, "partners", [0])
    assert codes(after, "partners") == ["B"]
    assert replace(after, partners=SCENARIO.partners) == SCENARIO
    assert references_to(SCENARIO, "partners", ["A"]) == (
        Place("Pledges", 0, "partner"),
        Place("Activities", 0, "implementer"),
        Place("Vetoes", 0, "partner"),
        Place("Vetoes", 1, "implementer"),
        Place("DeliveryCosts", 0, "partner"),
    )


def test_that_references_to_a_region_include_lists_and_scopes_of_rules() -> None:
    places = references_to(SCENARIO, "regions", ["R1"])
    assert Place("Pledges", 0, "regions") in places
    assert Place("Pledges", 1, "exclude_regions") in places
    assert [place.row for place in places if place.sheet == "Rules"] == [0, 1, 3]


def test_that_a_copied_row_stands_below_with_a_code_and_an_identity_of_its_own() -> None:
    after = duplicate_rows(SCENARIO, "partners", [0])
    assert codes(after, "partners") == ["A", "A-2", "B"]
    again = duplicate_rows(after, "partners", [0, 1])
    assert codes(again, "partners") == ["A", "A-2", "A-3", "A-4", "B"]
    assert len(set(ids(again, "partners"))) == 5
    assert duplicate_rows(SCENARIO, "vetoes", [1]).vetoes[2] == SCENARIO.vetoes[1]


@pytest.mark.parametrize(
    ("moved", "before", "order"),
    [([0], 2, "bac"), ([2], 0, "cab"), ([0, 2], 1, "acb"), ([1], 1, "abc"), ([0, 1], 3, "cab")],
)
def test_that_rows_move_to_before_another_one(moved: list[int], before: int, order: str) -> None:
    scenario = Scenario(partners=tuple(Partner(code=code) for code in "abc"))
    assert "".join(codes(move_rows(scenario, "partners", moved, before), "partners")) == order


def test_that_a_renamed_region_is_renamed_wherever_it_is_named() -> None:
    after = rename_code(SCENARIO, "regions", "R1", "SO01")
    assert codes(after, "regions") == ["SO01", "R2"]
    assert after.regions[0].id == SCENARIO.regions[0].id
    assert after.pledges[0].regions == ("R2", "SO01")
    assert after.pledges[1].exclude_regions == ("SO01",)
    assert [row.region for row in after.requirements] == ["SO01", "R2"]
    assert after.activities[0].region == after.vetoes[0].region == after.delivery_costs[0].region == "SO01"
    assert after.baseline[0].region == "SO01"
    assert [rule.scope for rule in after.rules] == [
        "region:SO01",
        "SO01",
        "R1",  # a rule that takes several kinds of scope: a bare code names none of them
        " Region :SO01",
        "initiative:R1",
        "R1",
    ]
    assert references_to(after, "regions", ["R1"]) == ()


@pytest.mark.parametrize(
    ("table", "old"), [("partners", "A"), ("initiatives", "I1"), ("resources", "USD"), ("pledges", "PL-009")]
)
def test_that_renaming_moves_every_reference_and_back_again(table: str, old: str) -> None:
    places = references_to(SCENARIO, table, [old])
    assert places
    after = rename_code(SCENARIO, table, old, "New")
    assert references_to(after, table, [old]) == ()
    assert references_to(after, table, ["New"]) == places
    assert rename_code(after, table, "New", old) == SCENARIO


def test_that_an_impossible_renaming_is_one_sentence() -> None:
    with pytest.raises(ConcordError, match="already has the code 'B'"):
        rename_code(SCENARIO, "partners", "A", "B")
    with pytest.raises(ConcordError, match="no code 'Z' to rename"):
        rename_code(SCENARIO, "partners", "Z", "Y")
    with pytest.raises(ConcordError, match="without semicolon"):
        rename_code(SCENARIO, "partners", "A", "A;B")
    twice = replace(SCENARIO, partners=(*SCENARIO.partners, Partner(code="A")))
    with pytest.raises(ConcordError, match="more than once"):
        rename_code(twice, "partners", "A", "C")
    assert rename_code(SCENARIO, "partners", "A", " A ") is SCENARIO


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.data())
def test_that_moving_rows_loses_none_and_keeps_the_order_of_the_others(there: list[str], data: st.DataObject) -> None:
    scenario = Scenario(partners=tuple(Partner(code=code) for code in there))
    moved = data.draw(st.sets(st.integers(0, len(there) - 1))) if there else set()
    before = data.draw(st.integers(0, len(there)))
    after = codes(move_rows(scenario, "partners", moved, before), "partners")
    assert sorted(after) == sorted(there)
    staying = [code for index, code in enumerate(there) if index not in moved]
    assert [code for code in after if code in staying] == staying
    going = [there[index] for index in sorted(moved)]
    first = after.index(going[0]) if going else 0
    assert after[first : first + len(going)] == going


@pytest.mark.parametrize("table", TABLE_BY_NAME)
def test_that_every_table_takes_new_rows_that_can_be_edited(table: str) -> None:
    after = add_row(add_row(Scenario(), table), table)
    for column in TABLE_BY_NAME[table].columns:
        value = getattr(after.rows(TABLE_BY_NAME[table])[1], column.name)
        assert set_cell(after, table, 1, column.name, value) == after


def test_that_objectives_are_ranked_anew_and_numbered_from_one() -> None:
    keys = ("effective", "coverage", "burden")
    rows = tuple(Objective(order=7 * rank, objective=key) for rank, key in enumerate(keys))
    ranked = rank_objectives(Scenario(objectives=rows), [2, 0, 1])
    assert [(row.order, row.objective) for row in ranked.objectives] == [
        (1, "burden"),
        (2, "effective"),
        (3, "coverage"),
    ]
    assert [row.id for row in ranked.objectives] == [rows[at].id for at in (2, 0, 1)]
    for wrong in ([0, 1], [0, 1, 1], [0, 1, 3]):
        with pytest.raises(ConcordError, match="each of them once"):
            rank_objectives(Scenario(objectives=rows), wrong)
