"""One table from the field as a scenario: what kind it is, what was read, and what was found on the way."""

import dataclasses
import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.exchange.addition import key_of
from planner.exchange.field.columns import FieldColumns, find_columns
from planner.exchange.field.decided_names import ALL, told_names
from planner.exchange.field.names import Similar
from planner.exchange.field.needs import read_needs
from planner.exchange.field.presence import read_presence
from planner.exchange.field.reading import FieldReading
from planner.exchange.field.roles import Role, parse_mapping
from planner.exchange.field.table import FieldTable, read_table
from planner.exchange.findings import Finding, Outcome
from planner.problems import ConcordError, EnvironmentProblem
from planner.progress import Tell, part, to_nobody
from planner.scenario import TABLE_BY_NAME, Scenario, Settings

_MAPPING = "columns of"  # begins the name of the note in which a scenario remembers how a table was read

_READ = 0.5  # of the work is to read the rows
_KEPT = {
    "partners": ("name", "type", "local"),
    "regions": ("name",),
    "initiatives": ("name",),
    "activities": ("implementer",),
}


@dataclass(frozen=True, slots=True)
class FieldResult:
    """What a table says as a scenario, what was made of its columns, findings, similar names, and the proof."""

    file: str
    scenario: Scenario
    columns: str
    proof: tuple[str, ...]
    findings: tuple[Finding, ...]
    similar: tuple[Similar, ...]
    roles: Mapping[str, str] = field(default_factory=dict)  # what each part of an IATI file was taken for
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)  # what each of them may be taken for


def column_roles(
    path: str | os.PathLike[str], known: Scenario, mapping: Sequence[str] = (), tell: Tell = to_nobody
) -> Mapping[str, str]:
    """What each column of a table is taken for, by heading; empty for those that are not used.

    Raises ConcordError where the table cannot be read at all.
    """
    table, told = _table_and_mapping(Path(path), known, mapping, "", tell)
    columns = find_columns(table, told)
    roles = {heading.title: role.value for role, heading in columns.of.items()}
    roles |= {heading.title: Role.BREAKDOWN.value for heading in columns.breakdowns}
    return {heading.title: roles.get(heading.title, "") for heading in table.headings}


def read_field(
    path: str | os.PathLike[str],
    known: Scenario,
    *,
    mapping: Sequence[str] = (),
    joins: Collection[str] = (),
    apart: Collection[str] = (),
    sheet: str = "",
    tell: Tell = to_nobody,
) -> FieldResult:
    """The scenario of one table that goes into the scenario `known`.

    `mapping` puts columns right (`Organisation=partner`); `joins` makes one of two names (`ACF=Action contre la Faim`),
    `apart` says of similar ones that they are two, or `all` of all of them. Whatever is told is remembered in the
    scenario's notes. Raises ConcordError where the table cannot be read.
    """
    decided = told_names(known.settings.extra, joins, apart)
    table, told = _table_and_mapping(Path(path), known, mapping, sheet, part(tell, 0, _READ))
    columns = find_columns(table, told)
    work = FieldReading(columns, known, decided, part(tell, _READ, 1))
    work.currency = _currency(columns, known)
    if table.others:
        message = f"Only the sheet '{table.sheet}' was read. Further sheets are: {', '.join(table.others)}."
        work.findings.append(Finding(Outcome.WARNING, table.file, "", "", message))
    scenario, proof = (read_needs if _is_needs(columns) else read_presence)(work)
    if work.joined:
        proof.append(f"Names: {work.joined:,} cells count under another name, as was told now or earlier.")
    if ALL in apart:
        decided = decided.with_apart((pair.rare, pair.common) for pair in work.similar)
        work.similar.clear()
    settings = _settings(table, known, work.currency)
    notes = [*decided.notes(known.settings.extra)] if joins or apart else []
    if mapping:
        notes.append((_note_of(table), "; ".join(f"{heading} = {role}" for heading, role in sorted(told.items()))))
    if notes:
        settings = dataclasses.replace(settings, extra=tuple(sorted(notes)))
    scenario = dataclasses.replace(_keeping(known, scenario), settings=settings)
    return FieldResult(table.file, scenario, columns.told(), tuple(proof), tuple(work.findings), tuple(work.similar))


