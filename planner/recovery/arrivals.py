"""What came with merged files, as JSON and back; the plans themselves have a record of their own."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from planner.arrival import Arrival
from planner.store import Record, Stamp, State


def arrival_to_json(arrival: Arrival) -> dict[str, Any]:
    """All of it."""
    return {**outline_of(arrival), "states": [_state_to_json(state) for state in arrival.states]}


def arrival_from_json(data: dict[str, Any]) -> Arrival:
    """What `arrival_to_json` wrote. Raises KeyError, TypeError or ValueError."""
    return _arrival(data, tuple(_state_from_json(state) for state in data["states"]))


def outline_of(arrival: Arrival) -> dict[str, Any]:
    """All of it but the content of its saves, which the file that took it in holds."""
    return {
        "save": arrival.save,
        "states": [state.id for state in arrival.states],
        "plans": list(arrival.plans),
        "stamp": None if arrival.stamp is None else asdict(arrival.stamp),
    }


def arrival_of_outline(data: dict[str, Any], states: Iterable[State]) -> Arrival:
    """What `outline_of` wrote, with saves of these. Raises KeyError, TypeError or ValueError."""
    wanted = set(data["states"])
    return _arrival(data, tuple(state for state in states if state.id in wanted))


def _arrival(data: Mapping[str, Any], states: tuple[State, ...]) -> Arrival:
    stamp = Stamp(**data["stamp"]) if data["stamp"] else None
    return Arrival(data["save"], states, tuple(data["plans"]), stamp)


def _state_to_json(state: State) -> dict[str, Any]:
    record = {**asdict(state.record), "changes": b64encode(state.record.changes).decode()}
    return {**asdict(state), "record": record}


def _state_from_json(data: dict[str, Any]) -> State:
    record = data["record"]
    lists = {name: tuple(record[name]) for name in ("done", "merged")}
    return State(**{**data, "record": Record(**{**record, **lists, "changes": b64decode(record["changes"])})})
