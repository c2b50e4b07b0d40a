"""The strip above the last plan while the next one is being made: phases, four figures, the curve and Stop."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from planner.rulebook import OBJECTIVES
from planner.scenario import Scenario
from ui.desktop.charts.progress_curve import Point, ProgressCurve
from ui.desktop.grid_model import number_text
from ui.desktop.icons import pixmap
from ui.desktop.parts import button, column, empty_layout, framed, row, strip, tabular, text
from ui.desktop.theme import Theme

HEIGHT = 128
FIGURES = {"best": "Best plan", "bound": "Bound", "gap": "Gap", "time": "Time"}
HINTS = {"bound": "no plan is better", "gap": "between the two", "time": "since the start"}
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
        self._list.setSpacing(3)
        self._figures = {name: tabular(text("–", "figure")) for name in FIGURES}
        self._sentence, self._best_of = text("", "secondary"), text("", "faint")
        self._curve_title = text("", "hint")
        self._curve = ProgressCurve(theme)
        self.stop_button = button(theme, "Stop  Esc", stop, icon="stop", name="Stop", tip="Keep the best plan (Esc)")
        phases = QWidget()
        phases.setFixedWidth(196)
        phases.setLayout(column(margins=(0, 0, 0, 0)))
        phases.layout().addLayout(self._list)  # type: ignore[union-attr]
        phases.layout().addStretch(1)  # type: ignore[union-attr]
        stop_hint = text("keeps the best plan found so far", "hint", wraps=True)
        stop_hint.setFixedWidth(120)
        curve = column(self._curve_title, self._curve, None, spacing=2)
        right = column(8, self.stop_button, stop_hint, None, spacing=6)
        layout = row(phases, framed("divider"), 8, spacing=8, margins=(16, 10, 16, 8))
        layout.addLayout(self._figure_grid(), 1)
        layout.addLayout(curve)
        layout.addSpacing(8)
        layout.addLayout(right)
        bar = strip("subHeader", layout, HEIGHT)
        self.setLayout(column(bar))
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Planning")

    def _figure_grid(self) -> QVBoxLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(0)
        for at, (name, title) in enumerate(
            (("best", "Best plan"), ("bound", "Bound"), ("gap", "Gap"), ("time", "Time"))
        ):
            grid.addWidget(text(title, "hint"), 0, at)
            grid.addWidget(self._figures[name], 1, at)
            hint = self._best_of if name == "best" else text(HINTS.get(name, ""), "faint")
            grid.addWidget(hint, 2, at)
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
        self._best_of.setText(title_of(phase).lower() if phase in OBJECTIVES else "")
        self._sentence.setText(f"{title_of(phase)}." if phase not in OBJECTIVES else f"Now: {title_of(phase).lower()}.")

    def _show_progress(self, event: dict[str, Any]) -> None:
        for name in ("best", "bound"):
            value = event[name]
            self._figures[name].setText("–" if value is None else figure(value))
        gap = event["gap"]
        self._figures["gap"].setText("–" if gap is None else f"{number_text(gap * 100, 1)} %")
        self._curve.add(Point(event["seconds"], event["best"], event["bound"]))

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
            line.setFixedHeight(16)
            line.setLayout(row(icon, words, None, spacing=6))
            self._list.addWidget(line)


def title_of(phase: str) -> str:
    """A phase in words."""
    if phase in OBJECTIVES:
        return OBJECTIVES[phase].title
    return PHASE_TITLES.get(phase, phase.replace("_", " ").capitalize())


def figure(value: float) -> str:
    """A figure of an objective, short enough for its place."""
    size = abs(value)
    if size >= 1e6:
        return f"{number_text(value / 1e6, 2)} M"
    return number_text(value, 0 if size >= 1000 else 1 if size >= 100 else 3)
