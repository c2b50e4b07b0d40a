"""Why no plan is possible, and the smallest changes that make one possible.

One fix loosens limits alone, wherever that is enough. For each demand of the clash there is one that loosens it as
little as possible, together with as few others as it takes where demands clash in more than one way; and one adds to
pledges and holds every demand or, where no amount would help, lifts what partners refuse. Each is checked: the scenario
with its changes has no errors and a plan.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from planner.cell_changes import apply_changes, changes_between
from planner.plan import Change, ConflictMember, Fix
from planner.scenario import TABLE_BY_SHEET, Scenario
from solver.reasons.sentences import FIX_TEXTS, SHORTAGE_TEXTS
from solver.repair.additions import Supplement, smallest_supplement
from solver.repair.conflicts import Conflict, find_conflict
from solver.repair.demands import Demand, demands_of
from solver.repair.feasibility import Feasibility, OutOfTime
from solver.repair.loosening import Loosening, has_limit, loosened, loosened_in_step
from solver.repair.refusals import refusals_of

MOST_FIXES = 6
MOST_DEMANDS = 6  # loosened by one fix
MOST_EFFORT = 500_000  # variables of all runs of the optimiser in the search for fixes


@dataclass(frozen=True, slots=True)
class Clash:
    """The demands that clash, and the fixes, the smallest first."""

    conflict: tuple[ConflictMember, ...] = ()
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True)
class _SizedFix:
    """A fix with the number of its changes, and how much it gives up in all."""

    count: int
    size: float
    fix: Fix


def explain_clash(scenario: Scenario, feasibility: Feasibility, on_phase: Callable[[str], None]) -> Clash:
    """What clashes and what would help in a scenario that has no plan; what is known of it when time runs out."""
    on_phase("conflict")
    conflict = find_conflict(scenario, feasibility)
    members = tuple(ConflictMember(demand.rule, demand.scope, demand.text) for demand in conflict.members)
    fixes: list[_SizedFix] = []
    on_phase("fixes")
    feasibility.allow(MOST_EFFORT)
    try:
        if len(members) == 1:
            shortage = _shortage(smallest_supplement(conflict.scenario, feasibility))
            members = (replace(members[0], text=f"{members[0].text} {shortage}"),)
        repairs = _Repairs(scenario, conflict, feasibility)
        fixes += _checked(scenario, repairs.of_limits(), feasibility, most=len(scenario.rules))
        supplement = smallest_supplement(scenario, feasibility)
        opening = [supplement.repair] if supplement is not None else _opening(scenario, feasibility)
        fixes += _checked(scenario, opening, feasibility)
        for demand in sorted(conflict.members, key=lambda demand: not has_limit(scenario, demand)):
            if len(fixes) < MOST_FIXES:
                fixes += _checked(scenario, repairs.beginning_with(demand), feasibility)
    except OutOfTime:
        pass
    return Clash(members, _ranked(fixes))


def _shortage(supplement: Supplement | None) -> str:
    """What a demand lacks that clashes with nothing but supply and who may serve what."""
    if supplement is None:
        return SHORTAGE_TEXTS["closed"]
    return SHORTAGE_TEXTS["amount"].format(amounts=supplement.amounts)


def _opening(scenario: Scenario, feasibility: Feasibility) -> list[Loosening]:
    """Refusals that stand in the way where no amount of supply would help: as few of them as possible, by halves."""
    refusals = refusals_of(scenario)
    if not refusals or not feasibility.has_plan(_lifted(scenario, refusals)):
        return []
    needed = _needed(scenario, [], refusals, feasibility)
    return [
        Loosening(
            changes_between(scenario, refusal.without(scenario)),
            FIX_TEXTS["lift"].format(condition=refusal.text),
            1.0,
        )
        for refusal in needed
    ]


def _needed(scenario: Scenario, lifted: list[Demand], refusals: list[Demand], feasibility: Feasibility) -> list[Demand]:
    """Those of the refusals that have to be lifted beside the lifted ones, all of which together are enough."""
    if lifted and feasibility.has_plan(_lifted(scenario, lifted)):
        return []
    if len(refusals) == 1:
        return refusals
    one, other = refusals[: len(refusals) // 2], refusals[len(refusals) // 2 :]
    of_other = _needed(scenario, lifted + one, other, feasibility)
    return _needed(scenario, lifted + of_other, one, feasibility) + of_other


def _lifted(scenario: Scenario, refusals: list[Demand]) -> Scenario:
    for refusal in refusals:
        scenario = refusal.without(scenario)
    return scenario


def _checked(
    scenario: Scenario, repair: list[Loosening], feasibility: Feasibility, most: int = MOST_DEMANDS
) -> Iterator[_SizedFix]:
    """The steps of a repair as one fix, if it makes a plan possible."""
    edited = apply_changes(scenario, (change for step in repair for change in step.changes))
    if 0 < len(repair) <= most and feasibility.has_plan(edited):
        changes, size = _in_order(changes_between(scenario, edited)), round(sum(step.size for step in repair), 6)
        yield _SizedFix(len(changes), size, Fix(" ".join(step.text for step in repair), changes))


def _in_order(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Changes sheet by sheet, in an order that no row order decides."""
    sheets = list(TABLE_BY_SHEET)
    return tuple(
        sorted(changes, key=lambda it: (sheets.index(it.sheet), sorted(it.key.items()), it.column, it.old, it.new))
    )


