"""The rules and objectives as a Markdown table, for the README and the help."""

from planner.rulebook.objectives import OBJECTIVES
from planner.rulebook.reference import SCOPE_KINDS, EmptyScope, RuleReference, ValueKind
from planner.rulebook.rules import RULES

_VALUES = {
    ValueKind.NONE: "–",
    ValueKind.SHARE: "share 0-1 or %",
    ValueKind.MONEY: "amount",
    ValueKind.NUMBER: "number",
    ValueKind.WHOLE: "whole number",
    ValueKind.YES_NO: "yes / no",
    ValueKind.STATUS: "pledge, commitment, paid",
    ValueKind.PERIOD: "period or date",
}
_EMPTY = {
    EmptyScope.WHOLE: "empty: whole plan",
    EmptyScope.EACH: "empty: each",
    EmptyScope.REQUIRED: "required",
    EmptyScope.NONE: "whole plan",
}


def reference_table_markdown() -> str:
    """Two tables, rules then objectives: key, value, scope, what it means, an example."""
    lines = ["| rule | value | scope | what it means | example |", "|---|---|---|---|---|"]
    lines += [
        _line(f"`{rule.key}`", _value(rule), _scope(rule), rule.statement, rule.example) for rule in RULES.values()
    ]
    lines += ["", "| objective | what it means | figure | example |", "|---|---|---|---|"]
    lines += [_line(f"`{goal.key}`", goal.statement, goal.formula, goal.example) for goal in OBJECTIVES.values()]
    return "\n".join(lines) + "\n"


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _value(rule: RuleReference) -> str:
    if rule.is_always_on:
        return "always on"
    if rule.is_data_rule:
        return f"{rule.sheet}: {rule.column}"
    default = f" ({rule.default})" if rule.default is not None else ""
    return _VALUES[rule.value_kind] + default


def _scope(rule: RuleReference) -> str:
    kinds = ", ".join(SCOPE_KINDS[kind] for kind in rule.scope_kinds)
    return f"{kinds}; {_EMPTY[rule.empty_scope]}" if kinds else _EMPTY[rule.empty_scope]
