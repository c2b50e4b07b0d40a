"""After a crash: what was typed is offered, and comes back, or is put aside."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from planner.document import Document
from planner.edits import set_cell, set_setting
from planner.problems import EnvironmentProblem
from planner.recovery import Recorder
from planner.scenario import Scenario
from tests.desktop.conftest import save
from ui.desktop.window import Window

Wait = Callable[..., None]
CHECKOUT = Path(__file__).resolve().parents[2]
KILLS = 20


def fail(problem: Exception) -> None:
    raise AssertionError from problem


@pytest.fixture
def left(scenario: Scenario, tmp_path: Path) -> Path:
    """Two changes to a saved scenario, left behind by a crash; the path of its file."""
    path = tmp_path / "valleys.concord"
    Document.new_from(scenario).save_as(path)
    document = Document.open(path)
    recorder = Recorder(document, tmp_path / "other process", fail)
    for row, name in enumerate(("Aspen Fund", "Beech Network")):
        document.apply("change a name", lambda it, row=row, name=name: set_cell(it, "partners", row, "name", name))
    assert recorder.is_written()
    shutil.copytree(tmp_path / "other process", tmp_path / "recovery")
    recorder.close()
    return path


def press(window: Window, name: str) -> None:
    (found,) = [made for made in window.offer.findChildren(QPushButton) if made.accessibleName() == name]
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def test_that_changes_left_by_a_crash_are_offered_and_recovered(window: Window, left: Path, wait: Wait) -> None:
    window.recovering.look()
    wait(lambda: window.offer.words)
    assert window.offer.words.startswith("2 changes to “Two valleys” were not saved, the last one today at ")
    assert not window.session.has_document

    press(window, "Recover")
    wait(lambda: window.session.has_document)

    assert [row.name for row in window.session.scenario.partners] == ["Aspen Fund", "Beech Network"]
    assert window.session.path == left
    assert window.session.is_dirty
    assert window.session.undo_label == "change a name"
    assert window.notice.words == "Recovered: 2 changes to “Two valleys”. Save to keep them."
    assert not window.offer.words
    assert save(window, wait)
    assert [row.name for row in Document.open(left).scenario.partners] == ["Aspen Fund", "Beech Network"]


def test_that_an_offer_that_is_closed_comes_again_at_the_next_start(window: Window, left: Path, wait: Wait) -> None:
    window.recovering.look()
    wait(lambda: window.offer.words)
    press(window, "Close this message")
    assert not window.offer.words

    window.recovering.look()
    wait(lambda: window.offer.words)


def test_that_discarded_changes_are_put_aside_and_offered_no_more(window: Window, left: Path, wait: Wait) -> None:
    window.recovering.look()
    wait(lambda: window.offer.words)
    press(window, "Discard")
    wait(lambda: window.notice.words)

    assert "kept for 30 days" in window.notice.words
    assert not window.offer.words
    window.recovering.look()
    wait(lambda: window.background.is_idle)
    assert not window.offer.words


def test_that_recovering_beside_a_newer_file_says_how_to_keep_both(window: Window, left: Path, wait: Wait) -> None:
    theirs = Document.open(left)
    theirs.apply("theirs", lambda scenario: set_cell(scenario, "regions", 0, "name", "Theirs"))
    theirs.save()
    window.recovering.look()
    wait(lambda: window.offer.words)
    press(window, "Recover")
    wait(lambda: window.session.has_document)

    assert "valleys.concord was changed by someone else" in window.notice.words
    assert not save(window, wait)
    assert Document.open(left).scenario.regions[0].name == "Theirs"


def test_that_what_is_typed_while_another_file_is_read_is_asked_about(opened: Window, left: Path, wait: Wait) -> None:
    asked: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        box.button(QMessageBox.StandardButton.Cancel).click()

    opened.filing.open_path(left)
    opened.session.apply("change a name", lambda scenario: set_cell(scenario, "partners", 0, "name", "Typed meanwhile"))
    QTimer.singleShot(50, answer)
    wait(lambda: asked)
    wait(lambda: opened.background.is_idle)
    assert opened.session.scenario.partners[0].name == "Typed meanwhile"

    opened.recovering.look()
    wait(lambda: opened.offer.words)
    opened.session.document = None
    opened.session.open(Document.new_from(opened.session.scenario))
    press(opened, "Recover")
    opened.session.apply("a title", lambda scenario: set_setting(scenario, "title", "Typed meanwhile"))
    QTimer.singleShot(50, answer)
    wait(lambda: len(asked) == 2)
    wait(lambda: opened.background.is_idle)
    assert opened.session.scenario.settings.title == "Typed meanwhile"
    assert opened.offer.words
    opened.session.document = None
    press(opened, "Recover")
    wait(lambda: opened.session.path == left)


def test_that_what_is_typed_is_in_the_journal_and_gone_once_it_is_saved(
    opened: Window, tmp_path: Path, wait: Wait
) -> None:
    grid = opened.partners.view_of("pledges").grid
    column = [described.name for described in grid.columns].index("quantity")
    grid.setData(grid.index(0, column), "5")
    grid.setData(grid.index(1, column), "5x")
    recorder = opened.session.recorder
    assert recorder is not None
    assert recorder.is_written()
    (journal,) = tmp_path.glob("recovery/*/journal")
    assert b"5x" in journal.read_bytes()

    grid.setData(grid.index(1, column), "6")
    assert save(opened, wait, tmp_path / "valleys.concord")
    wait(lambda: not list(tmp_path.glob("recovery/*")))  # removed by the thread of the journal


def test_that_a_journal_that_cannot_be_written_is_told_and_work_goes_on(
    opened: Window, tmp_path: Path, wait: Wait
) -> None:
    (tmp_path / "recovery").write_text("not a folder")

    opened.session.apply("change a name", lambda scenario: set_cell(scenario, "partners", 0, "name", "Aspen"))
    wait(lambda: opened.notice.words)

    assert "save often" in opened.notice.words
    assert opened.session.scenario.partners[0].name == "Aspen"
    opened.session.document = None
    opened.session.recording_failed.emit(EnvironmentProblem("Told again."))
    wait(lambda: "Told again." in opened.notice.words)


def start_typist(folder: Path, first: int, *options: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "HOME": str(folder)}
    environment |= {
        name: str(folder) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA", "CONCORD_DATA")
    }
    command = [sys.executable, "-m", "tests.desktop.typist", str(first), *options]
    return subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_that_a_window_killed_twenty_times_loses_nothing_that_was_confirmed(tmp_path: Path) -> None:
    chance = random.Random(20)
    confirmed: dict[str, int] = {}
    last = 0
    for kill in range(KILLS):
        plans = kill % 2 == 1
        typist = start_typist(tmp_path, last + 1, *["plan"] * plans)
        assert typist.stdout is not None
        offer, state = typist.stdout.readline(), json.loads(typist.stdout.readline())
        assert ("were not saved" in offer) == (kill > 0), offer
        assert all(state.get(cell, 0) >= number for cell, number in confirmed.items()), (kill, confirmed, state)
        enough = chance.randint(3, 12)
        for _ in range(enough):
            line = json.loads(typist.stdout.readline())
            confirmed[line["cell"]] = last = line["number"]
            assert line["is_planning"] == plans
        typist.kill()  # SIGKILL: nothing is written any more
        typist.communicate()
        last += 1  # one more may have been typed
    assert last > KILLS * 3
