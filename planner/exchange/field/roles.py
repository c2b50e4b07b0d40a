"""What a column is for, guessed from its heading or its tag; headings in English, French and Spanish."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from planner.problems import ConcordError


class Role(StrEnum):
    """What a column of a table from the field says, in the words that people put after `--map`."""

    PARTNER = "partner"
    SHORT_NAME = "short name"
    PARTNER_TYPE = "partner type"
    IMPLEMENTER = "implementer"
    SECTOR = "sector"
    PROJECT = "project"
    ACTIVITY = "activity"
    REGION = "region"
    REGION_CODE = "region code"
    PEOPLE = "people"
    IN_NEED = "people in need"
    BREAKDOWN = "breakdown"  # by sex, age ...: only rows of the total are read
    BUDGET = "budget"
    CURRENCY = "currency"
    START = "start"
    END = "end"
    SKIP = "skip"


_ORGANISATION = (
    "organisation organization organisations organizations org ong ngo partner partenaire agency agence organizacion"
)
_PLACES = (  # by level, the first is the one that plans are made for
    "region province provinces state governorate adm1 admin1 wilaya oblast provincia departamento",
    "district departement department lga county cercle territoire adm2 admin2 zone municipio",
    "locality localite commune site village ward payam adm3 admin3 adm4 admin4",
)
_PARTS = "men women boys girls male female hommes femmes garcons filles children enfants elderly disabled idp refugees"

# (role, any of these words, none of these words), the first that fits; places and organisations come in between.
_BEFORE = (
    (Role.SKIP, "donor donors bailleur bailleurs funder donateur status statut archive path item", ""),
    (Role.START, "start debut begin beginning", ""),
    (Role.END, "end fin finish closing", ""),
    (Role.SKIP, "date month mois year annee", ""),
    (Role.CURRENCY, "currency devise monnaie", ""),
    (Role.BUDGET, "budget montant amount cost cout", ""),
    (Role.BREAKDOWN, "gender sex sexe genre age disabled disability handicap", "people beneficiaries number"),
)
_AFTER = (
    (Role.SHORT_NAME, "acronym acronyme sigle abbreviation abbr", ""),
    (Role.IMPLEMENTER, "implementer implementing executant execution", "type"),
    (Role.SKIP, "subsector subcluster sub sous", ""),
    (Role.SECTOR, "sector cluster secteur clusters sectors secteurs", "code id"),
    (Role.IN_NEED, "pin", ""),
    (Role.PEOPLE, "beneficiaries beneficiary beneficiaires reached atteints", _PARTS),
    (Role.PROJECT, "project projet", "type"),
    (Role.ACTIVITY, "activity activities activite activites intervention interventions", "type id code"),
)
_TAGS = (  # of the Humanitarian Exchange Language: (role, tag, one of these attributes or none, none of these)
    (Role.SKIP, "org", "funder donor", ""),
    (Role.SKIP, "org", "id", ""),
    (Role.SHORT_NAME, "org", "acronym abbr short", ""),
    (Role.PARTNER_TYPE, "org", "type", ""),
    (Role.IMPLEMENTER, "org", "impl", ""),
    (Role.PARTNER, "org", "", "code"),
    (Role.SECTOR, "sector", "", ""),
    (Role.SECTOR, "cluster", "", ""),
    (Role.PROJECT, "activity", "project", ""),
    (Role.ACTIVITY, "activity", "", "id code type"),
    (Role.REGION_CODE, "adm1", "code", ""),
    (Role.REGION, "adm1", "", ""),
    (Role.IN_NEED, "inneed", "", "f m"),
    (Role.PEOPLE, "reached", "", "f m"),
    (Role.PEOPLE, "beneficiary", "", "f m"),
    (Role.BREAKDOWN, "gender", "", ""),
    (Role.BREAKDOWN, "age", "range", ""),
    (Role.BREAKDOWN, "is_disabled", "", ""),
    (Role.BREAKDOWN, "population_group", "", ""),
    (Role.START, "date", "start", ""),
    (Role.END, "date", "end", ""),
)


def plain(text: str) -> str:
    """Text for comparing: small letters without accents, words with one blank between them."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", kept))


def role_of(heading: str) -> tuple[Role | None, int]:
    """What a heading says, and how far down the places it goes (0 for regions); None where it says nothing known."""
    words = _joined_levels(plain(re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", heading)))
    has = frozenset(words.split())
    if (early := _first(_BEFORE, has)) is not None:
        return early, 0
    if "in need" in words or "besoin" in has or "besoins" in has:
        return Role.IN_NEED, 0
    if "population" in has and has & {"group", "groupe"}:
        return Role.BREAKDOWN, 0
    if has == {"type"}:
        return Role.PARTNER_TYPE, 0
    if has & _words(_ORGANISATION):
        return _of_organisation(has), 0
    for level, places in enumerate(_PLACES):
        if has & _words(places):
            is_code = bool(has & {"code", "pcode", "codes", "pcodes", "id"})
            return (Role.REGION_CODE if is_code else Role.REGION), level
    if has & {"pcode", "pcodes"}:
        return Role.REGION_CODE, 0
    return _first(_AFTER, has), 0


def role_of_tag(tag: str) -> Role | None:
    """What a tag such as `#adm1+code` says; None for other tags."""
    name, *attributes = re.split(r"\s*\+", tag.strip().lower().lstrip("#").strip())
    has = frozenset(attributes)
    for role, wanted, some, none in _TAGS:
        if name == wanted and (not some or has & _words(some)) and not has & _words(none):
            return role
    return None


def parse_mapping(texts: Iterable[str], headings: Sequence[str]) -> Mapping[str, Role]:
    """Roles by heading from texts such as `Organisation=partner`. Raises ConcordError where one is not right."""
    known = {plain(heading): heading for heading in headings}
    found: dict[str, Role] = {}
    for text in texts:
        heading, equals, role = text.rpartition("=")
        if not equals or role.strip().lower() not in set(Role):
            raise ConcordError(f"'{text}' is no mapping; write COLUMN=WORD, with one of the words {', '.join(Role)}.")
        if plain(heading) not in known:
            shown = ", ".join(f"'{each}'" for each in headings)
            raise ConcordError(f"There is no column '{heading.strip()}'; the columns are {shown}.")
        found[known[plain(heading)]] = Role(role.strip().lower())
    return found


def _of_organisation(has: frozenset[str]) -> Role:
    if has & _words("type typologie category categorie"):
        return Role.PARTNER_TYPE
    if has & _words("acronym acronyme sigle abbreviation abbr short"):
        return Role.SHORT_NAME
    if has & _words("implementing implementer execution executant"):
        return Role.IMPLEMENTER
    return Role.SKIP if has & _words("id code") else Role.PARTNER


def _joined_levels(words: str) -> str:
    """`admin 1` and `adm 1` as one word; `p code` as `pcode`."""
    return re.sub(r"\bp codes?\b", "pcode", re.sub(r"\b(adm|admin) ([1-4])\b", r"\1\2", words))


def _first(rules: Sequence[tuple[Role, str, str]], has: frozenset[str]) -> Role | None:
    for role, some, none in rules:
        if has & _words(some) and not has & _words(none):
            return role
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())
