"""What people decided of similar names, remembered in a scenario's notes: which are one, and which are not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner.exchange.field.roles import plain
from planner.problems import ConcordError

ALL = "all"  # every pair that is offered and not joined is two names
_JOINED, _APART = "names joined", "names kept apart"  # begin the names of the notes
_LONGEST_NOTE = 20_000  # characters; a workbook cell holds little more

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DecidedNames:
    """Pairs of names by their plain text: `joined`, the first of which counts as the second, and those kept `apart`."""

    joined: Mapping[str, Pair] = field(default_factory=dict)
    apart: Mapping[frozenset[str], Pair] = field(default_factory=dict)

    def name(self, text: str) -> str:
        """The name under which a name is to count."""
        seen: set[str] = set()
        while (key := plain(text)) in self.joined and key not in seen:
            seen.add(key)
            text = self.joined[key][1]
        return text

    def has_decided(self, one: str, other: str) -> bool:
        """Whether these two were said to be two, or one."""
        return frozenset({plain(one), plain(other)}) in self.apart or plain(self.name(one)) == plain(self.name(other))

    def with_joined(self, pairs: Iterable[Pair]) -> "DecidedNames":
        """These pairs too, whatever was said of them before."""
        joined, apart = dict(self.joined), dict(self.apart)
        for rare, common in pairs:
            joined.pop(plain(common), None)
            joined[plain(rare)] = rare, common
            apart.pop(frozenset({plain(rare), plain(common)}), None)
        return replace(self, joined=joined, apart=apart)

    def with_apart(self, pairs: Iterable[Pair]) -> "DecidedNames":
        """These pairs too, whatever was said of them before."""
        joined, apart = dict(self.joined), dict(self.apart)
        for pair in pairs:
            key = frozenset(map(plain, pair))
            apart[key] = pair
            joined = {rare: known for rare, known in joined.items() if frozenset(map(plain, known)) != key}
        return replace(self, joined=joined, apart=apart)

    def notes(self, before: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """The notes to keep in a scenario; those of `before` that are not needed any more say nothing."""
        emptied = dict.fromkeys((name for name, _ in before if _is_of(name, _JOINED) or _is_of(name, _APART)), "-")
        fresh = (*_notes(_JOINED, self.joined.values()), *_notes(_APART, self.apart.values()))
        return tuple((emptied | dict(fresh)).items())


def decided_names(notes: Iterable[tuple[str, str]]) -> DecidedNames:
    """What the notes of a scenario remember."""
    listed = list(notes)
    found = DecidedNames().with_apart(_pairs_in(listed, _APART))
    return found.with_joined(_pairs_in(listed, _JOINED))


def told_names(notes: Iterable[tuple[str, str]], joins: Iterable[str], apart: Iterable[str]) -> DecidedNames:
    """What is remembered, and what is told now. Raises ConcordError where a pair is not right."""
    remembered = decided_names(notes).with_apart(parse_pairs(text for text in apart if text != ALL))
    return remembered.with_joined(parse_pairs(joins))


def parse_pairs(texts: Iterable[str]) -> list[Pair]:
    """Pairs of names from texts such as `Actoin Aid=ActionAid`. Raises ConcordError where one is not right."""
    pairs = []
    for text in texts:
        one, equals, other = (part.strip() for part in text.partition("="))
        if not equals or not plain(one) or not plain(other) or plain(one) == plain(other):
            raise ConcordError(f"'{text}' names no two names; write THIS NAME=THAT NAME.")
        pairs.append((one, other))
    return pairs


def _is_of(name: str, kind: str) -> bool:
    return name == kind or name.startswith(f"{kind} ")


def _pairs_in(notes: Iterable[tuple[str, str]], kind: str) -> Iterator[Pair]:
    for name, text in notes:
        for line in text.splitlines() if _is_of(name, kind) else ():
            one, equals, other = (part.strip() for part in line.partition(" = "))
            if equals and one and other:
                yield one, other


def _notes(kind: str, pairs: Iterable[Pair]) -> Iterator[tuple[str, str]]:
    """One pair a line, in as many notes as these take."""
    number, lines, length = 1, list[str](), 0
    for line in sorted(f"{one} = {other}" for one, other in pairs):
        if lines and length + len(line) > _LONGEST_NOTE:
            yield _title(kind, number), "\n".join(lines)
            number, lines, length = number + 1, [], 0
        lines.append(line)
        length += len(line) + 1
    if lines:
        yield _title(kind, number), "\n".join(lines)


def _title(kind: str, number: int) -> str:
    return kind if number == 1 else f"{kind} {number}"
