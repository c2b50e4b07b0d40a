"""Another version of the open scenario: read, its base found, merged, and the outcome checked before it counts."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from planner.files import FileKind, kind_of
from planner.history import Base, changed_keys, common_base, holds, last_writers, no_base
from planner.merge import Change, Key, Merged, State, differences, merge
from planner.merge.three_way import Decisions
from planner.problems import InputProblem, Problem, Severity
from planner.scenario import Scenario
from planner.sharing import completed, origin_of
from planner.store import State as Save
from planner.store import StoredFile, read_file

Tell = Callable[[str], object]  # what is being done, for people who wait


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What came of merging a file into a scenario, before anybody decided anything.

    `base` is None where it is not known; then `start`, what both are compared with, is empty, and everything that
    differs is a question. `base_path`: the file that was named as base. `nothing_new`: the scenario descends from the
    file already, which is as it is known here. `mine_by`, `theirs_by`: the save that wrote what is in conflict.
    """

    mine: Scenario
    theirs: StoredFile
    path: Path
    base_path: Path | None
    base: Base | None
    start: Base
    merged: Merged
    nothing_new: bool
    mine_by: Mapping[Key, Save]
    theirs_by: Mapping[Key, Save]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What there is to see: every change, but without a base not what is alike in both."""
        if self.base is not None:
            return self.merged.changes
        return tuple(change for change in self.merged.changes if change.state is not State.SAME)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The merged scenario, how many changes to mine that is, and the problems in it that mine did not have before."""

    scenario: Scenario
    changes: int
    new_problems: tuple[Problem, ...]


def read_version(path: str | os.PathLike[str], passphrase: str = "") -> StoredFile:
    """The content of a scenario file or workbook.

    Raises EnvironmentProblem, PassphraseNeeded among them; InputProblem for cells that cannot be read.
    """
    if kind_of(path) is not FileKind.WORKBOOK:
        return read_file(path, passphrase=passphrase)
    from planner.exchange.workbook import read_workbook

    result = read_workbook(path)
    errors = tuple(problem for problem in result.problems if problem.severity is Severity.ERROR)
    if errors:
        raise InputProblem(errors, Path(path).name)
    return StoredFile(scenario=result.scenario)


def reconcile(
    own: StoredFile,
    mine: Scenario,
    path: Path,
    tell: Tell,
    *,
    base_path: Path | None = None,
    passphrase: str = "",
) -> Reconciliation:
    """Merge a file into `mine`, which goes on from the save `own`; `base_path` names what both started from.

    Of an edited copy that was shared, only what was edited in it counts. `passphrase` is that of either file.
    Raises EnvironmentProblem and InputProblem as `read_version` does.
    """
    tell(f"Reading {path.name}…")
    theirs = returned = read_version(path, passphrase)
    tell("Looking for what both started from…")
    if base_path is None:
        base, home = common_base(own, theirs), own
    else:
        home = read_version(base_path, passphrase)
        base = Base(home.states[-1:], home.scenario)
    if (origin := origin_of(theirs, home)) is not None and (base is None or base_path is not None):
        whole = completed(origin, theirs.scenario)
        base, theirs = whole.base, replace(theirs, scenario=whole.scenario)
    tell("Comparing every row…")
    start = base or no_base(mine)
    merged = merge(start.scenario, mine, theirs.scenario, disputed=start.disputed)
    asked = [change.key for change in merged.conflicts]
    unsaved = set(changed_keys(own.scenario, mine, asked))
    since = {state.id for state in own.states} & {state.id for state in theirs.states}
    since |= {state.id for state in start.states}
    return Reconciliation(
        mine,
        theirs,
        path,
        base_path,
        base,
        start,
        merged,
        holds(own, returned),
        last_writers(own, since, [key for key in asked if key not in unsaved]),
        last_writers(returned, since, asked),
    )


def decide(case: Reconciliation, decisions: Decisions, known: Iterable[Problem] | None = None) -> Outcome:
    """What the scenario becomes by these decisions; where there is none, mine stands.

    `known`: the problems that it has now, where they were looked for already.
    """
    from planner.validate import check

    start, merged = case.start, case.merged
    if decisions:
        merged = merge(start.scenario, case.mine, case.theirs.scenario, decisions, start.disputed)
    told = {(problem.code, problem.message) for problem in (check(case.mine) if known is None else known)}
    fresh = (problem for problem in check(merged.scenario) if (problem.code, problem.message) not in told)
    changes = len(differences(case.mine, merged.scenario))
    problems = tuple(sorted(fresh, key=lambda problem: problem.severity is not Severity.ERROR))
    return Outcome(merged.scenario, changes, problems)
