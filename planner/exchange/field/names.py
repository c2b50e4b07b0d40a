"""Names that several people wrote: spellings of one name, and names that are nearly alike."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from planner.exchange.field.roles import plain

NEARLY_ALIKE = 0.88  # share of letters in common, words in any order
_COMPARED_AT_ONCE = 500  # names with all the others
_SMALL_WORDS = frozenset("of the and for de la le les du des et pour in en d l".split())


@dataclass(frozen=True, slots=True)
class Similar:
    """Two names that may be one: `rare` could be joined to `common`."""

    kind: str  # partner, region, sector
    rare: str
    common: str

    def __str__(self) -> str:
        return f"{self.kind}: '{self.rare}' and '{self.common}'"


def spellings(names: Iterable[str]) -> Mapping[str, str]:
    """The spelling to show for every name as written: names that differ in case, accents and signs alone are one."""
    counts = Counter(names)
    groups: dict[str, list[str]] = {}
    for name in counts:
        groups.setdefault(plain(name) or name, []).append(name)
    chosen = {}
    for group in groups.values():
        best = max(group, key=lambda name: (counts[name], name))
        chosen.update(dict.fromkeys(group, best))
    return chosen


def similar_names(kind: str, names: Sequence[str], counts: Mapping[str, int]) -> Iterator[Similar]:
    """Pairs of different names that are nearly alike, or of which one is the initials of the other."""
    keys = [" ".join(sorted(plain(name).split())) for name in names]
    found = {
        (first, second) for first, second in _nearly_alike(keys) if not _differ_in_digits(keys[first], keys[second])
    }
    for first, second in sorted(found | set(_initials_of_others(names))):
        rare, common = sorted((names[first], names[second]), key=lambda name: (counts.get(name, 0), name))
        yield Similar(kind, rare, common)


def _nearly_alike(keys: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of the pairs that have most of their letters in common, the first place before the second."""
    for start in range(0, len(keys), _COMPARED_AT_ONCE):
        some = keys[start : start + _COMPARED_AT_ONCE]
        shares = cdist(some, keys, scorer=fuzz.ratio, score_cutoff=100 * NEARLY_ALIKE, dtype=np.uint8)
        for row, second in np.argwhere(shares).tolist():
            if start + row < second:
                yield start + row, second


def _initials_of_others(names: Sequence[str]) -> Iterator[tuple[int, int]]:
    at = {plain(name): place for place, name in enumerate(names)}
    for place, name in enumerate(names):
        short = at.get(_initials(name))
        if short is not None:
            yield min(short, place), max(short, place)


def _initials(name: str) -> str:
    words = [word for word in plain(name).split() if word not in _SMALL_WORDS]
    return "".join(word[0] for word in words) if len(words) > 2 else ""


def _differ_in_digits(one: str, other: str) -> bool:
    """Zone 1 and zone 2 are two places, however alike."""
    return [sign for sign in one if sign.isdigit()] != [sign for sign in other if sign.isdigit()]
