"""Properties of blocks and figures: what is copied and pasted again is the same, and undo brings everything back."""

import gc

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication

from planner.document import Document
from planner.scenario import TABLE_BY_NAME, TABLES, Scenario
from planner.separators import COMMA, POINT
from tests.strategies import free_scenarios
from ui.desktop.background import Background
from ui.desktop.figures import number_text, own_signs, signs_of
from ui.desktop.session import Session
from ui.desktop.tables.blocks import read_block, tiled, write_block
from ui.desktop.tables.editable_grid import block_cells
from ui.desktop.tables.filter_words import passing_rows
from ui.desktop.tables.table_model import ScenarioTableModel

CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=12)
BLOCKS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5)
)
FIGURES = st.floats(0, 1e12, allow_nan=False).map(lambda figure: round(figure, 2))
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(BLOCKS.filter(lambda block: any(block[-1])))
def test_that_a_block_written_is_the_block_read(block: list[list[str]]) -> None:
    assert read_block(write_block(block)) == block


@given(BLOCKS, st.integers(1, 3), st.integers(1, 3))
def test_that_a_block_repeats_without_a_gap(block: list[list[str]], down: int, right: int) -> None:
    height, width = len(block), len(block[0])
    large = tiled(block, height * down, width * right)

    assert len(large) == height * down
    assert all(large[row][at] == block[row % height][at % width] for row in range(len(large)) for at in range(width))


@given(st.lists(FIGURES, min_size=1, max_size=8), st.sampled_from([POINT, COMMA]))
def test_that_figures_keep_their_value_whatever_separators_they_are_written_with(
    figures: list[float], signs: object
) -> None:
    locale = QLocale("en_US" if signs is POINT else "de_DE")
    texts = [locale.toString(figure, "f", 2) for figure in figures]

    read = signs_of(texts)
    assert [float(read.plain(text).replace(",", ".")) for text in texts] == figures


@given(FIGURES)
def test_that_a_figure_is_read_as_it_is_shown(figure: float) -> None:
    whole = float(round(figure))

    assert float(own_signs().plain(number_text(whole)).replace(",", ".")) == whole


@given(st.lists(CELLS, max_size=20), CELLS)
def test_that_a_filter_for_a_whole_text_shows_exactly_the_cells_that_hold_it(cells: list[str], wanted: str) -> None:
    wanted = wanted.replace(";", "").strip()
    rows = passing_rows(f"={wanted}", range(len(cells)), lambda: cells, [])

    assert set(rows) >= {row for row, cell in enumerate(cells) if cell == wanted}
    assert all(wanted.casefold() in cells[row].casefold() for row in rows)


@SLOW
@given(scenario=free_scenarios(), data=st.data())
def test_that_pasting_a_copy_changes_nothing_and_undo_restores_what_a_paste_changed(
    application: QGuiApplication, scenario: Scenario, data: st.DataObject
) -> None:
    background = Background()
    session = Session(background)
    session.open(Document.new_from(scenario))
    table = data.draw(st.sampled_from(TABLES))
    model = ScenarioTableModel(session, TABLE_BY_NAME[table.name], session)
    columns = range(model.columnCount())
    block = [[model.copied_text(place, column) for column in columns] for place in range(model.rowCount())]
    if block:
        model.write(block_cells(block, 0, columns), "paste a copy")
        assert session.scenario == scenario

        model.write(block_cells(block, model.rowCount() // 2, columns), "paste it further down")
        text = data.draw(CELLS)
        model.write({(0, data.draw(st.sampled_from(columns))): text}, "type")
        while session.undo_label:
            session.undo()
        assert session.scenario == scenario
        assert not session.drafts
    session.close()
    background.close()
    del model, session
    gc.collect()
