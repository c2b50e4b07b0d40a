"""Identities of made-up rows: the same sample is the same scenario on every computer and in every release."""

import dataclasses
import uuid
from typing import Any

from planner.scenario import Scenario, Table

SAMPLES_NAMESPACE = uuid.UUID("b0a5f6d2-5f0c-5d0e-9a67-0d6f0c1d3a01")


def with_stable_ids(scenario: Scenario, name: str) -> Scenario:
    """The scenario with ids derived from `name` and each row's key, instead of ids made at random."""
    changes: dict[str, Any] = {
        table.name: tuple(
            dataclasses.replace(row, id=_identity(name, table.sheet, _row_key(table, row, index)))
            for index, row in enumerate(rows)
        )
        for table, rows in scenario.tables()
    }
    settings = dataclasses.replace(scenario.settings, id=_identity(name, "Scenario", "settings"))
    return dataclasses.replace(scenario, settings=settings, id=_identity(name, "Scenario", "scenario"), **changes)


def _row_key(table: Table, row: Any, index: int) -> str:
    """What names a row of its table; rows that may repeat (vetoes, agreed lines) are named by their place."""
    keys = [str(getattr(row, described.name)) for described in table.key_columns]
    return ":".join(keys) if keys else str(index)


def _identity(*parts: str) -> str:
    return uuid.uuid5(SAMPLES_NAMESPACE, "/".join(parts)).hex
