"""The recovery journal: what it writes, when it goes away, and what a crash leaves of it."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from planner.document import Document
from planner.drafts import Draft
from planner.edits import delete_rows, set_cell, set_cells
from planner.history import descends
from planner.plan import Plan
from planner.problems import EnvironmentProblem, Place, Problem
from planner.recovery import Abandoned, Recorder, discard, find_abandoned, recover, remove_old_discarded
from planner.recovery.frames import MAGIC, framed, read_frames
from planner.recovery.journal import RECORDS
from planner.scenario import Scenario, Settings
from planner.store import StoredFile, read_file
from resources.offers import Partner

SCENARIO = Scenario(
    settings=Settings(title="Two valleys"), partners=tuple(Partner(code=f"P{number}") for number in range(5000))
)
PLAN = Plan(title="", fingerprint="old", status="optimal", name="First")
NONSENSE = Draft("12x", "'12x' is not a number.")


def naming(name: str, row: int = 0) -> Callable[[Scenario], Scenario]:
    return lambda scenario: set_cell(scenario, "partners", row, "name", name)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the journals are."""
    return tmp_path / "recovery"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A saved scenario file."""
    (tmp_path / "files").mkdir()
    Document.new_from(SCENARIO).save_as(tmp_path / "files" / "a.concord")
    return tmp_path / "files" / "a.concord"


Crash = Callable[[Recorder], Path]


@pytest.fixture
def crash(tmp_path: Path) -> Iterator[Crash]:
    """A function that copies what a recorder wrote, as a crash leaves it; afterwards the recorders are closed."""
    crashed: list[Recorder] = []

    def after(recorder: Recorder) -> Path:
        assert recorder.is_written()
        crashed.append(recorder)
        left = tmp_path / f"left by crash {len(crashed)}"
        shutil.copytree(tmp_path / "recovery", left)
        return left

    yield after
    for recorder in crashed:
        recorder.close()


def fail(problem: Exception) -> None:
    raise AssertionError from problem


def saved_by_someone_else(path: Path) -> StoredFile:
    """A copy of the file in which somebody named the second partner."""
    other = Document.open(path)
    other.apply("name", naming("Theirs", 1))
    other.save_as(path.with_name("theirs.concord"), "Bo")
    return other.stored


def document_of(root: Path) -> Document:
    """The document that comes of the one journal there."""
    recovered = recover(one_of(root), fail)
    recovered.recorder.close()
    return recovered.document


def one_of(root: Path) -> Abandoned:
    (found,) = find_abandoned(root)
    return found


def test_that_records_are_read_up_to_the_one_that_was_cut_short() -> None:
    payloads = [b"first", b"", b"third \x00\xff"]
    data = MAGIC + b"".join(map(framed, payloads))
    ends = [end for _, end in read_frames(data)]
    assert [payload for payload, _ in read_frames(data)] == payloads
    for cut in range(len(data)):
        assert len(read_frames(data[:cut])) == sum(end <= cut for end in ends)
    for place in range(len(MAGIC), len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 1
        assert len(read_frames(bytes(damaged))) == sum(end <= place for end in ends)
    assert len(read_frames(data + bytes(100))) == 3


def test_that_what_was_done_since_opening_is_offered_and_comes_back(path: Path, root: Path, crash: Crash) -> None:
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    document.apply("naming of P1", naming("Beta", 1))
    document.undo()
    document.change_drafts({(document.scenario.partners[0].id, "fair_share"): NONSENSE})
    document.add_plan(Plan(title="", fingerprint="", status="optimal", name="Plan 1"))
    left = crash(recorder)

    offered = one_of(left)
    assert (offered.title, offered.path, offered.count) == ("Two valleys", path, 3)
    assert time.time() - time.mktime(time.strptime(offered.last_at[:19], "%Y-%m-%dT%H:%M:%S")) < 60
    recovered = recover(offered, fail)
    again = recovered.document
    recovered.recorder.close()

    assert recovered.is_whole
    assert again.scenario == document.scenario
    assert [row.id for row in again.scenario.partners] == [row.id for row in document.scenario.partners]
    assert (again.undo_label, again.redo_label) == ("naming of P0", "naming of P1")
    assert again.drafts == document.drafts
    assert again.plans == document.plans
    assert again.path == path
    assert again.is_dirty
    again.save()
    assert Document.open(path).scenario == document.scenario


def test_that_the_file_keeps_its_bytes_and_nothing_stands_beside_it(path: Path, root: Path) -> None:
    before = path.read_bytes()
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    assert recorder.is_written()

    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    recorder.close()
    assert list(root.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="rights are kept another way there")
def test_that_nobody_else_can_read_the_journals(root: Path) -> None:
    document = Document.new_from(SCENARIO)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    assert recorder.is_written()
    assert root.stat().st_mode & 0o077 == 0
    recorder.close()


def test_that_looking_alone_leaves_no_journal(path: Path, root: Path) -> None:
    recorder = Recorder(Document.open(path), root, fail)

    assert recorder.is_written()
    assert not root.exists()
    recorder.close()


def test_that_one_edit_among_many_rows_is_one_row(path: Path, root: Path, crash: Crash) -> None:
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("first", naming("Alpha"))
    sizes = []
    edits: list[Callable[[Scenario], Scenario]] = [
        naming("Alpha", 2500),
        lambda scenario: delete_rows(scenario, "partners", [1, 4000]),
        lambda scenario: set_cells(scenario, "partners", 10, ["name"], [["Ten"], ["Eleven"]]),
    ]
    for number, edit in enumerate(edits):
        assert recorder.is_written()
        size = next(root.glob(f"*/{RECORDS}")).stat().st_size
        document.apply(f"edit {number}", edit)
        assert recorder.is_written()
        sizes.append(next(root.glob(f"*/{RECORDS}")).stat().st_size - size)
    recovered = recover(one_of(crash(recorder)), fail)
    recovered.recorder.close()

    assert max(sizes) < 600
    assert recovered.document.scenario == document.scenario


def test_that_a_document_in_use_is_not_offered(root: Path) -> None:
    document = Document.new_from(SCENARIO)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    assert recorder.is_written()

    assert find_abandoned(root) == ()
    recorder.close()


def test_that_two_windows_do_not_recover_the_same_changes(path: Path, root: Path, crash: Crash) -> None:
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    offered = one_of(crash(recorder))
    first = recover(offered, fail)

    with pytest.raises(EnvironmentProblem, match="Another window"):
        recover(offered, fail)
    with pytest.raises(EnvironmentProblem, match="Another window"):
        discard(offered)
    first.recorder.close()
    with pytest.raises(EnvironmentProblem):
        recover(offered, fail)


def test_that_what_is_recovered_survives_the_next_crash_too(path: Path, root: Path, crash: Crash) -> None:
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    first = recover(one_of(crash(recorder)), fail)
    first.document.apply("naming of P1", naming("Beta", 1))
    first.document.undo()
    first.document.undo()
    first.document.redo()
    assert first.recorder.is_written()
    folder = next(path.parent.parent.glob("left by crash 1"))
    folder.rename(folder.with_name("left again"))
    first.recorder.close()  # nothing is left of it here: the folder has another name now

    second = recover(one_of(path.parent.parent / "left again"), fail)
    second.recorder.close()
    assert second.document.scenario == first.document.scenario
    assert second.document.redo_label == "naming of P1"


def test_that_saving_ends_the_journal_but_for_what_no_file_holds(path: Path, root: Path, crash: Crash) -> None:
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    document.save()
    assert recorder.is_written()
    assert find_abandoned(root) == ()
    assert list(root.iterdir()) == []

    document.change_drafts({("row", "name"): NONSENSE})
    document.save()
    recovered = recover(one_of(crash(recorder)), fail)
    recovered.recorder.close()
    assert recovered.document.drafts == {("row", "name"): NONSENSE}
    assert recovered.document.scenario.partners[0].name == "Alpha"
    assert not recovered.document.is_dirty
    assert not recovered.document.is_changed_on_disk


def test_that_going_back_beyond_the_last_save_is_recovered(path: Path, root: Path, crash: Crash) -> None:
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    document.apply("naming of P1", naming("Beta", 1))
    document.save()
    document.undo()
    document.undo()
    document.redo()
    recovered = recover(one_of(crash(recorder)), fail)
    recovered.recorder.close()

    assert recovered.document.scenario == document.scenario
    assert recovered.document.scenario.partners[1].name == ""


def test_that_what_was_done_while_the_file_was_written_is_recovered(path: Path, root: Path, crash: Crash) -> None:
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    save = document.next_save()
    stored = save.write()
    document.apply("naming of P1", naming("Beta", 1))
    document.add_plan(PLAN)
    document.change_drafts({("row", "name"): NONSENSE})
    document.take_save(save, stored)
    recovered = recover(one_of(crash(recorder)), fail)
    recovered.recorder.close()

    assert recovered.document.scenario == document.scenario
    assert recovered.document.undo_label == "naming of P1"
    assert recovered.document.plans == (PLAN,)
    assert recovered.document.drafts == {("row", "name"): NONSENSE}
    assert not recovered.document.is_changed_on_disk


def test_that_a_merge_without_news_while_the_file_was_written_keeps_its_ancestry(
    path: Path, root: Path, crash: Crash
) -> None:
    document, other = Document.open(path), Document.open(path)
    other.save("Bo", "the same once more")
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    save = document.next_save(path.with_name("b.concord"))
    document.merge("merge", document.scenario, other.stored)
    document.take_save(save, save.write())
    document.apply("naming of P1", naming("Beta", 1))
    recovered = recover(one_of(crash(recorder)), fail)
    recovered.recorder.close()

    assert recovered.document.ancestry.states == document.ancestry.states


def test_that_what_was_undone_while_the_file_was_written_is_recovered(path: Path, root: Path, crash: Crash) -> None:
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    save = document.next_save()
    document.undo()
    document.take_save(save, save.write())
    recovered = recover(one_of(crash(recorder)), fail)
    recovered.recorder.close()

    assert recovered.document.scenario == document.scenario
    assert recovered.document.is_dirty


def test_that_a_merge_is_recovered_with_what_it_descends_from(path: Path, root: Path, crash: Crash) -> None:
    document, other = Document.open(path), Document.open(path)
    other.apply("name", naming("Theirs", 1))
    other.add_plan(Plan(title="", fingerprint="", status="optimal", id="p", made_at="2027-01-01T09:30:00+03:00"))
    other.save("Bo", "from the field")
    recorder = Recorder(document, root, fail)
    document.apply("name", naming("Mine"))
    document.merge("merge theirs", naming("Theirs", 1)(document.scenario), other.stored)
    recovered = recover(one_of(crash(recorder)), fail)
    assert recovered.is_whole
    again = recovered.document
    assert again.ancestry.states == document.ancestry.states
    assert not again.is_changed_on_disk
    again.undo()
    assert (again.plans, again.is_changed_on_disk) == ((), True)
    again.redo()
    assert [plan.id for plan in again.plans] == ["p"]
    again.save("Ana")
    recovered.recorder.close()
    assert again.stored.states[-1].record.merged == (other.stored.states[-1].id,)


def test_that_a_saved_merge_that_was_undone_is_recovered_as_undone(path: Path, root: Path, crash: Crash) -> None:
    document, theirs = Document.open(path), saved_by_someone_else(path)
    recorder = Recorder(document, root, fail)
    document.merge("merge", theirs.scenario, theirs)
    document.save()
    document.undo()
    recovered = document_of(crash(recorder))

    assert recovered.scenario == document.scenario
    assert not descends(recovered.ancestry, theirs)
    recovered.undo()
    assert descends(recovered.ancestry, theirs)
    recovered.redo()
    recovered.save()
    assert not descends(read_file(path), theirs)


def test_that_a_merge_that_changed_nothing_is_recovered_as_a_step(path: Path, root: Path, crash: Crash) -> None:
    document, theirs = Document.open(path), saved_by_someone_else(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    document.merge("merge", document.scenario, theirs)
    document.apply("naming of P1", naming("Beta", 1))
    document.undo()
    document.undo()
    document.redo()
    recovered = document_of(crash(recorder))

    assert (recovered.undo_label, recovered.redo_label) == ("merge", "naming of P1")
    assert descends(recovered.ancestry, theirs)
    recovered.undo()
    assert recovered.scenario == document.scenario
    assert not descends(recovered.ancestry, theirs)


def test_that_a_merge_after_undo_while_the_file_was_written_keeps_its_ancestry(
    path: Path, root: Path, crash: Crash
) -> None:
    document, theirs = Document.open(path), saved_by_someone_else(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    save = document.next_save(path.with_name("b.concord"))
    document.undo()
    document.merge("merge", theirs.scenario, theirs)
    document.take_save(save, save.write())
    recovered = document_of(crash(recorder))

    assert recovered.scenario == document.scenario
    assert recovered.ancestry.states == document.ancestry.states


def test_that_a_copy_is_recovered_with_the_save_that_it_goes_on_from(path: Path, root: Path, crash: Crash) -> None:
    original, theirs = Document.open(path), saved_by_someone_else(path)
    original.merge("merge", theirs.scenario, theirs)
    document = original.copy_with(naming("Copied")(original.scenario))
    recorder = Recorder(document, root, fail)
    document.apply("naming of P1", naming("Beta", 1))
    recovered = document_of(crash(recorder))
    for name, each in (("one", document), ("other", recovered)):
        each.save_as(path.with_name(f"{name}.concord"), "Ana")

    assert recovered.stored.states[-1].record == document.stored.states[-1].record
    assert recovered.stored.states[:-1] == document.stored.states[:-1]


def test_that_a_file_changed_by_someone_else_since_keeps_both(path: Path, root: Path, crash: Crash) -> None:
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Mine"))
    left = crash(recorder)
    theirs = Document.open(path)
    theirs.apply("naming of P1", naming("Theirs", 1))
    theirs.save()

    recovered = recover(one_of(left), fail)
    recovered.recorder.close()

    assert recovered.document.is_changed_on_disk
    assert [row.name for row in recovered.document.scenario.partners[:2]] == ["Mine", ""]
    with pytest.raises(EnvironmentProblem, match="changed by someone else"):
        recovered.document.save()
    recovered.document.save_as(path.with_name("mine.concord"))
    assert [row.name for row in Document.open(path).scenario.partners[:2]] == ["", "Theirs"]


def test_that_a_document_without_a_file_is_recovered_with_what_was_not_read(root: Path, crash: Crash) -> None:
    problem = Problem("cell", "Not a number.", Place("Partners", 3, "fair_share"))
    document = Document(StoredFile(scenario=SCENARIO), is_saved=False, problems=(problem,))
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    recovered = recover(one_of(crash(recorder)), fail)
    recovered.recorder.close()

    assert recovered.document.scenario == document.scenario
    assert recovered.document.scenario.id == SCENARIO.id
    assert recovered.document.problems == (problem,)
    assert recovered.document.path is None
    assert recovered.document.stored.states == ()
    recovered.document.undo()
    assert recovered.document.is_dirty


def test_that_a_write_cut_short_is_told_and_kept_aside(path: Path, root: Path, crash: Crash) -> None:
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    document.apply("naming of P1", naming("Beta", 1))
    left = crash(recorder)
    journal = next(left.glob(f"*/{RECORDS}"))
    journal.write_bytes(journal.read_bytes()[:-3])

    recovered = recover(one_of(left), fail)
    recovered.document.apply("naming of P2", naming("Gamma", 2))
    assert recovered.recorder.is_written()
    recovered.recorder.close()

    assert not recovered.is_whole
    assert [row.name for row in recovered.document.scenario.partners[:3]] == ["Alpha", "", "Gamma"]
    assert len(list(left.glob(f"discarded/*/{RECORDS}"))) == 1


def test_that_changes_that_were_all_taken_back_are_not_offered(path: Path, root: Path, crash: Crash) -> None:
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    document.change_drafts({("row", "name"): NONSENSE})
    document.undo()
    document.change_drafts({("row", "name"): None})
    left = crash(recorder)

    assert find_abandoned(left) == ()
    assert list(left.iterdir()) == []


def test_that_what_is_discarded_is_kept_for_a_month(path: Path, root: Path, crash: Crash) -> None:
    document = Document.open(path)
    recorder = Recorder(document, root, fail)
    document.apply("naming of P0", naming("Alpha"))
    left = crash(recorder)

    kept = discard(one_of(left))
    assert find_abandoned(left) == ()
    remove_old_discarded(left)
    assert (kept / RECORDS).exists()
    made = int(kept.name.partition("-")[0])
    kept.rename(kept.with_name(f"{made - 31 * 86_400}-{kept.name}"))
    remove_old_discarded(left)
    assert list(kept.parent.iterdir()) == []


def test_that_a_folder_that_cannot_be_written_is_told_once_and_work_goes_on(root: Path, crash: Crash) -> None:
    root.write_text("a file where the folder should be")
    told: list[Exception] = []
    document = Document.new_from(SCENARIO)
    recorder = Recorder(document, root, told.append)
    document.apply("naming of P0", naming("Alpha"))
    document.apply("naming of P1", naming("Beta", 1))
    assert not recorder.is_written()
    assert [type(problem) for problem in told] == [EnvironmentProblem]
    assert str(told[0]).startswith(f"{root} cannot be written")

    root.unlink()
    document.apply("naming of P2", naming("Gamma", 2))
    assert recorder.is_written()
    recovered = recover(one_of(crash(recorder)), fail)
    recovered.recorder.close()
    assert recovered.document.scenario == document.scenario
    assert recovered.document.undo_label == "naming of P2"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_that_a_full_disk_loses_nothing_that_was_confirmed_before(path: Path, root: Path, crash: Crash) -> None:
    told: list[Exception] = []
    document = Document.open(path)
    recorder = Recorder(document, root, told.append)
    document.apply("naming of P0", naming("Alpha"))
    assert recorder.is_written()
    journal = recorder._journal
    file = journal._file
    with Path("/dev/full").open("wb", buffering=0) as full:
        journal._file = full
        document.apply("naming of P1", naming("Beta", 1))
        assert not recorder.is_written()
        assert [type(problem) for problem in told] == [EnvironmentProblem]
    journal._file = file
    document.apply("naming of P2", naming("Gamma", 2))

    recovered = recover(one_of(crash(recorder)), fail)
    recovered.recorder.close()
    assert recovered.document.scenario == document.scenario


@pytest.mark.skipif(os.name == "nt", reason="this system has no limit on file sizes")
@pytest.mark.parametrize("room", [0, 1, 100, 5000])
def test_that_a_journal_that_finds_no_room_goes_on_when_there_is_some(
    path: Path, root: Path, crash: Crash, room: int
) -> None:
    import resource

    told: list[Exception] = []
    document = Document.open(path)
    recorder = Recorder(document, root, told.append)
    document.apply("naming of P0", naming("Alpha"))
    assert recorder.is_written()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = next(root.glob(f"*/{RECORDS}")).stat().st_size
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, before[1]))
    try:
        for number in range(1, 50):
            document.apply(f"naming of P{number}", naming(f"{number}" * 40, number))
        assert not recorder.is_written()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert [type(problem) for problem in told] == [EnvironmentProblem]
    left = shutil.copytree(root, root.with_name("left while it was full"))
    meanwhile = recover(one_of(left), fail)
    meanwhile.recorder.close()
    assert meanwhile.document.scenario.partners[0].name == "Alpha"
    document.apply("naming of P99", naming("Last", 99))

    recovered = recover(one_of(crash(recorder)), fail)
    recovered.recorder.close()
    assert recovered.document.scenario == document.scenario


def test_that_a_half_made_journal_is_left_alone_until_it_is_old(root: Path) -> None:
    (root / "half").mkdir(parents=True)
    assert find_abandoned(root) == ()
    assert (root / "half").exists()

    os.utime(root / "half", (0, 0))
    assert find_abandoned(root) == ()
    assert not (root / "half").exists()
