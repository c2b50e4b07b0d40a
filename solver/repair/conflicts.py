"""Which demands clash where no plan is possible.

Whole rules first, then single demands by halves: whatever can be taken out while the rest still has no plan is taken
out. What remains has no plan, and each of its members is needed for that, which is checked once more at the end. Every
trial is built anew from a scenario without what is taken out: a demand may decide which activities count and which
pledges may serve them, not only a row of the model. Supply, requirement, eligibility by earmark, window and veto always
hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from planner.scenario import Scenario
from solver.repair.demands import Demand, demands_of
from solver.repair.feasibility import Feasibility, OutOfTime


@dataclass(frozen=True, slots=True)
class Conflict:
    """Demands that cannot hold together, and the scenario that asks for nothing else."""

    members: tuple[Demand, ...]
    scenario: Scenario


def find_conflict(scenario: Scenario, feasibility: Feasibility) -> Conflict:
    """The demands that cannot hold together, each of them necessary; all that are left where time runs out."""
    search = _Search(scenario, feasibility)
    for _, same_rule in groupby(demands_of(scenario), key=lambda demand: demand.rule):
        search.candidates.append(list(same_rule))
    return Conflict(tuple(search.run()), search.scenario)


class _Search:
    """Takes out what it can; `scenario` is always one without a plan."""

    def __init__(self, scenario: Scenario, feasibility: Feasibility) -> None:
        self.scenario = scenario
        self.candidates: list[list[Demand]] = []
        self._feasibility = feasibility

    def run(self) -> list[Demand]:
        """The demands that are left: whole rules are tried first, as most of them have nothing to do with it."""
        left = [same_rule for same_rule in self.candidates if not self._take_out(same_rule)]
        members = [demand for same_rule in left for demand in self._needed(same_rule)]
        return self._checked(members)

    def _needed(self, demands: Sequence[Demand]) -> list[Demand]:
        """Those of the demands that the clash needs, where all of them together cannot be taken out."""
        if len(demands) == 1:
            return list(demands)
        middle = len(demands) // 2
        needed: list[Demand] = []
        for half in (demands[:middle], demands[middle:]):
            if not self._take_out(half):
                needed += self._needed(half)
        return needed

    def _checked(self, members: list[Demand]) -> list[Demand]:
        """The members without any that the clash does without.

        A demand that was needed when it was tried can be needless now: an activity that is refused counts in no mean,
        so taking such a demand out may itself make others harder to meet.
        """
        needless = next((member for member in members if self._take_out([member])), None)
        return members if needless is None else self._checked([member for member in members if member is not needless])

    def _take_out(self, demands: Sequence[Demand]) -> bool:
        """Take demands out if the rest still has no plan; whether it did. Nothing is taken out after the time is up."""
        trial = self.scenario
        for demand in demands:
            trial = demand.without(trial)
        try:
            if not self._feasibility.is_impossible(trial):
                return False
        except OutOfTime:
            return False
        self.scenario = trial
        return True
