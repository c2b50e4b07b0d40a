"""What the solver tells while it works: small frozen events, named in the past tense."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """A phase began: `phase` is a stable key (arrays, pro_rata, an objective, verify), `seconds` since the start."""

    phase: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ProgressMade:
    """The state of the level being optimised; None where nothing is known yet. Sent at least twice a second."""

    phase: str
    best: float | None
    bound: float | None
    gap: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class LevelFinished:
    """An objective's level ended with this best value and proven bound."""

    objective: str
    best: float
    bound: float
    gap: float
    seconds: float


@dataclass(frozen=True, slots=True)
class ConditionPriced:
    """A plan was made without a condition, `number` of `count`; `gain` of the first objective, None where unknown."""

    text: str
    gain: float | None
    number: int
    count: int
    seconds: float


Event = PhaseStarted | ProgressMade | LevelFinished | ConditionPriced
