"""What goes where: results to standard output, everything else to standard error."""

import subprocess
import sys
from pathlib import Path

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