def _ranked(fixes: list[_SizedFix]) -> tuple[Fix, ...]:
    """Each fix once, those of few and small changes first."""
    found = {sized.fix.text: sized for sized in fixes}
    ranked = sorted(found.values(), key=lambda sized: (sized.count, sized.size, sized.fix.text))
    return tuple(sized.fix for sized in ranked[:MOST_FIXES])


class _Repairs:
    """Repairs of one scenario; the clashes that are found on the way serve them all."""

    def __init__(self, scenario: Scenario, conflict: Conflict, feasibility: Feasibility) -> None:
        self._scenario, self._feasibility = scenario, feasibility
        self._clashes = [conflict.members]

    def of_limits(self) -> list[Loosening]:
        """As few limits as possible loosened as little as possible; empty where limits alone are not enough.

        Where there are many, all by the same part: to find the least of each takes too long, and nobody would read it.
        """
        limits = [demand for demand in demands_of(self._scenario) if has_limit(self._scenario, demand)]
        if not limits or not self._feasibility.has_plan(_lifted(self._scenario, limits)):
            return []
        if sum(has_limit(self._scenario, demand) for demand in self._clashes[0]) >= MOST_DEMANDS:
            return loosened_in_step(self._scenario, limits, self._feasibility)
        needed = _needed(self._scenario, [], limits, self._feasibility)
        if len(needed) > MOST_DEMANDS:
            return loosened_in_step(self._scenario, needed, self._feasibility)
        return self._loosened(needed)

    def beginning_with(self, first: Demand) -> list[Loosening]:
        """A demand loosened, with others where that alone makes no plan possible; empty where none was found."""
        return self._loosened(self._enough(first))

    def _loosened(self, given_up: list[Demand]) -> list[Loosening]:
        """Each demand loosened as little as the others need; those that need not be loosened are held."""
        steps = [changes_between(self._scenario, demand.without(self._scenario)) for demand in given_up]
        repair: list[Loosening] = []
        for number, demand in enumerate(given_up):
            others = (change for at, step in enumerate(steps) if at != number for change in step)
            base = apply_changes(self._scenario, others)
            if self._feasibility.has_plan(base):
                steps[number] = ()
                continue
            step = loosened(base, demand, self._feasibility)
            steps[number] = step.changes
            repair.append(step)
        return sorted(repair, key=lambda step: step.text)

    def _enough(self, first: Demand) -> list[Demand]:
        """Demands without which there is a plan, among them `first`; empty where none were found."""
        given_up, rest = [first], first.without(self._scenario)
        while clash := self._clash_of(given_up, rest):
            if len(given_up) == MOST_DEMANDS:
                return []
            another = next((demand for demand in clash if has_limit(self._scenario, demand)), clash[0])
            given_up.append(another)
            rest = another.without(rest)
        return given_up if self._feasibility.has_plan(rest) else []

    def _clash_of(self, given_up: list[Demand], rest: Scenario) -> tuple[Demand, ...]:
        """Demands that still clash in the rest, of a clash that is known where there is one; empty where none do."""
        names = {(demand.rule, demand.scope, demand.text) for demand in given_up}
        for clash in self._clashes:
            if not any((demand.rule, demand.scope, demand.text) in names for demand in clash):
                return clash
        if self._feasibility.has_plan(rest) or not self._feasibility.is_impossible(rest):
            return ()
        self._clashes.append(find_conflict(rest, self._feasibility).members)
        return self._clashes[-1]
