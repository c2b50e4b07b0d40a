"""Partners, regions, initiatives and resources made on the spot, from a name typed into a cell that refers to one."""

import re

from planner import edits
from planner.scenario import TABLE_BY_NAME, Scenario
from ui.desktop.tables import headings

CREATED = ("partners", "regions", "initiatives", "resources")


def create_label(table_name: str, name: str) -> str:
    """`create partner “Alder Fund”`."""
    return f"create {headings.ROW_WORDS[table_name]} “{name}”"


def with_row_named(scenario: Scenario, table_name: str, name: str) -> tuple[Scenario, str]:
    """The scenario with a new row of that name, and the row's code: the name itself where that can be one."""
    taken = {row.code for row in scenario.rows(TABLE_BY_NAME[table_name])}
    can_be_code = re.fullmatch(r"[\w.+/-]{1,12}", name) is not None and name not in taken
    code = name if can_be_code else edits.propose_code(scenario, table_name)
    return edits.add_row(scenario, table_name, code=code, name=name), code
