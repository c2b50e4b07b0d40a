"""A real application without a screen, and a window that must leave nothing behind."""

import gc
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from planner.document import Document
from planner.scenario import (
    Activity,
    Initiative,
    Objective,
    Region,
    Requirement,
    Rule,
    Scenario,
    Settings,
)
from resources.offers import Partner, Pledge, Resource
from ui.desktop.application import make_application, make_window
from ui.desktop.background import Background
from ui.desktop.preferences import Preferences
from ui.desktop.session import Edit, Session
from ui.desktop.slices import SLICE
from ui.desktop.window import Window

Wait = Callable[..., None]
OF_THE_PLATFORM = "This plugin does not support "  # begins what only windows off screen lead to


@pytest.fixture(scope="session")
def application() -> QApplication:
    """The one application of this process."""
    return make_application()


@pytest.fixture(autouse=True)
def qt_says_nothing() -> Iterator[None]:
    """A warning of Qt is a fault of ours that people would see sooner or later as something else."""
    said: list[str] = []
    before = qInstallMessageHandler(lambda _kind, _context, words: said.append(words))
    yield
    qInstallMessageHandler(before)
    assert QGuiApplication.overrideCursor() is None
    assert [words for words in said if not words.startswith(OF_THE_PLATFORM)] == []


@pytest.fixture
def wait(application: QApplication) -> Wait:
    """Let events pass until a condition holds; fails after `seconds`."""

    def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
        loop = QEventLoop()
        poll, limit = QTimer(), QTimer()
        poll.timeout.connect(lambda: loop.quit() if condition() else None)
        limit.timeout.connect(loop.quit)
        limit.setSingleShot(True)
        poll.start(5)
        limit.start(int(seconds * 1000))
        loop.exec()
        assert condition(), "this did not come about in time"

    return until


@pytest.fixture
def window(application: QApplication, tmp_path: Path, wait: Wait) -> Iterator[Window]:
    """A shown window without a document. Afterwards no thread, timer or window of it may be alive."""
    threads = set(threading.enumerate())
    made = make_window(application, Preferences(tmp_path / "desktop.ini"), tmp_path / "recovery")
    made.show()
    yield made
    made.session.document = None  # nothing to ask about
    made.close()
    assert not [timer for timer in made.findChildren(QTimer) if timer.isActive()]
    assert set(threading.enumerate()) <= threads
    made.theme.deleteLater()
    made.deleteLater()
    application.sendPostedEvents(None, 52)  # deferred deletions
    application.processEvents()
    del made
    gc.collect()
    assert not application.topLevelWidgets()


def save(window: Window, wait: Wait, path: Path | None = None, comment: str = "") -> bool:
    """Save, under a name where one is given, and wait for that; whether it came about."""
    document = window.session.document
    assert document is not None
    before = document.stored
    if path is None:
        window.saving.save(comment)
    else:
        window.saving.save_as(path, comment)
    wait(lambda: not window.saving.is_saving)
    return document.stored is not before


def begin_edit(session: Session, edit: Callable[[Scenario], Scenario]) -> None:
    """Begin an edit that goes on in parts, as a large paste does, and is not done yet."""

    def parts() -> Generator[None, None, Edit]:
        before = session.scenario
        time.sleep(2 * SLICE)
        yield
        return Edit("paste", edit(before))

    session.apply_in_parts(parts())
    assert session.is_editing


@pytest.fixture
def scenario() -> Scenario:
    """Two partners, two regions, one initiative, money and trainers over four quarters."""
    return Scenario(
        settings=Settings(title="Two valleys", periods=4, weighting="requirement"),
        partners=(
            Partner(code="A", name="Alder Fund", type="60"),
            Partner(code="B", name="Birch Women's Network", type="22", local=True),
        ),
        regions=(Region(code="R1", name="Upper Ostra", severity=3.0), Region(code="R2", name="Dovna", severity=4.0)),
        initiatives=(Initiative(code="DIALOGUE", name="Community dialogue"),),
        resources=(
            Resource(code="USD", name="Funding", category="funding", unit="USD"),
            Resource(code="TRAINER", name="Trainers", category="personnel", unit="person", unit_value=1000.0),
        ),
        pledges=(
            Pledge(code="P-1", partner="A", resource="USD", quantity=30000.0),
            Pledge(code="P-2", partner="B", resource="USD", quantity=1200.5, overhead=0.07),
            Pledge(code="P-3", partner="B", resource="TRAINER", quantity=2.0, regions=("R1", "R2")),
        ),
        requirements=(
            Requirement(initiative="DIALOGUE", region="R1", resource="USD", period=1, quantity=20000.0),
            Requirement(initiative="DIALOGUE", region="R1", resource="USD", period=2, quantity=10000.0),
            Requirement(initiative="DIALOGUE", region="R1", resource="TRAINER", period=1, quantity=1.0),
            Requirement(initiative="DIALOGUE", region="R2", resource="USD", period=1, quantity=15000.0),
        ),
        activities=(Activity(initiative="DIALOGUE", region="R1", implementer="B"),),
        rules=(Rule(rule="local_share", value="25 %"),),
        objectives=(Objective(order=1, objective="coverage"),),
    )


@pytest.fixture
def session(application: QApplication, scenario: Scenario, wait: Wait) -> Iterator[Session]:
    """What views listen to, on that scenario, without a window."""
    background = Background()
    made = Session(background)
    made.open(Document.new_from(scenario))
    wait(lambda: made.is_checked)
    yield made
    made.close()
    background.close()


@pytest.fixture
def opened(window: Window, scenario: Scenario, wait: Wait) -> Window:
    """The window with that scenario, checked."""
    window.session.open(Document.new_from(scenario))
    wait(lambda: window.session.is_checked)
    return window
