"""What people do to a scenario, one function per verb: each takes a scenario and returns a new one.

Values are those that `planner.cells.read_cell` returns. Rows that an edit does not touch stay the same objects, so that
one edit among 100,000 rows costs milliseconds. What is impossible raises ConcordError with one sentence.
"""

import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from itertools import compress, count
from operator import attrgetter
from typing import Any

from planner.cells import LARGEST_WHOLE, LONGEST_CODE, fallback, parse_code
from planner.problems import ConcordError, Place
from planner.rulebook import RULES
from planner.scenario import TABLE_BY_NAME, TABLES, Rule, Scenario, Settings, Table
from resources.columns import Column, Kind, columns_of, new_id

CODE_PREFIXES = {"partners": "P", "regions": "R", "initiatives": "I", "resources": "RES", "pledges": "PL"}
_SCOPE_KINDS = {"regions": "region", "initiatives": "initiative", "resources": "resource", "partners": "partner"}
_WANTED = {
    Kind.TEXT: "text",
    Kind.CODE: "a code",
    Kind.CODES: "a list of codes",
    Kind.NUMBER: "a number",
    Kind.WHOLE: "a whole number",
    Kind.SHARE: "a share from 0 to 1",
    Kind.YES_NO: "yes or no",
    Kind.PERIOD: "the number of a period",
    Kind.DATE: "a date",
    Kind.CHOICE: "one of its choices",
}


def set_setting(scenario: Scenario, key: str, value: Any) -> Scenario:
    """Change one of the scenario's own figures."""
    column = _column(columns_of(Settings), "Scenario", key)
    return replace(scenario, settings=replace(scenario.settings, **{key: _fitting("Scenario", column, value)}))


def set_cell(scenario: Scenario, table_name: str, row: int, column: str, value: Any) -> Scenario:
    """Change one cell. A code changed this way is changed here alone; `rename_code` changes it everywhere."""
    table = TABLE_BY_NAME[table_name]
    rows = scenario.rows(table)
    _check_indexes(table, rows, (row,))
    described = _column(table.columns, table.sheet, column)
    changed = replace(rows[row], **{column: _fitting(table.sheet, described, value)})
    return _with_rows(scenario, table, (*rows[:row], changed, *rows[row + 1 :]))


def set_cells(
    scenario: Scenario, table_name: str, first_row: int, columns: Sequence[str], block: Sequence[Sequence[Any]]
) -> Scenario:
    """Change a block of cells, as a paste does: `block[i][j]` goes to row `first_row + i`, column `columns[j]`.

    Rows beyond the last one are added.
    """
    table = TABLE_BY_NAME[table_name]
    count = len(scenario.rows(table))
    if not 0 <= first_row <= count:
        raise ConcordError(f"{table.sheet} has no row {first_row + 1}; paste into or right below its {count} rows.")
    values = {first_row + step: dict(zip(columns, cells, strict=True)) for step, cells in enumerate(block)}
    return set_values(scenario, table_name, values)


def set_values(scenario: Scenario, table_name: str, values: Mapping[int, Mapping[str, Any]]) -> Scenario:
    """Change cells anywhere in a table at once, by row and column; rows beyond the last one are added."""
    table = TABLE_BY_NAME[table_name]
    described = {
        name: _column(table.columns, table.sheet, name)
        for name in {name for cells in values.values() for name in cells}
    }
    rows = list(scenario.rows(table))
    rows += _blank_rows(table, rows, max(0, max(values, default=-1) + 1 - len(rows)))
    _check_indexes(table, rows, values)
    setters = {field.name: getattr(table.row_class, field.name).__set__ for field in fields(table.row_class)}
    held = attrgetter(*setters)
    fitted: dict[tuple[str, int], Any] = {}  # by column and identity: blocks say the same thing many times
    for index, cells in values.items():
        # As `replace` does, which asks for every field whether it may be set: that takes three times as long.
        changed = object.__new__(table.row_class)
        for put, value in zip(setters.values(), held(rows[index]), strict=True):
            put(changed, value)
        for name, value in cells.items():
            if (name, id(value)) not in fitted:
                fitted[name, id(value)] = _fitting(table.sheet, described[name], value)
            setters[name](changed, fitted[name, id(value)])
        rows[index] = changed
    return _with_rows(scenario, table, rows)


