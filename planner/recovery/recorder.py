"""Follows an open document and writes down what happens to it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from planner.document import Changed, Document, Step, most_steps
from planner.drafts import DraftKey
from planner.plan import Plan
from planner.recovery.arrivals import arrival_to_json
from planner.recovery.journal import Base, Journal, Record, Tell
from planner.recovery.steps import step_to_json
from planner.scenario import Scenario
from planner.store import plans


class Recorder:
    """Begins a journal with the first change; saving ends it, as the file then holds everything but the drafts."""

    def __init__(self, document: Document, root: Path, tell: Tell, journal: Journal | None = None) -> None:
        self._document, self._root, self._tell = document, root, tell
        self._journal = journal or self._new_journal()
        # The history that a replay of the journal has: shorter than the document's once that was saved.
        self._past = [step.scenario for step in document.history]
        self._now = document.position
        if journal is None:
            self._past, self._now = [document.scenario], 0
        self._joined: list[Changed] = []  # what came without a step since the journal began
        self._plans = document.plans
        self._forget = document.subscribe(self._take)

    def is_written(self, seconds: float | None = None) -> bool:
        """Wait until every change so far is in the journal; False where that took longer, or the disk refuses."""
        return self._journal.is_written(seconds)

    def close(self) -> None:
        """The document is closed: the journal goes away."""
        self._forget()
        self._journal.close()

    def leave(self) -> None:
        """Follow no longer; the journal stays, to be offered again."""
        self._forget()
        self._journal.leave()

    def _new_journal(self) -> Journal:
        document = self._document
        base = Base(document.stored, document.path, document.is_stored, document.problems)
        return Journal(self._root, base, self._tell)

    def _take(self, change: Changed) -> None:
        match change.what:
            case "edited" | "undone" | "redone":
                self._take_step(change)
            case "joined":
                self._joined.append(change)
                self._append(_edit_record(change, self._past[self._now], self._past[self._now]))
            case "planned":
                self._take_plans()
            case "drafted":
                self._append(_drafts_record(self._document, change.drafts))
            case "saved":
                self._start_anew()

    def _take_step(self, change: Changed) -> None:
        after = self._document.scenario
        if change.what == "undone" and self._now > 0 and self._past[self._now - 1] is after:
            self._now -= 1
            self._append(lambda: {"do": "undo"})
        elif change.what == "redone" and self._now + 1 < len(self._past) and self._past[self._now + 1] is after:
            self._now += 1
            self._append(lambda: {"do": "redo"})
        else:  # also going back beyond the last save, which is a step like others for the journal
            self._append_step(change, after)

    def _append_step(self, change: Changed, after: Scenario) -> None:
        before = self._past[self._now]
        del self._past[self._now + 1 :]
        self._past.append(after)
        del self._past[: max(0, len(self._past) - 1 - most_steps(after))]
        self._now = len(self._past) - 1
        self._append(_edit_record(change, before, after))

    def _take_plans(self) -> None:
        known = {id(plan) for plan in self._plans}
        self._plans = self._document.plans
        fresh = tuple(plan for plan in self._plans if id(plan) not in known)
        self._append(_plans_record(self._plans, fresh))

    def _start_anew(self) -> None:
        """Begin a journal that goes on from the save, with what was done while it was written."""
        document = self._document
        old, self._journal = self._journal, self._new_journal()
        self._past, self._now = [document.stored.scenario], 0
        self._plans = document.stored.plans
        for step in _steps_since(document):
            self._append_step(Changed("edited", step.label, arrival=step.arrival), step.scenario)
        self._joined = [change for change in self._joined if _is_news(change, document)]
        for change in self._joined:
            self._append(_edit_record(change, document.scenario, document.scenario))
        if document.plans != self._plans:
            self._take_plans()
        if document.drafts:
            self._append(_drafts_record(document, tuple(document.drafts)))
        self._journal.replace(old)

    def _append(self, make: Callable[[], Record]) -> None:
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        self._journal.append(lambda: {"at": at, **make()})


def _steps_since(document: Document) -> tuple[Step, ...]:
    """What leads from the scenario as it was saved to the one of now."""
    saved, history = document.stored.scenario, document.history[: document.position + 1]
    place = next((place for place, step in enumerate(history) if step.scenario is saved), None)
    if place is None:  # somebody went back beyond it
        return (Step(f"undo {document.redo_label}".strip(), document.scenario),)
    return history[place + 1 :]


def _is_news(change: Changed, document: Document) -> bool:
    """Whether a merge without a step brought what the file as it was saved does not descend from."""
    known = {state.id for state in document.stored.states}
    return change.arrival is not None and any(state.id not in known for state in change.arrival.states)


def _edit_record(change: Changed, before: Scenario, after: Scenario) -> Callable[[], Record]:
    def make() -> Record:
        record = {"do": "edit", "label": change.label, "tables": step_to_json(before, after)}
        if change.arrival is not None:
            record |= {"do": "merge", "arrival": arrival_to_json(change.arrival)}
        return record

    return make


def _drafts_record(document: Document, keys: tuple[DraftKey, ...]) -> Callable[[], Record]:
    drafts = [(key, document.drafts.get(key)) for key in keys]
    return lambda: {
        "do": "drafts",
        "cells": [[*key, None if draft is None else [draft.text, draft.message]] for key, draft in drafts],
    }


def _plans_record(kept: tuple[Plan, ...], fresh: tuple[Plan, ...]) -> Callable[[], Record]:
    return lambda: {
        "do": "plans",
        "ids": [plan.id for plan in kept],
        "fresh": {plan.id: plans.to_sql((plan,))[0][-1] for plan in fresh},
    }
