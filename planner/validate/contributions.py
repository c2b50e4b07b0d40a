"""Rules on who brings and carries out how much: figures that contradict each other, or that nobody can meet."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import product

from planner.problems import Problem
from planner.rulebook import RULES, Condition, conditions, is_on
from planner.scenario import Scenario
from planner.validate.activities import activities_of
from planner.validate.findings import both_rows, error, quoted, warning
from resources.offers import Pledge

MOST_PAIRS = 50_000  # pairs of a pledge and a requirement that a rule may look at one by one
_TOLERANCE = 1e-9


def check_partners_for_joint(scenario: Scenario) -> Iterator[Problem]:
    """No activity asks for more partners than there are."""
    if not is_on(scenario, "joint"):
        return
    count = len({row.code for row in scenario.partners})
    for index, row in enumerate(scenario.activities):
        if row.min_partners > count:
            message = (
                f"min_partners is {row.min_partners}, but the scenario has {count} partner{'s' * (count != 1)}, so by "
                f"the rule 'joint' this activity could never go ahead; write {count} or less."
            )
            yield error("too_few_partners", "Activities", index, "min_partners", message)


def check_fair_shares(scenario: Scenario) -> Iterator[Problem]:
    """Where a rule or objective compares with fair shares, somebody has one above 0."""
    asking = [("Rules", each.row, "rule", each.key) for each in _asked(scenario, "burden_cap")]
    asking += [
        ("Objectives", index, "objective", "burden")
        for index, row in enumerate(scenario.objectives)
        if row.objective == "burden"
    ]
    shares = [(index, row.fair_share) for index, row in enumerate(scenario.partners) if row.fair_share is not None]
    if not asking or any(share for _, share in shares):
        return
    if shares:
        keys = " and ".join(quoted(key) for _, _, _, key in asking)
        message = f"Every fair_share is 0, so {keys} cannot compare anybody with it; write shares above 0."
        yield error("fair_share", "Partners", shares[0][0], "fair_share", message)
        return
    for sheet, index, column, key in asking:
        message = (
            f"{quoted(key)} has no effect, as no partner has a fair_share; write them in the sheet Partners, or remove "
            "the row."
        )
        yield warning("fair_share", sheet, index, column, message)


def check_burden_caps(scenario: Scenario) -> Iterator[Problem]:
    """The partners with a fair share can contribute something below their caps."""
    shares = {row.code: row.fair_share for row in scenario.partners if row.fair_share is not None}
    total = sum(shares.values())
    giving = {pledge.partner for pledge in scenario.pledges}
    for condition in _asked(scenario, "burden_cap") if total > 0 else ():
        cap = condition.value or 0.0
        reach = cap * sum(share for code, share in shares.items() if code in giving) / total
        if cap < 1:
            message = (
                f"The rule {RULES['burden_cap'].name} has the value {cap:g}: with all partners below their fair shares "
                "none of them could contribute anything; write 1 or more."
            )
            yield error("rule_value", "Rules", condition.row, "value", message)
        elif reach < 1 - _TOLERANCE:
            message = (
                f"At {cap:g} times their fair shares the partners with pledges may bring only {reach * 100:.0f} % of "
                "what they bring together, so they can contribute nothing of value; write a higher value."
            )
            yield warning("rule_value", "Rules", condition.row, "value", message)


def check_type_shares_add_up(scenario: Scenario) -> Iterator[Problem]:
    """The shares that types of partners must have do not add up to more than the whole."""
    for key in ("implementer_share", "partner_type_share"):
        rows = [*{condition.scope_code: condition for condition in _asked(scenario, key)}.values()]
        total = sum(condition.value or 0.0 for condition in rows)
        if total > 1 + _TOLERANCE and len(rows) > 1:
            message = (
                f"The rows of the rule {quoted(key)} ask for {total * 100:.0f} % together, so that nothing could be "
                f"given; see {both_rows('Rules', rows[0].row, rows[-1].row)}, and write shares of 100 % or less."
            )
            yield error("rule_contradiction", "Rules", rows[-1].row, "value", message)


def check_type_shares_can_be_met(scenario: Scenario) -> Iterator[Problem]:
    """Somebody of the type carries out something, or brings something; otherwise nothing could be given at all."""
    type_of = {row.code: row.type for row in scenario.partners}
    existing = activities_of(scenario)
    carrying_out = {
        type_of.get(row.implementer) for row in scenario.activities if (row.initiative, row.region) in existing
    }
    bringing = {type_of.get(pledge.partner) for pledge in scenario.pledges}
    cases = (
        ("implementer_share", carrying_out, "carries out an activity", "no funding can be given at all"),
        ("partner_type_share", bringing, "has a pledge", "nothing of value can be given at all"),
    )
    for key, types, does, so in cases:
        for condition in _asked(scenario, key):
            if condition.value and condition.scope_code not in types:
                message = (
                    f"No partner of type {condition.scope_code} {does}, so by the rule {quoted(key)} {so}; correct it."
                )
                yield warning("rule_without_partner", "Rules", condition.row, "scope", message)


def check_languages_of_regions(scenario: Scenario) -> Iterator[Problem]:
    """A language_share covers a region whose languages are known."""
    speaking = {row.code for row in scenario.regions if row.languages}
    for condition in _asked(scenario, "language_share"):
        if (condition.scope_code not in speaking) if condition.scope_code else not speaking:
            where = f"the region {quoted(condition.scope_code)}" if condition.scope_code else "any region"
            message = f"No languages are known of {where}, so this rule has no effect; write them in the sheet Regions."
            yield warning("languages_missing", "Rules", condition.row, "scope", message)


def check_least_and_most_contributions(scenario: Scenario) -> Iterator[Problem]:
    """What a partner must give at least to an activity is no more than it may give."""
    for least, most in product(_asked(scenario, "min_contribution"), _asked(scenario, "max_contribution")):
        is_same = least.scope_code == most.scope_code or "" in (least.scope_code, most.scope_code)
        if is_same and (least.value or 0.0) > (most.value or 0.0) + _TOLERANCE:
            who = least.scope_code or most.scope_code or "every partner"
            message = (
                f"'min_contribution' is {least.value:g} and 'max_contribution' {most.value:g} for {who}, in "
                f"{both_rows('Rules', least.row, most.row)}, so nothing of value could be given; change one of them."
            )
            yield error("rule_contradiction", "Rules", max(least.row, most.row), "value", message)


def check_effort_for_every_partner(scenario: Scenario) -> Iterator[Problem]:
    """Rules that look at every partner and activity are for scenarios in which these are not too many."""
    rows = [
        condition
        for key in ("max_activities", "min_contribution", "max_contribution")
        for condition in _asked(scenario, key)
        if not condition.scope_code
    ]
    pairs = _count_pairs(scenario) if rows else 0
    if pairs > MOST_PAIRS:
        for condition in rows:
            message = (
                f"The rule {quoted(condition.key)} without a scope looks at about {pairs:,} pairs of a pledge and a "
                "requirement, which makes planning slow; name the partners that it is for."
            )
            yield warning("rule_is_slow", "Rules", condition.row, "scope", message)


def _asked(scenario: Scenario, key: str) -> list[Condition]:
    return [condition for condition in conditions(scenario) if condition.key == key]


def _count_pairs(scenario: Scenario) -> int:
    """About how many pairs of pledge and requirement there are: resource, window and named places, no exclusions."""
    needed: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)  # resource -> place -> requirements
    for row in scenario.requirements:
        if row.quantity > 0:
            for place in product((row.initiative, ""), (row.region, "")):
                needed[row.resource][place] += 1
    periods = scenario.settings.periods
    return round(sum(_requirements_of(pledge, needed[pledge.resource], periods) for pledge in scenario.pledges))


def _requirements_of(pledge: Pledge, needed: Counter[tuple[str, str]], periods: int) -> float:
    window = (pledge.to_period or periods) - (pledge.from_period or 1) + 1
    places = product(pledge.initiatives or ("",), pledge.regions or ("",))
    return sum(needed[place] for place in places) * max(0, window) / periods
