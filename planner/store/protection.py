"""A scenario file protected by a passphrase: the whole file in the age format (scrypt, ChaCha20-Poly1305)."""

import unicodedata
from pathlib import Path

from planner.problems import ConcordError, EnvironmentProblem
from planner.store import encryption

HEADER = b"age-encryption.org/v1\n"
SHORTEST = 8  # characters
_BEFORE_THE_CONTENT = ("Decryption failed", "Excessive work")  # how age refuses a file for the passphrase


class PassphraseNeeded(EnvironmentProblem):
    """The file is protected, and no passphrase was given."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is protected by a passphrase; ask for it whoever sent the file.")


class WrongPassphrase(EnvironmentProblem):
    """The passphrase given does not open the file; nothing else is known of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"This passphrase does not open {path}; type it again.")


def is_protected(data: bytes) -> bool:
    """Whether these bytes of a file, or its first ones, are protected."""
    return data.startswith(HEADER)


def protect(data: bytes, passphrase: str) -> bytes:
    """The bytes, protected. Takes a second or two on purpose, so that guessing is slow."""
    return encryption.encrypt(data, _normal(passphrase))


def unprotect(data: bytes, passphrase: str, path: Path) -> bytes:
    """What was protected; `path` only names it.

    Raises PassphraseNeeded or WrongPassphrase, and EnvironmentProblem for a file that no passphrase opens any more.
    """
    if not passphrase:
        raise PassphraseNeeded(path)
    if not _is_text(passphrase):
        raise WrongPassphrase(path)
    try:
        return encryption.decrypt(data, _normal(passphrase))
    except encryption.Refused as error:
        if str(error).startswith(_BEFORE_THE_CONTENT):
            raise WrongPassphrase(path) from error
        raise EnvironmentProblem(
            f"{path} is incomplete or damaged, and no passphrase opens it; ask for it again whoever sent the file."
        ) from error


def refuse_weak(passphrase: str) -> None:
    """Raise ConcordError for a passphrase that protects nothing, or that nobody could type again."""
    if not _is_text(passphrase):
        raise ConcordError("This passphrase has characters that are no text in UTF-8; choose another one.")
    if len(passphrase) < SHORTEST:
        raise ConcordError(f"A passphrase needs at least {SHORTEST} characters; several words are best.")


def _is_text(passphrase: str) -> bool:
    """Whether it is made of whole characters, which bytes from elsewhere need not be."""
    try:
        passphrase.encode()
    except UnicodeEncodeError:
        return False
    return True


def _normal(passphrase: str) -> str:
    """The same letters typed on another system are the same passphrase."""
    return unicodedata.normalize("NFC", passphrase)
