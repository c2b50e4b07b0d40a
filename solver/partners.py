"""What rules ask about partners: their type, what they carry out, their fair share, the languages of their people."""

from collections.abc import Iterable
from math import fsum

import numpy as np

from planner.rulebook import Condition
from solver.arrays import Arrays, Booleans, Floats


def is_of_type(arrays: Arrays, code: str) -> Booleans:
    """Which partners (axis p) are organisations of this type."""
    type_of = {row.code: row.type for row in arrays.scenario.partners}
    return np.array([type_of[partner] == code for partner in arrays.partners.codes], dtype=bool)


def carried_out_by(arrays: Arrays, wanted_p: Booleans) -> Booleans:
    """Which activities (axis a) have one of these partners as their implementer."""
    return np.asarray(np.append(wanted_p, False)[arrays.implementer_a])  # NO_PARTNER is the last


def fair_shares(arrays: Arrays) -> Floats:
    """The fair share of each partner (axis p), divided by their sum; nan for a partner without one."""
    share_of = {row.code: row.fair_share for row in arrays.scenario.partners}
    given = [share_of[partner] for partner in arrays.partners.codes]
    total = fsum(share for share in given if share is not None)
    return np.array([np.nan if share is None else share / total for share in given], dtype=float)


def speaking(arrays: Arrays) -> Booleans:
    """Which pledges (axis o) share a language with which regions (axis r); without letter case."""
    languages_of = {row.code: _spoken(row.languages) for row in arrays.scenario.pledges}
    spoken_in = {row.code: _spoken(row.languages) for row in arrays.scenario.regions}
    return np.array(
        [
            [not languages_of[pledge].isdisjoint(spoken_in[region]) for region in arrays.regions.codes]
            for pledge in arrays.pledges.codes
        ],
        dtype=bool,
    ).reshape(len(arrays.pledges), len(arrays.regions))


def regions_of_language_share(arrays: Arrays, condition: Condition) -> list[int]:
    """The regions (axis r) that a row of `language_share` covers: its own or each, those without languages outside."""
    spoken_in = {row.code: _spoken(row.languages) for row in arrays.scenario.regions}
    return [
        index for code, index in arrays.regions.index.items() if spoken_in[code] and condition.scope_code in ("", code)
    ]


def _spoken(languages: Iterable[str]) -> frozenset[str]:
    return frozenset(language.strip().casefold() for language in languages) - {""}
