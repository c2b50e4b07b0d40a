"""Every sentence that explains a plan, in one place, so that they can be translated."""

from collections.abc import Callable, Sequence

STAGE_TEXTS = {
    "no_supply": "All partners together have pledged {left} of {required} {resource} needed here.",
    "status": "{status}: {who}.",
    "window": "Not available in this period: {who}.",
    "earmark": "Earmarked for something else: {who}.",
    "veto": "Refused for this activity: {who}.",
    "access": "Access to {region} is {access} (higher is worse), above the limit for: {who}.",
}
LEFT = " That leaves {left} of {required} {resource} needed."
STATUS_TEXTS = {
    "pledge": "Does not count yet",  # not reached: from this status on everything counts
    "commitment": "Announced only, so it does not count",
    "paid": "Counts only once it is paid",
}
NOTHING_PLEDGED = "Nobody has pledged {resource}."
REST_TEXTS = {
    "limits": " Other limits leave {most} of these.",
    "not_ahead": " The activity does not go ahead, so nothing comes.",
    "held": " This plan brings {allocated} of it here. {because}",
    "free": " This plan brings {allocated} of it here; more is free, but the best plan found does not use it here.",
    "used": " This plan brings {allocated} of it here; the rest serves other needs{payments}.",
    "all_used": " None of it comes here; it serves other needs{payments}.",
}
NOTHING = "nothing"
PAYMENTS = " or pays for delivery"
GAP_TEXTS = {
    "used_elsewhere": "Nothing more of {resource} is left that could come here; it serves other needs"
    "{payments}{users}.",
    "kept_line": "What could come of {resource} is held by agreed lines elsewhere.",
    "frozen": "Everything in this period is held as agreed.",
    "free": "More of {resource} is pledged and free, but the best plan found under the objectives and their order"
    " does not use it here.",
    "not_ahead": "The activity does not go ahead. {because}",
}
HELD_ALSO = " Others are kept from it by the rule “{rules}”."
HELD_TEXTS = {  # by reason, or by the rule where it has a sentence of its own
    "share_rule": "More of {resource} is pledged and free, but more of it {here} would break the rule “{rule}”.",
    "cap_rule": "More of {resource} is pledged and free, but bringing it {here} would break the rule “{rule}”"
    " (at most {limit} {currency}; {room} left).",
    "cap_of_partners": "More of {resource} is pledged and free, but bringing it {here} would break the rule “{rule}”"
    " ({partners} would contribute too much).",
    "delivery_unpaid": "More of {resource} is pledged and free, but no funding that may pay for delivery {here}"
    " is left.",
    "joint": "More of {resource} is pledged and free, but {limit} partners must each bring a real share {here}, and"
    " what is free comes from {room} that could.",
    "apart": "More of {resource} is pledged and free, but a veto keeps {partners} apart from who serves it {here}.",
    "max_activities": "More of {resource} is pledged and free, but {partners} may serve no further activities (at most"
    " {limit}).",
    "min_contribution": "More of {resource} is pledged and free, but what {partners} could bring {here} comes to less"
    " than the least contribution of {limit} {currency}.",
    "max_contribution": "More of {resource} is pledged and free, but with more of it {here} {partners} would go beyond"
    " the most contribution of {limit} {currency}.",
    "single_source": "More of {resource} is pledged and free, but this need may come from one pledge only, and does.",
    "keep": "More of {resource} is pledged and free, but what {partners} could give {here} is held as agreed.",
    "frozen_until": "More of {resource} is pledged and free, but all of this period is held as agreed.",
    "too_little_to_pay": "More of {resource} is pledged and free, but of the funding that may pay for delivery {here}"
    " only {room} {currency} is left of {cost} needed.",
}
ACTIVITY_TEXTS = {
    "complete": "Everything it needs is covered.",
    "partly": "Goes ahead with {coverage} of what it needs; scarcest: {scarcest}.",
    "must": "Set to go ahead; {coverage} of what it needs is covered.",
    "refused": "It is set not to go ahead {here}.",
    "below_minimum": "It needs at least {minimum} of every resource; at most {most} of {resource} could come {here}.",
    "joint": "{least} partners must each bring a real share {here}; only {able} could.",
    "prerequisite": "{before} does not go ahead {here}, and it depends on it.",
    "exclusive": "{other} goes ahead {here} instead; only one of the group can.",
    "together": "Its initiative goes ahead in all its regions or in none. {because}",
    "used_elsewhere": "Too little of {resource} is left for it here; the plan uses it for other needs"
    "{payments}{users}.",
    "free": "What it needs is pledged and free, but the best plan found under the objectives and their order"
    " does not start it.",
}
CHOICE_TEXTS = {
    "kept": "Held by an agreed line.",
    "agreed": "As in the agreed plan.",
    "only": "No other pledge may serve this need.",
    "equal": "Equal to {pledges}; chosen by the split rule.",
    "beside": "Serving it too: {pledges}.",
    "used": "Used elsewhere: {pledges}.",
    "held": "Kept away by a rule: {pledges}.",
    "dearer": "Dearer to deliver: {pledges}.",
    "free": "Open to it too, but not needed: {pledges}.",
}
ALTERNATIVE_TEXTS = {
    "equal": "{pledge} ({partner}) is equal to it for every rule and objective; the split rule chose.",
    "beside": "{pledge} ({partner}) serves this need too.",
    "used": "{pledge} ({partner}) is used up elsewhere{users}.",
    "held": "{pledge} ({partner}) is kept away by the rule “{rule}”.",
    "dearer": "{pledge} ({partner}) costs more to deliver here: {theirs} against {ours} {currency} a unit, and"
    " {once} {currency} once.",
    "free": "{pledge} ({partner}) has {left} left, which is not needed here.",
}
STRANDED_TEXTS = {
    "met": "Nothing more of {resource} is needed anywhere.",
    "status": "{status}.",
    "window": "Open needs are in periods outside its window.",
    "earmark": "Its earmark ({earmark}) keeps it from open needs.",
    "veto": "{partner} refuses activities with open needs{why}.",
    "access": "Access to regions with open needs is above the limit for {partner}.",
    "not_ahead": "The activities with open needs that it may serve do not go ahead.",
    "free": "Open needs that it may serve are left, but the best plan found does not use it there.",
}
ONLY, NOT = "only {codes}", "not {codes}"
BASELINE_ALIKE = "{text} And {count} more like it."
THIS_ACTIVITY = "this activity"
FIX_TEXTS = {
    "limit": "{direction} the {limit}, {scope}, from {old} to {new}.",
    "lower": "Lower",
    "raise": "Raise",
    "everywhere": "in the whole plan",
    "in": "in {scope}",
    "for": "for {scope}",
    "minimum": "Lower the least share with which {place} goes ahead from {old} to {new}.",
    "joint": "Lower the least number of partners with which {place} goes ahead from {old} to {new}.",
    "lift": "Lift this refusal: {condition}",
    "drop": "Give up this condition: {condition}",
    "amount": "{amount} {unit} of {resource}",
    "supply": "Add {amount} {unit} of {resource} to pledge {pledge} of {partner} (from {old} to {new}).",
}
LIMIT_NAMES = {
    "local_share": "share for local partners",
    "implementer_share": "share for implementers",
    "implementer_cap": "cap on funding to carry out",
    "partner_type_share": "share contributed",
    "language_share": "share of personnel with a shared language",
    "coverage_floor": "least coverage",
    "burden_cap": "cap on what a partner contributes, in fair shares",
    "max_activities": "cap on activities served",
    "min_contribution": "least contribution to an activity",
    "max_contribution": "cap on the contribution to an activity",
    "delivery_cap": "cap on the cost of delivery",
    "access_limit": "limit of access to regions",
    "count_status": "status from which pledges count",
    "frozen_until": "last frozen period",
}
CONDITION_TEXTS = {
    "earmark": "Pledge {pledge} of {partner} is earmarked: {earmark}.",
    "only": "only {names}",
    "only_in": "only in {names}",
    "not": "not for {names}",
    "not_in": "not in {names}",
    "veto": "{partner} refuses {refused}.",
    "what": "{names}",
    "where": "in {names}",
    "by": "carried out by {names}",
    "everything": "everything",
}
ASK_TEXTS = {
    "nothing": "More of {resource} alone would not improve the plan.",
    "gain": "{amount} {unit} more of {resource} would {merit}: first for {initiative} in {region}, {period}.",
    "pledges": "It could come as more of {pledges}.",
    "free": "More of the pledges made so far would bring less: it takes another one, or a wider earmark.",
    "partners": "{partners} bring{s} {resource} already.",
    "pledged": "{partners} pledged {resource}, of which nothing is used.",
}
MERIT_TEXTS = {
    "coverage": "raise coverage by {points} percentage points",
    "effective": "raise effective coverage by {points} percentage points",
    "worst_region": "raise the worst-covered region by {points} percentage points",
    "delivery_cost": "save {gain} {currency} of delivery cost",
    "burden": "take {gain} {currency} off the largest burden",
}
MERIT = "improve “{objective}” by {gain}"
SHORTAGE_TEXTS = {
    "amount": "Too little that may serve it is pledged: {amounts} more would do.",
    "closed": "No pledge that counts may serve it, however large.",
}
HERE = "here"
MOST_DECIMALS = 9


