"""Contribution workbooks: what goes out to one partner, and what comes in when it is sent back."""

import dataclasses
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook

from planner.cells import period_label
from planner.exchange.contribution import (
    Changes,
    Contribution,
    changes_of,
    file_names,
    is_contribution,
    read_contribution,
    write_contribution,
)
from planner.exchange.contribution.layout import Answer
from planner.exchange.findings import Outcome
from planner.exchange.workbook import read_workbook, write_workbook
from planner.problems import ConcordError, EnvironmentProblem
from planner.samples import build_sample
from planner.scenario import BaselineLine, Scenario
from planner.store import StoredFile
from resources.offers import Partner, Veto
from tests.strategies import free_scenarios

Fill = Callable[[Any, Any], None]


@pytest.fixture
def sample() -> Scenario:
    """Three partners; FUND has the pledges F1, F2 and F3 and one refusal."""
    return build_sample("first-steps")


def sent_back(scenario: Scenario, folder: Path, fill: Fill, partner: str = "FUND") -> Contribution:
    """The partner's workbook, filled in as `fill(pledges, refusals)` does, and read."""
    path = folder / f"back-{partner}.xlsx"
    write_contribution(scenario, partner, path)
    book = load_workbook(path)
    fill(book["Pledges"], book["Refusals"])
    book.save(path)
    return read_contribution(path, scenario.settings)


def columns(sheet: Any) -> dict[str, str]:
    """The letter of each heading."""
    return {cell.value: cell.column_letter for cell in sheet[4]}


def told(changes: Changes) -> list[str]:
    """The changes as people read them."""
    return [str(row) for row in changes.rows]


def test_that_nothing_of_any_other_partner_is_in_the_file(tmp_path: Path) -> None:
    scenario = build_sample("stabilisation")
    for partner in scenario.partners:
        path = tmp_path / file_names(scenario.partners)[partner.code]
        write_contribution(scenario, partner.code, path)
        with zipfile.ZipFile(path) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist()).decode("utf-8")
        own = {pledge.code for pledge in scenario.pledges if pledge.partner == partner.code}
        assert all(f">{code}<" in content for code in own)
        others = [pledge.code for pledge in scenario.pledges if pledge.partner != partner.code]
        assert not [code for code in others if f">{code}<" in content]
        assert not [row.name for row in scenario.partners if row is not partner and row.name in content]
        said = {veto.reason for veto in scenario.vetoes if veto.partner == partner.code}
        assert not [veto.reason for veto in scenario.vetoes if veto.reason not in said and veto.reason in content]
        notes = [pledge.note for pledge in scenario.pledges if pledge.note]
        assert not [note for note in notes if note in content]


def test_that_only_cells_to_fill_in_are_open_in_a_protected_sheet(sample: Scenario, tmp_path: Path) -> None:
    write_contribution(sample, "FUND", tmp_path / "fund.xlsx")
    book = load_workbook(tmp_path / "fund.xlsx")
    assert all(sheet.protection.sheet for sheet in book)
    sheet = book["Pledges"]
    open_cells = {sheet.cell(4, cell.column).value for cell in sheet[5] if not cell.protection.locked}
    worked_out = {"Check", "Code", "Name", "Unit", "Counts as, USD"}
    assert open_cells == set(columns(sheet)) - worked_out
    assert all("PUBLIC" in sheet.oddHeader.right.text for sheet in book)


def test_that_lists_offer_what_may_stand_in_a_cell(sample: Scenario, tmp_path: Path) -> None:
    write_contribution(sample, "FUND", tmp_path / "fund.xlsx")
    book = load_workbook(tmp_path / "fund.xlsx")
    offered = {}
    for offer in book["Pledges"].data_validations.dataValidation:
        if offer.type == "list":
            offered[book["Pledges"][f"{str(offer.sqref)[0]}4"].value] = offer.formula1
    assert offered["Status"] == '"New,Update,No update,Delete"'
    assert offered["Pledge status"] == '"pledge,commitment,paid"'
    sheet, area = offered["Resource"].split("!")
    assert [row[0].value for row in book[sheet][area.replace("$", "")]] == [row.code for row in sample.resources]


