"""What a check finds: violations in one sentence each, and how a rule stands in the plan."""

from dataclasses import dataclass

TOLERANCE = 1e-6  # a rule counts as met within this times max(1, |right-hand side|)


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule at one place: `scope` as kind:code (several separated by blanks), `amount` by how much."""

    rule: str
    scope: str
    text: str
    amount: float


@dataclass(frozen=True, slots=True)
class Finding:
    """How one condition stands: its limit, what the plan does, whether the plan sits exactly at it, what breaks it."""

    limit: float | None = None
    actual: float | None = None
    is_binding: bool = False
    violations: tuple[Violation, ...] = ()

    @property
    def state(self) -> str:
        """met or binding; broken, which no verified plan shows."""
        if self.violations:
            return "broken"
        return "binding" if self.is_binding else "met"


def slack(right_hand_side: float) -> float:
    """How far a rule may be missed and still count as met."""
    return TOLERANCE * max(1.0, abs(right_hand_side))


def exceeds(left: float, right: float) -> bool:
    """Whether left <= right is broken."""
    return left > right + slack(right)


def falls_short(left: float, right: float) -> bool:
    """Whether left >= right is broken."""
    return left < right - slack(right)


def equals(left: float, right: float) -> bool:
    """Whether a limit is reached exactly."""
    return abs(left - right) <= slack(right)


def number(value: float) -> str:
    """A figure for a sentence: no digits that say nothing, eight that count at most."""
    decimals = max(0, min(6, 8 - len(str(int(abs(value))))))
    text = f"{value:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if decimals else text
    return "0" if text == "-0" else text


def activity_scope(initiative: str, region: str) -> str:
    """An activity as a scope."""
    return f"initiative:{initiative} region:{region}"


def at_places(count: int, violations: list[Violation]) -> Finding:
    """A rule without a single figure: `actual` counts the places where it binds."""
    return Finding(None, float(count), count > 0, tuple(violations))


def broken(rule: str, scope: str, text: str, amount: float) -> tuple[Violation, ...]:
    """The one violation of a condition."""
    return (Violation(rule, scope, text, amount),)
