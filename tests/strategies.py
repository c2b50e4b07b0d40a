"""Random scenarios of everything that a file can hold, for property tests.

Every table, every column, every choice, odd texts; right in their types, ranges, references and keys, so that files
must keep them exactly, but not always plannable: those are in tests.tiny_scenarios.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from planner.cells import BLANKS, LONGEST_CODE
from planner.scenario import (
    TABLES,
    Scenario,
    Settings,
    Table,
)
from resources.columns import Column, Kind, columns_of

ODD_TEXTS = (
    "=1+1", "+41 22 000", "-", "@here", "\ttabbed", "=HYPERLINK(\"x\")", "_x000D_", "_x005F_x000D_", "x005F_", "#REF!",
    "#N/A", "007", "1e5", "TRUE", "yes", "2027-01-01", "1,5", " ", "  outer  ", "a\u00a0b\u00a0",
    "two\nlines", "two\r\nlines", "\r", "\x00", "\x07bell", "\x1b[31m", "\uffff", "quote \" ' `", "<b>&amp;</b>", "]]>",
    "{\"a\": 1}", "; : ;", "née",
    "مرحبا", "中文", "👩‍🚀", "\u202eright to left", "\u200b", "\ufeff",
    "NULL", "None", "nan", "0", "' OR 1=1 --", "%s%n",
)  # fmt: skip
ODD_CODES = ("007", "1", "1.0", "TRUE", "=A1", "-1", "#N/A", "UA 07", "née", "_x0041_", "1e5", "NULL", "ДА", "x" * 40)

SOME_TEXT = st.characters(exclude_categories=("Cs",))  # lone surrogates are no text that files can hold


def texts(longest: int = 40) -> st.SearchStrategy[str]:
    """Texts of every kind, the odd ones often."""
    return st.sampled_from(ODD_TEXTS) | st.text(SOME_TEXT, max_size=longest)


def codes() -> st.SearchStrategy[str]:
    """Valid codes: 1-40 characters, trimmed, without semicolon, colon and line break."""
    return st.sampled_from(ODD_CODES) | st.text(SOME_TEXT, min_size=1, max_size=LONGEST_CODE).filter(_is_code)


def _is_code(text: str) -> bool:
    return (
        bool(text.strip(BLANKS))
        and text == text.strip(BLANKS)
        and not re.search("[;:]", text)
        and (text.splitlines() == [text])
    )


@st.composite
def free_scenarios(draw: st.DrawFn, most_rows: int = 3) -> Scenario:
    """Scenarios with every table and column, up to `most_rows` rows in each."""
    settings = _draw_row(draw, Settings, {}, 12)
    known: dict[str, Any] = {}
    for table in TABLES:
        known[table.name] = _draw_rows(draw, table, known, settings.periods, most_rows)
    return Scenario(settings=settings, **known)


def _draw_rows(
    draw: st.DrawFn, table: Table, known: Mapping[str, Any], periods: int, most_rows: int
) -> tuple[Any, ...]:
    if any(column.is_required and column.refers_to and not known[column.refers_to] for column in table.columns):
        return ()
    rows: list[Any] = []
    for _ in range(draw(st.integers(0, most_rows))):
        rows.append(_draw_row(draw, table.row_class, {table.name: rows} | known, periods))  # rows may name earlier ones
    keys = [column.name for column in table.key_columns]
    if table.name == "baseline":
        keys = ["pledge", "initiative", "region", "period"]  # and the resource, of which empty means the pledge's
    return tuple({tuple(getattr(row, name) for name in keys): row for row in rows}.values()) if keys else tuple(rows)


def _draw_row(draw: st.DrawFn, row_class: type[Any], known: Mapping[str, Any], periods: int) -> Any:
    columns = columns_of(row_class)
    values = {column.name: draw(_reference_or_value(column, known, periods)) for column in columns}
    names = {column.name for column in columns}
    notes = draw(_NOTES)
    return row_class(**values, extra=tuple((name, text) for name, text in notes if name.lower() not in names))


def _reference_or_value(column: Column, known: Mapping[str, Any], periods: int) -> st.SearchStrategy[Any]:
    if not column.refers_to:
        return values_of(column, periods)
    references = tuple(row.code for row in known[column.refers_to])
    if not references:
        return st.just(column.default)
    if column.kind is Kind.CODES:
        return st.lists(st.sampled_from(references), max_size=3, unique=True).map(tuple)
    return st.sampled_from(references if column.is_required else (column.default, *references))


@cache
def values_of(column: Column, periods: int = 12) -> st.SearchStrategy[Any]:
    """Every value that a column may hold, whatever codes there are."""
    empty: st.SearchStrategy[Any] = st.nothing() if column.is_required else st.just(column.default)
    match column.kind:
        case Kind.TEXT:
            return texts()
        case Kind.CODE:
            return empty | codes()
        case Kind.CODES:
            return st.lists(codes(), max_size=3, unique=True).map(tuple)
        case Kind.WHOLE:
            return empty | st.integers(int(column.minimum or 0), int(column.maximum or 50))
        case Kind.PERIOD:
            return empty | st.integers(1, periods)
        case Kind.YES_NO:
            return empty | st.booleans()
        case Kind.DATE:
            return empty | st.dates(date(1800, 1, 1), date(2500, 1, 1))
        case Kind.CHOICE:
            return empty | st.sampled_from(column.choices)
    return empty | _numbers(column)


def _numbers(column: Column) -> st.SearchStrategy[float]:
    lowest = column.minimum if column.minimum is not None else -1e12
    highest = column.maximum if column.maximum is not None else 1e12
    odd = [value for value in (0.0, 1e-9, 0.1 + 0.2, 7 / 3, 7.0, 1234567.891, 1e11) if lowest < value < highest]
    return st.sampled_from(odd or [highest]) | st.floats(lowest, highest, exclude_min=column.is_minimum_excluded)


# Notes keep the order of their names; a note without text is none.
_NOTES = st.just(()) | st.dictionaries(
    codes().filter(lambda name: name == name.strip()), texts().filter(bool), max_size=3
).map(lambda notes: tuple(sorted(notes.items())))
