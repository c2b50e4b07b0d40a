"""Schema versions: frozen, complete, and migrated on a copy."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database

from planner.history import scenario_at
from planner.store import State, StoredFile, read_file, save_file
from planner.store.rows import STORED_TABLES
from planner.store.versions import VERSIONS, Version
from resources.columns import Kind
from tests.store.scenarios import SMALL

NEXT = VERSIONS[-1].number + 1
SCHEMA = VERSIONS[-1].schema
FILES = Path(__file__).resolve().parents[1] / "files"


def test_that_the_last_version_has_every_column_of_every_table_in_its_order() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(VERSIONS[-1].schema)
        for table in STORED_TABLES:
            stored = connection.execute(
                f"SELECT name, type, \"notnull\" FROM pragma_table_info('{table.name}')"
            ).fetchall()
            assert stored[:2] == [("position", "INTEGER", 0), ("id", "TEXT", 1)]
            assert stored[-1] == ("extra", "TEXT", 1)
            types = {
                Kind.NUMBER: "REAL",
                Kind.SHARE: "REAL",
                Kind.WHOLE: "INTEGER",
                Kind.PERIOD: "INTEGER",
                Kind.YES_NO: "INTEGER",
            }
            assert stored[2:-1] == [
                (column.name, types.get(column.kind, "TEXT"), 0 if column.is_optional else 1)
                for column in table.columns
            ]


def test_that_versions_count_from_one_and_each_knows_the_way_from_the_one_before() -> None:
    assert [version.number for version in VERSIONS] == list(range(1, len(VERSIONS) + 1))
    assert all(version.migrate is not None for version in VERSIONS[1:])


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"version {version.number}")
def test_that_a_real_file_of_every_released_version_opens(version: Version) -> None:
    path = FILES / f"version-{version.number}.concord"
    assert int.from_bytes(path.read_bytes()[60:64], "big") == version.number
    stored = read_file(path)
    scenario = stored.scenario
    assert (scenario.settings.title, scenario.settings.start) == ("One of everything", date(2027, 1, 1))
    assert scenario.id == "5ce0a5c0ffee4000a000000000000001"
    assert all(len(rows) >= 1 for _, rows in scenario.tables())
    assert [partner.code for partner in scenario.partners] == ["UNDP", "ÖRK"]
    assert scenario.partners[1].local is True
    assert scenario.partners[1].extra == (("focal point", "Ana; Bo"),)
    assert scenario.pledges[0].regions == ("R01", "R02")
    assert (scenario.pledges[0].quantity, scenario.pledges[0].rate) == (1250000.5, None)
    assert scenario.resources[1].whole is None
    assert scenario.baseline[0].keep is True
    assert [plan.name for plan in stored.plans] == ["Agreed"]
    assert stored.plans[0].allocations[0].quantity == 1000.0
    assert {state.program for state in stored.states} == {"0.1.0"}


def test_that_the_records_of_a_real_file_of_version_2_tell_what_was_changed() -> None:
    first, second = read_file(FILES / "version-2.concord").states
    assert (first.record.person, first.record.parent, second.record.parent) == ("Ana", "", first.id)
    assert (second.record.comment, second.record.done) == ("after the donor meeting", ("change name",))
    before = scenario_at(read_file(FILES / "version-2.concord"), first.id)
    assert before.partners[0].name == "UN"


def test_that_a_real_file_of_version_2_descends_from_all_its_saves(tmp_path: Path) -> None:
    old = read_file(FILES / "version-2.concord")
    assert [state.record.merged for state in old.states] == [(), ()]
    path = tmp_path / "merged.concord"
    save_file(path, replace(old, states=(State("x", "2027-01-01T09:00:00+00:00", "0.1.0"), *old.states)))
    with closing(sqlite3.connect(path)) as connection:  # as version 2 left a merge: a save that nobody goes on from
        connection.execute("DROP TABLE merges")
        connection.execute("PRAGMA user_version = 2")
        connection.commit()
    merged = read_file(path).states
    assert [state.record.merged for state in merged[:-1]] == [(), (), ()]
    assert set(merged[-1].record.merged) == {"x", old.states[-1].id}


def test_that_a_real_file_of_version_3_tells_both_that_were_merged() -> None:
    stored = read_file(FILES / "version-3.concord")
    *_, mine, theirs, merged = stored.states
    assert merged.record.parents == (mine.id, theirs.id)
    assert scenario_at(stored, theirs.id).partners[0].note != stored.scenario.partners[0].note == "co-chair"
    assert scenario_at(stored, mine.id).partners[1].note != stored.scenario.partners[1].note == "field office"


def _add_notes_of_vetoes(database: Database) -> None:
    database.table("vetoes").transform(column_order=["position", "id", "partner"], rename={"why": "reason"})


def test_that_an_older_file_is_migrated_in_memory_and_keeps_its_bytes(tmp_path: Path) -> None:
    old_schema = SCHEMA.replace("    reason TEXT NOT NULL,", "    why TEXT NOT NULL,")
    assert old_schema != SCHEMA
    path = tmp_path / "old.concord"
    save_file(path, StoredFile(scenario=SMALL))
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT * FROM vetoes").fetchall()
        connection.execute("DROP TABLE vetoes")
        connection.execute(next(text for text in old_schema.split(";") if "CREATE TABLE vetoes" in text).strip())
        connection.executemany("INSERT INTO vetoes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute("UPDATE vetoes SET why = 'no roads'")
        connection.execute("PRAGMA user_version = 0")
        connection.commit()
    before = path.read_bytes()

    versions = (Version(0, old_schema), Version(NEXT, SCHEMA, _add_notes_of_vetoes))
    stored = read_file(path, versions=versions)

    assert [veto.reason for veto in stored.scenario.vetoes] == ["no roads"] * 3
    assert [veto.id for veto in stored.scenario.vetoes] == [veto.id for veto in SMALL.vetoes]
    assert stored.scenario.pledges == SMALL.pledges
    assert path.read_bytes() == before
    save_file(path, stored)
    assert read_file(path).scenario == stored.scenario


def test_that_a_missing_migration_is_a_mistake_of_ours_and_not_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "old.concord"
    save_file(path, StoredFile(scenario=SMALL))
    with pytest.raises(ValueError, match=f"no migration leads to version {NEXT}"):
        read_file(path, versions=(*VERSIONS, Version(NEXT, SCHEMA)))
