"""What leaves with a copy, and that nothing else is in its bytes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.problems import ConcordError
from planner.scenario import TABLE_BY_NAME, Rule, Scenario
from planner.sensitivity import Labels, Level, label_rows, labels_of, read_labels, with_labels
from planner.sharing import ALL, PUBLIC, Audience, audiences, for_partner, redact, share
from planner.store import Record, StoredFile, read_file
from resources.offers import Partner, Pledge
from tests.sharing.marked import A, B, cells, marked, stored, traces

FOR_A = Audience(Level.INTERNAL, A)


def label(scenario: Scenario, table: str, index: int, text: str) -> Scenario:
    rows = list(scenario.rows(TABLE_BY_NAME[table]))
    rows[index] = replace(rows[index], extra=(*rows[index].extra, ("sensitivity", text)))
    return replace(scenario, **{table: tuple(rows)})


def labelled() -> Scenario:
    """The marked scenario with a label on one row of every table and on single cells of the others."""
    scenario = marked()
    for table in TABLE_BY_NAME:
        scenario = label(scenario, table, 1, "confidential")
    for table, text in (
        ("partners", "name: internal"),
        ("pledges", "agreement: confidential; quantity: public"),
        ("regions", "people_in_need: internal; latitude: confidential"),
        ("activities", "people: confidential; priority: internal"),
        ("initiatives", "strategy: confidential"),
    ):
        scenario = label(scenario, table, 0, text)
    return scenario


@pytest.mark.parametrize("make", [marked, labelled])
@pytest.mark.parametrize("audience", [PUBLIC, ALL, FOR_A, Audience(Level.INTERNAL, B)], ids=str)
def test_that_no_byte_of_what_stays_is_in_the_file(
    audience: Audience, make: Callable[[], Scenario], tmp_path: Path
) -> None:
    origin = replace(stored(), scenario=make())
    path = tmp_path / "copy.concord"
    share(origin, audience, path)
    data = path.read_bytes()

    copy = read_file(path)
    leaving = {(table, row, column): value for table, row, column, value in cells(copy.scenario)}
    left = {trace for value in leaving.values() for trace in traces(value)}
    removed = checked = 0
    for table, row, column, value in cells(origin.scenario):
        if leaving.get((table, row, column)) == value:
            continue
        removed += 1
        for trace in set(traces(value)) - left:
            checked += 1
            assert trace not in data, (table, column, value)
    assert removed > 20
    assert checked > 40
    for mark in "plan fingerprint state parent person comment done changes".split():
        assert f"MARK-{mark}".encode() not in data
    assert [state.record for state in copy.states] == [Record(), Record(copy.states[0].id, done=("share a copy",))]


def test_that_marks_of_what_leaves_are_found_by_the_same_search(tmp_path: Path) -> None:
    origin = stored()
    share(origin, FOR_A, tmp_path / "copy.concord")
    data = (tmp_path / "copy.concord").read_bytes()
    found = {
        (table, column)
        for table, _, column, value in cells(read_file(tmp_path / "copy.concord").scenario)
        for trace in traces(value)
        if trace in data
    }
    assert {("pledges", "quantity"), ("pledges", "from_period"), ("vetoes", "reason"), ("settings", "start")} <= found


def test_that_the_public_sees_no_refusals_notes_contacts_likelihoods_and_agreed_plan() -> None:
    copy = redact(marked(), PUBLIC).scenario
    assert (copy.vetoes, copy.baseline, copy.delivery_costs) == ((), (), ())
    assert [(row.code, row.name != "", row.note, row.extra) for row in copy.partners] == [
        (A, True, "", ()),
        (B, True, "", ()),
    ]
    assert [(row.likelihood, row.note) for row in copy.pledges] == [(1.0, ""), (1.0, "")]
    assert (copy.settings.note, copy.settings.extra, copy.settings.sensitivity) == ("", (), "public")


def test_that_a_partner_sees_its_own_refusals_and_likelihoods_and_nobody_elses() -> None:
    home = marked()
    copy = redact(home, FOR_A).scenario
    assert copy.vetoes == (replace(home.vetoes[0]),)
    assert copy.pledges[0] == home.pledges[0]
    assert (copy.pledges[1].likelihood, copy.pledges[1].note, copy.pledges[1].extra) == (1.0, "", ())
    assert copy.pledges[1].quantity == home.pledges[1].quantity


def test_that_a_label_lets_a_refusal_out_and_keeps_a_row_in() -> None:
    scenario = label(label(marked(), "vetoes", 0, "public"), "partners", 1, "internal")
    copy = redact(scenario, PUBLIC).scenario
    assert [(row.partner, row.reason) for row in copy.vetoes] == [(A, "")]
    assert [row.code for row in copy.partners] == [A]
    assert [row.code for row in redact(scenario, ALL).scenario.partners] == [A, B]


def test_that_what_names_a_row_that_stays_follows_it() -> None:
    copy = redact(label(marked(), "partners", 1, "confidential"), ALL).scenario
    assert {row.partner for row in copy.pledges} == {A}
    assert {row.partner for row in copy.delivery_costs} == {A}
    assert {row.pledge for row in copy.baseline} == {"pledge-A"}
    assert [row.implementer for row in copy.activities] == [A, ""]
    assert [row.scope for row in copy.rules] == [f"partner:{A}"]


def small(**tables: Any) -> Scenario:
    return Scenario(
        partners=(Partner(code="A"), Partner(code="B")),
        **tables,
    )


def test_that_a_pledge_whose_only_region_stays_is_not_turned_into_one_for_any_region() -> None:
    home = marked()
    pledges = (
        replace(home.pledges[0], regions=("region-A", "region-B"), exclude_regions=("region-B",)),
        replace(home.pledges[1], regions=("region-B",)),
    )
    copy = redact(label(replace(home, pledges=pledges), "regions", 1, "confidential"), ALL).scenario
    assert [(row.code, row.regions, row.exclude_regions) for row in copy.pledges] == [("pledge-A", ("region-A",), ())]


def test_that_a_row_without_a_cell_it_needs_stays_whole() -> None:
    for column in ("quantity", "code", "partner", "currency"):
        scenario = label(marked(), "pledges", 1, f"{column}: confidential")
        assert [row.code for row in redact(scenario, ALL).scenario.pledges] == ["pledge-A"], column


def test_that_an_owner_sees_a_row_but_not_a_cell_that_is_labelled_by_itself() -> None:
    scenario = label(marked(), "pledges", 0, "confidential; note: confidential")
    (pledge, other) = redact(scenario, FOR_A).scenario.pledges
    assert (pledge.note, pledge.likelihood) == ("", marked().pledges[0].likelihood)
    assert other.code == "pledge-B"
    assert [row.code for row in redact(scenario, ALL).scenario.pledges] == ["pledge-B"]


def test_that_a_label_nobody_can_read_keeps_the_row_at_home() -> None:
    scenario = label(marked(), "pledges", 1, "secrett")
    assert [row.code for row in redact(scenario, ALL).scenario.pledges] == ["pledge-A"]


@pytest.mark.parametrize("audience", [PUBLIC, ALL, FOR_A], ids=str)
def test_that_of_a_scenario_that_is_confidential_as_a_whole_no_copy_is_made(audience: Audience, tmp_path: Path) -> None:
    home = marked()
    scenario = replace(home, settings=replace(home.settings, sensitivity="confidential"))
    with pytest.raises(ConcordError, match="label it internal"):
        share(StoredFile(scenario=scenario), audience, tmp_path / "copy.concord")
    assert list(tmp_path.iterdir()) == []


def test_that_the_list_of_what_stays_and_the_copy_make_up_the_scenario() -> None:
    home = labelled()
    for audience in audiences(home):
        redacted = redact(home, audience)
        whole = {(each.table.name, each.row.id) for each in redacted.withheld if not each.columns}
        emptied = {(each.table.name, each.row.id, name) for each in redacted.withheld for name in each.columns}
        copy = {(table, row, column): value for table, row, column, value in cells(redacted.scenario)}
        for table, row, column, value in cells(home):
            if column == "sensitivity":
                continue
            is_there = (table, row, column) in copy and copy[table, row, column] == value
            assert is_there != ((table, row) in whole or (table, row, column) in emptied), (table, column)


def test_that_a_scenario_without_labels_and_secrets_leaves_whole() -> None:
    scenario = small(pledges=(Pledge(code="P", partner="A", resource="K", quantity=1),), rules=(Rule(rule="expected"),))
    redacted = redact(scenario, ALL)
    assert redacted.scenario == scenario
    assert redacted.withheld == ()


def test_that_an_unknown_partner_is_one_sentence() -> None:
    with pytest.raises(ConcordError, match="There is no partner 'C'; the partners are: A, B"):
        for_partner(small(), "C")


def test_that_cells_are_labelled_and_the_labels_of_their_rows_and_other_cells_stay() -> None:
    scenario = label(small(), "partners", 0, "confidential; note: public")
    labelled = label_rows(scenario, "partners", [0], Level.INTERNAL, ["name"])
    assert labels_of(labelled.partners[0]) == Labels(Level.CONFIDENTIAL, {"note": Level.PUBLIC, "name": Level.INTERNAL})
    assert label_rows(labelled, "partners", [0], None, ["name"]) == scenario


def test_that_rows_are_labelled_and_keep_the_labels_of_their_cells() -> None:
    scenario = label(small(), "partners", 1, "note: public")
    labelled = label_rows(scenario, "partners", [0, 1], Level.CONFIDENTIAL)
    assert [dict(row.extra)["sensitivity"] for row in labelled.partners] == [
        "confidential",
        "confidential; note: public",
    ]
    assert label_rows(labelled, "partners", [0, 1], None) == scenario
    assert label_rows(labelled, "partners", [0], Level.CONFIDENTIAL).partners[0] is labelled.partners[0]


def test_that_labels_are_written_as_they_are_read() -> None:
    labels = Labels(Level.CONFIDENTIAL, {"note": Level.PUBLIC})
    row = with_labels(Partner(code="A", extra=(("contact", "x"),)), labels)
    assert row.extra == (("contact", "x"), ("sensitivity", "confidential; note: public"))
    assert labels_of(row) == labels
    assert with_labels(row, Labels()).extra == (("contact", "x"),)
    assert read_labels(" Note : PUBLIC ;internal; ", frozenset({"note"})) == Labels(
        Level.INTERNAL, {"note": Level.PUBLIC}
    )


@pytest.mark.parametrize(
    "extra",
    [
        (("sensitivity", "confidential; public"),),
        (("sensitivity", "public; confidential"),),
        (("Sensitivity", "public"), ("sensitivity", "confidential")),
        (("Sensitivity", "confidential"), ("sensitivity", "public")),
    ],
    ids=str,
)
def test_that_of_labels_that_contradict_each_other_the_closest_counts(extra: tuple[tuple[str, str], ...]) -> None:
    assert labels_of(Partner(code="A", extra=extra)) == Labels(Level.CONFIDENTIAL)
    cells = tuple((name, "; ".join(f"note: {word}" for word in text.split("; "))) for name, text in extra)
    assert labels_of(Partner(code="A", extra=cells)) == Labels(cells={"note": Level.CONFIDENTIAL})
