"""What happens between starting the program and the first look at it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.document import Document
from planner.scenario import Scenario
from ui.desktop import crash_report
from ui.desktop.application import choose_platform, open_first
from ui.desktop.window import Window

CHECKOUT = Path(__file__).resolve().parents[2]
SHOW_SAMPLE = """
import sys
from pathlib import Path
from ui.desktop.application import make_application, make_window, open_first
from ui.desktop.preferences import Preferences
application = make_application()
window = make_window(application, Preferences(Path(sys.argv[1])))
window.show()
open_first(window, None)
application.processEvents()
assert window.session.scenario.pledges
for place in window.pages:
    window.go(place)
    application.processEvents()
print(*sorted({name.split(".")[0] for name in sys.modules}))
window.close()
"""


def test_that_showing_the_sample_loads_no_heavy_library(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", SHOW_SAMPLE, str(tmp_path / "desktop.ini")],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert not set(shown.stdout.split()) & {"ortools", "pandas", "openpyxl", "sqlite_utils", "scipy", "numpy"}


def test_that_the_first_run_opens_the_sample_and_later_ones_offer_three_doors(window: Window) -> None:
    open_first(window, None)
    assert window.session.scenario.settings.title.startswith("Stabilisation")
    assert not window.session.is_dirty

    window.session.document = None
    open_first(window, None)
    assert not window.session.has_document


def test_that_the_last_file_is_opened_again(
    window: Window, scenario: Scenario, tmp_path: Path, wait: Callable[..., None]
) -> None:
    document = Document.new_from(scenario)
    document.save_as(tmp_path / "valleys.concord")
    window.preferences.note_start()
    window.preferences.remember_file(tmp_path / "valleys.concord")

    open_first(window, None)
    wait(lambda: window.session.has_document)

    assert window.session.scenario == scenario
    assert window.session.path == tmp_path / "valleys.concord"


def test_that_a_file_that_is_none_is_told_in_place_and_nothing_is_opened(
    window: Window, tmp_path: Path, wait: Callable[..., None]
) -> None:
    broken = tmp_path / "broken.concord"
    broken.write_text("not a database")

    open_first(window, broken)
    wait(lambda: window.notice.words)

    assert "broken.concord" in window.notice.words
    assert not window.session.has_document


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_that_without_a_display_the_window_is_drawn_off_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)

    choose_platform()

    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


def test_that_a_fault_inside_is_reported_in_one_folder_and_the_window_stays(
    opened: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    crash_report.install(opened.notice.tell)

    fault = ZeroDivisionError("nothing to divide")
    sys.excepthook(type(fault), fault, None)

    (report,) = (tmp_path / "data").glob("**/crash-reports/crash-*.txt")
    assert "nothing to divide" in report.read_text(encoding="utf-8")
    assert str(report) in opened.notice.words
    assert "nothing to divide" in capsys.readouterr().err
    assert opened.isVisible()
