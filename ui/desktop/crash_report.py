"""A fault inside the window: its traceback goes to a file, who works there gets a sentence, and the window stays."""

import sys
import traceback
from collections.abc import Callable
from types import TracebackType

from ui.crash_report import write_report


def install(tell: Callable[[str, str], None]) -> None:
    """Let an unexpected exception become a report and a sentence; the window stays open."""

    def hook(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, problem, trace)
            return
        details = "".join(traceback.format_exception(kind, problem, trace))
        path = write_report(details)
        sys.stderr.write(details)
        where = f" What happened is written in {path}." if path else ""
        tell(f"Something went wrong inside Concord. What is open here is kept; save it now.{where}", "error")

    sys.excepthook = hook
