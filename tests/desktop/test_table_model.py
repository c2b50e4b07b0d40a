"""Tables of the scenario as people type into them."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt

from planner.cells import period_label
from planner.scenario import TABLE_BY_NAME, TABLES
from ui.desktop.session import Session
from ui.desktop.tables.grid_model import ALIGNMENT, AT_RIGHT, DISPLAY, EDIT, NUMBER, PROBLEM, TOOL_TIP
from ui.desktop.tables.table_model import ScenarioTableModel


@pytest.fixture
def pledges(session: Session) -> ScenarioTableModel:
    return model_of(session, "pledges")


def model_of(session: Session, name: str) -> ScenarioTableModel:
    return ScenarioTableModel(session, TABLE_BY_NAME[name], session)


def column(model: ScenarioTableModel, name: str) -> int:
    return [described.name for described in model.columns].index(name)


def cell(model: ScenarioTableModel, row: int, name: str, role: int = DISPLAY) -> object:
    return model.index(row, column(model, name)).data(role)


def type_into(model: ScenarioTableModel, row: int, name: str, words: str) -> bool:
    return model.setData(model.index(row, column(model, name)), words, EDIT)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_that_every_table_is_shown_from_its_column_descriptions(session: Session, table: object) -> None:
    model = model_of(session, table.name)

    assert model.columnCount() == len(table.columns)
    assert model.rowCount() == len(session.scenario.rows(table))
    assert all(model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount()))
    for at in (at for at in range(model.columnCount()) if not model.is_numeric(at)):
        assert model.column_texts(at) == [model.text_at(row, at) for row in range(model.source_count())]


def test_that_names_stand_for_codes_and_figures_have_separators(pledges: ScenarioTableModel) -> None:
    assert cell(pledges, 0, "partner") == "Alder Fund"
    assert cell(pledges, 0, "partner", EDIT) == "A"
    assert cell(pledges, 0, "quantity") == "30,000"
    assert cell(pledges, 0, "quantity", ALIGNMENT) == AT_RIGHT
    assert cell(pledges, 0, "quantity", NUMBER) == 30000.0
    assert cell(pledges, 1, "overhead") == "7 %"
    assert cell(pledges, 2, "regions") == "Upper Ostra; Dovna"


def test_that_a_typed_cell_changes_the_scenario_and_undo_takes_it_back(
    session: Session, pledges: ScenarioTableModel
) -> None:
    before = session.scenario

    assert type_into(pledges, 0, "quantity", "45 000,5")

    assert session.scenario.pledges[0].quantity == 45000.5
    assert session.undo_label == "change quantity of P-1"
    session.undo()
    assert session.scenario == before
    assert cell(pledges, 0, "quantity") == "30,000"


def test_that_a_name_can_be_typed_for_a_code(session: Session, pledges: ScenarioTableModel) -> None:
    assert type_into(pledges, 0, "partner", "birch women's network")

    assert session.scenario.pledges[0].partner == "B"


def test_that_renaming_a_code_renames_it_wherever_it_is_named(session: Session) -> None:
    partners = model_of(session, "partners")

    assert type_into(partners, 0, "code", "ALDER")

    assert session.scenario.pledges[0].partner == "ALDER"


def test_that_a_period_is_typed_as_it_is_shown(session: Session, pledges: ScenarioTableModel) -> None:
    assert type_into(pledges, 0, "from_period", period_label(2, session.scenario.settings))

    assert session.scenario.pledges[0].from_period == 2
    assert cell(pledges, 0, "from_period") == period_label(2, session.scenario.settings)


def test_that_what_cannot_be_read_stays_in_its_cell_with_the_reason(
    session: Session, pledges: ScenarioTableModel
) -> None:
    before = session.scenario

    assert not type_into(pledges, 0, "quantity", "1.234.567")

    assert session.scenario is before
    assert cell(pledges, 0, "quantity") == "1.234.567"
    assert cell(pledges, 0, "quantity", PROBLEM) == "error"
    assert "1234567" in str(cell(pledges, 0, "quantity", TOOL_TIP))
    assert [problem.code for problem in session.problems if problem.where.row == 0] == ["draft"]
    assert type_into(pledges, 0, "quantity", "1234567")
    assert cell(pledges, 0, "quantity", PROBLEM) is None
    assert not session.drafts


def test_that_a_problem_of_the_checks_marks_its_cell(
    session: Session, pledges: ScenarioTableModel, wait: Callable[..., None]
) -> None:
    type_into(pledges, 0, "partner", "NOBODY")
    wait(lambda: session.is_checked)

    assert cell(pledges, 0, "partner", PROBLEM) == "error"
    assert "NOBODY" in str(cell(pledges, 0, "partner", TOOL_TIP))
    assert cell(pledges, 1, "partner", PROBLEM) is None


def test_that_sorting_takes_open_editors_and_selections_along(pledges: ScenarioTableModel) -> None:
    kept = QPersistentModelIndex(pledges.index(0, column(pledges, "quantity")))

    pledges.sort(column(pledges, "quantity"), Qt.SortOrder.AscendingOrder)

    assert [cell(pledges, row, "code") for row in range(3)] == ["P-3", "P-2", "P-1"]
    assert kept.row() == 2
    assert kept.data(NUMBER) == 30000.0
    pledges.sort(-1)
    assert kept.row() == 0


def test_that_the_title_of_the_sorted_column_has_an_arrow(pledges: ScenarioTableModel) -> None:
    def title() -> str:
        return str(pledges.headerData(0, Qt.Orientation.Horizontal))

    pledges.sort(0)
    assert title() == "Code ▲"
    pledges.sort(0, Qt.SortOrder.DescendingOrder)
    assert title() == "Code ▼"
    pledges.sort(-1)
    assert title() == "Code"


def test_that_a_filter_leaves_the_sorting_as_it_is(pledges: ScenarioTableModel) -> None:
    pledges.sort(0, Qt.SortOrder.DescendingOrder)
    pledges.set_filter(1, "birch")

    assert [cell(pledges, place, "code") for place in range(2)] == ["P-3", "P-2"]
    pledges.set_filter(1, "")
    assert [cell(pledges, place, "code") for place in range(3)] == ["P-3", "P-2", "P-1"]


def test_that_an_edited_row_keeps_its_place_in_a_sorted_table(pledges: ScenarioTableModel) -> None:
    pledges.sort(column(pledges, "quantity"), Qt.SortOrder.AscendingOrder)

    type_into(pledges, 0, "quantity", "999999")

    assert cell(pledges, 0, "code") == "P-3"


def test_that_empty_cells_sort_last_in_both_directions(session: Session) -> None:
    regions = model_of(session, "regions")
    type_into(regions, 0, "people_in_need", "500")

    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        regions.sort(column(regions, "people_in_need"), order)
        assert cell(regions, 0, "code") == "R1"


@pytest.mark.parametrize(
    ("name", "words", "codes"),
    [
        ("partner", "birch", ["P-2", "P-3"]),
        ("quantity", "> 1000", ["P-1", "P-2"]),
        ("quantity", "<= 2", ["P-3"]),
        ("regions", "dovna", ["P-3"]),
    ],
)
def test_that_a_filter_shows_only_rows_that_match(
    pledges: ScenarioTableModel, name: str, words: str, codes: list[str]
) -> None:
    pledges.set_filter(column(pledges, name), words)

    assert [cell(pledges, row, "code") for row in range(pledges.rowCount())] == codes
    pledges.set_filter(column(pledges, name), "")
    assert pledges.rowCount() == 3


def test_that_a_paste_is_one_step_and_adds_rows_beyond_the_last(session: Session, pledges: ScenarioTableModel) -> None:
    before = session.scenario

    unread: list[int] = []
    block = [["USD", "10"], ["Trainers", "3"], ["USD", "oops"]]
    pledges.paste(2, column(pledges, "resource"), block, unread.append)

    rows = session.scenario.pledges
    assert [(row.resource, row.quantity) for row in rows[2:]] == [("USD", 10.0), ("TRAINER", 3.0), ("USD", 0.0)]
    assert len({row.code for row in rows}) == 5
    assert unread == [1]
    assert cell(pledges, 4, "quantity") == "oops"
    assert session.undo_label == "paste 3 pledges"
    session.undo()
    assert session.scenario == before


def test_that_a_paste_into_a_sorted_table_goes_where_it_is_seen(session: Session, pledges: ScenarioTableModel) -> None:
    pledges.sort(column(pledges, "quantity"), Qt.SortOrder.AscendingOrder)

    pledges.paste(0, column(pledges, "note"), [["first"], ["second"]])

    notes = {row.code: row.note for row in session.scenario.pledges}
    assert notes == {"P-3": "first", "P-2": "second", "P-1": ""}


def test_that_clearing_gives_defaults_and_keeps_required_cells_as_drafts(
    session: Session, pledges: ScenarioTableModel
) -> None:
    pledges.clear([(1, column(pledges, "overhead")), (1, column(pledges, "partner"))])

    assert session.scenario.pledges[1].overhead == 0.0
    assert session.scenario.pledges[1].partner == "B"
    assert cell(pledges, 1, "partner", PROBLEM) == "error"


def test_that_a_row_is_inserted_below_and_deleting_counts_what_still_names_it(session: Session) -> None:
    partners = model_of(session, "partners")

    assert partners.insert_row(0) == 1
    assert len(session.scenario.partners) == 3
    assert partners.delete_rows([2]) == 3  # two pledges and one activity name B
    assert session.scenario.partners[0].code == "A"


def test_that_no_cell_can_be_edited_where_there_is_none(pledges: ScenarioTableModel) -> None:
    assert pledges.flags(pledges.index(99, 0)) == Qt.ItemFlag.NoItemFlags


def test_that_all_choices_offered_for_a_cell_can_be_typed_into_it(session: Session) -> None:
    for table in TABLES:
        model = model_of(session, table.name)
        for at, described in enumerate(model.columns):
            for code, _ in model.choices(at)[:3]:
                model.read(described, code)


def test_that_an_edit_in_a_long_sorted_table_reaches_its_row(session: Session) -> None:
    from dataclasses import replace

    from resources.columns import new_id

    like = session.scenario.pledges[0]
    many = tuple(replace(like, id=new_id(), code=f"M{number}", quantity=float(number)) for number in range(20_000))
    session.apply("fill", lambda scenario: replace(scenario, pledges=many))
    model = model_of(session, "pledges")

    model.sort(column(model, "quantity"), Qt.SortOrder.DescendingOrder)

    assert cell(model, 0, "code") == "M19999"
    assert type_into(model, 0, "note", "largest")
    assert session.scenario.pledges[19_999].note == "largest"
