"""What is kept when something inside Concord breaks: a text for who repairs it, and a sentence for who works."""

import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType


def write_report(details: str) -> Path | None:
    """Write a report beside the others; None where even that is impossible."""
    from platformdirs import user_log_path

    folder = user_log_path("concord", appauthor=False)
    path = folder / f"crash-{datetime.now():%Y%m%d-%H%M%S}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(details, encoding="utf-8")
    except OSError:
        return None
    return path


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
