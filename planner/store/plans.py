"""Plans as JSON text in the scenario file and back, every value checked for its type.

The same few sentences explain thousands of lines, so each stands once in `texts`, and lines hold its number.
"""

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from planner.plan import Plan
from planner.plan_json import plan_from_json, plan_to_json
from planner.store.rows import DamagedContent

Stored = tuple[int, str, str, str, str, str]  # position, id, name, made_at, fingerprint, json


def to_sql(plans: Sequence[Plan]) -> list[Stored]:
    """The plans as rows of the table `plans`."""
    return [
        (position, plan.id, plan.name, plan.made_at, plan.fingerprint, _write(plan))
        for position, plan in enumerate(plans)
    ]


def from_sql(texts: Sequence[str]) -> tuple[Plan, ...]:
    """The plans of these JSON texts. Raises DamagedContent."""
    return tuple(_read(text) for text in texts)


def _write(plan: Plan) -> str:
    data = plan_to_json(plan)
    numbers: dict[str, int] = {}
    for row in _explained_rows(data):
        row["text"] = numbers.setdefault(row["text"], len(numbers))
    return json.dumps({**data, "texts": list(numbers)}, ensure_ascii=False, separators=(",", ":"))


def _read(text: str) -> Plan:
    try:
        data = json.loads(text)
        if "texts" in data:  # plans were written without at first
            texts = dict(enumerate(data["texts"]))
            for row in _explained_rows(data):
                row["text"] = texts[row["text"]]
        plan = plan_from_json(data)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DamagedContent("a plan is not readable") from error
    _check((plan,), Plan)
    return plan


def _explained_rows(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows that there are many of and that have a sentence each."""
    yield from data["allocations"]
    for row in (*data["gaps"], *data["stranded"]):
        yield row
        yield from row["parts"]


def _check(values: Sequence[Any], declared: Any) -> None:
    """Raise DamagedContent unless all of these values are what a field of this declared type may hold."""
    types, inner = _allowed(declared)
    if wrong := set(map(type, values)) - types:
        raise DamagedContent(f"a plan holds {min(kind.__name__ for kind in wrong)} for {declared}")
    for member in inner:
        if isinstance(member, type) and dataclasses.is_dataclass(member):
            present = [value for value in values if value is not None]
            for name, hint in _hints(member).items():
                _check([getattr(value, name) for value in present], hint)
        elif get_origin(member) is tuple:
            _check([item for value in values for item in value], get_args(member)[0])
        else:  # a mapping of texts
            _check([text for value in values for pair in value.items() for text in pair], str)


@cache
def _hints(dataclass: type) -> dict[str, Any]:
    return get_type_hints(dataclass)


@cache
def _allowed(declared: Any) -> tuple[frozenset[type], tuple[Any, ...]]:
    """The Python types of a declared type, and the parts of it that have content to check."""
    origin = get_origin(declared)
    if origin is tuple:
        return frozenset({tuple}), (declared,)
    if origin is Mapping:
        return frozenset({dict}), (declared,)
    if members := get_args(declared):  # a union
        parts = [_allowed(member) for member in members]
        return frozenset().union(*(types for types, _ in parts)), tuple(part for _, inner in parts for part in inner)
    if dataclasses.is_dataclass(declared):
        return frozenset({declared}), (declared,)  # type: ignore[arg-type]
    return frozenset({int, float} if declared is float else {declared}), ()
