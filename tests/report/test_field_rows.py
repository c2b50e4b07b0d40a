"""The plan in the forms of the field, read back by what reads tables from the field."""

import csv
import dataclasses
from collections import defaultdict
from pathlib import Path

import pytest

from planner.exchange.field import read_field
from planner.exchange.fts import is_fts_header
from planner.plan import Plan
from planner.report.field_rows import flows, who_does_what_where
from planner.report.figures import Figures
from planner.report.table_file import Source, write_table_csv, write_table_workbook
from planner.samples import build_sample
from planner.scenario import Scenario
from planner.store import StoredFile, save_file
from ui.command_line import ExitCode, main

SOURCE = Source("Sample", "Plan 1", "INTERNAL")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_that_the_rows_read_back_as_the_same_partners_places_and_activities(
    sample: Scenario, sample_plan: Plan, tmp_path: Path, ending: str
) -> None:
    table = who_does_what_where(Figures(sample, sample_plan))
    path = tmp_path / f"3w{ending}"
    if ending == ".csv":
        write_table_csv(table, path)
    else:
        write_table_workbook(table, SOURCE, path)
    read = read_field(path, Scenario()).scenario
    served = {(line.initiative, line.region) for line in sample_plan.allocations}
    names = {row.code: row.name for row in sample.initiatives}
    read_names = {row.code: row.name for row in read.initiatives}
    activities = {(read_names[row.initiative], row.region) for row in read.activities}
    assert activities == {(names[initiative], region) for initiative, region in served}
    assert {line.partner for line in sample_plan.allocations} <= {row.code for row in read.partners}
    money = {row.code for row in sample.resources if row.is_funding}
    given = sum(line.quantity for line in sample_plan.allocations if line.resource in money)
    assert sum(row.quantity for row in read.requirements) == pytest.approx(given, abs=1)


def test_that_people_of_an_activity_are_counted_once(sample: Scenario, sample_plan: Plan) -> None:
    table = who_does_what_where(Figures(sample, sample_plan))
    told: dict[tuple[str, str], list[float]] = defaultdict(list)
    for index in range(len(table.rows)):
        people = table.value(index, "people")
        if people is not None:
            told[table.value(index, "initiative"), table.value(index, "region")].append(people)
    assert told
    assert all(len(figures) == 1 for figures in told.values())


def test_that_flows_have_the_columns_of_fts_and_add_up_to_what_is_given(
    sample: Scenario, sample_plan: Plan, tmp_path: Path
) -> None:
    figures = Figures(sample, sample_plan)
    write_table_csv(flows(figures), tmp_path / "flows.csv")
    with (tmp_path / "flows.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert is_fts_header(rows[0])
    value = sum(line.quantity * figures.unit_value(line.resource) for line in sample_plan.allocations)
    assert sum(float(row["amountUSD"]) for row in rows) == pytest.approx(value, abs=len(rows) / 100)
    statuses = {row.code: row.status for row in sample.pledges}
    assert all(row["status"] == statuses[row["id"]] for row in rows)


def test_that_a_plan_of_nothing_gives_headings_alone(sample: Scenario, sample_plan: Plan) -> None:
    empty = Figures(sample, dataclasses.replace(sample_plan, allocations=()))
    assert who_does_what_where(empty).rows == flows(empty).rows == ()


def test_that_the_command_plan_writes_both(tmp_path: Path) -> None:
    path = tmp_path / "first.concord"
    save_file(path, StoredFile(scenario=build_sample("first-steps")))
    one, other = tmp_path / "3w.csv", tmp_path / "flows.xlsx"
    assert main(["plan", str(path), "--quiet", "--3w", str(one), "--flows", str(other)]) == ExitCode.DONE
    assert one.read_text(encoding="utf-8-sig").startswith("Organisation,Organisation acronym,")
    assert other.exists()
    assert main(["plan", str(path), "--3w", str(tmp_path / "3w.txt")]) == ExitCode.WRONG_USAGE
