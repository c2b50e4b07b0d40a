"""The tables of a plan: their sums agree with each other, with the plan, and with an independent measurement."""

import dataclasses
import subprocess
import sys
from collections import defaultdict

import pytest

from planner.plan import (
    Ask,
    Comparison,
    ConditionPrice,
    ObjectiveResult,
    Part,
    Plan,
    RuleReport,
    Shift,
    StrandedPledge,
    Totals,
)
from planner.report.table import PERCENT, Mark, Table
from planner.report.tables import BUILDERS, PlanTables
from planner.scenario import Initiative, Region, Requirement, Scenario
from resources.columns import Kind
from resources.offers import Resource
from solver.verify import measure


@pytest.fixture(scope="module")
def tables(sample: Scenario, sample_plan: Plan) -> PlanTables:
    return PlanTables(sample, sample_plan)


def test_that_every_row_of_every_table_fits_its_columns(tables: PlanTables) -> None:
    for key in BUILDERS:
        table = tables[key]
        assert isinstance(table, Table)
        assert table.key == key
        names = {column.name for column in table.columns}
        assert len(names) == len(table.columns)
        for row in table.rows:
            assert len(row) == len(table.columns), key
        for column in table.columns:
            assert not column.unit_column or column.unit_column in names
            if column.kind is Kind.SHARE:
                assert all(value is None or 0 <= value <= 1.0001 for value in table.column(column.name)), column


def test_that_a_table_is_computed_once(tables: PlanTables) -> None:
    assert tables["allocations"] is tables["allocations"]


def test_that_coverage_totals_are_weighted_as_the_planning_model_says(sample: Scenario, sample_plan: Plan) -> None:
    measured = measure(sample, sample_plan.allocations)
    activities = tuple(
        dataclasses.replace(row, coverage=measured.activities[row.initiative, row.region].coverage)
        for row in sample_plan.activities
    )
    table = PlanTables(sample, dataclasses.replace(sample_plan, activities=activities))["coverage"]
    assert table.rows[-1][-1] == pytest.approx(measured.totals.coverage)
    for region, value in measured.coverage_by_region.items():
        assert table.value(len(table.rows) - 1, region) == pytest.approx(value)


def test_that_effective_totals_are_weighted_alike(sample: Scenario, sample_plan: Plan) -> None:
    measured = measure(sample, sample_plan.allocations)
    activities = tuple(
        dataclasses.replace(row, effective=measured.activities[row.initiative, row.region].effective)
        for row in sample_plan.activities
    )
    table = PlanTables(sample, dataclasses.replace(sample_plan, activities=activities))["effective"]
    assert table.rows[-1][-1] == pytest.approx(measured.totals.effective)


@pytest.mark.parametrize("weighting", ["activity", "requirement", "people"])
def test_that_every_weighting_agrees_with_an_independent_measurement(
    sample: Scenario, share_out, weighting: str
) -> None:
    scenario = dataclasses.replace(sample, settings=dataclasses.replace(sample.settings, weighting=weighting))
    plan = share_out(scenario)
    measured = measure(scenario, plan.allocations)
    weights = PlanTables(scenario, plan).figures.weights
    assert weights == pytest.approx({key: measured.activities[key].weight for key in weights})


def test_that_no_need_does_not_go_ahead_and_refused_are_told_apart(tables: PlanTables, sample: Scenario) -> None:
    table = tables["coverage"]
    needed = {(row.initiative, row.region) for row in sample.requirements if row.quantity > 0}
    regions = [column.name for column in table.columns[2:-1]]
    for index, row in enumerate(table.rows[:-1]):
        for region in regions:
            assert (table.value(index, region) is None) == ((row[0], region) not in needed)
    refused = {(row.initiative, row.region) for row in sample.activities if row.go == "no"}
    marked = {(table.rows[index][0], name) for (index, name), mark in table.marks.items() if mark is Mark.REFUSED}
    assert marked == refused & needed
    assert Mark.NOT_AHEAD in table.marks.values()


def test_that_refused_activities_are_outside_the_totals(sample: Scenario, sample_plan: Plan) -> None:
    refused = {(row.initiative, row.region) for row in sample.activities if row.go == "no"}
    assert refused
    full = tuple(
        dataclasses.replace(row, coverage=0.0 if (row.initiative, row.region) in refused else 1.0)
        for row in sample_plan.activities
    )
    table = PlanTables(sample, dataclasses.replace(sample_plan, activities=full))["coverage"]
    assert set(table.rows[-1][2:]) == {1.0}


