"""The age format, run as a process of its own: its one or two seconds would hold up every thread of this one.

The process reads one line of JSON and the bytes, and answers with the other bytes, or with the refusal as text and the
exit code REFUSED.
"""

import json
import subprocess
import sys

from planner.problems import EnvironmentProblem

REFUSED = 3
_PROGRAM = f"""
import json, sys
from pyrage import DecryptError, passphrase
line, _, data = sys.stdin.buffer.read().partition(b"\\n")
job = json.loads(line)
try:
    sys.stdout.buffer.write(getattr(passphrase, job["do"])(data, job["passphrase"]))
except DecryptError as error:
    sys.stderr.write(str(error))
    sys.exit({REFUSED})
"""


class Refused(Exception):
    """The bytes were not decrypted; the text is age's own reason."""


def encrypt(data: bytes, passphrase: str) -> bytes:
    """The bytes in the age format. Raises EnvironmentProblem where the process fails."""
    return _run("encrypt", data, passphrase)


def decrypt(data: bytes, passphrase: str) -> bytes:
    """What was encrypted. Raises Refused, and EnvironmentProblem where the process fails."""
    return _run("decrypt", data, passphrase)


def _run(do: str, data: bytes, passphrase: str) -> bytes:
    job = json.dumps({"do": do, "passphrase": passphrase}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _PROGRAM],  # the passphrase goes through its input, which nobody else sees
            input=job + b"\n" + data,
            capture_output=True,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise EnvironmentProblem(
            f"The passphrase could not be applied: {sys.executable} does not start ({error.strerror or error}); close "
            "other programs, or start Concord anew, and try again."
        ) from error
    if done.returncode == REFUSED:
        raise Refused(done.stderr.decode("utf-8", "replace"))
    if done.returncode:
        raise EnvironmentProblem(
            "The passphrase could not be applied, most likely because too little memory is free; close other programs "
            "and try again."
        )
    return done.stdout