def add_row(scenario: Scenario, table_name: str, **values: Any) -> Scenario:
    """Add a row at the end, with a fresh code where the table has codes and these values of its columns."""
    table = TABLE_BY_NAME[table_name]
    rows = scenario.rows(table)
    fitting = {
        name: _fitting(table.sheet, _column(table.columns, table.sheet, name), value) for name, value in values.items()
    }
    (blank,) = _blank_rows(table, rows, 1)
    return _with_rows(scenario, table, (*rows, replace(blank, **fitting)))


def insert_blank_rows(scenario: Scenario, table_name: str, before: int, number: int = 1) -> Scenario:
    """Insert empty rows before a row, or at the end where `before` is the number of rows."""
    table = TABLE_BY_NAME[table_name]
    return insert_rows(scenario, table_name, before, _blank_rows(table, scenario.rows(table), number))


def insert_rows(scenario: Scenario, table_name: str, before: int, new: Sequence[Any]) -> Scenario:
    """Insert rows before a row, or at the end where `before` is the number of rows; ids in use are made new."""
    table = TABLE_BY_NAME[table_name]
    rows = scenario.rows(table)
    if not 0 <= before <= len(rows):
        raise ConcordError(f"{table.sheet} has no row {before + 1}; it has {len(rows)} rows.")
    return _with_rows(scenario, table, (*rows[:before], *_with_own_ids(new, rows), *rows[before:]))


def delete_rows(scenario: Scenario, table_name: str, indexes: Collection[int]) -> Scenario:
    """Delete rows, and nothing else: rows that refer to them stay (see `references_to`) and the checks name them."""
    table = TABLE_BY_NAME[table_name]
    rows = scenario.rows(table)
    stays = bytearray(b"\1") * len(rows)
    for index in _check_indexes(table, rows, indexes):
        stays[index] = 0
    return _with_rows(scenario, table, compress(rows, stays))


def duplicate_rows(scenario: Scenario, table_name: str, indexes: Collection[int]) -> Scenario:
    """Copy rows to right below the last of them; copies get codes of their own."""
    table = TABLE_BY_NAME[table_name]
    rows = scenario.rows(table)
    chosen = sorted(_check_indexes(table, rows, indexes))
    copies = [replace(rows[index], id=new_id()) for index in chosen]
    if table_name in CODE_PREFIXES:
        taken = {row.code for row in rows}
        copies = [replace(copy, code=_next_code(copy.code or CODE_PREFIXES[table_name], taken)) for copy in copies]
    below = chosen[-1] + 1 if chosen else 0
    return _with_rows(scenario, table, (*rows[:below], *copies, *rows[below:]))


def move_rows(scenario: Scenario, table_name: str, indexes: Collection[int], before: int) -> Scenario:
    """Move rows to before a row of the order as it is, or to the end where `before` is the number of rows."""
    table = TABLE_BY_NAME[table_name]
    rows = scenario.rows(table)
    moved = _check_indexes(table, rows, indexes)
    if not 0 <= before <= len(rows):
        raise ConcordError(f"{table.sheet} has no row {before + 1}; it has {len(rows)} rows.")
    above = [row for index, row in enumerate(rows[:before]) if index not in moved]
    below = [row for index, row in enumerate(rows[before:], before) if index not in moved]
    return _with_rows(scenario, table, (*above, *(rows[index] for index in sorted(moved)), *below))


def rank_objectives(scenario: Scenario, indexes: Sequence[int]) -> Scenario:
    """Put the objectives into this order, which names each of them once, and number them from 1."""
    table, rows = TABLE_BY_NAME["objectives"], scenario.objectives
    if sorted(indexes) != list(range(len(rows))):
        raise ConcordError(f"An order of the {len(rows)} objectives names each of them once.")
    ranked = ((rows[index], order) for order, index in enumerate(indexes, start=1))
    return _with_rows(
        scenario, table, (row if row.order == order else replace(row, order=order) for row, order in ranked)
    )


