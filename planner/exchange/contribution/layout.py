"""What stands where in a contribution workbook: writing and reading agree on it here."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from planner.cells import LONGEST_CODE
from planner.scenario import TABLE_BY_NAME, Table
from resources.columns import Column
from resources.offers import Veto

FORMAT = "Concord contribution 1"
START_SHEET, PLEDGES_SHEET, REFUSALS_SHEET, CODES_SHEET = "Start", "Pledges", "Refusals", "Codes"
FORMAT_LABEL, PARTNER_LABEL, PLAN_LABEL = "Format", "Partner code", "Plan"
HEADER_ROW, FIRST_ROW = 4, 5  # of the sheets with rows
STATUS, CHECK, ROW_CODE, NAME, UNIT, VALUE = "Status", "Check", "Code", "Name", "Unit", "Counts as"


class Answer(StrEnum):
    """What the partner says of a row."""

    NEW = "New"
    UPDATE = "Update"
    NONE = "No update"
    DELETE = "Delete"


ANSWER_MEANINGS = {
    Answer.NEW: "A row that you add, in one of the empty rows below yours.",
    Answer.UPDATE: "You changed something in this row.",
    Answer.NONE: "Nothing is taken over from this row. An empty status means the same.",
    Answer.DELETE: "This row is taken out.",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column that the partner fills in: its heading, and the column of the scenario's table behind it."""

    name: str
    heading: str
    width: int
    hint: str


@dataclass(frozen=True, slots=True, eq=False)
class RowSheet:
    """A sheet of the partner's rows of one table."""

    title: str
    table: Table
    fields: tuple[Field, ...]
    worked_out: Mapping[str, tuple[str, int]]  # columns of formulas: the field that each follows, and its width

    def column(self, name: str) -> Column:
        """The column of the scenario's table behind a field."""
        return next(column for column in self.table.columns if column.name == name)

    @property
    def reading_title(self) -> str:
        """The title of the hidden sheet that tells what is read of each cell."""
        return f"{self.title} as read"

    @property
    def columns(self) -> tuple[Field, ...]:
        """Every column from left to right; of those that are not filled in, the name is the heading."""
        columns = [
            Field(STATUS, STATUS, 12, "Choose one for each row that you touch."),
            Field(CHECK, CHECK, 32, "OK, or why the row cannot be taken in."),
            Field(ROW_CODE, ROW_CODE, 14, ""),
        ]
        for field in self.fields:
            columns.append(field)
            columns += [
                Field(name, name, width, "") for name, (at, width) in self.worked_out.items() if at == field.name
            ]
        return tuple(columns)


# Not in the file: likelihood, rate and note are the coordinator's own words on a pledge.
PLEDGES = RowSheet(
    PLEDGES_SHEET,
    TABLE_BY_NAME["pledges"],
    (
        Field("resource", "Resource", 14, "What you bring: a code of the sheet Codes."),
        Field("quantity", "Quantity", 14, "How much, in the unit beside it. People and vehicles: how many at a time."),
        Field("currency", "Currency", 10, "Of money; empty means the currency of the plan."),
        Field("overhead", "Overhead", 10, "Share that is taken off before anything can be spent, such as 7 %."),
        Field("from_period", "From", 12, "First period in which it can be used; empty means the first of the plan."),
        Field("to_period", "To", 12, "Last period in which it can be used; empty means the last of the plan."),
        Field("status", "Pledge status", 14, "pledge: announced; commitment: signed; paid: received."),
        Field("initiatives", "Only initiatives", 20, "Codes with semicolons between them; empty means any."),
        Field("regions", "Only regions", 20, "Codes with semicolons between them; empty means any."),
        Field("exclude_initiatives", "Not initiatives", 18, "Codes with semicolons between them."),
        Field("exclude_regions", "Not regions", 18, "Codes with semicolons between them."),
        Field("languages", "Languages", 12, "Of people, ISO 639 codes with semicolons between them, such as fr; ar."),
        Field("agreement", "Agreement", 14, "Rows with the same agreement are instalments of one pledge."),
        Field("mobilisation_cost", "Mobilisation cost", 14, "Once, if any of it is used, in the currency of the plan."),
        Field("note", "Remark", 30, "Anything the coordinator should know. An empty remark changes nothing."),
    ),
    {NAME: ("resource", 24), UNIT: ("quantity", 12), VALUE: ("overhead", 16)},
)
REFUSALS = RowSheet(
    REFUSALS_SHEET,
    TABLE_BY_NAME["vetoes"],
    (
        Field("initiative", "Initiative", 18, "You do not serve this initiative; empty means any."),
        Field("region", "Region", 18, "... in this region; empty means any."),
        Field("with_partner", "Not together with", 20, "Code of a partner that you do not serve together with."),
        Field("implementer", "Not carried out by", 20, "Code of a partner whose activities you do not serve."),
        Field("reason", "Reason", 50, "Why, in your own words."),
    ),
    {},
)
ROW_SHEETS = (PLEDGES, REFUSALS)
LISTS = {  # field -> the list of codes that it is chosen from
    "resource": "resources", "currency": "currencies", "from_period": "periods", "to_period": "periods",
    "initiatives": "initiatives", "exclude_initiatives": "initiatives", "initiative": "initiatives",
    "regions": "regions", "exclude_regions": "regions", "region": "regions",
}  # fmt: skip


def refusal_code(veto: Veto) -> str:
    """What stands for a refusal, which has no code: a few digits of the hash of all that it says."""
    said = "\x1f".join(getattr(veto, field.name) for field in REFUSALS.fields)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def fresh_codes(partner: str, taken: Collection[str]) -> Iterator[str]:
    """Codes for new pledges of a partner that no pledge has yet: the partner's own code counted on."""
    for number in count(1):
        code = f"{partner[: LONGEST_CODE - 6]}-{number}"
        if code not in taken:
            yield code


def names_nothing(veto: Veto) -> bool:
    """Whether a refusal is of everything there is."""
    return not (veto.initiative or veto.region or veto.with_partner or veto.implementer)
