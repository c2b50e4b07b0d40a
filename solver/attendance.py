"""Somebody attends to a run: it works in a thread of its own, while its events go out and cancelling is heard.

Whatever the run is busy with, silent native code too, its last known state is told again at least twice a second; and
when it is cancelled, or far beyond its time limit, the last verified plan is returned without waiting for it. Such
plans are explained beside the run, which goes on meanwhile: the optimiser leaves Python to them. A run that was left
notices at its next event; its thread holds nothing up, not even the end of the process.
"""

import dataclasses
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from planner.plan import Plan
from solver.events import Event, LevelFinished, PhaseStarted, ProgressMade
from solver.search.pace import Stopped

POLL_SECONDS = 0.05
SILENCE = 0.4  # seconds without news after which the last state is told again
PATIENCE = 1.5  # seconds that a cancelled run may take to come to its own end
OVERRUN = 0.06  # of the time limit, that a run may take beyond it where there is a plan to return instead


class Kept:
    """A verified plan to fall back on; what takes long about it is done once."""

    def __init__(self, make: Callable[[], Plan]) -> None:
        self._make, self._lock = make, threading.Lock()
        self._plan: Plan | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the plan can be had at once."""
        return self._plan is not None

    def plan(self) -> Plan:
        """The plan; waits where it is being made."""
        with self._lock:
            if self._plan is None:
                self._plan = self._make()
            return self._plan

    def prepare(self) -> None:
        """Make the plan; what goes wrong is told to whoever asks for it."""
        with suppress(Exception):
            self.plan()


@dataclass(slots=True)
class Attended:
    """What the run tells whoever attends to it."""

    cancelled: Callable[[], bool]
    news: "queue.SimpleQueue[Event]" = field(default_factory=queue.SimpleQueue)
    is_left: threading.Event = field(default_factory=threading.Event)
    kept: list[Kept] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        """Pass an event on; raises Stopped in a run that was left."""
        if self.is_left.is_set():
            raise Stopped
        self.news.put(event)

    def is_stopped(self) -> bool:
        """Whether the run shall end."""
        return self.is_left.is_set() or self.cancelled()

    def keep(self, make: Callable[[], Plan]) -> None:
        """Keep a verified plan to fall back on, which is made beside the run."""
        self.kept = [*[kept for kept in self.kept if kept.is_ready][-1:], Kept(make)]
        threading.Thread(target=self.kept[-1].prepare, name="explaining", daemon=True).start()

    def plan_so_far(self) -> Plan | None:
        """The last plan that is ready; where none is yet, the last one as soon as it is."""
        ready = [kept for kept in self.kept if kept.is_ready]
        return (ready or self.kept)[-1].plan() if self.kept else None


def attend(
    work: Callable[[Attended], Plan],
    nothing_yet: Callable[[], Plan],
    on_event: Callable[[Event], None],
    cancelled: Callable[[], bool],
    time_limit: float | None,
) -> Plan:
    """The plan that `work` comes to; where it is left before, the last one it kept, else `nothing_yet()`."""
    began, run = time.monotonic(), Attended(cancelled)
    answer: list[Plan | BaseException] = []
    worker = threading.Thread(target=_answer, args=(work, run, answer), name="planning", daemon=True)
    worker.start()
    teller = _Teller(on_event, began)
    cancelled_at: float | None = None
    try:
        while not answer:
            worker.join(POLL_SECONDS)
            teller.tell(run.news)
            seconds = time.monotonic() - began
            if cancelled_at is None and cancelled():
                cancelled_at = seconds
            if cancelled_at is not None and seconds - cancelled_at > PATIENCE:
                plan = run.plan_so_far()
                return nothing_yet() if plan is None else _ended(plan, "user", seconds)
            if time_limit is not None and seconds > (1 + OVERRUN) * time_limit:
                plan = run.plan_so_far()
                if plan is not None:
                    return _ended(plan, "time", seconds)
    finally:
        run.is_left.set()
    teller.tell(run.news)
    if isinstance(answer[0], BaseException):
        raise answer[0]
    return answer[0]


def _answer(work: Callable[[Attended], Plan], run: Attended, answer: list[Plan | BaseException]) -> None:
    try:
        answer.append(work(run))
    except BaseException as error:  # told to whoever attends, in whose thread it is raised
        answer.append(error)


def _ended(plan: Plan, stopped: str, seconds: float) -> Plan:
    """A plan that was kept, as the end of a run that was left; a proven one stays so, whatever was left undone."""
    status = "interrupted" if stopped == "user" else "feasible"
    is_proven = plan.status == "optimal"
    run = dataclasses.replace(plan.run, stopped=None if is_proven else stopped, seconds=round(seconds, 3))
    return dataclasses.replace(plan, status=plan.status if is_proven else status, run=run)


class _Teller:
    """Sends events on, and the last state again where there is no news."""

    def __init__(self, on_event: Callable[[Event], None], began: float) -> None:
        self._on_event, self._began = on_event, began
        self._state: ProgressMade | None = None
        self._told_at = began

    def tell(self, news: "queue.SimpleQueue[Event]") -> None:
        """All news; else, after some silence, the last known state."""
        while not news.empty():
            event = news.get()
            self._on_event(event)
            self._told_at, self._state = time.monotonic(), self._state_after(event)
        now = time.monotonic()
        if self._state is not None and now - self._told_at > SILENCE:
            self._told_at = now
            self._on_event(dataclasses.replace(self._state, seconds=now - self._began))

    def _state_after(self, event: Event) -> ProgressMade | None:
        match event:
            case ProgressMade():
                return event
            case PhaseStarted():
                return ProgressMade(event.phase, None, None, None, event.seconds)
            case LevelFinished():
                return ProgressMade(event.objective, event.best, event.bound, event.gap, event.seconds)
        return self._state
