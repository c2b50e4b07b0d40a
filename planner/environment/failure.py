"""What can go wrong with an environment, in one sentence with a next step."""

import errno
import os
import re

WITHOUT_A_NETWORK = "or name a folder that holds the packages: PIP_NO_INDEX=1 PIP_FIND_LINKS=FOLDER"
DISK_IS_FULL = "The disk is full. Free about 1 GB and start Concord again."
MAY_NOT_WRITE = (
    "Concord may not write {place}. Give yourself the right to write there, or name another folder for its environment "
    "in the variable CONCORD_ENVIRONMENT."
)


FULL = (errno.ENOSPC, errno.EDQUOT)
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)


class EnvironmentFailure(Exception):
    """Set-up cannot go on for a reason outside the program; the message says what to do."""


def failure_of_system(error: OSError) -> EnvironmentFailure:
    """The sentence for what the operating system refused."""
    place = error.filename or "its environment"
    if error.errno in FULL:
        return EnvironmentFailure(DISK_IS_FULL)
    if error.errno in REFUSED:
        return EnvironmentFailure(MAY_NOT_WRITE.format(place=place))
    return EnvironmentFailure(f"Concord's environment could not be set up: {error.strerror or error} ({place}).")


def failure_of_step(output: str, environment: str) -> EnvironmentFailure:
    """The sentence for what venv or pip printed before it gave up; `environment` is the folder it worked on."""
    missing = re.search(r"No matching distribution found for ([^\s;(]+)", output)
    refused = re.search(r"\[Errno (\d+)\]", output)  # the number, for the words depend on the language
    if refused and int(refused[1]) in FULL:
        return EnvironmentFailure(DISK_IS_FULL)
    if refused and int(refused[1]) in REFUSED:
        return EnvironmentFailure(MAY_NOT_WRITE.format(place=environment))
    if "DO NOT MATCH THE HASHES" in output:
        return EnvironmentFailure(
            "A package differs from the one Concord was tested with, so none was installed. Start Concord again: a "
            "download may have been damaged. If it happens again, do not trust the source that the packages come from."
        )
    if missing and os.environ.get("PIP_NO_INDEX"):
        return EnvironmentFailure(
            f"The folder of packages (PIP_FIND_LINKS) has no {missing[1]} for this Python and system. "
            "Fill it with: pip download -r requirements.lock -d FOLDER"
        )
    if re.search(r"NewConnectionError|ConnectTimeout|NameResolutionError|ProxyError|Max retries|timed out", output):
        return EnvironmentFailure(
            f"No package index could be reached. Connect to the internet and start Concord again, {WITHOUT_A_NETWORK}."
        )
    if missing:
        return EnvironmentFailure(
            f"No package index was reached that has {missing[1]} for this Python and system. Check the connection to "
            "the internet, and start Concord with a Python between 3.11 and 3.13 on 64-bit Linux, Windows or macOS."
        )
    return EnvironmentFailure(f"Concord's environment could not be set up: {last_error(output)}")


def last_error(output: str) -> str:
    """The last line that a program marked as an error, else its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.upper().startswith("ERROR")]
    return (errors or lines or ["no reason was given"])[-1]
