"""A fault of the program itself: its traceback goes to a file, the person gets one sentence."""

import platform
import sys
import traceback
from datetime import datetime

from planner import __version__
from ui.command_line.output import printable


def report_crash(error: BaseException) -> str:
    """Write a crash report into the user's data folder; the sentence that tells where it is."""
    from platformdirs import user_data_path

    what = printable(f"{type(error).__name__}: {error}"[:200])
    folder = user_data_path("concord", appauthor=False) / "crash-reports"
    report = folder / f"crash-{datetime.now():%Y%m%d-%H%M%S-%f}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        report.write_text(
            f"Concord {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
            f"{' '.join(sys.argv[1:2])}\n\n{''.join(traceback.format_exception(error))}",
            encoding="utf-8",
            errors="backslashreplace",
        )
    except OSError:
        return f"concord: A fault of Concord itself ended this call ({what}); please report it."
    return f"concord: A fault of Concord itself ended this call ({what}); please send the report {report}."
