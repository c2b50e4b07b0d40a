"""`python3 -m planner`: sets up Concord's own environment where that is needed, then runs the program in it.

Old Pythons must be able to read this file and planner/__init__.py, to say what is missing: no newer syntax in either.
"""

import sys

OLDEST_PYTHON = (3, 11)
ENVIRONMENT_FAILED = 4


def main(arguments: "list[str]") -> int:
    """Run `python3 -m planner ARGUMENTS...` and return its exit code."""
    if sys.version_info < OLDEST_PYTHON:
        print(
            "Concord needs Python {}.{} or newer; this is {}.{}. Install a newer Python (python.org, or your system's "
            "packages) and start Concord with that one.".format(*OLDEST_PYTHON, *sys.version_info[:2]),
            file=sys.stderr,
        )
        return ENVIRONMENT_FAILED

    from planner.environment.start import start

    return start(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