def _table_and_mapping(
    path: Path, known: Scenario, mapping: Sequence[str], sheet: str, tell: Tell = to_nobody
) -> tuple[FieldTable, Mapping[str, Role]]:
    """The table, and the roles of its columns that were told now or at an earlier time."""
    notes = [text for name, words in known.settings.extra if name.startswith(_MAPPING) for text in words.split("; ")]
    table = read_table(path, sheet, [text.rpartition("=")[0] for text in (*mapping, *notes)], tell)
    return table, _remembered(known, table) | dict(parse_mapping(mapping, [each.title for each in table.headings]))


def _is_needs(columns: FieldColumns) -> bool:
    """Whether a table is one of needs. Raises ConcordError for one that is neither of needs nor of who does what."""
    has = set(columns.of)
    has_place = bool(has & {Role.REGION, Role.REGION_CODE})
    if Role.IN_NEED in has and has_place and Role.PARTNER not in has:
        return True
    if has_place and has & {Role.SECTOR, Role.PROJECT} and has & {Role.PARTNER, Role.SHORT_NAME}:
        return False
    lacking = [
        words
        for words, is_there in (
            ("region", has_place),
            ("partner", bool(has & {Role.PARTNER, Role.SHORT_NAME})),
            ("sector or project", bool(has & {Role.SECTOR, Role.PROJECT})),
        )
        if not is_there
    ]
    headings = ", ".join(f"'{heading.title}'" for heading in columns.table.headings[:12])
    raise EnvironmentProblem(
        f"{columns.table.file} is not a table that can be read: no column was found for {', '.join(lacking)} (nor for "
        f"people in need). Its columns are {headings}; say what they are with --map, such as --map 'NAME=region'."
    )


def _keeping(known: Scenario, scenario: Scenario) -> Scenario:
    """The scenario with what people have written of its partners, places and activities since an earlier import."""
    tables: dict[str, Any] = {}
    for name, columns in _KEPT.items():
        table = TABLE_BY_NAME[name]
        mine = {key_of(table, row): row for row in known.rows(table)}
        tables[name] = tuple(_kept(mine.get(key_of(table, row)), row, columns) for row in scenario.rows(table))
    return dataclasses.replace(scenario, **tables)


def _kept(mine: Any, row: Any, columns: Sequence[str]) -> Any:
    if mine is None:
        return row
    written = {name: getattr(mine, name) for name in columns if getattr(mine, name) not in ("", None)}
    return dataclasses.replace(row, **written)


def mapping_note(title: str) -> str:
    """The name of the note in which a scenario remembers how a table, or a file, of this title was read."""
    return f"{_MAPPING} {title}"[:100]


def _note_of(table: FieldTable) -> str:
    return mapping_note(table.sheet or Path(table.file).stem)


def _remembered(known: Scenario, table: FieldTable) -> dict[str, Role]:
    """How the scenario says that a table of this name was read the last time, as far as its columns are still there."""
    words = dict(known.settings.extra).get(_note_of(table), "")
    titles = [heading.title for heading in table.headings]
    found: dict[str, Role] = {}
    for text in filter(None, words.split("; ")):
        try:
            found.update(parse_mapping([text], titles))
        except ConcordError:  # another table of the same name
            continue
    return found


def _currency(columns: FieldColumns, known: Scenario) -> str:
    """Currency of the budgets: the scenario's, or of a new scenario the one that most rows name."""
    if known.requirements or known.pledges:
        return known.settings.currency
    named = Counter(
        str(value).upper() for row in columns.table.rows if (value := columns.raw(row, Role.CURRENCY)) is not None
    )
    return named.most_common(1)[0][0] if named else known.settings.currency


def _settings(table: FieldTable, known: Scenario, currency: str) -> Settings:
    """Of a new scenario: one year, a title, where it came from. A known scenario keeps its own."""
    if any(rows for _, rows in known.tables()) or known.settings.title:
        return known.settings
    source = f"{Path(table.file).name}, sheet {table.sheet}" if table.sheet else Path(table.file).name
    title = table.sheet or Path(table.file).stem
    return Settings(title=title, currency=currency, period="year", note=f"Source: {source}.")
