"""The commands diff and merge."""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from planner.files import is_same_file, refuse_unwritable
from planner.history import (
    Base,
    common_base,
    descends,
    holds,
    joined_plans,
    joined_states,
    moment_words,
    no_base,
    told_otherwise,
)
from planner.merge import Change, Key, Merged, Side, State, Written, differences, merge
from planner.merge.words import change_words, conflict_words
from planner.problems import Severity
from planner.scenario import Scenario
from planner.sharing import completed, origin_of
from planner.store import State as Save
from planner.store import StoredFile
from ui.command_line.arguments import UsageError
from ui.command_line.exit_codes import ExitCode
from ui.command_line.output import complain, say
from ui.command_line.saving import save
from ui.command_line.scenarios import count_words, write_scenario
from ui.command_line.sources import Source, problems_of, read_sound_source

_ENDINGS = (".concord", ".xlsx")


def run_diff(call: argparse.Namespace) -> int:
    """Every difference in words, each on its own line."""
    before, after = (read_sound_source(Path(name)) for name in (call.a, call.b))
    if before is None or after is None:
        return ExitCode.INPUT_HAS_ERRORS
    changes = differences(before.scenario, after.scenario)
    for change in changes:
        say(change_words(change))
    say(f"{count_words(len(changes), 'difference')}." if changes else "No differences.")
    return ExitCode.DONE


def run_merge(call: argparse.Namespace) -> int:
    """Merge two descendants of a base; what is undecided goes to a workbook, and then nothing else is written."""
    output = Path(call.output)
    if output.suffix.lower() not in _ENDINGS:
        raise UsageError(f"'{output}' has the wrong ending; -o names a .concord or .xlsx file.")
    mine, theirs = read_sound_source(Path(call.mine)), read_sound_source(Path(call.theirs))
    if mine is None or theirs is None:
        return ExitCode.INPUT_HAS_ERRORS
    _tell_other_saves(mine, theirs)
    start = _start(call, mine, theirs)
    if start is None:
        return ExitCode.INPUT_HAS_ERRORS
    base, found = start
    refuse_unwritable(output)
    base, mine = _completed(base, mine)
    base, theirs = _completed(base, theirs)
    if not call.no_base:
        _tell_strange_base(base, mine, theirs)
    merged = _merge(call, replace(found, scenario=base.scenario), mine, theirs)
    _tell_counts(merged)
    if merged.undecided:
        return _ask(merged, output, call.decisions)
    _tell_problems(Source(output, merged.scenario))
    if call.preview:
        for change in merged.changes if not call.no_base else _unlike(merged.changes):
            say(f"{change.state.value}: {conflict_words(change) if _is_open(change) else change_words(_told(change))}")
        say(f"{output} was not written: this is a preview.")
        return ExitCode.DONE
    _write(output, merged, base, mine, theirs)
    say(f"Written: {output}")
    return ExitCode.DONE


def _start(call: argparse.Namespace, mine: Source, theirs: Source) -> tuple[Source, Base] | None:
    """What to compare with; None where the file named as base has errors."""
    if call.no_base:
        nothing = no_base(mine.scenario)
        return Source(mine.path, nothing.scenario), nothing
    return _named(call.base) if call.base is not None else _common(mine, theirs)


def _named(name: str) -> tuple[Source, Base] | None:
    source = read_sound_source(Path(name))
    if source is None:
        return None
    return source, Base(source.stored.states[-1:] if source.stored is not None else (), source.scenario)


def _common(mine: Source, theirs: Source) -> tuple[Source, Base]:
    """What both started from, as their files tell it. Raises UsageError where they do not."""
    base = None
    if mine.stored is not None and theirs.stored is not None:
        base = common_base(mine.stored, theirs.stored)
        if base is None and (origin := origin_of(theirs.stored, mine.stored)) is not None:
            base = origin.base
    if base is None:
        raise UsageError(_unknown_base(mine, theirs))
    if len(base.states) == 1:
        say(f"Both started from the save of {moment_words(base.states[0])}.")
    else:
        saves = (f"{moment_words(state)} by {state.record.person or 'somebody'}" for state in base.states)
        say(f"Each has merged saves of the other. Both started from those of {' and '.join(saves)}.")
    return Source(mine.path, base.scenario, stored=StoredFile(scenario=base.scenario, states=base.states)), base


def _unknown_base(mine: Source, theirs: Source) -> str:
    """Why a base is to be named, and the call that needs none."""
    if mine.stored is not None and theirs.stored is not None and origin_of(mine.stored, theirs.stored) is not None:
        return f"{mine.path} comes back from a copy of {theirs.path}; swap the two: merge {theirs.path} {mine.path}."
    words = (
        f"What {mine.path} and {theirs.path} started from is not known; name that file with --base, or say --no-base "
        "to be asked about all that differs."
    )
    books = [source.path for source in (mine, theirs) if source.stored is None]
    if books:
        words += (
            f" {books[0]} is a workbook, and workbooks do not tell: --base takes the scenario it was exported from."
        )
    return words


def _completed(base: Source, version: Source) -> tuple[Source, Source]:
    """Base and version; one that comes back as an edited copy for others with what had stayed at home in its place."""
    if base.stored is None or version.stored is None:
        return base, version
    origin = origin_of(version.stored, base.stored)
    if origin is None or origin.base.states != base.stored.states[-1:]:
        return base, version
    whole = completed(origin, version.scenario)
    say(f"{version.path} comes back from a copy that was shared: only what was edited in it counts as changed.")
    states = joined_states(base.stored.states, version.stored.states)
    return _holding(base, whole.base.scenario, base.stored.states), _holding(version, whole.scenario, states)


