"""What the cells of the scenario's tables say: names for codes, figures with separators, and what can be chosen."""

from collections.abc import Callable
from typing import Any

from planner.cells import parse_number, parse_share, period_label, show_cell
from planner.problems import ConcordError
from planner.rulebook import OBJECTIVES, RULES, ValueKind
from planner.scenario import Rule, Scenario, Table
from resources.codelists import code_list
from resources.columns import Column, Kind
from ui.desktop.figures import number_text
from ui.desktop.tables.editable_grid import Choices

MOST_CHOICES = 2000  # longer lists are offered by typing alone
MOST_NAMED = 100_000  # rows whose names can be typed for their codes
YES_NO = (("yes", ""), ("no", ""))
NAMED_BY_SCOPES = ("region", "initiative", "resource", "partner")


class CellWords:
    """The words of one table; names are looked up once and forgotten when the scenario changes."""

    def __init__(self, table: Table, scenario: Callable[[], Scenario]) -> None:
        self._table, self._scenario = table, scenario
        self._names: dict[str, dict[str, str]] = {}
        self._codes: dict[str, tuple[frozenset[str], dict[str, str]]] = {}
        self._units: dict[str, str | None] | None = None

    def forget(self) -> None:
        """The scenario has changed."""
        self._names.clear()
        self._codes.clear()
        self._units = None

    def choices(self, described: Column, most: int = MOST_CHOICES) -> Choices:
        """What can be chosen in a column, as (code, name); empty where anything may be typed."""
        if described.kind is Kind.YES_NO:
            return YES_NO
        if described.choices:
            return tuple((choice, "") for choice in described.choices)
        if described.suggestions:
            return tuple((entry.code, entry.name) for entry in code_list(described.suggestions).values())
        if described.refers_to:
            rows = getattr(self._scenario(), described.refers_to)
            return tuple((row.code, getattr(row, "name", "")) for row in rows[:most])
        if described.kind is Kind.PERIOD:
            settings = self._scenario().settings
            return tuple((str(number), period_label(number, settings)) for number in range(1, settings.periods + 1))
        return self._rulebook_choices(described)

    def _rulebook_choices(self, described: Column) -> tuple[tuple[str, str], ...]:
        if self._table.name == "rules" and described.name == "rule":
            return tuple((rule.key, rule.title) for rule in RULES.values() if not rule.is_always_on)
        if self._table.name == "objectives" and described.name == "objective":
            return tuple((each.key, each.title) for each in OBJECTIVES.values())
        return ()

    def shown(self, described: Column, value: Any) -> str:
        """A value as people read it."""
        if value is None or value in ("", ()):
            return ""
        match described.kind:
            case Kind.NUMBER | Kind.WHOLE:
                return number_text(value)
            case Kind.SHARE:
                return share_text(value, in_own_language=True)
            case Kind.PERIOD:
                return period_label(value, self._scenario().settings)
            case Kind.CODES:
                return "; ".join(self.name(described, code) for code in value)
            case Kind.CODE:
                return self.name(described, value)
        if described.name == "scope":
            return self._scope_words(value)
        return show_cell(described, value)

    def codes_for(self, described: Column, text: str) -> str:
        """A typed text with codes in the place of names."""
        if described.name not in self._codes:
            known = self.choices(described, MOST_NAMED)
            self._codes[described.name] = (
                frozenset(code for code, _ in known),
                {name.casefold(): code for code, name in known if name},
            )
        codes, by_name = self._codes[described.name]
        parts = text.split(";") if described.kind is Kind.CODES else [text]
        return ";".join(part if part.strip() in codes else by_name.get(part.strip().casefold(), part) for part in parts)

    def unit(self, resource: str) -> str | None:
        """The unit of a resource; None for funding and for what is not known."""
        if self._units is None:
            self._units = {row.code: None if row.is_funding else row.unit for row in self._scenario().resources}
        return self._units.get(resource)

    def rule_value(self, rule: Rule) -> str:
        """The value of a rule with its unit; as it is typed where it is no figure."""
        reference = RULES.get(rule.rule)
        kind = reference.value_kind if reference is not None else ValueKind.NONE
        try:
            match kind:
                case ValueKind.SHARE:
                    return share_text(parse_share(rule.value), in_own_language=True)
                case ValueKind.MONEY:
                    return f"{number_text(parse_number(rule.value))} {self._scenario().settings.currency}"
        except ConcordError:
            pass  # the checks say what is wrong with it
        return rule.value

    def are_as_written(self, described: Column) -> bool:
        """Whether the texts of a column are shown as they are."""
        is_text = described.kind is Kind.TEXT or (described.kind is Kind.CODE and not described.suggestions)
        return is_text and not described.refers_to and self._table.name not in ("rules", "objectives")

    def _scope_words(self, scope: str) -> str:
        """`region:R1` as `region: Upper Ostra`."""
        kind, colon, code = scope.partition(":")
        if kind == "type":
            entry = code_list("organisation_types").get(code)
            return f"type: {entry.name}" if entry else scope
        return f"{kind}: {self._name_in(f'{kind}s', code)}" if colon and kind in NAMED_BY_SCOPES else scope

    def name(self, described: Column, code: str) -> str:
        """What people call a code; the code itself where it has no name."""
        if described.refers_to:
            return self._name_in(described.refers_to, code)
        if self._table.name == "rules" and code in RULES:
            return RULES[code].title
        if self._table.name == "objectives" and code in OBJECTIVES:
            return OBJECTIVES[code].title
        if described.suggestions and described.suggestions != "currencies":
            entry = code_list(described.suggestions).get(code)
            return entry.name if entry else code
        return code

    def _name_in(self, table_name: str, code: str) -> str:
        names = self._names.get(table_name)
        if names is None:
            rows = getattr(self._scenario(), table_name)
            names = self._names[table_name] = {row.code: getattr(row, "name", "") or row.code for row in rows}
        return names.get(code, code)


def share_text(value: float, *, in_own_language: bool = False) -> str:
    """0.25 as `25 %`: a share as it is typed and shown."""
    figure = round(value * 100, 10)
    words = number_text(figure) if in_own_language else f"{figure:.15g}"
    return f"{words} %"
