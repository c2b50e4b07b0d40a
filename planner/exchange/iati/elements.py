"""Read the activities of an IATI file one after the other: a file of any length takes the memory of one activity."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from planner.exchange.csv_table import clean_text
from planner.files import saying_why
from planner.problems import EnvironmentProblem
from planner.progress import Tell, to_nobody

LARGEST = 64 * 1024 * 1024  # bytes; the registry of IATI takes files of up to 60 MB
_ROOT, _ACTIVITY = "iati-activities", "iati-activity"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_KINDS = {"IF": "1", "C": "2", "D": "3", "E": "4"}  # transaction types of version 1
_ROLES = {"funding": "1", "accountable": "2", "extending": "3", "implementing": "4"}
DAC_PURPOSES = "1"  # the vocabulary of OECD-DAC purpose codes
_VOCABULARIES = {"": "1", "DAC": "1", "DAC-3": "2", "COFOG": "3", "RO": "99"}  # of version 1


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as an activity names it; `role` is an IATI OrganisationRole."""

    name: str
    type: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Transaction:
    """Money as it is written: `kind` is an IATI TransactionType, `value` the text of the amount."""

    kind: str
    value: str
    currency: str
    provider: str
    receiver: str


@dataclass(frozen=True, slots=True)
class Budget:
    """What an activity plans to spend in a period; a revised one stands for the original of the same days."""

    start: str
    end: str
    is_revised: bool
    value: str
    currency: str


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of some vocabulary (IATI SectorVocabulary) with its share of the activity, 0 where none is written."""

    vocabulary: str
    code: str
    name: str
    share: float


@dataclass(frozen=True, slots=True)
class AidActivity:
    """One activity. `places` are codes and names with their percentage, where one is written."""

    identifier: str
    hierarchy: int
    title: str
    reporter: Organisation
    organisations: tuple[Organisation, ...]
    sectors: tuple[Sector, ...]
    countries: tuple[tuple[str, float | None], ...]
    regions: tuple[tuple[str, str, float | None], ...]
    locations: tuple[str, ...]
    budgets: tuple[Budget, ...]
    transactions: tuple[Transaction, ...]


def is_iati(path: Path) -> bool:
    """Whether a file begins as one of IATI activities does, in any encoding."""
    with saying_why(path, "read"), path.open("rb") as source:
        head = source.read(4096).replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<") and f"<{_ROOT}".encode() in head


def read_activities(path: Path, tell: Tell = to_nobody) -> Iterator[AidActivity]:
    """The activities in their order. Raises EnvironmentProblem where the file cannot be read to its end."""
    with saying_why(path, "read"):
        size = path.stat().st_size
        if size > LARGEST:
            raise EnvironmentProblem(f"{path} is larger than {LARGEST >> 20} MB; split it by country or by year.")
    try:
        with saying_why(path, "read"), path.open("rb") as source:
            events = iterparse(source, events=("start", "end"), forbid_dtd=True)
            _, root = next(events)
            if root.tag != _ROOT:
                raise EnvironmentProblem(
                    f"{path} is not a file of IATI activities: it begins with '{root.tag}'; download the activities."
                )
            for event, element in events:
                if event == "end" and element.tag == _ACTIVITY:
                    yield _activity(element)
                    root.clear()
                    tell(min(1.0, source.tell() / size))
    except ParseError as error:
        raise EnvironmentProblem(
            f"{path} is damaged in line {error.position[0]}: it is not well-formed XML; download it again."
        ) from error
    except DefusedXmlException as error:
        raise EnvironmentProblem(
            f"{path} declares entities, which no IATI file needs and which can do harm; download it from its publisher."
        ) from error
    except (ValueError, LookupError) as error:  # an encoding that is not known
        raise EnvironmentProblem(f"{path} is in an encoding that cannot be read; save it as UTF-8.") from error


def _activity(element: Element) -> AidActivity:
    currency = element.get("default-currency", "").strip().upper()
    hierarchy = element.get("hierarchy", "1").strip()
    return AidActivity(
        identifier=_text(element.find("iati-identifier")),
        hierarchy=int(hierarchy) if hierarchy.isascii() and hierarchy.isdigit() else 1,
        title=_text(element.find("title")),
        reporter=_organisation(element.find("reporting-org")),
        organisations=tuple(map(_organisation, element.findall("participating-org"))),
        sectors=tuple(sector for each in element.findall("sector") if (sector := _sector(each)).code),
        countries=tuple(
            (each.get("code", "").strip().upper(), _share(each)) for each in element.findall("recipient-country")
        ),
        regions=tuple(
            (each.get("code", "").strip(), _text(each), _share(each)) for each in element.findall("recipient-region")
        ),
        locations=tuple(filter(None, (_text(each.find("name")) for each in element.findall("location")))),
        budgets=tuple(_budget(each, currency) for each in element.findall("budget")),
        transactions=tuple(_transaction(each, currency) for each in element.findall("transaction")),
    )


def _sector(element: Element) -> Sector:
    vocabulary = element.get("vocabulary", "").strip()
    name = _text(element)
    code = element.get("code", "").strip() or name
    return Sector(_VOCABULARIES.get(vocabulary, vocabulary), code, name, _share(element) or 0.0)


def _organisation(element: Element | None) -> Organisation:
    if element is None:
        return Organisation("")
    role = element.get("role", "").strip()
    name = _text(element) or element.get("ref", "").strip()
    return Organisation(name, element.get("type", "").strip(), _ROLES.get(role.lower(), role))


def _budget(element: Element, currency: str) -> Budget:
    value = element.find("value")
    start, end = (_attribute(element.find(name), "iso-date") for name in ("period-start", "period-end"))
    is_revised = element.get("type", "").strip().lower() in ("2", "revised")
    return Budget(start, end, is_revised, _text(value), _attribute(value, "currency").upper() or currency)


def _transaction(element: Element, currency: str) -> Transaction:
    value = element.find("value")
    kind = _attribute(element.find("transaction-type"), "code")
    return Transaction(
        _KINDS.get(kind, kind),
        _text(value),
        _attribute(value, "currency").upper() or currency,
        _organisation(element.find("provider-org")).name,
        _organisation(element.find("receiver-org")).name,
    )


def _text(element: Element | None) -> str:
    """Text on one line: the narrative in English where there are several, else the first, else the text itself."""
    if element is None:
        return ""
    narratives = element.findall("narrative")
    chosen = next((each for each in narratives if each.get(_LANGUAGE, "").lower().startswith("en")), None)
    chosen = chosen if chosen is not None else narratives[0] if narratives else element
    return clean_text(chosen.text or "")


def _attribute(element: Any, name: str) -> str:
    return str(element.get(name, "")).strip() if element is not None else ""


def _share(element: Element) -> float | None:
    """The percentage as a share; None where none is written that can be read."""
    try:
        share = float(element.get("percentage", "")) / 100
    except ValueError:
        return None
    return share if 0 < share <= 1 else None