def rename_code(scenario: Scenario, table_name: str, old: str, new: str) -> Scenario:
    """Give a partner, region, initiative, resource or pledge another code, here and wherever it is referred to."""
    table = TABLE_BY_NAME[table_name]
    code = parse_code(new)
    codes = [row.code for row in scenario.rows(table)]
    if code == old:
        return scenario
    if codes.count(old) != 1:
        raise ConcordError(
            f"{table.sheet} has no code '{old}' to rename."
            if old not in codes
            else f"{table.sheet} has the code '{old}' more than once; change it in the row itself."
        )
    if code in codes:
        raise ConcordError(f"{table.sheet} already has the code '{code}'; choose another one.")
    renamed = _replaced(scenario, table, (codes.index(old),), lambda row: replace(row, code=code))
    return rename_references(renamed, table_name, {old: code})


def rename_references(scenario: Scenario, table_name: str, codes: Mapping[str, str]) -> Scenario:
    """Write other codes of a table wherever the old ones are referred to, all at once: two may change places.

    The table itself stays as it is.
    """
    renamed = scenario
    for referring, column in _referring_columns(table_name):
        places = _rows_with(scenario.rows(referring), column, codes.keys())
        renamed = _replaced(renamed, referring, places, _renaming(column, codes))
    for index in _rules_with(scenario.rules, table_name, codes.keys()):
        prefix, colon, code = scenario.rules[index].scope.rpartition(":")
        renamed = set_cell(renamed, "rules", index, "scope", f"{prefix}{colon}{codes[code.strip()]}")
    return renamed


def references_to(scenario: Scenario, table_name: str, codes: Collection[str]) -> tuple[Place, ...]:
    """The cells that refer to these codes of a table: what a deletion would leave without a partner, region ..."""
    wanted = frozenset(codes)
    found = [
        Place(table.sheet, row, column.name)
        for table, column in _referring_columns(table_name)
        for row in _rows_with(scenario.rows(table), column, wanted)
    ]
    found += [Place("Rules", row, "scope") for row in _rules_with(scenario.rules, table_name, wanted)]
    return tuple(found)


def propose_code(scenario: Scenario, table_name: str) -> str:
    """A fresh code for a new row: the last row's code counted on (PL-009: PL-010)."""
    table = TABLE_BY_NAME[table_name]
    return next(_fresh_codes(table, scenario.rows(table)))


def _with_rows(scenario: Scenario, table: Table, rows: Iterable[Any]) -> Scenario:
    tables: dict[str, Any] = {table.name: tuple(rows)}
    return replace(scenario, **tables)


def _column(columns: Sequence[Column], sheet: str, name: str) -> Column:
    for column in columns:
        if column.name == name:
            return column
    raise ConcordError(f"{sheet} has no column '{name}'; its columns are {', '.join(c.name for c in columns)}.")


def _check_indexes(table: Table, rows: Sequence[Any], indexes: Collection[int]) -> frozenset[int]:
    for index in indexes:
        if not 0 <= index < len(rows):
            raise ConcordError(f"{table.sheet} has no row {index + 1}; it has {len(rows)} rows.")
    return frozenset(indexes)


def _fitting(sheet: str, column: Column, value: Any) -> Any:
    """The value as the column keeps it. Raises ConcordError for a value of another type."""
    if value is None:
        if column.is_optional:
            return None
        raise ConcordError(f"{sheet}: {column.name} may not be empty; write {_WANTED[column.kind]}.")
    if not _FITS.get(column.kind, _is_text)(value):
        raise ConcordError(f"{sheet}: {column.name} cannot hold {ascii(value)[:60]}; write {_WANTED[column.kind]}.")
    return float(value) if column.kind in (Kind.NUMBER, Kind.SHARE) else value


def _is_text(value: object) -> bool:
    """Whether this is text that can be saved: halves of characters, as broken programs paste them, cannot."""
    return isinstance(value, str) and (value.isascii() or re.search("[\ud800-\udfff]", value) is None)


def _is_finite_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) <= sys.float_info.max


def _is_whole_number(value: object) -> bool:
    return type(value) is int and abs(value) <= LARGEST_WHOLE


