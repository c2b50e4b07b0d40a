"""Tables from the field on the command line."""

from pathlib import Path

import pytest

from planner.store import read_file
from ui.command_line import ExitCode, main

TABLE = """Organisation,Cluster,Province,Beneficiaries
Caritas Suisse,WASH,North,10
Caritas Suisse,Health,North,
Cartias Suisse,WASH,South,many
Aid One,Health,,5
"""


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A small table with a misspelt name, a figure that is none and a row without a place."""
    monkeypatch.chdir(tmp_path)
    Path("3w.csv").write_text(TABLE, encoding="utf-8")
    return "3w.csv"


def test_that_counts_similar_names_and_problems_are_told_and_good_rows_come_in(
    table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", table, "--into", "new.concord"]) == ExitCode.INPUT_HAS_ERRORS
    out, err = capsys.readouterr()
    assert "3w.csv: Organisation = partner; Cluster = sector; Province = region; Beneficiaries = people\n" in out
    assert "  Rows: 4 with something in them, 3 used, 1 refused.\n" in out
    assert "partner: 'Cartias Suisse' and 'Caritas Suisse'\n" in out
    assert "3w.csv: line 5, Province: row refused: This row names no region" in err
    assert "3w.csv: line 4, Beneficiaries: value dropped: 'many' is not a number" in err
    assert [row.name for row in read_file("new.concord").scenario.partners] == ["Caritas Suisse", "Cartias Suisse"]


def test_that_names_can_be_joined_and_columns_put_right(table: str) -> None:
    join = ["--join", "Cartias Suisse=Caritas Suisse"]
    main(["import", table, "--into", "new.concord", "--map", "Cluster=project", *join])
    scenario = read_file("new.concord").scenario
    assert [row.code for row in scenario.partners] == ["Caritas-Suisse"]
    assert ("columns of 3w", "Cluster = project") in scenario.settings.extra


def test_that_options_for_tables_want_one(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["sample", "-o", "sample.xlsx"])
    assert main(["import", "sample.xlsx", "--into", "new.concord", "--sheet", "X"]) == ExitCode.WRONG_USAGE
    assert "--sheet is for tables from the field" in capsys.readouterr().err


def test_that_a_preview_of_a_table_writes_nothing(table: str) -> None:
    main(["import", table, "--into", "new.concord", "--preview"])
    assert not Path("new.concord").exists()


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("note.txt", "Please find the table attached\n", "its first line names no columns"),
        ("note.xml", "<?xml version='1.0'?><note>1</note>", "it is an XML file"),
    ],
)
def test_that_a_file_without_a_table_is_told_to_be_none(
    tmp_path: Path, name: str, content: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert main(["import", str(path), "--into", str(tmp_path / "new.concord")]) == ExitCode.INPUT_HAS_ERRORS
    assert f"{path} is no table: {what}" in capsys.readouterr().err
    assert not (tmp_path / "new.concord").exists()
