"""A scenario of two partners with a mark of its own in every cell: a mark in a file tells where it came from."""

import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

from planner.plan import Plan
from planner.scenario import (
    TABLES,
    Activity,
    BaselineLine,
    Initiative,
    Objective,
    Region,
    Requirement,
    Rule,
    Scenario,
    Settings,
)
from planner.store import Record, State, StoredFile
from resources.columns import Column, Kind, columns_of
from resources.offers import DeliveryCost, ExchangeRate, Partner, Pledge, Resource, Veto

A, B = "PARTNER-A", "PARTNER-B"


def marked() -> Scenario:
    """Everything twice: once of partner A, once of partner B; every other cell holds a mark."""
    marks = count(1)
    codes = {table.name: [f"{table.name[:6]}-{side}" for side in "AB"] for table in TABLES} | {"partners": [A, B]}

    def row(row_class: type[Any], side: int, **given: Any) -> Any:
        values = {
            column.name: codes[column.refers_to][side] if column.refers_to else mark(column, next(marks))
            for column in columns_of(row_class)
            if not (column.refers_to and column.kind is Kind.CODES)
        }
        return row_class(**values | given, extra=(("contact", f"MARK-extra-{next(marks):04}"),))

    tables: dict[str, Any] = {
        "partners": [row(Partner, side, code=codes["partners"][side]) for side in (0, 1)],
        "regions": [row(Region, side, code=codes["regions"][side]) for side in (0, 1)],
        "initiatives": [row(Initiative, side, code=codes["initiatives"][side]) for side in (0, 1)],
        "resources": [row(Resource, side, code=codes["resources"][side]) for side in (0, 1)],
        "pledges": [row(Pledge, side, code=codes["pledges"][side]) for side in (0, 1)],
        "requirements": [row(Requirement, side) for side in (0, 1)],
        "activities": [row(Activity, side) for side in (0, 1)],
        "vetoes": [row(Veto, side) for side in (0, 1)],
        "delivery_costs": [row(DeliveryCost, side) for side in (0, 1)],
        "exchange_rates": [row(ExchangeRate, side) for side in (0, 1)],
        "rules": [row(Rule, side, scope=f"partner:{codes['partners'][side]}") for side in (0, 1)],
        "objectives": [row(Objective, side) for side in (0, 1)],
        "baseline": [row(BaselineLine, side) for side in (0, 1)],
    }
    settings = replace(row(Settings, 0), sensitivity="internal")
    return Scenario(settings=settings, **{name: tuple(rows) for name, rows in tables.items()})


def stored() -> StoredFile:
    """The marked scenario as it was saved, with a plan whose reasons hold a mark too."""
    plan = Plan(title="MARK-plan", fingerprint="MARK-fingerprint", status="optimal", name="MARK-plan-name")
    record = Record("MARK-parent", "MARK-person", "MARK-comment", ("MARK-done",), b"MARK-changes")
    states = tuple(State(f"MARK-state-{number}", "2027-01-01T00:00:00+00:00", "1", record) for number in (1, 2))
    return StoredFile(scenario=marked(), plans=(plan,), states=states)


def mark(column: Column, number: int) -> Any:
    """A value that stands nowhere else."""
    match column.kind:
        case Kind.NUMBER | Kind.SHARE:
            return 0.1234567 + number / 1e9
        case Kind.WHOLE | Kind.PERIOD:
            return 1_000_000_007 + number * 65_537
        case Kind.YES_NO:
            return True
        case Kind.DATE:
            return date(1950, 1, 1) + timedelta(days=number)
        case Kind.CODES:
            return (f"MARK-{column.name}-{number:04}",)
    return f"MARK-{column.name}-{number:04}"


def traces(value: Any) -> Iterator[bytes]:
    """What a value leaves in a file: its text, or the bytes of its number."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, float):
        yield struct.pack(">d", value)
        yield repr(value).encode()
    elif isinstance(value, int):
        yield struct.pack(">i", value)
        yield str(value).encode()
    elif isinstance(value, tuple):
        for each in value:
            yield from traces(each)
    elif not isinstance(value, str) or value.startswith(("MARK", "PARTNER")) or value.endswith(("-A", "-B")):
        for encoding in ("utf-8", "utf-16-le"):
            yield str(value).encode(encoding)


def cells(scenario: Scenario) -> Iterator[tuple[str, str, str, Any]]:
    """Table, row id, column and value of every cell."""
    for name, rows in (("settings", (scenario.settings,)), *((table.name, rows) for table, rows in scenario.tables())):
        for row in rows:
            for column in (*(column.name for column in columns_of(type(row))), "extra"):
                yield name, row.id, column, getattr(row, column)
