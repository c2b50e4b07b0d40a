"""Two who have one file open see each other, and nothing stays beside it."""

import os
from pathlib import Path

from planner.document import Document
from planner.presence import Presence
from planner.samples import build_sample
from planner.store import StoredFile, save_file
from tests.desktop.conftest import Wait, save
from ui.desktop.window import Window


def test_that_somebody_else_with_the_file_open_is_told_and_shown_until_gone(
    window: Window, wait: Wait, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    path = folder / "a.concord"
    save_file(path, StoredFile(scenario=build_sample("first-steps")))
    bo = Presence(path, "Bo")
    bo.others()
    window.filing.open_path(path)
    wait(lambda: window.notice.words)
    assert window.notice.words.startswith("Bo (")
    assert "who saves second is offered to merge" in window.notice.words
    assert window.header._others.isVisible()
    assert len(bo.others()) == 1

    bo.leave()
    window.attendance.look()
    wait(lambda: not window.header._others.isVisible())
    window.session.open(Document.new_from(build_sample("first-steps")))
    wait(lambda: window.background.is_idle)
    assert os.listdir(folder) == ["a.concord"]


def test_that_closing_the_window_leaves_nothing_beside_the_file(window: Window, wait: Wait, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    window.session.open(Document.new_from(build_sample("first-steps")))
    save(window, wait, folder / "a.concord")
    wait(lambda: len(os.listdir(folder)) == 2)
    window.session.document = None
    window.close()
    assert os.listdir(folder) == ["a.concord"]
