"""A plan becomes the agreed plan: its lines take the place of the Baseline."""

from dataclasses import replace

from planner.plan import Plan
from planner.scenario import BaselineLine, Scenario


def agree(scenario: Scenario, plan: Plan) -> Scenario:
    """The scenario with this plan as its agreed plan.

    Lines that were agreed before keep their identity and their `keep`; lines about pledges, initiatives or regions
    that the scenario no longer has are left out.
    """
    before = {(row.pledge, row.initiative, row.region, row.resource, row.period): row for row in scenario.baseline}
    resources = {row.code: row.resource for row in scenario.pledges}
    initiatives, regions = ({row.code for row in rows} for rows in (scenario.initiatives, scenario.regions))
    lines = []
    for row in plan.allocations:
        if resources.get(row.pledge) == row.resource and row.initiative in initiatives and row.region in regions:
            key = (row.pledge, row.initiative, row.region, row.resource, row.period)
            known = before.get(key) or BaselineLine(
                pledge=row.pledge,
                initiative=row.initiative,
                region=row.region,
                resource=row.resource,
                period=row.period,
                quantity=row.quantity,
            )
            lines.append(replace(known, quantity=row.quantity))
    return replace(scenario, baseline=tuple(lines))
