"""What the window works on: the open document, its problems, the plan in view and what was typed but cannot be read."""

import re
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from planner.document import Changed, Document
from planner.drafts import Draft, DraftKey, Drafts
from planner.plan import Plan
from planner.problems import ConcordError, Place, Problem, Severity
from planner.recovery import Recorder
from planner.report.tables import PlanTables
from planner.scenario import TABLE_BY_NAME, Scenario, Settings, Table
from planner.sharing import is_shared_copy
from planner.store import StoredFile
from planner.table_changes import TableChange
from ui.desktop.background import Background
from ui.desktop.drafts import DraftHistory
from ui.desktop.slices import Slices
from ui.desktop.unread import RowPlaces, Unread

CHECK_DELAY = 150  # milliseconds after the last edit
EMPTY = Scenario()
SETTINGS = Table("Scenario", "settings", Settings)  # a table of one row


@dataclass(frozen=True, slots=True)
class Edit:
    """What came of an edit: the scenario, the drafts that belong to it (see `apply`), and what is to be done then."""

    label: str
    scenario: Scenario
    drafts: Callable[[], Drafts] = dict
    then: Callable[[], object] = lambda: None


class Session(QObject):
    """The one place that views listen to. Every change goes through it."""

    scenario_changed = Signal()
    document_changed = Signal()  # another document, another path, or saved
    plans_changed = Signal()  # other plans, or another one in view
    checked = Signal()  # problems, drafts or the fingerprint changed
    recording_failed = Signal(Exception)  # changes are not kept for recovery; comes from the journal's thread

    def __init__(
        self, background: Background, parent: QObject | None = None, recovery_folder: Path | None = None
    ) -> None:
        super().__init__(parent)
        self.background = background
        self.recovery_folder = recovery_folder  # of the journals; None: changes are not kept for recovery
        self._document: Document | None = None
        self._edits = Slices(self)  # the edit that goes on in parts
        self.recorder: Recorder | None = None
        self._drafts = DraftHistory()
        self._changes: dict[str, TableChange] | None = None  # the last ones; None for another document
        self.fingerprint = ""
        self._found: tuple[Problem, ...] = ()
        self._known_problems: tuple[Problem, ...] | None = ()  # None: to be put together again
        self._unread: tuple[Unread, ...] = ()
        self._checking: Scenario | None = None
        self._chosen_plan = ""
        self._planned: dict[str, Scenario] = {}  # what the plans of this sitting were made from
        self._tables: PlanTables | None = None
        self._saved_words = ""
        self._forget: Callable[[], None] = lambda: None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CHECK_DELAY)
        self._timer.timeout.connect(self.check)

    # -- the document

    @property
    def document(self) -> Document | None:
        """What is open, with every edit that was begun."""
        self.catch_up()
        return self._document

    @document.setter
    def document(self, document: Document | None) -> None:
        self._document = document

    @property
    def has_document(self) -> bool:
        """Whether anything is open."""
        return self._document is not None

    @property
    def scenario(self) -> Scenario:
        """The scenario as it is now; an empty one while nothing is open."""
        return self._document.scenario if self._document is not None else EMPTY

    @property
    def path(self) -> Path | None:
        """Where the document is kept."""
        return self._document.path if self._document is not None else None

    @property
    def is_protected(self) -> bool:
        """Whether its file is protected by a passphrase."""
        return self._document is not None and bool(self._document.stored.passphrase)

    @property
    def is_shared_copy(self) -> bool:
        """Whether somebody else made this file for us, without what we may not see."""
        return self._document is not None and is_shared_copy(self._document.stored.states)

    @property
    def is_dirty(self) -> bool:
        """Whether closing would lose something."""
        return self._document is not None and (self.is_editing or self._document.is_dirty or bool(self.drafts))

    @property
    def saved_words(self) -> str:
        """`Saved 09:42`, `Changed, not saved`, `Not saved yet`."""
        if self.is_dirty:
            return "Changed, not saved"
        return self._saved_words or "Not saved yet"

    def open(self, document: Document, saved_words: str = "", recorder: Recorder | None = None) -> None:
        """Work on another document; one that was recovered comes with the recorder that follows it already."""
        self.catch_up()
        self._stop_following()
        self._document = document
        if recorder is None and self.recovery_folder is not None:
            recorder = Recorder(document, self.recovery_folder, self.recording_failed.emit)
        self.recorder = recorder
        self._drafts = DraftHistory(document)
        self._changes = None
        self._planned.clear()
        self._found, self.fingerprint, self._chosen_plan = (), "", ""
        self._saved_words = saved_words
        self._forget = document.subscribe(self._document_told)
        first = document.history[0].scenario
        self._unread = tuple(Unread.of(problem, first) for problem in document.problems)
        self._known_problems = None
        self.document_changed.emit()
        self.scenario_changed.emit()
        self.plans_changed.emit()
        self.check()

    def close(self) -> None:
        """Listen no more, look for problems no more; nothing has to be recovered."""
        self._edits.drop()
        self._stop_following()
        self._timer.stop()

    def _stop_following(self) -> None:
        self._forget()
        self._forget = lambda: None
        if self.recorder is not None:
            self.recorder.close()
            self.recorder = None

    def apply(self, label: str, edit: Callable[[Scenario], Scenario], drafts: Callable[[], Drafts] = dict) -> None:
        """Change the scenario. Raises ConcordError where the edit is impossible.

        `drafts` says, once that is done, what cannot be kept yet and (None) which cells were put right; Undo takes
        both back together.
        """
        self.catch_up()
        self._apply(label, edit, drafts)

    def apply_in_parts(
        self, parts: Generator[None, None, Edit], otherwise: Callable[[ConcordError], object] | None = None
    ) -> None:
        """Change the scenario by an edit that may take long: between its parts the window answers.

        Nobody sees a part of it: all is applied at the end, and whatever else is done ends it first. One without
        parts is applied at once. An edit that is impossible is told to `otherwise`, or raised if it was done at once.
        """
        self.catch_up()
        self._edits.do(self._in_parts(parts, otherwise))

    def _in_parts(
        self, parts: Generator[None, None, Edit], otherwise: Callable[[ConcordError], object] | None
    ) -> Iterator[None]:
        try:
            edit = yield from parts
            self._edits.drop()  # who hears of the change may look at the document
            self._apply(edit.label, lambda _: edit.scenario, edit.drafts)
        except ConcordError as problem:
            self._edits.drop()
            if otherwise is None:
                raise
            otherwise(problem)
            return
        edit.then()

    def catch_up(self) -> None:
        """Do the rest of an edit that goes on in parts."""
        self._edits.finish()

    def is_now(self, scenario: Scenario) -> bool:
        """Whether the scenario is still this one, once every edit that was begun is done."""
        self.catch_up()
        return self.scenario is scenario

    @property
    def is_editing(self) -> bool:
        """Whether an edit goes on in parts."""
        return not self._edits.is_idle

    def _apply(self, label: str, edit: Callable[[Scenario], Scenario], drafts: Callable[[], Drafts]) -> None:
        assert self._document is not None
        before = self.scenario
        self._document.apply(label, edit)
        changed = drafts()
        read = {key for key, draft in changed.items() if draft is None}
        unread = tuple(each for each in self._unread if (each.row_id, each.problem.where.column) not in read)
        was_unread, self._unread = len(unread) < len(self._unread), unread
        self._known_problems = None
        if not self._drafts.note(label, changed, self.scenario is not before) and was_unread:
            self._drafts_changed()

    def merge(self, label: str, merged: Scenario, theirs: StoredFile) -> None:
        """Go on with what came of merging another file into the scenario; Undo takes it back in one step."""
        self.catch_up()
        assert self._document is not None
        self._document.merge(label, merged, theirs)
        self._drafts.note(label, {}, is_step=True)

    def change_of(self, table_name: str, before: int) -> TableChange:
        """Which rows of a table, of `before` rows until then, `scenario_changed` is about."""
        after = len(self.scenario.rows(TABLE_BY_NAME[table_name]))
        if self._changes is None:
            return TableChange(table_name, 0, before, after)
        return self._changes.get(table_name, TableChange(table_name, after, 0, 0))

    @property
    def drafts(self) -> Mapping[DraftKey, Draft]:
        """What was typed or pasted and cannot be kept in the scenario yet."""
        return self._document.drafts if self._document is not None else {}

    @property
    def has_unread(self) -> bool:
        """Whether any cell holds what cannot be read, or stands in for it."""
        return bool(self.drafts or self._unread)

    def _drafts_changed(self) -> None:
        self.checked.emit()
        self.document_changed.emit()

    def last_stands(self) -> Callable[[], bool]:
        """Tells from now on whether what was done last has not been taken back."""
        drafts = self._drafts
        done = drafts.last
        return lambda: drafts is self._drafts and drafts.stands(done)

    @property
    def undo_label(self) -> str:
        """What Undo takes back; empty for nothing."""
        return self._drafts.undo_label or (self._document.undo_label if self._document is not None else "")

    @property
    def redo_label(self) -> str:
        """What Redo does again; empty for nothing."""
        return self._drafts.redo_label or (self._document.redo_label if self._document is not None else "")

    def undo(self) -> None:
        """Take the last change back, or what was typed since and cannot be read."""
        self.catch_up()
        if self.undo_label:
            self._drafts.undo()
            self.document_changed.emit()  # only now the labels of both are known

    def redo(self) -> None:
        """Do again what was taken back."""
        self.catch_up()
        if self.redo_label:
            self._drafts.redo()
            self.document_changed.emit()  # only now the labels of both are known

    def _document_told(self, change: Changed) -> None:
        self._known_problems = None
        if change.what in ("edited", "undone", "redone"):
            self._changes = {each.table: each for each in change.tables}
            self.scenario_changed.emit()
            self._timer.start()
        if change.what == "saved":
            self._saved_words = f"Saved {datetime.now():%H:%M}"
        if change.what == "planned":
            self.plans_changed.emit()
        if change.what == "drafted":
            self.checked.emit()
        self.document_changed.emit()

    # -- problems

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Errors first, then warnings; drafts count as errors."""
        if self._known_problems is None:
            self._known_problems = self._put_together()
        return self._known_problems

    def _put_together(self) -> tuple[Problem, ...]:
        places = self._places()
        unread = [problem for each in self._unread if (problem := each.still(places)) is not None]
        drafts = [
            Problem("draft", draft.message, Place(places[row_id][0].sheet, places[row_id][1], column))
            for (row_id, column), draft in self.drafts.items()
            if row_id in places
        ]
        drafts.sort(key=lambda problem: (problem.where.sheet, problem.where.row))
        return tuple(
            sorted((*drafts, *unread, *self._found), key=lambda problem: problem.severity is not Severity.ERROR)
        )

    def _places(self) -> RowPlaces:
        """Where the rows with drafts and unread cells are now."""
        wanted = {row_id for row_id, _ in self.drafts} | {each.row_id for each in self._unread}
        return {
            row.id: (table, index, row)
            for table, rows in ((*self.scenario.tables(), (SETTINGS, (self.scenario.settings,))) if wanted else ())
            for index, row in enumerate(rows)
            if row.id in wanted
        }

    @property
    def stops_planning(self) -> bool:
        """Whether an error that is known now stops planning; drafts do not, the scenario keeps what was there."""
        return any(each.severity is Severity.ERROR and each.code != "draft" for each in self.problems)

    @property
    def is_checked(self) -> bool:
        """Whether the problems are those of the scenario as it is now."""
        return not self._timer.isActive() and self._checking is None

    def check(self) -> None:
        """Look for problems in the background."""
        self._timer.stop()
        if self._checking is not None:
            self._timer.start()  # one check at a time; the latest scenario is checked next
            return
        scenario = self._checking = self.scenario
        self.background.do(lambda: check_scenario(scenario), self._take_check, self._check_failed)

    def _take_check(self, result: tuple[tuple[Problem, ...], str]) -> None:
        self._checking = None
        self._found, self.fingerprint = result
        self._known_problems = None
        self.checked.emit()
        self.plans_changed.emit()  # fresh or stale

    def _check_failed(self, problem: Exception) -> None:
        self._checking = None
        raise problem

    # -- plans

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans of this scenario, oldest first."""
        return self._document.plans if self._document is not None else ()

    @property
    def plan(self) -> Plan | None:
        """The plan in view: the one chosen, else the latest that has allocations, else the latest."""
        chosen = [plan for plan in self.plans if plan.id == self._chosen_plan]
        latest = [plan for plan in self.plans if plan.has_allocations] or list(self.plans)
        return next(iter((chosen or latest)[-1:]), None)

    @property
    def plan_tables(self) -> PlanTables | None:
        """The tables of the plan in view, of the scenario it was made from where that is known, else of today's."""
        plan = self.plan
        if plan is None:
            return None
        scenario = self.scenario_of(plan)
        known = self._tables
        if known is None or known.plan is not plan or known.scenario is not scenario:
            self._tables = known = PlanTables(scenario, plan)
        return known

    def scenario_of(self, plan: Plan) -> Scenario:
        """The scenario that a plan was made from, where that is known, else today's."""
        return self._planned.get(plan.id, self.scenario)

    def choose_plan(self, plan_id: str) -> None:
        """Put another plan in view."""
        if plan_id != self._chosen_plan:
            self._chosen_plan = plan_id
            self.plans_changed.emit()

    def is_stale(self, plan: Plan) -> bool | None:
        """Whether the scenario has changed since the plan was made; None while that is not known."""
        return None if not self.fingerprint else plan.fingerprint != self.fingerprint

    def add_plan(self, plan: Plan, scenario: Scenario) -> Plan:
        """Keep a new plan of that scenario under the next free name, and put it in view."""
        assert self._document is not None
        named = replace(
            plan,
            name=plan.name or self.next_plan_name(),
            made_at=plan.made_at or datetime.now().astimezone().isoformat(timespec="seconds"),
        )
        self._planned[named.id] = scenario
        self._chosen_plan = named.id
        self._document.add_plan(named)
        return named

    def next_plan_name(self) -> str:
        """`Plan 3`: one more than the highest number in use."""
        matches = (re.match(r"Plan (\d+)", plan.name) for plan in self.plans)
        return f"Plan {max((int(match[1]) for match in matches if match), default=0) + 1}"


def check_scenario(scenario: Scenario) -> tuple[tuple[Problem, ...], str]:
    """The problems of a scenario and its fingerprint."""
    from planner.fingerprint import fingerprint
    from planner.validate import check

    return check(scenario), fingerprint(scenario)