def test_that_allocations_carry_names_units_dates_and_values(tables: PlanTables, sample: Scenario) -> None:
    table = tables["allocations"]
    assert len(table.rows) == len(tables.plan.allocations)
    values = {row.code: row.value_per_unit for row in sample.resources}
    total = sum(line.quantity * values[line.resource] for line in tables.plan.allocations)
    assert sum(table.column("value")) == pytest.approx(total)
    first = dict(zip((column.name for column in table.columns), table.rows[0], strict=True))
    partner = next(row for row in sample.partners if row.code == first["partner"])
    assert first["partner_name"] == partner.name
    assert first["start"].year in (2027, 2028)
    assert {row[table.positions["unit"]] for row in table.rows if row[table.positions["resource"]] == "USD"} <= {"USD"}


def test_that_contributed_value_is_allocations_and_delivery_money(tables: PlanTables) -> None:
    table = tables["partners"]
    paid = sum(line.quantity for line in tables.plan.delivery)
    assert sum(table.column("value")) == pytest.approx(sum(tables["allocations"].column("value")) + paid)
    assert sum(table.column("share")) == pytest.approx(1)
    assert sum(table.column("paid")) == pytest.approx(paid)


def test_that_supply_is_given_paid_or_unused(tables: PlanTables) -> None:
    table = tables["supply"]
    for row in range(len(table.rows)):
        offered, given = table.value(row, "offered"), table.value(row, "allocated") + (table.value(row, "paid") or 0)
        assert table.value(row, "unused") == pytest.approx(max(0, offered - given))
    funding = [row for row in range(len(table.rows)) if table.value(row, "category") == "Funding"]
    assert sum(table.value(row, "offered") for row in funding) == pytest.approx(
        sum(tables["partners"].column("offered"))
    )


def test_that_reusable_things_count_in_every_period_of_their_window(tables: PlanTables, sample: Scenario) -> None:
    figures = tables.figures
    kinds = {row.code: row for row in sample.resources}
    reusable = next(row for row in sample.pledges if kinds[row.resource].is_reusable)
    first, last = reusable.from_period or 1, reusable.to_period or sample.settings.periods
    assert figures.capacity(reusable) == reusable.quantity * (last - first + 1)


def test_that_resources_add_up_needs_without_refused_activities(tables: PlanTables, sample: Scenario) -> None:
    refused = {(row.initiative, row.region) for row in sample.activities if row.go == "no"}
    needs = defaultdict(float)
    for row in sample.requirements:
        if (row.initiative, row.region) not in refused:
            needs[row.resource] += row.quantity
    table = tables["resources"]
    assert dict(zip(table.column("resource"), table.column("required"), strict=True)) == pytest.approx(needs)


def test_that_a_stranded_pledge_is_told_by_reason_in_its_unit_and_value(sample: Scenario, sample_plan: Plan) -> None:
    funding = {row.code for row in sample.resources if row.is_funding}
    pledge = next(row for row in sample.pledges if row.resource in funding)
    parts = (Part("earmark", 70.0, "Its earmark."), Part("cap_rule", 20.0, "A cap."), Part("new_rule", 10.0, "Else."))
    stranded = StrandedPledge(
        pledge.code, pledge.partner, pledge.resource, 500.0, 390.0, 10.0, 100.0, "earmark", "Its earmark.", parts
    )
    table = PlanTables(sample, dataclasses.replace(sample_plan, stranded=(stranded,)))["stranded"]
    assert [column.name for column in table.columns if column.name.startswith("by_")] == ["by_earmark", "by_rule"]
    assert (table.value(0, "by_earmark"), table.value(0, "by_rule")) == (70.0, 30.0)
    assert (table.value(0, "value"), table.value(0, "unit")) == (100.0, "USD")
    assert table.value(0, "reason") == "Earmarked elsewhere"


def test_that_the_columns_of_a_gap_add_up_to_what_is_missing(sample: Scenario, sample_plan: Plan) -> None:
    gaps = tuple(
        dataclasses.replace(gap, parts=(Part("status", gap.missing / 4), Part("used_elsewhere", 3 * gap.missing / 4)))
        for gap in sample_plan.gaps
    )
    table = PlanTables(sample, dataclasses.replace(sample_plan, gaps=gaps))["gaps"]
    for row in range(len(table.rows)):
        told = table.value(row, "by_status") + table.value(row, "by_use")
        assert told == pytest.approx(table.value(row, "missing"))


def test_that_gaps_of_plans_made_before_there_were_parts_have_no_columns_for_them(tables: PlanTables) -> None:
    assert not [column for column in tables["gaps"].columns if column.name.startswith("by_")]


