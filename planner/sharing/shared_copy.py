"""A copy as a file of its own, written from the redacted scenario alone: nothing else was ever in it."""

import os
from collections.abc import Sequence

from planner.sharing.ancestry import state_of_copy
from planner.sharing.audience import Audience
from planner.sharing.redaction import Redacted, redact
from planner.store import Record, State, StoredFile, save_file
from planner.store.protection import refuse_weak

DONE = "share a copy"


def share(stored: StoredFile, audience: Audience, path: str | os.PathLike[str], passphrase: str = "") -> Redacted:
    """Write a copy for an audience: no plans, and of the history one state that only the sender recognises.

    With a passphrase the file is protected by it. Raises ConcordError, with nothing written.
    """
    if passphrase:
        refuse_weak(passphrase)
    redacted = redact(stored.scenario, audience)
    states = (state_of_copy(stored.states[-1], audience),) if stored.states else ()
    record = Record(parent=states[0].id if states else "", done=(DONE,))
    save_file(path, StoredFile(scenario=redacted.scenario, states=states, passphrase=passphrase), record)
    return redacted


def is_shared_copy(states: Sequence[State]) -> bool:
    """Whether a file with these saves is somebody's copy, rather than a file that such a copy was merged into."""
    first = [state for state in states if not state.record.parents]
    return len(first) == 1 and any(state.record.done == (DONE,) for state in states)
