"""Read requirements by global cluster: the plans, and what each of their clusters needs."""

from collections.abc import Iterable, Sequence
from datetime import date

from planner.exchange.csv_table import CsvRow, CsvTable
from planner.exchange.fts.reading import Plan, Reading
from planner.exchange.fts.words import GLOBAL_CLUSTERS, UNSPECIFIED_NAMES


def read_requirements(work: Reading, rows: Iterable[CsvRow], flow_tables: Iterable[CsvTable]) -> None:
    """Take plans, clusters and needs from the rows; the flows help to tell global clusters from a plan's own."""
    rows = list(rows)
    _check_clusters_are_global(work, rows, flow_tables)
    for row in rows:
        plan = _plan(work, row)
        if plan is None:
            continue
        amount = work.amount(row, "requirements")
        if row["cluster"].lower() in UNSPECIFIED_NAMES:
            if amount:
                work.warn(
                    "fts_requirement",
                    f"{work.title(plan)} requires {amount:,} USD for no cluster in particular; this is left out.",
                    "Requirements",
                )
            continue
        work.clusters[row["cluster"].casefold()] = row["cluster"]
        work.cluster_ids[row["cluster"]] = row["clusterCode"]
        key = (plan.key, row["cluster"], row["countryCode"])
        if key in work.needs:
            work.fail(
                "fts_requirement",
                f"The requirement of {row['cluster']} in {work.title(plan)} stands in two rows "
                f"(line {row.line} is the second); keep one of them.",
                "Requirements",
            )
        work.needs[key] = amount


def _check_clusters_are_global(work: Reading, rows: Sequence[CsvRow], flow_tables: Iterable[CsvTable]) -> None:
    """Refuse the table by the plan's own clusters, whose header is the same: flows name global clusters only."""
    named = [row for row in rows if row["clusterCode"]]
    if not named or any(row["clusterCode"] in GLOBAL_CLUSTERS for row in named):
        return
    in_flows = " | ".join({row["destGlobalClusters"] for table in flow_tables for row in table.rows}).casefold()
    strange = [row for row in named if row["cluster"].casefold() not in work.clusters]
    strange = [row for row in strange if row["cluster"].casefold() not in in_flows]
    if strange:
        work.fail(
            "fts_header",
            f"The requirements are by the plan's own clusters (such as {strange[0]['cluster']}), while flows name "
            "global clusters; give fts_requirements_funding_globalcluster_*.csv instead.",
            "Requirements",
        )


def _plan(work: Reading, row: CsvRow) -> Plan | None:
    """The plan of a requirements row; None for rows outside any plan."""
    key = row["id"] or row["code"]
    if not key:
        return None
    if key not in work.plans:
        work.plans[key] = Plan(row["id"], row["code"], row["name"] or row["code"] or row["id"], _start(work, row))
    return work.plans[key]


def _start(work: Reading, row: CsvRow) -> date | None:
    text = row["startDate"] or (f"{row['year']}-01-01" if row["year"] else "")
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        work.fail(
            "fts_date",
            f"Line {row.line} of the requirements: the startDate '{text}' is not a date as FTS writes it; "
            "write year, month and day, such as 2020-01-31.",
            "Scenario",
        )
        return None
