"""Edits in parts: the window answers in between, and nobody sees a part of one."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication

from planner.scenario import TABLE_BY_NAME, Scenario
from ui.desktop import slices
from ui.desktop.session import Session
from ui.desktop.tables import large_edits
from ui.desktop.tables.editable_grid import EditableGrid
from ui.desktop.tables.editable_table import EditableTable
from ui.desktop.tables.requirement_grid import RequirementGrid
from ui.desktop.tables.table_model import ScenarioTableModel
from ui.desktop.window import Window

Wait = Callable[..., None]
CELLS = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, 8)),
    st.sampled_from(["", "1", "2,5", "lots", "R2", "Dovna", "DIALOGUE", "TRAINER", "USD", "B"]),
    max_size=12,
)


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell is a part of its own, and each part a turn of the window."""
    monkeypatch.setattr(large_edits, "PART", 1)
    monkeypatch.setattr(slices, "SLICE", 0.0)


@pytest.fixture(params=["pledges", "requirement_grid"])
def model(session: Session, request: pytest.FixtureRequest) -> EditableGrid:
    is_grid = request.param == "requirement_grid"
    return (
        RequirementGrid(session, session) if is_grid else ScenarioTableModel(session, TABLE_BY_NAME["pledges"], session)
    )


def figures(model: EditableGrid) -> dict[tuple[int, int], str]:
    """A figure for each of three cells below each other."""
    column = next(at for at in range(model.columnCount()) if model.is_numeric(at) and model.can_edit(at))
    return {(place, column): str(place + 5) for place in range(3)}


@pytest.mark.usefixtures("in_parts")
def test_that_an_edit_in_parts_is_seen_when_all_of_it_is_there(
    session: Session, model: EditableGrid, wait: Wait
) -> None:
    before, told, seen = session.scenario, list[int](), list[Scenario]()
    session.scenario_changed.connect(lambda: seen.append(session.scenario))

    model.write(figures(model), "paste", told.append)
    assert session.is_editing
    assert (session.scenario, told) == (before, [])
    wait(lambda: not session.is_editing)

    assert told == [0]
    assert seen == [session.scenario]
    assert [str(model.index(*cell).data()) for cell in figures(model)] == ["5", "6", "7"]
    session.undo()
    assert session.scenario == before


@pytest.mark.usefixtures("in_parts")
def test_that_undo_takes_back_an_edit_that_still_goes_on(session: Session, model: EditableGrid) -> None:
    before = session.scenario
    session.apply("change the title", lambda scenario: scenario)

    model.write(figures(model), "paste")
    session.undo()

    assert not session.is_editing
    assert session.scenario == before
    assert session.redo_label == "paste"


@pytest.mark.usefixtures("in_parts")
def test_that_what_is_typed_meanwhile_comes_after_it(session: Session, model: EditableGrid) -> None:
    first = next(iter(figures(model)))

    model.write(figures(model), "paste")
    model.write({first: "77"}, "type")
    session.catch_up()

    assert str(model.index(*first).data()) == "77"
    assert session.document is not None
    assert [step.label for step in session.document.history[1:]] == ["paste", "type"]


@pytest.mark.usefixtures("in_parts")
def test_that_who_takes_the_document_gets_the_whole_edit(session: Session, model: EditableGrid) -> None:
    model.write(figures(model), "paste")

    assert session.is_dirty
    assert session.document is not None
    assert session.document.undo_label == "paste"


@pytest.mark.usefixtures("in_parts")
def test_that_an_edit_in_parts_that_turns_out_impossible_changes_nothing_and_says_so(
    opened: Window, wait: Wait
) -> None:
    opened.go("needs")
    view: EditableTable = opened.needs.show_table("requirement_grid")
    before = opened.session.scenario
    QGuiApplication.clipboard().setText("1\tDovna\tUSD\nDIALOGUE\tR2\tUSD\t\tlots\n")
    view.setCurrentIndex(view.grid.index(2, 0))

    view.paste()
    wait(lambda: not opened.session.is_editing)

    assert "Nothing was changed" in opened.notice.words
    assert opened.session.scenario is before


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=CELLS)
def test_that_parts_make_what_the_whole_makes(
    session: Session, model: EditableGrid, monkeypatch: pytest.MonkeyPatch, cells: dict[tuple[int, int], str]
) -> None:
    made = []
    cells = {(place, column): text for (place, column), text in cells.items() if model.can_edit(column)}
    for part in (1000, 1):
        with monkeypatch.context() as patched:
            patched.setattr(large_edits, "PART", part)
            patched.setattr(slices, "SLICE", 0.0)
            before = session.scenario
            model.write(cells, "paste", otherwise=lambda _: None)
            session.catch_up()
        made.append((session.scenario, sorted(draft.text for draft in session.drafts.values())))
        while session.undo_label:
            session.undo()
        assert session.scenario == before

    assert made[0] == made[1]


def test_that_an_edit_of_few_cells_is_done_at_once(
    session: Session, model: EditableGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "SLICE", 0.0)

    model.write(figures(model), "paste")

    assert not session.is_editing
    assert session.undo_label == "paste"
