"""One immutable scenario: what partners bring, what initiatives need, under which rules, towards which objectives."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from resources.columns import Column, Kind, Row, column, columns_of, new_id
from resources.offers import DeliveryCost, ExchangeRate, Partner, Pledge, Resource, Veto

PERIOD_LENGTHS = {"month": 1, "quarter": 3, "year": 12}  # months
WEIGHTINGS = ("activity", "requirement", "people")
SENSITIVITIES = ("public", "internal", "confidential")
GO_CHOICES = ("decide", "must", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Row):
    """The scenario's own figures (sheet `Scenario`, one key and value per line)."""

    title: str = column(Kind.TEXT, "Title of the scenario.")
    currency: str = column(
        Kind.CODE, "Currency of every amount but pledged quantities.", default="USD", suggestions="currencies"
    )
    start: date | None = column(Kind.DATE, "First day of period 1.")
    period: str = column(Kind.CHOICE, "Length of a period.", default="quarter", choices=tuple(PERIOD_LENGTHS))
    periods: int = column(Kind.WHOLE, "Number of periods.", default=1, minimum=1, maximum=1200)
    weighting: str = column(Kind.CHOICE, "What makes an activity weigh more.", default="activity", choices=WEIGHTINGS)
    sensitivity: str = column(Kind.CHOICE, "Who may see it.", default="internal", choices=SENSITIVITIES)
    note: str = column(Kind.TEXT, "Free text.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(Row):
    """Where: `code` is a p-code, kept as text. Severity and access: higher is worse."""

    code: str = column(Kind.CODE, "p-code, as text.", required=True, key=True)
    name: str = column(Kind.TEXT, "Name of the region.")
    country: str = column(Kind.CODE, "Country (ISO 3166 alpha-3).", suggestions="countries")
    severity: float | None = column(Kind.NUMBER, "Severity 1-5, higher is worse; empty = 1.", minimum=1, maximum=5)
    people_in_need: float | None = column(Kind.NUMBER, "People in need.", minimum=0)
    access: float = column(Kind.NUMBER, "Access constraints 0-5, higher is worse.", default=0.0, minimum=0, maximum=5)
    languages: tuple[str, ...] = column(Kind.CODES, "Languages spoken (ISO 639).")
    latitude: float | None = column(Kind.NUMBER, "Degrees north.", minimum=-90, maximum=90)
    longitude: float | None = column(Kind.NUMBER, "Degrees east.", minimum=-180, maximum=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative(Row):
    """What is to be done."""

    code: str = column(Kind.CODE, "Short name used in the other tables.", required=True, key=True)
    name: str = column(Kind.TEXT, "What it is.")
    strategy: str = column(Kind.TEXT, "Strategy it follows.", suggestions="strategies")
    dac_code: str = column(Kind.CODE, "Purpose (OECD-DAC).", suggestions="dac_purposes")
    priority: float = column(Kind.NUMBER, "How much it weighs.", default=1.0, above=0)
    prerequisites: tuple[str, ...] = column(
        Kind.CODES, "Initiatives that must go ahead in the same region.", refers_to="initiatives"
    )
    exclusive_group: str = column(Kind.CODE, "At most one initiative of a group goes ahead per region.")
    together: bool = column(Kind.YES_NO, "Goes ahead in all its regions or in none.", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(Row):
    """How much of a resource an activity needs in a period."""

    initiative: str = column(Kind.CODE, "Which initiative.", required=True, key=True, refers_to="initiatives")
    region: str = column(Kind.CODE, "Where.", required=True, key=True, refers_to="regions")
    resource: str = column(Kind.CODE, "What is needed.", required=True, key=True, refers_to="resources")
    period: int = column(Kind.PERIOD, "When.", default=1, key=True)
    quantity: float = column(Kind.NUMBER, "How much.", required=True, minimum=0)
    weight: float = column(Kind.NUMBER, "Weight of the resource in its activity.", default=1.0, above=0)
    essential: bool = column(Kind.YES_NO, "Nothing works without it.", default=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(Row):
    """What is known of an initiative in a region beside its requirements."""

    initiative: str = column(Kind.CODE, "Which initiative.", required=True, key=True, refers_to="initiatives")
    region: str = column(Kind.CODE, "Where.", required=True, key=True, refers_to="regions")
    implementer: str = column(Kind.CODE, "Who carries it out.", refers_to="partners")
    people: float | None = column(Kind.NUMBER, "People served; empty = the region's people in need.", minimum=0)
    min_share: float = column(Kind.SHARE, "Least share of each resource it needs to go ahead.", default=0.0)
    min_partners: int = column(Kind.WHOLE, "Least number of partners that serve it.", default=0, minimum=0)
    priority: float | None = column(Kind.NUMBER, "How much it weighs; empty = the initiative's.", above=0)
    go: str = column(Kind.CHOICE, "Decide, must go ahead, or no.", default="decide", choices=GO_CHOICES)
    note: str = column(Kind.TEXT, "Free text.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Row):
    """One condition of the plan; keys and meanings are those of the planning model. `value` is kept as typed."""

    rule: str = column(Kind.CODE, "Which rule.", required=True, key=True)
    value: str = column(Kind.TEXT, "Its figure, as the rule asks for it.")
    scope: str = column(Kind.TEXT, "What it covers, kind:code; empty = the whole plan or each.", key=True)
    on: bool = column(Kind.YES_NO, "Whether it counts.", default=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective(Row):
    """One level of what the plan should be good at; lower `order` first."""

    order: int = column(Kind.WHOLE, "Rank, the lowest first.", required=True)
    objective: str = column(Kind.CODE, "Which objective.", required=True, key=True)
    tolerance: float = column(Kind.SHARE, "Share of it that later objectives may give up.", default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineLine(Row):
    """One line of the plan agreed last. Lines with the same key are added up."""

    pledge: str = column(Kind.CODE, "Which pledge.", required=True, refers_to="pledges")
    initiative: str = column(Kind.CODE, "Which initiative.", required=True, refers_to="initiatives")
    region: str = column(Kind.CODE, "Where.", required=True, refers_to="regions")
    resource: str = column(Kind.CODE, "The pledge's resource.", refers_to="resources")
    period: int = column(Kind.PERIOD, "When.", default=1)
    quantity: float = column(Kind.NUMBER, "How much was agreed.", required=True, minimum=0)
    keep: bool = column(Kind.YES_NO, "Every plan holds exactly this quantity.", default=False)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a scenario: its sheet, its attribute on Scenario and the class of its rows."""

    sheet: str
    name: str
    row_class: type[Row]
    is_required: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """The table's columns in workbook order."""
        return columns_of(self.row_class)

    @property
    def key_columns(self) -> tuple[Column, ...]:
        """The columns that name a row; empty where rows with equal keys are allowed."""
        return tuple(described for described in self.columns if described.is_key)


TABLES: tuple[Table, ...] = (
    Table("Partners", "partners", Partner, is_required=True),
    Table("Regions", "regions", Region, is_required=True),
    Table("Initiatives", "initiatives", Initiative, is_required=True),
    Table("Resources", "resources", Resource, is_required=True),
    Table("Pledges", "pledges", Pledge, is_required=True),
    Table("Requirements", "requirements", Requirement, is_required=True),
    Table("Activities", "activities", Activity),
    Table("Vetoes", "vetoes", Veto),
    Table("DeliveryCosts", "delivery_costs", DeliveryCost),
    Table("ExchangeRates", "exchange_rates", ExchangeRate),
    Table("Rules", "rules", Rule),
    Table("Objectives", "objectives", Objective),
    Table("Baseline", "baseline", BaselineLine),
)
TABLE_BY_NAME = {table.name: table for table in TABLES}
TABLE_BY_SHEET = {table.sheet: table for table in TABLES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Everything a plan is made from. Never changed: edits make a new one."""

    settings: Settings = field(default_factory=Settings)
    partners: tuple[Partner, ...] = ()
    regions: tuple[Region, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    resources: tuple[Resource, ...] = ()
    pledges: tuple[Pledge, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    activities: tuple[Activity, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    delivery_costs: tuple[DeliveryCost, ...] = ()
    exchange_rates: tuple[ExchangeRate, ...] = ()
    rules: tuple[Rule, ...] = ()
    objectives: tuple[Objective, ...] = ()
    baseline: tuple[BaselineLine, ...] = ()
    id: str = field(default_factory=new_id, compare=False)

    def rows(self, table: Table) -> tuple[Any, ...]:
        """The rows of one table."""
        rows: tuple[Any, ...] = getattr(self, table.name)
        return rows

    def tables(self) -> Iterator[tuple[Table, tuple[Any, ...]]]:
        """Every table with its rows, in workbook order."""
        for table in TABLES:
            yield table, self.rows(table)
