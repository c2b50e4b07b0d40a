"""The record of a save that is about to be made."""

import getpass
import os
from collections.abc import Iterable

from planner.history.delta import pack
from planner.scenario import Scenario
from planner.store import Record, StoredFile

PERSON_VARIABLE = "CONCORD_PERSON"


def record_of(
    before: StoredFile | None,
    after: Scenario,
    *,
    person: str = "",
    comment: str = "",
    done: Iterable[str] = (),
    merged: Iterable[str] = (),
) -> Record:
    """Who saves what, against the content of the save before; None where there is none, or it is not known.

    `merged`: the ids of the saves whose files were merged since.
    """
    is_known = before is not None and bool(before.states)
    known = {state.id for state in before.states} if before is not None else set()
    return Record(
        parent=before.states[-1].id if before is not None and is_known else "",
        person=person,
        comment=comment,
        done=tuple(dict.fromkeys(done)),
        changes=pack(before.scenario, after) if before is not None and is_known else b"",
        merged=tuple(state_id for state_id in dict.fromkeys(merged) if state_id not in known),
    )


def system_person() -> str:
    """Who works here: the variable CONCORD_PERSON, else the name that the system knows; empty where it knows none."""
    name = os.environ.get(PERSON_VARIABLE, "").strip() or _system_name()
    return name.encode(errors="replace").decode()  # bytes that are no UTF-8 could not be saved


def _system_name() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
    return _full_name(name) or name


def _full_name(user: str) -> str:
    """The name behind a user name, where the system keeps it with the user."""
    try:
        import pwd
    except ImportError:  # Windows
        return ""
    try:
        return pwd.getpwnam(user).pw_gecos.partition(",")[0].strip()
    except KeyError:
        return ""
