"""The rules and objectives of one scenario, as typed values that a solver can use."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from planner import cells
from planner.problems import ConcordError
from planner.rulebook.objectives import OBJECTIVES
from planner.rulebook.reference import SCOPE_KINDS, EmptyScope, RuleReference, ValueKind
from planner.rulebook.rules import RULES
from planner.scenario import Rule, Scenario
from resources.codelists import code_list
from resources.columns import Column, Kind
from resources.offers import STATUSES

_WHAT_TO_WRITE = {
    ValueKind.SHARE: "a share from 0 to 1, for example 0.25 or 25 %",
    ValueKind.MONEY: "an amount in scenario currency",
    ValueKind.NUMBER: "a number",
    ValueKind.WHOLE: "a whole number",
    ValueKind.YES_NO: "yes or no",
    ValueKind.STATUS: "pledge, commitment or paid",
    ValueKind.PERIOD: "the number of a period, or a date inside it",
}
_STATUS_COLUMN = Column("value", Kind.CHOICE, None, "", choices=STATUSES)
_TABLE_OF_SCOPE = {"region": "regions", "initiative": "initiatives", "resource": "resources", "partner": "partners"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One rule that is on, with its value as a number.

    yes/no: 1 or 0; count_status: 0 pledge, 1 commitment, 2 paid; periods: the number of the period. `row` is the index
    in scenario.rules, -1 for a rule that is on through the data of another sheet alone.
    """

    key: str
    value: float | None = None
    scope_kind: str = ""
    scope_code: str = ""
    row: int = -1

    @property
    def scope(self) -> str:
        """The scope as kind:code, empty for none."""
        return f"{self.scope_kind}:{self.scope_code}" if self.scope_kind else ""


@dataclass(frozen=True, slots=True)
class Level:
    """One objective in its order; `tolerance` is the share of it that later objectives may give up."""

    key: str
    tolerance: float = 0.0


