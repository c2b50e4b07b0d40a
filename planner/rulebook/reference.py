"""What is said about a rule or an objective: the words for people, and the shape of its value and scope."""

import math
from dataclasses import dataclass
from enum import StrEnum

SCOPE_KINDS = {  # kind of scope -> how it is called in a sentence
    "region": "region",
    "initiative": "initiative",
    "resource": "resource",
    "partner": "partner",
    "type": "organisation type",
}


class ValueKind(StrEnum):
    """What a rule's value is."""

    NONE = "none"  # the rule has no value: it always holds, or its figures stand in another sheet
    SHARE = "share"  # 0-1, or 25 %
    MONEY = "money"  # scenario currency
    NUMBER = "number"
    WHOLE = "whole"
    YES_NO = "yes_no"
    STATUS = "status"  # pledge, commitment or paid
    PERIOD = "period"  # number of a period, or a date inside it


class EmptyScope(StrEnum):
    """What a rule without a scope covers."""

    WHOLE = "whole"  # the whole plan, as one condition
    EACH = "each"  # every partner, region or resource by itself
    REQUIRED = "required"  # nothing: a scope must be given
    NONE = "none"  # the rule never takes a scope


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReference:
    """One rule as people read it and as its row is checked.

    `sentence` holds {value} and {scope} where fields go. `sheet` and `column` name the data of a rule that takes its
    figures from another sheet. `default` is the value that counts without a row; None where a value must be given.
    """

    key: str
    title: str
    sentence: str
    statement: str
    formula: str
    example: str
    value_kind: ValueKind = ValueKind.NONE
    minimum: float = 0.0
    maximum: float = math.inf
    default: str | None = None
    scope_kinds: tuple[str, ...] = ()
    empty_scope: EmptyScope = EmptyScope.NONE
    sheet: str = ""
    column: str = ""
    is_always_on: bool = False

    @property
    def name(self) -> str:
        """`'frozen_until' (“Frozen periods”)`: what people write for it, and what they call it."""
        return f"'{self.key}' (“{self.title}”)"

    @property
    def is_data_rule(self) -> bool:
        """On without a row in `Rules`, as soon as its sheet holds figures for it."""
        return bool(self.sheet)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveReference:
    """One objective as people read it. `sense`: "max" or "min"."""

    key: str
    title: str
    sense: str
    statement: str
    formula: str
    example: str
