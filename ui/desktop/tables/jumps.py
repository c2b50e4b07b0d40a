"""Where Ctrl and an arrow lead in a table."""

from collections.abc import Callable


def edge(at: int, step: int, count: int, is_filled: Callable[[int], bool]) -> int:
    """Where a jump in steps of 1 or -1 ends."""
    inside = range(count)
    here = at + step
    if here not in inside:
        return at
    if is_filled(at) and is_filled(here):
        while here + step in inside and is_filled(here + step):
            here += step
        return here
    while here + step in inside and not is_filled(here):
        here += step
    return here
