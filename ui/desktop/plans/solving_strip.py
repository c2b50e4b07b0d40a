"""The strip above the last plan while the next one is being made: phases, four figures, the curve and Stop."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from planner.plan import Plan
from planner.report.figures import Figures
from planner.rulebook import OBJECTIVES
from planner.scenario import Scenario
from ui.desktop.charts.progress_curve import Point, ProgressCurve
from ui.desktop.figures import number_text
from ui.desktop.icons import pixmap
from ui.desktop.parts import button, column, empty_layout, framed, row, strip, tabular, text
from ui.desktop.theme import Theme

HEIGHT = 128
ENOUGH_FOR_CURVE, ENOUGH_FOR_HINTS, ENOUGH_FOR_PHASES = 1000, 820, 580  # pixels
WIDE_PHASES, NARROW_PHASES = 200, 168
FIGURES = {"best": "Best plan", "bound": "Bound", "gap": "Gap", "time": "Time"}
HINTS = {"best": "found so far", "bound": "no plan is better", "gap": "between the two", "time": "since the start"}
NOT_YET = Plan(title="", fingerprint="", status="unknown")
PHASE_TITLES = {"arrays": "Prepare", "pro_rata": "Pro-rata split", "verify": "Check every rule"}


class SolvingStrip(QWidget):
    """Shows one run from start to end."""

    def __init__(self, theme: Theme, stop: Callable[[], object]) -> None:
        super().__init__()
        self._theme = theme
        self._phases: list[str] = []
        self._done: set[str] = set()
        self._current = ""
        self._clock = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(250)
        self._tick.timeout.connect(self._show_time)
        self._list = QVBoxLayout()
        self._list.setSpacing(1)
        self._figures = {name: tabular(text("–", "figure")) for name in FIGURES}
        self._sentence = text("", "secondary")
        self._wholes: Mapping[str, float] = {}
        self._currency = ""
        self._curve_title = text("", "hint")
        self._curve = ProgressCurve(theme)
        self.stop_button = button(theme, "Stop  Esc", stop, icon="stop", name="Stop", tip="Keep the best plan (Esc)")
        self._phase_side = phases = QWidget()
        phases.setLayout(column(margins=(0, 0, 0, 0)))
        phases.layout().addLayout(self._list)  # type: ignore[union-attr]
        phases.layout().addStretch(1)  # type: ignore[union-attr]
        stop_hint = text("keeps the best plan found so far", "hint", wraps=True)
        stop_hint.setFixedWidth(120)
        self._hints = [*(text(HINTS[name], "faint") for name in FIGURES), stop_hint]
        self._curve_side = framed("plain", column(self._curve_title, self._curve, None, spacing=2))
        right = column(8, self.stop_button, stop_hint, None, spacing=6)
        layout = row(phases, framed("divider"), 8, spacing=8, margins=(16, 10, 16, 8))
        layout.addLayout(self._figure_grid(), 1)
        layout.addWidget(self._curve_side)
        layout.addSpacing(8)
        layout.addLayout(right)
        bar = strip("subHeader", layout, HEIGHT)
        self.setLayout(column(bar))
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Planning")

    def _figure_grid(self) -> QVBoxLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        for at, (name, title) in enumerate(FIGURES.items()):
            grid.addWidget(text(title, "hint"), 0, at)
            grid.addWidget(self._figures[name], 1, at)
            grid.addWidget(self._hints[at], 2, at)
        grid.setColumnStretch(4, 1)
        layout = QVBoxLayout()
        layout.addLayout(grid)
        layout.addSpacing(4)
        layout.addWidget(self._sentence)
        layout.addStretch(1)
        return layout

    def begin(self, scenario: Scenario) -> None:
        """A run starts."""
        from planner.rulebook import objectives

        self._phases = ["pro_rata", *(level.key for level in objectives(scenario)), "verify"]
        self._done, self._current = set(), ""
        self._wholes, self._currency = Figures(scenario, NOT_YET).objective_wholes, scenario.settings.currency
        for label in self._figures.values():
            label.setText("–")
        self._sentence.setText("Preparing the scenario.")
        self._curve_title.setText("")
        self._curve.restart()
        self.stop_button.setEnabled(True)
        self._clock.start()
        self._tick.start()
        self._show_phases()
        self._show_time()

    def take(self, event: dict[str, Any]) -> None:
        """Show what the run tells."""
        match event["event"]:
            case "phase_started":
                self._begin_phase(event["phase"])
            case "progress_made":
                if event["phase"] != self._current:
                    self._begin_phase(event["phase"])
                self._show_progress(event)
            case "level_finished":
                self._done.add(event["objective"])
                self._show_phases()

    def stopping(self) -> None:
        """Stop was asked for."""
        self._sentence.setText("Stopping. The best plan found so far is kept.")
        self.stop_button.setEnabled(False)

    def end(self) -> None:
        """The run is over."""
        self._tick.stop()

    def _begin_phase(self, phase: str) -> None:
        if self._current:
            self._done.add(self._current)
        self._current = phase
        if phase not in self._phases and phase in OBJECTIVES:
            self._phases.insert(max(0, len(self._phases) - 1), phase)
        self._show_phases()
        self._curve.restart()
        self._curve_title.setText(f"{title_of(phase)}, over time" if phase in OBJECTIVES else "")
        self._sentence.setText(self._words_of(phase))

    def _show_progress(self, event: dict[str, Any]) -> None:
        for name in ("best", "bound"):
            value = event[name]
            self._figures[name].setText("–" if value is None else figure(value, self._wholes.get(event["phase"])))
        gap = event["gap"]
        self._figures["gap"].setText("–" if gap is None else share_text(gap))
        self._curve.add(Point(event["seconds"], event["best"], event["bound"]))

    def _words_of(self, phase: str) -> str:
        if phase not in OBJECTIVES:
            return f"{title_of(phase)}."
        unit = f", {self._currency}" if phase == "delivery_cost" else ""
        return f"Now: {title_of(phase).lower()}{unit}."

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In narrow windows all else gives way to the figures."""
        super().resizeEvent(event)
        has_hints = self.width() >= ENOUGH_FOR_HINTS
        self._curve_side.setVisible(self.width() >= ENOUGH_FOR_CURVE)
        self._phase_side.setVisible(self.width() >= ENOUGH_FOR_PHASES)
        self._phase_side.setFixedWidth(WIDE_PHASES if has_hints else NARROW_PHASES)
        for hint in self._hints:
            hint.setVisible(has_hints)

    def _show_time(self) -> None:
        self._figures["time"].setText(f"{self._clock.elapsed() // 1000} s")

    def _show_phases(self) -> None:
        empty_layout(self._list)
        palette = self._theme.palette
        rank = 0
        for phase in self._phases:
            rank += phase in OBJECTIVES
            is_current = phase == self._current
            name, role = (
                ("check", "accent") if phase in self._done else ("waiting", "accent" if is_current else "ink_3")
            )
            icon = QLabel()
            icon.setPixmap(pixmap(name, getattr(palette, role), 14, self.devicePixelRatioF()))
            number = f"{rank} " if phase in OBJECTIVES else ""
            words = text(f"{number}{title_of(phase)}", "emphasis" if is_current else "secondary")
            line = QFrame()
            line.setFixedHeight(17)
            line.setLayout(row(icon, words, None, spacing=6))
            self._list.addWidget(line)


def title_of(phase: str) -> str:
    """A phase in words."""
    if phase in OBJECTIVES:
        return OBJECTIVES[phase].title
    return PHASE_TITLES.get(phase, phase.replace("_", " ").capitalize())


def figure(value: float, whole: float | None) -> str:
    """A figure of an objective, short enough for its place: percent of a whole where it has one."""
    if whole is not None:
        return share_text(value / whole)
    size = abs(value)
    if size >= 1e6:
        return f"{number_text(value / 1e6, 2)} M"
    if size >= 1e4:
        return f"{number_text(value / 1e3, 0)} k"
    return number_text(value, 0 if size >= 1000 else 1 if size >= 100 else 3)


def share_text(share: float) -> str:
    """Percent with a decimal up to 99.9."""
    return f"{number_text(share * 100, 1 if abs(share) < 0.9995 else 0)} %"
