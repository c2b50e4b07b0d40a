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


def read_scenario_file(path: Path) -> StoredFile:
    """The content of a scenario file; the passphrase of a protected one is found or asked for."""
    try:
        return read_file(path)
    except PassphraseNeeded:
        return read_file(path, passphrase=find_passphrase(f"Passphrase of {path}: "))


@cache
def find_passphrase(question: str) -> str:
    """The passphrase in the environment or in the file that it names, else the answer, asked for once."""
    if passphrase := os.environ.get(VARIABLE):
        return passphrase
    if name := os.environ.get(FILE_VARIABLE):
        with saying_why(Path(name), "read"):
            return Path(name).read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    if not sys.stdin or not sys.stdin.isatty():
        raise EnvironmentProblem(
            f"A passphrase is needed; put it into the variable {VARIABLE}, or into a file that {FILE_VARIABLE} names."
        )
    return getpass.getpass(question)


def new_passphrase() -> str:
    """A passphrase to protect a file by; one that is typed is asked for twice."""
    passphrase = find_passphrase("Passphrase to protect the copy by: ")
    is_typed = not (os.environ.get(VARIABLE) or os.environ.get(FILE_VARIABLE))
    if is_typed and getpass.getpass("The same once more: ") != passphrase:
        raise EnvironmentProblem("The two passphrases differ; nothing was written.")
    return passphrase
