"""Charts of a plan: their numbers on hover, their spots by keyboard, and pictures that explain themselves."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from planner.report.figures import Figures
from planner.report.table import PERCENT, Table
from planner.report.tables import PlanTables
from planner.report.why import Step, Subject, Topic, Waterfall
from planner.samples import build_sample
from tests.desktop.planned import open_planned, small_plan
from ui.desktop.charts import fair_shares, flow, time_curve, waterfall
from ui.desktop.charts.chart_view import ChartView
from ui.desktop.charts.fair_shares import fair_shares_of
from ui.desktop.charts.flow import Flow, flow_of
from ui.desktop.charts.time_curve import TimeCurve, time_curve_of
from ui.desktop.figures import number_text
from ui.desktop.pages.result_chart import ResultChart
from ui.desktop.plans.plan_figures import make_flow
from ui.desktop.theme import Theme
from ui.desktop.window import Window

Wait = Callable[..., None]
RECT = QRectF(0, 0, 800, 400)


@pytest.fixture
def theme(application: QApplication) -> Theme:
    return Theme(application, "light")


@pytest.fixture(scope="module")
def tables() -> PlanTables:
    return PlanTables(build_sample("first-steps"), small_plan())


def painted(paint: Callable[[QPainter], None]) -> QImage:
    image = QImage(800, 400, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return image


def test_that_what_flows_in_on_one_side_flows_out_on_the_other(tables: PlanTables) -> None:
    data = make_flow(tables)
    whole = sum(tables["flows"].column("value"))

    for ribbons in data.ribbons:
        assert sum(ribbon.value for ribbon in ribbons) == pytest.approx(whole)
    for side in (0, 1, 2):
        assert sum(node.value for node in data.nodes[side]) == pytest.approx(whole)
    for at, node in enumerate(data.nodes[1]):
        assert sum(ribbon.value for ribbon in data.ribbons[0] if ribbon.target == at) == pytest.approx(node.value)
        assert sum(ribbon.value for ribbon in data.ribbons[1] if ribbon.source == at) == pytest.approx(node.value)


AMOUNTS = st.tuples(st.integers(0, 30), st.integers(0, 20), st.integers(0, 20), st.floats(0.01, 1e9))


@given(lines=st.lists(AMOUNTS, min_size=1))
def test_that_many_givers_are_put_together_without_losing_value(
    tables: PlanTables, lines: list[tuple[int, int, int, float]]
) -> None:
    rows = tuple(
        (f"P{p}", f"Giver {p}", "10", "", f"I{i}", f"Work {i}", f"R{r}", f"Place {r}", 0.0, value)
        for p, i, r, value in lines
    )
    data = flow_of(Table("flows", "", tables["flows"].columns, rows), frozenset(), "USD")

    for side, nodes in enumerate(data.nodes):
        assert len(nodes) == min(flow.MOST[side], len({line[side] for line in lines}))
        assert sum(node.value for node in nodes) == pytest.approx(sum(line[3] for line in lines))


def test_that_hovering_a_flow_says_its_number_and_a_click_asks_about_it(theme: Theme, tables: PlanTables) -> None:
    data = make_flow(tables)
    view = ChartView(theme, "Flow", flow.paint, flow.spots)
    view.resize(800, 400)
    view.show_data(data)
    asked: list[Subject] = []
    view.asked.connect(asked.append)
    node = data.nodes[0][0]
    spot = next(spot for spot in view.spots if spot.words.startswith(f"{node.name}:"))

    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot.shape.boundingRect().center().toPoint())

    assert spot.words == f"{node.name}: {number_text(node.value, 0)} {data.unit}"
    assert view.accessibleDescription() == spot.words
    assert asked == [Subject(Topic.PARTNER, (node.code,))]


def test_that_arrow_keys_walk_through_a_chart_and_return_asks(theme: Theme, tables: PlanTables) -> None:
    view = ChartView(theme, "Time", time_curve.paint, time_curve.spots)
    view.resize(800, 400)
    view.show_data(time_curve_of(tables["periods"], "region"))
    asked: list[Subject] = []
    view.asked.connect(asked.append)

    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.accessibleDescription() == view.spots[0].words
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.accessibleDescription() == view.spots[-1].words
    QTest.keyClick(view, Qt.Key.Key_Return)

    assert asked == [view.spots[-1].subject]


def test_that_a_curve_has_a_point_for_every_period_with_a_need(tables: PlanTables) -> None:
    data = time_curve_of(tables["periods"], "resource")
    assert isinstance(data, TimeCurve)
    rows = [row for row in tables["periods"].rows if row[0] in ("all", "resource")]

    assert sum(share is not None for curve in data.curves for share in curve.points) == len(rows)
    assert data.curves[0].subject == Subject(Topic.ALL)


def test_that_bars_show_what_is_borne_beside_fair_shares_only_for_those_who_have_one(theme: Theme) -> None:
    scenario = build_sample("first-steps")
    from dataclasses import replace

    partners = (replace(scenario.partners[0], fair_share=0.6), *scenario.partners[1:])
    tables = PlanTables(replace(scenario, partners=partners), small_plan())
    data = fair_shares_of(tables["partners"], "USD")

    assert [(bar.code, bar.fair, bar.share) for bar in data.bars] == [(partners[0].code, 1.0, 1.0)]
    assert "fair share 100" in fair_shares.spots(RECT, data, theme)[0].words


def test_that_a_waterfall_paints_losses_in_their_colour_where_they_stand(theme: Theme) -> None:
    steps = (Step("Needed", 1.0, is_total=True), Step("Vetoed", -0.5), Step("Covered", 0.5, is_total=True))
    data = Waterfall("From need to plan", PERCENT, steps)
    image = painted(lambda painter: waterfall.paint(painter, RECT, data, theme))

    rows = [round(waterfall.PITCH * (at + 0.5)) for at in range(3)]
    gap, accent = theme.palette.gap, theme.palette.accent
    colours = [{image.pixelColor(x, y).name().upper() for x in range(60, 720)} for y in rows]
    assert gap in colours[1]
    assert accent in colours[2]
    assert gap not in colours[0] | colours[2]
    assert [waterfall.step_text(step, PERCENT) for step in steps] == ["100.0", "−50.0", "50.0"]


def test_that_nothing_to_show_paints_nothing(theme: Theme) -> None:
    for paint, spots, data in (
        (flow.paint, flow.spots, Flow("USD", (), ())),
        (time_curve.paint, time_curve.spots, TimeCurve((), ())),
    ):
        view = ChartView(theme, "Nothing", paint, spots)
        view.show_data(data)
        assert view.spots == []
        QTest.keyClick(view, Qt.Key.Key_Right)
        view.grab()


@pytest.mark.parametrize("key", ["flow", "time"])
def test_that_pictures_carry_title_and_source_and_are_written_as_png_and_svg(
    window: Window, wait: Wait, tmp_path: Path, key: str
) -> None:
    open_planned(window.session, "Plan 1")
    wait(lambda: window.session.is_checked)
    window.go("plan")
    window.plan_page.show_tab(key)
    page = window.plan_page.view_of(key)
    assert isinstance(page, ResultChart)

    for export in page._exports():
        window.filing.write(export, tmp_path / f"picture{export.ending}")
        wait(lambda export=export: f"picture{export.ending}" in window.notice.words)

    image = QImage(str(tmp_path / "picture.png"))
    assert image.width() == 2 * 1120
    drawing = ElementTree.parse(tmp_path / "picture.svg").getroot()
    assert drawing.findtext("{http://www.w3.org/2000/svg}title") == page._name
    words = " ".join(drawing.itertext())
    assert page._name in words
    assert "Plan 1" in words
    assert "Plan 1" in page._exports()[0].name


def test_that_charts_follow_the_theme(window: Window, wait: Wait) -> None:
    open_planned(window.session, "Plan 1")
    wait(lambda: window.session.is_checked)
    window.go("plan")
    window.plan_page.show_tab("flow")
    for choice in ("dark", "light"):
        window.theme.choose(choice)
        view = window.plan_page.view_of("flow")
        assert isinstance(view, ResultChart)
        image = view.chart.grab().toImage()
        kind = view.chart.data.nodes[0][0].kind
        box = next(spot for spot in view.chart.spots if spot.words.startswith(f"{view.chart.data.nodes[0][0].name}:"))
        colour = image.pixelColor(box.shape.boundingRect().center().toPoint()).name().upper()
        assert colour == window.theme.palette.chart[kind]


def test_that_the_figures_of_a_plan_are_those_of_its_charts(tables: PlanTables) -> None:
    figures = Figures(tables.scenario, tables.plan)
    bars = fair_shares_of(tables["partners"], "USD").bars

    assert {bar.code: bar.value for bar in bars} == pytest.approx(
        {code: value for code, value in figures.contributed.items() if value > 0}
    )
