"""The coverage heat map: what is painted where."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.desktop.charts import heat_map
from ui.desktop.charts.heat_map import Cell, Geometry, HeatMap
from ui.desktop.charts.heat_map_view import HeatMapArea, HeatMapView
from ui.desktop.theme import Theme

DATA = HeatMap(
    ("Demining", "Dialogue", "All initiatives"),
    ("Upper Ostra", "Dovna", "All regions"),
    (
        (Cell(1.0), Cell(0.27, explanation="Every kit comes from one partner."), Cell(0.69)),
        (Cell(None), Cell(0.0, goes_ahead=False), Cell(0.0)),
        (Cell(1.0), Cell(0.2), Cell(0.5)),
    ),
)
RECT = QRectF(0, 0, 600, 300)


@pytest.fixture
def theme(application: QApplication) -> Theme:
    return Theme(application, "light")


@pytest.mark.parametrize(
    ("value", "shown", "which"),
    [
        (0.0, 0, 0),
        (0.001, 1, 0),
        (0.144, 14, 0),
        (0.15, 15, 1),
        (0.746, 75, 5),
        (0.9, 90, 6),
        (0.9999, 99, 6),
        (1.0, 100, 6),
    ],
)
def test_that_100_and_0_are_shown_only_for_everything_and_nothing(value: float, shown: int, which: int) -> None:
    assert heat_map.percent(value) == shown
    assert heat_map.heat_class(value) == which


def test_that_cells_are_filled_by_their_class_and_no_need_is_left_empty(theme: Theme) -> None:
    image = QImage(600, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    heat_map.paint(painter, RECT, DATA, theme)
    painter.end()
    geometry = Geometry(RECT, DATA, theme)

    def colour(row: int, column: int) -> str:
        corner = geometry.cell(row, column).topLeft() + QPointF(2, 2)
        return image.pixelColor(corner.toPoint()).name().upper()

    assert colour(0, 0) == theme.palette.heat[6]
    assert colour(0, 1) == theme.palette.heat[1]
    assert colour(1, 0) == "#FFFFFF"


def test_that_a_point_finds_its_cell(theme: Theme) -> None:
    geometry = Geometry(RECT, DATA, theme)

    for row in range(3):
        for column in range(3):
            assert geometry.cell_at(geometry.cell(row, column).center()) == (row, column)
    assert geometry.cell_at(QPointF(1, 1)) is None


def test_that_a_heat_map_with_many_initiatives_scrolls_to_the_cell_one_walks_to(theme: Theme) -> None:
    view = HeatMapView(theme, "Coverage")
    area = HeatMapArea(view)
    area.resize(400, 300)
    rows = 80
    cells = tuple((Cell(0.5), Cell(0.5)) for _ in range(rows))
    view.show_data(HeatMap(tuple(f"Initiative {row}" for row in range(rows)), ("Dovna", "All regions"), cells))
    area.show()

    for _ in range(rows - 1):
        QTest.keyClick(view, Qt.Key.Key_Down)

    cell = Geometry(QRectF(view.rect()), view._data, theme).cell(rows - 1, 0)
    assert view.visibleRegion().boundingRect().contains(cell.center().toPoint())
    assert cell.height() >= 12
    area.close()
    area.deleteLater()


def test_that_arrow_keys_walk_and_say_where_they_are(theme: Theme) -> None:
    view = HeatMapView(theme, "Coverage")
    view.show_data(DATA)
    told: list[str] = []
    view.cell_told.connect(lambda words, _mark: told.append(words))

    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Right)

    assert view.accessibleDescription() == "Demining, Dovna: 27 % covered. Every kit comes from one partner."
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.accessibleDescription() == "Dialogue, Dovna: 0 % covered, does not go ahead"
    assert told[-1] == view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.accessibleDescription() == told[-1] == ""
