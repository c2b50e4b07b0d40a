"""Which save a copy descends from, without a word about it in the copy: recognised only by whoever has that save."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from planner import __version__
from planner.history import Base, scenario_at
from planner.merge import Side, merge
from planner.problems import ConcordError
from planner.scenario import Scenario
from planner.sharing.audience import Audience, audiences
from planner.sharing.redaction import redact
from planner.store import State, StoredFile


def state_of_copy(origin: State, audience: Audience) -> State:
    """The state that a copy of the save `origin` for an audience begins with."""
    digest = hashlib.sha256(f"{origin.id} for {audience}".encode()).hexdigest()
    return State(digest[:32], origin.saved_at, __version__)


@dataclass(frozen=True, slots=True)
class Origin:
    """The save that a copy was made of, and whom it was made for."""

    base: Base
    audience: Audience


def origin_of(returned: StoredFile, home: StoredFile) -> Origin | None:
    """The latest save of ours that `returned` comes back as an edited copy of; None where `home` tells of none."""
    known = {state.id for state in returned.states}
    for state in reversed(home.states):
        for audience in (*audiences(home.scenario), *audiences(returned.scenario)):
            if state_of_copy(state, audience).id in known:
                with suppress(ConcordError):  # the file does not tell what it was then
                    return Origin(Base(state, scenario_at(home, state.id)), audience)
    return None


def completed(origin: Origin, returned: Scenario) -> Scenario:
    """What comes back, with what had stayed at home put back in its place.

    It descends from the origin like any version, so that only what was edited in the copy counts as a change.
    """
    home = origin.base.scenario
    versions = redact(home, origin.audience).scenario, home, returned
    # What stayed at home looks changed here; where somebody wrote into its place or deleted the row, that is the edit.
    edits = {change.key: Side.THEIRS for change in merge(*versions).conflicts}
    return merge(*versions, edits).scenario
