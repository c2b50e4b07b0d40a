"""What contributions would change, row by row, and the scenario with all of it: one step, which one undo takes back."""

import dataclasses
import math
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple

from planner.cells import BLANKS, show_cell
from planner.edits import references_to
from planner.exchange.contribution.layout import (
    PLEDGES,
    REFUSALS,
    ROW_CODE,
    ROW_SHEETS,
    STATUS,
    Answer,
    RowSheet,
    fresh_codes,
    names_nothing,
    refusal_code,
)
from planner.exchange.contribution.reading import Contribution, Row
from planner.exchange.contribution.words import say_to_partner
from planner.exchange.findings import Finding, Outcome
from planner.exchange.row_changes import Changes, RowChange
from planner.problems import ConcordError, Problem, Severity
from planner.progress import Tell, to_nobody
from planner.scenario import Scenario
from planner.validate import check
from resources.offers import Pledge, Veto

_BETWEEN_ROWS = ("agreement", "duplicate")  # errors that are gone where the other row is refused for its own
_RowKey = tuple[str, str, int]  # file, sheet, number of the row


class _RefusedError(ConcordError):
    """A row that cannot be taken, why, and in which column that stands."""

    def __init__(self, message: str, column: str = STATUS) -> None:
        super().__init__(message)
        self.column = column


def changes_of(scenario: Scenario, contributions: Sequence[Contribution], tell: Tell = to_nobody) -> Changes:
    """What the contributions would change in a scenario, in their order. The scenario itself stays as it is.

    A row that would bring an error into the scenario is refused by itself; the others come in.
    """
    refused: dict[_RowKey, _RefusedError] = {}
    while True:
        step = _Step(scenario, refused)
        for number, contribution in enumerate(contributions):
            tell(number / len(contributions))
            step.take(contribution)
        fresh = step.new_errors()
        if not fresh:
            read = [finding for contribution in contributions for finding in contribution.findings]
            files = [contribution.file for contribution in contributions]
            findings = sorted([*read, *step.findings], key=lambda finding: _place_of(finding, files))
            return Changes(step.scenario, tuple(step.changes), step.unchanged, tuple(findings))
        refused |= fresh  # one row at least is refused anew each time, so this ends


def _place_of(finding: Finding, files: Sequence[str]) -> tuple[int, int, int, int]:
    """Where a finding stands among the files: file, sheet, row, column; what has no cell comes first."""
    title, _, cell = finding.cell.partition("!")
    sheet = next((number for number, each in enumerate(ROW_SHEETS, 1) if each.title == title), 0)
    row, column = coordinate_to_tuple(cell) if cell else (0, 0)
    return files.index(finding.file), sheet, row, column


