"""The commands share and backups, and protected files on the command line."""

import getpass
import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from planner.edits import set_cell
from planner.history import versions
from planner.scenario import Initiative, Region, Requirement, Scenario, Settings
from planner.store import StoredFile, read_file, save_file
from resources.offers import Partner, Pledge, Resource, Veto
from ui.command_line import main
from ui.command_line.exit_codes import ExitCode
from ui.command_line.passphrases import FILE_VARIABLE, NEW_FILE_VARIABLE, NEW_VARIABLE, VARIABLE, find_passphrase

HOME = Scenario(
    settings=Settings(title="Two valleys", note="between us"),
    partners=(Partner(code="A", note="leaves in March"), Partner(code="B")),
    regions=(Region(code="R1"),),
    initiatives=(Initiative(code="I1"),),
    resources=(Resource(code="USD", category="funding"),),
    pledges=(
        Pledge(code="PA", partner="A", resource="USD", quantity=100, likelihood=0.5),
        Pledge(code="PB", partner="B", resource="USD", quantity=50, likelihood=0.25),
    ),
    requirements=(Requirement(initiative="I1", region="R1", resource="USD", quantity=120),),
    vetoes=(Veto(partner="A", with_partner="B", reason="they owe us"),),
)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own to work in, for backups too, and no passphrase from anywhere."""
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    for name in (VARIABLE, FILE_VARIABLE, NEW_VARIABLE, NEW_FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    find_passphrase.cache_clear()
    save_file("home.concord", StoredFile(scenario=HOME))


def test_that_a_preview_tells_what_leaves_and_what_stays_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tmp_path.iterdir())
    assert main(["share", "home.concord", "--for", "public", "--preview"]) == ExitCode.DONE
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "Leaves, for everybody:",
        "  Scenario: title, sensitivity",
        "  Partners 2 rows: code",
        "  Regions 1 row: code",
        "  Initiatives 1 row: code",
        "  Resources 1 row: code, category",
        "  Pledges 2 rows: code, partner, resource, quantity",
        "  Requirements 1 row: initiative, region, resource, quantity",
        "Stays here:",
        "  Scenario: note",
        "  Partners A: note",
        "  Pledges PA: likelihood",
        "  Pledges PB: likelihood",
        "  Vetoes A B: the whole row",
        "  History 1: every earlier save",
        "The copy is labelled public; here the scenario is internal.",
        "Only a preview: nothing was written.",
    ]
    assert sorted(tmp_path.iterdir()) == before


def test_that_a_partner_gets_its_own_and_what_comes_back_is_merged(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["share", "home.concord", "--for", "partner", "A", "-o", "for-a.concord"]) == ExitCode.DONE
    told = capsys.readouterr().out.splitlines()
    assert "  Pledges 2 rows: code, partner, resource, quantity, likelihood (only in its own row)" in told
    assert told[told.index("Stays here:") + 1 : -2] == [
        "  Scenario: note",
        "  Partners 1 row: note",
        "  Pledges 1 row: likelihood",
        "  History 1: every earlier save",
    ]
    copy = read_file("for-a.concord")
    assert [row.reason for row in copy.scenario.vetoes] == ["they owe us"]
    assert [row.likelihood for row in copy.scenario.pledges] == [0.5, 1.0]
    save_file("for-a.concord", replace(copy, scenario=set_cell(copy.scenario, "pledges", 0, "quantity", 140.0)))

    assert main(["merge", "home.concord", "for-a.concord", "-o", "merged.concord"]) == ExitCode.DONE
    merging = capsys.readouterr()
    assert "0 changes only in mine, 1 only in theirs" in merging.out
    assert "only what was edited in it counts as changed" in merging.out
    assert merging.err == ""
    merged = read_file("merged.concord").scenario
    assert [(row.quantity, row.likelihood) for row in merged.pledges] == [(140, 0.5), (50, 0.25)]
    assert (merged.partners, merged.vetoes, merged.settings) == (HOME.partners, HOME.vetoes, HOME.settings)


def test_that_merging_the_wrong_way_round_says_to_swap_the_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["share", "home.concord", "--for", "all", "-o", "copy.concord"]) == ExitCode.DONE
    capsys.readouterr()
    assert main(["merge", "copy.concord", "home.concord", "-o", "merged.concord"]) == ExitCode.WRONG_USAGE
    assert "swap the two: merge home.concord copy.concord." in capsys.readouterr().err

    assert main(["export", "home.concord", "--workbook", "home.xlsx"]) == ExitCode.DONE
    assert main(["merge", "home.concord", "home.xlsx", "-o", "merged.concord"]) == ExitCode.WRONG_USAGE
    assert "home.xlsx is a workbook, and workbooks do not tell: --base takes" in capsys.readouterr().err
    assert not Path("merged.concord").exists()


def test_that_what_is_written_over_something_hidden_is_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["share", "home.concord", "--for", "all", "-o", "copy.concord"]) == ExitCode.DONE
    copy = read_file("copy.concord")
    save_file("copy.concord", replace(copy, scenario=set_cell(copy.scenario, "partners", 0, "note", "stays")))
    capsys.readouterr()
    assert main(["merge", "home.concord", "copy.concord", "-o", "merged.concord"]) == ExitCode.CONFLICTS_LEFT
    assert "Partners A, note: – in the base, leaves in March in mine, stays in theirs" in capsys.readouterr().out


def test_that_a_shared_copy_is_not_imported_over_its_original(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["share", "home.concord", "--for", "all", "-o", "copy.concord"]) == ExitCode.DONE
    capsys.readouterr()
    assert main(["import", "copy.concord", "--into", "home.concord"]) == ExitCode.INPUT_HAS_ERRORS
    err = capsys.readouterr().err
    assert "is a copy of home.concord that was shared" in err
    assert "concord merge home.concord copy.concord -o OUT" in err
    assert err.count("\n") == 1
    assert read_file("home.concord").scenario == HOME


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--for", "everyone", "-o", "x.concord"], ExitCode.WRONG_USAGE, "'everyone' is nobody to share with"),
        (["--for", "partner", "C", "-o", "x.concord"], ExitCode.INPUT_HAS_ERRORS, "There is no partner 'C'"),
        (["--for", "all"], ExitCode.WRONG_USAGE, "--output OUT.concord"),
        (["--for", "all", "-o", "x.xlsx"], ExitCode.WRONG_USAGE, "a copy is a .concord file"),
        (["--for", "all", "-o", "home.concord"], ExitCode.WRONG_USAGE, "is the file to share"),
        (["--for", "all", "-o", "x.concord", "--protect"], ExitCode.ENVIRONMENT_FAILED, "A passphrase is needed"),
    ],
)
def test_that_a_wrong_call_is_one_sentence_and_writes_nothing(
    words: list[str],
    code: ExitCode,
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    before = sorted(tmp_path.iterdir())
    assert main(["share", "home.concord", *words]) == code
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def test_that_a_protected_copy_opens_with_its_passphrase_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.txt").write_text("three green pears\nnot this\n", encoding="utf-8")
    for name in (FILE_VARIABLE, NEW_FILE_VARIABLE):
        monkeypatch.setenv(name, str(tmp_path / "secret.txt"))
    assert main(["share", "home.concord", "--for", "all", "-o", "copy.concord", "--protect"]) == ExitCode.DONE
    assert b"SQLite" not in Path("copy.concord").read_bytes()
    assert main(["check", "copy.concord"]) == ExitCode.DONE

    find_passphrase.cache_clear()
    monkeypatch.setenv(VARIABLE, "three red pears")
    capsys.readouterr()
    assert main(["check", "copy.concord"]) == ExitCode.ENVIRONMENT_FAILED
    assert capsys.readouterr().err == "concord: This passphrase does not open copy.concord; type it again.\n"


def test_that_a_copy_is_never_protected_by_the_passphrase_of_the_file_at_home(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    save_file("home.concord", StoredFile(scenario=HOME, passphrase="three green pears"))
    monkeypatch.setenv(VARIABLE, "three green pears")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    call = ["share", "home.concord", "--for", "public", "-o", "copy.concord", "--protect"]
    assert main(call) == ExitCode.ENVIRONMENT_FAILED
    assert "CONCORD_NEW_PASSPHRASE" in capsys.readouterr().err
    assert not Path("copy.concord").exists()

    monkeypatch.setenv(NEW_VARIABLE, "four yellow plums")
    assert main(call) == ExitCode.DONE
    assert read_file("copy.concord", passphrase="four yellow plums").scenario.partners


def test_that_a_passphrase_is_typed_unseen_and_a_new_one_twice(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = iter(["three green pears", "three green bears"])

    def answer(question: str) -> str:
        asked.append(question)
        return next(answers)

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", answer)
    call = ["share", "home.concord", "--for", "all", "-o", "copy.concord", "--protect"]
    assert main(call) == ExitCode.ENVIRONMENT_FAILED
    assert "differ; nothing was written" in capsys.readouterr().err
    assert len(asked) == 2
    assert not Path("copy.concord").exists()


def test_that_an_earlier_version_is_listed_and_restored(capsys: pytest.CaptureFixture[str]) -> None:
    stored = read_file("home.concord")
    save_file("home.concord", replace(stored, scenario=set_cell(HOME, "partners", 0, "name", "Aspen")))
    assert main(["backups", "home.concord"]) == ExitCode.DONE
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("1  replaced 20")
    assert told[1] == "1 version of home.concord is kept."

    assert main(["backups", "home.concord", "--restore", "1", "-o", "earlier.concord"]) == ExitCode.DONE
    assert read_file("earlier.concord").scenario == HOME
    assert read_file("home.concord").scenario.partners[0].name == "Aspen"
    assert main(["backups", "home.concord", "--restore", "1"]) == ExitCode.DONE
    restored = read_file("home.concord")
    assert restored.scenario == HOME
    assert [version.after is not None for version in versions(restored)] == [True, True]  # the history goes on
    assert restored.states[-1].record.done[0].startswith("restore the version replaced 20")
    capsys.readouterr()
    assert main(["backups", "home.concord"]) == ExitCode.DONE
    assert capsys.readouterr().out.endswith("2 earlier versions of home.concord are kept.\n")
    assert main(["backups", "home.concord", "--restore", "9"]) == ExitCode.INPUT_HAS_ERRORS
    assert "There is no earlier version 9" in capsys.readouterr().err
