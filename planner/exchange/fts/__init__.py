"""Read tables of the Financial Tracking Service (FTS) as published on HDX; docs/fts.md tells what becomes of them."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from planner.exchange.fts.building import build_scenario
from planner.exchange.fts.files import check_kinds, distinct_rows, is_fts_header, recognise
from planner.exchange.fts.flows import belonging_rows, read_flow, warn_of_flows
from planner.exchange.fts.reading import Reading
from planner.exchange.fts.requirements import read_requirements
from planner.exchange.fts.sums import FtsSums, LeftOut, SumLine, compare
from planner.problems import Problem
from planner.progress import Progress, Tell, part, to_nobody
from planner.scenario import Scenario

__all__ = ["FtsResult", "FtsSums", "LeftOut", "SumLine", "is_fts_header", "read_fts"]

_READ = 0.8  # of the work is to read the tables


@dataclass(frozen=True, slots=True)
class FtsResult:
    """What the tables say as a scenario, what was noticed, and the proof of the sums.

    With an error among `problems` the scenario is not to be used.
    """

    scenario: Scenario
    problems: tuple[Problem, ...]
    sums: FtsSums


def read_fts(
    paths: Sequence[str | os.PathLike[str]], *, unspecified_as_unearmarked: bool = False, tell: Tell = to_nobody
) -> FtsResult:
    """A scenario from FTS tables: incoming flows and requirements by global cluster, in any order and number.

    Flows that name no cluster are kept but not planned with, unless `unspecified_as_unearmarked`. Raises
    EnvironmentProblem for a file that cannot be opened; everything else is told in `problems`.
    """
    work = Reading(keeps_unspecified=unspecified_as_unearmarked)
    flow_tables, requirement_tables = recognise(work, paths, part(tell, 0, _READ))
    if not work.has_failed():
        check_kinds(work, flow_tables, requirement_tables)
    needs = distinct_rows(work, requirement_tables)
    if not work.has_failed():
        read_requirements(work, needs, flow_tables)
    if work.has_failed():
        return FtsResult(Scenario(), tuple(work.problems), FtsSums())
    rows, left_out = belonging_rows(work, distinct_rows(work, flow_tables))
    each = Progress(part(tell, _READ, 1), len(rows)).over(rows)
    flows = [flow for row in each if (flow := read_flow(work, row)) is not None]
    if work.has_failed():
        return FtsResult(Scenario(), tuple(work.problems), FtsSums())
    zeros = [row for row in rows if not work.amount(row, "amountUSD")]
    if zeros:
        left_out.append(LeftOut("without an amount", len(zeros), Decimal(0)))
    warn_of_flows(work, flows, zeros)
    scenario = build_scenario(work, flows, [table.name for table in (*flow_tables, *requirement_tables)])
    sums = compare(scenario, rows, needs, left_out)
    for line in sums.differences:
        work.fail(
            "fts_sum",
            f"The sum of {line.name} is {line.in_scenario} USD in the scenario but {line.in_files} USD in the tables: "
            "nothing is imported. Please report this, with the files.",
        )
    return FtsResult(scenario, tuple(work.problems), sums)
