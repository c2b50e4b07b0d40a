"""Scenarios with any value that a table may hold, sensible or not: what people type must survive saving."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from planner.plan import (
    ActivityResult,
    Allocation,
    Change,
    Comparison,
    ConflictMember,
    DeliveryPayment,
    Fix,
    Gap,
    ObjectiveResult,
    Part,
    Plan,
    RuleReport,
    Run,
    Shift,
    StrandedPledge,
    Totals,
)
from planner.scenario import TABLES, Scenario, Settings, Table
from resources.columns import Column, Kind, columns_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.floats(allow_nan=False)
WHOLE_NUMBERS = st.integers(-(2**53), 2**53)
_VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: TEXTS,
    Kind.CODE: TEXTS,
    Kind.CHOICE: TEXTS,
    Kind.CODES: st.lists(TEXTS, max_size=3).map(tuple),
    Kind.NUMBER: NUMBERS,
    Kind.SHARE: NUMBERS,
    Kind.WHOLE: WHOLE_NUMBERS,
    Kind.PERIOD: WHOLE_NUMBERS,
    Kind.YES_NO: st.booleans(),
    Kind.DATE: st.dates(),
}


def values(column: Column) -> st.SearchStrategy[Any]:
    """Any value of the column's type."""
    return st.none() | _VALUES[column.kind] if column.is_optional else _VALUES[column.kind]


def rows(row_class: type[Any]) -> st.SearchStrategy[Any]:
    """Any row of this class."""
    cells = {column.name: values(column) for column in columns_of(row_class)}
    return st.builds(row_class, extra=st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple), **cells)


def _row_tuples(table: Table) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(rows(table.row_class), max_size=3, unique_by=lambda row: row.id).map(tuple)


def scenarios() -> st.SearchStrategy[Scenario]:
    """Any scenario, right or wrong."""
    tables = {table.name: _row_tuples(table) for table in TABLES}
    return st.builds(Scenario, settings=rows(Settings), **tables)


FULL_PLAN = Plan(
    title="Größe",
    fingerprint="abc",
    status="feasible",
    objectives=(ObjectiveResult("coverage", 1, 1.5, 2.0, 0.1),),
    totals=Totals(coverage=0.5),
    activities=(ActivityResult("I1", "R1", True, 0.5, 0.25, "partly", "Half."),),
    allocations=(Allocation("PL1", "P1", "I1", "R1", "K1", 1, 2.5, "The only one."),),
    delivery=(DeliveryPayment("PL1", "R1", 1, 3.0),),
    gaps=(
        Gap(
            "I1",
            "R1",
            "K1",
            1,
            5.0,
            2.5,
            2.5,
            "no_supply",
            "Nobody has more.",
            (Part("no_supply", 2.5, "Nobody has more."),),
        ),
    ),
    rules=(RuleReport("local_share", "region:R1", "met", 0.25, None, None),),
    conflict=(ConflictMember("go", "", "I1 must go ahead."),),
    fixes=(Fix("Pledge more.", (Change("Pledges", {"code": "PL1"}, "quantity", "1", "2"),)),),
    pro_rata=Comparison(Totals(), ("local_share",)),
    baseline=Comparison(Totals(coverage=0.25)),
    stranded=(StrandedPledge("PL1", "P1", "K1", 4.0, 2.5, 0.5, 1.0, "met", "Met.", (Part("met", 1.0, "Met."),)),),
    changes=(Shift("partner", "P1", "", "", 0.0, 1.0, 1.0, None, True),),
    run=Run(stopped="time", versions={"concord": "1"}),
    name="First",
    made_at="2027-01-02T03:04:05+00:00",
)

SMALL = Scenario(
    settings=Settings(title="Straße 東京", start=date(2027, 1, 1), periods=4),
    **{
        table.name: tuple(
            table.row_class(
                **{
                    column.name: f"{table.name}-{number}"
                    for column in table.columns
                    if column.kind is Kind.CODE and column.is_required
                }
                | {column.name: float(number) for column in table.columns if column.name in ("quantity", "rate")}
                | {column.name: number for column in table.columns if column.name == "order"}
                | {"extra": (("colour", "red"),)}
            )
            for number in (1, 2, 3)
        )
        for table in TABLES
    },
)
