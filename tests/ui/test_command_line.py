"""The program without a screen: what it prints, what it writes, and the exit code it ends with."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from planner.cell_changes import apply_fix
from planner.exchange.workbook import read_workbook, write_workbook
from planner.plan_json import plan_from_json
from planner.samples import SAMPLES, build_sample
from planner.scenario import Rule
from planner.store import StoredFile, read_file, save_file
from resources.offers import Partner
from tests.exchange.sheets import Sheets, save, small
from ui.command_line import ExitCode, main

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclasses.dataclass(frozen=True)
class Ended:
    """How a call ended."""

    code: int
    out: str
    err: str


Call = Callable[..., Ended]


@pytest.fixture
def concord(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the program in an empty folder; no call may show a traceback or leave files half written."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Ended:
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert code != ExitCode.INTERNAL_FAULT, err
        assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]
        return Ended(code, out, err)

    return call


@pytest.fixture(scope="session")
def first_steps(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a small scenario file."""
    path = tmp_path_factory.mktemp("samples") / "first.concord"
    save_file(path, StoredFile(scenario=build_sample("first-steps")))
    return path.read_bytes()


@pytest.fixture
def scenario_file(first_steps: bytes, tmp_path: Path) -> Path:
    """A small scenario file of one's own."""
    path = tmp_path / "first.concord"
    path.write_bytes(first_steps)
    return path


# --- plan -------------------------------------------------------------------------------------------------------------


def test_that_plan_prints_a_summary_and_writes_what_was_asked(concord: Call, scenario_file: Path) -> None:
    ended = concord("plan", scenario_file, "--json", "plan.json", "--excel", "plan.xlsx", "--save")
    assert ended.code == ExitCode.DONE
    for words in (
        "First steps: Optimal (proven)",
        "Coverage",
        "Worst-covered region",
        "Pro-rata split",
        "Rule",
        "missing",
    ):
        assert words in ended.out
    plan = plan_from_json(json.loads(Path("plan.json").read_text(encoding="utf-8")))
    assert plan.status == "optimal"
    assert plan.allocations
    assert load_workbook("plan.xlsx").sheetnames
    stored = read_file(scenario_file)
    assert stored.plans == (plan,)
    assert stored.scenario == build_sample("first-steps")


def test_that_progress_goes_to_standard_error_and_quiet_silences_it(concord: Call, scenario_file: Path) -> None:
    assert "Checking every rule" in concord("plan", scenario_file).err
    assert concord("plan", scenario_file, "--quiet").err == ""


def test_that_json_on_standard_output_stands_alone(concord: Call, scenario_file: Path) -> None:
    ended = concord("plan", scenario_file, "--json", "-")
    assert plan_from_json(json.loads(ended.out)).status == "optimal"
    assert ended.out.isascii()


def test_that_a_workbook_gives_the_plan_of_the_scenario_file(concord: Call, scenario_file: Path) -> None:
    assert concord("export", scenario_file, "--workbook", "first.xlsx").code == ExitCode.DONE
    one = json.loads(concord("plan", scenario_file, "--json", "-", "--quiet").out)
    other = json.loads(concord("plan", "first.xlsx", "--json", "-", "--quiet").out)
    assert one["allocations"] == other["allocations"]
    assert one["scenario"] == other["scenario"]


def test_that_a_proof_of_no_plan_is_printed_and_written(concord: Call, tmp_path: Path) -> None:
    scenario = build_sample("first-steps")
    floor = Rule(rule="coverage_floor", value="1")
    save_file("never.concord", StoredFile(scenario=dataclasses.replace(scenario, rules=(*scenario.rules, floor))))
    ended = concord("plan", "never.concord", "--json", "never.json", "--save", "--quiet")
    assert ended.code == ExitCode.NO_PLAN_POSSIBLE
    assert "No plan can satisfy all the rules (proven)" in ended.out
    written = json.loads(Path("never.json").read_text(encoding="utf-8"))
    assert written["status"] == "infeasible"
    assert written["allocations"] == []
    assert read_file("never.concord").plans == ()
    assert "concord: No plan was stored in never.concord, because no plan is possible.\n" in ended.err


