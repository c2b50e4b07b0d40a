"""Whatever people do in whatever order: undo takes it back, views can follow, and the file holds what was saved.

That goes for edits, for merges with all that the merged files descend from, and for plans.
"""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from planner.document import Changed, Document
from planner.edits import (
    add_row,
    delete_rows,
    duplicate_rows,
    insert_blank_rows,
    move_rows,
    rename_code,
    set_cell,
    set_cells,
    set_setting,
)
from planner.plan import Plan
from planner.problems import ConcordError
from planner.scenario import TABLE_BY_NAME, Scenario
from planner.store import Record, State, StoredFile, read_file
from tests.store.scenarios import scenarios, values

TABLE_NAMES = st.sampled_from(sorted(TABLE_BY_NAME))


def rows_by_table(scenario: Scenario) -> dict[str, list[Any]]:
    return {"settings": [scenario.settings], **{table.name: list(rows) for table, rows in scenario.tables()}}


def identities(scenario: Scenario) -> dict[str, list[str]]:
    return {name: [row.id for row in rows] for name, rows in rows_by_table(scenario).items()}


class DocumentMachine(RuleBasedStateMachine):
    """A document beside a list of the scenarios it went through, a view that follows its callbacks, and a file.

    `merged`: for each of those scenarios the saves of others that it descends from.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "a.concord"
        self.others: list[StoredFile] = []  # what other people saved

    def teardown(self) -> None:
        self.folder.cleanup()

    @initialize(scenario=scenarios())
    def start(self, scenario: Scenario) -> None:
        self.saved: tuple[Scenario, tuple[Plan, ...], set[str]] | None = None
        self.follow(Document.new_from(scenario))

    def follow(self, document: Document) -> None:
        self.document = document
        self.past = [document.scenario]
        self.merged = [self.descends_from()]
        self.now = 0
        self.view = rows_by_table(document.scenario)
        document.subscribe(self.refresh)

    def now_here(self) -> tuple[Scenario, tuple[Plan, ...], set[str]]:
        """What a save of the document holds."""
        return self.document.scenario, self.document.plans, self.merged[self.now]

    def descends_from(self) -> set[str]:
        """The saves of others that the document says that it descends from."""
        others = {state.id for other in self.others for state in other.states}
        return others & {state.id for state in self.document.ancestry.states}

    def refresh(self, change: Changed) -> None:
        fresh = rows_by_table(self.document.scenario)
        for span in change.tables:
            inserted = fresh[span.table][span.first : span.first + span.inserted]
            self.view[span.table][span.first : span.first + span.removed] = inserted

    @rule(table_name=TABLE_NAMES, data=st.data())
    def edit(self, table_name: str, data: st.DataObject) -> None:
        table = TABLE_BY_NAME[table_name]
        there = len(self.document.scenario.rows(table))
        index = data.draw(st.integers(0, there), label="index")
        column = data.draw(st.sampled_from(table.columns), label="column")
        value = data.draw(values(column), label="value")
        some = data.draw(st.sets(st.integers(0, max(there - 1, 0)), max_size=3), label="rows")
        edits = {
            "set": lambda s: set_cell(s, table_name, index, column.name, value),
            "paste": lambda s: set_cells(s, table_name, index, (column.name,), [(value,), (value,)]),
            "add": lambda s: add_row(s, table_name),
            "insert": lambda s: insert_blank_rows(s, table_name, index, 2),
            "delete": lambda s: delete_rows(s, table_name, some),
            "duplicate": lambda s: duplicate_rows(s, table_name, some),
            "move": lambda s: move_rows(s, table_name, some, index),
            "rename": lambda s: rename_code(s, "partners", s.partners[0].code, "New") if s.partners else s,
            "title": lambda s: set_setting(s, "title", f"{index}"),
        }
        label = data.draw(st.sampled_from(sorted(edits)), label="edit")
        before = self.document.scenario
        try:
            self.document.apply(label, edits[label])
        except ConcordError:
            assert self.document.scenario is before
            return
        if self.document.scenario is not before:
            self.take_step(label, self.merged[self.now])

    def take_step(self, label: str, merged: set[str]) -> None:
        del self.past[self.now + 1 :], self.merged[self.now + 1 :]
        self.past.append(self.document.scenario)
        self.merged.append(merged)
        self.now += 1
        assert self.document.undo_label == label

    @rule()
    def save_of_somebody_else(self) -> None:
        earlier = self.others[-1].states if self.others else ()
        number = len(earlier)
        record = Record(parent=earlier[-1].id if earlier else "")
        state = State(f"other {number}", f"2027-01-01T09:00:{number:02}+00:00", "0", record)
        self.others.append(StoredFile(scenario=self.document.scenario, states=(*earlier, state)))

    @precondition(lambda self: self.others)
    @rule(data=st.data(), is_change=st.booleans())
    def merge(self, data: st.DataObject, is_change: bool) -> None:
        self.merge_file(data.draw(st.sampled_from(self.others), label="theirs"), is_change=is_change)

    def merge_file(self, theirs: StoredFile, *, is_change: bool) -> None:
        before, known = self.document.scenario, self.merged[self.now]
        self.document.merge("merge", set_setting(before, "title", "merged") if is_change else before, theirs)
        merged = known | {state.id for state in theirs.states}
        if self.document.scenario is not before or merged != known:
            self.take_step("merge", merged)

    @rule()
    def undo(self) -> None:
        self.document.undo()
        self.now = max(0, self.now - 1)

    @rule()
    def redo(self) -> None:
        self.document.redo()
        self.now = min(len(self.past) - 1, self.now + 1)

    @rule(name=st.text("abc", max_size=2))
    def plan(self, name: str) -> None:
        self.document.add_plan(Plan(title="", fingerprint="", status="optimal", name=name))

    @rule()
    def save(self) -> None:
        if self.document.path is None:
            self.document.save_as(self.path)
        else:
            self.document.save()
        self.saved = self.now_here()

    @precondition(lambda self: self.saved is not None)
    @rule(meanwhile=st.lists(st.sampled_from(("undo", "redo", "merge", "retitle")), max_size=4))
    def save_beside_the_work(self, meanwhile: list[str]) -> None:
        save, saved = self.document.next_save(), self.now_here()
        stored = save.write()
        for what in meanwhile:
            match what:
                case "undo":
                    self.undo()
                case "redo":
                    self.redo()
                case "merge" if self.others:
                    self.merge_file(self.others[-1], is_change=False)
                case _:
                    self.retitle()
        self.document.take_save(save, stored)
        self.saved = saved

    def retitle(self) -> None:
        self.document.apply("title", lambda s: set_setting(s, "title", f"{s.settings.title}+"))
        self.take_step("title", self.merged[self.now])

    @precondition(lambda self: self.saved is not None)
    @rule()
    def reopen(self) -> None:
        self.follow(Document.open(self.path))
        assert not self.document.is_dirty

    @invariant()
    def scenario_is_that_of_the_list(self) -> None:
        assert self.document.scenario is self.past[self.now]
        assert self.document.can_undo == (self.now > 0)
        assert self.document.can_redo == (self.now < len(self.past) - 1)

    @invariant()
    def document_descends_from_what_was_merged_and_not_undone(self) -> None:
        assert self.descends_from() == self.merged[self.now]

    @invariant()
    def view_shows_the_scenario(self) -> None:
        shown, true = self.view, rows_by_table(self.document.scenario)
        assert all(
            len(shown[name]) == len(rows) and all(a is b for a, b in zip(shown[name], rows, strict=True))
            for name, rows in true.items()
        )

    @invariant()
    def rows_have_identities_of_their_own(self) -> None:
        assert all(len(set(found)) == len(found) for found in identities(self.document.scenario).values())

    @invariant()
    def file_holds_what_was_saved(self) -> None:
        if self.saved is None:
            assert not self.path.exists()
            return
        scenario, plans, merged = self.saved
        stored = read_file(self.path)
        assert (stored.scenario, stored.plans) == (scenario, plans)
        assert identities(stored.scenario) == identities(scenario)
        others = {state.id for other in self.others for state in other.states}
        assert others & {state.id for state in stored.states} == merged
        same = self.saved == self.now_here()
        is_same = same and identities(scenario) == identities(self.document.scenario)
        assert self.document.is_dirty != is_same


TestDocument = DocumentMachine.TestCase
TestDocument.settings = settings(max_examples=25, stateful_step_count=20)
