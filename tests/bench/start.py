"""How long until the window can be used, as a whole process on the sample: `python -m tests.bench.start`.

The first run also writes what Python keeps of its modules; the shortest of the others is a warm start.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
RUNS = 7
SHOW_AND_SAY = """
import sys
from PySide6.QtCore import QTimer
from ui.desktop.application import make_application, run_desktop
application = make_application()
def say():
    windows = [each for each in application.topLevelWidgets() if hasattr(each, "session")]
    if windows and windows[0].session.has_document and windows[0].session.is_checked:
        print("usable", flush=True)
        application.quit()
timer = QTimer()
timer.timeout.connect(say)
timer.start(1)
run_desktop()
"""


def seconds_to_use() -> tuple[float, float]:
    """From the start of the process to a window with the sample, checked; and what the whole process computed."""
    with tempfile.TemporaryDirectory() as folder:
        homes = dict.fromkeys(
            ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA", "CONCORD_DATA"), folder
        )
        before = os.times()
        environment = {**os.environ, **homes, "PYTHONPATH": str(CHECKOUT), "QT_QPA_PLATFORM": "offscreen"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is compiled stays, as it does for people
        start = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-c", SHOW_AND_SAY],
            cwd=CHECKOUT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            usable = time.perf_counter() - start
        after = os.times()
        computed = after.children_user - before.children_user + after.children_system - before.children_system
        return usable, computed


def main() -> None:
    """Print the figures."""
    first, *others = [seconds_to_use() for _ in range(RUNS)]
    print(f"first start {first[0]:.2f} s; warm starts {', '.join(f'{usable:.2f}' for usable, _ in sorted(others))} s")
    print(f"computing time of a warm start, on a machine with other work too: {min(each for _, each in others):.2f} s")


if __name__ == "__main__":
    main()
