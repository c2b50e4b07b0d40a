"""Whatever people do in whatever order: undo takes it back, views can follow, and the file holds what was saved."""

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
from planner.store import read_file
from tests.store.scenarios import scenarios, values

TABLE_NAMES = st.sampled_from(sorted(TABLE_BY_NAME))


def rows_by_table(scenario: Scenario) -> dict[str, list[Any]]:
    return {"settings": [scenario.settings], **{table.name: list(rows) for table, rows in scenario.tables()}}


def identities(scenario: Scenario) -> dict[str, list[str]]:
    return {name: [row.id for row in rows] for name, rows in rows_by_table(scenario).items()}


class DocumentMachine(RuleBasedStateMachine):
    """A document beside a list of the scenarios it went through, a view that follows its callbacks, and a file."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "a.concord"

    def teardown(self) -> None:
        self.folder.cleanup()

    @initialize(scenario=scenarios())
    def start(self, scenario: Scenario) -> None:
        self.saved: tuple[Scenario, tuple[Plan, ...]] | None = None
        self.follow(Document.new_from(scenario))

    def follow(self, document: Document) -> None:
        self.document = document
        self.past = [document.scenario]
        self.now = 0
        self.view = rows_by_table(document.scenario)
        document.subscribe(self.refresh)

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
            del self.past[self.now + 1 :]
            self.past.append(self.document.scenario)
            self.now += 1
            assert self.document.undo_label == label

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
        self.saved = (self.document.scenario, self.document.plans)

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
        scenario, plans = self.saved
        stored = read_file(self.path)
        assert (stored.scenario, stored.plans) == (scenario, plans)
        assert identities(stored.scenario) == identities(scenario)
        same = (scenario, plans) == (self.document.scenario, self.document.plans)
        is_same = same and identities(scenario) == identities(self.document.scenario)
        assert self.document.is_dirty != is_same


TestDocument = DocumentMachine.TestCase
TestDocument.settings = settings(max_examples=25, stateful_step_count=20)
