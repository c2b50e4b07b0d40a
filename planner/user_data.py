"""Where this system keeps what Concord keeps for one user: recovery journals, backups, crash reports."""

import os
from pathlib import Path


def user_data_folder() -> Path:
    """The folder that CONCORD_DATA names, else the system's own for the data of programs; it may not be there yet."""
    named = os.environ.get("CONCORD_DATA")
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("concord", appauthor=False)
