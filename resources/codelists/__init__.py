"""The field's code lists: organisation types, purposes, currencies, countries, and Concord's own short lists.

Each list is a CSV file beside this module; its first lines, after `#`, say what it is, where it is from and its date.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

NAMES = (
    "categories",
    "components",
    "countries",
    "currencies",
    "dac_purposes",
    "organisation_types",
    "periods",
    "pledge_statuses",
    "sensitivities",
    "strategies",
    "weightings",
)

# Organisation types that count as local where the user says nothing else; the definition is disputed.
LOCAL_TYPES = frozenset({"11", "22", "24", "72"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A code and the name that people know it by."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Country(Entry):
    """A country: its alpha-3 code, name and alpha-2 code, which IATI files use."""

    alpha_2: str


@cache
def code_list(name: str) -> Mapping[str, Entry]:
    """The entries of one of NAMES by their codes, in the order of its file."""
    entry_type = Country if name == "countries" else Entry
    return MappingProxyType({row["code"]: entry_type(**row) for row in _rows(name)})


@cache
def countries_by_alpha_2() -> Mapping[str, Country]:
    """The countries by their alpha-2 codes."""
    countries = (Country(**row) for row in _rows("countries"))
    return MappingProxyType({country.alpha_2: country for country in countries})


def _rows(name: str) -> list[dict[str, str]]:
    if name not in NAMES:
        raise ValueError(f"no code list is named {name!r}; there are {', '.join(NAMES)}")
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
