"""Every sentence that explains a plan, in one place, so that they can be translated."""

from collections.abc import Sequence

STAGE_TEXTS = {
    "no_supply": "Only {left} of {resource} is pledged at all, {required} is needed here.",
    "status": "{who} is only announced: with what counts, {left} of {required} {resource} could come here.",
    "window": "{who} is not there in this period: {left} of {required} {resource} could come in time.",
    "earmark": "{who} is earmarked for something else: {left} of {required} {resource} may come here.",
    "veto": "{who} refuses to serve here: {left} of {required} {resource} is left.",
    "access": "{who} may not enter: access to {region} is {access} (higher is worse) and the rule stops at less; "
    "{left} of {required} {resource} is left.",
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


def names(codes: Sequence[str], most: int = 3) -> str:
    """A few names, and how many more there are."""
    shown = ", ".join(codes[:most])
    return f"{shown} and {len(codes) - most} more" if len(codes) > most else shown


def stage_text(stage: str, **facts: str) -> str:
    """Why a stage of eligibility leaves too little."""
    return STAGE_TEXTS[stage].format(**facts)
