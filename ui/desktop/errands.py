"""What one part of the window has done in the background, and what becomes of its end."""

from collections.abc import Callable
from typing import Any

from planner import progress
from planner.problems import ConcordError
from ui.desktop.background import Background
from ui.desktop.frame.long_work import LongWork
from ui.desktop.frame.notice import Tell

Refused = Callable[[ConcordError], bool]  # whether nothing is left to be told


def tell_it(_: ConcordError) -> bool:
    """Leave the telling to the errand."""
    return False


class Errands:
    """Every error that people can do something about is told in place with what was kept; a bug is raised."""

    def __init__(self, background: Background, tell: Tell, long_work: LongWork) -> None:
        self._background, self._tell, self._long_work = background, tell, long_work
        self._round = 0

    def do(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        kept: str = "",
        refused: Refused = tell_it,
    ) -> None:
        """Run `work` under a busy cursor; then call `then` with its result, or `refused` with what keeps it from one.

        `kept` ends what is told then: `Nothing was written.`
        """
        self._background.do(work, *self._ends(then, kept, refused), is_busy=True)

    def do_long(
        self,
        words: str,
        work: Callable[[progress.Tell], Any],
        then: Callable[[Any], object],
        kept: str = "",
        refused: Refused = tell_it,
        *,
        is_slow: bool = False,
    ) -> None:
        """The same with `words` in the strip that shows how much is done and can cancel it: `Reading needs.csv`.

        `is_slow`: the strip is there at once.
        """
        self._long_work.do(words, work, *self._ends(then, kept, refused), is_slow=is_slow)

    def forget(self) -> None:
        """Drop what comes of everything that is under way: it is too late."""
        self._round += 1

    def _ends(
        self, then: Callable[[Any], object], kept: str, refused: Refused
    ) -> tuple[Callable[[Any], None], Callable[[Exception], None]]:
        begun_in = self._round

        def done(result: Any) -> None:
            if begun_in == self._round:
                then(result)

        def failed(problem: Exception) -> None:
            if not isinstance(problem, ConcordError):
                raise problem
            if begun_in == self._round and not refused(problem):
                severity = "information" if isinstance(problem, progress.Cancelled) else "error"
                self._tell(f"{problem} {kept}".strip(), severity)

        return done, failed
