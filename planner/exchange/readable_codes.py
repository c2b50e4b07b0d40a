"""Codes made from names: people can read them, no two are equal, and the same name always gives the same code."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from planner.cells import LONGEST_CODE

_SMALL_WORDS = frozenset({"of", "the", "and", "for"})
_DIGEST = 6  # hexadecimal digits that tell names apart whose words are the same


def readable_codes(names: Iterable[str], prefix: str = "") -> Mapping[str, str]:
    """A code of at most 40 characters for each name: its words, joined by hyphens.

    Names that would share a code (in any letter case), are too long or have no letters get some digits of their hash,
    so that a code depends on its own name and on those alike, never on their order.
    """
    plain = {name: _joined(name, prefix) for name in names}
    counts = Counter(code.casefold() for code in plain.values())
    return {
        name: code
        if counts[code.casefold()] == 1 and _has_name(code, prefix) and len(code) <= LONGEST_CODE
        else _with_digest(name, code)
        for name, code in plain.items()
    }


def _joined(name: str, prefix: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    text = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    words = re.findall(r"[^\W_]+", re.sub(r"['’]", "", unicodedata.normalize("NFC", text)))
    kept = [word for word in words if word.lower() not in _SMALL_WORDS] or words
    return prefix + "-".join(kept)


def _has_name(code: str, prefix: str) -> bool:
    return len(code) > len(prefix)


def _with_digest(name: str, code: str) -> str:
    """The code cut at the end of a word, with digits of the name's hash."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    room = LONGEST_CODE - _DIGEST - 1
    if len(code) > room:
        cut = code[: room + 1].rpartition("-")[0]
        code = cut if len(cut) >= room // 2 else code[:room]
    return f"{code.rstrip('-')}-{digest}" if code else digest