def _holding(source: Source, scenario: Scenario, states: tuple[Save, ...]) -> Source:
    stored = replace(source.stored or StoredFile(scenario=scenario), scenario=scenario, states=states)
    return replace(source, scenario=scenario, stored=stored)


def _merge(call: argparse.Namespace, base: Base, mine: Source, theirs: Source) -> Merged:
    if mine.stored is not None and theirs.stored is not None and holds(mine.stored, theirs.stored):
        say(f"{mine.path} already descends from {theirs.path}: there is nothing new to merge.")
        return merge(mine.scenario, mine.scenario, mine.scenario)
    versions = base.scenario, mine.scenario, theirs.scenario
    merged = merge(*versions, disputed=base.disputed)
    decisions: dict[Key, Side | Written] = {}
    if call.take:
        decisions = {change.key: Side(call.take) for change in merged.conflicts}
    if call.decisions:
        from planner.exchange.conflicts import read_conflicts

        decisions |= read_conflicts(call.decisions, merged.conflicts, merged.scenario.settings)
    return merge(*versions, decisions, base.disputed) if decisions else merged


def _ask(merged: Merged, output: Path, given: str | None) -> int:
    """Put the conflicts in a workbook, with what was answered so far: that given, and what stands there already."""
    from planner.exchange.conflicts import read_answers, write_conflicts

    questions = output.with_name(f"{output.stem}-conflicts.xlsx")
    answers = read_answers(questions, merged.conflicts) if questions.exists() else {}
    if given is not None:
        answers |= read_answers(given, merged.conflicts)
    write_conflicts(merged.conflicts, questions, answers)
    for change in merged.undecided:
        say(conflict_words(change))
    if answers:
        say(f"{count_words(len(answers), 'answer')} kept in {questions}; what is still open is coloured there.")
    complain(
        f"{count_words(len(merged.undecided), 'conflict')} left to decide, so {output} was not written. Choose in "
        f"{questions} and call again with --decisions {questions}, or take one side everywhere with --take mine or "
        "--take theirs."
    )
    return ExitCode.CONFLICTS_LEFT


def _tell_strange_base(base: Source, mine: Source, theirs: Source) -> None:
    """A base that is no earlier save of a version still serves, but more will look changed than was."""
    for version in (mine, theirs):
        if not _descends(version, base):
            complain(
                f"{version.path}: warning: this is not known to descend from {base.path}; rows are compared as is."
            )


def _tell_other_saves(mine: Source, theirs: Source) -> None:
    """A file that says something else of saves that both know was changed by somebody, or by another program."""
    if mine.stored is None or theirs.stored is None:
        return
    if other := told_otherwise(mine.stored, theirs.stored):
        complain(
            f"{theirs.path}: warning: of {count_words(len(other), 'earlier save')} it says something else than "
            f"{mine.path} does; what {mine.path} says counts."
        )


def _descends(version: Source, earlier: Source) -> bool:
    """Whether one file is a later save of the other, or the same one."""
    return version.stored is not None and earlier.stored is not None and descends(version.stored, earlier.stored)


def _tell_counts(merged: Merged) -> None:
    counts = dict.fromkeys(State, 0)
    for change in merged.changes:
        counts[change.state] += 1
    say(
        f"{count_words(counts[State.MINE], 'change')} only in mine, {counts[State.THEIRS]} only in theirs, "
        f"{counts[State.SAME]} alike in both, {counts[State.CONFLICT]} different in both."
    )


def _unlike(changes: Iterable[Change]) -> Iterator[Change]:
    return (change for change in changes if change.state is not State.SAME)


def _is_open(change: Change) -> bool:
    return change.state is State.CONFLICT


def _told(change: Change) -> Change:
    """A change as a difference from the base: differences have what was edited on the right."""
    return replace(change, theirs=change.mine) if change.state is State.MINE else change


def _tell_problems(result: Source) -> None:
    """What is wrong in the result; it can be saved all the same, as any scenario can."""
    problems = [problem for problem in problems_of(result) if problem.severity is Severity.ERROR]
    for problem in problems:
        complain(result.line(problem))
    if problems:
        complain(f"{count_words(len(problems), 'error')} to put right in the result before it can be planned.")


def _write(output: Path, merged: Merged, base: Source, mine: Source, theirs: Source) -> None:
    """Write what came of it, protected as mine was; a file of the three that was saved meanwhile is not replaced."""
    passphrase = mine.stored.passphrase if mine.stored is not None else ""
    as_workbook = output.suffix.lower() == ".xlsx"
    _tell_protection(output, mine, theirs, is_protected=bool(passphrase) and not as_workbook)
    if as_workbook:
        write_scenario(merged.scenario, output, as_workbook=True)
        return
    stored = [source.stored for source in (mine, base, theirs) if source.stored is not None]
    whole = StoredFile(
        scenario=merged.scenario,
        plans=joined_plans(*(each.plans for each in reversed(stored))),  # of one plan in both, that of mine
        states=joined_states(*(each.states for each in stored)),
        passphrase=passphrase,
    )
    done = f"merge {theirs.path.name} into {mine.path.name}"
    heads = [state.id for each in stored for state in each.states[-1:]]
    read = [each.stored for each in (mine, theirs, base) if each.stored and is_same_file(each.path, output)]
    save(output, whole, mine.stored, done, merged=heads, over=read[0].stamp if read else None)


def _tell_protection(output: Path, mine: Source, theirs: Source, *, is_protected: bool) -> None:
    protected = [each.path for each in (mine, theirs) if each.stored is not None and each.stored.passphrase]
    if is_protected:
        say(f"{output} is protected by the passphrase of {mine.path}.")
    elif protected:
        complain(f"{output}: warning: it is not protected, as {protected[0]} is by a passphrase.")
