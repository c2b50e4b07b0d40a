"""Prove an FTS import to the cent: the scenario's sums beside sums made from the CSV rows alone."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from planner.exchange.csv_table import CsvRow
from planner.exchange.fts.words import UNSPECIFIED, UNSPECIFIED_NAMES
from planner.scenario import Scenario
from resources.offers import Pledge

CENT = Decimal("0.01")
Totals = dict[str, tuple[int, Decimal]]  # rows and amount under each name


@dataclass(frozen=True, slots=True)
class SumLine:
    """One donor, status or cluster combination: what the files say and what the scenario holds, in USD."""

    name: str
    flows: int
    in_files: Decimal
    in_scenario: Decimal

    @property
    def agrees(self) -> bool:
        """Whether both are equal to the cent."""
        return self.in_files.quantize(CENT) == self.in_scenario.quantize(CENT)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that are not in the scenario, and why."""

    reason: str
    flows: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class FtsSums:
    """The sums of an import. A flow that names several clusters stands under their combination, not split."""

    donors: tuple[SumLine, ...] = ()
    statuses: tuple[SumLine, ...] = ()
    clusters: tuple[SumLine, ...] = ()
    requirements: tuple[SumLine, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def flows(self) -> int:
        """Flows in the scenario."""
        return sum(line.flows for line in self.statuses)

    @property
    def total(self) -> Decimal:
        """USD in the scenario."""
        return sum((line.in_scenario for line in self.statuses), Decimal(0))

    @property
    def differences(self) -> tuple[SumLine, ...]:
        """The lines that do not agree."""
        groups = (self.donors, self.statuses, self.clusters, self.requirements)
        return tuple(line for group in groups for line in group if not line.agrees)

    def lines(self) -> tuple[str, ...]:
        """The sums as text, one line each, for the command line."""
        verdict = "NOT equal to the tables" if self.differences else "equal to the tables to the cent"
        told = [
            f"{_flows(self.flows)}, {_money(self.total)} USD, {verdict}",
            "All come from outside into the plan (boundary: incoming), so that no money counts twice",
        ]
        for title, group, count in (
            ("By status", self.statuses, _count),
            ("By cluster (flows that name several clusters under their combination)", self.clusters, _count),
            ("By donor", self.donors, _count),
            ("Requirements by cluster", self.requirements, _no_count),
        ):
            told.append(f"{title}:")
            for line in sorted(group, key=lambda line: (-line.in_scenario, line.name)):
                told.append(f"  {_money(line.in_scenario):>18}  {line.name}{count(line)}{_warning(line)}")
        if self.left_out:
            told.append("Left out:")
            told += [f"  {_money(row.amount):>18}  {row.reason} ({_flows(row.flows)})" for row in self.left_out]
        return tuple(told)


def compare(
    scenario: Scenario, flows: Iterable[CsvRow], requirements: Iterable[CsvRow], left_out: Iterable[LeftOut]
) -> FtsSums:
    """The scenario's sums beside those of the rows that belong in; rows without an amount change nothing."""
    rows = [row for row in flows if Decimal(row["amountUSD"] or "0")]
    names = {row.code: row.name for row in scenario.partners}
    clusters = {row.code: dict(row.extra).get("fts_cluster", row.name) for row in scenario.initiatives}

    def combination(pledge: Pledge) -> str:
        return " + ".join(sorted(clusters[code] for code in pledge.initiatives)) or UNSPECIFIED

    return FtsSums(
        donors=_beside(
            _of_rows(rows, lambda row: row["srcOrganization"] or UNSPECIFIED),
            _of_pledges(scenario, lambda pledge: names[pledge.partner]),
        ),
        statuses=_beside(
            _of_rows(rows, lambda row: row["status"].lower()),
            _of_pledges(scenario, lambda pledge: pledge.status),
        ),
        clusters=_beside(
            _of_rows(rows, lambda row: _specified(row["destGlobalClusters"])),
            _of_pledges(scenario, combination),
            _words,
        ),
        requirements=_beside(
            _of_cells(
                (row["cluster"], row["requirements"])
                for row in requirements
                if row["cluster"].lower() not in UNSPECIFIED_NAMES
            ),
            _of_cells((clusters[row.initiative], repr(row.quantity)) for row in scenario.requirements),
            _words,
        ),
        left_out=tuple(left_out),
    )


def _of_rows(rows: Iterable[CsvRow], name: Callable[[CsvRow], str]) -> Totals:
    return _of_cells((name(row), row["amountUSD"]) for row in rows)


def _of_pledges(scenario: Scenario, name: Callable[[Pledge], str]) -> Totals:
    return _of_cells((name(pledge), repr(pledge.quantity)) for pledge in scenario.pledges)


def _of_cells(cells: Iterable[tuple[str, str]]) -> Totals:
    totals: Totals = {}
    for name, amount in cells:
        if Decimal(amount or "0"):
            count, total = totals.get(name, (0, Decimal(0)))
            totals[name] = (count + 1, total + Decimal(amount))
    return totals


def _beside(in_files: Totals, in_scenario: Totals, key: Callable[[str], object] = str) -> tuple[SumLine, ...]:
    """The two sides joined by `key` of their names; the scenario's names are shown."""
    files: Mapping[object, list[tuple[int, Decimal]]] = _by_key(in_files, key)
    ours: Mapping[object, list[tuple[int, Decimal]]] = _by_key(in_scenario, key)
    titles = {key(name): name for name in (*in_files, *in_scenario)}
    return tuple(
        SumLine(titles[each], sum(count for count, _ in files[each]), _amount(files[each]), _amount(ours[each]))
        for each in sorted(titles, key=lambda each: titles[each])
    )


def _by_key(totals: Totals, key: Callable[[str], object]) -> Mapping[object, list[tuple[int, Decimal]]]:
    found: dict[object, list[tuple[int, Decimal]]] = defaultdict(list)
    for name, figures in totals.items():
        found[key(name)].append(figures)
    return found


def _amount(figures: Iterable[tuple[int, Decimal]]) -> Decimal:
    return sum((amount for _, amount in figures), Decimal(0))


def _specified(cell: str) -> str:
    """The cell without the parts that name no cluster, and without repeated ones."""
    parts = dict.fromkeys(part.strip() for part in cell.split(",") if part.strip().lower() not in UNSPECIFIED_NAMES)
    return ",".join(parts) or UNSPECIFIED


def _words(combination: str) -> tuple[str, ...]:
    """The words of all clusters in one heap: the same however commas are read, so that the reading is checked."""
    return tuple(sorted(re.findall(r"[^\s,+]+", combination.lower())))


def _money(amount: Decimal) -> str:
    return f"{amount.quantize(CENT):,}"


def _flows(count: int) -> str:
    return "1 flow" if count == 1 else f"{count} flows"


def _count(line: SumLine) -> str:
    return f" ({_flows(line.flows)})"


def _no_count(_: SumLine) -> str:
    return ""


def _warning(line: SumLine) -> str:
    return "" if line.agrees else f"  THE TABLES SAY {_money(line.in_files)}"
