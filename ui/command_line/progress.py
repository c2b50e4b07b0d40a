"""Progress of a run on standard error: one live line on a terminal, plain lines otherwise."""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from planner.progress import Tell
from planner.rulebook import OBJECTIVES
from solver.events import ConditionPriced, Event, LevelFinished, PhaseStarted, ProgressMade
from ui.command_line.output import printable

SECONDS_BETWEEN_LINES = 5.0  # where lines stay
SECONDS_BETWEEN_REPAINTS = 0.1

_PHASES = {
    "arrays": "Preparing",
    "model": "Preparing",
    "pro_rata": "Splitting pro rata",
    "split": "Splitting pools",
    "verify": "Checking every rule",
    "explain": "Finding reasons",
    "infeasible": "Finding what clashes",
    "conflict": "Finding what clashes",
    "prices": "Pricing conditions",
    "fixes": "Finding what would help",
    "effects": "Planning with each of the fixes",
}


class Progress:
    """Shows events as they come; call `end` before anything else is printed."""

    def __init__(self, stream: TextIO | None = None, *, is_quiet: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._is_quiet = is_quiet
        self._is_live = not is_quiet and self._stream.isatty()
        self._shown_at = -SECONDS_BETWEEN_LINES
        self._width = 0

    def show(self, event: Event) -> None:
        """Show an event, unless one of its kind was shown a moment ago."""
        is_step = isinstance(event, PhaseStarted | LevelFinished | ConditionPriced)
        if not self._is_quiet and (is_step or self._is_time()):
            self._show_now(line_of(event))

    @contextmanager
    def writing(self, path: Path) -> Iterator[Tell]:
        """What shows how much of a file is written, unless that is soon done."""
        self._shown_at = time.monotonic()

        def tell(share: float) -> None:
            if not self._is_quiet and self._is_time():
                self._show_now(f"Writing {printable(str(path))} ... {share:.0%}")

        try:
            yield tell
        finally:
            self.end()

    def _is_time(self) -> bool:
        pause = SECONDS_BETWEEN_REPAINTS if self._is_live else SECONDS_BETWEEN_LINES
        return time.monotonic() - self._shown_at >= pause

    def _show_now(self, line: str) -> None:
        self._shown_at = time.monotonic()
        self._print(line)

    def end(self) -> None:
        """Take the live line away."""
        if self._is_live and self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0

    def _print(self, line: str) -> None:
        if not self._is_live:
            self._stream.write(line + "\n")
        else:
            line = line[: max(20, shutil.get_terminal_size().columns - 1)]
            self._stream.write("\r" + line.ljust(self._width))
            self._width = len(line)
        self._stream.flush()


def line_of(event: Event) -> str:
    """An event in words: phase, best, bound, gap, seconds."""
    if isinstance(event, PhaseStarted):
        return f"{phase_title(event.phase)} ... {event.seconds:.1f} s"
    if isinstance(event, ConditionPriced):
        gain = "not known" if event.gain is None else f"{event.gain:.6g}"
        return f"Without condition {event.number} of {event.count}: gain {gain}, {event.seconds:.1f} s. {event.text}"
    parts = [phase_title(event.phase if isinstance(event, ProgressMade) else f"{event.objective}")]
    if isinstance(event, LevelFinished):
        parts[0] += " done"
    if event.best is not None:
        parts.append(f"best {event.best:.6g}")
    if event.bound is not None:
        parts.append(f"bound {event.bound:.6g}")
    if event.gap is not None:
        parts.append(f"gap {100 * event.gap:.2f} %")
    return f"{', '.join(parts)}, {event.seconds:.1f} s"


def phase_title(phase: str) -> str:
    """What a phase is called; objectives by their title."""
    if phase in OBJECTIVES:
        return OBJECTIVES[phase].title
    return _PHASES.get(phase, phase.replace("_", " ").capitalize())
