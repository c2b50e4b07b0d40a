"""What becomes of an errand in the background: its result, what is told of a refusal, and a bug."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from planner.problems import ConcordError
from ui.desktop.errands import Errands
from ui.desktop.window import Window

Wait = Callable[..., None]


@pytest.fixture
def errands(window: Window) -> Errands:
    return window.errands()


def refuse() -> None:
    raise ConcordError("There is no such file.")


def test_that_a_refusal_is_told_with_what_was_kept(window: Window, errands: Errands, wait: Wait) -> None:
    errands.do(refuse, lambda _: None, "Nothing was written.")
    assert QApplication.overrideCursor() is not None
    wait(lambda: window.notice.words)

    assert window.notice.words == "There is no such file. Nothing was written."
    assert QApplication.overrideCursor() is None


def test_that_what_is_dealt_with_is_not_told(window: Window, errands: Errands, wait: Wait) -> None:
    asked: list[str] = []

    def ask(problem: ConcordError) -> bool:
        asked.append(str(problem))
        return True

    errands.do(refuse, lambda _: None, refused=ask)
    wait(lambda: asked)
    assert not window.notice.words


def test_that_what_comes_too_late_is_dropped(window: Window, errands: Errands, wait: Wait) -> None:
    came: list[str] = []
    errands.do(lambda: "early", came.append)
    errands.do(refuse, came.append)
    errands.forget()
    errands.do(lambda: "late", came.append)
    wait(lambda: came)

    assert came == ["late"]
    assert not window.notice.words
    assert QApplication.overrideCursor() is None


def test_that_a_bug_is_raised_and_leaves_the_cursor_as_it_was(
    window: Window, errands: Errands, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[type[BaseException]] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, *_: raised.append(kind))
    errands.do(lambda: 1 / 0, lambda _: None)
    wait(lambda: raised)

    assert raised == [ZeroDivisionError]
    assert not window.notice.words
    assert QApplication.overrideCursor() is None
