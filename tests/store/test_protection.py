"""Files protected by a passphrase: closed without it, as they were with it, and protected still when saved again."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from planner.document import Document
from planner.drafts import Draft
from planner.edits import set_setting
from planner.files import FileKind, kind_of
from planner.problems import ConcordError, EnvironmentProblem
from planner.recovery import Recorder, find_abandoned, recover
from planner.recovery.journal import Base
from planner.sharing import ALL, share
from planner.store import PassphraseNeeded, StoredFile, WrongPassphrase, backups_of, read_file, save_file, stamp_of
from planner.store.protection import HEADER, protect, unprotect
from tests.store.scenarios import SMALL

PASSPHRASE = "tres piñas verdes"


@pytest.fixture(scope="module")
def protected(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a copy for all, protected."""
    path = tmp_path_factory.mktemp("protected") / "copy.concord"
    share(StoredFile(scenario=SMALL), ALL, path, PASSPHRASE)
    return path.read_bytes()


@pytest.fixture
def path(protected: bytes, tmp_path: Path) -> Path:
    """A protected file in a folder of its own."""
    (tmp_path / "files").mkdir()
    path = tmp_path / "files" / "copy.concord"
    path.write_bytes(protected)
    return path


def test_that_nothing_can_be_read_without_the_passphrase(path: Path) -> None:
    data = path.read_bytes()
    assert data.startswith(HEADER)
    assert b"SQLite" not in data
    assert "Straße".encode() not in data
    assert kind_of(path) is FileKind.CONCORD
    with pytest.raises(PassphraseNeeded, match="is protected by a passphrase"):
        read_file(path)
    assert path.read_bytes() == data


def test_that_a_wrong_passphrase_says_so_and_nothing_else(path: Path) -> None:
    with pytest.raises(WrongPassphrase) as refused:
        read_file(path, passphrase=PASSPHRASE.upper())
    assert str(refused.value) == f"This passphrase does not open {path}; type it again."


def test_that_the_passphrase_opens_it_however_its_letters_are_put_together(path: Path) -> None:
    typed_elsewhere = unicodedata.normalize("NFD", PASSPHRASE)
    assert typed_elsewhere != PASSPHRASE
    stored = read_file(path, passphrase=typed_elsewhere)
    assert len(stored.scenario.pledges) == 3
    assert stored.stamp == stamp_of(path)
    assert PASSPHRASE not in repr(stored)


def test_that_damage_is_refused_in_one_sentence(protected: bytes) -> None:
    header_end = protected.index(b"\n--- ") + 49
    for damaged in (
        protected[:-1],
        protected[:header_end],
        protected[:60],
        protected[:3000],
        protected.replace(b" scrypt ", b" x25519 "),
    ):
        with pytest.raises(EnvironmentProblem, match=r"^a\.concord is incomplete or damaged, and no pass") as refused:
            unprotect(damaged, PASSPHRASE, Path("a.concord"))
        assert not isinstance(refused.value, WrongPassphrase)


def test_that_a_stranger_cannot_make_opening_take_hours(protected: bytes) -> None:
    head, _, rest = protected.partition(b"\n---")
    slow = head.replace(b" 1", b" 6", 1) if b" 1" in head else head.replace(b" 2", b" 6", 1)
    with pytest.raises(WrongPassphrase):
        unprotect(slow + b"\n---" + rest, PASSPHRASE, Path("a.concord"))


@pytest.mark.slow
def test_that_a_protected_file_of_something_else_is_no_scenario(tmp_path: Path) -> None:
    (tmp_path / "a.concord").write_bytes(protect(b"something else" * 20, PASSPHRASE))
    with pytest.raises(EnvironmentProblem, match="is not a Concord file"):
        read_file(tmp_path / "a.concord", passphrase=PASSPHRASE)


def test_that_a_short_passphrase_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConcordError, match="at least 8 characters"):
        share(StoredFile(scenario=SMALL), ALL, tmp_path / "copy.concord", "short")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_that_what_is_saved_again_is_protected_again_and_so_is_its_backup(path: Path) -> None:
    document = Document.open(path, PASSPHRASE)
    document.apply("title", lambda scenario: set_setting(scenario, "title", "Other"))
    document.save()
    assert path.read_bytes().startswith(HEADER)
    assert read_file(path, passphrase=PASSPHRASE).scenario.settings.title == "Other"
    assert backups_of(path)[0].path.read_bytes().startswith(HEADER)


def fail(problem: Exception) -> None:
    raise AssertionError from problem


@pytest.mark.slow
def test_that_changes_to_it_survive_a_crash_sealed_and_come_back_with_its_passphrase(
    path: Path, tmp_path: Path
) -> None:
    root = tmp_path / "recovery"
    document = Document.open(path, PASSPHRASE)
    recorder = Recorder(document, root, fail)
    document.apply("title", lambda scenario: set_setting(scenario, "title", "MARK-title"))
    document.change_drafts({(document.scenario.partners[0].id, "fair_share"): Draft("MARK-draft", "no number")})
    assert recorder.is_written()
    recorder.leave()
    written = b"".join(file.read_bytes() for file in root.rglob("*") if file.is_file())
    known = [row.name or row.code for row in document.scenario.partners]
    for word in ("MARK", PASSPHRASE, SMALL.settings.title, *known):
        assert word.encode() not in written

    (abandoned,) = find_abandoned(root)
    assert (abandoned.title, abandoned.count) == (path.stem, 2)
    with pytest.raises(PassphraseNeeded):
        recover(abandoned, fail)
    with pytest.raises(WrongPassphrase):
        recover(abandoned, fail, "another passphrase")
    recovered = recover(abandoned, fail, PASSPHRASE)
    again = recovered.document
    assert again.scenario.settings.title == "MARK-title"
    assert len(again.drafts) == 1
    again.save()
    recovered.recorder.close()
    assert path.read_bytes().startswith(HEADER)
    assert read_file(path, passphrase=PASSPHRASE).scenario.settings.title == "MARK-title"


def test_that_an_older_journal_of_it_is_never_saved_over_it_without_protection(tmp_path: Path) -> None:
    kept = save_file(tmp_path / "base.concord", StoredFile(scenario=SMALL))
    base = Base(kept, tmp_path / "a.concord", is_stored=True)
    again = Base.read(tmp_path, {**base.header(), "is_protected": True}, "")
    assert (again.stored.scenario, again.path) == (SMALL, None)


def test_that_a_file_without_a_passphrase_is_not_protected(tmp_path: Path) -> None:
    stored = save_file(tmp_path / "a.concord", replace(StoredFile(scenario=SMALL), passphrase=""))
    assert read_file(tmp_path / "a.concord", passphrase="not asked for").stamp == stored.stamp
