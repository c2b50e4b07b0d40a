"""The open file: its scenario and plans, what was done to it, and whether it is saved. Knows no screen.

Every edit makes a new scenario and the old ones are kept: going back to them is undo.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Self

from planner.arrival import Arrival, saves_of
from planner.drafts import Draft, DraftKey, Drafts
from planner.files import is_same_file
from planner.fingerprint import fingerprint
from planner.history import joined_plans, joined_states
from planner.plan import Plan
from planner.problems import ConcordError, Problem
from planner.progress import Tell, to_nobody
from planner.saving import Save
from planner.scenario import Scenario
from planner.step import Step, most_steps
from planner.store import Stamp, State, StoredFile, read_file, stamp_of
from planner.table_changes import TableChange, is_same, table_changes


@dataclass(frozen=True, slots=True)
class Changed:
    """What happened to a document. `what`: edited, undone, redone, planned, drafted or saved.

    Tables not named are as before. `drafts`: the cells whose draft is another one now, or is gone.
    """

    what: str
    label: str = ""
    tables: tuple[TableChange, ...] = ()
    drafts: tuple[DraftKey, ...] = ()


Callback = Callable[[Changed], None]


class Document:
    """A scenario that people work on: made by `open` or `new_from`, changed by `apply`, `undo`, `redo`, `add_plan`."""

    def __init__(
        self,
        stored: StoredFile,
        *,
        path: Path | None = None,
        is_saved: bool = True,
        problems: tuple[Problem, ...] = (),
        origin: StoredFile | None = None,
        arrivals: tuple[Arrival, ...] = (),
    ) -> None:
        self._stored = stored  # as it is on disk, or was taken over
        self._origin = origin or (stored if is_saved else None)  # the save that the next one is recorded against
        self._is_stored = is_saved
        self._path = path
        self._problems = problems
        self._plans = stored.plans
        self._drafts: dict[DraftKey, Draft] = {}
        self._stored_arrivals = arrivals  # with all merges that `stored` has taken in since the document was opened
        self._arrived = saves_of(arrivals)  # every save that ever came with a merge, also with one undone since
        self._history = [Step("", stored.scenario, arrivals)]
        self._position = 0
        self._fingerprint: tuple[Scenario | None, str] = (None, "")
        self._callbacks: list[Callback] = []

    @classmethod
    def open(cls, path: str | os.PathLike[str], passphrase: str = "", tell: Tell = to_nobody) -> Self:
        """Open a scenario file, or a scenario workbook (.xlsx) as a document without a file, not saved yet.

        Raises EnvironmentProblem where the file cannot be read. What is wrong inside a workbook is in `problems`.
        """
        source = Path(path).absolute()
        if source.suffix.lower() != ".xlsx":
            return cls(read_file(source, passphrase=passphrase), path=source)
        from planner.exchange.workbook import read_workbook

        result = read_workbook(source, tell=tell)
        return cls(StoredFile(scenario=result.scenario), is_saved=False, problems=tuple(result.problems))

    @classmethod
    def new_from(cls, scenario: Scenario) -> Self:
        """A document without a file, of a sample or an empty scenario: clean until something is done to it."""
        return cls(StoredFile(scenario=scenario))

    @property
    def scenario(self) -> Scenario:
        """The scenario as it is now."""
        return self._history[self._position].scenario

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans made of this scenario, oldest first; some may be stale."""
        return self._plans

    @property
    def drafts(self) -> Mapping[DraftKey, Draft]:
        """What was typed and cannot be kept in the scenario yet; no part of undo, and no file holds it."""
        return MappingProxyType(self._drafts)

    @property
    def stored(self) -> StoredFile:
        """The content as it is on disk, or was taken over."""
        return self._stored

    @property
    def origin(self) -> StoredFile | None:
        """The save that the next one is recorded against, of a copy that of its original; None where there is none."""
        return self._origin

    @property
    def is_stored(self) -> bool:
        """Whether `stored` needs no saving: it has a file, or can be made again as a sample can."""
        return self._is_stored

    @property
    def path(self) -> Path | None:
        """The scenario file, None before the first save."""
        return self._path

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read of the workbook that this document was opened from."""
        return self._problems

    @property
    def is_dirty(self) -> bool:
        """Whether something would be lost without saving; going back to the saved state by undo makes it clean."""
        saved = self._stored
        is_as_saved = self._is_stored and self._plans == saved.plans and is_same(self.scenario, saved.scenario)
        return not is_as_saved or saves_of(self.arrivals) != saves_of(self._stored_arrivals)

    def apply(self, label: str, edit: Callable[[Scenario], Scenario]) -> None:
        """Make an edit under a name that goes on with "Undo ..."; one that changes nothing leaves no trace.

        Raises the edit's ConcordError, after which everything is as before.
        """
        before = self.scenario
        after = edit(before)
        if is_same(before, after):
            return
        self._append(Step(label, after, self.arrivals))

    def merge(self, label: str, merged: Scenario, theirs: StoredFile) -> None:
        """Go on with what came of merging another file into this scenario, as one step, also where no table changed.

        Its plans and the saves that it descends from come along, and go where the step is undone; its bytes may be
        overwritten from here on. A file that brings nothing at all leaves no trace.
        """
        arrival = Arrival.of(theirs, self._states(), self._plans)
        is_known = not arrival.states and not arrival.plans and not self.is_news(arrival.stamp)
        if is_known and is_same(self.scenario, merged):
            return
        self.take(label, merged, (*self.arrivals, arrival))
        plans = joined_plans(theirs.plans, self._plans)  # of one plan in both, this document's
        if plans != self._plans:
            self.set_plans(plans)

    def take(self, label: str, scenario: Scenario, arrivals: tuple[Arrival, ...]) -> None:
        """Go on with a scenario and what came with the files merged into it, as one step; the plans stay."""
        self._arrived |= saves_of(arrivals)
        self._append(Step(label, self.scenario if is_same(self.scenario, scenario) else scenario, arrivals))

    def _append(self, step: Step) -> None:
        before = self.scenario
        del self._history[self._position + 1 :]
        self._history.append(step)
        del self._history[: max(0, len(self._history) - 1 - most_steps(step.scenario))]
        self._position = len(self._history) - 1
        self._tell(Changed("edited", step.label, table_changes(before, step.scenario)))

    @property
    def history(self) -> tuple[Step, ...]:
        """Every step that can be gone back or forward to, oldest first; the first one has no label."""
        return tuple(self._history)

    @property
    def position(self) -> int:
        """The index in `history` of the scenario as it is now."""
        return self._position

    @property
    def stored_position(self) -> int | None:
        """The index in `history` of what `stored` holds; None where nobody can go there any more."""
        found = (
            place
            for place, step in enumerate(self._history)
            if step.scenario is self._stored.scenario and step.arrivals is self._stored_arrivals
        )
        return next(found, None)

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """What came with the files that were merged and not undone, one after the other."""
        return self._history[self._position].arrivals

    @property
    def stored_arrivals(self) -> tuple[Arrival, ...]:
        """The same of what `stored` holds."""
        return self._stored_arrivals

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self._position > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return self._position < len(self._history) - 1

    @property
    def undo_label(self) -> str:
        """What `undo` takes back; empty where there is nothing."""
        return self._history[self._position].label if self.can_undo else ""

    @property
    def redo_label(self) -> str:
        """What `redo` does again; empty where there is nothing."""
        return self._history[self._position + 1].label if self.can_redo else ""

    def undo(self) -> None:
        """Go back one step, if there is one."""
        if not self.can_undo:
            return
        left = self._history[self._position]
        self._go_to("undone", left.label, self._position - 1)
        brought = {plan_id for arrival in left.arrivals[len(self.arrivals) :] for plan_id in arrival.plans}
        away = tuple(plan for plan in self._plans if plan.id in brought)
        if away or left.away:
            self._history[self._position + 1] = replace(left, away=away)
        if away:
            self.set_plans(tuple(plan for plan in self._plans if plan.id not in brought))

    def redo(self) -> None:
        """Go forward one step again, if there is one."""
        if not self.can_redo:
            return
        self._go_to("redone", self.redo_label, self._position + 1)
        if away := self._history[self._position].away:
            self.set_plans(joined_plans(away, self._plans))

    def add_plan(self, plan: Plan) -> None:
        """Keep a plan with the document; one with its id is replaced. Plans are no part of undo."""
        others = tuple(kept for kept in self._plans if kept.id != plan.id)
        self._plans = (*others, plan)
        self._tell(Changed("planned", plan.name))

    def set_plans(self, plans: tuple[Plan, ...]) -> None:
        """Keep these plans and no others."""
        self._plans = plans
        self._tell(Changed("planned"))

    def remove_plan(self, plan: Plan) -> None:
        """Keep a plan no longer."""
        self._plans = tuple(kept for kept in self._plans if kept.id != plan.id)
        self._tell(Changed("planned", plan.name))

    def change_drafts(self, drafts: Drafts) -> None:
        """Keep what was typed into cells and cannot be read, until (None) it is put right."""
        changed = {key: draft for key, draft in drafts.items() if self._drafts.get(key) != draft}
        for key, draft in changed.items():
            if draft is None:
                del self._drafts[key]
            else:
                self._drafts[key] = draft
        if changed:
            self._tell(Changed("drafted", drafts=tuple(changed)))

    def rename_plan(self, plan: Plan, name: str) -> None:
        """Give a plan another name; it keeps its place."""
        self._plans = tuple(replace(kept, name=name) if kept.id == plan.id else kept for kept in self._plans)
        self._tell(Changed("planned", name))

    def copy_with(self, scenario: Scenario) -> "Document":
        """A document without a file, not saved yet, that goes on with another scenario and keeps the plans."""
        copied = replace(self._stored, scenario=scenario, plans=self._plans, states=self._states())
        return Document(copied, is_saved=False, origin=self._origin, arrivals=self.arrivals)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the scenario as it is now, which its fresh plans have; computed once per scenario."""
        scenario, known = self._fingerprint
        if scenario is not self.scenario:
            known = fingerprint(self.scenario)
            self._fingerprint = (self.scenario, known)
        return known

    def is_stale(self, plan: Plan) -> bool:
        """Whether the scenario has changed since, in something that can change a plan."""
        return plan.fingerprint != self.fingerprint

    def save(self, person: str = "", comment: str = "") -> None:
        """Save to the document's file. Raises ConcordError without a file, EnvironmentProblem where saving fails.

        A file that somebody else changed since it was opened is not overwritten.
        """
        self._save(self.next_save(person=person, comment=comment))

    def save_as(self, path: str | os.PathLike[str], person: str = "", comment: str = "") -> None:
        """Save to this file, replacing what is there, and go on with it. Raises EnvironmentProblem on failure."""
        self._save(self.next_save(path, person=person, comment=comment))

    def _save(self, save: Save) -> None:
        self.take_save(save, save.write())

    def next_save(self, path: str | os.PathLike[str] | None = None, person: str = "", comment: str = "") -> Save:
        """What saving writes, as it is now, to this file or to the document's own, where others' changes stay.

        It can be written by any thread while the document is worked on; `take_save` then tells the document. Raises
        ConcordError without a file.
        """
        own = self._path
        target = Path(path).absolute() if path is not None else own
        if target is None:
            raise ConcordError("This scenario has no file yet; save it under a name first.")
        is_own = own is not None and is_same_file(target, own)
        return Save(
            own if own is not None and is_own else target,
            replace(self._stored, scenario=self.scenario, plans=self._plans, states=self._states()),
            self._origin,
            person=person,
            comment=comment,
            done=tuple(self._done()),
            arrivals=self.arrivals,
            replacing=self._known_stamps() if is_own else None,
        )

    def take_save(self, save: Save, stored: StoredFile) -> None:
        """The save was written: what was done since `next_save` is what is not saved yet."""
        self._stored = self._origin = stored
        self._stored_arrivals = save.arrivals
        self._is_stored = True
        self._path = save.path
        self._tell(Changed("saved"))

    @property
    def is_changed_on_disk(self) -> bool:
        """Whether the file holds other bytes than were read, merged or saved here; one that is gone does not count."""
        if self._path is None:
            return False
        return self.is_news(stamp_of(self._path))

    def is_news(self, stamp: Stamp | None) -> bool:
        """Whether a file of this stamp holds other bytes than were read, merged or saved here."""
        return stamp is not None and stamp not in self._known_stamps()

    def _known_stamps(self) -> frozenset[Stamp]:
        """Of the file as it was read, merged and saved here: nothing in it is lost where this document replaces it."""
        stamps = (self._stored.stamp, *(arrival.stamp for arrival in self.arrivals))
        return frozenset(stamp for stamp in stamps if stamp is not None)

    @property
    def ancestry(self) -> StoredFile:
        """The save that this document goes on from, with those that files merged since descend from; none if unknown.

        Its last save is the one that its scenario is the content of.
        """
        if self._origin is None:
            return replace(self._stored, states=())
        own = self._origin.states[-1:]
        return replace(self._origin, states=(*(state for state in self._states() if state not in own), *own))

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Call back after every change; the result ends it."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def _go_to(self, what: str, label: str, position: int) -> None:
        before = self.scenario
        self._position = position
        self._tell(Changed(what, label, table_changes(before, self.scenario)))

    def _states(self) -> tuple[State, ...]:
        """The saves that the scenario as it is now descends from: those of merges too, but of none that was undone."""
        own = (state for state in self._stored.states if state.id not in self._arrived)
        return joined_states(own, *(arrival.states for arrival in self.arrivals))

    def _done(self) -> list[str]:
        """What was done since the last save."""
        saved = self.stored_position or 0
        undone = [f"undo: {step.label}" for step in reversed(self._history[self._position + 1 : saved + 1])]
        return undone + [step.label for step in self._history[saved + 1 : self._position + 1]]

    def _tell(self, change: Changed) -> None:
        for callback in tuple(self._callbacks):
            callback(change)
