"""What partners bring: partners, resources, pledges and the limits they put on them."""

from dataclasses import dataclass

from resources.columns import Kind, Row, column

STATUSES = ("pledge", "commitment", "paid")  # announced, signed, received: each counts for less than the next
CATEGORIES = ("funding", "logistics", "personnel")
USES = ("consumed", "reusable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner(Row):
    """An organisation that brings something or carries something out."""

    code: str = column(Kind.CODE, "Short name used in the other tables.", required=True, key=True)
    name: str = column(Kind.TEXT, "Full name of the organisation.")
    type: str = column(Kind.CODE, "Kind of organisation (IATI OrganisationType).", suggestions="organisation_types")
    local: bool = column(Kind.YES_NO, "Counts as a local partner.", default=False)
    country: str = column(Kind.CODE, "Country the partner is local to; empty = any.", suggestions="countries")
    fair_share: float | None = column(Kind.SHARE, "Agreed share of what all contribute.")
    note: str = column(Kind.TEXT, "Free text.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Row):
    """A kind of thing: a currency amount, vehicles, kits, flight hours, people of one profile.

    `use`, `whole` and `unit_value` may be empty; the properties give what then counts.
    """

    code: str = column(Kind.CODE, "Short name used in the other tables.", required=True, key=True)
    name: str = column(Kind.TEXT, "What it is.")
    category: str = column(Kind.CHOICE, "Funding, logistics or personnel.", required=True, choices=CATEGORIES)
    unit: str = column(Kind.TEXT, "Unit that quantities are counted in.")
    use: str = column(Kind.CHOICE, "Consumed once, or reusable in every period.", choices=USES)
    whole: bool | None = column(Kind.YES_NO, "Counted in whole units only.")
    unit_value: float | None = column(
        Kind.NUMBER, "Value of one unit in scenario currency (reusable: of one unit in one period).", minimum=0
    )

    @property
    def is_funding(self) -> bool:
        """Money, in scenario currency."""
        return self.category == "funding"

    @property
    def is_reusable(self) -> bool:
        """The same units serve again in every period (personnel unless said otherwise)."""
        return (self.use or ("reusable" if self.category == "personnel" else "consumed")) == "reusable"

    @property
    def is_whole(self) -> bool:
        """Only whole units can be given (everything but funding unless said otherwise)."""
        return self.whole if self.whole is not None else not self.is_funding

    @property
    def value_per_unit(self) -> float:
        """Scenario currency per unit, and per period where reusable."""
        if self.unit_value is not None:
            return self.unit_value
        return 1.0 if self.is_funding else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge(Row):
    """An offer of one resource by one partner, with its window and earmarks.

    Only `quantity` is in the pledge's own currency. Empty periods mean the first and the last of the plan.
    """

    code: str = column(Kind.CODE, "Short name of the pledge.", required=True, key=True)
    partner: str = column(Kind.CODE, "Who gives it.", required=True, refers_to="partners")
    resource: str = column(Kind.CODE, "What is given.", required=True, refers_to="resources")
    quantity: float = column(Kind.NUMBER, "How much, in its unit or currency.", required=True, minimum=0)
    currency: str = column(Kind.CODE, "Currency of a funding pledge; empty = the scenario's.", suggestions="currencies")
    rate: float | None = column(
        Kind.NUMBER, "Units of that currency per one of the scenario's; empty = the exchange rate table.", above=0
    )
    overhead: float = column(Kind.SHARE, "Share taken off before anything can be spent.", default=0.0)
    from_period: int | None = column(Kind.PERIOD, "First period it can be used in; empty = 1.")
    to_period: int | None = column(Kind.PERIOD, "Last period it can be used in; empty = the last.")
    status: str = column(Kind.CHOICE, "Announced, signed or paid.", default="commitment", choices=STATUSES)
    likelihood: float = column(Kind.SHARE, "How likely it is to arrive.", default=1.0)
    initiatives: tuple[str, ...] = column(
        Kind.CODES, "Earmark: only these initiatives; empty = any.", refers_to="initiatives"
    )
    regions: tuple[str, ...] = column(Kind.CODES, "Earmark: only these regions; empty = any.", refers_to="regions")
    exclude_initiatives: tuple[str, ...] = column(
        Kind.CODES, "Earmark: none of these initiatives.", refers_to="initiatives"
    )
    exclude_regions: tuple[str, ...] = column(Kind.CODES, "Earmark: none of these regions.", refers_to="regions")
    languages: tuple[str, ...] = column(Kind.CODES, "Languages the people speak (ISO 639).")
    agreement: str = column(Kind.CODE, "Rows with one agreement are instalments of one pledge.")
    mobilisation_cost: float = column(
        Kind.NUMBER, "Cost once, if the pledge is used at all, in scenario currency.", default=0.0, minimum=0
    )
    note: str = column(Kind.TEXT, "Free text.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto(Row):
    """A partner's refusal: its pledges serve no activity that matches.

    With `with_partner` the two never both serve one matching activity; with `implementer` the refusal covers the
    activities which that partner carries out.
    """

    partner: str = column(Kind.CODE, "Who refuses.", required=True, refers_to="partners")
    initiative: str = column(Kind.CODE, "Refused initiative; empty = any.", refers_to="initiatives")
    region: str = column(Kind.CODE, "Refused region; empty = any.", refers_to="regions")
    with_partner: str = column(Kind.CODE, "Refuses to serve together with this partner.", refers_to="partners")
    implementer: str = column(Kind.CODE, "Refuses what this partner carries out.", refers_to="partners")
    reason: str = column(Kind.TEXT, "Why, in the partner's words.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCost(Row):
    """What bringing a resource to a region costs, and how long it takes; an empty cell says nothing about it."""

    partner: str = column(Kind.CODE, "Whose delivery; empty = any partner.", key=True, refers_to="partners")
    resource: str = column(
        Kind.CODE, "What is delivered; empty = any logistics or personnel.", key=True, refers_to="resources"
    )
    region: str = column(Kind.CODE, "Where to; empty = any region.", key=True, refers_to="regions")
    cost_per_unit: float | None = column(Kind.NUMBER, "Scenario currency per unit (reusable: and period).", minimum=0)
    fixed_cost: float | None = column(Kind.NUMBER, "Scenario currency, once.", minimum=0)
    lead_periods: int | None = column(Kind.WHOLE, "Periods after the start of the window before it arrives.", minimum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRate(Row):
    """Units of a currency per one unit of scenario currency."""

    currency: str = column(Kind.CODE, "Currency (ISO 4217).", required=True, key=True, suggestions="currencies")
    rate: float = column(Kind.NUMBER, "Units of it per one unit of scenario currency.", required=True, above=0)
    date: str = column(Kind.TEXT, "Date of the rate.")
