"""IATI activities: money counted once, at the lowest hierarchy, and files that are none end in one sentence."""

from collections import defaultdict
from pathlib import Path

import pytest

from planner.exchange.addition import add_scenario
from planner.exchange.field import FieldResult
from planner.exchange.iati import is_iati, read_iati
from planner.problems import ConcordError
from planner.scenario import Scenario
from planner.store import read_file
from ui.command_line import ExitCode, main

ORGANISATIONS = """
  <reporting-org ref="XX-1" type="40"><narrative>Relief Fund</narrative></reporting-org>
  <participating-org role="1" type="10"><narrative>Norland</narrative></participating-org>
  <participating-org role="4" type="22"><narrative>Local Two</narrative></participating-org>"""
PLACES = """
  <recipient-country code="ML" percentage="60"/><recipient-country code="NE" percentage="40"/>
  <location><name><narrative>Gao</narrative></name></location>
  <sector code="15250" percentage="30"/><sector code="15220" percentage="70"/>"""
BUDGETS = "".join(
    f'<budget type="{kind}"><period-start iso-date="{year}-01-01"/><period-end iso-date="{year}-12-31"/>'
    f"<value>{value}</value></budget>"
    for kind, year, value in ((1, 2027, 900), (2, 2027, 1000.01), (1, 2028, 500))
)


def activity(identifier: str, *parts: str, hierarchy: int = 2) -> str:
    title = f"<title><narrative>Project {identifier}</narrative></title>"
    head = f'<iati-activity default-currency="USD" hierarchy="{hierarchy}">'
    return f"{head}<iati-identifier>{identifier}</iati-identifier>{title}{''.join(parts)}</iati-activity>"


def transaction(kind: str, value: str, provider: str = "", currency: str = "") -> str:
    giver = f"<provider-org><narrative>{provider}</narrative></provider-org>" if provider else ""
    money = f'<value currency="{currency}">{value}</value>' if currency else f"<value>{value}</value>"
    return f'<transaction><transaction-type code="{kind}"/>{money}{giver}</transaction>'


def write(folder: Path, *activities: str, head: str = "") -> Path:
    path = folder / "activities.xml"
    path.write_text(f'{head}<iati-activities version="2.03">{"".join(activities)}</iati-activities>', encoding="utf-8")
    return path


def read(folder: Path, *activities: str) -> FieldResult:
    return read_iati(write(folder, *activities), Scenario())


def test_that_an_activity_becomes_an_initiative_with_places_partners_and_budgets(tmp_path: Path) -> None:
    result = read(tmp_path, activity("XX-1-A", ORGANISATIONS, PLACES, BUDGETS))
    scenario = result.scenario
    (initiative,) = scenario.initiatives
    assert (initiative.name, initiative.dac_code) == ("Project XX-1-A", "15220")
    assert dict(initiative.extra) == {"iati_identifier": "XX-1-A", "sectors": "15220 70%; 15250 30%"}
    assert [(row.name, row.type, row.local) for row in scenario.partners] == [
        ("Local Two", "22", True),
        ("Norland", "10", False),
        ("Relief Fund", "40", False),
    ]
    assert [(row.region, row.quantity) for row in scenario.requirements] == [("MLI", 900.01), ("NER", 600)]
    assert {(row.implementer, row.note) for row in scenario.activities} == {("Local-Two", "Gao")}
    assert "Budgets: 1,500.01 in the file, 1,500.01 in the scenario." in result.proof


def test_that_what_was_paid_is_not_counted_again_as_committed(tmp_path: Path) -> None:
    money = (transaction("11", "100", "Norland"), transaction("1", "30", "Norland"), transaction("1", "10"))
    result = read(tmp_path, activity("A", ORGANISATIONS, *money, transaction("3", "99", "Relief Fund")))
    found = {(row.partner, row.status): row.quantity for row in result.scenario.pledges}
    assert found == {("Norland", "paid"): 40, ("Norland", "commitment"): 60}


def test_that_outgoing_money_counts_where_nothing_comes_in(tmp_path: Path) -> None:
    money = (transaction("2", "100"), transaction("3", "30"), transaction("4", "20"))
    result = read(tmp_path, activity("A", ORGANISATIONS, *money))
    found = {(row.partner, row.status): row.quantity for row in result.scenario.pledges}
    assert found == {("Relief-Fund", "paid"): 50, ("Relief-Fund", "commitment"): 50}


def test_that_only_the_lowest_hierarchy_of_a_reporting_organisation_counts(tmp_path: Path) -> None:
    money = transaction("1", "100", "Norland")
    result = read(
        tmp_path,
        activity("PARENT", ORGANISATIONS, money, hierarchy=1),
        activity("CHILD", ORGANISATIONS, money),
        activity("OTHER", "<reporting-org><narrative>Other</narrative></reporting-org>", money, hierarchy=1),
    )
    assert sorted(row.code for row in result.scenario.initiatives) == ["CHILD", "OTHER"]
    assert sum(row.quantity for row in result.scenario.pledges) == 200
    assert "1 left out" in result.proof[0]


