"""Shares by kind of partner: implementer_share, implementer_cap, partner_type_share, language_share, burden_cap."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from planner.rulebook import Condition
from solver.verify.facts import Facts
from solver.verify.findings import Finding, Violation, broken, equals, exceeds, falls_short, number
from solver.verify.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole that must be at least `asked` of it."""

    part: float
    whole: float
    asked: float

    @property
    def least(self) -> float:
        """The smallest part allowed."""
        return self.asked * self.whole

    @property
    def actual(self) -> float | None:
        """Part of the whole; None of nothing."""
        return min(1.0, self.part / self.whole) if self.whole else None

    @property
    def is_binding(self) -> bool:
        """Whether the part is just what is asked."""
        return self.asked > 0 and self.whole > 0 and equals(self.part, self.least)

    @property
    def is_broken(self) -> bool:
        """Whether the part is too small."""
        return falls_short(self.part, self.least)


def implementer_share(ledger: Ledger, condition: Condition) -> Finding:
    """Funding of activities whose implementer is of the type >= s · all funding allocated."""
    facts, kind = ledger.facts, condition.scope_code
    of_type = fsum(money for key, money in ledger.funding.items() if _type(facts, facts.implementer(key)) == kind)
    share = Share(of_type, fsum(ledger.funding.values()), condition.value or 0.0)
    return _find(condition, share, f"Implementers of type {kind} carry out {{part}} of {{whole}} funding")


def implementer_cap(ledger: Ledger, condition: Condition) -> Finding:
    """Funding of the activities that a partner implements <= the value."""
    partner, cap = condition.scope_code, condition.value or 0.0
    funding = fsum(money for key, money in ledger.funding.items() if ledger.facts.implementer(key) == partner)
    if not exceeds(funding, cap):
        return Finding(cap, funding, equals(funding, cap))
    text = f"{ledger.facts.partner(partner)} carries out activities with {number(funding)} of funding; " + (
        f"at most {number(cap)} is allowed."
    )
    return Finding(cap, funding, False, broken("implementer_cap", condition.scope, text, funding - cap))


def partner_type_share(ledger: Ledger, condition: Condition) -> Finding:
    """Value contributed by partners of the type >= s · all contributed value."""
    kind = condition.scope_code
    of_type = fsum(value for code, value in ledger.contributed.items() if _type(ledger.facts, code) == kind)
    share = Share(of_type, fsum(ledger.contributed.values()), condition.value or 0.0)
    return _find(condition, share, f"Partners of type {kind} contribute {{part}} of a value of {{whole}}")


def language_share(ledger: Ledger, condition: Condition) -> Finding:
    """Personnel sharing a language with its region >= s · personnel there, in the region or in each with languages.

    Figures: the smallest share of any region with personnel.
    """
    shares = _language_shares(ledger, condition)
    violations = [
        Violation(
            condition.key,
            f"region:{region}",
            f"{number(share.part)} of {number(share.whole)} personnel in {ledger.facts.region(region)} "
            f"share a language with it; {number(share.least)} is asked.",
            share.least - share.part,
        )
        for region, share in shares.items()
        if share.is_broken
    ]
    smallest = min((share.actual for share in shares.values() if share.actual is not None), default=None)
    is_binding = any(share.is_binding for share in shares.values())
    return Finding(condition.value, smallest, is_binding, tuple(violations))


def burden_cap(ledger: Ledger, condition: Condition) -> Finding:
    """Value of p <= c · fair_share_p · value of the partners with a fair_share (shares divided by their sum).

    Figures: the most that any partner contributes, as a multiple of its fair share.
    """
    cap, total, found = condition.value or 0.0, fair_total(ledger), []
    multiples, is_binding = [], False
    for partner, fair_share in ledger.facts.fair_shares.items():
        value, fair = ledger.contributed[partner], fair_share * total
        if fair > 0:
            multiples.append(value / fair)
        is_binding |= value > 0 and equals(value, cap * fair)
        if exceeds(value, cap * fair):
            text = (
                f"{ledger.facts.partner(partner)} contributes {number(value)}; at most {number(cap * fair)} is allowed."
            )
            found.append(Violation("burden_cap", f"partner:{partner}", text, value - cap * fair))
    return Finding(cap, max(multiples, default=None), is_binding, tuple(found))


def fair_total(ledger: Ledger) -> float:
    """Value contributed by the partners with a fair_share."""
    return fsum(ledger.contributed[partner] for partner in ledger.facts.fair_shares)


def _find(condition: Condition, share: Share, words: str) -> Finding:
    actual = share.actual or 0.0
    if not share.is_broken:
        return Finding(share.asked, actual, share.is_binding)
    text = f"{words.format(part=number(share.part), whole=number(share.whole))}; {number(share.least)} is asked."
    return Finding(share.asked, actual, False, broken(condition.key, condition.scope, text, share.least - share.part))


def _type(facts: Facts, partner: str) -> str:
    return facts.partners[partner].type if partner in facts.partners else ""


def _language_shares(ledger: Ledger, condition: Condition) -> Mapping[str, Share]:
    """By region with languages that the condition covers: personnel that share one, and all personnel."""
    languages = {
        code: _spoken(region.languages)
        for code, region in sorted(ledger.facts.regions.items())
        if _spoken(region.languages) and condition.scope_code in ("", code)
    }
    sharing: dict[str, float] = defaultdict(float)
    present: dict[str, float] = defaultdict(float)
    for line in ledger.lines:
        if line.region in languages and ledger.facts.resources[line.resource].category == "personnel":
            present[line.region] += line.quantity
            if languages[line.region] & _spoken(ledger.facts.pledges[line.pledge].languages):
                sharing[line.region] += line.quantity
    asked = condition.value or 0.0
    return {region: Share(sharing[region], quantity, asked) for region, quantity in sorted(present.items())}


def _spoken(languages: Iterable[str]) -> set[str]:
    """Languages as text without letter case and blanks around them."""
    return {language.strip().casefold() for language in languages} - {""}
