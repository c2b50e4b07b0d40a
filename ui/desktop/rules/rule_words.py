"""A rule as a sentence with fields: its parts, what its scope can be, and what the plan in view says about it."""

import re
from dataclasses import dataclass

from planner.plan import Plan
from planner.report.table import NO_DECIMALS_FROM, Table
from planner.rulebook import RULES, SCOPE_KINDS, EmptyScope, RuleReference, ValueKind
from planner.scenario import Scenario
from resources.codelists import code_list
from ui.desktop.figures import number_text

TABLE_OF_KIND = {"region": "regions", "initiative": "initiatives", "resource": "resources", "partner": "partners"}
CHOSEN_VALUES = {ValueKind.YES_NO: ("yes", "no"), ValueKind.STATUS: ("pledge", "commitment", "paid")}
POINTS = "percentage points"


@dataclass(frozen=True, slots=True)
class RuleState:
    """What the plan in view says about a rule: `Met`, `Binding` or nothing, its figure, and what it costs."""

    state: str = ""
    actual: str = ""
    price: str = ""


def sentence_parts(reference: RuleReference) -> list[str]:
    """The sentence as words, with `{value}` and `{scope}` where fields go; what follows them closely is by itself."""
    return re.findall(r"\{\w+\}|[^\s{]+", reference.sentence)


def plain_sentence(reference: RuleReference) -> str:
    """The sentence with blanks for its fields."""
    return re.sub(r"\{\w+\}", "…", reference.sentence)


def empty_scope_words(reference: RuleReference) -> str:
    """What a rule covers while its scope is empty."""
    if reference.empty_scope is EmptyScope.REQUIRED:
        return "choose…"
    if reference.empty_scope is EmptyScope.EACH:
        return f"each {SCOPE_KINDS[reference.scope_kinds[0]]}"
    return "all partners" if "partner" in reference.scope_kinds else "the whole plan"


class ScopeChoices:
    """What the rules of one scenario can cover, worked out once for rules alike."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._known: dict[tuple[str, ...], list[tuple[str, str]]] = {}

    def of(self, reference: RuleReference) -> list[tuple[str, str]]:
        """Every scope the rule can have, as (kind:code, words); the empty one first, with what it covers."""
        key = (empty_scope_words(reference), *reference.scope_kinds)
        if key not in self._known:
            self._known[key] = scope_choices(reference, self._scenario)
        return self._known[key]


def scope_choices(reference: RuleReference, scenario: Scenario) -> list[tuple[str, str]]:
    """Every scope the rule can have, as (kind:code, words); the empty one first, with what it covers."""
    has_kinds = len(reference.scope_kinds) > 1
    found = [("", empty_scope_words(reference))]
    for kind in reference.scope_kinds:
        for code, name in _codes(kind, scenario):
            words = name or code
            found.append((f"{kind}:{code}", f"{SCOPE_KINDS[kind]}: {words}" if has_kinds else words))
    return found


def _codes(kind: str, scenario: Scenario) -> list[tuple[str, str]]:
    if kind != "type":
        return [(row.code, getattr(row, "name", "")) for row in getattr(scenario, TABLE_OF_KIND[kind])]
    known = {entry.code: entry.name for entry in code_list("organisation_types").values()}
    own = {partner.type: "" for partner in scenario.partners if partner.type}
    return list((own | known).items())


def rule_states(rules: Table, prices: Table, plan: Plan) -> dict[tuple[str, str], RuleState]:
    """The states by rule and scope (kind:code), from the tables of the plan in view."""
    at = rules.positions
    costs = {(row[prices.positions["rule"]], row[prices.positions["scope"]]): row for row in prices.rows}
    found = {}
    for report, row in zip(plan.rules, rules.rows, strict=True):
        price = ""
        if cost := costs.get((report.rule, report.scope)):
            price = _price_words(cost[prices.positions["most"]], cost[prices.positions["unit"]])
        actual = _figure_words(row[at["actual"]], row[at["unit"]])
        found[report.rule, report.scope] = RuleState(row[at["state"]], actual, price)
    return found


def state_of(key: str, scope: str, states: dict[tuple[str, str], RuleState]) -> RuleState:
    """The state of one rule. One that covers each partner or region is binding where it is for any of them."""
    if (key, scope) in states:
        return states[key, scope]
    if scope or key not in RULES or RULES[key].empty_scope is not EmptyScope.EACH:
        return RuleState()
    each = [state for (rule, _), state in states.items() if rule == key]
    binding = [state for state in each if state.state == "Binding"]
    if binding:
        return RuleState("Binding", f"{len(binding)} of {len(each)}", binding[0].price if len(binding) == 1 else "")
    return RuleState("Met", "") if each else RuleState()


def _figure_words(value: object, unit: str) -> str:
    if isinstance(value, str):
        return value
    if not isinstance(value, int | float):
        return ""
    if unit == "%":
        return f"{number_text(value * 100, 1)} %"
    return f"{number_text(value, 0) if abs(value) >= NO_DECIMALS_FROM else number_text(value)} {unit}".strip()


def _price_words(most: object, unit: str) -> str:
    if not isinstance(most, int | float) or most <= 0:
        return ""
    return f"≤ {number_text(most)} {'points' if unit == POINTS else unit}".strip()
