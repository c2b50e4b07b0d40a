"""Saving beside the work: nobody waits, nothing typed meanwhile is lost, and whoever leaves waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton

from planner.document import Document
from planner.edits import set_cell
from planner.scenario import Scenario
from planner.store import read_file
from tests.desktop.conftest import Wait, save
from ui.desktop.window import Window


@pytest.fixture
def path(opened: Window, tmp_path: Path, wait: Wait) -> Path:
    """The file of the open scenario."""
    assert save(opened, wait, tmp_path / "valleys.concord")
    return tmp_path / "valleys.concord"


@contextmanager
def held_up(window: Window) -> Iterator[None]:
    """The thread that saves has something else to do meanwhile."""
    go_on = Event()
    window.saves.do(lambda: go_on.wait(20), lambda _: None)
    try:
        yield
    finally:
        go_on.set()


def name(window: Window, words: str, row: int = 0) -> None:
    window.session.apply(f"name {words}", lambda it: set_cell(it, "partners", row, "name", words))


def names(path: Path) -> list[str]:
    return [row.name for row in read_file(path).scenario.partners]


def answer(button: QMessageBox.StandardButton) -> None:
    """Answer the question that is about to be asked."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        box.button(button).click()

    QTimer.singleShot(50, press)


def test_that_what_is_done_while_saving_stays_unsaved(opened: Window, path: Path, wait: Wait) -> None:
    name(opened, "Aspen")
    with held_up(opened):
        opened.saving.save()
        name(opened, "Beech", 1)
    wait(lambda: not opened.saving.is_saving)

    assert names(path) == ["Aspen", "Birch Women's Network"]
    assert opened.session.is_dirty
    assert opened.session.saved_words == "Changed, not saved"
    assert save(opened, wait)
    assert names(path) == ["Aspen", "Beech"]
    assert [state.record.done for state in read_file(path).states[1:]] == [("name Aspen",), ("name Beech",)]


def test_that_a_crash_after_a_save_loses_nothing_of_what_was_done_while_saving(
    opened: Window, path: Path, wait: Wait
) -> None:
    from planner.recovery import find_abandoned

    with held_up(opened):
        opened.saving.save()
        name(opened, "Aspen")
    wait(lambda: not opened.saving.is_saving)
    recorder, folder = opened.session.recorder, opened.session.recovery_folder
    assert recorder is not None
    assert folder is not None
    assert recorder.is_written()
    recorder.leave()
    (left,) = find_abandoned(folder)
    opened.session.recorder = None

    assert (left.path, left.count) == (path, 1)


def test_that_saving_is_told_while_it_goes_on_and_offers_no_way_to_end_it_halfway(
    opened: Window, path: Path, wait: Wait
) -> None:
    name(opened, "Aspen")
    with held_up(opened):
        opened.saving.save()
        wait(opened.save_strip.isVisible)
        assert "Saving valleys.concord…" in {label.text() for label in opened.save_strip.findChildren(QLabel)}
        assert not any(made.isVisible() for made in opened.save_strip.findChildren(QPushButton))
    wait(lambda: not opened.saving.is_saving)
    assert not opened.save_strip.isVisible()


def test_that_saving_again_while_saving_saves_what_came_since(opened: Window, path: Path, wait: Wait) -> None:
    name(opened, "Aspen")
    with held_up(opened):
        opened.saving.save()
        name(opened, "Beech", 1)
        opened.saving.save()
    wait(lambda: not opened.saving.is_saving)

    assert names(path) == ["Aspen", "Beech"]
    assert not opened.session.is_dirty


def test_that_saving_waits_for_no_other_work(opened: Window, path: Path, wait: Wait) -> None:
    go_on = Event()
    opened.background.do(lambda: go_on.wait(20), lambda _: None)
    name(opened, "Aspen")
    assert save(opened, wait)
    go_on.set()


def test_that_closing_waits_for_a_save_that_goes_on(opened: Window, path: Path, wait: Wait) -> None:
    name(opened, "Aspen")
    with held_up(opened):
        opened.saving.save()
        assert not opened.close()
        assert opened.notice.words == "valleys.concord is being saved; what you asked for follows once that is done."
        assert opened.isVisible()
    wait(lambda: not opened.isVisible())

    assert names(path)[0] == "Aspen"


def test_that_closing_by_save_closes_once_it_is_saved(opened: Window, path: Path, wait: Wait) -> None:
    name(opened, "Aspen")
    answer(QMessageBox.StandardButton.Save)
    assert not opened.close()
    wait(lambda: not opened.isVisible())

    assert names(path)[0] == "Aspen"


def test_that_what_is_typed_after_save_and_close_is_asked_about(opened: Window, path: Path, wait: Wait) -> None:
    name(opened, "Aspen")
    asked: list[str] = []

    def cancel() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            asked.append(box.text())
            box.button(QMessageBox.StandardButton.Cancel).click()

    with held_up(opened):
        answer(QMessageBox.StandardButton.Save)
        assert not opened.close()
        name(opened, "Beech", 1)
        poll = QTimer(interval=20)
        poll.timeout.connect(cancel)
        poll.start()
    wait(lambda: asked)
    poll.stop()

    assert opened.isVisible()
    assert opened.session.is_dirty
    assert names(path) == ["Aspen", "Birch Women's Network"]


def test_that_the_window_stays_open_where_the_save_before_closing_fails(
    opened: Window, path: Path, scenario: Scenario, wait: Wait
) -> None:
    name(opened, "Aspen")
    path.unlink()
    path.parent.joinpath("valleys.concord").mkdir()
    answer(QMessageBox.StandardButton.Save)
    assert not opened.close()
    wait(lambda: "Nothing was lost" in opened.notice.words)

    assert opened.isVisible()
    assert opened.session.is_dirty
    assert opened.session.undo_label == "name Aspen"


def test_that_a_file_opened_while_saving_comes_after_it(opened: Window, path: Path, tmp_path: Path, wait: Wait) -> None:
    Document.new_from(Scenario()).save_as(tmp_path / "other.concord")
    name(opened, "Aspen")
    with held_up(opened):
        opened.saving.save()
        opened.filing.open_path(tmp_path / "other.concord")
        wait(lambda: opened.notice.words)
        assert opened.session.path == path
    wait(lambda: opened.session.path == tmp_path / "other.concord")

    assert names(path)[0] == "Aspen"


def test_that_a_file_saved_by_someone_else_is_left_alone(opened: Window, path: Path, wait: Wait) -> None:
    theirs = Document.open(path)
    theirs.apply("theirs", lambda it: set_cell(it, "regions", 0, "name", "Theirs"))
    theirs.save("Ben")
    name(opened, "Aspen")
    assert not save(opened, wait)

    assert "Not saved: valleys.concord was changed by someone else" in opened.notice.words
    assert "Ben saved it today" in opened.notice.words
    assert opened.session.is_dirty
    assert read_file(path).scenario.regions[0].name == "Theirs"
