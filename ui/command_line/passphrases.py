"""Passphrases of protected files: from the environment or typed unseen, never in the call, which others can see."""

import getpass
import os
import sys
from functools import cache
from pathlib import Path

from planner.files import saying_why
from planner.problems import EnvironmentProblem
from planner.store import PassphraseNeeded, StoredFile, read_file

VARIABLE, FILE_VARIABLE = "CONCORD_PASSPHRASE", "CONCORD_PASSPHRASE_FILE"
NEW_VARIABLE, NEW_FILE_VARIABLE = "CONCORD_NEW_PASSPHRASE", "CONCORD_NEW_PASSPHRASE_FILE"


def read_scenario_file(path: Path) -> StoredFile:
    """The content of a scenario file; the passphrase of a protected one is found or asked for."""
    try:
        return read_file(path)
    except PassphraseNeeded:
        return read_file(path, passphrase=find_passphrase(f"Passphrase of {path}: "))


@cache
def find_passphrase(question: str) -> str:
    """The passphrase in the environment or in the file that it names, else the answer, asked for once."""
    return _set_passphrase(VARIABLE, FILE_VARIABLE) or _typed(question, VARIABLE, FILE_VARIABLE)


def new_passphrase() -> str:
    """A passphrase to protect a copy by, never that of another file; one that is typed is asked for twice."""
    if passphrase := _set_passphrase(NEW_VARIABLE, NEW_FILE_VARIABLE):
        return passphrase
    passphrase = _typed("Passphrase to protect the copy by: ", NEW_VARIABLE, NEW_FILE_VARIABLE)
    if getpass.getpass("The same once more: ") != passphrase:
        raise EnvironmentProblem("The two passphrases differ; nothing was written.")
    return passphrase


def _set_passphrase(variable: str, file_variable: str) -> str | None:
    """What stands in a variable, or in the first line of the file that the other one names; None where neither is."""
    if passphrase := os.environ.get(variable):
        return passphrase
    if name := os.environ.get(file_variable):
        with saying_why(Path(name), "read"):
            return Path(name).read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    return None


def _typed(question: str, variable: str, file_variable: str) -> str:
    if not sys.stdin or not sys.stdin.isatty():
        raise EnvironmentProblem(
            f"A passphrase is needed; put it into the variable {variable}, or into a file that {file_variable} names."
        )
    return getpass.getpass(question)