@given(free_scenarios())
@settings(max_examples=15)
def test_that_a_workbook_that_says_what_is_known_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, scenario: Scenario
) -> None:
    path = tmp_path_factory.mktemp("contributions") / "one.xlsx"
    for partner in scenario.partners[:2]:
        write_contribution(scenario, partner.code, path)
        assert is_contribution(path)
        contribution = read_contribution(path, scenario.settings)
        assert contribution.partner == partner.code
        mine = [row for row in contribution.rows if row.code]
        assert len([row for row in mine if row.sheet.title == "Pledges"]) == sum(
            pledge.partner == partner.code for pledge in scenario.pledges
        )
        said = tuple(dataclasses.replace(row, answer=Answer.UPDATE) for row in contribution.rows)
        changes = changes_of(scenario, [dataclasses.replace(contribution, rows=said)])
        assert changes.rows == ()
        assert changes.scenario == scenario


def test_that_every_kind_of_change_is_told_and_importing_twice_changes_nothing_more(
    sample: Scenario, tmp_path: Path
) -> None:
    def fill(pledges: Any, refusals: Any) -> None:
        at = columns(pledges)
        pledges["A5"], pledges[f"{at['Quantity']}5"], pledges[f"{at['To']}5"] = "Update", 250_000, "2027 Q3"
        pledges["A6"] = "Delete"
        pledges["A8"], pledges[f"{at['Resource']}8"], pledges[f"{at['Quantity']}8"] = "New", "CAR", "2"
        pledges[f"{at['Only regions']}8"], pledges[f"{at['Remark']}8"] = "NORTH; SOUTH", "-from our pool"
        refusals["A5"], refusals[f"{columns(refusals)['Region']}5"] = "Update", "NORTH"
        refusals["A6"], refusals[f"{columns(refusals)['Region']}6"] = "New", "SOUTH"

    contribution = sent_back(sample, tmp_path, fill)
    changes = changes_of(sample, [contribution])
    assert told(changes) == [
        "Pledges!A5: F1 updated: quantity from '200000' to '250000'; to from '' to '3'",
        "Pledges!A6: F2 deleted",
        "Pledges!A8: FUND-1 added: resource CAR; quantity 2; only regions NORTH; SOUTH; remark -from our pool",
        "Refusals!A5: updated: region from '' to 'NORTH'",
        "Refusals!A6: added: region SOUTH",
    ]
    assert changes.findings == ()
    after = changes.scenario
    assert [row.code for row in after.pledges if row.partner == "FUND"] == ["F1", "F3", "FUND-1"]
    assert after.pledges[0].id == sample.pledges[0].id
    assert [row for row in after.pledges if row.partner != "FUND"] == [
        row for row in sample.pledges if row.partner != "FUND"
    ]
    again = changes_of(after, [contribution])
    assert again.rows == ()
    assert again.scenario == after
    assert not [finding for finding in again.findings if finding.outcome is Outcome.REFUSED]


def test_that_a_row_whose_status_says_nothing_changes_nothing_and_is_warned_of(
    sample: Scenario, tmp_path: Path
) -> None:
    def fill(pledges: Any, _: Any) -> None:
        pledges[f"{columns(pledges)['Quantity']}5"] = 1
        pledges["A6"] = None

    changes = changes_of(sample, [sent_back(sample, tmp_path, fill)])
    assert changes.rows == ()
    assert changes.scenario == sample
    (finding,) = changes.findings
    assert finding.outcome is Outcome.WARNING
    assert finding.cell == "Pledges!A5"
    assert "its status is “No update”" in finding.message


