"""Time and progress of a search: how long a stage may take, whether it is cancelled, what has been told."""

import time
from collections.abc import Callable

from solver.events import Event, ProgressMade

TOLD_EVERY = 0.25  # seconds
MOST_KEPT_BACK = 0.25  # of the time limit
LEAST_SHARE = 0.5  # of the time left: what comes after a weak level is worth little, a relaxation cut short nothing
AFTERWARDS = 3.0  # seconds of splitting, verifying, explaining and pricing for each second of building the model


class Stopped(Exception):
    """The user cancelled."""


class Late(Exception):
    """A level has met its deadline."""


class Pace:
    """The clock of one run; every deadline is in seconds since its start."""

    def __init__(
        self,
        began: float,
        time_limit: float | None,
        on_event: Callable[[Event], None],
        cancelled: Callable[[], bool],
    ) -> None:
        """Some of the limit is kept back for what follows the search, judged by what went before it."""
        self._began, self.tell, self.cancelled = began, on_event, cancelled
        self._end: float | None = None
        if time_limit is not None:
            self._end = time_limit - min(MOST_KEPT_BACK * time_limit, AFTERWARDS * self.seconds())
        self.deadline = self._end  # of the level
        self.is_late = False  # some stage met its deadline
        self._last_told = 0.0

    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._began

    def share_out(self, levels_left: int) -> None:
        """Give a level half of the time that is left, the last one all of it; what it does not need is left again."""
        if self._end is not None:
            now = self.seconds()
            self.deadline = now + max(0.0, self._end - now) * max(1 / levels_left, LEAST_SHARE)

    def give_all(self) -> None:
        """Let the level take all the time there is."""
        self.deadline = self._end

    def seconds_left(self, share: float) -> float | None:
        """Seconds that a stage may take of what is left to its level; raises Late when nothing is, and Stopped."""
        if self.cancelled():
            raise Stopped
        if self.deadline is None:
            return None
        left = self.deadline - self.seconds()
        if left <= 0.01:
            self.is_late = True
            raise Late
        return left * share

    def grace(self) -> float | None:
        """Seconds for a small step that must not be left out, even when the time is up."""
        return None if self.deadline is None else max(2.0, self.deadline - self.seconds())

    def note_limit(self) -> None:
        """A stage ended without its answer: where there is a time limit, because of it."""
        self.is_late = self.is_late or self.deadline is not None

    def tell_progress(self, key: str, best: float | None, bound: float | None, gap: float | None) -> None:
        """Send the state of a level, several times a second at most."""
        now = self.seconds()
        if now - self._last_told >= TOLD_EVERY:
            self._last_told = now
            self.tell(ProgressMade(key, best, bound, gap, now))
