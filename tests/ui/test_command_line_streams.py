"""What goes where: results to standard output, everything else to standard error."""

import dataclasses
import io
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from planner.samples import build_sample
from planner.store import StoredFile, save_file
from ui.command_line import progress

CHECKOUT = Path(__file__).resolve().parents[2]

NOISY = """
import os
from ui.command_line.output import keep_output_for_results, prepare_streams, say
prepare_streams()
keep_output_for_results()
os.write(1, b"noise of a native solver\\n")
say("the result")
"""


def test_that_what_native_solvers_print_stays_out_of_the_results() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NOISY], capture_output=True, text=True, cwd=CHECKOUT, check=True, timeout=60
    )
    assert done.stdout == "the result\n"
    assert done.stderr == "noise of a native solver\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a disk that is always full")
def test_that_output_which_cannot_be_written_is_one_sentence_and_an_exit_code() -> None:
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "ui", "sample", "--list"], stdout=full, stderr=subprocess.PIPE, text=True,
            cwd=CHECKOUT, check=False, timeout=60,
        )  # fmt: skip
    assert ended.returncode == 4
    assert ended.stderr == "concord: The system: No space left on device.\n"


@pytest.mark.skipif(os.name != "posix", reason="closed by a POSIX shell")
def test_that_the_program_works_where_both_streams_are_closed() -> None:
    ended = subprocess.run(
        ["sh", "-c", '"$0" -m ui sample --list >&- 2>&-', sys.executable], cwd=CHECKOUT, check=False, timeout=60
    )
    assert ended.returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="POSIX limits the size of files")
def test_that_a_workbook_which_does_not_fit_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    import resource

    def noisy(rows: tuple[Any, ...], **names: str) -> tuple[Any, ...]:
        noise = {name: random.Random(seed).randbytes(6_000).hex() for name, seed in names.items()}
        return (dataclasses.replace(rows[0], **noise), *rows[1:])

    scenario = build_sample("first-steps")
    scenario = dataclasses.replace(  # each sheet is small enough, all of them together are not
        scenario,
        partners=noisy(scenario.partners, note="1"),
        pledges=noisy(scenario.pledges, note="2"),
        activities=noisy(scenario.activities, note="3"),
        vetoes=noisy(scenario.vetoes, reason="4"),
    )
    save_file(tmp_path / "long.concord", StoredFile(scenario=scenario))
    ended = subprocess.run(
        [sys.executable, "-m", "ui", "export", "long.concord", "--workbook", "out.xlsx"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=tmp_path, check=False, timeout=60,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )  # fmt: skip
    assert ended.stderr == "concord: out.xlsx cannot be written: file too large.\n"
    assert ended.returncode == 4
    assert os.listdir(tmp_path) == ["long.concord"]


def test_that_long_writing_tells_how_much_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.0)
    stream = io.StringIO()

    with progress.Progress(stream).writing(Path("plan.xlsx")) as tell:
        tell(0.25)
    with progress.Progress(stream, is_quiet=True).writing(Path("other.xlsx")) as tell:
        tell(0.5)

    assert stream.getvalue() == "Writing plan.xlsx ... 25%\n"
