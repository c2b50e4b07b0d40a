"""Somebody who edits and saves one file again and again, and merges where another was there first.

`-m tests.store.saver FILE ROW TIMES` counts up in the name of partner ROW and says the digest of every save.
"""

import sys
from dataclasses import replace
from pathlib import Path

from planner.edits import set_cell
from planner.merge import merge
from planner.scenario import Scenario
from planner.store import ChangedOnDisk, StoredFile, read_file, save_file


def save_or_merge(path: Path, base: StoredFile, mine: Scenario) -> StoredFile:
    """Save what was made of `base`; where the file has changed since, merge with that and try again."""
    while True:
        try:
            return save_file(path, replace(base, scenario=mine), replacing=[base.stamp] if base.stamp else ())
        except ChangedOnDisk:
            theirs = read_file(path)
            merged = merge(base.scenario, mine, theirs.scenario)
            assert merged.undecided == ()
            base, mine = theirs, merged.scenario


def main() -> None:
    """Count up."""
    path, row, times = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    stored = read_file(path)
    for number in range(1, times + 1):
        stored = save_or_merge(path, stored, set_cell(stored.scenario, "partners", row, "name", str(number)))
        assert stored.stamp is not None
        print(stored.stamp.digest, flush=True)


if __name__ == "__main__":
    main()
