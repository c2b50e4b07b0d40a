"""The board's own decisions, as they come back in the decision record of a plan workbook.

What the board decided becomes the activity's `go` (must, no, decide), and why it differs stands in its note. An empty
cell leaves the recommendation to the plan.
"""

import dataclasses
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils import get_column_letter

from planner.cells import is_blank, plain_text
from planner.exchange.findings import Finding, Outcome, shown
from planner.exchange.row_changes import Changes, RowChange
from planner.exchange.workbook.package import open_package, sheet_titles
from planner.exchange.workbook.sheet_row import CellFault, SheetRow
from planner.files import FileKind, kind_of
from planner.problems import EnvironmentProblem
from planner.progress import Tell, to_nobody
from planner.report.board import BOARD, BOARD_REASON, DECISIONS, RECORD_SHEET
from planner.scenario import Activity, Scenario

_SAID = "Board: "  # begins what the board said, in an activity's note
_GO = {decision.lower(): go for decision, go in DECISIONS.items()}
_HEADINGS = ("initiative code", "region code", BOARD.lower(), BOARD_REASON.lower())


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the record in which the board wrote something."""

    cell: str
    initiative: str
    region: str
    decision: str
    reason: str


def is_decision_record(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a plan workbook with a decision record."""
    return kind_of(path) is FileKind.WORKBOOK and RECORD_SHEET in sheet_titles(Path(path))


def decisions_of(scenario: Scenario, path: str | os.PathLike[str], tell: Tell = to_nobody) -> Changes:
    """What the record in a file would change in a scenario, which itself stays as it is.

    Raises EnvironmentProblem where the file is no plan workbook with the columns of the board.
    """
    file, found = str(path), list(_read(Path(path), tell))
    needed = {(row.initiative, row.region) for row in scenario.requirements}
    rows: list[RowChange] = []
    findings: list[Finding] = []
    unchanged = 0
    for line in found:
        go = _GO.get(line.decision.lower()) if line.decision else ""
        told = ""
        if go is None:
            told = f"'{shown(line.decision)}' is no decision; write one of: {', '.join(DECISIONS)}."
        elif (line.initiative, line.region) not in needed:
            told = f"The scenario needs nothing for '{line.initiative}' in '{line.region}'; leave this line out."
        if told:
            findings.append(Finding(Outcome.REFUSED, file, line.cell, line.decision, told))
            continue
        after, change = _decided(scenario, line, go or "", file)
        unchanged += change is None
        rows += [change] if change is not None else []
        scenario = after
    return Changes(scenario, tuple(rows), unchanged, tuple(findings))


def _decided(scenario: Scenario, line: Decision, go: str, file: str) -> tuple[Scenario, RowChange | None]:
    rows = scenario.activities
    key = (line.initiative, line.region)
    index = next((index for index, row in enumerate(rows) if (row.initiative, row.region) == key), len(rows))
    old = rows[index] if index < len(rows) else Activity(initiative=line.initiative, region=line.region)
    new = dataclasses.replace(old, go=go or old.go, note=_note(old.note, line.reason))
    if new == old:
        return scenario, None
    cells = tuple(
        (name, getattr(old, name), getattr(new, name))
        for name in ("go", "note")
        if getattr(old, name) != getattr(new, name)
    )
    change = RowChange(file, line.cell, RECORD_SHEET, f"{line.initiative} in {line.region}", "updated", cells)
    return dataclasses.replace(scenario, activities=(*rows[:index], new, *rows[index + 1 :])), change


def _note(note: str, reason: str) -> str:
    """The note with the board's reason at its end, in the place of an earlier one."""
    if not reason:
        return note
    return f"{note.partition(_SAID)[0].rstrip()} {_SAID}{reason}".strip()


def _read(path: Path, tell: Tell) -> Iterator[Decision]:
    with open_package(path, tell=tell) as package:
        rows = iter(package.rows(RECORD_SHEET)) if RECORD_SHEET in package.titles else iter(())
        columns = _columns(path, rows)
        for row in rows:
            said = {name: _text(row.values.get(column)) for name, column in columns.items()}
            initiative, region, decision, reason = (said[name] for name in _HEADINGS)
            if decision or reason:
                place = f"{RECORD_SHEET}!{get_column_letter(columns[BOARD.lower()])}{row.number}"
                yield Decision(place, initiative, region, decision, reason)


def _columns(path: Path, rows: Iterator[SheetRow]) -> Mapping[str, int]:
    for row in rows:
        titles = {plain_text(value).strip().lower(): number for number, value in row.values.items()}
        if set(_HEADINGS) <= set(titles):
            return {name: titles[name] for name in _HEADINGS}
    raise EnvironmentProblem(
        f"{path} has no sheet {RECORD_SHEET} with the columns {', '.join(_HEADINGS)}; write the plan workbook anew."
    )


def _text(value: object) -> str:
    return "" if is_blank(value) or isinstance(value, CellFault) else plain_text(value).strip()
