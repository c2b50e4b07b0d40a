"""A fault of the program itself: its traceback goes to a file, the person gets one sentence."""

import traceback

from ui.command_line.output import printable
from ui.crash_report import write_report


def report_crash(error: BaseException) -> str:
    """Write a crash report; the sentence that tells where it is."""
    what = printable(f"{type(error).__name__}: {error}"[:200])
    report = write_report("".join(traceback.format_exception(error)))
    if report is None:
        return f"concord: A fault of Concord itself ended this call ({what}); please report it."
    return f"concord: A fault of Concord itself ended this call ({what}); please send the report {report}."
