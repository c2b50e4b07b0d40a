"""In which order the rows of a merged table stand."""

from collections import defaultdict
from collections.abc import Sequence


def merged_order(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], kept: set[str]) -> list[str]:
    """The ids in `kept`, in the order of the side that moved rows (mine where both did or none).

    What only the other side has stands below the row that it stands below there.
    """
    common = set(base) & set(mine) & set(theirs)
    has_mine_moved = [row for row in mine if row in common] != [row for row in base if row in common]
    has_theirs_moved = [row for row in theirs if row in common] != [row for row in base if row in common]
    lead, other = (theirs, mine) if has_theirs_moved and not has_mine_moved else (mine, theirs)
    in_lead = set(lead) & kept
    below: dict[str, list[str]] = defaultdict(list)
    anchor = ""
    for row in other:
        if row in in_lead:
            anchor = row
        elif row in kept:
            below[anchor].append(row)
    ordered = below[""]
    for row in lead:
        if row in in_lead:
            ordered.append(row)
            ordered.extend(below.get(row, ()))
    return ordered
