"""A copy as a file of its own, written from the redacted scenario alone: nothing else was ever in it."""

import os

from planner.sharing.ancestry import state_of_copy
from planner.sharing.audience import Audience
from planner.sharing.redaction import Redacted, redact
from planner.store import Record, StoredFile, save_file
from planner.store.protection import refuse_weak


def share(stored: StoredFile, audience: Audience, path: str | os.PathLike[str], passphrase: str = "") -> Redacted:
    """Write a copy for an audience: no plans, and of the history one state that only the sender recognises.

    With a passphrase the file is protected by it. Raises ConcordError, with nothing written.
    """
    if passphrase:
        refuse_weak(passphrase)
    redacted = redact(stored.scenario, audience)
    states = (state_of_copy(stored.states[-1], audience),) if stored.states else ()
    record = Record(parent=states[0].id if states else "", done=("share a copy",))
    save_file(path, StoredFile(scenario=redacted.scenario, states=states, passphrase=passphrase), record)
    return redacted