def test_that_a_fix_in_the_result_makes_a_plan_possible(concord: Call, tmp_path: Path) -> None:
    case = build_sample("first-steps")
    case = dataclasses.replace(case, rules=(Rule(rule="coverage_floor", value="99 %"),))
    save_file(tmp_path / "strict.concord", StoredFile(scenario=case))
    ended = concord("plan", "strict.concord", "--json", "none.json", "--excel", "none.xlsx")
    assert ended.code == ExitCode.NO_PLAN_POSSIBLE
    plan = plan_from_json(json.loads(Path("none.json").read_text(encoding="utf-8")))
    assert plan.fixes
    assert "What would make a plan possible:" in ended.out
    assert all(f"  {fix.text}" in ended.out for fix in plan.fixes)
    assert load_workbook("none.xlsx")["Fixes"]["B4"].value == plan.fixes[0].text
    save_file(tmp_path / "mended.concord", StoredFile(scenario=apply_fix(case, plan.fixes[0])))
    assert concord("plan", "mended.concord").code == ExitCode.DONE


def test_that_prices_are_found_by_planning_again_where_asked_for(concord: Call, scenario_file: Path) -> None:
    ended = concord("plan", scenario_file, "--prices", "--json", "priced.json", "--excel", "priced.xlsx")
    assert ended.code == ExitCode.DONE
    assert "Gain without it" in ended.out
    assert "What to ask for first:" in ended.out
    assert "Without condition 1 of" in ended.err
    priced = json.loads(Path("priced.json").read_text(encoding="utf-8"))["prices"]
    assert [row["gain"] for row in priced] == sorted((row["gain"] for row in priced), reverse=True)
    assert {"Prices", "Ask list"} <= set(load_workbook("priced.xlsx").sheetnames)
    plain = concord("plan", scenario_file)
    assert "Gain without it" not in plain.out


def test_that_a_limit_before_any_plan_has_its_own_exit_code(concord: Call) -> None:
    concord("sample", "--size", "m", "-o", "m.concord")
    ended = concord("plan", "m.concord", "--time-limit", "0,001", "--json", "m.json", "--excel", "m.xlsx", "--quiet")
    assert ended.code == ExitCode.NO_PLAN_IN_TIME
    assert "No plan was found, when the time limit ended the search" in ended.out
    assert json.loads(Path("m.json").read_text(encoding="utf-8"))["status"] == "unknown"
    assert not Path("m.xlsx").exists()
    assert ended.err.endswith("concord: m.xlsx was not written, because no plan was found before the search ended.\n")


@pytest.mark.parametrize("option", ["--json", "--excel"])
def test_that_a_target_that_cannot_be_written_is_refused_before_the_search(
    concord: Call, scenario_file: Path, option: str
) -> None:
    Path("file").write_text("")
    ended = concord("plan", scenario_file, option, "file/below.xlsx")
    assert ended.code == ExitCode.ENVIRONMENT_FAILED
    assert "below.xlsx cannot be written" in ended.err
    assert "Preparing" not in ended.err
    assert ended.out == ""
    assert sorted(os.listdir()) == ["file", "first.concord"]


def test_that_outputs_never_replace_the_scenario_or_each_other(concord: Call, scenario_file: Path) -> None:
    before = scenario_file.read_bytes()
    assert concord("plan", scenario_file, "--json", scenario_file).code == ExitCode.WRONG_USAGE
    assert concord("plan", scenario_file, "--json", "a.xlsx", "--excel", "a.xlsx").code == ExitCode.WRONG_USAGE
    assert scenario_file.read_bytes() == before
    assert os.listdir() == ["first.concord"]


def test_that_a_plan_is_not_saved_in_a_workbook(concord: Call) -> None:
    save(small(), Path("small.xlsx"))
    ended = concord("plan", "small.xlsx", "--save")
    assert ended.code == ExitCode.WRONG_USAGE
    assert "import it first" in ended.err


def test_that_a_plan_is_added_to_the_file_as_it_is_by_then(concord: Call, scenario_file: Path) -> None:
    concord("plan", scenario_file, "--save", "--quiet")
    concord("plan", scenario_file, "--save", "--quiet", "--seed", "2")
    assert [plan.run.seed for plan in read_file(scenario_file).plans] == [1, 2]


# --- check and the places of problems ---------------------------------------------------------------------------------


def change(sheet: str, row: int, column: str, cell: object) -> Callable[[Sheets], None]:
    def apply(sheets: Sheets) -> None:
        sheets[sheet][row][sheets[sheet][0].index(column)] = cell

    return apply


