"""One planning run: the child process beside the window, asked to stop by word and, after two seconds, by force."""

import codecs
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from planner.plan import Plan
from planner.plan_json import plan_from_json
from planner.scenario import Scenario
from ui.desktop.background import Background

PATIENCE = 2000  # milliseconds between asking and killing
CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer: a sentence, its kind (input, environment, bug, stopped) and details for a report."""

    message: str
    kind: str
    details: str = ""


class PlanRun(QObject):
    """Plans one scenario. Exactly one of `finished` and `failed` comes, except after `abandon`."""

    progressed = Signal(dict)  # an event of the worker
    finished = Signal(object)  # Plan
    failed = Signal(object)  # Failure

    def __init__(
        self, scenario: Scenario, options: Mapping[str, Any], background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.scenario = scenario
        self._options = dict(options)
        self._background = background
        self._file: Path | None = None
        self._process: QProcess | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._errors = ""
        self._is_over = False
        self._is_stopping = False
        self._kill_timer = QTimer(self)
        self._kill_timer.setSingleShot(True)
        self._kill_timer.setInterval(PATIENCE)
        self._kill_timer.timeout.connect(self._kill)

    @property
    def is_over(self) -> bool:
        """Whether the answer is there, or will never come."""
        return self._is_over

    def start(self) -> None:
        """Write the scenario to a temporary file in the background, then start the child process on it."""
        handle, name = tempfile.mkstemp(prefix="concord-", suffix=".concord")
        os.close(handle)
        self._file = path = Path(name)
        scenario = self.scenario
        self._background.do(lambda: write_scenario(scenario, path), self._start_process, self._writing_failed)

    def stop(self) -> None:
        """Ask for the best plan found so far; after two seconds without an answer the process is killed."""
        if self._is_over or self._is_stopping:
            return
        self._is_stopping = True
        if self._process is None:
            self._end(failure=Failure("Planning was stopped before it began.", "stopped"))
            return
        self._process.write(b"cancel\n")
        self._kill_timer.start()

    def abandon(self) -> None:
        """Kill the process and answer nothing more: the window is closing, or works on another document."""
        self._is_over = True
        self._kill_timer.stop()
        if self._process is not None:
            self._process.kill()
            self._process.waitForFinished(PATIENCE)
        self._remove_file()

    def dispose(self) -> None:
        """Go as soon as the process, which has answered, has ended as well."""
        if self._process is None or self._process.state() == QProcess.ProcessState.NotRunning:
            self.deleteLater()
        else:
            self._process.finished.connect(self.deleteLater)

    def _start_process(self, _: object) -> None:
        if self._is_over:
            self._remove_file()
            return
        self._process = process = QProcess(self)
        process.setProcessEnvironment(worker_environment())
        process.readyReadStandardOutput.connect(self._read_events)
        process.readyReadStandardError.connect(self._read_errors)
        process.finished.connect(self._process_ended)
        process.errorOccurred.connect(self._process_failed)
        process.start(sys.executable, ["-m", "ui.worker"])
        job = {"scenario": str(self._file), "is_copy": True, "options": self._options}
        process.write((json.dumps(job) + "\n").encode())

    def _read_events(self) -> None:
        assert self._process is not None
        text = self._rest + self._decoder.decode(bytes(self._process.readAllStandardOutput().data()))
        *lines, self._rest = text.split("\n")
        for line in lines:
            if line.strip() and not self._is_over:
                self._take(json.loads(line))

    def _read_errors(self) -> None:
        assert self._process is not None
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        self._errors = (self._errors + text)[-20_000:]

    def _take(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "plan":
                self._end(plan=plan_from_json(event["plan"]))
            case "failed":
                self._end(failure=Failure(event["message"], event["kind"], event.get("details", "")))
            case _:
                self.progressed.emit(event)

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def _process_ended(self, _code: int = 0, _status: object = None) -> None:
        self._read_events()
        if self._is_stopping:
            self._end(failure=Failure("Planning was stopped before a plan was found.", "stopped"))
        else:
            self._end(failure=Failure("The planning process ended without an answer.", "bug", self._errors))

    def _process_failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._end(failure=Failure("The planning process could not be started.", "environment", self._errors))

    def _writing_failed(self, problem: Exception) -> None:
        self._end(failure=Failure(str(problem), "environment"))

    def _end(self, plan: Plan | None = None, failure: Failure | None = None) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._kill_timer.stop()
        if self._process is not None and self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.closeWriteChannel()  # the worker ends when its input does
        self._remove_file()
        if plan is not None:
            self.finished.emit(plan)
        else:
            self.failed.emit(failure)

    def _remove_file(self) -> None:
        if self._file is not None:
            self._file.unlink(missing_ok=True)


def write_scenario(scenario: Scenario, path: Path) -> None:
    """The scenario alone as a scenario file, for the child process to read."""
    from planner.store import StoredFile, save_file

    save_file(path, StoredFile(scenario=scenario))


def worker_environment() -> QProcessEnvironment:
    """This process's environment, in which the child finds the same packages."""
    environment = QProcessEnvironment.systemEnvironment()
    known = environment.value("PYTHONPATH")
    environment.insert("PYTHONPATH", f"{CHECKOUT}{os.pathsep}{known}" if known else str(CHECKOUT))
    environment.insert("PYTHONUNBUFFERED", "1")
    return environment
