"""What came with a merged file, as JSON and back; the plans themselves have a record of their own."""

from base64 import b64decode, b64encode
from dataclasses import asdict
from typing import Any

from planner.arrival import Arrival
from planner.store import Record, Stamp, State


def arrival_to_json(arrival: Arrival) -> dict[str, Any]:
    """All of it but what `away` holds."""
    return {
        "save": arrival.save,
        "states": [_state_to_json(state) for state in arrival.states],
        "plans": list(arrival.plans),
        "stamp": None if arrival.stamp is None else asdict(arrival.stamp),
    }


def arrival_from_json(data: dict[str, Any]) -> Arrival:
    """What `arrival_to_json` wrote. Raises KeyError, TypeError or ValueError."""
    return Arrival(
        data["save"],
        tuple(_state_from_json(state) for state in data["states"]),
        tuple(data["plans"]),
        Stamp(**data["stamp"]) if data["stamp"] else None,
    )


def _state_to_json(state: State) -> dict[str, Any]:
    record = {**asdict(state.record), "changes": b64encode(state.record.changes).decode()}
    return {**asdict(state), "record": record}


def _state_from_json(data: dict[str, Any]) -> State:
    record = data["record"]
    lists = {name: tuple(record[name]) for name in ("done", "merged")}
    return State(**{**data, "record": Record(**{**record, **lists, "changes": b64decode(record["changes"])})})