def drop_column(sheet: str, column: str) -> Callable[[Sheets], None]:
    def apply(sheets: Sheets) -> None:
        position = sheets[sheet][0].index(column)
        sheets[sheet] = [row[:position] + row[position + 1 :] for row in sheets[sheet]]

    return apply


def add_rule(rule: str, value: str) -> Callable[[Sheets], None]:
    return lambda sheets: sheets.update({"Rules": [["rule", "value"], [rule, value]]})


BAD_INPUT: dict[str, tuple[Callable[[Sheets], object], str]] = {
    "wrong type": (change("Pledges", 1, "quantity", "many"), "Pledges!D2: 'many' is not a number"),
    "unknown code": (change("Pledges", 1, "partner", "NRCC"), "Pledges!B2: There is no partner 'NRCC'"),
    "duplicate code": (lambda sheets: sheets["Partners"].append(["NRC", "Again"]), "rows 2 and 4 of Partners"),
    "missing sheet": (lambda sheets: sheets.pop("Regions"), "Regions: The sheet Regions is missing"),
    "missing column": (drop_column("Pledges", "resource"), "The column resource of the sheet Pledges is missing"),
    "negative": (change("Pledges", 1, "quantity", -1), "Pledges!D2: "),
    "nan": (change("Pledges", 1, "quantity", "NaN"), "Pledges!D2: 'NaN' is not a number"),
    "1e30": (change("Pledges", 1, "quantity", 1e30), "Pledges!D2: "),
    "period out of range": (change("Requirements", 1, "period", 5), "Requirements!D2: "),
    "error value": (change("Pledges", 1, "quantity", "#REF!"), "Pledges!D2: This cell holds the error #REF!"),
    "unknown rule": (add_rule("coverage_flor", "0,5"), "Rules!A2: There is no rule 'coverage_flor'"),
    "frozen beyond the plan": (add_rule("frozen_until", "9"), "Rules!B2: The rule 'frozen_until' (“Frozen periods”)"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_INPUT)
def test_that_bad_input_is_one_sentence_at_its_place_and_nothing_is_written(concord: Call, what: str) -> None:
    spoil, words = BAD_INPUT[what]
    sheets = small()
    spoil(sheets)
    save(sheets, Path("bad.xlsx"))
    checked = concord("check", "bad.xlsx")
    planned = concord("plan", "bad.xlsx", "--json", "out.json", "--excel", "out.xlsx")
    imported = concord("import", "bad.xlsx", "--into", "new.concord")
    for ended, said in ((checked, checked.out), (planned, planned.err), (imported, imported.err)):
        assert ended.code == ExitCode.INPUT_HAS_ERRORS
        (line,) = (line for line in said.splitlines() if line.startswith("bad.xlsx: ") and "warning" not in line)
        assert words in line
    assert planned.out == ""
    assert os.listdir() == ["bad.xlsx"]


def test_that_problems_of_scenario_files_name_the_row_by_its_key(concord: Call, scenario_file: Path) -> None:
    scenario = build_sample("first-steps")
    pledge = dataclasses.replace(scenario.pledges[1], quantity=-5.0)
    save_file(scenario_file, StoredFile(scenario=dataclasses.replace(scenario, pledges=(scenario.pledges[0], pledge))))
    ended = concord("check", scenario_file)
    assert ended.code == ExitCode.INPUT_HAS_ERRORS
    assert f"{scenario_file}: Pledges {pledge.code}, quantity: " in ended.out


def test_that_check_of_a_sound_file_says_so(concord: Call, scenario_file: Path) -> None:
    ended = concord("check", scenario_file)
    assert ended.code == ExitCode.DONE
    assert ended.out == "0 errors, 0 warnings.\n"


def test_that_warnings_do_not_stop_planning(concord: Call) -> None:
    sheets = small() | {"Diary": [["x"]]}
    save(sheets, Path("diary.xlsx"))
    ended = concord("plan", "diary.xlsx")
    assert ended.code == ExitCode.DONE
    assert "diary.xlsx: Diary: warning: " in ended.err
    assert "warning" not in concord("plan", "diary.xlsx", "--quiet").err


def test_that_nothing_in_a_file_can_steer_the_terminal(concord: Call) -> None:
    sheets = small()
    sheets["Pledges"][1][1] = "\x9b2J\u202egone"
    save(sheets, Path("bad.xlsx"))
    ended = concord("check", "bad.xlsx")
    assert "\x9b" not in ended.out
    assert "\u202e" not in ended.out


# --- files that are none ----------------------------------------------------------------------------------------------


def newer_file(path: Path) -> None:
    """A scenario file whose schema comes from the future."""
    data = bytearray(path.read_bytes())
    data[60:64] = (999).to_bytes(4, "big")
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("missing.concord", lambda path, whole: None, "there is no such file"),
        ("missing.xlsx", lambda path, whole: None, "there is no such file"),
        ("folder.concord", lambda path, whole: path.mkdir(), "it is a folder"),
        ("text.xlsx", lambda path, whole: path.write_text("code;name\n1;2\n"), "is not a Concord"),
        ("text.concord", lambda path, whole: path.write_text("code;name\n1;2\n"), "is not a Concord"),
        ("noise.concord", lambda path, whole: path.write_bytes(b"\x00\x01\x02" * 99), "is not a Concord"),
        ("empty.concord", lambda path, whole: path.write_bytes(b""), "is empty"),
        ("empty.xlsx", lambda path, whole: path.write_bytes(b""), "is empty"),
        ("cut.concord", lambda path, whole: path.write_bytes(whole[: len(whole) // 2]), "cut"),
        ("newer.concord", lambda path, whole: (path.write_bytes(whole), newer_file(path)), "newer"),
        ("other.xlsx", lambda path, whole: save({"Sheet1": [["a"]]}, path), "is not a Concord workbook"),
    ],
)
def test_that_a_file_that_cannot_be_opened_is_one_sentence(
    concord: Call, first_steps: bytes, name: str, make: Callable[[Path, bytes], object], words: str
) -> None:
    path = Path(name)
    make(path, first_steps)
    before = path.read_bytes() if path.is_file() else None
    for arguments in (
        ("check", name),
        ("plan", name, "--json", "out.json"),
        ("export", name, "--workbook", "out.xlsx"),
    ):
        ended = concord(*arguments)
        assert ended.code == ExitCode.ENVIRONMENT_FAILED, ended
        assert words in ended.err
        assert ended.err.count("\n") == 1
        assert ended.out == ""
    assert not Path("out.json").exists()
    assert not Path("out.xlsx").exists()
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.skipif(os.name != "posix", reason="uses what POSIX calls a path")
@pytest.mark.parametrize("target", ["file/below", "nowhere/out"])
def test_that_a_target_that_cannot_be_written_is_exit_code_4(concord: Call, scenario_file: Path, target: str) -> None:
    Path("file").write_text("")
    for arguments in (
        ("sample", "-o", f"{target}.concord"),
        ("sample", "first-steps", "-o", f"{target}.xlsx"),
        ("export", scenario_file, "--workbook", f"{target}.xlsx"),
        ("import", scenario_file, "--into", f"{target}.concord"),
        ("plan", scenario_file, "--json", f"{target}.json"),
    ):
        ended = concord(*arguments)
        assert ended.code == ExitCode.ENVIRONMENT_FAILED, ended
        assert ended.err.count("\n") == 1
    assert sorted(os.listdir()) == ["file", "first.concord"]


# --- import, export, sample -------------------------------------------------------------------------------------------


def test_that_export_and_import_give_an_equal_scenario(concord: Call) -> None:
    concord("sample", "-o", "sample.concord")
    assert concord("export", "sample.concord", "--workbook", "sample.xlsx").code == ExitCode.DONE
    ended = concord("import", "sample.xlsx", "--into", "back.concord")
    assert ended.code == ExitCode.DONE
    assert "Partners: 16 added, 0 updated, 0 unchanged" in ended.out
    assert read_file("back.concord").scenario == read_file("sample.concord").scenario


def test_that_import_adds_new_rows_and_updates_known_ones(concord: Call, scenario_file: Path) -> None:
    before = read_file(scenario_file).scenario
    pledge = before.pledges[0]
    sheets: Sheets = {
        "Partners": [["code", "name"], ["NEW", "New partner"]],
        "Pledges": [["code", "partner", "resource", "quantity"], [pledge.code, pledge.partner, pledge.resource, 7],
                    ["P-NEW", "NEW", pledge.resource, 3]],
    }  # fmt: skip
    save(sheets, Path("own.xlsx"))
    ended = concord("import", "own.xlsx", "--into", scenario_file)
    assert ended.code == ExitCode.DONE, ended
    assert "Pledges: 1 added, 1 updated, 0 unchanged" in ended.out
    after = read_file(scenario_file).scenario
    assert after.pledges[0] == dataclasses.replace(pledge, quantity=7.0), "columns that the source lacks stay"
    assert after.pledges[0].id == pledge.id
    assert after.pledges[-1].code == "P-NEW"
    assert after.partners == (*before.partners, Partner(code="NEW", name="New partner"))
    assert after.settings == before.settings


def test_that_a_preview_of_a_workbook_tells_every_row_that_changes_and_writes_nothing(
    concord: Call, scenario_file: Path
) -> None:
    sheets: Sheets = {
        "Partners": [["code", "name", "remark"], ["NEW", "New partner", "by phone"], ["FUND", "Harbour Fund", None]],
        "Pledges": [["quantity", "code", "partner", "resource"],
                    [7, "F1", "FUND", "MONEY"], [60000, "F2", "FUND", "MONEY"]],
        "Vetoes": [["partner", "region"], ["WORKS", "NORTH"]],
    }  # fmt: skip
    save(sheets, Path("own.xlsx"))
    before = scenario_file.read_bytes()
    ended = concord("import", "own.xlsx", "--into", scenario_file, "--preview")
    assert ended.code == ExitCode.DONE, ended
    assert [line.strip() for line in ended.out.splitlines() if "!" in line] == [
        "Partners!A2: NEW added: name New partner; remark by phone",
        "Pledges!A2: F1 updated: quantity from '200000' to '7'",
        "Vetoes!A2: WORKS NORTH added: partner WORKS; region NORTH",
    ]
    assert ended.out.endswith("Only a preview: nothing was written.\n")
    assert scenario_file.read_bytes() == before


def test_that_importing_the_same_again_changes_nothing(concord: Call, scenario_file: Path) -> None:
    before = read_file(scenario_file).scenario
    concord("export", scenario_file, "--workbook", "out.xlsx")
    ended = concord("import", "out.xlsx", scenario_file, "--into", scenario_file)
    assert ended.code == ExitCode.DONE
    assert " updated" in ended.out
    assert not [line for line in ended.out.splitlines() if " 0 added, 0 updated" not in line and "added" in line]
    assert read_file(scenario_file).scenario == before


def test_that_dates_in_a_partners_own_sheet_are_read_by_the_start_of_the_scenario(
    concord: Call, scenario_file: Path
) -> None:
    save({"Pledges": [["code", "from_period"], ["F1", "2027-08-15"]]}, Path("own.xlsx"))
    assert concord("import", "own.xlsx", "--into", scenario_file).code == ExitCode.DONE
    assert read_file(scenario_file).scenario.pledges[0].from_period == 3


def test_that_a_baseline_line_is_updated_whether_or_not_its_resource_is_written(concord: Call) -> None:
    baseline = [["pledge", "initiative", "region", "resource", "quantity"], ["P1", "MINE", "UA07", None, 10]]
    save(small() | {"Baseline": baseline}, Path("all.xlsx"))
    concord("import", "all.xlsx", "--into", "all.concord")
    baseline[1][3:] = ["USD", 20]
    save({"Baseline": baseline}, Path("agreed.xlsx"))
    concord("import", "agreed.xlsx", "--into", "all.concord")
    assert [line.quantity for line in read_file("all.concord").scenario.baseline] == [20.0]


def test_that_import_keeps_the_plans_and_tells_what_it_changed(concord: Call, scenario_file: Path) -> None:
    concord("plan", scenario_file, "--save", "--quiet")
    save({"Scenario": [["key", "value"], ["title", "Second steps"]]}, Path("title.xlsx"))
    ended = concord("import", "title.xlsx", "--into", scenario_file)
    assert "Changed: title from 'First steps' to 'Second steps'" in ended.out
    assert len(read_file(scenario_file).plans) == 1


def test_that_many_errors_of_one_kind_are_folded_and_the_outcome_stands_last(concord: Call) -> None:
    concord("sample", "first-steps", "-o", "many.xlsx")
    book = load_workbook("many.xlsx")
    sheet = book["Pledges"]
    letter = next(cell.column_letter for cell in sheet[1] if cell.value == "quantity")
    count = sheet.max_row - 1
    assert count > 4
    for row in range(2, sheet.max_row + 1):
        sheet[f"{letter}{row}"] = "much"
    book.save("many.xlsx")
    ended = concord("import", "many.xlsx", "--into", "new.concord")
    assert ended.code == ExitCode.INPUT_HAS_ERRORS
    lines = ended.err.splitlines()
    assert len(lines) == 4
    assert lines[2].endswith(f"(There are {count - 3} more of this kind.)")
    assert lines[3] == "new.concord: nothing was written."


def test_that_an_import_with_an_error_in_one_source_writes_nothing(concord: Call, scenario_file: Path) -> None:
    before = scenario_file.read_bytes()
    save({"Partners": [["code", "name"], ["NEW", "New partner"]]}, Path("good.xlsx"))
    save({"Pledges": [["code", "partner", "resource", "quantity"], ["P", "NOBODY", "MONEY", 3]]}, Path("bad.xlsx"))
    ended = concord("import", "good.xlsx", "bad.xlsx", "--into", scenario_file)
    assert ended.code == ExitCode.INPUT_HAS_ERRORS
    assert "bad.xlsx: Pledges!B2: There is no partner 'NOBODY'" in ended.err
    assert scenario_file.read_bytes() == before


def test_that_fts_tables_are_imported_with_the_proof_of_their_sums(
    concord: Call, shared_data: Path, scenario_file: Path
) -> None:
    folder = shared_data / "field" / "fts"
    tables = (folder / "fts_incoming_funding_jor.csv", folder / "fts_requirements_funding_globalcluster_jor.csv")
    ended = concord("import", *tables, "--into", "jordan.concord")
    assert ended.code == ExitCode.DONE
    assert "equal to the tables to the cent" in ended.out
    assert read_file("jordan.concord").scenario.pledges
    assert concord("check", "jordan.concord").code == ExitCode.DONE


def test_that_samples_are_listed_and_written_in_both_forms(concord: Call) -> None:
    listed = concord("sample", "--list")
    assert all(name in listed.out for name in SAMPLES)
    assert concord("sample", "first-steps", "-o", "a.concord").code == ExitCode.DONE
    assert concord("sample", "first-steps", "-o", "a.XLSX").code == ExitCode.DONE
    assert read_file("a.concord").scenario == read_workbook("a.XLSX").scenario == build_sample("first-steps")


def test_that_synthetic_samples_depend_on_size_and_seed_alone(concord: Call) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert concord("sample", "--size", "s", "--seed", seed, "-o", f"{name}.concord").code == ExitCode.DONE
    one, same, other = (read_file(f"{name}.concord").scenario for name in "abc")
    assert one == same != other


# --- usage ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan",),
        ("plan", "a", "b"),
        ("plan", "a", "--time-limit", "soon"),
        ("plan", "a", "--time-limit", "-1"),
        ("plan", "a", "--gap", "25"),
        ("plan", "a", "--seed", "x"),
        ("plan", "a", "--excel", "out.json"),
        ("check",),
        ("import", "a"),
        ("import", "a", "--into", "b.xlsx"),
        ("export", "a"),
        ("export", "a", "--workbook", "b.csv"),
        ("sample",),
        ("sample", "nothing", "-o", "a.xlsx"),
        ("sample", "-o", "a.txt"),
        ("sample", "--size", "huge", "-o", "a.xlsx"),
        ("sample", "first-steps", "--size", "s", "-o", "a.xlsx"),
        ("sample", "--seed", "1", "-o", "a.xlsx"),
        ("diff", "a"),
        ("merge", "--base", "a", "b", "c", "-o", "d"),
        ("merge", "b", "-o", "d.concord"),
        ("merge", "--base", "a", "b", "c", "-o", "d.concord", "--take", "both"),
        ("plam", "a"),
        ("plam",),
        ("--unknown",),
    ],
)
def test_that_a_wrong_call_is_one_sentence_and_exit_code_2(concord: Call, arguments: tuple[str, ...]) -> None:
    ended = concord(*arguments)
    assert ended.code == ExitCode.WRONG_USAGE
    assert ended.out == ""
    assert ended.err.startswith("concord: ")
    assert ended.err.count("\n") == 1
    assert os.listdir() == []


