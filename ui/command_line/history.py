"""The command history: who saved what, and earlier states taken up again."""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from planner.history import (
    Entry,
    entries,
    joined_states,
    moment_words,
    partner_finder,
    scenario_at,
)
from planner.merge.words import change_words
from planner.problems import EnvironmentProblem
from planner.scenario import Scenario
from planner.sharing import copies_in
from planner.store import StoredFile
from ui.command_line.arguments import UsageError
from ui.command_line.exit_codes import ExitCode
from ui.command_line.output import say
from ui.command_line.saving import save
from ui.command_line.scenarios import count_words
from ui.command_line.sources import read_source


def run_history(call: argparse.Namespace) -> int:
    """Every save and its changes, oldest first; or one of them written as a new state."""
    path = Path(call.file)
    stored = read_source(path).stored
    if stored is None:
        raise EnvironmentProblem(f"{path} is a workbook, which keeps no history; name a scenario file (.concord).")
    numbers = {state.id: number for number, state in enumerate(joined_states(stored.states), start=1)}
    if (call.restore is None) != (call.output is None):
        raise UsageError("--restore and -o belong together: which save, and the file to write it to.")
    if call.restore is not None:
        return _restore(stored, numbers, call.restore, Path(call.output))
    asked = {"person": call.person, "partner": call.partner, "field": call.field}
    told = sorted(_asked_for(entries(stored, copies_in(stored)), **asked), key=lambda entry: numbers[entry.state.id])
    for entry in told:
        for line in _lines(entry, numbers[entry.state.id]):
            say(line)
    say(f"{count_words(len(told), 'save')}.")
    return ExitCode.DONE


def _restore(stored: StoredFile, numbers: dict[str, int], wanted: int, output: Path) -> int:
    found = [state for state in stored.states if numbers[state.id] == wanted]
    if not found:
        raise UsageError(f"There is no save {wanted}; write a number from 1 to {len(numbers)}.")
    scenario = scenario_at(stored, found[0].id)
    done = f"restore the state of {moment_words(found[0])}"
    save(output, replace(stored, scenario=scenario), stored, done)
    say(f"Written: {output}")
    return ExitCode.DONE


def _asked_for(found: Iterable[Entry], *, person: str, partner: str, field: str) -> Iterator[Entry]:
    """The saves with something of what was asked for, and of them only that."""
    for entry in found:
        partners_of = partner_finder(entry.scenario or Scenario())
        is_theirs = person.casefold() in entry.state.record.person.casefold()
        changes = tuple(
            change
            for change in entry.changes
            if (is_theirs or person.casefold() in entry.people(change)[0].casefold())
            and field in ("", change.key.column)
            and (not partner or partner in partners_of(change))
        )
        if changes or (is_theirs and not (partner or field)):
            yield replace(entry, changes=changes)


def _lines(entry: Entry, number: int) -> Iterator[str]:
    record = entry.state.record
    who = record.person or "somebody"
    comment = f": {record.comment}" if record.comment else ""
    yield f"{number}  {moment_words(entry.state)}  {who}{comment}"
    if record.done:
        yield f"    {'; '.join(record.done)}"
    if entry.scenario is None or (record.merged and not record.parent):
        yield "    What it changed is not known."
    for change in entry.changes:
        writer, merger = entry.people(change)
        by = f" (by {writer or 'somebody'}, merged by {merger})" if merger else ""
        yield f"    {change_words(change)}{by}"
