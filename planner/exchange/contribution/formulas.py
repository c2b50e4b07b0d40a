"""The formulas of a contribution workbook: what was read of each cell, and whether the import takes the row.

A sheet of rows has a hidden one that holds, at the same places, what is read of each cell. `at` names the cell of each
column in the formula's own row, `written` the hidden one with its text, and `read` the hidden one with its value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.cells import LONGEST_CODE
from planner.exchange.contribution import expressions
from planner.exchange.contribution.codes import Codes
from planner.exchange.contribution.expressions import TOO_LARGE, TWO_READINGS, UNKNOWN, UNREADABLE
from planner.exchange.contribution.layout import (
    CHECK,
    FIRST_ROW,
    LISTS,
    REFUSALS,
    STATUS,
    Answer,
    RowSheet,
    names_nothing,
)
from resources.columns import Column, Kind
from resources.offers import Pledge, Veto

Cells = Mapping[str, str]
Case = tuple[str, str]  # a condition, and what is told where it holds: words in quotes, or an expression

OWN_CODE = "$A$1"  # the cell of a hidden sheet with the partner's code
OK_WORD = "OK"
OK, CHOOSE = f'"{OK_WORD}"', '"Choose a status"'
_WHAT_TO_DO = {
    Kind.NUMBER: "write a number from 0",
    Kind.SHARE: "write 0 % to 100 %",
    Kind.PERIOD: "choose a period of the plan",
    Kind.CHOICE: "choose one of the list",
    Kind.TEXT: "it holds an error",
}


@dataclass(frozen=True, slots=True)
class RowFormulas:
    """Writes the formulas of one row. `last` is the number of the sheet's last row, `sent` what the plan had in this
    row when the workbook was made, and `agreed` the resource of which it stands in the plan agreed last.

    The hidden sheet has `agreed` at the place of the check, where there is one.
    """

    sheet: RowSheet
    codes: Codes
    at: Cells
    written: Cells
    read: Cells
    row: int
    last: int
    sent: Pledge | Veto | None = None
    agreed: str | None = None

    def texts(self) -> Cells:
        """For each column that is filled in, the text of its cell."""
        return {name: expressions.text_of(self.at[name]) for name in (STATUS, *self._names)}

    def values(self) -> Cells:
        """For each column that is filled in, what is read of its cell."""
        answer = expressions.word(self.at[STATUS], self.written[STATUS], Answer)
        return {STATUS: answer, **{name: self._value(name, self.sheet.column(name)) for name in self._names}}

    @property
    def _own_rate(self) -> float | None:
        return self.sent.rate if isinstance(self.sent, Pledge) else None

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.sheet.fields)

    def _value(self, name: str, column: Column) -> str:
        cell, written = self.at[name], self.written[name]
        codes = self.codes.lists.get(LISTS.get(name, ""))
        if name == "currency" and self._own_rate is not None:
            codes = None  # it needs no rate of the list
        match column.kind:
            case Kind.PERIOD:
                return expressions.period(cell, written, self.codes.lists["periods"])
            case Kind.CODE:
                return expressions.listed_code(cell, written, codes) if codes else expressions.free_code(cell, written)
            case Kind.CODES if codes:
                return expressions.listed_codes(cell, written, codes)
            case Kind.CODES:
                return expressions.free_codes(cell, written)
            case Kind.NUMBER:
                return expressions.amount(cell, written)
            case Kind.SHARE:
                return expressions.share(cell, written)
            case Kind.CHOICE:
                return expressions.word(cell, written, column.choices)
        return expressions.text(written)

    def pledge_check(self) -> str:
        """Whether the import takes the row of a pledge, or why not."""
        read = self.read
        right, wrong = (Answer.UPDATE, Answer.NEW) if self.sent is not None else (Answer.NEW, Answer.UPDATE)
        deleted = '"Agreed: set the quantity to 0"' if self.agreed is not None else OK
        first = f'IF({read["from_period"]}="",1,{read["from_period"]})'
        cases: list[Case] = [
            (self._is_answer(wrong), f'"Choose {right} in this row"'),
            (f'{read["resource"]}=""', '"Resource is missing"'),
            (f'{read["quantity"]}=""', '"Quantity is missing"'),
            *self._unreadable(),
            (f'AND({read[CHECK]}<>"",NOT(EXACT({read["resource"]},{read[CHECK]})))', '"Agreed: keep the resource"'),
            (f'AND({read["currency"]}<>"",{self._of_resource(4)}<>"funding")', '"Currency: only money has one"'),
            (f"{read['quantity']}/{self._rate()}>={TOO_LARGE}", '"Quantity is too large to be meant"'),
            (f'AND({read["to_period"]}<>"",{first}>{read["to_period"]})', '"To lies before From"'),
            (self._has_two_resources(), '"Agreement: it is of another resource"'),
        ]
        return self._check(cases, deleted)

    def refusal_check(self) -> str:
        """Whether the import takes the row of a refusal, or why not."""
        other, implementer = self.read["with_partner"], self.read["implementer"]
        cases: list[Case] = [*self._unreadable()]
        if self.sent is None:
            cases.insert(0, (self._is_answer(Answer.UPDATE), f'"Choose {Answer.NEW} in this row"'))
        if not (isinstance(self.sent, Veto) and names_nothing(self.sent)):
            nothing = ",".join(f'{self.read[field.name]}=""' for field in REFUSALS.fields if field.name != "reason")
            cases.append((f"AND({nothing})", '"Name what you refuse"'))
        cases.append((f'AND({other}<>"",{implementer}<>"")', '"Name one partner, not two"'))
        own = f"{other.rpartition('!')[0]}!{OWN_CODE}"
        cases.append((f'AND({other}<>"",EXACT({other},{own}))', '"Name another partner"'))
        return self._check(cases, OK)

    def resource_name(self) -> str:
        """The name of the resource; ? where the list has no such code."""
        return f'=IF({self.read["resource"]}="","",{self._of_resource(2, UNKNOWN)})'

    def unit(self) -> str:
        """What the quantity is counted in."""
        currency = f'IF({self.read["currency"]}="",{self.codes.lists["currencies"].first},{self.read["currency"]})'
        is_money = f'{self._of_resource(4)}="funding"'
        return f'=IF({self.read["resource"]}="","",IF({is_money},{currency},{self._of_resource(3)}&""))'

    def usable_money(self) -> str:
        """What a pledge of money can be spent: quantity / rate · (1 − overhead), to the nearest 0.01."""
        quantity, overhead = self.read["quantity"], self.read["overhead"]
        kept = f'IF({overhead}="",1,1-{overhead})'
        is_money = f'AND({self._of_resource(4)}="funding",ISNUMBER({quantity}))'
        return f'=IF({is_money},IFERROR(ROUND({quantity}/{self._rate()}*{kept},2),"{UNKNOWN}"),"")'

    def _check(self, cases: list[Case], deleted: str) -> str:
        """The first of the cases that holds for a row that is new or updated."""
        first, last = self.read[self._names[0]], self.read[self._names[-1]].rpartition("!")[2]
        is_empty = f'SUMPRODUCT(--({first}:{last}<>""))=0'
        no_status = f'IF({is_empty},"",{CHOOSE if self.sent is None else OK})'
        before: list[Case] = [
            (f'{self.read[STATUS]}=""', no_status),
            (f'{self.read[STATUS]}="{UNREADABLE}"', '"Choose a status of the list"'),
            (self._is_answer(Answer.NONE), OK),
            (self._is_answer(Answer.DELETE), deleted),
        ]
        every = [*before, *cases]
        return "=" + "".join(f"IF({condition},{told}," for condition, told in every) + OK + ")" * len(every)

    def _is_answer(self, answer: Answer) -> str:
        return f'{self.read[STATUS]}="{answer.lower()}"'

    def _unreadable(self) -> Iterator[Case]:
        """The cells of which nothing could be read, one after the other."""
        for field in self.sheet.fields:
            column = self.sheet.column(field.name)
            what = _WHAT_TO_DO.get(column.kind, "it is not in the list" if field.name in LISTS else "this is no code")
            told = f'"{field.heading}: {what}"'
            if column.kind is Kind.CODES:  # a code may hold a comma, so what was meant is not known
                with_commas = f'"{field.heading}: write ; between codes"'
                told = f'IF(ISNUMBER(SEARCH(",",{self.at[field.name]})),{with_commas},{told})'
            yield f'{self.read[field.name]}="{UNREADABLE}"', told
            if column.kind is Kind.NUMBER:
                read = self.read[field.name]
                written = f"MID({read},{len(TWO_READINGS) + 1},{LONGEST_CODE})"
                yield f'LEFT({read},{len(TWO_READINGS)})="{TWO_READINGS}"', f'"{field.heading}: write "&{written}'

    def _has_two_resources(self) -> str:
        """Whether another row that stays or comes in has the same agreement and another resource."""
        read, last = self.read, self.row - 1
        taken = f'({_rows(self.at[CHECK], FIRST_ROW, last)}="{OK_WORD}")'
        above = (FIRST_ROW, last, f'{taken}*({_rows(read[STATUS], FIRST_ROW, last)}<>"delete")')
        below = (self.row + 1, self.last, f'({_rows(read[STATUS], self.row + 1, self.last)}="no update")')
        found = "+".join(
            f"SUMPRODUCT(EXACT({_rows(read['agreement'], first, last)},{read['agreement']})"
            f"*NOT(EXACT({_rows(read['resource'], first, last)},{read['resource']}))*{stays})"
            for first, last, stays in (above, below)
            if first <= last
        )
        return f'AND({self.read["agreement"]}<>"",{found}>0)' if found else "FALSE"

    def _rate(self) -> str:
        """Units of the pledge's currency per one of the plan's."""
        currency, currencies = self.read["currency"], self.codes.lists["currencies"]
        own = self._own_rate
        listed = expressions.beside_code(currency, currencies, 2) if own is None else repr(own)
        return f'IF(OR({currency}="",EXACT({currency},{currencies.first})),1,{listed})'

    def _of_resource(self, number: int, otherwise: str = "") -> str:
        found = expressions.beside_code(self.read["resource"], self.codes.lists["resources"], number)
        return f'IFERROR({found},"{otherwise}")'


def _rows(cell: str, first: int, last: int) -> str:
    """The cells of some rows in the column of a cell."""
    column = cell.rstrip("0123456789")
    return f"{column}{first}:{column.rpartition('!')[2]}{last}"
