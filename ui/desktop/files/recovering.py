"""What a crash left behind is offered at the next start: recover it, discard it, or decide another time."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from planner.problems import ConcordError
from planner.recovery import Abandoned, Recovered, discard, find_abandoned, recover, remove_old_discarded
from planner.store import PassphraseNeeded, WrongPassphrase
from ui.desktop.errands import Errands
from ui.desktop.figures import number_text
from ui.desktop.files.passphrases import ask_passphrase
from ui.desktop.files.saving import Leave, Saving
from ui.desktop.frame.notice import Notice, Tell
from ui.desktop.session import Session
from ui.desktop.versions.moments import moment_words

KEPT = "Nothing was thrown away."


class Recovering(QObject):
    """Offers one journal after the other in a bar of its own, which no other message takes away."""

    def __init__(
        self, window: QWidget, session: Session, saving: Saving, errands: Errands, offer: Notice, tell: Tell
    ) -> None:
        super().__init__(session)
        self._window, self._session, self._saving, self._errands = window, session, saving, errands
        self._offer, self._tell = offer, tell
        self._found: list[Abandoned] = []
        session.recording_failed.connect(self._recording_failed, Qt.ConnectionType.QueuedConnection)

    def look(self) -> None:
        """Look for journals in the background, and offer them."""
        folder = self._session.recovery_folder
        if folder is not None:
            self._errands.do(lambda: look_into(folder), self._take, KEPT, self._refused)

    def _take(self, found: tuple[Abandoned, ...]) -> None:
        self._found = list(found)
        self._offer_next()

    def _offer_next(self) -> None:
        if not self._found:
            self._offer.hide()
            return
        abandoned = self._found[0]
        self._offer.tell(
            offer_words(abandoned),
            "warning",
            self._recover,
            "Reco&ver",
            other_action=self._discard,
            other_label="D&iscard",
        )

    def _recover(self, passphrase: str = "") -> None:
        self._saving.leave(lambda: self._read(passphrase), self._offer_next)

    def _read(self, passphrase: str) -> None:
        abandoned = self._found[0]
        leave = self._saving.leaving()

        def work() -> tuple[Recovered, bool]:
            recovered = recover(abandoned, self._session.recording_failed.emit, passphrase)
            return recovered, recovered.document.is_changed_on_disk

        def refused(problem: ConcordError) -> bool:
            if not isinstance(problem, PassphraseNeeded | WrongPassphrase):
                return self._refused(problem)
            if typed := ask_passphrase(self._window, abandoned.path or Path(abandoned.title), problem):
                self._recover(typed)
            else:
                self._offer_next()
            return True

        self._errands.do(work, lambda result: self._recovered(result[0], result[1], leave), KEPT, refused)

    def _recovered(self, recovered: Recovered, is_changed_on_disk: bool, leave: Leave) -> None:
        def stay() -> None:
            recovered.recorder.leave()
            self._offer_next()

        leave(lambda: self._take_recovered(recovered, is_changed_on_disk), stay)

    def _take_recovered(self, recovered: Recovered, is_changed_on_disk: bool) -> None:
        abandoned = self._found.pop(0)
        self._session.open(recovered.document, "Recovered", recovered.recorder)
        words = [f"Recovered: {change_words(abandoned)}. Save to keep them."]
        if is_changed_on_disk and abandoned.path is not None:
            words = [
                f"Recovered: {change_words(abandoned)}. {abandoned.path.name} was changed by someone else since and "
                "was left as it is. Save these changes under another name to keep both."
            ]
        if not recovered.is_whole:
            words.append("The very last change was cut short and is missing.")
        self._tell(" ".join(words), "warning" if len(words) > 1 or is_changed_on_disk else "information")
        self._offer_next()

    def _discard(self) -> None:
        abandoned = self._found[0]
        self._errands.do(lambda: discard(abandoned), self._discarded, KEPT, self._refused)

    def _discarded(self, kept: Path) -> None:
        self._found.pop(0)
        self._tell(f"Discarded. The changes are kept for 30 days in {kept}.", "information")
        self._offer_next()

    def _refused(self, problem: ConcordError) -> bool:
        if self._found:
            self._found.pop(0)
        self._offer_next()
        return False

    def _recording_failed(self, problem: Exception) -> None:
        if not isinstance(problem, ConcordError):
            raise problem
        self._tell(
            f"{problem} Until then a crash would lose what is not saved; you can work on, and save often.", "warning"
        )


def look_into(folder: Path) -> tuple[Abandoned, ...]:
    """The journals of windows that are gone; those discarded long ago are removed."""
    remove_old_discarded(folder)
    return find_abandoned(folder)


def change_words(abandoned: Abandoned) -> str:
    """`14 changes to “Two valleys”`."""
    count = "1 change" if abandoned.count == 1 else f"{number_text(abandoned.count)} changes"
    return f"{count} to “{abandoned.title or 'Untitled scenario'}”"


def offer_words(abandoned: Abandoned) -> str:
    """`14 changes to “Two valleys” were not saved, the last one today at 09:42.`"""
    were = "was not saved" if abandoned.count == 1 else "were not saved, the last one"
    made = ", made" if abandoned.count == 1 else ""
    return f"{change_words(abandoned)} {were}{made} {moment_words(abandoned.last_at)}."
