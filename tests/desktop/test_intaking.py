"""Workbooks out to partners, and what they, the board and the field send: shown first, then taken in as one step."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from PySide6.QtCore import Qt

from planner.document import Document
from planner.edits import set_cell
from planner.exchange.intake import read_field_table
from planner.report.board import BOARD
from planner.report.workbook import write_plan_workbook
from planner.samples import build_sample
from tests.desktop.conftest import Wait, begin_edit
from tests.exchange.test_fts import FLOW_HEADER, NEED_HEADER, flow, need, write_table
from tests.exchange.test_iati import BUDGETS, ORGANISATIONS, PLACES, SECTORS, activity, write
from tests.report.conftest import share_out_plainly
from ui.desktop.window import Window


@pytest.fixture
def opened(window: Window, wait: Wait) -> Window:
    """The small sample, with every check done."""
    window.session.open(Document.new_from(build_sample("first-steps")))
    wait(lambda: window.background.is_idle)
    return window


def handed_out(window: Window, wait: Wait, folder: Path) -> Path:
    """The workbook of the partner FUND."""
    window.intaking.hand_out(folder)
    wait(lambda: window.background.is_idle)
    return folder / "contribution-FUND.xlsx"


def bring_in(window: Window, wait: Wait, *paths: Path) -> None:
    """Read what came back and wait for what it would change."""
    window.intaking.bring_in_returned(paths)
    wait(lambda: window.background.is_idle)


def test_that_every_partner_gets_a_workbook(opened: Window, wait: Wait, tmp_path: Path) -> None:
    handed_out(opened, wait, tmp_path)
    assert len(list(tmp_path.glob("contribution-*.xlsx"))) == 3
    assert "3 workbooks" in opened.notice.words


def test_that_nothing_changes_before_it_was_seen_and_one_undo_takes_all_back(
    opened: Window, wait: Wait, tmp_path: Path
) -> None:
    path = handed_out(opened, wait, tmp_path)
    book = load_workbook(path)
    pledges = book["Pledges"]
    pledges["A5"], pledges["F5"], pledges["A6"], pledges["F7"] = "Update", 250_000, "Delete", 1
    book.save(path)
    before = opened.session.scenario
    bring_in(opened, wait, path)
    dialog = opened.intaking.dialog
    assert dialog is not None
    assert opened.session.scenario is before
    assert dialog.changes.rowCount() == 2
    assert dialog.changes.item(0, 3).text() == "Updated. quantity: 200000 → 250000"
    assert "its status is “No update”" in dialog.problems.item(0, 2).text()
    dialog.take.click()
    after = opened.session.scenario
    assert [pledge.quantity for pledge in after.pledges if pledge.partner == "FUND"] == [250_000, 90_000]
    assert opened.session.undo_label == "import returned workbooks"
    assert opened.notice.words.startswith("Taken in")
    opened.session.undo()
    assert opened.session.scenario == before
    assert opened.notice.words == ""
    wait(lambda: opened.background.is_idle)


def test_that_a_large_paste_that_goes_on_is_not_lost_to_an_import(opened: Window, wait: Wait, tmp_path: Path) -> None:
    path = handed_out(opened, wait, tmp_path)
    book = load_workbook(path)
    book["Pledges"]["A5"], book["Pledges"]["F5"] = "Update", 250_000
    book.save(path)
    bring_in(opened, wait, path)
    dialog = opened.intaking.dialog
    assert dialog is not None
    begin_edit(opened.session, lambda scenario: set_cell(scenario, "partners", 0, "note", "pasted"))
    dialog.take.click()
    assert opened.session.scenario.partners[0].note == "pasted"
    assert "import them again" in opened.notice.words
    bring_in(opened, wait, path)
    again = opened.intaking.dialog
    assert again is not None
    again.take.click()
    assert opened.session.scenario.partners[0].note == "pasted"
    assert opened.session.undo_label == "import returned workbooks"
    wait(lambda: opened.background.is_idle)


def test_that_problems_of_several_files_name_their_file_and_the_heading_counts_refused_rows(
    opened: Window, wait: Wait, tmp_path: Path
) -> None:
    handed_out(opened, wait, tmp_path)
    paths = [tmp_path / f"contribution-{code}.xlsx" for code in ("FUND", "VOICES")]
    for path in paths:
        book = load_workbook(path)
        book["Pledges"]["A5"], book["Pledges"]["F5"] = "Update", -1
        if path is paths[0]:
            book["Pledges"]["A6"] = "Delete"
        book.save(path)
    bring_in(opened, wait, *paths)
    dialog = opened.intaking.dialog
    assert dialog is not None
    assert [dialog.problems.item(row, 0).text() for row in range(2)] == [path.name for path in paths]
    assert dialog.heading.text() == "1 row changes, 2 refused:"
    dialog.reject()


def test_that_cancel_and_files_that_change_nothing_leave_the_scenario_alone(
    opened: Window, wait: Wait, tmp_path: Path
) -> None:
    before = opened.session.scenario
    bring_in(opened, wait, handed_out(opened, wait, tmp_path))
    dialog = opened.intaking.dialog
    assert dialog is not None
    assert not dialog.take.isEnabled()
    dialog.reject()
    assert opened.session.scenario is before
    assert opened.intaking.dialog is None


def test_that_a_decision_of_the_board_is_taken_in(opened: Window, wait: Wait, tmp_path: Path) -> None:
    scenario, path = opened.session.scenario, tmp_path / "plan.xlsx"
    write_plan_workbook(scenario, share_out_plainly(scenario), path)
    book = load_workbook(path)
    record = book["Decision record"]
    letters = {cell.value: cell.column_letter for cell in record[3]}
    record[f"{letters[BOARD]}4"] = "Goes ahead"
    book.save(path)
    bring_in(opened, wait, path)
    assert opened.intaking.dialog is not None
    opened.intaking.dialog.take.click()
    assert [row.go for row in opened.session.scenario.activities].count("must") == 1
    wait(lambda: opened.background.is_idle)


def test_that_a_field_table_is_shown_with_its_counts_and_problems(opened: Window, wait: Wait, tmp_path: Path) -> None:
    path = tmp_path / "3w.csv"
    path.write_text("Organisation,Cluster,Region\nAid One,WASH,Far West\nAid Two,WASH,\n", encoding="utf-8")
    opened.intaking.bring_in_table(path)
    wait(lambda: opened.background.is_idle)
    dialog = opened.intaking.dialog
    assert dialog is not None
    assert "Organisations: 1 in the rows, 1 in the scenario." in dialog.facts.text()
    assert dialog.choices["Organisation"].currentText() == "partner"
    assert dialog.problems.item(0, 0).text() == "line 3, Region"
    opened.intaking.save_problems(read_field_table(opened.session.scenario, path), tmp_path / "problems")
    dialog.take.click()
    wait(lambda: opened.background.is_idle)
    assert "Aid One" in [row.name for row in opened.session.scenario.partners]
    assert (tmp_path / "problems.xlsx").exists()


def test_that_another_workbook_is_told_in_one_sentence(opened: Window, wait: Wait, tmp_path: Path) -> None:
    opened.filing.export_scenario(tmp_path / "scenario.xlsx")
    wait(lambda: opened.background.is_idle)
    bring_in(opened, wait, tmp_path / "scenario.xlsx")
    assert opened.intaking.dialog is None
    assert "is neither a partner's workbook nor a plan workbook" in opened.notice.words


def test_that_columns_that_were_guessed_wrong_are_put_right_in_the_dialog(
    opened: Window, wait: Wait, tmp_path: Path
) -> None:
    path = tmp_path / "3w.csv"
    path.write_text("Lead,Cluster,Region\nAid One,WASH,Far West\n", encoding="utf-8")
    opened.intaking.bring_in_table(path)
    wait(lambda: opened.background.is_idle)
    first = opened.intaking.dialog
    assert first is not None
    assert "no column was found for partner" in first.facts.text()
    assert not first.take.isEnabled()
    first.choices["Lead"].setCurrentText("partner")
    first.again.click()
    wait(lambda: opened.background.is_idle)
    second = opened.intaking.dialog
    assert second is not None
    assert second.choices["Lead"].currentText() == "partner"
    second.take.click()
    assert "Aid One" in [row.name for row in opened.session.scenario.partners]
    assert ("columns of 3w", "Lead = partner") in opened.session.scenario.settings.extra
    wait(lambda: opened.background.is_idle)


def test_that_similar_names_are_joined_or_kept_apart_as_ticked_and_not_asked_about_again(
    opened: Window, wait: Wait, tmp_path: Path
) -> None:
    path = tmp_path / "3w.csv"
    rows = ("Caritas Suisse,WASH,West", "Caritas Suisse,Health,West", "Cartias Suisse,WASH,East")
    rows += ("Aid to the North,WASH,East", "Aid to the Norths,WASH,East")
    path.write_text("\n".join(("Organisation,Cluster,Region", *rows)), encoding="utf-8")
    opened.intaking.bring_in_table(path)
    wait(lambda: opened.background.is_idle)
    first = opened.intaking.dialog
    assert first is not None
    asked = [first.pairs.item(at, 0).text() for at in range(first.pairs.rowCount())]
    assert asked[1] == "partner: 'Cartias Suisse' and 'Caritas Suisse'"
    assert first.take.isEnabled()
    first.pairs.item(1, 2).setCheckState(Qt.CheckState.Checked)
    first.pairs.item(1, 1).setCheckState(Qt.CheckState.Checked)
    assert first.pairs.item(1, 2).checkState() == Qt.CheckState.Unchecked
    first.others.click()
    assert not first.take.isEnabled()
    first.again.click()
    wait(lambda: opened.background.is_idle)
    second = opened.intaking.dialog
    assert second is not None
    assert second.pairs.rowCount() == 0
    second.take.click()
    names = [row.name for row in opened.session.scenario.partners]
    assert names.count("Caritas Suisse") == 1
    assert "Cartias Suisse" not in names
    wait(lambda: opened.background.is_idle and opened.session.is_checked)
    opened.intaking.bring_in_table(path)
    wait(lambda: opened.intaking.dialog is not None)
    third = opened.intaking.dialog
    assert third is not None
    assert third.pairs.rowCount() == 0
    third.reject()
    wait(lambda: opened.background.is_idle)


def test_that_reading_a_long_table_can_be_cancelled_and_changes_nothing(
    opened: Window, wait: Wait, tmp_path: Path
) -> None:
    before, path = opened.session.scenario, tmp_path / "3w.xlsx"
    book = Workbook(write_only=True)
    sheet = book.create_sheet("3W")
    sheet.append(["Organisation", "Cluster", "Region"])
    for number in range(2000):
        sheet.append(["Aid One", "WASH", f"Region {number}"])
    book.save(path)
    opened.intaking.bring_in_table(path)
    opened.long_work.close_down()
    wait(lambda: opened.background.is_idle)
    assert opened.intaking.dialog is None
    assert opened.session.scenario is before
    assert opened.notice.words.startswith("Cancelled. Nothing was imported.")


def test_that_parts_of_an_iati_file_are_mapped_in_the_dialog(opened: Window, wait: Wait, tmp_path: Path) -> None:
    path = write(tmp_path, activity("A", ORGANISATIONS, PLACES, SECTORS, BUDGETS))
    opened.intaking.bring_in_table(path)
    wait(lambda: opened.background.is_idle)
    first = opened.intaking.dialog
    assert first is not None
    choice = first.choices["sector vocabulary 10 (humanitarian clusters)"]
    assert [choice.itemText(at) for at in range(choice.count())] == ["skip", "initiative"]
    choice.setCurrentText("initiative")
    first.again.click()
    wait(lambda: opened.background.is_idle)
    assert opened.intaking.dialog is not None
    opened.intaking.dialog.take.click()
    assert {"Health", "Water"} <= {row.name for row in opened.session.scenario.initiatives}
    wait(lambda: opened.background.is_idle)


def test_that_reading_fts_tables_can_be_cancelled_and_done_again(opened: Window, wait: Wait, tmp_path: Path) -> None:
    before = opened.session.scenario
    flows = [flow(str(number), "5", "Health") for number in range(1500)]
    paths = [
        write_table(tmp_path / "flows.csv", FLOW_HEADER, flows),
        write_table(tmp_path / "needs.csv", NEED_HEADER, [need("Health", "100")]),
    ]
    opened.filing.import_fts(paths)
    opened.long_work.close_down()
    wait(lambda: opened.background.is_idle)
    assert opened.notice.words.startswith("Cancelled. Nothing was imported.")
    assert opened.session.scenario is before
    opened.filing.import_fts(paths)
    wait(lambda: opened.session.scenario is not before)
    assert len(opened.session.scenario.pledges) == 1500
    wait(lambda: opened.background.is_idle)
