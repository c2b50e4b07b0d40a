"""Codes across tables: each key once, every reference to something that exists, and the field's own code lists."""

import re
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from planner.problems import Problem
from planner.rulebook import RULES
from planner.scenario import TABLE_BY_NAME, Rule, Scenario, Table
from planner.validate.findings import NearCodes, both_rows, error, quoted, warning
from planner.validate.readable import rows_of
from resources.codelists import code_list
from resources.columns import Column, Kind

_LISTS = {  # code list -> what one of its codes is, and the form of further codes that are valid too
    "organisation_types": ("organisation type", ""),
    "dac_purposes": ("DAC purpose code", r"\d{5}"),  # the list holds those for peace and what goes with them
    "currencies": ("currency", ""),
    "countries": ("country", r"A{2}[A-Z]|Q[M-Z][A-Z]|X[A-Z]{2}|Z{2}[A-Z]"),  # left to users by ISO 3166
}


def check_duplicates(scenario: Scenario) -> Iterator[Problem]:
    """No two rows of a table have the same key."""
    for table, rows in rows_of(scenario):
        columns = table.key_columns
        if not columns or table.name == "rules":
            continue
        keys = list(zip(*(map(attrgetter(column.name), rows) for column in columns), strict=True))
        if len(set(keys)) < len(keys):
            yield from _duplicates(table, columns, keys)


def check_duplicate_rules(scenario: Scenario) -> Iterator[Problem]:
    """No rule stands twice with the same scope, however the scope is written."""
    table = TABLE_BY_NAME["rules"]
    keys = [(row.rule.strip(), _plain_scope(row)) for row in scenario.rules]
    if len(set(keys)) < len(keys):
        yield from _duplicates(table, table.key_columns, keys)


def check_references(scenario: Scenario) -> Iterator[Problem]:
    """Every code that names something names something that exists."""
    for table, rows in rows_of(scenario):
        for column in table.columns:
            if column.refers_to and rows:
                codes = [row.code for row in getattr(scenario, column.refers_to)]
                values = list(map(attrgetter(column.name), rows))
                known = set(codes)
                if not _is_explained_by_doubles(column, values, known, doubles=len(codes) - len(known)):
                    yield from _unknown_references(table, column, values, known)


def check_code_lists(scenario: Scenario) -> Iterator[Problem]:
    """Types, purposes, currencies and countries are those of the field's lists; others are kept, with a warning."""
    for table, rows in rows_of(scenario):
        for column in table.columns:
            if column.suggestions not in _LISTS or not rows:
                continue
            values = list(map(attrgetter(column.name), rows))
            known = code_list(column.suggestions).keys()
            what, own_form = _LISTS[column.suggestions]
            unknown = {code for code in set(values) - known if code and not re.fullmatch(own_form, code)}
            near = NearCodes(known)
            for index, code in enumerate(values if unknown else ()):
                if code in unknown:
                    hint = near.hint(code, "Check it, or leave it if it is your own.")
                    message = f"{quoted(code)} is no {what} that Concord knows. {hint}"
                    yield warning("unknown_code", table.sheet, index, column.name, message)


def _duplicates(table: Table, columns: tuple[Column, ...], keys: Sequence[tuple[object, ...]]) -> Iterator[Problem]:
    first: dict[tuple[object, ...], int] = {}
    required = [position for position, column in enumerate(columns) if column.is_required]
    for index, key in enumerate(keys):
        earlier = first.setdefault(key, index)
        if earlier == index or any(key[position] == "" for position in required):
            continue
        what = " and ".join(f"{column.name} {quoted(_shown(part))}" for column, part in zip(columns, key, strict=True))
        message = (
            f"{what[0].upper()}{what[1:]} stand{'s' * (len(columns) == 1)} in "
            f"{both_rows(table.sheet, earlier, index)}; {_step(columns)}."
        )
        yield error("duplicate", table.sheet, index, columns[0].name, message)


def _step(columns: tuple[Column, ...]) -> str:
    return "give one of them another code" if columns[0].name == "code" else "keep one of the two rows"


def _shown(part: object) -> object:
    return part if isinstance(part, str) else str(part)


def _plain_scope(row: Rule) -> str:
    kind, colon, code = (part.strip() for part in row.scope.partition(":"))
    if colon:
        return f"{kind.lower()}:{code}"
    rule = RULES.get(row.rule.strip())
    return f"{rule.scope_kinds[0]}:{kind}" if kind and rule and len(rule.scope_kinds) == 1 else kind


def _is_explained_by_doubles(column: Column, values: list[Any], known: set[str], *, doubles: int) -> bool:
    """Whether as many codes stand twice as are unknown: one typed over another, which is told where it stands."""
    if not doubles:
        return False
    named = {code for value in values for code in (value if column.kind is Kind.CODES else (value,))}
    return len(named - known - {""}) <= doubles


def _unknown_references(table: Table, column: Column, values: list[Any], known: set[str]) -> Iterator[Problem]:
    is_list = column.kind is Kind.CODES
    if not is_list and set(values) <= known | {""}:
        return
    one = column.refers_to.removesuffix("s")
    sheet = TABLE_BY_NAME[column.refers_to].sheet
    near = NearCodes(known)
    hints: dict[str, str] = {}
    for index, value in enumerate(values):
        for code in value if is_list else (value,):
            if code and code not in known:
                if code not in hints:
                    parts = {part.strip() for part in code.split(",")} if is_list else set()
                    hints[code] = (
                        "Write semicolons between codes, not commas."
                        if len(parts) > 1 and parts <= known
                        else near.hint(code, f"Write a code of the sheet {sheet}, or add it there.")
                    )
                message = f"There is no {one} {quoted(code)}. {hints[code]}"
                yield error("unknown_reference", table.sheet, index, column.name, message)