def test_that_rows_of_another_partner_cannot_be_changed(sample: Scenario, tmp_path: Path) -> None:
    other = next(pledge for pledge in sample.pledges if pledge.partner == "WORKS")

    def fill(pledges: Any, _: Any) -> None:
        for row, answer in ((5, "Update"), (6, "Delete"), (7, "New")):
            pledges[f"A{row}"], pledges[f"C{row}"], pledges[f"{columns(pledges)['Quantity']}{row}"] = (
                answer,
                other.code,
                1,
            )

    changes = changes_of(sample, [sent_back(sample, tmp_path, fill)])
    assert changes.scenario == sample
    assert [finding.outcome for finding in changes.findings] == [Outcome.REFUSED] * 3
    assert all("is not one of FUND" in finding.message for finding in changes.findings)


def test_that_good_rows_come_in_beside_refused_ones(sample: Scenario, tmp_path: Path) -> None:
    def fill(pledges: Any, _: Any) -> None:
        at = columns(pledges)
        rows = (
            ("Update", "MONEY", 300_000, {}),  # the only sound one
            ("Updat", "MONEY", 1, {}),
            ("Update", "MONEY", "12,000,000", {}),
            ("New", "NOPE", 1, {}),
            ("New", None, 5, {}),
            ("New", "MONEY", -5, {}),
            ("New", "MONEY", 5, {"Currency": "XYZ"}),
            ("New", "MONEY", 5, {"From": "2027 Q3", "To": "2027 Q1"}),
            ("New", "MONEY", 5, {"Only regions": "NOWHERE"}),
            ("New", "CAR", 1.5, {}),
        )
        for number, (answer, resource, quantity, others) in enumerate(rows, 5):
            cells = {"Status": answer, "Resource": resource, "Quantity": quantity, **others}
            for heading, value in cells.items():
                pledges[f"{at[heading]}{number}"] = value

    changes = changes_of(sample, [sent_back(sample, tmp_path, fill)])
    assert told(changes) == [
        "Pledges!A5: F1 updated: quantity from '200000' to '300000'",
        "Pledges!A14: FUND-7 added: resource CAR; quantity 1.5",  # rounded down when it is planned with: a warning
    ]
    refused = [finding for finding in changes.findings if finding.outcome is Outcome.REFUSED]
    assert sorted({int(finding.cell.split("!")[1][1:]) for finding in refused}) == [6, 7, 8, 9, 10, 11, 12, 13]
    assert all(finding.message.endswith(".") for finding in refused)


def test_that_a_quantity_with_two_readings_is_refused_with_both(sample: Scenario, tmp_path: Path) -> None:
    def fill(pledges: Any, _: Any) -> None:
        for number, quantity in ((5, "250,000"), (6, 250.125)):
            pledges[f"A{number}"], pledges[f"{columns(pledges)['Quantity']}{number}"] = "Update", quantity

    changes = changes_of(sample, [sent_back(sample, tmp_path, fill)])
    assert [finding.message for finding in changes.findings if finding.outcome is Outcome.REFUSED] == [
        "Quantity: '250,000' may mean 250,000 or 250; write 250000 or 250.00, without thousands separators."
    ]
    assert any("250.125" in line for line in told(changes))


def test_that_a_refusal_that_names_nothing_is_refused_unless_it_was_there_before(
    sample: Scenario, tmp_path: Path
) -> None:
    def fill(_: Any, refusals: Any) -> None:
        refusals["A5"] = "Update"
        refusals[f"{columns(refusals)['Initiative']}5"] = refusals[f"{columns(refusals)['Region']}5"] = None
        refusals[f"{columns(refusals)['Not together with']}5"] = None
        refusals["A6"] = "New"

    changes = changes_of(sample, [sent_back(sample, tmp_path, fill)])
    assert changes.scenario == sample
    assert [finding.cell for finding in changes.findings] == ["Refusals!D5", "Refusals!D6"]
    assert all(finding.message.startswith("This refusal names nothing") for finding in changes.findings)
    everything = dataclasses.replace(sample, vetoes=(Veto(partner="FUND"),))

    def reason(_: Any, refusals: Any) -> None:
        refusals["A5"], refusals[f"{columns(refusals)['Reason']}5"] = "Update", "No mandate"

    assert len(changes_of(everything, [sent_back(everything, tmp_path, reason)]).rows) == 1


