"""Every problem in a scenario, found before planning: one check for each kind of problem, listed flat.

A check takes a scenario and yields problems. All but the first see it with unreadable cells replaced by harmless
values, so that each can rely on the types of its cells.
"""

from collections.abc import Callable, Iterable

from planner.problems import Problem, Severity
from planner.scenario import TABLES, Scenario
from planner.validate import activities, baseline, cells, codes, contributions, labels, pledges, rules
from planner.validate.findings import RowNumber, rows_numbered_by, workbook_row
from planner.validate.readable import check_cell_values, readable

Check = Callable[[Scenario], Iterable[Problem]]

CHECKS: tuple[Check, ...] = (
    check_cell_values,
    cells.check_required_cells,
    cells.check_currency_of_scenario,
    cells.check_code_form,
    cells.check_text_form,
    cells.check_choices,
    cells.check_number_ranges,
    cells.check_period_ranges,
    cells.check_period_order,
    codes.check_duplicates,
    codes.check_duplicate_rules,
    codes.check_references,
    codes.check_code_lists,
    pledges.check_pledges_exist,
    pledges.check_unit_values,
    pledges.check_currencies_of_pledges,
    pledges.check_rates,
    pledges.check_agreements,
    pledges.check_whole_quantities,
    pledges.check_vetoes,
    pledges.check_delivery_costs,
    activities.check_requirements_exist,
    activities.check_activities_have_requirements,
    activities.check_severities,
    activities.check_resource_weights,
    activities.check_sizes_for_weighting,
    activities.check_prerequisite_cycles,
    activities.check_prerequisites_in_regions,
    activities.check_must_in_stopped_group,
    activities.check_must_with_refused_prerequisite,
    activities.check_musts_in_exclusive_group,
    rules.check_rule_rows,
    rules.check_rules_that_cannot_be_off,
    rules.check_switches_have_a_value,
    rules.check_floors_have_activities,
    rules.check_objective_rows,
    rules.check_objective_order,
    rules.check_objectives_have_data,
    baseline.check_baseline_resources,
    baseline.check_frozen_periods_have_lines,
    baseline.check_held_lines_are_whole,
    baseline.check_held_lines_fit_requirements,
    baseline.check_held_lines_fit_pledges,
    contributions.check_partners_for_joint,
    contributions.check_fair_shares,
    contributions.check_burden_caps,
    contributions.check_type_shares_add_up,
    contributions.check_type_shares_can_be_met,
    contributions.check_languages_of_regions,
    contributions.check_least_and_most_contributions,
    contributions.check_effort_for_every_partner,
    labels.check_labels,
)

_SHEETS = {sheet: order for order, sheet in enumerate(("Scenario", *(table.sheet for table in TABLES)))}


def check(scenario: Scenario, *, row_number: RowNumber = workbook_row) -> tuple[Problem, ...]:
    """Every problem of a scenario, errors first, then in the order of sheets and rows. Never raises.

    `row_number(sheet, index)` says how messages that name a second row number it: as the scenario workbook unless told.
    """
    sound = readable(scenario)
    with rows_numbered_by(row_number):
        problems = [*check_cell_values(scenario)]
        for run in CHECKS[1:]:
            problems += run(sound)
    return tuple(sorted(problems, key=_in_order))


def _in_order(problem: Problem) -> tuple[bool, int, int]:
    row = problem.where.row
    return problem.severity is not Severity.ERROR, _SHEETS[problem.where.sheet], -1 if row is None else row


__all__ = ["CHECKS", "Check", "check", "readable"]
