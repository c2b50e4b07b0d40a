"""Requirements with one column per period."""

import pytest

from planner.scenario import Requirement
from ui.desktop.session import Session
from ui.desktop.tables.grid_model import DISPLAY, EDIT, NUMBER, PROBLEM
from ui.desktop.tables.requirement_cells import FIRST_PERIOD
from ui.desktop.tables.requirement_grid import RequirementGrid


@pytest.fixture
def grid(session: Session) -> RequirementGrid:
    return RequirementGrid(session, session)


def quantities(session: Session) -> dict[tuple[str, str, str, int], float]:
    return {
        (row.initiative, row.region, row.resource, row.period): row.quantity for row in session.scenario.requirements
    }


def cell(grid: RequirementGrid, row: int, period: int, role: int = DISPLAY) -> object:
    return grid.index(row, FIRST_PERIOD + period - 1).data(role)


def test_that_rows_of_one_need_stand_in_one_line(grid: RequirementGrid) -> None:
    assert grid.rowCount() == 3
    assert [grid.index(0, at).data() for at in range(4)] == ["Community dialogue", "Upper Ostra", "Funding", "USD"]
    assert [cell(grid, 0, period) for period in (1, 2, 3, 4)] == ["20,000", "10,000", "", ""]
    assert grid.index(0, FIRST_PERIOD + 4).data(NUMBER) == 30000.0


def test_that_typing_changes_adds_and_removes_requirements(session: Session, grid: RequirementGrid) -> None:
    before = session.scenario

    assert grid.setData(grid.index(0, FIRST_PERIOD), "25000")
    assert grid.setData(grid.index(0, FIRST_PERIOD + 2), "500")
    assert grid.setData(grid.index(0, FIRST_PERIOD + 1), "")

    assert {
        period: quantity
        for (_, region, resource, period), quantity in quantities(session).items()
        if (region, resource) == ("R1", "USD")
    } == {1: 25000.0, 3: 500.0}
    for _ in range(3):
        session.undo()
    assert session.scenario == before


def test_that_a_new_period_takes_weight_and_essential_of_its_line(session: Session, grid: RequirementGrid) -> None:
    from planner import edits

    session.apply("weigh", lambda scenario: edits.set_cell(scenario, "requirements", 3, "weight", 2.5))

    grid.setData(grid.index(2, FIRST_PERIOD + 3), "7")

    added = session.scenario.requirements[-1]
    assert added == Requirement(initiative="DIALOGUE", region="R2", resource="USD", period=4, quantity=7.0, weight=2.5)


def test_that_what_cannot_be_read_stays_in_its_cell_even_where_nothing_was(
    session: Session, grid: RequirementGrid
) -> None:
    assert not grid.setData(grid.index(0, FIRST_PERIOD + 3), "lots")

    assert cell(grid, 0, 4) == "lots"
    assert cell(grid, 0, 4, PROBLEM) == "error"
    assert [problem.code for problem in session.problems if problem.code == "draft"]
    problem = session.problems[0]
    assert grid.locate(problem.where.row or 0, problem.where.column) == (0, FIRST_PERIOD + 3)


def test_that_a_paste_over_periods_is_one_step(session: Session, grid: RequirementGrid) -> None:
    before = session.scenario

    grid.paste(0, FIRST_PERIOD, [["1", "2", "3", "4"], ["5", "", "", "6"]])

    assert [cell(grid, 0, period, EDIT) for period in (1, 2, 3, 4)] == ["1", "2", "3", "4"]
    assert [cell(grid, 1, period, EDIT) for period in (1, 2, 3, 4)] == ["5", "", "", "6"]
    session.undo()
    assert session.scenario == before


def test_that_a_line_emptied_in_all_periods_stays_to_be_filled_again(session: Session, grid: RequirementGrid) -> None:
    grid.clear([(0, FIRST_PERIOD + at) for at in range(4)])

    assert grid.rowCount() == 3
    assert grid.index(0, FIRST_PERIOD + 4).data(NUMBER) == 0.0


def test_that_a_code_typed_into_a_line_changes_all_its_rows(session: Session, grid: RequirementGrid) -> None:
    assert grid.setData(grid.index(0, 1), "Dovna")

    assert {row.region for row in session.scenario.requirements if row.quantity in (20000.0, 10000.0)} == {"R2"}


def test_that_a_line_is_added_and_deleted(session: Session, grid: RequirementGrid) -> None:
    place = grid.insert_row(0)
    assert grid.rowCount() == 4
    assert grid.index(place, 0).data() == "Community dialogue"
    assert grid.index(place, 2).data() == ""

    grid.delete_rows([place, 0])
    assert grid.rowCount() == 2
    assert len(session.scenario.requirements) == 2
