"""What every reader of a field table shares: findings, names as they are shown, regions, figures."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from planner.cells import CellError, parse_code, parse_date, parse_number, plain_text
from planner.exchange.field.columns import FieldColumns
from planner.exchange.field.decided_names import DecidedNames
from planner.exchange.field.names import Similar, similar_names, spellings
from planner.exchange.field.roles import Role, plain
from planner.exchange.field.table import TableRow
from planner.exchange.findings import Finding, Outcome, shown
from planner.exchange.readable_codes import readable_codes
from planner.exchange.workbook.sheet_row import CellFault
from planner.progress import Progress, Tell, to_nobody
from planner.scenario import Region, Scenario
from planner.separators import Signs, refuse_two_readings, shown_signs

_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")  # day first, as nearly everywhere


class FieldReading:
    """One reading of one table: `known` is the scenario that it goes into."""

    def __init__(self, columns: FieldColumns, known: Scenario, decided: DecidedNames, tell: Tell = to_nobody) -> None:
        self.columns = columns
        self.known = known
        self.decided = decided
        self.findings: list[Finding] = []
        self.similar: list[Similar] = []
        self.joined = 0
        self.currency = ""
        self._tell = tell
        self._signs: dict[Role, Signs | None] = {}  # of the figures in a column, where they tell
        self._told: set[tuple[str, str]] = set()

    def over(self, rows: Sequence[TableRow]) -> Iterator[TableRow]:
        """The rows one after the other, telling how many are done."""
        return Progress(self._tell, len(rows)).over(rows)

    def find(self, outcome: Outcome, row: TableRow, role: Role, message: str) -> None:
        """Note what is wrong with one cell."""
        value = self.columns.raw(row, role)
        where = self.columns.address(row, role)
        if (where, message) in self._told:
            return
        self._told.add((where, message))
        text = "" if value is None else value.sign if isinstance(value, CellFault) else shown(value)
        self.findings.append(Finding(outcome, self.columns.table.file, where, text, message))

    def text(self, row: TableRow, role: Role) -> str:
        """A cell as text; empty where it says nothing, or holds an error."""
        value = self.columns.raw(row, role)
        if isinstance(value, CellFault):
            self.find(Outcome.DROPPED, row, role, str(value))
            return ""
        return "" if value is None else plain_text(value)

    def number(self, row: TableRow, role: Role) -> float | None:
        """A figure that is not below 0; None, and a finding, where there is none to read."""
        value = self.columns.raw(row, role)
        if value is None:
            return None
        try:
            number = parse_number(self._plain(value, role) if isinstance(value, str) else value)
        except CellError as error:
            told = str(value) if isinstance(value, CellFault) else str(error)
            self.find(Outcome.DROPPED, row, role, told)
            return None
        if number < 0:
            self.find(Outcome.DROPPED, row, role, f"{shown(value)} is below 0; write a figure from 0.")
            return None
        return number

    def _plain(self, text: str, role: Role) -> str:
        """A figure with a decimal point alone, by the signs of its column. Raises CellError where they do not tell."""
        if role not in self._signs:
            written = (self.columns.raw(row, role) for row in self.columns.table.rows)
            self._signs[role] = shown_signs(str(value) for value in written if isinstance(value, str))
        signs = self._signs[role]
        if signs is None:
            refuse_two_readings(text)
            return text
        return signs.plain(text)

    def amount(self, row: TableRow) -> float | None:
        """The budget of a row; None, and a finding, where it is in another currency than the scenario."""
        budget = self.number(row, Role.BUDGET)
        currency = self.text(row, Role.CURRENCY).upper()
        if budget and currency and self.currency and currency != self.currency:
            message = f"This budget is in {currency}, the others are in {self.currency}; write it in {self.currency}."
            self.find(Outcome.DROPPED, row, Role.BUDGET, message)
            return None
        return budget

    def day(self, row: TableRow, role: Role) -> date | None:
        """A day, as a date or as text such as 2025-03-31 or 31/03/2025; None, and a finding, where it is none."""
        value = self.columns.raw(row, role)
        if value is None:
            return None
        if isinstance(value, str) and (found := _DAY.fullmatch(value)):
            value = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
        try:
            if isinstance(value, CellFault):
                raise CellError(str(value))
            return parse_date(value)
        except CellError as error:
            self.find(Outcome.DROPPED, row, role, str(error))
            return None

    def name(self, text: str) -> str:
        """The name under which a name is to count."""
        name = self.decided.name(text)
        self.joined += name != text
        return name

    def names(self, kind: str, written: Iterable[str], known: Iterable[str]) -> Mapping[str, str]:
        """The spelling to show for every name; tells of names joined for their case or accents, and of similar ones."""
        listed = list(written)
        chosen = spellings([*listed, *known, *known])
        counts = Counter(listed)
        for name in sorted(counts):
            if chosen[name] != name:
                message = (
                    f"{kind.capitalize()} '{name}' ({counts[name]} rows) differs from '{chosen[name]}' only in letter "
                    "case, accents or signs, and counts as the same."
                )
                self.findings.append(Finding(Outcome.WARNING, self.columns.table.file, "", name, message))
        totals = Counter(chosen[name] for name in listed)
        distinct = sorted({chosen[name] for name in listed} | {chosen[name] for name in known})
        self.similar += [
            pair
            for pair in similar_names(kind, distinct, totals)
            if (totals.get(pair.rare) or totals.get(pair.common))
            and not self.decided.has_decided(pair.rare, pair.common)
        ]
        return chosen


class Regions:
    """The regions of a table by their code, found by code or, where a row has none, by name."""

    def __init__(self, work: FieldReading, rows: Iterable[TableRow]) -> None:
        self._work = work
        pairs = [(self._code(row), work.name(work.text(row, Role.REGION))) for row in rows]
        known = [region.name for region in work.known.regions if region.name]
        self._shown = work.names("region", [name for _, name in pairs if name], known)
        codes: dict[str, Counter[str]] = {}
        names: dict[str, Counter[str]] = {}
        for code, name in pairs:
            if code and name:
                codes.setdefault(self._shown[name], Counter())[code] += 1
                names.setdefault(code, Counter())[self._shown[name]] += 1
        self._names = {code: found.most_common(1)[0][0] for code, found in names.items()}
        self._codes = {plain(region.name): region.code for region in work.known.regions if region.name}
        self._codes |= {plain(name): found.most_common(1)[0][0] for name, found in codes.items()}
        bare = {self._shown[name] for code, name in pairs if name and not code}
        fresh = readable_codes({name for name in bare if plain(name) not in self._codes})
        self._codes |= {plain(name): code for name, code in fresh.items()}
        self._names |= {code: name for name, code in fresh.items()}
        self._rows: dict[int, str] = {}
        self._warn_of_two_names(names)
        # Two names with codes of their own are two places, however alike.
        has_code = set(codes)
        work.similar[:] = [pair for pair in work.similar if not {pair.rare, pair.common} <= has_code]

    def code_of(self, row: TableRow) -> str:
        """The code of a row's region; empty where the row names none."""
        code = self._code(row)
        name = self._work.name(self._work.columns.raw(row, Role.REGION) or "") if not code else ""
        return code or (self._codes.get(plain(str(name)), "") if name else "")

    def region(self, code: str) -> Region:
        """A region with its most frequent name."""
        return Region(code=code, name=self._names.get(code, ""))

    def _code(self, row: TableRow) -> str:
        raw: Any = self._work.columns.raw(row, Role.REGION_CODE)
        if raw is None or isinstance(raw, CellFault):
            return ""
        try:
            return parse_code(raw)
        except CellError:
            return ""

    def _warn_of_two_names(self, names: Mapping[str, Counter[str]]) -> None:
        for code, found in sorted(names.items()):
            if len(found) > 1:
                listed = ", ".join(f"'{name}' ({count} rows)" for name, count in found.most_common(4))
                message = f"The code {code} stands beside several names: {listed}; the first is used."
                self._work.findings.append(Finding(Outcome.WARNING, self._work.columns.table.file, "", code, message))
