"""Which save a copy descends from, without a word about it in the copy: recognised only by whoever has that save."""

import hashlib
from collections.abc import Iterable

from planner import __version__
from planner.merge import Side, merge
from planner.scenario import Scenario
from planner.sharing.audience import Audience, audiences
from planner.sharing.redaction import redact
from planner.store import State, StoredFile


def state_of_copy(origin: State, audience: Audience) -> State:
    """The state that a copy of the save `origin` for an audience begins with."""
    digest = hashlib.sha256(f"{origin.id} for {audience}".encode()).hexdigest()
    return State(digest[:32], origin.saved_at, __version__)


def audience_of(origin: StoredFile, returned: StoredFile) -> Audience | None:
    """Whom the copy was made for that `returned` descends from; None where it is no copy of this very save."""
    if not origin.states:
        return None
    known = {state.id for state in returned.states}
    return next(
        (each for each in audiences(origin.scenario) if state_of_copy(origin.states[-1], each).id in known), None
    )


def completed(origin: StoredFile, returned: StoredFile) -> Scenario | None:
    """What comes back, with what had stayed at home put back in its place; None where it is no copy of this save.

    It descends from `origin` like any version, so that only what was edited in the copy counts as a change.
    """
    audience = audience_of(origin, returned)
    if audience is None:
        return None
    versions = redact(origin.scenario, audience).scenario, origin.scenario, returned.scenario
    # What stayed at home looks changed here; where somebody wrote into its place or deleted the row, that is the edit.
    edits = {change.key: Side.THEIRS for change in merge(*versions).conflicts}
    return merge(*versions, edits).scenario


def origin_of(returned: StoredFile, saves: Iterable[StoredFile]) -> StoredFile | None:
    """The first of these saves of ours, such as the open file and its backups, that it is a copy of."""
    return next((save for save in saves if audience_of(save, returned) is not None), None)
