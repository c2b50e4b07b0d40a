"""What partners refuse, pledge by pledge and veto by veto, as conditions that a plan could be made without."""

from dataclasses import replace
from typing import Any

from planner.scenario import Scenario
from resources.offers import Pledge, Veto
from solver.reasons.sentences import CONDITION_TEXTS, all_of
from solver.repair.demands import Demand

EARMARK, VETO = "earmark", "veto"
OPEN: dict[str, Any] = {"initiatives": (), "regions": (), "exclude_initiatives": (), "exclude_regions": ()}


def refusals_of(scenario: Scenario) -> list[Demand]:
    """Every earmark, and every veto that concerns a single partner, in an order that no row order decides."""
    earmarks = [earmark_of(scenario, pledge) for pledge in scenario.pledges if is_earmarked(pledge)]
    vetoes = [veto_of(scenario, veto) for veto in dict.fromkeys(scenario.vetoes) if not veto.with_partner]
    return sorted([*vetoes, *earmarks], key=lambda refusal: (refusal.rule != VETO, refusal.scope, refusal.text))


def earmark_of(scenario: Scenario, pledge: Pledge) -> Demand:
    """The earmark of one pledge."""

    def without(edited: Scenario) -> Scenario:
        rows = (replace(row, **OPEN) if row.code == pledge.code else row for row in edited.pledges)
        return replace(edited, pledges=tuple(rows))

    partner = _name(scenario, "partners", pledge.partner)
    text = CONDITION_TEXTS["earmark"].format(
        pledge=pledge.code, partner=partner, earmark=earmark_words(scenario, pledge)
    )
    return Demand(EARMARK, f"pledge:{pledge.code}", text, without)


def is_earmarked(pledge: Pledge) -> bool:
    """Whether a pledge is not open to everything."""
    return any(getattr(pledge, column) for column in OPEN)


def earmark_words(scenario: Scenario, pledge: Pledge) -> str:
    """What a pledge is open to: "only Demining, not in Tarn"."""
    parts = []
    for column, words in (
        ("initiatives", "only"),
        ("regions", "only_in"),
        ("exclude_initiatives", "not"),
        ("exclude_regions", "not_in"),
    ):
        codes = getattr(pledge, column)
        if codes:
            table = "regions" if column.endswith("regions") else "initiatives"
            names = all_of([_name(scenario, table, code) for code in sorted(codes)])
            parts.append(CONDITION_TEXTS[words].format(names=names))
    return ", ".join(parts)


def veto_of(scenario: Scenario, veto: Veto) -> Demand:
    """One veto that concerns a single partner."""

    def without(edited: Scenario) -> Scenario:
        return replace(edited, vetoes=tuple(row for row in edited.vetoes if row != veto))

    parts = [
        CONDITION_TEXTS[words].format(names=_name(scenario, table, code))
        for words, table, code in (
            ("what", "initiatives", veto.initiative),
            ("where", "regions", veto.region),
            ("by", "partners", veto.implementer),
        )
        if code
    ]
    refused = " ".join(parts if veto.initiative else [CONDITION_TEXTS["everything"], *parts])
    text = CONDITION_TEXTS["veto"].format(partner=_name(scenario, "partners", veto.partner), refused=refused)
    return Demand(VETO, f"partner:{veto.partner}", text, without)


def _name(scenario: Scenario, table: str, code: str) -> str:
    return next((row.name for row in getattr(scenario, table) if row.code == code), "") or code