def percent(share: float, decimals: int = 0) -> str:
    """A share as people read it; what is not complete never reads 100 %."""
    if 0 < share < 0.01 and not decimals:
        return "less than 1 %"
    most = 100.0 if share >= 1 else 100.0 - 10.0**-decimals
    return f"{_plain(min(100 * share, most), decimals)} %"


def quantity(amount: float, decimals: int = 0) -> str:
    """A quantity with thousands separators, without needless decimals."""
    return _plain(amount, max(decimals, 0 if amount >= 100 or amount == int(amount) else 2))


def told_apart(show: Callable[[float, int], str], less: float, more: float) -> tuple[str, str]:
    """Two figures, with as many decimals as it takes to see that they differ."""
    for decimals in range(MOST_DECIMALS):
        if show(less, decimals) != show(more, decimals):
            break
    return show(less, decimals), show(more, decimals)


def pledges_of(partners: Sequence[str], pledges: int, most: int = 3) -> str:
    """Whose pledges, and how many: a few names, and how many more partners there are."""
    return f"{listed(partners, most)} ({pledges} pledge{'s' if pledges > 1 else ''})"


def listed(names: Sequence[str], most: int = 3) -> str:
    """A few names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return "; ".join(names[:most]) + more


def pledge_codes(pledges: Sequence[str], most: int = 3) -> str:
    """A few pledges by their codes, and how many more there are."""
    more = f" and {len(pledges) - most} more" if len(pledges) > most else ""
    return ", ".join(pledges[:most]) + more


def users_of(users: Sequence[tuple[str, float, float]], more: int, weight: float) -> str:
    """Who uses it (name, amount, weight), how many others do, and what the one without it weighs."""
    if not users:
        return ""
    named = "; ".join(f"{quantity(amount)} for {name} (weight {weight_text(own)})" for name, amount, own in users)
    others = f"; and {more} more" if more else ""
    return f": {named}{others}. Weight here: {weight_text(weight)}"


def weight_text(weight: float) -> str:
    """A weight as people compare it."""
    return figure(weight)


def figure(amount: float) -> str:
    """A figure to three digits; a large one to the unit, not in powers of ten."""
    return f"{amount:,.0f}" if abs(amount) >= 999.5 else f"{amount:,.3g}"


def activity_name(initiative: str, region: str) -> str:
    """An activity in one phrase."""
    return f"{initiative} in {region}"


def all_of(parts: Sequence[str]) -> str:
    """`A, B and C`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def place(region: str) -> str:
    """Another region than the one that is spoken of."""
    return f"in {region}"


def _plain(amount: float, decimals: int) -> str:
    text = f"{amount:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