_FITS: dict[Kind, Callable[[Any], bool]] = {  # the others are text
    Kind.NUMBER: _is_finite_number,
    Kind.SHARE: _is_finite_number,
    Kind.WHOLE: _is_whole_number,
    Kind.PERIOD: _is_whole_number,
    Kind.YES_NO: lambda value: type(value) is bool,
    Kind.DATE: lambda value: type(value) is date,
    Kind.CODES: lambda value: type(value) is tuple and all(map(_is_text, value)),
}


def _blank_rows(table: Table, rows: Sequence[Any], number: int) -> list[Any]:
    """New rows of defaults; fresh codes where the table has codes, the next order for objectives."""
    required = {column.name: fallback(column) for column in table.columns if column.is_required}
    if table.name in CODE_PREFIXES:
        codes = _fresh_codes(table, rows)
        return [table.row_class(**required | {"code": next(codes)}) for _ in range(number)]
    if table.name == "objectives":
        first = max((row.order for row in rows), default=0) + 1
        return [table.row_class(**required | {"order": first + step}) for step in range(number)]
    return [table.row_class(**required) for _ in range(number)]


def _with_own_ids(new: Sequence[Any], rows: Sequence[Any]) -> list[Any]:
    taken = {row.id for row in rows}
    own = []
    for row in new:
        own.append(replace(row, id=new_id()) if row.id in taken else row)
        taken.add(own[-1].id)
    return own


def _fresh_codes(table: Table, rows: Sequence[Any]) -> Iterator[str]:
    """Codes that no row has yet, counting on from the last row's."""
    taken = {row.code for row in rows}
    last = rows[-1].code if rows else ""
    code = last if re.search(r"[0-9]$", last) else f"{CODE_PREFIXES[table.name]}0"
    while True:
        code = _next_code(code, taken)
        yield code


def _next_code(code: str, taken: set[str]) -> str:
    """The first free code counted on from `code` (KIT: KIT-2, A09: A10), which is then taken."""
    match = re.search(r"[0-9]{1,15}$", code)
    stem, digits = (code[: match.start()], match.group()) if match else (f"{code}-", "1")
    for number in count(int(digits) + 1):
        text = str(number).zfill(len(digits))
        fresh = stem[: LONGEST_CODE - len(text)] + text
        if fresh not in taken:
            taken.add(fresh)
            return fresh
    raise AssertionError("counting does not end")


def _referring_columns(table_name: str) -> Iterator[tuple[Table, Column]]:
    for table in TABLES:
        for column in table.columns:
            if column.refers_to == table_name:
                yield table, column


def _rows_with(rows: Sequence[Any], column: Column, codes: Collection[str]) -> list[int]:
    """Indexes of the rows whose cell names one of these codes."""
    cells = map(attrgetter(column.name), rows)
    if column.kind is Kind.CODES:
        return [index for index, cell in enumerate(cells) if cell and not codes.isdisjoint(cell)]  # type: ignore
    return [index for index, cell in enumerate(cells) if cell in codes]


def _rules_with(rules: Sequence[Rule], table_name: str, codes: Collection[str]) -> list[int]:
    """Indexes of the rules whose scope names one of these codes, as kind:code or bare where the rule has one kind."""
    kind = _SCOPE_KINDS.get(table_name)
    found = []
    for index, rule in enumerate(rules):
        prefix, colon, code = rule.scope.rpartition(":")
        known = RULES.get(rule.rule.strip())
        is_kind = prefix.strip().lower() == kind if colon else known is not None and known.scope_kinds == (kind,)
        if is_kind and code.strip() in codes:
            found.append(index)
    return found


def _renaming(column: Column, codes: Mapping[str, str]) -> Callable[[Any], Any]:
    """A function that puts new codes into a row's cell."""
    if column.kind is Kind.CODES:
        return lambda row: replace(
            row, **{column.name: tuple(codes.get(code, code) for code in getattr(row, column.name))}
        )
    return lambda row: replace(row, **{column.name: codes[getattr(row, column.name)]})


def _replaced(scenario: Scenario, table: Table, indexes: Collection[int], change: Callable[[Any], Any]) -> Scenario:
    if not indexes:
        return scenario
    rows = list(scenario.rows(table))
    for index in indexes:
        rows[index] = change(rows[index])
    return _with_rows(scenario, table, rows)
