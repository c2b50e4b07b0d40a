"""Follows an open document and writes down what happens to it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from planner.document import Changed, Document
from planner.drafts import DraftKey
from planner.plan import Plan
from planner.recovery.arrivals import arrival_to_json
from planner.recovery.journal import Base, Journal, Record, Tell
from planner.recovery.steps import step_to_json
from planner.step import Step, most_steps
from planner.store import plans


class Recorder:
    """Begins a journal with the first change; saving ends it, as the file then holds everything but the drafts."""

    def __init__(self, document: Document, root: Path, tell: Tell, journal: Journal | None = None) -> None:
        self._document, self._root, self._tell = document, root, tell
        self._journal = journal or self._new_journal()
        # The history that a replay of the journal has: shorter than the document's once that was saved.
        self._past = list(document.history)
        self._now = document.position
        if journal is None:
            self._past, self._now = [self._past[self._now]], 0
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
        base = Base(
            document.stored,
            document.path,
            document.is_stored,
            document.problems,
            document.stored_arrivals,
            None if document.origin is document.stored else document.origin,
        )
        return Journal(self._root, base, self._tell)

    def _take(self, change: Changed) -> None:
        match change.what:
            case "edited" | "undone" | "redone":
                self._take_step(change)
            case "planned":
                self._take_plans()
            case "drafted":
                self._append(_drafts_record(self._document, change.drafts))
            case "saved":
                self._start_anew()

    def _take_step(self, change: Changed) -> None:
        after = replace(self._document.history[self._document.position], label=change.label)
        if change.what == "undone" and self._now > 0 and _is_alike(self._past[self._now - 1], after):
            self._now -= 1
            self._append(lambda: {"do": "undo"})
        elif (
            change.what == "redone" and self._now + 1 < len(self._past) and _is_alike(self._past[self._now + 1], after)
        ):
            self._now += 1
            self._append(lambda: {"do": "redo"})
        else:  # also going back beyond the last save, which is a step like others for the journal
            self._append_step(after)

    def _append_step(self, after: Step) -> None:
        before = self._past[self._now]
        del self._past[self._now + 1 :]
        self._past.append(after)
        del self._past[: max(0, len(self._past) - 1 - most_steps(after.scenario))]
        self._now = len(self._past) - 1
        self._append(_step_record(before, after))

    def _take_plans(self) -> None:
        known = {id(plan) for plan in self._plans}
        self._plans = self._document.plans
        fresh = tuple(plan for plan in self._plans if id(plan) not in known)
        self._append(_plans_record(self._plans, fresh))

    def _start_anew(self) -> None:
        """Begin a journal that goes on from the save, with what was done while it was written."""
        document = self._document
        old, self._journal = self._journal, self._new_journal()
        self._past, self._now = [Step("", document.stored.scenario, document.stored_arrivals)], 0
        self._plans = document.stored.plans
        for step in _steps_since(document):
            self._append_step(step)
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
    place, now = document.stored_position, document.position
    if place is None or place > now:  # somebody went back beyond it
        return (replace(document.history[now], label=f"undo {document.redo_label}".strip()),)
    return document.history[place + 1 : now + 1]


def _is_alike(one: Step, other: Step) -> bool:
    """Whether a document is in the same state after both."""
    return one.scenario is other.scenario and one.arrivals is other.arrivals


def _step_record(before: Step, after: Step) -> Callable[[], Record]:
    """The tables that changed and, where others were merged or are no more, how many of the first arrivals stay."""
    pairs = enumerate(zip(before.arrivals, after.arrivals, strict=False))
    shorter = min(len(before.arrivals), len(after.arrivals))
    kept = next((place for place, (one, other) in pairs if one is not other), shorter)
    came = after.arrivals[kept:]
    is_edit = before.arrivals is after.arrivals

    def make() -> Record:
        record: Record = {"do": "edit", "label": after.label, "tables": step_to_json(before.scenario, after.scenario)}
        if not is_edit:
            record |= {"do": "merge", "kept": kept, "arrivals": [arrival_to_json(arrival) for arrival in came]}
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
