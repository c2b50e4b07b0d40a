"""The result JSON of a plan, out and back in. Its names and meanings are fixed: other programs read it."""

import dataclasses
from typing import Any

from planner.plan import (
    ActivityResult,
    Allocation,
    Ask,
    Change,
    Comparison,
    ConditionPrice,
    ConflictMember,
    DeliveryPayment,
    Fix,
    Gap,
    ObjectiveResult,
    Part,
    Plan,
    RuleReport,
    Run,
    Shift,
    StrandedPledge,
    Totals,
)

FORMAT = "concord-plan"
VERSION = 1


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain dictionaries and lists, ready for `json.dump`."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "scenario": {"title": plan.title, "fingerprint": plan.fingerprint},
        "status": plan.status,
        "objectives": _dictionaries(plan.objectives),
        "totals": dataclasses.asdict(plan.totals),
        "activities": _dictionaries(plan.activities),
        "allocations": _dictionaries(plan.allocations),
        "delivery": _dictionaries(plan.delivery),
        "gaps": _dictionaries(plan.gaps),
        "rules": _dictionaries(plan.rules),
        "prices": _dictionaries(plan.prices),
        "asks": _dictionaries(plan.asks),
        "conflict": _dictionaries(plan.conflict),
        "fixes": [
            {
                "text": fix.text,
                "changes": [_change_to_json(change) for change in fix.changes],
                "totals": None if fix.totals is None else dataclasses.asdict(fix.totals),
            }
            for fix in plan.fixes
        ],
        "pro_rata": None if plan.pro_rata is None else dataclasses.asdict(plan.pro_rata),
        "baseline": None if plan.baseline is None else dataclasses.asdict(plan.baseline),
        "stranded": _dictionaries(plan.stranded),
        "changes": _dictionaries(plan.changes),
        "run": dataclasses.asdict(plan.run),
        "id": plan.id,
        "name": plan.name,
        "made_at": plan.made_at,
    }


def plan_from_json(data: dict[str, Any]) -> Plan:
    """The plan that `plan_to_json` wrote, now or when it wrote less.

    Raises KeyError, TypeError or ValueError on anything else.
    """
    if data.get("format") != FORMAT or data.get("version") != VERSION:
        raise ValueError(f"not a {FORMAT} of version {VERSION}")
    return Plan(
        title=data["scenario"]["title"],
        fingerprint=data["scenario"]["fingerprint"],
        status=data["status"],
        objectives=tuple(ObjectiveResult(**row) for row in data["objectives"]),
        totals=Totals(**data["totals"]),
        activities=tuple(ActivityResult(**row) for row in data["activities"]),
        allocations=tuple(Allocation(**row) for row in data["allocations"]),
        delivery=tuple(DeliveryPayment(**row) for row in data["delivery"]),
        gaps=tuple(Gap(**_with_parts(row)) for row in data["gaps"]),
        rules=tuple(RuleReport(**row) for row in data["rules"]),
        prices=tuple(ConditionPrice(**row) for row in data.get("prices", ())),
        asks=tuple(
            Ask(**row | {"partners": tuple(row["partners"]), "pledges": tuple(row["pledges"])})
            for row in data.get("asks", ())
        ),
        conflict=tuple(ConflictMember(**row) for row in data["conflict"]),
        fixes=tuple(
            Fix(
                fix["text"],
                tuple(_change_from_json(change) for change in fix["changes"]),
                None if fix.get("totals") is None else Totals(**fix["totals"]),
            )
            for fix in data["fixes"]
        ),
        pro_rata=_comparison_from_json(data.get("pro_rata")),
        baseline=_comparison_from_json(data.get("baseline")),
        stranded=tuple(StrandedPledge(**_with_parts(row)) for row in data.get("stranded", ())),
        changes=tuple(Shift(**row) for row in data.get("changes", ())),
        run=Run(**data["run"]),
        id=data["id"],
        name=data["name"],
        made_at=data["made_at"],
    )


def _dictionaries(rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [_plain(row) for row in rows]


def _plain(value: Any) -> Any:
    """A field as JSON holds it: a tuple as a list, the dataclasses in it as dictionaries."""
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if dataclasses.is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def _with_parts(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a gap or a stranded pledge with its parts, which earlier plans do not have."""
    return {**row, "parts": tuple(Part(**part) for part in row.get("parts", ()))}


def _comparison_from_json(data: dict[str, Any] | None) -> Comparison | None:
    return None if data is None else Comparison(Totals(**data["totals"]), tuple(data["broken"]))


def _change_to_json(change: Change) -> dict[str, Any]:
    return {
        "sheet": change.sheet,
        "key": dict(change.key),
        "column": change.column,
        "from": change.old,
        "to": change.new,
    }


def _change_from_json(data: dict[str, Any]) -> Change:
    return Change(data["sheet"], data["key"], data["column"], data["from"], data["to"])
