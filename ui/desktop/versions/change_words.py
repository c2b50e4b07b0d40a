"""Changes as people read them: names for codes, figures with separators and their unit."""

from typing import Any

from planner.merge import Change, Disputed
from planner.merge.change import EXTRA, SETTINGS, Presence
from planner.merge.words import NAMING, NOTHING, value_words
from planner.scenario import TABLE_BY_NAME, Rule, Scenario
from ui.desktop.session import SETTINGS as SETTINGS_TABLE
from ui.desktop.tables import headings
from ui.desktop.tables.cell_words import CellWords

SEPARATOR = " · "
WHOLE_ROW = "row"


class ChangeWords:
    """The words for changes of one scenario, whose names and units count."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._cells: dict[str, CellWords] = {}
        self._units = {row.code: row.unit for row in scenario.resources}

    def sheet(self, change: Change) -> str:
        """The table of a change, as the window calls it."""
        name = change.key.table
        if name == SETTINGS:
            return "Settings"
        return headings.TABLE_TITLES["requirement_grid" if name == "requirements" else name]

    def row(self, change: Change) -> str:
        """`P-013 · Northern Rivers Alliance`; empty for the settings."""
        name, row = change.key.table, change.row
        if name == SETTINGS:
            return ""
        table, words = TABLE_BY_NAME[name], self._words(name)
        naming = NAMING.get(name) or [column.name for column in table.key_columns]
        columns = [column for column in table.columns if column.name in naming]
        parts = [words.shown(column, getattr(row, column.name)) for column in columns]
        if naming == ["code"]:
            partner = getattr(row, "partner", "")
            column = next((column for column in table.columns if column.name == "partner"), None)
            parts.append(words.name(column, partner) if column is not None else getattr(row, "name", ""))
        return SEPARATOR.join(part for part in parts if part)

    def column(self, change: Change) -> str:
        """The column with its unit; `row` for rows as a whole."""
        if change.is_row:
            return WHOLE_ROW
        if change.key.column == EXTRA.name:
            return "Other columns"
        title = headings.heading(change.column, self._scenario.settings)
        unit = self._unit(change) if change.key.column == "quantity" else ""
        return f"{title}, {unit}" if unit else title

    def value(self, change: Change, value: Any) -> str:
        """A value of the change; a dash for nothing."""
        if isinstance(value, Disputed):
            return " or ".join(self.value(change, each) for each in value.values)
        if isinstance(value, Presence) or change.key.column == EXTRA.name:
            return value_words(change, value)
        if isinstance(change.row, Rule) and change.key.column == "value":
            return self._words("rules").rule_value(Rule(rule=change.row.rule, value=str(value))) or NOTHING
        return self._words(change.key.table).shown(change.column, value) or NOTHING

    def _unit(self, change: Change) -> str:
        return getattr(change.row, "currency", "") or self._units.get(getattr(change.row, "resource", ""), "")

    def _words(self, name: str) -> CellWords:
        if name not in self._cells:
            table = SETTINGS_TABLE if name == SETTINGS else TABLE_BY_NAME[name]
            self._cells[name] = CellWords(table, lambda: self._scenario)
        return self._cells[name]
