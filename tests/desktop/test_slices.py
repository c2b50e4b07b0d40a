"""Work in slices of the event loop."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from ui.desktop import slices
from ui.desktop.slices import Slices

Wait = Callable[..., None]


def steps(done: list[str], name: str) -> Iterator[None]:
    for step in range(3):
        done.append(f"{name}{step}")
        yield


def test_that_short_work_is_done_at_once(application: QApplication) -> None:
    done: list[str] = []
    parent = QObject()

    Slices(parent).do(steps(done, "a"))

    assert done == ["a0", "a1", "a2"]


def test_that_long_work_goes_on_between_events_until_other_work_comes(
    application: QApplication, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    parent = QObject()
    work = Slices(parent)
    monkeypatch.setattr(slices, "SLICE", 0.0)

    work.do(steps(done, "a"))
    work.do(steps(done, "b"))
    assert done == ["a0", "b0"]

    wait(lambda: len(done) == 4)

    assert done == ["a0", "b0", "b1", "b2"]
