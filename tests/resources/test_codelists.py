"""Code lists hold what their standards say, and nobody can change them by accident."""

import re
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest

from resources import codelists
from resources.codelists import LOCAL_TYPES, NAMES, Country, code_list, countries_by_alpha_2


def published_codes(folder: Path, name: str) -> dict[str, str]:
    """Code -> name of an IATI code list file, without the withdrawn ones."""
    items = ElementTree.parse(folder / "field" / "codelists" / f"{name}.xml").iter("codelist-item")
    in_force = (item for item in items if item.get("status") != "withdrawn")
    return {item.findtext("code", ""): item.findtext("name/narrative", "") for item in in_force}


@pytest.mark.parametrize("name", NAMES)
def test_that_every_entry_has_a_code_and_a_name_without_outer_blanks(name: str):
    for code, entry in code_list(name).items():
        assert entry.code == code
        assert code
        assert entry.name
        assert (code, entry.name) == (code.strip(), entry.name.strip())


@pytest.mark.parametrize("name", NAMES)
def test_that_every_file_says_its_source_and_date_and_repeats_no_code(name: str):
    text = files(codelists).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    heading = [line for line in text.splitlines() if line.startswith("#")]
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert re.search(r"Source: .*20\d\d-\d\d-\d\d", " ".join(heading))
    assert len(code_list(name)) == len(rows) - 1


def test_that_every_file_is_a_named_list():
    assert sorted(file.name for file in files(codelists).iterdir() if file.name.endswith(".csv")) == [
        f"{name}.csv" for name in NAMES
    ]


def test_that_a_list_cannot_be_changed():
    with pytest.raises(TypeError):
        code_list("currencies")["AAA"] = code_list("currencies")["USD"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        code_list("currencies")["USD"].name = "Dollar"  # type: ignore[misc]


def test_that_an_unknown_list_is_refused_with_the_names_of_those_there_are():
    with pytest.raises(ValueError, match="no code list is named 'colours'; there are categories, "):
        code_list("colours")


def test_that_all_assigned_countries_are_there_and_kosovo_beside_them():
    countries = code_list("countries")
    assert len(set(countries) - {"XKX"}) == 249
    assert all(re.fullmatch("[A-Z]{3}", code) for code in countries)
    assert countries["CIV"].name == "Côte d'Ivoire"


def test_that_a_country_is_found_by_either_code():
    assert countries_by_alpha_2()["JO"] == code_list("countries")["JOR"] == Country("JOR", "Jordan", "JO")
    assert len(countries_by_alpha_2()) == len(code_list("countries"))


def test_that_currencies_are_those_one_can_pledge():
    currencies = code_list("currencies")
    assert {"USD", "EUR", "CHF", "XAF", "XOF", "SSP", "ZWG", "XCG"} <= set(currencies)
    assert not {"XAU", "XTS", "XXX", "ZWL", "ANG", "HRK"} & set(currencies)
    assert all(re.fullmatch("[A-Z]{3}", code) for code in currencies)


def test_that_local_types_are_organisation_types():
    assert set(code_list("organisation_types")) >= LOCAL_TYPES


def test_that_purposes_of_peace_and_security_are_complete():
    of_152 = {code for code in code_list("dac_purposes") if code.startswith("152")}
    assert of_152 == {"15210", "15220", "15230", "15240", "15250", "15261"}


def test_that_organisation_types_are_those_that_iati_publishes(shared_data: Path):
    published = published_codes(shared_data, "OrganisationType")
    assert {code: entry.name for code, entry in code_list("organisation_types").items()} == published


def test_that_no_country_that_iati_publishes_is_missing(shared_data: Path):
    assert set(published_codes(shared_data, "Country")) == set(countries_by_alpha_2())


def test_that_peace_purposes_are_those_that_iati_publishes(shared_data: Path):
    published = {code for code in published_codes(shared_data, "Sector") if code.startswith("152")}
    assert published == {code for code in code_list("dac_purposes") if code.startswith("152")}


def test_that_only_currencies_no_longer_in_force_are_missing_from_ours(shared_data: Path):
    outdated = "ANG BGN BYR CUC EEK HRK LTL LVL MRO SLL STD USS VEF XBT ZMK ZWL".split()
    assert set(published_codes(shared_data, "Currency")) - set(code_list("currencies")) == set(outdated)
