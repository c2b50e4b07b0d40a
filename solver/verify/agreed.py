"""What was agreed last and holds: keep, frozen_until."""

from collections.abc import Iterator, Mapping

from planner.rulebook import Condition
from solver.verify.facts import LineKey
from solver.verify.findings import Finding, Violation, activity_scope, at_places, equals, number
from solver.verify.ledger import Ledger


def keep(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """x = baseline on every kept line. Binding where something is kept; `actual` counts the lines."""
    violations = list(_differences(ledger, "keep", ledger.facts.kept, "of which {agreed} is kept"))
    return at_places(len(ledger.facts.kept), violations)


def frozen_until(ledger: Ledger, condition: Condition) -> Finding:
    """x = baseline in every period up to n, delivery payments apart. `actual`: up to which period that is so."""
    last = round(condition.value or 0.0)
    keys = [key for key in {**ledger.facts.agreed, **ledger.by_line} if key[3] <= last]
    frozen = {key: ledger.facts.agreed.get(key, 0.0) for key in sorted(keys)}
    violations = tuple(_differences(ledger, "frozen_until", frozen, "but {agreed} is agreed in this frozen period"))
    unchanged = _periods_as_agreed(ledger)
    return Finding(float(last), float(unchanged), unchanged == last, violations)


def _differences(ledger: Ledger, rule: str, agreed: Mapping[LineKey, float], words: str) -> Iterator[Violation]:
    for (pledge, initiative, region, period), quantity in agreed.items():
        given = ledger.by_line.get((pledge, initiative, region, period), 0.0)
        if not equals(given, quantity):
            text = (
                f"Pledge {pledge} gives {number(given)} for {ledger.facts.place((initiative, region))} "
                f"in period {period}, " + (f"{words.format(agreed=number(quantity))}.")
            )
            scope = f"pledge:{pledge} {activity_scope(initiative, region)}"
            yield Violation(rule, scope, text, abs(given - quantity))


def _periods_as_agreed(ledger: Ledger) -> int:
    """The periods before the first in which the plan differs from the agreed one."""
    agreed, given = ledger.facts.agreed, ledger.by_line
    changed = (key[3] for key in {**agreed, **given} if not equals(given.get(key, 0.0), agreed.get(key, 0.0)))
    return min(changed, default=ledger.facts.scenario.settings.periods + 1) - 1
