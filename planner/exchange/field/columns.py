"""Which column of a table says what: from what was told by hand, tags, headings, and codes among the values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.exchange.field.roles import Role, role_of, role_of_tag
from planner.exchange.field.table import FieldTable, Heading, TableRow
from planner.exchange.workbook.sheet_row import CellFault

_PCODE = re.compile(r"[A-Z]{2,3}[0-9]{2,10}")
_MOSTLY = 0.9  # share of the values that must look like codes
_NOTHING = frozenset({"", "-", "–", "—", "n/a", "na", "null", "<null>", "none", "nan", "."})
_SEVERAL = (Role.BREAKDOWN, Role.SKIP)  # every column may have these; the others have one column each


@dataclass(frozen=True, slots=True)
class FieldColumns:
    """The table's column of each role; `breakdowns` are the columns that split a total."""

    table: FieldTable
    of: Mapping[Role, Heading]
    breakdowns: tuple[Heading, ...]

    def raw(self, row: TableRow, role: Role) -> Any:
        """The value of a role as it stands; None where the table has no such column, or nothing in it."""
        heading = self.of.get(role)
        value = row.cells.get(heading.number) if heading is not None else None
        return None if is_nothing(value) else value

    def address(self, row: TableRow, role: Role) -> str:
        """Where that value stands."""
        heading = self.of.get(role)
        return self.table.address(row.number, heading.number if heading is not None else None)

    def told(self) -> str:
        """What was made of the columns, as people write it after --map."""
        return "; ".join(f"{heading.title} = {role}" for role, heading in self.of.items())


def is_nothing(value: Any) -> bool:
    """Whether a cell says nothing: empty, a dash, n/a."""
    return value is None or (
        isinstance(value, str) and not isinstance(value, CellFault) and value.strip().lower() in _NOTHING
    )


def find_columns(table: FieldTable, told: Mapping[str, Role]) -> FieldColumns:
    """The column of each role: `told` (by heading) goes before tags, tags before headings, headings before values."""
    of: dict[Role, Heading] = {}
    breakdowns: list[Heading] = []
    left: list[Heading] = []
    guesses: list[tuple[int, int, Heading, Role]] = []
    for heading in table.headings:
        by_tag = role_of_tag(heading.tag) if heading.tag else None
        by_name, level = role_of(heading.title)
        if heading.title in told:
            guesses.append((0, 0, heading, told[heading.title]))
        elif by_tag is not None:
            guesses.append((1, 0, heading, by_tag))
        elif by_name is not None:
            guesses.append((2, level, heading, by_name))
        else:
            left.append(heading)
    for _, _, heading, role in sorted(guesses, key=lambda guess: (guess[0], guess[1], guess[2].number)):
        if role is Role.BREAKDOWN:
            breakdowns.append(heading)
        elif role not in _SEVERAL:
            of.setdefault(role, heading)
    if Role.REGION_CODE not in of and (coded := _column_of_codes(table, left, of.get(Role.REGION))) is not None:
        of[Role.REGION_CODE] = coded
    if (code := of.get(Role.REGION_CODE)) is not None and not _is_one_to_one(table, code, of.get(Role.REGION)):
        _drop_finer(of, told)
    return FieldColumns(table, of, tuple(breakdowns))


def _drop_finer(of: dict[Role, Heading], told: Mapping[str, Role]) -> None:
    """Names and codes of different levels (a region, its district's code): what was told stays, else the names."""
    name, code = of.get(Role.REGION), of[Role.REGION_CODE]
    if name is not None and code.title in told and name.title not in told:
        del of[Role.REGION]
    elif name is not None and (code.title not in told or name.title in told):
        del of[Role.REGION_CODE]


def _column_of_codes(table: FieldTable, left: list[Heading], name: Heading | None) -> Heading | None:
    """A column without a role whose values are codes of places, one for each name of a region."""
    for heading in left:
        values = [row.cells[heading.number] for row in table.rows if heading.number in row.cells]
        codes = [value for value in values if isinstance(value, str) and _PCODE.fullmatch(value)]
        if values and len(codes) >= _MOSTLY * len(values) and name is not None and _is_one_to_one(table, heading, name):
            return heading
    return None


def _is_one_to_one(table: FieldTable, code: Heading, name: Heading | None) -> bool:
    """Whether there are about as many codes as names: both then stand for the same places."""
    if name is None:
        return True
    pairs = {
        (row.cells[code.number], row.cells[name.number])
        for row in table.rows
        if code.number in row.cells and name.number in row.cells
    }
    codes, names = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    return len(codes) <= 1.5 * len(names) + 1 and len(names) <= 1.5 * len(codes) + 1