class _Step:
    """One try: the scenario so far, and what has happened to each row."""

    def __init__(self, scenario: Scenario, refused: Mapping[_RowKey, _RefusedError]) -> None:
        self.scenario = self._before = scenario
        self.changes: list[RowChange] = []
        self.findings: list[Finding] = []
        self.unchanged = 0
        self._refused = refused
        self._steps: list[tuple[tuple[Contribution, Row], Scenario]] = []  # what each change made of the scenario
        self._new: dict[tuple[Any, ...], Row] = {}  # the first new row of each partner that says something
        self._made_by: dict[str, tuple[Contribution, Row]] = {}  # id of a row of the scenario -> what gave it its cells

    def take(self, contribution: Contribution) -> None:
        """Every row of one file."""
        if contribution.partner not in {row.code for row in self.scenario.partners}:
            message = f"There is no partner '{contribution.partner}' in this scenario; nothing is taken from this file."
            self.findings.append(Finding(Outcome.REFUSED, contribution.file, "Start", contribution.partner, message))
            return
        title = self.scenario.settings.title
        if title.strip() and " ".join(contribution.plan.split()) != " ".join(title.split()):
            message = f"This file was made for '{contribution.plan}', but the scenario is '{title}'; check that."
            self.findings.append(Finding(Outcome.WARNING, contribution.file, "Start", contribution.plan, message))
        for row in contribution.rows:
            try:
                told = self._refused.get((contribution.file, row.sheet.title, row.number))
                if told is not None:
                    raise told
                change = _TAKE[row.sheet.title](self, contribution, row)
            except _RefusedError as error:
                value = row.text(error.column)
                self.findings.append(
                    Finding(Outcome.REFUSED, contribution.file, row.cell(error.column), value, str(error))
                )
                continue
            if change is None:
                self.unchanged += 1
            else:
                self.changes.append(change)
                self._steps.append(((contribution, row), self.scenario))

    def new_errors(self) -> Mapping[_RowKey, _RefusedError]:
        """The rows that brought errors into the scenario, each with the first of them; where an error stands elsewhere,
        as in the plan agreed last, the first row that brings one."""
        if not self.changes:
            return {}
        known = {(problem.code, problem.message) for problem in check(self._before)}
        every = _errors_beside(known, self.scenario)
        fresh = [problem for problem in every if problem.code not in _BETWEEN_ROWS] or every
        found: dict[_RowKey, _RefusedError] = {}
        for problem in fresh:
            for contribution, row in self._origins(problem):
                column = problem.where.column
                refused = _RefusedError(say_to_partner(problem.message, row.sheet, column), column)
                found.setdefault((contribution.file, row.sheet.title, row.number), refused)
        if fresh and not found:
            at = bisect_left(self._steps, True, key=lambda step: bool(_errors_beside(known, step[1])))
            (contribution, row), scenario = self._steps[at]
            refused = _RefusedError(say_to_partner(_errors_beside(known, scenario)[0].message, row.sheet, ""))
            found[contribution.file, row.sheet.title, row.number] = refused
        return found

    def _origins(self, problem: Problem) -> Iterator[tuple[Contribution, Row]]:
        rows: tuple[Any, ...] = {"Pledges": self.scenario.pledges, "Vetoes": self.scenario.vetoes}.get(
            problem.where.sheet, ()
        )
        if problem.where.row is not None and problem.where.row < len(rows):
            made = self._made_by.get(rows[problem.where.row].id)
            if made is not None:
                yield made

    # -- pledges

    def take_pledge(self, contribution: Contribution, row: Row) -> RowChange | None:
        """Add, update or delete one pledge; None where nothing changes."""
        values = {name: value for name, value in row.values.items() if name != "note" or value}
        pledges = self.scenario.pledges
        code = row.code or self._code_of_equal(contribution.partner, values)
        index = next((index for index, pledge in enumerate(pledges) if pledge.code == code), None)
        old = pledges[index] if index is not None else None
        if old is not None and old.partner != contribution.partner:
            raise _RefusedError(f"The pledge {code} is not one of {contribution.partner}; leave it out.", ROW_CODE)
        if row.answer is Answer.NEW and (old is None or old.id in self._made_by):
            self._warn_of_twins(contribution, row)
        match row.answer:
            case Answer.NONE:
                if old is None:
                    _refuse_without_status(row)
                elif _differing(old, values):
                    message = (
                        f"{code} was changed, but its status is “{Answer.NONE}”; write {Answer.UPDATE} to take it over."
                    )
                    self.findings.append(Finding(Outcome.WARNING, contribution.file, row.cell("Status"), "", message))
                return None
            case Answer.DELETE:
                return self._delete_pledge(contribution, row, old)
            case Answer.UPDATE if old is None:
                raise _RefusedError(
                    f"There is no pledge '{code}' of yours (any more); write {Answer.NEW} to bring it in."
                    if code
                    else f"This row has no code, so nothing can be updated; write {Answer.NEW} to add it."
                )
            case Answer.NEW if old is not None:
                if _differing(old, values):
                    raise _RefusedError(
                        f"There is a pledge {code} already, with other figures; write {Answer.UPDATE} to change it."
                    )
                return None
        blank = Pledge(code=code or self._fresh_code(contribution.partner), partner=contribution.partner)
        new = dataclasses.replace(old or blank, **(_differing(old, values) if old is not None else values))
        if new == old:
            return None
        changed = (*pledges, new) if index is None else (*pledges[:index], new, *pledges[index + 1 :])
        self.scenario = dataclasses.replace(self.scenario, pledges=changed)
        self._made_by[new.id] = contribution, row
        return _told(contribution, row, new.code, old, new)

    def _warn_of_twins(self, contribution: Contribution, row: Row) -> None:
        """Tell of a new row that says just what another one says."""
        first = self._new.setdefault((contribution.partner, *sorted(row.values.items(), key=itemgetter(0))), row)
        if first is not row and (row.code != first.code or not row.code):
            comes = "both come in" if row.code or first.code else "they come in once"
            message = (
                f"This row says the same as row {first.number}, and {comes}; if one pledge is meant, leave one of them "
                "out, and if two are, tell them apart in the remark."
            )
            self.findings.append(Finding(Outcome.WARNING, contribution.file, row.cell(), row.code, message))

    def _delete_pledge(self, contribution: Contribution, row: Row, old: Pledge | None) -> RowChange | None:
        if old is None:
            return None
        if references_to(self.scenario, "pledges", {old.code}):
            raise _RefusedError(
                f"{old.code} stands in the plan agreed last (sheet Baseline) and is not deleted; "
                "take it out there first, or set its quantity to 0."
            )
        kept = tuple(pledge for pledge in self.scenario.pledges if pledge is not old)
        self.scenario = dataclasses.replace(self.scenario, pledges=kept)
        return RowChange(contribution.file, row.cell(), PLEDGES.title, old.code, "deleted")

    def _code_of_equal(self, partner: str, values: Mapping[str, Any]) -> str:
        """The code of a pledge that says the same, for a row without a code: it may have come in before."""
        mine = (pledge for pledge in self.scenario.pledges if pledge.partner == partner)
        return next((pledge.code for pledge in mine if not _differing(pledge, values)), "")

    def _fresh_code(self, partner: str) -> str:
        taken = {pledge.code for pledge in self.scenario.pledges}
        return next(fresh_codes(partner, taken))

    # -- refusals

    def take_refusal(self, contribution: Contribution, row: Row) -> RowChange | None:
        """Add, update or delete one refusal; None where nothing changes."""
        vetoes = self.scenario.vetoes
        mine = {refusal_code(veto): veto for veto in vetoes if veto.partner == contribution.partner}
        old = mine.get(row.code)
        if row.answer is Answer.NONE:
            if not row.code:
                _refuse_without_status(row)
            return None
        if row.answer is Answer.DELETE:
            if old is None:
                return None
            self.scenario = dataclasses.replace(self.scenario, vetoes=tuple(veto for veto in vetoes if veto is not old))
            return RowChange(contribution.file, row.cell(), REFUSALS.title, "", "deleted")
        if row.answer is Answer.UPDATE and not row.code:
            raise _RefusedError(f"There is no such refusal yet that could be updated; write {Answer.NEW} to add it.")
        blank = Veto(partner=contribution.partner)
        new = dataclasses.replace(old or blank, **_differing(old or blank, row.values))
        if any(dataclasses.replace(veto, extra=()) == dataclasses.replace(new, extra=()) for veto in mine.values()):
            return None  # it stands there already
        if row.answer is Answer.UPDATE and old is None:
            raise _RefusedError(f"This refusal was changed since this file was made; write {Answer.NEW} to add it.")
        if names_nothing(new) and not (old is not None and names_nothing(old)):
            raise _RefusedError(
                "This refusal names nothing, so you would serve nothing at all; name an initiative, a region or a "
                "partner, or empty the row.",
                REFUSALS.fields[0].name,
            )
        changed = tuple(new if veto is old else veto for veto in vetoes) if old is not None else (*vetoes, new)
        self.scenario = dataclasses.replace(self.scenario, vetoes=changed)
        self._made_by[new.id] = contribution, row
        return _told(contribution, row, "", old, new)


