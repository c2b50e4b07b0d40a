"""What the program's exit code says; scripts rely on these numbers."""

from enum import IntEnum


class ExitCode(IntEnum):
    """One number for each way a call can end."""

    DONE = 0  # also when a limit ended the search with a verified plan
    INPUT_HAS_ERRORS = 1
    WRONG_USAGE = 2
    NO_PLAN_POSSIBLE = 3  # proven
    ENVIRONMENT_FAILED = 4  # file missing, locked, not writable, disk full, not a Concord file, newer version
    NO_PLAN_IN_TIME = 5
    CONFLICTS_LEFT = 6  # of a merge: people have to decide
    INTERNAL_FAULT = 70  # a fault of the program itself: a crash report was written
    CANCELLED = 130
