"""Opening a scenario file: it changes nothing and believes nothing."""

import hashlib
import json
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.problems import ConcordError, EnvironmentProblem
from planner.store import Record, StoredFile, read_file, save_file, stamp_of
from planner.store.reader import MAXIMUM_SIZE, read_bytes
from planner.store.versions import APPLICATION_ID
from tests.store.scenarios import FULL_PLAN, SMALL

STORED = StoredFile(scenario=SMALL, plans=(FULL_PLAN,))


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A sound scenario file in a folder of its own."""
    yield save_small(tmp_path)
    tmp_path.chmod(0o755)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a sound scenario file."""
    return save_small(tmp_path_factory.mktemp("sound")).read_bytes()


def save_small(folder: Path) -> Path:
    path = folder / "plan.concord"
    save_file(path, STORED)
    return path


def refusal(path: Path) -> str:
    """The sentence with which the file is refused."""
    with pytest.raises(EnvironmentProblem) as refused:
        read_file(path)
    sentence = str(refused.value)
    assert sentence.startswith(str(path))
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence.removeprefix(str(path))


def with_number(data: bytes, offset: int, number: int) -> bytes:
    """The bytes with another number in the header."""
    return data[:offset] + number.to_bytes(4, "big") + data[offset + 4 :]


def test_that_opening_changes_no_byte_and_leaves_no_side_file(path: Path) -> None:
    before = (hashlib.sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns, os.listdir(path.parent))
    path.chmod(stat.S_IREAD)
    path.parent.chmod(0o555)
    assert read_file(path).scenario == SMALL
    assert (hashlib.sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns, os.listdir(path.parent)) == before


