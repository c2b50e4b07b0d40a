"""What is written down of a protected file between two saves, sealed in the age format by a key of its own (X25519).

The key is protected by the file's passphrase: that takes a second on purpose, and is done once for each passphrase; to
seal a record by it then takes less than a millisecond.
"""

from pathlib import Path

from planner.problems import EnvironmentProblem
from planner.store.protection import protect, unprotect

_made: dict[str, "Seal"] = {}  # by passphrase, of the files that are open


class Seal:
    """Seals bytes, and opens what it sealed. `protected_key` opens it again, with the passphrase."""

    def __init__(self, key: str, protected_key: bytes) -> None:
        from pyrage import x25519

        self._identity = x25519.Identity.from_str(key)
        self._recipient = self._identity.to_public()
        self.protected_key = protected_key

    def close(self, data: bytes) -> bytes:
        """The bytes, sealed."""
        from pyrage import encrypt

        sealed: bytes = encrypt(data, [self._recipient])
        return sealed

    def open(self, data: bytes, path: Path) -> bytes:
        """What was sealed; `path` names it. Raises EnvironmentProblem where it was damaged."""
        from pyrage import DecryptError, decrypt

        try:
            plain: bytes = decrypt(data, [self._identity])
        except DecryptError as error:
            raise EnvironmentProblem(f"{path} is damaged and cannot be read.") from error
        return plain


def seal_for(passphrase: str) -> Seal:
    """The seal for what a passphrase protects. Takes a second or two when first asked for."""
    if passphrase not in _made:
        from pyrage import x25519

        key = str(x25519.Identity.generate())
        _made[passphrase] = Seal(key, protect(key.encode("ascii"), passphrase))
    return _made[passphrase]


def seal_of(protected_key: bytes, passphrase: str, path: Path) -> Seal:
    """The seal with this key, which goes on being that for the passphrase. Raises as `unprotect` does."""
    seal = Seal(unprotect(protected_key, passphrase, path).decode("ascii"), protected_key)
    _made[passphrase] = seal
    return seal
