"""What of an IATI file becomes what: sectors, roles of organisations, types of transactions and places."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.exchange.field.building import mapping_note
from planner.exchange.field.roles import plain
from planner.exchange.iati.elements import AidActivity
from planner.problems import ConcordError
from planner.scenario import Scenario


class Word(StrEnum):
    """What a part of a file is taken for, in the words that people put after `--map`."""

    INITIATIVE = "initiative"
    PARTNER = "partner"
    IMPLEMENTER = "implementer"
    REGION = "region"
    PLEDGE = "pledge"
    COMMITMENT = "commitment"
    PAID = "paid"
    SKIP = "skip"


SECTOR, ROLE, TRANSACTION = "sector vocabulary", "organisation role", "transaction type"
COUNTRY, REGION, LOCATION = "recipient country", "recipient region", "location"
TRANSACTIONS = {
    "1": "incoming funds",
    "2": "outgoing commitments",
    "3": "disbursements",
    "4": "expenditure",
    "5": "interest payments",
    "6": "loan repayments",
    "7": "reimbursements",
    "8": "purchase of equity",
    "9": "sale of equity",
    "10": "credit guarantees",
    "11": "incoming commitments",
    "12": "outgoing pledges",
    "13": "incoming pledges",
}
_NAMES = {
    TRANSACTION: TRANSACTIONS,
    ROLE: {"1": "funding", "2": "accountable", "3": "extending", "4": "implementing"},
    SECTOR: {
        "1": "DAC purpose codes",
        "2": "DAC sectors",
        "3": "COFOG",
        "7": "SDG goals",
        "8": "SDG targets",
        "10": "humanitarian clusters",
        "98": "the reporting organisation's own",
        "99": "the reporting organisation's own",
    },
}
_MAY_BE = {
    SECTOR: (Word.INITIATIVE, Word.SKIP),
    ROLE: (Word.PARTNER, Word.IMPLEMENTER, Word.SKIP),
    TRANSACTION: (Word.PLEDGE, Word.COMMITMENT, Word.PAID, Word.SKIP),
    "": (Word.REGION, Word.SKIP),
}
_GUESSES = {
    **{f"{ROLE} 1": Word.PARTNER, f"{ROLE} 4": Word.IMPLEMENTER, COUNTRY: Word.REGION, REGION: Word.REGION},
    **{f"{TRANSACTION} {kind}": Word.PAID for kind in ("1", "3", "4")},
    **{f"{TRANSACTION} {kind}": Word.COMMITMENT for kind in ("2", "11")},
    **{f"{TRANSACTION} {kind}": Word.PLEDGE for kind in ("12", "13")},
}


@dataclass(frozen=True, slots=True)
class IatiMapping:
    """What each part of a file is taken for, by its name such as `transaction type 11`."""

    words: Mapping[str, Word]

    def shown(self) -> Mapping[str, str]:
        """The same for people: `transaction type 11 (incoming commitments)`."""
        return {_titled(name): word.value for name, word in self.words.items()}

    def choices(self) -> Mapping[str, Sequence[str]]:
        """What each part may be taken for, by the same titles."""
        return {_titled(name): tuple(word.value for word in _MAY_BE[_kind_of(name)]) for name in self.words}

    def told(self) -> str:
        """The same as people write it after --map."""
        return "; ".join(f"{name} = {word}" for name, word in self.shown().items() if word != Word.SKIP)

    def numbers(self, kind: str, word: Word) -> tuple[str, ...]:
        """The vocabularies, roles or types that are taken for something."""
        return tuple(
            name.removeprefix(f"{kind} ")
            for name, each in self.words.items()
            if each is word and name.startswith(f"{kind} ")
        )

    def takes(self, place: str) -> bool:
        """Whether places of this kind become regions."""
        return self.words.get(place) is Word.REGION


def find_mapping(
    stem: str, activities: Sequence[AidActivity], known: Scenario, told: Iterable[str]
) -> tuple[IatiMapping, Mapping[str, Word]]:
    """The mapping for a file of this name, and what of it was told now or at an earlier time; the rest is guessed.

    Raises ConcordError for a mapping that is not right.
    """
    parts = list(dict.fromkeys(_parts(activities)))
    remembered = dict(known.settings.extra).get(mapping_note(stem), "")
    said: dict[str, Word] = {}
    for text in filter(None, remembered.split("; ")):
        try:
            said = _with(said, _parsed([text], parts))
        except ConcordError:  # another file of the same name
            continue
    for text in told:
        said = _with(said, _parsed([text], parts))
    words = {name: _GUESSES.get(name, Word.SKIP) for name in parts} | said
    return IatiMapping(words), said


def _with(said: Mapping[str, Word], more: Mapping[str, Word]) -> dict[str, Word]:
    """What was said, and more; initiatives are of the one vocabulary that was named last."""
    if Word.INITIATIVE in more.values():
        said = {name: Word.SKIP if word is Word.INITIATIVE else word for name, word in said.items()}
    return {**said, **more}


def _parts(activities: Iterable[AidActivity]) -> Iterator[str]:
    """The parts that the activities have, those of one kind together."""
    listed = list(activities)
    for kind, numbers in (
        (SECTOR, {each.vocabulary for activity in listed for each in activity.sectors}),
        (ROLE, {each.role for activity in listed for each in activity.organisations if each.role}),
        (TRANSACTION, {each.kind for activity in listed for each in activity.transactions if each.kind}),
    ):
        yield from (f"{kind} {number}" for number in sorted(numbers, key=lambda number: (len(number), number)))
    if any(activity.countries for activity in listed):
        yield COUNTRY
    if any(activity.regions for activity in listed):
        yield REGION
    if any(activity.locations for activity in listed):
        yield LOCATION


def _parsed(texts: Iterable[str], parts: Sequence[str]) -> Mapping[str, Word]:
    known = {plain(title): part for part in parts for title in (part, _titled(part))}
    found: dict[str, Word] = {}
    for text in texts:
        written, equals, word = text.rpartition("=")
        name = known.get(plain(written))
        if not equals or name is None:
            listed = ", ".join(f"'{part}'" for part in parts)
            raise ConcordError(f"'{text}' is no mapping of this file; write PART=WORD, with one of the parts {listed}.")
        allowed = _MAY_BE[_kind_of(name)]
        if word.strip().lower() not in allowed:
            raise ConcordError(f"'{text}' is no mapping; {name} may be {', '.join(allowed[:-1])} or {allowed[-1]}.")
        found[name] = Word(word.strip().lower())
    return found


def _kind_of(part: str) -> str:
    return next((kind for kind in _NAMES if part.startswith(f"{kind} ")), "")


def _titled(part: str) -> str:
    kind = _kind_of(part)
    name = _NAMES.get(kind, {}).get(part.removeprefix(f"{kind} "))
    return f"{part} ({name})" if name else part