def test_that_help_and_version_are_printed(concord: Call) -> None:
    assert "exit codes:" in concord("--help").out
    assert concord("--version").out.startswith("Concord ")
    assert "--time-limit" in concord("plan", "--help").out


def test_that_a_fault_of_the_program_leaves_a_report_and_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ui.command_line.scenarios

    def fail(path: Path) -> int:
        raise RuntimeError("something nobody thought of")

    monkeypatch.setattr(ui.command_line.scenarios, "run_check", fail)
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path / "concord"))
    assert main(["check", "a.xlsx"]) == ExitCode.INTERNAL_FAULT
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    (report,) = (tmp_path / "concord" / "crash-reports").iterdir()
    assert str(report) in err
    assert "Traceback" in report.read_text(encoding="utf-8")


# --- the program as a process -----------------------------------------------------------------------------------------


def run(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, without a display."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    environment |= {"PYTHONPATH": str(CHECKOUT)} | variables
    command = [sys.executable, "-P", "-m", "ui", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_that_no_command_imports_qt_and_checking_imports_no_optimiser(tmp_path: Path) -> None:
    write_workbook(build_sample("first-steps"), tmp_path / "a.xlsx")
    program = (
        "import sys; from ui.command_line import main; code = main(sys.argv[1:]);"
        "print([name for name in sys.modules if name in ('PySide6', 'ortools', 'pandas')], code)"
    )
    for arguments, loaded in (
        (["check", "a.xlsx"], "[] 0"),
        (["import", "a.xlsx", "--into", "a.concord"], "[] 0"),
        (["plan", "a.xlsx", "--quiet", "--json", "a.json"], "['ortools'] 0"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(CHECKOUT)}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.splitlines()[-1].replace(", 'pandas'", "") == loaded


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display")
def test_that_without_a_display_a_file_is_planned_instead(tmp_path: Path) -> None:
    save(small(), tmp_path / "small.xlsx")
    done = run("small.xlsx", folder=tmp_path)
    assert done.returncode == ExitCode.DONE, done.stderr
    assert "There is no display" in done.stdout
    assert "Coverage" in done.stdout
    assert str(tmp_path / "small-plan.xlsx") in done.stdout
    assert load_workbook(tmp_path / "small-plan.xlsx").sheetnames
    run("small.xlsx", folder=tmp_path)
    assert (tmp_path / "small-plan-2.xlsx").exists(), "an earlier plan is never replaced"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display")
def test_that_without_a_display_and_a_file_the_sample_is_planned(tmp_path: Path) -> None:
    done = run(folder=tmp_path)
    assert done.returncode == ExitCode.DONE, done.stderr
    assert (tmp_path / "stabilisation-plan.xlsx").exists()


@pytest.mark.skipif(os.name != "posix", reason="sends a signal of POSIX")
def test_that_the_reader_of_the_output_may_go_away(tmp_path: Path, scenario_file: Path) -> None:
    command = [sys.executable, "-P", "-m", "ui", "sample", "--list"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def interrupt(tmp_path: Path, sample: list[str], after: str) -> tuple[int, str, str]:
    """Plan a sample and press Ctrl-C as soon as a line with `after` is seen."""
    assert main(["sample", *sample, "-o", str(tmp_path / "s.concord")]) == ExitCode.DONE
    command = [sys.executable, "-P", "-m", "ui", "plan", "s.concord", "--json", "s.json", "--save"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        seen = ""
        while after not in seen:
            seen = process.stderr.readline()
            assert seen, "the search ended before it could be cancelled"
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert time.monotonic() - pressed < 30
        return process.returncode, out, err


@pytest.mark.skipif(os.name != "posix", reason="sends a signal of POSIX")
def test_that_ctrl_c_ends_the_search_with_exit_code_130(tmp_path: Path) -> None:
    code, out, err = interrupt(tmp_path, ["stabilisation"], "Preparing")
    assert code == ExitCode.CANCELLED
    assert "Traceback" not in out + err
    assert "when the search was cancelled" in out


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends a signal of POSIX")
def test_that_ctrl_c_writes_the_best_plan_so_far_but_stores_it_nowhere(tmp_path: Path) -> None:
    code, out, err = interrupt(tmp_path, ["stabilisation"], "Worst-covered region")
    assert code == ExitCode.CANCELLED
    assert "Best found" in out
    plan = plan_from_json(json.loads((tmp_path / "s.json").read_text(encoding="utf-8")))
    assert plan.status == "interrupted"
    assert plan.allocations
    assert plan.run.stopped == "user"
    assert read_file(tmp_path / "s.concord").plans == ()
    assert err.endswith("The plan was not stored in s.concord, because the search was cancelled.\n")
