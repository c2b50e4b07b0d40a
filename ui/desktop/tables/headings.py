"""The words above the columns of the scenario's tables, with their units."""

from planner.problems import Place
from planner.scenario import TABLE_BY_SHEET, Settings
from resources.columns import Column, Kind

TABLE_TITLES = {
    "partners": "Partners",
    "regions": "Regions",
    "initiatives": "Initiatives",
    "resources": "Resources",
    "pledges": "Pledges",
    "requirement_grid": "Requirements",
    "requirements": "Requirement list",
    "activities": "Activities",
    "vetoes": "Vetoes",
    "delivery_costs": "Delivery costs",
    "exchange_rates": "Exchange rates",
    "rules": "Rules",
    "objectives": "Objectives",
    "baseline": "Agreed plan",
}
ROW_WORDS = {  # what one row of a table is called
    "partners": "partner",
    "regions": "region",
    "initiatives": "initiative",
    "resources": "resource",
    "pledges": "pledge",
    "requirement_grid": "line",
    "requirements": "requirement",
    "activities": "activity",
    "vetoes": "veto",
    "delivery_costs": "delivery cost",
    "exchange_rates": "exchange rate",
    "rules": "rule",
    "objectives": "objective",
    "baseline": "agreed line",
}
PLURALS = {"activity": "activities", "veto": "vetoes"}
COLUMN_TITLES = {
    "dac_code": "Purpose (DAC)",
    "people_in_need": "People in need",
    "severity": "Severity, 5 is worst",
    "access": "Access, 5 is worst",
    "from_period": "From",
    "to_period": "To",
    "exclude_initiatives": "Not for initiatives",
    "exclude_regions": "Not in regions",
    "with_partner": "Not with partner",
    "min_share": "Least share",
    "min_partners": "Least partners",
    "exclusive_group": "Exclusive group",
    "unit_value": "Value of a unit",
    "whole": "Whole units",
    "go": "Goes ahead",
    "lead_periods": "Lead time",
    "on": "Counts",
    "tolerance": "May give up",
    "rate": "Rate",
    "local": "Local",
    "people": "People served",
}
MONEY = {"unit_value", "mobilisation_cost", "cost_per_unit", "fixed_cost"}
UNITS = {"lead_periods": "periods", "latitude": "°", "longitude": "°"}


def column_title(name: str) -> str:
    """What a column of this name is called, without its unit."""
    return COLUMN_TITLES.get(name, name.replace("_", " ").capitalize())


def heading(column: Column, settings: Settings) -> str:
    """The title of a column with its unit, as `Fixed cost, USD`."""
    title = column_title(column.name)
    unit = settings.currency if column.name in MONEY else UNITS.get(column.name, "")
    if column.name == "rate":
        unit = f"per {settings.currency}"
    return f"{title}, {unit}" if unit else title


def place_title(place: Place) -> str:
    """What the table of a place is called."""
    if place.sheet not in TABLE_BY_SHEET:
        return "Settings"
    name = TABLE_BY_SHEET[place.sheet].name
    return TABLE_TITLES["requirement_grid" if name == "requirements" else name]


def is_numeric(column: Column) -> bool:
    """Whether the column's cells are figures, which stand at the right."""
    return column.kind in (Kind.NUMBER, Kind.WHOLE, Kind.SHARE)


def count_words(count: int, table_name: str) -> str:
    """`37 pledges`, `1 partner`."""
    from ui.desktop.figures import number_text

    word = ROW_WORDS[table_name]
    return f"{number_text(count)} {word if count == 1 else PLURALS.get(word, word + 's')}"
