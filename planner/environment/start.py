"""From `python3 -m planner ...` to the program running in its own environment."""

import os
import sys
from pathlib import Path

from planner.environment.folder import LOCK, Environment, environment_of

ENVIRONMENT_FAILED = 4
INTERRUPTED = 130
PROGRAM = "ui"


def start(arguments: list[str]) -> int:
    """Run the program, or with `test` its tests, in an environment that is up to date; return the exit code."""
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / LOCK).exists():
        return run_installed(arguments)
    is_test = arguments[:1] == ["test"]
    try:
        environment = ready_environment(checkout, arguments, is_test)
    except KeyboardInterrupt:
        print("\nInterrupted. The next start goes on with the set-up.", file=sys.stderr)
        return INTERRUPTED
    if environment is None:
        return ENVIRONMENT_FAILED
    if is_test:
        os.chdir(checkout)
        return hand_over(environment, ["pytest", "--numprocesses=auto", "--dist=worksteal", *arguments[1:]])
    return hand_over(environment, [PROGRAM, *arguments])


def run_installed(arguments: list[str]) -> int:
    """In an installed copy the packages are there already: be the program itself."""
    import runpy

    sys.argv[1:] = arguments
    runpy.run_module(PROGRAM, run_name="__main__", alter_sys=True)
    return 0


def ready_environment(checkout: Path, arguments: list[str], with_tests: bool) -> Environment | None:
    """The environment, set up where that is needed; None, with the reason said, where it cannot be."""
    from planner.environment.failure import EnvironmentFailure, failure_of_system

    try:
        environment = environment_of(checkout)
        is_current = environment.is_current(with_tests)
        if not is_current:
            from planner.environment.setup import set_up

            set_up(environment, with_tests)
        opens_window = is_window_wanted(arguments)
        if opens_window or with_tests or not is_current:
            from planner.environment import libraries

            if not libraries.provide() and opens_window:
                return None
    except (EnvironmentFailure, OSError) as problem:
        reason = failure_of_system(problem) if isinstance(problem, OSError) else problem
        print(reason, file=sys.stderr)
        return None
    return environment


def is_window_wanted(arguments: list[str]) -> bool:
    """Will these arguments open the desktop? Only without a sub-command, and where there is a display."""
    names_a_file = bool(arguments) and arguments[0].lower().endswith((".concord", ".xlsx"))
    if arguments and not names_a_file:
        return False
    from planner.environment.libraries import has_display

    return has_display()


def hand_over(environment: Environment, module_and_arguments: list[str]) -> int:
    """Become a module that runs in the environment; where that cannot be, run it and return its exit code."""
    # -P: a file in the current folder must never be imported in place of a package.
    command = [str(environment.python), "-P", "-m", *module_and_arguments]
    # Packages are compiled when first imported, so writing bytecode must be on; other installations stay out.
    settings = {name: os.environ[name] for name in os.environ if name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")}
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(command[0], command, settings)
    import subprocess

    with subprocess.Popen(command, env=settings) as process:
        while process.poll() is None:
            try:
                process.wait()
            except KeyboardInterrupt:
                continue  # the program got it too, and decides
    return process.returncode
