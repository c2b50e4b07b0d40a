"""What the checks of a scenario say, in the words of a contribution workbook: its own headings and its sheet Codes."""

import re

from planner.exchange.contribution.layout import CODES_SHEET, RowSheet

_OTHER_PARTNERS = ("with_partner", "implementer")  # no sheet of the workbook lists them
_OF_CODES = f"a code of the sheet {CODES_SHEET}"
_FOR_COORDINATORS = (
    (re.compile(r"a code of the sheet \w+, or add it there"), _OF_CODES),
    (re.compile(r"a code of the sheet \w+"), _OF_CODES),
    (re.compile(r"write one in the column rate, or a row for .* in the sheet ExchangeRates"), f"choose {_OF_CODES}"),
    (re.compile(r", or change periods in the sheet Scenario"), ""),
    (re.compile(r"\bthe scenario has\b"), "the plan has"),
    (re.compile(r"^A veto names\b"), "A refusal names"),
)


def say_to_partner(message: str, sheet: RowSheet, column: str) -> str:
    """A sentence on a cell of a scenario, for the partner who filled in `column` of `sheet`."""
    for pattern, words in _FOR_COORDINATORS:
        message = pattern.sub(words, message)
    if column in _OTHER_PARTNERS:
        message = message.replace(f"Write {_OF_CODES}.", "Ask the coordinator for the code.")
    for field in sheet.fields:
        name = re.escape(field.name)
        is_plain_word = "_" not in field.name and field.name != "implementer"
        places = rf"^{name}(?= is )|(?<=^The cell ){name}(?= is empty)|(?<= known in ){name}(?=;)"
        message = re.sub(places if is_plain_word else rf"\b{name}\b", f"“{field.heading}”", message)
    return message
