"""Textbook problems told as scenarios: knapsacks, transport, hubs to open. Their optima are known."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planner.exchange.workbook import write_workbook
from planner.scenario import Activity, Initiative, Objective, Region, Requirement, Rule, Scenario
from resources.offers import DeliveryCost, Partner, Pledge, Resource

Numbers = Sequence[float]

CHECKOUT = Path(__file__).resolve().parents[2]


def knapsack(values: Numbers, needs: Sequence[Numbers], capacities: Numbers) -> Scenario:
    """Each item an initiative that needs all or nothing, its value the priority; each capacity a pledge.

    `needs` by capacity, then item. An item that needs nothing would be no activity: there must be none.
    """
    items = range(len(values))
    assert all(any(row[item] for row in needs) for item in items)
    return Scenario(
        partners=(Partner(code="P"),),
        regions=(Region(code="R"),),
        initiatives=tuple(Initiative(code=f"I{item}", priority=values[item]) for item in items),
        resources=tuple(Resource(code=f"K{k}", category="logistics", unit="unit") for k in range(len(capacities))),
        pledges=tuple(
            Pledge(code=f"O{k}", partner="P", resource=f"K{k}", quantity=capacity)
            for k, capacity in enumerate(capacities)
        ),
        requirements=tuple(
            Requirement(initiative=f"I{item}", region="R", resource=f"K{k}", quantity=row[item])
            for k, row in enumerate(needs)
            for item in items
            if row[item]
        ),
        activities=tuple(Activity(initiative=f"I{item}", region="R", min_share=1.0) for item in items),
        objectives=(Objective(order=1, objective="coverage"),),
    )


def transport(
    supply: Numbers,
    demand: Numbers,
    unit_cost: Sequence[Numbers],
    route_fixed_cost: Sequence[Numbers] | None = None,
    opening_cost: Numbers | None = None,
) -> Scenario:
    """Each source a partner with a pledge, each destination a region to cover in full, as cheaply as can be.

    Costs by source, then destination; a route's fixed cost is paid where anything goes along it, a source's opening
    cost where anything leaves it.
    """
    sources, destinations = range(len(supply)), range(len(demand))
    return Scenario(
        partners=tuple(Partner(code=f"P{i}") for i in sources),
        regions=tuple(Region(code=f"R{j}") for j in destinations),
        initiatives=(Initiative(code="SUPPLY"),),
        resources=(Resource(code="GOODS", category="logistics", unit="case", whole=False),),
        pledges=tuple(
            Pledge(
                code=f"O{i}",
                partner=f"P{i}",
                resource="GOODS",
                quantity=supply[i],
                mobilisation_cost=opening_cost[i] if opening_cost else 0.0,
            )
            for i in sources
        ),
        requirements=tuple(
            Requirement(initiative="SUPPLY", region=f"R{j}", resource="GOODS", quantity=demand[j]) for j in destinations
        ),
        delivery_costs=tuple(
            DeliveryCost(
                partner=f"P{i}",
                region=f"R{j}",
                cost_per_unit=unit_cost[i][j],
                fixed_cost=route_fixed_cost[i][j] if route_fixed_cost else None,
            )
            for i in sources
            for j in destinations
        ),
        rules=(Rule(rule="coverage_floor", value="1"),),
        objectives=(Objective(order=1, objective="delivery_cost"),),
    )


def plan_by_command(scenario: Scenario, folder: Path) -> dict[str, Any]:
    """The result of `concord plan` on the scenario's workbook, as another program would get it."""
    workbook = folder / "problem.xlsx"
    write_workbook(scenario, workbook)
    finished = subprocess.run(
        [sys.executable, "-m", "ui", "plan", str(workbook), "--json", "-", "--quiet"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=CHECKOUT,
        check=False,
        timeout=600,
    )
    assert finished.returncode == 0, finished.stderr
    result: dict[str, Any] = json.loads(finished.stdout)
    return result
