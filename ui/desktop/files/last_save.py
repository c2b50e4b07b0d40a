"""Who saved a file last."""

from pathlib import Path

from planner.problems import ConcordError
from planner.store import read_file
from ui.desktop.versions.moments import moment_words


def last_save_words(path: Path, passphrase: str) -> str:
    """`Ben saved it today at 17:26`; empty where the file does not tell or cannot be read."""
    try:
        states = read_file(path, passphrase=passphrase).states
    except ConcordError:
        return ""
    when = moment_words(states[-1].saved_at) if states else ""
    return f"{states[-1].record.person or 'Somebody'} saved it {when}" if when else ""