def test_that_the_stamp_is_that_of_the_bytes_on_disk(path: Path) -> None:
    stamp = read_file(path).stamp
    assert stamp is not None
    assert (stamp.size, stamp.digest) == (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
    assert stamp_of(path) == stamp
    assert stamp_of(path.with_name("gone.concord")) is None


def test_that_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "there is no such file" in refusal(tmp_path / "none.concord")
    assert "folder" in refusal(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may read everything")
def test_that_a_file_without_permission_is_refused(path: Path) -> None:
    path.chmod(0)
    assert "may not read it" in refusal(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_that_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.concord")
    assert "not a file" in refusal(tmp_path / "pipe.concord")


def test_that_a_file_of_absurd_size_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.concord"
    with path.open("wb") as file:
        file.truncate(MAXIMUM_SIZE + 1)
    assert "too large" in refusal(path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: b"", "is empty"),
        (lambda data: b"PK\x03\x04" + data, "is not a Concord file"),
        (lambda data: b"SQL", "is incomplete: 3 of 100 bytes"),
        (lambda data: data[:5000], "is incomplete: 5,000 of"),
        (lambda data: data[:-1], "is incomplete"),
        (lambda data: with_number(data, 68, 0), "is not a Concord file"),
        (lambda data: with_number(data, 60, 7), "newer Concord (file version 7, this one reads up to version 3)"),
        (lambda data: with_number(data, 60, 0), "was changed by another program"),
        (lambda data: data[:18] + b"\x02\x02" + data[20:], "was changed by another program"),
        (lambda data: data[:100] + bytes(len(data) - 100), "is damaged"),
        (lambda data: with_number(data, 36, 3), "is damaged"),  # pages that are said to be free
    ],
)
def test_that_a_broken_file_is_refused_with_its_reason(path: Path, change: Callable[[bytes], bytes], says: str) -> None:
    path.write_bytes(change(path.read_bytes()))
    assert says in refusal(path)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (a)",
        "CREATE VIEW more AS SELECT * FROM pledges",
        "CREATE TRIGGER more AFTER INSERT ON pledges BEGIN DELETE FROM partners; END",
        "CREATE INDEX more ON pledges (code)",
        "CREATE VIRTUAL TABLE more USING fts5(a)",
        "ALTER TABLE pledges ADD COLUMN more TEXT",
        "ALTER TABLE pledges RENAME COLUMN note TO remark",
        "DROP TABLE vetoes",
    ],
)
def test_that_a_file_with_another_schema_is_refused(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
    assert "was changed by another program" in refusal(path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pledges SET code = CAST(x'ff' AS TEXT) WHERE position = 1",
        "UPDATE pledges SET regions = 'R1' WHERE position = 1",
        "UPDATE pledges SET regions = '{\"R1\": 1}'",
        "UPDATE pledges SET regions = '[1]'",
        "UPDATE pledges SET regions = printf('%.*c', 100000, '[')",
        "UPDATE pledges SET extra = '[[\"colour\"]]'",
        "UPDATE pledges SET extra = '[[\"colour\", null]]'",
        "UPDATE pledges SET extra = '[1]'",
        "UPDATE pledges SET id = 'one for all'",
        "UPDATE settings SET start = 'soon'",
        "UPDATE partners SET local = 2",
        "DELETE FROM settings",
        "INSERT INTO settings SELECT 1, 'x', title, currency, start, period, periods, weighting, sensitivity, note, "
        "extra FROM settings",
        "DELETE FROM states",
        "INSERT INTO states VALUES (7, 'other', '', '')",
        "DELETE FROM scenario",
        "UPDATE scenario SET state = 'nobody'",
        "UPDATE plans SET json = 'no'",
        "UPDATE plans SET json = '[]'",
        "UPDATE plans SET json = '{}'",
        "UPDATE plans SET json = json_set(json, '$.allocations[0].quantity', 'many')",
        "UPDATE plans SET json = json_set(json, '$.allocations[0].more', 1)",
        "UPDATE plans SET json = json_set(json, '$.allocations[0].text', 99)",
        "UPDATE plans SET json = json_set(json, '$.texts', 7)",
        "UPDATE plans SET json = json_set(json, '$.texts[0]', 7)",
        "UPDATE plans SET json = json_set(json, '$.gaps[0].parts[0].quantity', 'many')",
        "UPDATE plans SET json = json_set(json, '$.stranded[0].parts', 1)",
        "UPDATE plans SET json = json_set(json, '$.changes[0].share', 'much')",
        "UPDATE plans SET json = json_set(json, '$.activities[0].go', 1)",
        "UPDATE plans SET json = json_set(json, '$.totals.coverage', null)",
        "UPDATE plans SET json = json_set(json, '$.run.versions', json('{\"concord\": 1}'))",
        "UPDATE plans SET json = json_set(json, '$.pro_rata.broken[0]', 1)",
        "UPDATE plans SET json = json_set(json, '$.fixes[0].changes[0].key', 'PL1')",
    ],
)
def test_that_a_file_with_values_concord_never_writes_is_refused(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
        connection.commit()
    assert "is damaged" in refusal(path)


def test_that_wrong_but_well_typed_values_are_left_to_the_checks(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE pledges SET partner = 'nobody', status = 'promised', overhead = 7, from_period = -1")
        connection.commit()
    pledge = read_file(path).scenario.pledges[0]
    assert (pledge.partner, pledge.status, pledge.overhead, pledge.from_period) == ("nobody", "promised", 7, -1)


def test_that_the_sentences_of_a_plan_come_back(path: Path) -> None:
    (plan,) = read_file(path).plans
    assert plan.allocations[0].text == FULL_PLAN.allocations[0].text != ""
    assert plan.gaps[0].parts[0].text == FULL_PLAN.gaps[0].parts[0].text != ""


def test_that_a_plan_written_when_plans_told_less_is_read_without_the_rest(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (text,) = connection.execute("SELECT json FROM plans").fetchone()
        data = json.loads(text)
        for name in ("texts", "baseline", "stranded", "changes"):
            del data[name]
        for row in data["allocations"]:
            del row["text"]
        for row in data["gaps"]:
            del row["parts"]
            row["text"] = "Nobody has more."
        connection.execute("UPDATE plans SET json = ?", [json.dumps(data)])
        connection.commit()
    (plan,) = read_file(path).plans
    gaps = tuple(replace(gap, parts=()) for gap in FULL_PLAN.gaps)
    assert plan == replace(FULL_PLAN, gaps=gaps, baseline=None, stranded=(), changes=())


def test_that_numbers_of_a_plan_may_be_whole(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE plans SET json = json_set(json, '$.allocations[0].quantity', 7)")
        connection.commit()
    assert read_file(path).plans[0].allocations[0].quantity == 7


def test_that_corrupt_databases_from_the_field_are_refused_in_one_sentence(shared_data: Path, tmp_path: Path) -> None:
    files = sorted((shared_data / "corrupt-sqlite").glob("*.db*"))
    assert files
    for file in files:
        assert refusal(file)
        data = file.read_bytes()
        if data.startswith(b"SQLite format 3\0"):  # once more as if Concord had made it
            disguised = tmp_path / file.name
            disguised.write_bytes(with_number(with_number(data, 68, APPLICATION_ID), 60, 1))
            assert refusal(disguised)


@given(st.data())
def test_that_damaged_bytes_are_refused_or_read_as_a_scenario(sound: bytes, data: st.DataObject) -> None:
    damaged = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(sound) - 1) | st.integers(0, 4096))
        patch = data.draw(st.binary(min_size=1, max_size=8))
        damaged[start : start + len(patch)] = patch
    try:
        stored = read_bytes(bytes(damaged), Path("damaged.concord"))
    except EnvironmentProblem as problem:
        assert str(problem).startswith("damaged.concord")  # noqa: PT017 - a sound read is right too
    else:
        assert isinstance(stored, StoredFile)


def test_that_damage_in_any_page_never_goes_further_than_a_sentence(sound: bytes) -> None:
    refused = 0
    for start in range(0, len(sound), 4096):
        for patch in (b"\0" * 64, b"\xff" * 64, b"\x80" * 64):
            damaged = sound[: start + 8] + patch + sound[start + 8 + len(patch) :]
            try:
                read_bytes(damaged, Path("damaged.concord"))
            except EnvironmentProblem:
                refused += 1
    assert refused > len(sound) // 4096


def test_that_a_plan_of_another_format_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (text,) = connection.execute("SELECT json FROM plans").fetchone()
        connection.execute("UPDATE plans SET json = ?", [json.dumps(json.loads(text) | {"version": 99})])
        connection.commit()
    assert "is damaged" in refusal(path)


def test_that_a_row_longer_than_any_that_concord_writes_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE pledges SET note = printf('%.*c', 5000000, 'x') WHERE position = 1")
        connection.commit()
    assert "is damaged" in refusal(path)


def test_that_what_a_large_save_changed_is_read_again(path: Path) -> None:
    record = Record(changes=bytes(range(256)) * 40_000)
    saved = save_file(path, STORED, record)
    assert read_file(path).states[-1].record == record == saved.states[-1].record


def test_that_a_text_too_long_to_be_read_again_is_not_written(path: Path) -> None:
    before = path.read_bytes()
    partner = replace(SMALL.partners[0], note="x" * 5_000_000)
    with pytest.raises(ConcordError, match="partners has too long a text"):
        save_file(path, replace(STORED, scenario=replace(SMALL, partners=(partner,))))
    assert path.read_bytes() == before


def test_that_a_file_with_more_rows_than_concord_opens_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.store.reader.MOST_ROWS", 40)
    assert "more than the 40 that Concord opens" in refusal(path)
    monkeypatch.setattr("planner.store.limits.MOST_ROWS", 30)
    with pytest.raises(ConcordError, match="more than the 30 that a file may hold"):
        save_file(path, STORED)


def test_that_two_tables_in_one_place_of_the_file_are_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'partners') "
            "WHERE name = 'regions'"
        )
        connection.commit()
    assert "is damaged" in refusal(path)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE vetoes (position INTEGER PRIMARY KEY, id TEXT AS (readfile('/etc/passwd')))",
        "CREATE VIEW vetoes AS SELECT * FROM pragma_database_list",
        "CREATE VIRTUAL TABLE vetoes USING fts4(content)",
        "CREATE TABLE vetoes (id TEXT DEFAULT (load_extension('/tmp/x.so')))",
        "nonsense",
    ],
)
def test_that_a_rewritten_schema_is_refused_before_anything_of_it_runs(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'vetoes'", [sql])
        connection.commit()
    assert refusal(path)


def test_that_every_truncation_is_refused(sound: bytes) -> None:
    for length in range(0, len(sound), 997):
        with pytest.raises(EnvironmentProblem, match=r"^short\.concord .*\.$"):
            read_bytes(sound[:length], Path("short.concord"))


@given(st.lists(st.integers(0, 2**20), min_size=1, max_size=3))
def test_that_single_bits_that_flip_are_refused_or_read_as_a_scenario(sound: bytes, places: list[int]) -> None:
    flipped = bytearray(sound)
    for place in places:
        flipped[place // 8 % len(sound)] ^= 1 << place % 8
    try:
        stored = read_bytes(bytes(flipped), Path("flipped.concord"))
    except EnvironmentProblem as problem:
        assert str(problem).startswith("flipped.concord")  # noqa: PT017 - a sound read is right too
    else:
        assert isinstance(stored, StoredFile)


def test_that_a_file_without_any_rows_opens(tmp_path: Path) -> None:
    empty = StoredFile(scenario=replace(SMALL, **{table.name: () for table, _ in SMALL.tables()}))
    save_file(tmp_path / "empty.concord", empty)
    assert read_file(tmp_path / "empty.concord").scenario == empty.scenario
