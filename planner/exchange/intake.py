"""Files that come back or in, read together against a scenario: what each would change, before anything changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planner.exchange.addition import add_scenario
from planner.exchange.findings import Finding
from planner.exchange.row_changes import RowChange
from planner.files import size_of
from planner.problems import ConcordError
from planner.progress import Cancelled, Tell, part, parts, to_nobody
from planner.scenario import Scenario

_COLUMNS = 0.4  # of the work is to find out what the columns of a table are


@dataclass(frozen=True, slots=True)
class Intake:
    """The scenario with all of it, what is told of the files as a whole, the changes row by row, and what is wrong.

    `columns` says of a table what each of its columns was taken for, by heading; `similar` are pairs of names that may
    be one, each as what to write to join them and as what to show; `words` are what each column may
    be taken for, where that is not what those of tables may be.
    """

    scenario: Scenario
    facts: tuple[str, ...]
    rows: tuple[RowChange, ...]
    findings: tuple[Finding, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    similar: tuple[tuple[str, str], ...] = ()
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)


def refuse_problem_list(path: Path) -> None:
    """Raise ConcordError for a workbook of problems that was written here, which only says what to correct."""
    from planner.exchange.marked_copy import is_problem_list

    if is_problem_list(path):
        raise ConcordError(f"{path} is a list of problems; correct them in the original file and import that one.")


def read_returned(scenario: Scenario, paths: Sequence[Path], tell: Tell = to_nobody) -> Intake:
    """What partners and the board filled in. Raises ConcordError where a file is neither of the two."""
    from planner.exchange.contribution import changes_of, is_contribution, read_contribution
    from planner.exchange.decisions import decisions_of, is_decision_record

    of_partners = [path for path in paths if is_contribution(path)]
    of_board = [path for path in paths if path not in of_partners and is_decision_record(path)]
    others = [path for path in paths if path not in (*of_partners, *of_board)]
    for path in paths:
        refuse_problem_list(path)
    if others:
        raise ConcordError(
            f"{others[0].name} is neither a partner's workbook nor a plan workbook with a decision record; "
            "choose files that were exported from here and filled in."
        )
    *of_files, of_changes = parts(tell, [*map(size_of, (*of_partners, *of_board)), sum(map(size_of, of_partners)) / 4])
    contributions = [
        read_contribution(path, scenario.settings, each) for path, each in zip(of_partners, of_files, strict=False)
    ]
    changes = [changes_of(scenario, contributions, of_changes)]
    for path, each in zip(of_board, of_files[len(of_partners) :], strict=True):
        changes.append(decisions_of(changes[-1].scenario, path, each))
    names = {row.code: row.name or row.code for row in scenario.partners}
    whose = [f"{Path(each.file).name}: {names.get(each.partner, each.partner)}" for each in contributions]
    whose += [f"{path.name}: the board's decisions" for path in of_board]
    return Intake(
        changes[-1].scenario,
        tuple(whose),
        tuple(row for each in changes for row in each.rows),
        tuple(finding for each in changes for finding in each.findings),
    )


def read_field_table(
    scenario: Scenario,
    path: Path,
    mapping: Sequence[str] = (),
    joins: Sequence[str] = (),
    apart: Sequence[str] = (),
    tell: Tell = to_nobody,
) -> Intake:
    """Who does what where, or people in need; `mapping` says what columns are, such as `Organisation=partner`, `joins`
    which names are one, and `apart` which are not.

    A table of which the columns say too little changes nothing, and says what is lacking. Raises ConcordError where
    no table can be read.
    """
    from planner.exchange.field import column_roles, read_field
    from planner.exchange.iati import is_iati, read_iati

    refuse_problem_list(path)
    has_columns = not is_iati(path)
    roles = column_roles(path, scenario, mapping, part(tell, 0, _COLUMNS)) if has_columns else {}
    try:
        if has_columns:
            result = read_field(path, scenario, mapping=mapping, joins=joins, apart=apart, tell=part(tell, _COLUMNS, 1))
        else:
            result = read_iati(path, scenario, mapping=mapping, joins=joins, apart=apart, tell=tell)
            roles = result.roles
    except Cancelled:
        raise
    except ConcordError as error:
        return Intake(scenario, (str(error),), (), (), roles)
    after, counts = add_scenario(scenario, result.scenario)
    facts = [*result.proof, *(f"{sheet}: {count}" for sheet, count in counts.items())]
    similar = tuple((f"{pair.rare}={pair.common}", str(pair)) for pair in result.similar if "=" not in pair.rare)
    return Intake(after, (f"{path.name}:", *facts), (), result.findings, roles, similar, result.words)