def test_that_changes_name_their_budget_category_and_flag_large_shifts(sample: Scenario, sample_plan: Plan) -> None:
    partner, initiative, region = sample.partners[0], sample.initiatives[0], sample.regions[0]
    people = next(row for row in sample.resources if row.category == "personnel")
    changes = (
        Shift("partner", partner.code, "", people.code, 4.0, 5.0, 1.0, 0.25, True),
        Shift("activity", initiative.code, region.code, "", 100.0, 90.0, -10.0, -0.1, False),
        Shift("category", "funding:15250", "", "", 0.0, 90.0, 90.0, None, True),
        Shift("category", "funding:", "", "", 1.0, 1.0, 0.0, 0.0, False),
    )
    table = PlanTables(sample, dataclasses.replace(sample_plan, changes=changes))["changes"]
    assert table.column("by") == ("Partner", "Activity", "Budget category", "Budget category")
    assert table.column("name") == (
        f"{partner.name}: {people.name}",
        f"{initiative.name}, {region.name}",
        "Funding, Removal of land mines and explosive remnants of war (15250)",
        "Funding, no purpose given",
    )
    assert table.column("unit") == (f"{people.unit}-quarters", "USD", "USD", "USD")
    assert table.column("flag") == ("over 15 %", "", "over 15 %", "")


def test_that_one_thing_over_one_period_is_said_in_the_singular(sample: Scenario, sample_plan: Plan) -> None:
    people = next(row for row in sample.resources if row.category == "personnel" and row.is_reusable)
    figures = PlanTables(sample, sample_plan).figures
    assert figures.unit_over_time(people.code, 1.0) == f"{people.unit}-quarter"
    assert figures.unit_over_time(people.code, 4.0) == f"{people.unit}-quarters"


def test_that_a_price_is_told_for_a_round_step_of_the_limit(sample: Scenario, sample_plan: Plan) -> None:
    reports = (
        RuleReport("delivery_cap", "", "binding", 140_000.0, 140_000.0, 2e-5),
        RuleReport("local_share", "", "binding", 0.35, 0.35, 1.5),
        RuleReport("fair_burden", "", "met", 1.1, 1.0, None),
    )
    plan = dataclasses.replace(sample_plan, rules=reports)
    first = dataclasses.replace(plan.objectives[0], objective="delivery_cost")
    table = PlanTables(sample, dataclasses.replace(plan, objectives=(first,)))["rules"]
    assert table.column("step") == ("10,000 USD", "1 %", "")
    assert table.column("price") == (pytest.approx(0.2), 1.5, None)


def test_that_the_decision_record_has_a_line_for_every_activity(tables: PlanTables, sample: Scenario) -> None:
    table = tables["activities"]
    needed = {(row.initiative, row.region) for row in sample.requirements if row.quantity > 0}
    lines = list(zip(table.column("initiative"), table.column("region"), strict=True))
    assert set(lines) == needed
    assert len(lines) == len(needed)
    assert {"Goes ahead", "Does not go ahead"} == set(table.column("decision"))


def test_that_an_objective_over_activities_is_told_in_percent(sample: Scenario, sample_plan: Plan) -> None:
    weights = PlanTables(sample, sample_plan).figures.weights
    reached = sum(weights.get((row.initiative, row.region), 0.0) * row.coverage for row in sample_plan.activities)
    level = ObjectiveResult("coverage", reached, reached, reached, 0.0)
    tables = PlanTables(sample, dataclasses.replace(sample_plan, objectives=(level,)))

    assert tables["objectives"].column("unit") == (PERCENT,)
    assert tables["objectives"].column("value") == (pytest.approx(tables["coverage"].rows[-1][-1]),)


def test_that_rules_are_told_in_words(tables: PlanTables, sample: Scenario) -> None:
    table = tables["rules"]
    rows = {row[0]: row for row in table.rows}
    position = table.positions
    assert rows["pay_delivery"][position["limit"]] == "yes"
    assert rows["count_status"][position["limit"]] == "commitment"
    assert rows["local_share"][position["unit"]] == PERCENT
    assert rows["delivery_cap"][position["unit"]] == "USD"
    assert rows["delivery_cap"][position["scope"]] == f"Region {sample.regions[0].name}"
    assert rows["access_limit"][position["scope"]] == "Organisation type International NGO"


def test_that_key_figures_stand_beside_the_pro_rata_split(tables: PlanTables) -> None:
    table = tables["key_figures"]
    for row in range(len(table.rows)):
        change = table.value(row, "plan") - table.value(row, "pro_rata")
        assert table.value(row, "change") == pytest.approx(change)
    assert "27 %" in table.note


