"""The recovery journal: every edit between two saves, on disk as it is made, so that a crash loses nothing."""

from planner.recovery.abandoned import Abandoned, Recovered, discard, find_abandoned, recover, remove_old_discarded
from planner.recovery.recorder import Recorder

__all__ = [
    "Abandoned",
    "Recorder",
    "Recovered",
    "discard",
    "find_abandoned",
    "recover",
    "remove_old_discarded",
]