@pytest.mark.parametrize("quantity", [5, "much"])
def test_that_a_row_filled_in_without_a_status_is_refused_not_dropped_in_silence(
    sample: Scenario, tmp_path: Path, quantity: object
) -> None:
    def fill(pledges: Any, refusals: Any) -> None:
        at = columns(pledges)
        pledges[f"{at['Resource']}13"], pledges[f"{at['Quantity']}13"] = "MONEY", quantity
        refusals[f"{columns(refusals)['Region']}6"] = "NORTH"

    changes = changes_of(sample, [sent_back(sample, tmp_path, fill)])
    assert [(finding.outcome, finding.cell) for finding in changes.findings] == [
        (Outcome.REFUSED, "Pledges!A13"),
        (Outcome.REFUSED, "Refusals!A6"),
    ]
    assert changes.findings[0].message.startswith("Row 13 is filled in but has no status")


def test_that_a_problem_names_the_cell_at_fault_in_the_words_of_the_workbook_in_order(
    sample: Scenario, tmp_path: Path
) -> None:
    def fill(pledges: Any, refusals: Any) -> None:
        at = columns(pledges)
        rows: tuple[dict[str, Any], ...] = (
            {"Only regions": "NOWHERE"},
            {"To": "2030 Q1"},
            {"From": "2027 Q3", "To": "2027 Q1"},
            {"Quantity": -5},
            {"Status": "Nw"},
        )
        for number, others in enumerate(rows, 8):
            for heading, value in {"Status": "New", "Resource": "MONEY", "Quantity": 5, **others}.items():
                pledges[f"{at[heading]}{number}"] = value
        refusals["A6"], refusals[f"{columns(refusals)['Not together with']}6"] = "New", "NOBODY"

    findings = changes_of(sample, [sent_back(sample, tmp_path, fill)]).findings
    last = period_label(sample.settings.periods, sample.settings)
    assert [(finding.cell, finding.message) for finding in findings] == [
        ("Pledges!O8", "There is no region 'NOWHERE'. Write a code of the sheet Codes."),
        (
            "Pledges!L9",
            f"To: '2030 Q1' is not a period of this plan, which runs from 2027 Q1 to {last}; choose one of the sheet "
            "Codes.",
        ),
        ("Pledges!L10", "The window runs from period 3 to period 1; write a “To” of 3 or later."),
        ("Pledges!F11", "“Quantity” is -5; write a number of 0 or more."),
        ("Pledges!A12", "'Nw' is no status; write one of: New, Update, No update, Delete."),
        ("Refusals!F6", "There is no partner 'NOBODY'. Ask the coordinator for the code."),
    ]
    assert findings[0].value == "NOWHERE"


def test_that_a_pledge_of_the_agreed_plan_is_not_deleted(sample: Scenario, tmp_path: Path) -> None:
    need = sample.requirements[0]
    line = BaselineLine(pledge="F1", initiative=need.initiative, region=need.region, resource="MONEY", quantity=1)
    agreed = dataclasses.replace(sample, baseline=(line,))
    changes = changes_of(agreed, [sent_back(agreed, tmp_path, lambda pledges, _: pledges.__setitem__("A5", "Delete"))])
    assert changes.scenario == agreed
    assert "stands in the plan agreed last" in changes.findings[0].message