def test_that_the_agreed_plan_stands_beside_with_what_it_breaks_today(sample: Scenario, sample_plan: Plan) -> None:
    agreed = Comparison(Totals(coverage=0.5), ("Pledge A gives too much.",))
    table = PlanTables(sample, dataclasses.replace(sample_plan, baseline=agreed))["key_figures"]
    assert table.value(0, "baseline") == 0.5
    assert "The agreed plan breaks today: Pledge A gives too much." in table.note


def test_that_the_decision_record_tells_what_each_category_gets(tables: PlanTables, sample: Scenario) -> None:
    table = tables["activities"]
    goods = {row.code for row in sample.resources if row.category == "logistics"}
    asked = {(row.initiative, row.region) for row in sample.requirements if row.resource in goods and row.quantity > 0}
    for row in range(len(table.rows)):
        key = table.value(row, "initiative"), table.value(row, "region")
        assert (" of " in table.value(row, "logistics_given")) == (key in asked)


def test_that_a_plan_older_than_its_scenario_is_still_shown(sample: Scenario, sample_plan: Plan) -> None:
    emptied = dataclasses.replace(
        sample, partners=sample.partners[1:], regions=sample.regions[1:], pledges=(), resources=(), initiatives=()
    )
    for scenario in (emptied, Scenario()):
        tables = PlanTables(scenario, sample_plan)
        for key in BUILDERS:
            tables[key]
        assert len(tables["allocations"].rows) == len(sample_plan.allocations)


def test_that_gains_of_a_weighted_sum_are_shown_in_points_of_all_weights() -> None:
    """Two activities weigh 3 and 1: a gain of 0.1 is a fortieth of all."""
    scenario = Scenario(
        initiatives=(Initiative(code="A", name="Demining", priority=3), Initiative(code="B")),
        regions=(Region(code="R"),),
        resources=(Resource(code="MONEY", name="Funding", category="funding"),),
        requirements=tuple(
            Requirement(initiative=code, region="R", resource="MONEY", quantity=100) for code in ("A", "B")
        ),
    )
    plan = Plan(
        title="",
        fingerprint="",
        status="optimal",
        objectives=(ObjectiveResult("coverage", 2.0, 2.0, 2.0, 0.0),),
        prices=(
            ConditionPrice("earmark", "pledge:P1", "Pledge P1 is earmarked.", 0.001, 0.1, None),
            ConditionPrice("go", "initiative:A", "Demining must go ahead.", None, None, 0.2),
        ),
        asks=(Ask("MONEY", 1.0, 0.04, "A", "R", 1, ("ALFA",), ("P1", "P2"), "1 USD more."),),
    )
    tables = PlanTables(scenario, plan)
    assert tables["prices"].column("condition") == ("Earmark", "Must go ahead, or refused")
    assert tables["prices"].column("most") == (pytest.approx(2.5), None)
    assert tables["prices"].column("gain") == (None, pytest.approx(5))
    assert set(tables["prices"].column("unit")) == {"percentage points"}
    asked = tables["asks"]
    assert asked.value(0, "gain") == pytest.approx(1)
    assert [asked.value(0, name) for name in ("resource_name", "amount_unit", "initiative_name", "pledges")] == [
        *("Funding", "USD", "Demining", "P1, P2")
    ]


def test_that_gains_of_money_are_shown_in_money() -> None:
    plan = Plan(
        title="",
        fingerprint="",
        status="optimal",
        objectives=(ObjectiveResult("delivery_cost", 2.0, 2.0, 2.0, 0.0),),
        prices=(ConditionPrice("veto", "partner:A", "A refuses R.", 7.0, 70.0, None),),
    )
    table = PlanTables(Scenario(), plan)["prices"]
    assert (table.value(0, "unit"), table.value(0, "most")) == ("USD", 70)


def test_that_an_empty_scenario_has_empty_tables() -> None:
    tables = PlanTables(Scenario(), Plan(title="", fingerprint="", status="unknown"))
    assert {key for key in BUILDERS if tables[key].rows} == {"key_figures", "method"}
    assert set(tables["key_figures"].column("plan")) == {None}


def test_that_tables_load_without_the_excel_library() -> None:
    script = "import sys, planner.report.tables; sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_that_the_method_says_what_a_plan_was_made_with(sample: Scenario, sample_plan: Plan) -> None:
    told = dict(PlanTables(sample, sample_plan)["method"].rows)
    assert told["Scenario"] == sample.settings.title
    assert told["Who may see it"] == sample.settings.sensitivity
    assert told["Seed"] == str(sample_plan.run.seed)
    assert told["Solver"] == sample_plan.run.solver
