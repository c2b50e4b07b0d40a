"""Every rule and objective: what it says, how its row is read, and which of them a scenario has on."""

from planner.rulebook.conditions import (
    Condition,
    Level,
    RuleProblem,
    ScopeCodes,
    conditions,
    has_data,
    is_on,
    objectives,
    parse_rule,
    plain_scope,
    rule_reference,
    value_in_force,
)
from planner.rulebook.groups import RULE_GROUPS
from planner.rulebook.markdown import reference_table_markdown
from planner.rulebook.objectives import OBJECTIVES
from planner.rulebook.reference import SCOPE_KINDS, EmptyScope, ObjectiveReference, RuleReference, ValueKind
from planner.rulebook.rules import RULES

__all__ = [
    "OBJECTIVES",
    "RULES",
    "RULE_GROUPS",
    "SCOPE_KINDS",
    "Condition",
    "EmptyScope",
    "Level",
    "ObjectiveReference",
    "RuleProblem",
    "RuleReference",
    "ScopeCodes",
    "ValueKind",
    "conditions",
    "has_data",
    "is_on",
    "objectives",
    "parse_rule",
    "plain_scope",
    "reference_table_markdown",
    "rule_reference",
    "value_in_force",
]
