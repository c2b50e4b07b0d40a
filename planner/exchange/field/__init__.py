"""Tables from the field: who does what where (3W, 4W, 5W), and people in need by region.

Columns are guessed from their headings, tags and values; what was guessed is told, and can be put right by hand.
"""

from planner.exchange.field.building import FieldResult, column_roles, read_field
from planner.exchange.field.names import Similar
from planner.exchange.field.roles import Role, parse_mapping
from planner.exchange.field.table import is_field_workbook

__all__ = ["FieldResult", "Role", "Similar", "column_roles", "is_field_workbook", "parse_mapping", "read_field"]
