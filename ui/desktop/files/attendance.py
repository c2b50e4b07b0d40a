"""Who else has the open file open: told once when somebody comes, and shown at the top as long as it is so."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from planner.presence import REFRESH, Presence, Visitor, visitor_words
from ui.desktop.frame.header import Header
from ui.desktop.frame.notice import Tell
from ui.desktop.preferences import Preferences
from ui.desktop.session import Session


class Attendance(QObject):
    """Leaves a hint beside the open file, and looks for those of others, in the background."""

    def __init__(self, parent: QObject, session: Session, preferences: Preferences, header: Header, tell: Tell) -> None:
        super().__init__(parent)
        self._session, self._preferences, self._header, self._tell = session, preferences, header, tell
        self._path: Path | None = None
        self._presence: Presence | None = None
        self._known: set[Visitor] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(int(REFRESH * 1000))
        self._timer.timeout.connect(self.look)
        session.document_changed.connect(self._follow)

    def _follow(self) -> None:
        """Be where the document is."""
        path = self._session.path
        if path == self._path:
            return
        self.leave()
        self._path = path
        if path is not None:
            self._presence = Presence(path, self._preferences.person)
            self._timer.start()
            self.look()

    def look(self) -> None:
        """Give a sign of life, and see who else does."""
        presence = self._presence
        if presence is not None:
            self._session.background.do(presence.others, lambda visitors: self._show(presence, visitors))

    def _show(self, presence: Presence, visitors: tuple[Visitor, ...]) -> None:
        if presence is not self._presence:
            return
        fresh = tuple(visitor for visitor in visitors if visitor not in self._known)
        self._known = set(visitors)
        self._header.show_others(visitor_words(visitors))
        if fresh and self._path is not None:
            have = "has" if len(fresh) == 1 else "have"
            self._tell(
                f"{visitor_words(fresh)} {have} {self._path.name} open too. Nobody is kept from saving: who saves "
                "second is offered to merge.",
                "information",
            )

    def leave(self) -> None:
        """The file is closed: nothing stays beside it."""
        self._timer.stop()
        self._known = set()
        self._header.show_others("")
        if self._presence is not None:
            self._presence.leave()
        self._presence = self._path = None
