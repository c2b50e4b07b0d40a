"""The rulebook and the solver speak of the same rules and objectives."""

from planner.rulebook import OBJECTIVES as OBJECTIVE_WORDS
from planner.rulebook import RULES
from solver.objectives import OBJECTIVES
from solver.rules import ALWAYS, ELIGIBILITY_RULES, ROW_RULES
from solver.verify import MEASURED_OBJECTIVES


def test_that_every_rule_is_built_once_and_no_other() -> None:
    always = {rule.__name__ for rule in ALWAYS}
    assert sorted([*ROW_RULES, *ELIGIBILITY_RULES, *always]) == sorted(RULES)


def test_that_every_objective_is_optimised() -> None:
    assert set(OBJECTIVES) == set(OBJECTIVE_WORDS)


def test_that_every_objective_is_measured() -> None:
    assert list(MEASURED_OBJECTIVES) == list(OBJECTIVE_WORDS)


def test_that_each_objective_goes_the_way_the_rulebook_says() -> None:
    senses = {key: "max" if objective.is_maximised else "min" for key, objective in OBJECTIVES.items()}
    assert senses == {key: OBJECTIVE_WORDS[key].sense for key in OBJECTIVES}
