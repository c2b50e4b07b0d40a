"""What a caller may ask of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`time_limit` in seconds (None: until proven), `gap` relative (None: 0 for small scenarios, 0.01 for large)."""

    time_limit: float | None = None
    gap: float | None = None
    seed: int = 1
