"""Contribution workbooks on the command line: out to every partner, a preview of what came back, then in."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from planner.samples import build_sample
from planner.store import StoredFile, read_file, save_file
from ui.command_line import ExitCode, main


@pytest.fixture
def scenario_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario file in a folder of one's own, with every partner's workbook in the folder `out`."""
    monkeypatch.chdir(tmp_path)
    path = Path("first.concord")
    save_file(path, StoredFile(scenario=build_sample("first-steps")))
    assert main(["export", str(path), "--contributions", "out"]) == ExitCode.DONE
    return path


def fill(name: str, **cells: object) -> Path:
    """Write into the sheet Pledges of a partner's workbook, as the partner would."""
    path = Path("out") / name
    book = load_workbook(path)
    for address, value in cells.items():
        book["Pledges"][address] = value
    book.save(path)
    return path


def test_that_each_partner_gets_a_file_and_one_can_be_asked_for_alone(scenario_file: Path) -> None:
    names = {"contribution-FUND.xlsx", "contribution-WORKS.xlsx", "contribution-VOICES.xlsx"}
    assert {path.name for path in Path("out").iterdir()} == names
    assert main(["export", str(scenario_file), "--contributions", "a/new", "--partner", "FUND"]) == ExitCode.DONE
    assert [path.name for path in Path("a/new").iterdir()] == ["contribution-FUND.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), ExitCode.WRONG_USAGE),
        (("--partner", "FUND"), ExitCode.WRONG_USAGE),
        (("--contributions", "out", "--partner", "NOBODY"), ExitCode.WRONG_USAGE),
        (("--contributions", "first.concord"), ExitCode.ENVIRONMENT_FAILED),
    ],
)
def test_that_a_call_that_names_nothing_to_write_says_so(
    scenario_file: Path, arguments: tuple[str, ...], code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["export", str(scenario_file), *arguments]) == code
    assert capsys.readouterr().err.startswith("concord: ")


def test_that_a_workbook_that_a_partner_filled_in_is_not_written_over(
    scenario_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    back = fill("contribution-WORKS.xlsx", A5="Update", F5=2)
    before = {path: path.read_bytes() for path in Path("out").iterdir()}
    assert main(["export", str(scenario_file), "--contributions", "out"]) == ExitCode.ENVIRONMENT_FAILED
    assert f"{back} was filled in and would be lost, so nothing was written" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in Path("out").iterdir()} == before
    back.unlink()
    assert main(["export", str(scenario_file), "--contributions", "out"]) == ExitCode.DONE


def test_that_a_preview_tells_every_change_and_writes_nothing(
    scenario_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = fill("contribution-FUND.xlsx", A5="Update", F5=250_000)
    other = fill("contribution-VOICES.xlsx", A5="Delete")
    before = scenario_file.read_bytes()
    assert main(["import", str(one), str(other), "--into", str(scenario_file), "--preview"]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert "Harbour Fund\n  Pledges!A5: F1 updated: quantity from '200000' to '250000'\n" in out
    assert "River Voices\n  Pledges!A5: V1 deleted\n" in out
    assert out.endswith("Only a preview: nothing was written.\n")
    assert scenario_file.read_bytes() == before


def test_that_importing_twice_writes_once(scenario_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    back = fill("contribution-FUND.xlsx", A5="Update", F5=250_000)
    assert main(["import", str(back), "--into", str(scenario_file)]) == ExitCode.DONE
    assert read_file(scenario_file).scenario.pledges[0].quantity == 250_000
    before = scenario_file.read_bytes()
    assert main(["import", str(back), "--into", str(scenario_file)]) == ExitCode.DONE
    assert "nothing to change" in capsys.readouterr().out
    assert scenario_file.read_bytes() == before


def test_that_a_refused_row_is_told_with_its_cell_and_the_good_ones_come_in(
    scenario_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    back = fill("contribution-FUND.xlsx", A5="Update", F5=250_000, A6="Update", F6="much")
    assert main(["import", str(back), "--into", str(scenario_file)]) == ExitCode.INPUT_HAS_ERRORS
    assert f"{back}: Pledges!F6: row refused: Quantity: 'much' is not a number" in capsys.readouterr().err
    quantities = [pledge.quantity for pledge in read_file(scenario_file).scenario.pledges[:2]]
    assert quantities == [250_000, 60_000]


def test_that_a_list_of_problems_is_not_imported(scenario_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    back = fill("contribution-FUND.xlsx", A6="Update", F6="much")
    assert main(["import", str(back), "--into", str(scenario_file), "--problems", "problems.xlsx"]) == (
        ExitCode.INPUT_HAS_ERRORS
    )
    capsys.readouterr()
    assert main(["import", "problems.xlsx", "--into", str(scenario_file)]) != ExitCode.DONE
    assert "problems.xlsx is a list of problems; correct them in the original file" in capsys.readouterr().err
