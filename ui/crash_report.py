"""What is kept when something inside Concord breaks, of the window and the command line in one folder."""

import platform
import sys
from datetime import datetime
from pathlib import Path

from planner import __version__
from planner.user_data import user_data_folder


def write_report(details: str) -> Path | None:
    """Write a report into the user's data folder, beside the others; None where even that is impossible.

    Nothing of a scenario is in it but what the traceback quotes.
    """
    folder = user_data_folder() / "crash-reports"
    path = folder / f"crash-{datetime.now():%Y%m%d-%H%M%S-%f}.txt"
    system = f"Concord {__version__}, Python {platform.python_version()}, {platform.platform()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"{system}\n{' '.join(sys.argv[1:2])}\n\n{details}", encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        return None
    return path