_TAKE: Mapping[str, Callable[[_Step, Contribution, Row], RowChange | None]] = {
    PLEDGES.title: _Step.take_pledge,
    REFUSALS.title: _Step.take_refusal,
}


def _errors_beside(known: Collection[tuple[str, str]], scenario: Scenario) -> list[Problem]:
    """The errors of a scenario that are not known, by code and message."""
    errors = (problem for problem in check(scenario) if problem.severity is Severity.ERROR)
    return [problem for problem in errors if (problem.code, problem.message) not in known]


def _refuse_without_status(row: Row) -> None:
    """Raise _RefusedError for a row that somebody filled in and gave no status: dropped in silence it would be lost."""
    if not row.has_status:
        raise _RefusedError(
            f"Row {row.number} is filled in but has no status, so nothing is taken from it; write {Answer.NEW} to "
            "add it."
        )


def _differing(old: Any, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values that a row does not have yet; a workbook keeps 15 digits of a number, and no outer blanks."""
    return {name: value for name, value in values.items() if not _is_same(getattr(old, name), value)}


def _is_same(old: Any, new: Any) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=1e-14)
    if isinstance(old, str) and isinstance(new, str):
        return old.strip(BLANKS) == new.strip(BLANKS)
    return bool(old == new)


def _told(contribution: Contribution, row: Row, code: str, old: Any, new: Any) -> RowChange:
    cells = tuple(_cells(row.sheet, old, new))
    return RowChange(contribution.file, row.cell(), row.sheet.title, code, "added" if old is None else "updated", cells)


def _cells(sheet: RowSheet, old: Any, new: Any) -> Iterable[tuple[str, str, str]]:
    for field in sheet.fields:
        column = sheet.column(field.name)
        after = show_cell(column, getattr(new, field.name))
        before = show_cell(column, getattr(old, field.name)) if old is not None else ""
        is_told = before != after if old is not None else getattr(new, field.name) != column.default
        if is_told:
            yield field.heading.lower(), before, after
