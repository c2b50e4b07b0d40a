"""One save of the open file: taken at a moment, written whenever, while people go on working."""

from dataclasses import dataclass
from pathlib import Path

from planner.arrival import Arrival
from planner.history import record_of
from planner.store import ChangedOnDisk, Stamp, StoredFile, save_file, stamp_of


@dataclass(frozen=True, slots=True)
class Save:
    """The content of one moment, the save that it goes on from, what was done since, as people know it, and what came
    with files that were merged.

    `replacing`: the stamps that the file at `path` may have, no other bytes are replaced; None for whatever is there.
    """

    path: Path
    content: StoredFile
    origin: StoredFile | None
    person: str
    comment: str
    done: tuple[str, ...]
    arrivals: tuple[Arrival, ...]
    replacing: frozenset[Stamp] | None

    def write(self) -> StoredFile:
        """Save. Raises EnvironmentProblem, ChangedOnDisk among them."""
        found = stamp_of(self.path) if self.replacing is not None else None
        if found is not None and found not in (self.replacing or ()):
            raise ChangedOnDisk(self.path)
        record = record_of(
            self.origin,
            self.content.scenario,
            person=self.person,
            comment=self.comment,
            done=self.done,
            merged=(arrival.save for arrival in self.arrivals if arrival.save),
        )
        return save_file(self.path, self.content, record, replacing=self.replacing or ())
