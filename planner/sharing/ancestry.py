"""Which save a copy descends from, without a word about it in the copy: recognised only by whoever has that save."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from planner import __version__
from planner.history import Base, scenario_at
from planner.merge import Key, Side, merge
from planner.merge.change import SETTINGS
from planner.problems import ConcordError
from planner.scenario import TABLE_BY_NAME, Scenario
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
                    return Origin(Base((state,), scenario_at(home, state.id)), audience)
    return None


def copies_in(stored: StoredFile) -> dict[str, Scenario]:
    """What the copies were that came back into this file, by the state that each began with: nobody else can tell."""
    roots = {state.id for state in stored.states if not state.record.parent}
    made = {
        state_of_copy(state, audience).id: (state, audience)
        for state in (stored.states if len(roots) > 1 else ())
        for audience in audiences(stored.scenario)
    }
    found = {}
    for root in roots & made.keys():
        state, audience = made[root]
        with suppress(ConcordError):  # the file does not tell what it was then
            found[root] = redact(scenario_at(stored, state.id), audience).scenario
    return found


@dataclass(frozen=True, slots=True)
class Completed:
    """What comes back as a version of the whole, and what to compare it with.

    Where somebody wrote into the place of what had stayed at home, the base has that place as the copy had it: then
    what stands at home and what was written there are both changes, and one does not replace the other unasked.
    """

    base: Base
    scenario: Scenario


def completed(origin: Origin, returned: Scenario) -> Completed:
    """What comes back, with what had stayed at home put back in its place.

    It descends from the origin like any version, so that only what was edited in the copy counts as a change.
    """
    home = origin.base.scenario
    copy = redact(home, origin.audience).scenario
    versions = copy, home, returned
    conflicts = merge(*versions).conflicts  # what stayed at home looks changed here
    whole = merge(*versions, dict.fromkeys((change.key for change in conflicts), Side.THEIRS)).scenario
    written = [change.key for change in conflicts if not change.is_row]  # not the rows that were deleted in the copy
    return Completed(replace(origin.base, scenario=_as_copied(home, copy, written)), whole)


def _as_copied(home: Scenario, copy: Scenario, places: Iterable[Key]) -> Scenario:
    """What is at home, with the rows of these places gone that the copy does not have, else their cells as it has."""
    columns: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in places:
        columns[key.table, key.row_id].append(key.column)
    changed: dict[str, Any] = {}
    for name in {table for table, _ in columns}:
        copied = {row.id: row for row in _rows_of(copy, name)}
        rows = []
        for row in _rows_of(home, name):
            cells = columns.get((name, row.id))
            if cells is None or row.id in copied:
                rows.append(replace(row, **{cell: getattr(copied[row.id], cell) for cell in cells or ()}))
        changed[name] = rows[0] if name == SETTINGS else tuple(rows)
    return replace(home, **changed)


def _rows_of(scenario: Scenario, name: str) -> tuple[Any, ...]:
    return (scenario.settings,) if name == SETTINGS else scenario.rows(TABLE_BY_NAME[name])
