"""How far long work has come, told to whoever started it, who can end it that way."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from planner.problems import ConcordError

PAUSE = 500  # steps from one word to the next

Step = TypeVar("Step")
Tell = Callable[[float], object]  # takes the share that is done, 0 to 1; raises Cancelled to end the work


class Cancelled(ConcordError):
    """The work was ended by the one who started it; what it was to change is as before."""

    def __init__(self) -> None:
        super().__init__("Cancelled.")


def to_nobody(_: float) -> None:
    """For work that nobody watches."""


def part(tell: Tell, start: float, end: float) -> Tell:
    """What tells of a piece of the work that reaches from one share of all of it to another."""
    return lambda share: tell(start + share * (end - start))


def parts(tell: Tell, sizes: Sequence[float]) -> Iterator[Tell]:
    """What tells of each of several pieces of the work, one after the other, by their sizes."""
    whole, done = sum(sizes) or 1, 0.0
    for size in sizes:
        yield part(tell, done / whole, (done + size) / whole)
        done += size


class Progress:
    """Counts the steps of one piece of work that has so many in all."""

    def __init__(self, tell: Tell = to_nobody, count: int = 1) -> None:
        self._tell, self._count, self._done = tell, max(1, count), 0

    def over(self, steps: Iterable[Step]) -> Iterator[Step]:
        """The steps, one after the other, each done when the next is asked for."""
        for step in steps:
            yield step
            self._done += 1
            if self._done % PAUSE == 0:
                self._tell(min(1.0, self._done / self._count))