def test_that_files_of_several_partners_are_one_step(sample: Scenario, tmp_path: Path) -> None:
    from planner.document import Document

    def fill(pledges: Any, _: Any) -> None:
        pledges["A5"], pledges[f"{columns(pledges)['Quantity']}5"] = "Update", 7

    both = [sent_back(sample, tmp_path, fill, partner) for partner in ("FUND", "VOICES")]
    document = Document(StoredFile(scenario=sample))
    document.apply("import contributions", lambda scenario: changes_of(scenario, both).scenario)
    changed = [row.code for row, was in zip(document.scenario.pledges, sample.pledges, strict=True) if row != was]
    assert changed == ["F1", "V1"]
    document.undo()
    assert document.scenario == sample


def test_that_a_new_row_that_came_in_before_is_not_replaced_without_a_word(sample: Scenario, tmp_path: Path) -> None:
    def fill(quantity: float) -> Fill:
        def filled(pledges: Any, _: Any) -> None:
            at = columns(pledges)
            pledges["A8"], pledges[f"{at['Resource']}8"], pledges[f"{at['Quantity']}8"] = "New", "MONEY", quantity

        return filled

    after = changes_of(sample, [sent_back(sample, tmp_path, fill(100))]).scenario
    again = changes_of(after, [sent_back(sample, tmp_path, fill(120))])
    assert again.scenario == after
    assert "write Update to change it" in again.findings[0].message


def test_that_a_row_added_without_a_code_gets_one_and_comes_in_once(sample: Scenario, tmp_path: Path) -> None:
    def fill(pledges: Any, _: Any) -> None:
        at = columns(pledges)
        pledges["A60"], pledges[f"{at['Resource']}60"], pledges[f"{at['Quantity']}60"] = "New", "MONEY", 5

    contribution = sent_back(sample, tmp_path, fill)
    after = changes_of(sample, [contribution]).scenario
    assert [finding.message for finding in contribution.findings] == [
        "This row has no Check, for it stands below the prepared ones; it is read as they are."
    ]
    assert after.pledges[-1].code == "FUND-1"
    assert changes_of(after, [contribution]).rows == ()


def test_that_a_plain_percentage_is_taken_as_one_and_told(sample: Scenario, tmp_path: Path) -> None:
    def fill(pledges: Any, _: Any) -> None:
        pledges["A5"], pledges[f"{columns(pledges)['Overhead']}5"] = "Update", 7

    changes = changes_of(sample, [sent_back(sample, tmp_path, fill)])
    assert changes.scenario.pledges[0].overhead == 0.07
    (told_of,) = changes.findings
    assert (told_of.outcome, told_of.message) == (
        Outcome.WARNING,
        "Overhead: 7 was read as 7 %, for a share is never above 1.",
    )


def test_that_two_new_rows_that_say_the_same_are_warned_of(sample: Scenario, tmp_path: Path) -> None:
    def fill(pledges: Any, _: Any) -> None:
        at = columns(pledges)
        for number, quantity in ((12, 5), (13, 6), (14, 5)):
            for heading, value in {"Status": "New", "Resource": "MONEY", "Quantity": quantity}.items():
                pledges[f"{at[heading]}{number}"] = value

    changes = changes_of(sample, [sent_back(sample, tmp_path, fill)])
    (warning,) = changes.findings
    assert (warning.outcome, warning.cell.partition("!")[2]) == (Outcome.WARNING, "A14")
    assert "says the same as row 12, and both come in" in warning.message
    assert len(changes.rows) == 3


def test_that_other_workbooks_are_no_contributions(sample: Scenario, tmp_path: Path, shared_data: Path) -> None:
    write_workbook(sample, tmp_path / "scenario.xlsx")
    assert not is_contribution(tmp_path / "scenario.xlsx")
    with pytest.raises(EnvironmentProblem, match="is not a contribution workbook"):
        read_contribution(tmp_path / "scenario.xlsx", sample.settings)
    for path in sorted((shared_data / "nasty-xlsx" / "files").iterdir()):
        with pytest.raises(EnvironmentProblem) as refused:
            read_contribution(path, sample.settings)
        assert "\n" not in str(refused.value)


