"""What the plan's codes are called in front of people."""

from collections.abc import Mapping

STATUS_SENTENCES: Mapping[str, str] = {
    "optimal": "This is the best plan under these rules; every rule was checked again.",
    "feasible": "A limit ended the search: this plan keeps every rule, and a better one may exist.",
    "interrupted": "The search was stopped: this is the best plan found until then, and it keeps every rule.",
    "infeasible": "No plan can meet these rules together. This is proven, not a time limit.",
    "unknown": "The search ended before any plan was found. Allow more time, or ease a rule.",
}

REASONS: Mapping[str, str] = {
    "no_supply": "Nobody offers it",
    "status": "Announced, not yet counted",
    "window": "Offered in other periods",
    "earmark": "Earmarked elsewhere",
    "veto": "Vetoed",
    "access": "Access too hard",
    "below_minimum": "Below its minimum",
    "prerequisite": "Prerequisite missing",
    "exclusive": "Another of its group goes ahead",
    "share_rule": "A share rule limits it",
    "cap_rule": "A cap limits it",
    "delivery_unpaid": "Delivery cannot be paid",
    "used_elsewhere": "Used elsewhere",
    "kept_line": "Held by an agreed line",
    "refused": "Refused",
    "complete": "Complete",
    "partly": "In part",
    "must": "Must go ahead",
    "met": "Nothing more is needed",
    "not_ahead": "Activities do not go ahead",
    "free": "Free",
}

WEIGHTINGS: Mapping[str, str] = {
    "activity": "priority and severity",
    "requirement": "priority, severity and size of need",
    "people": "priority, severity and people served",
}

RULE_STATES: Mapping[str, str] = {"met": "Met", "binding": "Binding", "off": "Off"}


def reason_title(code: str) -> str:
    """A reason code in words; a code that is not known here stands for itself."""
    return REASONS.get(code, code.replace("_", " ").capitalize())


def amount_words(quantity: float) -> str:
    """A quantity inside a sentence: at most one decimal."""
    return f"{quantity:,.1f}".removesuffix(".0")


def whole_percent(share: float) -> int:
    """The share as a whole percent; 100 only when everything is there, 0 only when nothing is."""
    if share >= 1 - 1e-6:
        return 100
    if share <= 1e-6:
        return 0
    return min(99, max(1, round(share * 100)))


def share_words(share: float, decimals: int = 0) -> str:
    """A share inside a sentence: `27 %`."""
    return f"{share * 100:.{decimals}f} %" if decimals else f"{whole_percent(share)} %"
