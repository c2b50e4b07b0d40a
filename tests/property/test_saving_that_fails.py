"""Whatever people do and whichever call into the system fails while they save: the file is one that was saved."""

import errno
import os
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from planner.document import Document
from planner.edits import set_setting
from planner.problems import EnvironmentProblem
from planner.store import backups_of, read_file
from tests.property.test_document_history import DocumentMachine
from tests.store.failing_calls import FailingCall


class FailingSaves(DocumentMachine):
    """A document whose saves fail now and then, in a folder where somebody else saves too."""

    def folder_files(self) -> list[str]:
        return os.listdir(Path(self.folder.name))

    @precondition(lambda self: self.saved is not None)
    @rule(at=st.integers(1, 60), code=st.sampled_from([errno.ENOSPC, errno.EIO, errno.EACCES]), after=st.booleans())
    def save_while_a_call_fails(self, at: int, code: int, after: bool) -> None:
        before, data = self.document.scenario, self.path.read_bytes()
        dirty = self.document.is_dirty
        with FailingCall(at, code, after=after):
            try:
                self.document.save()
            except EnvironmentProblem:
                is_saved = False
            else:
                is_saved = True
        assert self.document.scenario is before
        assert self.folder_files() == ["a.concord"]
        if is_saved:
            self.saved = self.now_here()
        elif self.path.read_bytes() == data:
            assert self.document.is_dirty == dirty
        else:  # it was in place when the failure was told: what is there is what is open here
            assert read_file(self.path).scenario == before
            self.saved = self.now_here()
            self.reopen()

    @precondition(lambda self: self.saved is not None)
    @rule(name=st.text("abc", max_size=3))
    def somebody_else_saves(self, name: str) -> None:
        theirs = Document.open(self.path)
        theirs.apply("title", lambda s: set_setting(s, "title", f"{s.settings.title}{name}!"))
        theirs.save()
        data = self.path.read_bytes()
        try:
            self.document.save()
        except EnvironmentProblem as problem:
            assert "changed by someone else" in str(problem)  # noqa: PT017 - saving anyway fails below
        assert self.path.read_bytes() == data
        assert self.saved is not None
        self.saved = (theirs.scenario, theirs.plans, self.saved[2])
        self.reopen()

    @precondition(lambda self: self.saved is not None)
    @rule()
    def look_at_backups(self) -> None:
        kept = backups_of(self.path)
        assert len(kept) <= 5
        for backup in kept:
            read_file(backup.path)


TestSavingThatFails = FailingSaves.TestCase
TestSavingThatFails.settings = settings(max_examples=15, stateful_step_count=20)
