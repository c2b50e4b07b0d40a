"""One call of the program: what was typed, what is done, and the exit code that tells how it ended."""

import argparse
import os
import sys
import threading
from pathlib import Path

from planner.problems import ConcordError, EnvironmentProblem, InputProblem
from ui.command_line.arguments import UsageError, parse_arguments
from ui.command_line.exit_codes import ExitCode
from ui.command_line.output import complain, keep_output_for_results, let_go_of_output, prepare_streams


def main(argv: list[str] | None = None) -> int:
    """Do one call and return its exit code. Whatever a person can cause ends in one sentence, never in a traceback."""
    prepare_streams()
    if argv is None:
        keep_output_for_results()
    code = _guarded(sys.argv[1:] if argv is None else argv)
    if argv is None and any(thread.name == "optimiser" for thread in threading.enumerate()):
        # An optimiser that was left running would crash while the interpreter is taken down around it.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return int(code)


def _guarded(argv: list[str]) -> int:
    try:
        code = _run(parse_arguments(argv))
        sys.stdout.flush()
        return code
    except SystemExit as ended:  # --help and --version
        return int(ended.code or 0)
    except UsageError as error:
        complain(f"concord: {error}")
        return ExitCode.WRONG_USAGE
    except EnvironmentProblem as error:
        complain(f"concord: {error}")
        return ExitCode.ENVIRONMENT_FAILED
    except InputProblem as error:
        for problem in error.problems:
            place = ", ".join(part for part in (problem.where.sheet, problem.where.column) if part)
            complain(": ".join(part for part in (error.source, place, problem.message) if part))
        return ExitCode.INPUT_HAS_ERRORS
    except ConcordError as error:
        complain(f"concord: {error}")
        return ExitCode.INPUT_HAS_ERRORS
    except KeyboardInterrupt:
        complain("Cancelled; nothing was written.")
        return ExitCode.CANCELLED
    except BrokenPipeError:  # whoever read the output went away
        let_go_of_output()
        return ExitCode.ENVIRONMENT_FAILED
    except MemoryError:
        complain("concord: There is not enough memory for this; close other programs, or use a smaller scenario.")
        return ExitCode.ENVIRONMENT_FAILED
    except OSError as error:
        complain(f"concord: {error.filename or 'The system'}: {error.strerror or error}.")
        let_go_of_output()
        return ExitCode.ENVIRONMENT_FAILED
    except Exception as error:
        from ui.command_line.crash import report_crash

        complain(report_crash(error))
        return ExitCode.INTERNAL_FAULT


def _run(call: argparse.Namespace) -> int:
    match call.command:
        case "plan":
            from ui.command_line.planning import run_plan

            return run_plan(call)
        case "check":
            from ui.command_line.scenarios import run_check

            return run_check(Path(call.file))
        case "import":
            from ui.command_line.importing import run_import

            return run_import(call)
        case "export":
            from ui.command_line.scenarios import run_export

            return run_export(call)
        case "sample":
            from ui.command_line.scenarios import run_sample

            return run_sample(call)
        case "diff":
            from ui.command_line.merging import run_diff

            return run_diff(call)
        case "merge":
            from ui.command_line.merging import run_merge

            return run_merge(call)
        case "history":
            from ui.command_line.history import run_history

            return run_history(call)
        case "share":
            from ui.command_line.sharing import run_share

            return run_share(call)
        case "backups":
            from ui.command_line.sharing import run_backups

            return run_backups(call)
    return _open_desktop(Path(call.file) if call.file else None)


def _open_desktop(file: Path | None) -> int:
    """The desktop, or without a display a plan of FILE or of the built-in sample."""
    if file is not None and not file.exists() and not file.suffix:
        raise UsageError(f"'{file}' is neither a command nor a file; 'concord --help' lists the commands.")
    if not has_display():
        from ui.command_line.planning import plan_without_display

        return plan_without_display(file)
    try:
        from ui.desktop.application import run_desktop
    except ImportError as error:
        raise EnvironmentProblem(
            f"The desktop cannot start on this system ({error}); use the commands of 'concord --help' instead."
        ) from error
    return run_desktop(file)


def has_display() -> bool:
    """Whether a window can open: always on Windows and macOS, elsewhere where a display or a Qt platform is named."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