def test_that_a_contribution_is_not_taken_for_a_scenario(sample: Scenario, tmp_path: Path) -> None:
    write_contribution(sample, "FUND", tmp_path / "fund.xlsx")
    with pytest.raises(EnvironmentProblem, match="is not a scenario but a partner's workbook"):
        read_workbook(tmp_path / "fund.xlsx")


def test_that_no_two_partners_share_a_file_name_on_any_system() -> None:
    partners = [Partner(code=code) for code in ("A/B", "A-B", "a-b", "A?B", "B")]
    names = file_names(partners)
    assert len({name.casefold() for name in names.values()}) == len(partners)
    assert names["B"] == "contribution-B.xlsx"


def test_that_a_file_made_for_another_scenario_is_warned_of(sample: Scenario, tmp_path: Path) -> None:
    contribution = sent_back(sample, tmp_path, lambda *_: None)
    other = dataclasses.replace(sample, settings=dataclasses.replace(sample.settings, title="Another plan"))
    (finding,) = changes_of(other, [contribution]).findings
    assert "was made for 'First steps', but the scenario is 'Another plan'" in finding.message


def test_that_a_scenario_without_periods_still_gives_workbooks(sample: Scenario, tmp_path: Path) -> None:
    timeless = dataclasses.replace(sample, settings=dataclasses.replace(sample.settings, periods=0, start=None))
    write_contribution(timeless, "FUND", tmp_path / "fund.xlsx")
    assert is_contribution(tmp_path / "fund.xlsx")


def test_that_an_unknown_partner_gets_no_file(sample: Scenario, tmp_path: Path) -> None:
    with pytest.raises(ConcordError, match="the partners are: FUND, WORKS, VOICES"):
        write_contribution(sample, "NOBODY", tmp_path / "none.xlsx")
    assert not list(tmp_path.iterdir())


def test_that_a_row_that_breaks_the_plan_agreed_last_is_refused_and_the_others_come_in(
    sample: Scenario, tmp_path: Path
) -> None:
    need = next(row for row in sample.requirements if row.resource == "MONEY" and row.region == "NORTH")
    kept = BaselineLine(pledge="F1", initiative=need.initiative, region=need.region, resource="MONEY", quantity=9000)
    agreed = dataclasses.replace(sample, baseline=(dataclasses.replace(kept, period=need.period, keep=True),))

    def fill(pledges: Any, _: Any) -> None:
        for row, quantity in ((5, 100), (6, 61_000)):
            pledges[f"A{row}"], pledges[f"{columns(pledges)['Quantity']}{row}"] = "Update", quantity

    changes = changes_of(agreed, [sent_back(agreed, tmp_path, fill)])
    assert [row.code for row in changes.rows] == ["F2"]
    (finding,) = changes.findings
    assert (finding.outcome, finding.cell) == (Outcome.REFUSED, "Pledges!A5")
    assert "of which 100 can be used" in finding.message


@pytest.mark.parametrize("written", ["2027-05-04", datetime(2027, 5, 4), 46511, "46511", " 2027  q2"])
def test_that_a_day_in_a_period_counts_as_the_period_that_holds_it(
    sample: Scenario, tmp_path: Path, written: object
) -> None:
    def fill(pledges: Any, _: Any) -> None:
        pledges["A5"], pledges[f"{columns(pledges)['From']}5"] = "Update", written

    changes = changes_of(sample, [sent_back(sample, tmp_path, fill)])
    assert told(changes) == ["Pledges!A5: F1 updated: from from '' to '2'"]


def test_that_codes_with_commas_between_them_are_refused_with_what_to_write(sample: Scenario, tmp_path: Path) -> None:
    def fill(pledges: Any, _: Any) -> None:
        pledges["A5"], pledges[f"{columns(pledges)['Only regions']}5"] = "Update", "NORTH, SOUTH"

    (finding,) = changes_of(sample, [sent_back(sample, tmp_path, fill)]).findings
    assert finding.message == "There is no region 'NORTH, SOUTH'. Write semicolons between codes, not commas."
