"""The sample "stabilisation": an invented programme large enough to show every rule at work.

Its requirements are worked out from what an initiative needs at full pace (Needs.csv) and how large it is in each
region (Sizes.csv); everything else stands in the files as it is.
"""

import dataclasses
import math

from planner.samples.folder import read_folder, read_records
from planner.scenario import Requirement, Scenario
from resources.offers import Resource

FOLDER = "stabilisation"
FIRST_PERIODS, LAST_PERIOD = (0.5, 0.75), 0.6  # of full pace, while an initiative starts and while it ends
ROUND_TO = {"USD": 1_000.0, "litre": 100.0}  # people write round figures; everything else is counted whole


def build() -> Scenario:
    """The sample with its requirements worked out."""
    scenario = read_folder(FOLDER)
    return dataclasses.replace(scenario, requirements=_work_out_requirements(scenario))


def _work_out_requirements(scenario: Scenario) -> tuple[Requirement, ...]:
    """Need per quarter · size in the region · pace, in round figures; what rounds to 0 is left out."""
    resources = {resource.code: resource for resource in scenario.resources}
    sizes = {record["initiative"]: record for record in read_records(FOLDER, "Sizes")}
    requirements = []
    for need in read_records(FOLDER, "Needs"):
        resource = resources[need["resource"]]
        first, last = int(need["from_period"]), int(need["to_period"])
        for region in scenario.regions:
            size = float(sizes[need["initiative"]][region.code] or 0)
            for period in range(first, last + 1):
                quantity = _round(float(need["quantity"]) * size * _pace(period, first, last), resource)
                if quantity > 0:
                    requirements.append(
                        Requirement(
                            initiative=need["initiative"],
                            region=region.code,
                            resource=resource.code,
                            period=period,
                            quantity=quantity,
                            weight=float(need["weight"]),
                            essential=need["essential"] == "yes",
                        )
                    )
    return tuple(requirements)


def _pace(period: int, first: int, last: int) -> float:
    """Share of full pace: work grows over the first two quarters and winds down in the last."""
    if period == last:
        return LAST_PERIOD
    return FIRST_PERIODS[period - first] if period - first < len(FIRST_PERIODS) else 1.0


def _round(quantity: float, resource: Resource) -> float:
    """The nearest round figure, halves up."""
    step = ROUND_TO.get(resource.unit, 1.0)
    return math.floor(quantity / step + 0.5) * step
