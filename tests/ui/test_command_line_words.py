"""What the program says while it plans, and what it calls the outcome."""

import io

import pytest

from planner.plan import Comparison, ObjectiveResult, Plan, Run, Shift, Totals
from planner.scenario import Scenario
from solver.events import LevelFinished, PhaseStarted, ProgressMade
from ui.command_line.output import printable, table_lines, write_json
from ui.command_line.progress import Progress, line_of
from ui.command_line.summary import status_words, summary_lines


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_that_lines_name_phase_best_bound_gap_and_seconds() -> None:
    assert line_of(PhaseStarted("verify", 1.5)) == "Checking every rule ... 1.5 s"
    assert line_of(ProgressMade("coverage", 3.0, 4.0, 0.25, 2.0)) == "Coverage, best 3, bound 4, gap 25.00 %, 2.0 s"
    assert line_of(ProgressMade("coverage", None, None, None, 2.0)) == "Coverage, 2.0 s"
    assert line_of(LevelFinished("worst_region", 0.5, 0.5, 0.0, 3.0)).startswith("Worst-covered region done, best 0.5")
    assert line_of(PhaseStarted("something_new", 0.0)) == "Something new ... 0.0 s"


def test_that_a_terminal_has_one_live_line_that_goes_away() -> None:
    terminal = Terminal()
    progress = Progress(terminal)
    progress.show(PhaseStarted("verify", 1.5))
    progress.show(PhaseStarted("arrays", 1.6))
    progress.end()
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")
    assert terminal.getvalue().count("\r") == 4


def test_that_other_streams_get_plain_lines_and_not_every_event() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    for second in range(100):
        progress.show(ProgressMade("coverage", 1.0, 2.0, 0.5, float(second)))
    progress.show(LevelFinished("coverage", 1.0, 1.0, 0.0, 100.0))
    progress.end()
    assert stream.getvalue().count("\n") == 2
    assert "\r" not in stream.getvalue()


def test_that_quiet_progress_says_nothing() -> None:
    stream = Terminal()
    progress = Progress(stream, is_quiet=True)
    progress.show(PhaseStarted("verify", 1.5))
    progress.end()
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("status", "gap", "stopped", "words"),
    [
        ("optimal", 0.0, None, "Optimal (proven)"),
        ("optimal", 0.008, None, "Optimal within 0.8 % (proven)"),
        ("feasible", 0.008, "time", "Best found, within 0.8 %, when the time limit ended the search"),
        ("interrupted", 0.12, "user", "Best found, within 12 %, when the search was cancelled"),
        (
            "feasible",
            1e9,
            "time",
            "Best found, how near to the best is not known, when the time limit ended the search",
        ),
        ("infeasible", 0.0, None, "No plan can satisfy all the rules (proven)"),
        ("unknown", 0.0, "time", "No plan was found, when the time limit ended the search"),
    ],
)
def test_that_the_status_is_said_in_words(status: str, gap: float, stopped: str | None, words: str) -> None:
    objectives = (ObjectiveResult("coverage", 1.0, 1.0, 1.0, 0.0), ObjectiveResult("effective", 1.0, 1.0, 1.0, gap))
    plan = Plan(title="", fingerprint="", status=status, objectives=objectives, run=Run(stopped=stopped))
    assert status_words(plan) == words


def test_that_figures_without_a_json_word_become_null() -> None:
    stream = io.StringIO()
    write_json({"a": [1.0, float("inf"), (float("nan"),)], "b": "ä"}, stream)
    assert stream.getvalue().isascii()
    assert "null" in stream.getvalue()
    assert "Infinity" not in stream.getvalue()


def test_that_characters_that_steer_a_terminal_are_shown_as_escapes() -> None:
    assert printable("a\x1b[31m\nb\u202e ä") == "a\\x1b[31m\\nb\\u202e ä"
    assert table_lines([("a", "1"), ("bb\n", "22")], right=(1,)) == ["a      1", "bb\\n  22"]


def test_that_the_agreed_plan_stands_beside_with_the_large_shifts_of_budget_categories() -> None:
    plan = Plan(
        title="",
        fingerprint="",
        status="optimal",
        baseline=Comparison(Totals(coverage=0.25), ("A pledge gives too much.",)),
        changes=(
            Shift("activity", "DEMINE", "R1", "", 10.0, 20.0, 10.0, 1.0, True),
            Shift("category", "logistics", "", "", 10.0, 20.0, 10.0, 1.0, True),
            Shift("category", "personnel", "", "", 10.0, 11.0, 1.0, 0.1, False),
        ),
    )
    lines = list(summary_lines(Scenario(), plan))
    assert "Agreed plan" in lines[2]
    assert lines[3].endswith("25.0 %")
    assert "The agreed plan breaks today: A pledge gives too much." in lines
    start = lines.index("2 shifts of over 15 % since the agreed plan; budget categories among them:")
    assert lines[start + 1].split() == ["Logistics", "10.00", "USD", "20.00", "USD", "10.00", "USD"]
