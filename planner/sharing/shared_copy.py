"""A copy as a file of its own, written from the redacted scenario alone: nothing else was ever in it."""

import os

from planner.sharing.ancestry import state_of_copy
from planner.sharing.audience import Audience
from planner.sharing.redaction import Redacted, redact
from planner.store import StoredFile, save_file


def copy_for(stored: StoredFile, audience: Audience) -> StoredFile:
    """What the file of a copy holds: the redacted scenario, no plans, and one state that only the sender recognises."""
    states = (state_of_copy(stored.states[-1], audience),) if stored.states else ()
    return StoredFile(scenario=redact(stored.scenario, audience).scenario, states=states)


def share(stored: StoredFile, audience: Audience, path: str | os.PathLike[str]) -> Redacted:
    """Write a copy for an audience. Raises ConcordError, with nothing written."""
    save_file(path, copy_for(stored, audience))
    return redact(stored.scenario, audience)
