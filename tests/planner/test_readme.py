"""The README says what is true: its commands do what it shows, and its tables are those of the program."""

import dataclasses
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.rulebook.markdown import reference_table_markdown
from planner.samples import build_sample
from solver.run import solve
from ui.command_line import ExitCode, main
from ui.command_line.arguments import COMMANDS, parse_arguments

README = Path(__file__).resolve().parents[2] / "README.md"
PROGRAM = ["python3", "-m", "planner"]
SKIPPED = "..."  # a line that stands for any number of lines


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


def test_that_the_tables_of_rules_are_those_of_the_rulebook(readme: str) -> None:
    shown = re.search(r"<!-- rules: .*? -->\n(.*?)<!-- end of rules -->", readme, re.DOTALL)
    assert shown is not None
    assert shown[1].strip() == reference_table_markdown().strip()


def test_that_every_command_line_in_the_readme_can_be_typed(readme: str) -> None:
    lines = [line for block in _blocks(readme, "sh") for line in block.splitlines()]
    lines += [command for command, _ in _session(readme)]
    for line in lines:
        words = shlex.split(line)
        assert words[:3] == PROGRAM
        if words[3:] != ["test"]:
            parse_arguments(words[3:])


def test_that_every_command_is_in_the_table_of_commands(readme: str) -> None:
    rows = re.findall(r"^\| `(\w+) ", readme, re.MULTILINE)
    assert set(COMMANDS) <= set(rows)


def test_that_the_commands_print_what_the_readme_shows(
    readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    session = list(_session(readme))
    assert len(session) >= 3
    for command, shown in session:
        assert main(shlex.split(command)[3:]) == ExitCode.DONE
        assert re.fullmatch(_pattern(shown), capsys.readouterr().out.rstrip()), command


def test_that_the_sample_is_described_as_it_is(readme: str) -> None:
    scenario = build_sample("stabilisation")
    assert f"{len(scenario.partners)} partners, {len(scenario.pledges)} pledges" in readme
    assert f"{len(scenario.activities)} activities, {scenario.settings.periods} quarters" in readme
    first = build_sample("first-steps")
    assert {pledge.code for pledge in first.pledges} == set(re.findall(r"^\| ([A-Z]\d) \|", readme, re.MULTILINE))


def test_that_another_order_of_objectives_gives_what_the_readme_says(readme: str) -> None:
    scenario = build_sample("first-steps")
    ranks = {"worst_region": 1, "effective": 2, "coverage": 3}
    reordered = tuple(
        dataclasses.replace(objective, order=ranks[objective.objective]) for objective in scenario.objectives
    )
    plan = solve(dataclasses.replace(scenario, objectives=reordered))
    there, everywhere = plan.totals.worst_region, plan.totals.coverage
    assert f"{there:.1%} there".replace("%", " %") in readme
    assert f"at the price of {everywhere:.1%} coverage".replace("%", " %") in readme


def test_that_files_named_in_the_readme_exist(readme: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (README.parent / target).is_file(), target


def _blocks(readme: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)


def _session(readme: str) -> Iterator[tuple[str, str]]:
    """Every command after a `$` in the README, with the output shown below it."""
    for block in _blocks(readme, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output.rstrip()


def _pattern(shown: str) -> str:
    lines = [".*" if line.strip() == SKIPPED else re.escape(line) + r"[ ]*" for line in shown.splitlines()]
    return "(?s:" + "\n".join(lines) + ")"