def test_that_amounts_that_cannot_be_added_are_told_and_the_rest_comes_in(tmp_path: Path) -> None:
    money = [transaction("1", "5", "Norland"), transaction("1", "5", currency="EUR"), transaction("1", "many")]
    result = read(tmp_path, activity("A", ORGANISATIONS, BUDGETS, *money))
    assert [row.quantity for row in result.scenario.pledges] == [5]
    assert [found.value for found in result.findings] == ["5", "many"]
    assert "It is in EUR" in result.findings[0].message


def test_that_importing_twice_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, activity("A", ORGANISATIONS, PLACES, BUDGETS, transaction("1", "5", "Norland")))
    once, _ = add_scenario(Scenario(), read_iati(path, Scenario()).scenario)
    twice, _ = add_scenario(once, read_iati(path, once).scenario)
    assert twice == once


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("head", "activities", "words"),
    [
        (BOMB, "", "declares entities"),
        ("", "<iati-activity>", "damaged in line 1"),
        ("<other>", "</other>", "begins with 'other'"),
        ('<?xml version="1.0" encoding="no-such"?>', "", "damaged|encoding"),
        ("", "", "holds no activity"),
    ],
)
def test_that_files_that_cannot_be_read_end_in_one_sentence(
    tmp_path: Path, head: str, activities: str, words: str
) -> None:
    with pytest.raises(ConcordError, match=words) as refused:
        read_iati(write(tmp_path, activities, head=head), Scenario())
    assert "\n" not in str(refused.value)


def test_that_the_command_line_takes_activities_in_and_shows_their_sums(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, activity("A", ORGANISATIONS, PLACES, BUDGETS, transaction("1", "5", "Norland")))
    assert is_iati(path)
    assert main(["import", str(path), "--into", str(tmp_path / "new.concord")]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert "Incoming funds in the file: 5.00 USD." in out
    assert "Norland: 5.00 by the transactions, 5.00 in the scenario." in out
    sums: dict[str, float] = defaultdict(float)
    for pledge in read_file(tmp_path / "new.concord").scenario.pledges:
        sums[pledge.partner] += pledge.quantity
    assert sums == {"Norland": 5}


SECTORS = """
  <sector vocabulary="10" code="7" percentage="60"><narrative>Health</narrative></sector>
  <sector vocabulary="10" code="11" percentage="40"><narrative>Water</narrative></sector>
  <sector vocabulary="1" code="15220" percentage="100"/>"""


def test_that_the_sectors_of_a_vocabulary_can_be_the_initiatives_and_no_cent_is_lost(tmp_path: Path) -> None:
    money = (transaction("1", "100.01", "Norland"), transaction("1", "50"))
    path = write(tmp_path, activity("A", ORGANISATIONS, PLACES, SECTORS, BUDGETS, *money), activity("B", *money))
    result = read_iati(path, Scenario(), mapping=["sector vocabulary 10=initiative"])
    assert sorted(row.name for row in result.scenario.initiatives) == ["Health", "Not specified", "Water"]
    assert sum(round(row.quantity * 100) for row in result.scenario.pledges) == 2 * 15001
    assert sum(round(row.quantity * 100) for row in result.scenario.requirements) == 150001
    health = next(row.code for row in result.scenario.initiatives if row.name == "Health")
    assert sum(row.quantity for row in result.scenario.pledges if row.initiatives == (health,)) == 90.01
    assert result.roles["sector vocabulary 10 (humanitarian clusters)"] == "initiative"
    twice = read_iati(path, add_scenario(Scenario(), result.scenario)[0])
    assert {row.code for row in twice.scenario.initiatives} == {row.code for row in result.scenario.initiatives}


def test_that_roles_transactions_and_places_are_taken_for_what_was_told(tmp_path: Path) -> None:
    accountable = '<participating-org role="2" type="22"><narrative>Local Three</narrative></participating-org>'
    money = (transaction("12", "70"), transaction("3", "30"))
    path = write(tmp_path, activity("A", ORGANISATIONS, accountable, PLACES, BUDGETS, *money))
    told = ["organisation role 4 (implementing)=skip", "organisation role 2=implementer", "transaction type 3=skip"]
    scenario = read_iati(path, Scenario(), mapping=[*told, "location=region"]).scenario
    assert {(row.region, row.implementer) for row in scenario.activities} == {("Gao", "Local-Three")}
    assert [(row.quantity, row.status) for row in scenario.pledges] == [(70, "pledge")]
    again = read_iati(path, add_scenario(Scenario(), scenario)[0])
    assert again.roles["transaction type 3 (disbursements)"] == "skip"
    assert [row.region for row in again.scenario.activities] == ["Gao"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("transaction type 5=paid", "with one of the parts 'sector vocabulary 1'"),
        ("organisation role 4=region", "may be partner, implementer or skip"),
        ("location", "is no mapping of this file"),
    ],
)
def test_that_a_wrong_mapping_says_what_can_be_written(tmp_path: Path, told: str, words: str) -> None:
    with pytest.raises(ConcordError, match=words):
        read_iati(write(tmp_path, activity("A", ORGANISATIONS, PLACES)), Scenario(), mapping=[told])
