"""Every sentence that explains a plan, in one place, so that they can be translated."""

from collections.abc import Sequence

LEFT = "That leaves {left} of {required} {resource} needed."
STAGE_TEXTS = {
    "no_supply": "All partners together have pledged {left} of {required} {resource} needed here.",
    "status": f"Announced only, so it does not count: {{who}}. {LEFT}",
    "window": f"Not available in this period: {{who}}. {LEFT}",
    "earmark": f"Earmarked for something else: {{who}}. {LEFT}",
    "veto": f"Refused for this activity: {{who}}. {LEFT}",
    "access": f"Access to {{region}} is {{access}} (higher is worse), above the limit for: {{who}}. {LEFT}",
}
NOTHING_PLEDGED = "Nobody has pledged {resource}."
GAP_TEXTS = {
    "used_elsewhere": "All {resource} that could come here serves other needs that weigh more or allow more.",
    "share_rule": "{resource} is left, but more of it here would break the rule: {rule}.",
    "cap_rule": "{resource} is left, but bringing it here would break the rule: {rule}.",
    "delivery_unpaid": "{resource} is left, but no funding that may be spent here is left to pay for its delivery.",
    "not_ahead": "The activity does not go ahead: {because}",
}
ACTIVITY_TEXTS = {
    "complete": "Everything it needs is covered.",
    "partly": "Goes ahead with {coverage} of what it needs; scarcest: {scarcest}.",
    "must": "Set to go ahead; {coverage} of what it needs is covered.",
    "refused": "Set not to go ahead.",
    "below_minimum": "It needs at least {minimum} of every resource; at most {most} of {resource} could come here.",
    "prerequisite": "{before} does not go ahead here, and it depends on it.",
    "exclusive": "{other} goes ahead here instead; only one of the group can.",
    "together": "It goes ahead in all its regions or in none.",
    "used_elsewhere": "What it needs serves other activities that weigh more or allow more.",
}


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.0f} %" if share == 0 or share >= 0.01 else "less than 1 %"


def quantity(amount: float) -> str:
    """A quantity with thousands separators, without needless decimals."""
    if amount >= 100 or amount == int(amount):
        return f"{amount:,.0f}"
    return f"{amount:,.2f}".rstrip("0").rstrip(".")


def pledges_of(partners: Sequence[str], pledges: int, most: int = 3) -> str:
    """Whose pledges, and how many: a few names, and how many more partners there are."""
    shown = "; ".join(partners[:most])
    more = f" and {len(partners) - most} more" if len(partners) > most else ""
    return f"{shown}{more} ({pledges} pledge{'s' if pledges > 1 else ''})"


def stage_text(stage: str, **facts: str) -> str:
    """Why a stage of eligibility leaves too little."""
    return STAGE_TEXTS[stage].format(**facts)
