"""Codes that one version has renamed and another has not: what refers to them follows before versions are compared.

A renamed partner is then one change, not one in every pledge; and what the other side wrote about the partner under its
old code is not left without a partner.
"""

from collections import Counter

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
    own = codes_of(version)
    for name, table_codes in own.items():
        waiting = {
            code: codes[name][row_id] for row_id, code in table_codes.items() if codes[name].get(row_id, code) != code
        }
        if not waiting:
            continue
        counts = Counter(table_codes.values())
        taken = set(counts)
        while ready := [old for old, new in waiting.items() if new not in taken]:
            for old in ready:
                new = waiting.pop(old)
                if counts[old] == 1 and new not in taken:
                    version = edits.rename_references(version, name, old, new)
                    taken.remove(old)
                    taken.add(new)
    return version
