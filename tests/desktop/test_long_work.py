"""Work in the background that shows how far it has come, and can be cancelled."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton

from planner.progress import Tell
from ui.desktop.window import Window

Wait = Callable[..., None]


def test_that_long_work_shows_how_much_is_done_and_is_gone_at_its_end(opened: Window, wait: Wait) -> None:
    strip, go_on, ended = opened.long_work, Event(), []

    def work(tell: Tell) -> str:
        tell(0.25)
        go_on.wait(10)
        return "whole"

    strip.do("Writing plan.xlsx", work, ended.append, ended.append)

    wait(lambda: strip.isVisible() and strip.findChild(QProgressBar).value() > 0)
    assert {label.text() for label in strip.findChildren(QLabel)} >= {"Writing plan.xlsx…", "25 %"}
    go_on.set()
    wait(lambda: ended == ["whole"])
    assert not strip.isVisible()


def test_that_cancel_leaves_the_file_as_it_was(opened: Window, tmp_path: Path, wait: Wait) -> None:
    target, started = tmp_path / "valleys.xlsx", Event()
    target.write_bytes(b"old")

    def write(tell: Tell) -> None:
        from planner.files import replace_file

        with replace_file(target) as fresh:
            fresh.write_bytes(b"half")
            started.set()
            while True:
                tell(0.5)

    opened.filing._export(write, target)
    wait(lambda: started.is_set() and opened.long_work.isVisible())
    opened.long_work.findChild(QPushButton).click()

    wait(lambda: "Cancelled" in opened.notice.words)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.glob("*valleys*")] == ["valleys.xlsx"]
    assert not opened.long_work.isVisible()
