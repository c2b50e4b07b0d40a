"""What a scenario file holds: a scenario, its plans and the saves it descends from."""

from dataclasses import dataclass, field
from pathlib import Path

from planner.plan import Plan
from planner.problems import EnvironmentProblem
from planner.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Record:
    """Who made a save, why, and what it changed.

    `parent`: the save that `changes` (packed by `planner.history`) lead on from; empty where it is not known.
    `merged`: the other saves that it descends from: those of merged files, and its parent where what it changed has
    been forgotten.
    `done`: the steps as people know them, as in "import returned workbooks".
    """

    parent: str = ""
    person: str = ""
    comment: str = ""
    done: tuple[str, ...] = ()
    changes: bytes = b""
    merged: tuple[str, ...] = ()

    @property
    def parents(self) -> tuple[str, ...]:
        """The saves that this one descends from at once."""
        return (self.parent, *self.merged) if self.parent else self.merged


@dataclass(frozen=True, slots=True)
class State:
    """One save of a scenario: its identity, the time (ISO 8601 with offset) and the version of Concord that made it."""

    id: str
    saved_at: str
    program: str
    record: Record = Record()


@dataclass(frozen=True, slots=True)
class Stamp:
    """The bytes of a file at one moment, to see later whether somebody else has changed it."""

    size: int
    digest: str  # SHA-256


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """The content of a scenario file.

    `states`: the saves it descends from, oldest first; the last one is the file's own. Empty before the first save.
    `stamp`: of the file it was read from or saved to. `passphrase`: what the file is protected by, empty for nothing.
    `unkept`: why the version that the save replaced could not be kept as a backup, empty where it was.
    """

    scenario: Scenario
    plans: tuple[Plan, ...] = ()
    states: tuple[State, ...] = ()
    stamp: Stamp | None = field(default=None, compare=False)
    passphrase: str = field(default="", compare=False, repr=False)
    unkept: str = field(default="", compare=False)


class ChangedOnDisk(EnvironmentProblem):
    """Somebody else has changed the file since it was read: saving would overwrite what they did."""

    what = (
        "was changed by someone else since it was opened here, so it was not overwritten; "
        "merge it, or save under another name to keep both."
    )

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} {self.what}")


class SavedOver(ChangedOnDisk):
    """Somebody else saved in the same moment, and theirs is what the file holds."""

    what = (
        "was saved by someone else in the same moment, and theirs stands; merge it to have both. "
        "What was saved here is kept with the earlier versions of the file."
    )
