"""How what cannot be kept yet came and went with the steps of undo. The drafts themselves are the document's."""

from dataclasses import dataclass, field

from planner.document import Document
from planner.drafts import Draft, DraftKey, Drafts
from planner.step import Step


@dataclass(slots=True)
class Difference:
    """Drafts before and after something was done."""

    label: str
    before: dict[DraftKey, Draft | None]
    after: dict[DraftKey, Draft | None]


@dataclass(slots=True)
class AtStep:
    """What became of drafts at one step of the document: with the step itself, and since then without another."""

    step: Step
    came_with: Difference | None = None
    done: list[Difference] = field(default_factory=list)
    undone: list[Difference] = field(default_factory=list)


class DraftHistory:
    """A paste that leaves red cells is one step with them; so is what was typed alone."""

    def __init__(self, document: Document | None = None) -> None:
        self._document = document
        self._steps: list[AtStep] = []

    def note(self, label: str, drafts: Drafts, is_step: bool) -> bool:
        """Take drafts over, as part of the document's last step or on their own; returns whether any changed."""
        kept = self._document.drafts if self._document is not None else {}
        changed = {key: draft for key, draft in drafts.items() if kept.get(key) != draft}
        here = self._here(make=bool(changed))
        if here is not None:
            here.undone.clear()
        if here is None or not changed:
            return False
        difference = Difference(label, {key: kept.get(key) for key in changed}, changed)
        if is_step:
            here.came_with = difference
        else:
            here.done.append(difference)
        self._put(changed)
        return True

    @property
    def undo_label(self) -> str:
        """What was typed since the document's last step; empty for nothing."""
        here = self._here()
        return here.done[-1].label if here is not None and here.done else ""

    @property
    def redo_label(self) -> str:
        """What was taken back of it; empty for nothing."""
        here = self._here()
        return here.undone[-1].label if here is not None and here.undone else ""

    @property
    def last(self) -> object:
        """What was done last: a step of the document, or what was typed since and cannot be kept; see `stands`."""
        assert self._document is not None
        here = self._here()
        return here.done[-1] if here is not None and here.done else self._document.history[self._document.position]

    def stands(self, done: object) -> bool:
        """Whether something that was `last` once has not been taken back."""
        if self._document is None:
            return False
        steps = self._document.history[: self._document.position + 1]
        typed = (each for at in self._steps if any(at.step is step for step in steps) for each in at.done)
        return any(each is done for each in (*steps, *typed))

    def undo(self) -> None:
        """Take back what was typed last, or go back one step of the document with the drafts that came with it."""
        assert self._document is not None
        here = self._here()
        if here is not None and here.done:
            here.undone.append(here.done.pop())
            self._put(here.undone[-1].before)
            return
        self._document.undo()
        if here is not None and here.came_with is not None:
            self._put(here.came_with.before)

    def redo(self) -> None:
        """The other way round."""
        assert self._document is not None
        here = self._here()
        if here is not None and here.undone:
            here.done.append(here.undone.pop())
            self._put(here.done[-1].after)
            return
        self._document.redo()
        here = self._here()
        if here is not None and here.came_with is not None:
            self._put(here.came_with.after)

    def _put(self, drafts: Drafts) -> None:
        assert self._document is not None
        self._document.change_drafts(drafts)

    def _here(self, *, make: bool = False) -> AtStep | None:
        """What is known of the step that the document is at."""
        if self._document is None:
            return None
        history = self._document.history
        step = history[self._document.position]
        found = next((each for each in self._steps if each.step is step), None)
        if found is None and make:
            alive = {id(each) for each in history}
            self._steps = [each for each in self._steps if id(each.step) in alive]
            found = AtStep(step)
            self._steps.append(found)
        return found
