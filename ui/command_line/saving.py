"""Scenario files saved by a command: with a record of what was done, and a word where no earlier version is kept."""

from collections.abc import Iterable
from pathlib import Path

from planner.history import record_of, system_person
from planner.store import Stamp, StoredFile, save_file
from ui.command_line.output import complain


def save(
    path: Path,
    stored: StoredFile,
    parent: StoredFile | None,
    done: str,
    *,
    merged: Iterable[str] = (),
    over: Stamp | None = None,
) -> None:
    """Save what goes on from `parent` by what was done, and from the saves `merged`.

    With `over`, a file of another stamp is not replaced. Raises as `save_file` does.
    """
    record = record_of(parent, stored.scenario, person=system_person(), done=[done], merged=merged)
    saved = save_file(path, stored, record, replacing=() if over is None else (over,))
    if saved.unkept:
        complain(f"{path}: warning: no earlier version could be kept, because {saved.unkept}")
