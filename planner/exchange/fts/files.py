"""Tell FTS tables apart by their headers, and count no row twice."""

import os
from collections.abc import Iterable, Sequence

from planner.exchange.csv_table import CsvError, CsvRow, CsvTable, read_csv
from planner.exchange.fts.reading import Reading
from planner.exchange.fts.words import FLOW_COLUMNS, PLAN_COLUMNS, REQUIREMENT_COLUMNS
from planner.files import size_of
from planner.progress import Tell, parts, to_nobody

_COMMON = {"id", "name", "code", "status", "cluster"}  # which other tables have too
_TELLING = 3  # more of its columns are no accident


def is_fts_header(header: Iterable[str]) -> bool:
    """Whether these columns are those of some table of FTS, readable here or not."""
    known = {*FLOW_COLUMNS, *REQUIREMENT_COLUMNS, *PLAN_COLUMNS, "covidFunding"} - {
        "id",
        "name",
        "code",
        "status",
        "cluster",
    }
    return len(known & set(header)) >= _TELLING


def recognise(
    work: Reading, paths: Sequence[str | os.PathLike[str]], tell: Tell = to_nobody
) -> tuple[list[CsvTable], list[CsvTable]]:
    """The flow tables and the requirement tables among the files; says what is wrong with the others."""
    flows: list[CsvTable] = []
    requirements: list[CsvTable] = []
    for path, tell_of in zip(paths, parts(tell, list(map(size_of, paths))), strict=True):
        try:
            table = read_csv(path, tell=tell_of)
        except CsvError as error:
            work.fail("fts_file", str(error))
            continue
        header = set(table.header)
        if set(FLOW_COLUMNS) <= header:
            flows.append(table)
        elif set(REQUIREMENT_COLUMNS) <= header:
            requirements.append(table)
        else:
            work.fail("fts_header", _why_unknown(table))
            continue
        if table.encoding:
            work.warn(
                "fts_encoding",
                f"{table.name} is not UTF-8, as FTS writes it; it was read as {table.encoding}. "
                "Check the names with accents, or download the file again.",
            )
    return flows, requirements


def _why_unknown(table: CsvTable) -> str:
    header = set(table.header)
    wanted = "give fts_incoming_funding_*.csv and fts_requirements_funding_globalcluster_*.csv"
    if set(PLAN_COLUMNS) <= header or "covidFunding" in header:
        return f"{table.name} holds requirements by plan, without clusters; {wanted}."
    for columns, what in ((FLOW_COLUMNS, "flow table"), (REQUIREMENT_COLUMNS, "requirements table")):
        missing = [column for column in columns if column not in header]
        if len(missing) <= len(columns) // 2:
            plural = "columns" if len(missing) > 1 else "column"
            return (
                f"{table.name} looks like an FTS {what} without the {plural} {', '.join(missing)}; download it again."
            )
    shown = ", ".join(table.header[:5])
    return f"{table.name} is not a table of FTS that can be read (its columns begin with {shown}); {wanted}."


def check_kinds(work: Reading, flows: list[CsvTable], requirements: list[CsvTable]) -> None:
    """Both kinds are needed: requirements say what the plans are, flows what they get."""
    if not requirements:
        work.fail(
            "fts_files",
            "The requirements are missing; give fts_requirements_funding_globalcluster_*.csv together with the flows.",
            "Requirements",
        )
    if not flows:
        work.fail("fts_files", "The flows are missing; give fts_incoming_funding_*.csv together with the requirements.")


def distinct_rows(work: Reading, tables: Iterable[CsvTable]) -> list[CsvRow]:
    """The rows of all tables, without those that an earlier file holds too: flows to two countries are in both."""
    rows: list[CsvRow] = []
    seen: set[tuple[tuple[str, str], ...]] = set()
    for table in tables:
        keys = {id(row): tuple(sorted(row.cells.items())) for row in table.rows}
        fresh = [row for row in table.rows if keys[id(row)] not in seen]
        if len(fresh) < len(table.rows):
            work.warn(
                "fts_repeated",
                f"{table.name}: {len(table.rows) - len(fresh)} rows stand in another file too and are counted once.",
            )
        rows += fresh
        seen.update(keys.values())
    return rows
