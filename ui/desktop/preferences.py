"""What the window remembers between two sittings: the last file, its place on the screen, light or dark."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from planner.history import system_person


class Preferences:
    """A small file in the user's settings folder. Nothing of a scenario is in it but the path of its file."""

    def __init__(self, path: Path | None = None) -> None:
        self._settings = QSettings(str(path or default_path()), QSettings.Format.IniFormat)

    @property
    def is_first_run(self) -> bool:
        """Whether the window was never opened before."""
        return not self._settings.contains("last/started")

    def note_start(self) -> None:
        """The window was opened."""
        self._settings.setValue("last/started", "yes")

    @property
    def last_file(self) -> Path | None:
        """The file worked on last, if it is still there."""
        name = str(self._settings.value("last/file", ""))
        path = Path(name) if name else None
        return path if path is not None and path.is_file() else None

    def remember_file(self, path: Path) -> None:
        """This file is worked on."""
        self._settings.setValue("last/file", str(path))

    @property
    def folder(self) -> Path:
        """Where to look for files first."""
        name = str(self._settings.value("last/file", ""))
        return Path(name).parent if name and Path(name).parent.is_dir() else Path.home()

    @property
    def knows_first_steps(self) -> bool:
        """Whether the first steps were done or closed."""
        return self._settings.contains("last/first-steps")

    def note_first_steps(self) -> None:
        """They are not shown any more."""
        self._settings.setValue("last/first-steps", "over")

    @property
    def brightness(self) -> str:
        """system, light or dark."""
        value = str(self._settings.value("window/brightness", "system"))
        return value if value in ("system", "light", "dark") else "system"

    @brightness.setter
    def brightness(self, value: str) -> None:
        self._settings.setValue("window/brightness", value)

    @property
    def person(self) -> str:
        """Who works here, as saves are signed: the name given in the settings, else the one that the system knows."""
        return str(self._settings.value("person/name", "")) or system_person()

    @person.setter
    def person(self, name: str) -> None:
        self._settings.setValue("person/name", name.strip())

    @property
    def geometry(self) -> QByteArray:
        """Place and size of the window."""
        value = self._settings.value("window/geometry", QByteArray())
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._settings.setValue("window/geometry", value)

    def columns(self, table_name: str) -> str:
        """How the columns of a table were left; empty where nobody arranged them."""
        return str(self._settings.value(f"columns/{table_name}", ""))

    def remember_columns(self, table_name: str, words: str) -> None:
        """The columns of a table stand like this now."""
        self._settings.setValue(f"columns/{table_name}", words)

    def close(self) -> None:
        """Write what is not written yet."""
        self._settings.sync()


def default_path() -> Path:
    """The settings file of this user on this system."""
    from platformdirs import user_config_path

    return user_config_path("concord", appauthor=False) / "desktop.ini"
