"""Problems from the literature whose optimum is published, as workbooks through the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.classic_problems import knapsack, plan_by_command, transport
from tests.oracle.straight_model import best_values


def problem(shared_data: Path, name: str) -> dict[str, Any]:
    path = shared_data / "oracles" / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"no {name} among the files from the field")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@pytest.mark.parametrize("number", range(1, 8))
def test_that_the_knapsacks_of_petersen_reach_their_published_optimum(
    number: int, shared_data: Path, tmp_path: Path
) -> None:
    published = problem(shared_data, f"mkp-petersen/mknap1-{number}")
    result = plan_by_command(knapsack(published["value"], published["need"], published["capacity"]), tmp_path)
    assert result["status"] == "optimal"
    assert result["objectives"][0]["value"] == pytest.approx(published["optimum"], abs=1e-6)
    assert result["objectives"][0]["gap"] == 0
    chosen = {int(row["initiative"][1:]) for row in result["activities"] if row["go"]}
    assert sum(published["value"][item] for item in chosen) == pytest.approx(published["optimum"], abs=1e-6)
    for need, capacity in zip(published["need"], published["capacity"], strict=True):
        assert sum(need[item] for item in chosen) <= capacity


def test_that_the_transport_problem_of_dantzig_reaches_its_published_optimum(shared_data: Path, tmp_path: Path) -> None:
    published = problem(shared_data, "transport/dantzig")
    scenario = transport(published["supply"], published["demand"], published["unit_cost"])
    assert best_values(scenario) == (pytest.approx(153.675),)
    result = plan_by_command(scenario, tmp_path)
    assert result["status"] == "optimal"
    assert result["objectives"][0]["value"] == pytest.approx(153.675, rel=2e-6)
    assert result["totals"]["delivery_cost"] == result["objectives"][0]["value"]


@pytest.mark.slow
def test_that_the_fixed_charge_problem_of_balinski_reaches_its_published_optimum(
    shared_data: Path, tmp_path: Path
) -> None:
    published = problem(shared_data, "transport/bal8x12")
    result = plan_by_command(
        transport(published["supply"], published["demand"], published["unit_cost"], published["route_fixed_cost"]),
        tmp_path,
    )
    assert result["objectives"][0]["value"] == pytest.approx(published["optimum"], rel=2e-6)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cap41", "cap42", "cap43", "cap44", "cap51", "cap61"])
def test_that_hubs_to_open_reach_their_published_optimum(name: str, shared_data: Path, tmp_path: Path) -> None:
    published = problem(shared_data, f"cflp/{name}")
    costs = [
        [cost / demand for cost, demand in zip(of_hub, published["demand"], strict=True)]
        for of_hub in published["cost_of_all_demand"]
    ]
    scenario = transport(
        published["hub_capacity"], published["demand"], costs, opening_cost=published["hub_fixed_cost"]
    )
    result = plan_by_command(scenario, tmp_path)
    assert result["objectives"][0]["value"] == pytest.approx(published["optimum"], rel=2e-6)
