"""Somebody who edits and saves a file, with a journal, to be killed: `-m tests.recovery.editor FOLDER`.

Says the number that the file and its journal hold together, then each number that is confirmed.
"""

import random
import sys
from pathlib import Path

from planner.document import Document
from planner.edits import set_cell
from planner.recovery import Recorder, find_abandoned, recover


def fail(problem: Exception) -> None:
    """A journal that cannot be written."""
    raise AssertionError from problem


def opened(folder: Path) -> tuple[Document, Recorder]:
    """The file, with what a kill left of it."""
    root = folder / "recovery"
    found = find_abandoned(root)
    if not found:
        document = Document.open(folder / "files" / "a.concord")
        return document, Recorder(document, root, fail)
    (abandoned,) = found
    recovered = recover(abandoned, fail)
    return recovered.document, recovered.recorder


def main() -> None:
    """Count up in the name of a partner, and save now and then."""
    document, recorder = opened(Path(sys.argv[1]))
    number = int(document.scenario.partners[0].name or "0")
    print(number, flush=True)
    chance = random.Random(number)
    while True:
        number += 1
        name = str(number)
        document.apply(name, lambda scenario, name=name: set_cell(scenario, "partners", 0, "name", name))
        assert recorder.is_written()
        print(number, flush=True)
        if chance.random() < 0.2:
            document.save()


if __name__ == "__main__":
    main()
