"""Codes that one version has renamed and another has not: what refers to them follows before versions are compared.

A renamed partner is then one change, not one in every pledge; and what the other side wrote about the partner under its
old code is not left without a partner.
"""

from collections import Counter
from collections.abc import Mapping

from planner import edits
from planner.scenario import TABLE_BY_NAME, Scenario

Codes = dict[str, dict[str, str]]  # by table: the code that each row (id) will have


def codes_of(scenario: Scenario) -> Codes:
    """The code of each row, by table and id."""
    return {name: {row.id: row.code for row in scenario.rows(TABLE_BY_NAME[name])} for name in edits.CODE_PREFIXES}


def refer_to(version: Scenario, codes: Codes) -> Scenario:
    """The version with its references to rows rewritten to the codes that these rows will have.

    A code that stands twice is left alone, and so is one whose new code still means another row.
    """
    for name, table_codes in codes_of(version).items():
        if renamed := _unambiguous(table_codes, codes[name]):
            version = edits.rename_references(version, name, renamed)
    return version


def _unambiguous(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """New codes by old ones, of the codes by row id: each meant one row, and will."""
    counts = Counter(before.values())
    renamed: dict[str, str] = {}
    given: set[str] = set()
    for row_id, old in before.items():
        new = after.get(row_id, old)
        if new != old and counts[old] == 1 and new not in given:
            renamed[old] = new
            given.add(new)
    while staying := [old for old, new in renamed.items() if new in counts and new not in renamed]:
        for old in staying:
            del renamed[old]
    return renamed
