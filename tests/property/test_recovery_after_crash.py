"""Whatever people did before a crash, and wherever it cut the journal short: what was confirmed comes back."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from planner.arrival import saves_of
from planner.document import Document
from planner.drafts import Draft
from planner.recovery import Recorder, find_abandoned, recover
from planner.recovery.frames import read_frames
from planner.recovery.journal import RECORDS
from tests.property.test_document_history import DocumentMachine, identities


def fail(problem: Exception) -> None:
    raise AssertionError from problem


class RecoveryMachine(DocumentMachine):
    """A document whose journal is copied, cut at any byte and recovered from, as after a crash."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(self.folder.name) / "recovery"
        self.recorder: Recorder | None = None
        self.crashes = 0

    def teardown(self) -> None:
        if self.recorder is not None:
            self.recorder.close()
        assert not self.root.exists() or not list(self.root.iterdir())
        super().teardown()

    def follow(self, document: Document) -> None:
        if self.recorder is not None:
            self.recorder.close()
        self.recorder = Recorder(document, self.root, fail)
        self.go_on_with(document)

    def go_on_with(self, document: Document) -> None:
        super().follow(document)
        self.past, self.now = [step.scenario for step in document.history], document.position
        always = self.descends_from() - saves_of(document.arrivals)
        self.merged = [always | saves_of(step.arrivals) for step in document.history]
        self.journal: Path | None = None
        self.known: dict[int, Any] = {}  # what the document was, by the number of records

    @rule(row=st.sampled_from("ab"), text=st.text(max_size=3))
    def type_nonsense(self, row: str, text: str) -> None:
        self.document.change_drafts({(row, "quantity"): Draft(text, "No number.")})

    @rule(row=st.sampled_from("ab"))
    def put_right(self, row: str) -> None:
        self.document.change_drafts({(row, "quantity"): None})

    @invariant()
    def remember(self) -> None:
        assert self.recorder is not None
        assert self.recorder.is_written()
        journals = list(self.root.glob(f"*/{RECORDS}"))
        assert len(journals) <= 1
        if journals != [self.journal]:
            self.known, self.journal = {}, journals[0] if journals else None
        if self.journal is not None:
            self.known[len(read_frames(self.journal.read_bytes()))] = (
                self.document.scenario,
                identities(self.document.scenario),
                self.document.plans,
                dict(self.document.drafts),
                self.document.ancestry.states,
            )

    @precondition(lambda self: self.journal is not None)
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        assert self.journal is not None
        written = self.journal.read_bytes()
        cut = data.draw(st.integers(0, len(written)) | st.just(len(written)), label="cut")
        self.crashes += 1
        elsewhere = Path(self.folder.name) / f"crash {self.crashes}"
        shutil.copytree(self.journal.parent, elsewhere / "left")
        (elsewhere / "left" / RECORDS).write_bytes(written[:cut])
        frames = read_frames(written[:cut])
        records = len(frames)
        found = find_abandoned(elsewhere)
        if not found:
            return
        recovered = recover(found[0], fail)
        document = recovered.document
        try:
            assert recovered.is_whole == (frames[-1][1] == cut)
            if records in self.known:
                scenario, ids, plans, drafts, states = self.known[records]
                assert document.scenario == scenario
                assert identities(document.scenario) == ids
                assert document.plans == plans
                assert document.drafts == drafts
                assert document.ancestry.states == states
                assert document.scenario.id == scenario.id
            assert (document.path is None) == (self.saved is None)
            assert not document.is_changed_on_disk
        finally:
            recovered.recorder.close()

    @precondition(lambda self: self.journal is not None)
    @rule()
    def crash_and_go_on(self) -> None:
        assert self.recorder is not None
        assert self.journal is not None
        elsewhere = tempfile.mkdtemp(dir=self.folder.name)
        shutil.copytree(self.journal.parent, Path(elsewhere) / self.journal.parent.name)
        self.recorder.close()
        shutil.copytree(Path(elsewhere) / self.journal.parent.name, self.journal.parent)
        found = find_abandoned(self.root)
        if not found:  # all was undone
            self.recorder = None
            self.follow(self.document)
            return
        labels = [step.label for step in self.document.history[1:]]
        recovered = recover(found[0], fail)
        self.recorder = recovered.recorder
        self.go_on_with(recovered.document)
        if self.saved is None:  # else the history goes back to the last save
            assert [step.label for step in self.document.history[1:]] == labels


TestRecovery = RecoveryMachine.TestCase
TestRecovery.settings = settings(max_examples=25, stateful_step_count=20)
