"""Names that several people wrote: spellings of one name, and names that are nearly alike."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from planner.exchange.field.roles import plain
from planner.problems import ConcordError

NEARLY_ALIKE = 0.88  # share of letters in common, words in any order
_MOST_NAMES = 3000  # beyond it every name would be compared with too many others
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
    if len(names) > _MOST_NAMES:
        return
    keys = [" ".join(sorted(plain(name).split())) for name in names]
    initials = [_initials(name) for name in names]
    matcher = SequenceMatcher(autojunk=False)
    for first, key in enumerate(keys):
        matcher.set_seq2(key)
        for second in range(first + 1, len(keys)):
            other = keys[second]
            is_short = plain(names[first]) == initials[second] or plain(names[second]) == initials[first]
            if not is_short:
                if 2 * min(len(key), len(other)) < NEARLY_ALIKE * (len(key) + len(other)) or _differ_in_digits(
                    key, other
                ):
                    continue
                matcher.set_seq1(other)
                if matcher.quick_ratio() < NEARLY_ALIKE or matcher.ratio() < NEARLY_ALIKE:
                    continue
            pair = sorted((names[first], names[second]), key=lambda name: (counts.get(name, 0), name))
            yield Similar(kind, pair[0], pair[1])


def parse_joins(texts: Iterable[str]) -> Mapping[str, str]:
    """Names to join, from texts such as `Actoin Aid=ActionAid`. Raises ConcordError where one is not right."""
    joins = {}
    for text in texts:
        rare, equals, common = text.partition("=")
        if not equals or not rare.strip() or not common.strip():
            raise ConcordError(f"'{text}' joins nothing; write THIS NAME=THAT NAME.")
        joins[plain(rare)] = common.strip()
    return joins


def _initials(name: str) -> str:
    words = [word for word in plain(name).split() if word not in _SMALL_WORDS]
    return "".join(word[0] for word in words) if len(words) > 2 else ""


def _differ_in_digits(one: str, other: str) -> bool:
    """Zone 1 and zone 2 are two places, however alike."""
    return [sign for sign in one if sign.isdigit()] != [sign for sign in other if sign.isdigit()]