class RuleProblem(ConcordError):
    """A row of `Rules` that cannot be read; `column` is the cell at fault, `code` the kind of problem."""

    def __init__(self, code: str, column: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.column = column


class ScopeCodes:
    """The codes that a scope may name, gathered once for many rows."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._codes: dict[str, frozenset[str]] = {}

    def of_kind(self, kind: str) -> frozenset[str]:
        """Every code of a scope kind; for `type` the known organisation types and those the partners have."""
        if kind not in self._codes:
            self._codes[kind] = frozenset(self._gather(kind))
        return self._codes[kind]

    def _gather(self, kind: str) -> Iterable[str]:
        if kind == "type":
            yield from code_list("organisation_types")
            yield from (_text(partner.type) for partner in self._scenario.partners)
        else:
            yield from (_text(row.code) for row in getattr(self._scenario, _TABLE_OF_SCOPE[kind]))


def parse_rule(row: Rule, scenario: Scenario, *, index: int = -1, codes: ScopeCodes | None = None) -> Condition:
    """The condition that one row of `Rules` states. Raises RuleProblem (a ConcordError) with one clear sentence.

    Pass `codes` when many rows of one scenario are read.
    """
    reference = rule_reference(_text(row.rule))
    kind, code = _parse_scope(reference, _text(row.scope), codes or ScopeCodes(scenario))
    return Condition(reference.key, _parse_value(reference, row.value, scenario), kind, code, index)


def plain_scope(row: Rule, scenario: Scenario, *, codes: ScopeCodes | None = None) -> str:
    """The scope of a row as kind:code, whether or not its value can be read; as it is typed where it cannot be read."""
    scope = _text(row.scope)
    try:
        kind, code = _parse_scope(rule_reference(_text(row.rule)), scope, codes or ScopeCodes(scenario))
    except RuleProblem:
        return scope
    return f"{kind}:{code}" if kind else ""


def rule_reference(key: str) -> RuleReference:
    """The rule with this key. Raises RuleProblem for an unknown one."""
    if key in RULES:
        return RULES[key]
    close = get_close_matches(key[:80], RULES, n=1, cutoff=0.7)
    hint = f"Did you mean '{close[0]}'?" if close else f"Write one of {', '.join(RULES)}."
    raise RuleProblem("unknown_rule", "rule", f"There is no rule '{key[:80]}'. {hint}")


def conditions(scenario: Scenario) -> tuple[Condition, ...]:
    """Every rule that is on and well-formed: the rows of `Rules` in their order, then the rules with data elsewhere.

    A rule with data in another sheet comes once: with its row where `Rules` has one that is on, else with row -1 as
    soon as its sheet holds figures for it. supply and requirement always hold and come only where they have a row.
    """
    codes = ScopeCodes(scenario)
    found: list[Condition] = []
    for index, row in enumerate(scenario.rules):
        if _is_row_on(row):
            try:
                found.append(parse_rule(row, scenario, index=index, codes=codes))
            except ConcordError:
                continue  # the checks say what is wrong with it
    listed = {condition.key for condition in found}
    off = _switched_off(scenario)
    for key, rule in RULES.items():
        if rule.is_data_rule and key not in listed and key not in off and has_data(scenario, key):
            found.append(Condition(key))
    return tuple(found)


def is_on(scenario: Scenario, key: str) -> bool:
    """Whether a rule counts: data rules unless switched off, yes/no rules when yes, the others when a row is on."""
    rule = RULES[key]
    if rule.is_always_on:
        return True
    if rule.is_data_rule:
        return key not in _switched_off(scenario)
    rows = [condition for condition in conditions(scenario) if condition.key == key]
    if rule.value_kind is ValueKind.YES_NO:
        return any(condition.value == 1.0 for condition in rows)
    return bool(rows)


def value_in_force(scenario: Scenario, key: str) -> float | None:
    """The value of a rule for the whole plan: of its row without a scope, else its default (None: no limit)."""
    for condition in conditions(scenario):
        if condition.key == key and not condition.scope_kind:
            return condition.value
    return _number(RULES[key], RULES[key].default) if RULES[key].default is not None else None


def objectives(scenario: Scenario) -> tuple[Level, ...]:
    """The objectives in their order, by default coverage alone. Equal orders follow the order of the rulebook."""
    ranks = {key: rank for rank, key in enumerate(OBJECTIVES)}
    rows = [row for row in scenario.objectives if _text(row.objective) in ranks and isinstance(row.order, int)]
    rows.sort(key=lambda row: (row.order, ranks[_text(row.objective)]))
    levels: dict[str, Level] = {}
    for row in rows:
        tolerance = float(row.tolerance) if isinstance(row.tolerance, int | float) else 0.0
        levels.setdefault(_text(row.objective), Level(_text(row.objective), tolerance))
    return tuple(levels.values()) or (Level("coverage"),)


def has_data(scenario: Scenario, key: str) -> bool:
    """Whether the sheet of a data rule holds figures for it."""
    match key:
        case "minimum":
            return any(_is_positive(row.min_share) for row in scenario.activities)
        case "go":
            return any(row.go in ("must", "no") for row in scenario.activities)
        case "prerequisite":
            return any(row.prerequisites for row in scenario.initiatives)
        case "exclusive":
            return any(row.exclusive_group for row in scenario.initiatives)
        case "together":
            return any(row.together for row in scenario.initiatives)
        case "joint":
            return any(_is_positive(row.min_partners) for row in scenario.activities)
        case "apart":
            return any(row.with_partner for row in scenario.vetoes)
        case "keep":
            return any(row.keep for row in scenario.baseline)
    return False


def _switched_off(scenario: Scenario) -> frozenset[str]:
    return frozenset(_text(row.rule) for row in scenario.rules if not _is_row_on(row))


def _is_row_on(row: Rule) -> bool:
    return row.on is None or bool(row.on)  # an empty cell means yes


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and value > 0


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _parse_scope(reference: RuleReference, scope: str, codes: ScopeCodes) -> tuple[str, str]:
    if not scope:
        if reference.empty_scope is EmptyScope.REQUIRED:
            kind = reference.scope_kinds[0]
            raise _scope_problem(reference, f"needs a scope: write {kind}: and the code of the {SCOPE_KINDS[kind]}.")
        return "", ""
    if not reference.scope_kinds:
        raise _scope_problem(reference, "covers the whole plan: leave scope empty.")
    kind, colon, code = (part.strip() for part in scope.partition(":"))
    kind = kind.lower()
    if not colon:
        kind, code = _kind_of_bare_code(reference, scope, codes), scope
    if kind not in reference.scope_kinds:
        allowed = _either(f"{allowed}:" for allowed in reference.scope_kinds)
        raise _scope_problem(reference, f"has the scope '{scope[:80]}': write {allowed} and a code.")
    if code not in codes.of_kind(kind):
        close = get_close_matches(code[:80], codes.of_kind(kind), n=1)
        hint = f"Did you mean '{kind}:{close[0]}'?" if close else f"Write the code of a {SCOPE_KINDS[kind]}."
        raise _scope_problem(reference, f"names the {SCOPE_KINDS[kind]} '{code[:80]}', which does not exist. {hint}")
    return kind, code


def _kind_of_bare_code(reference: RuleReference, code: str, codes: ScopeCodes) -> str:
    if len(reference.scope_kinds) == 1:
        return reference.scope_kinds[0]
    fitting = [kind for kind in reference.scope_kinds if code in codes.of_kind(kind)] or reference.scope_kinds
    choices = _either(f"{kind}:{code[:40]}" for kind in fitting)
    raise _scope_problem(reference, f"has the scope '{code[:80]}' without its kind: write {choices}.")


def _scope_problem(reference: RuleReference, what: str) -> RuleProblem:
    return RuleProblem("rule_scope", "scope", f"The rule {reference.name} {what}")


def _either(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _parse_value(reference: RuleReference, raw: object, scenario: Scenario) -> float | None:
    text = _text(raw)
    if reference.value_kind is ValueKind.NONE:
        if text.lower() not in ("", "yes", "true"):
            raise _value_problem(reference, "takes no value: leave value empty, and write on = no to switch it off.")
        return None
    if not text:
        if reference.default is None:
            raise _value_problem(reference, f"needs a value: write {_WHAT_TO_WRITE[reference.value_kind]}.")
        raw = reference.default
    value = _number(reference, raw, scenario)
    what = f"has the value '{text[:80]}': write {_WHAT_TO_WRITE[reference.value_kind]}"
    if not abs(value) < 1e15:
        raise _value_problem(reference, f"{what}; this number is too large.")
    if reference.value_kind is ValueKind.PERIOD and value > scenario.settings.periods:
        raise _value_problem(reference, f"{what}, from 1 to {scenario.settings.periods}.")
    if not reference.minimum <= value <= reference.maximum:
        raise _value_problem(reference, f"{what}{_limits(reference)}.")
    return value


def _limits(reference: RuleReference) -> str:
    """Between which figures a value must lie, to be said after what to write; a share says so itself."""
    if reference.value_kind is ValueKind.SHARE:
        return ""
    if reference.maximum == math.inf:
        return " of 0 or more"
    return f" from {reference.minimum:.15g} to {reference.maximum:.15g}"


def _number(reference: RuleReference, raw: object, scenario: Scenario | None = None) -> float:
    """The value as a number. Raises RuleProblem where it cannot be read."""
    try:
        match reference.value_kind:
            case ValueKind.SHARE:
                return cells.parse_share(raw)
            case ValueKind.WHOLE:
                return float(cells.parse_whole(raw))
            case ValueKind.YES_NO:
                return float(cells.parse_yes_no(raw))
            case ValueKind.PERIOD:
                return float(cells.parse_period(raw, scenario.settings if scenario else None))
            case ValueKind.STATUS:
                return float(STATUSES.index(cells.read_cell(_STATUS_COLUMN, raw)))
        return cells.parse_number(raw)
    except cells.CellError as problem:
        why, is_general, _ = str(problem).partition("; write digits")
        step = f"; write {_WHAT_TO_WRITE[reference.value_kind]}{_limits(reference)}." if is_general else ""
        raise _value_problem(reference, f"cannot be read: {why}{step}") from problem


def _value_problem(reference: RuleReference, what: str) -> RuleProblem:
    return RuleProblem("rule_value", "value", f"The rule {reference.name} {what}")
