"""The formulas of a contribution workbook. `at` names the cell of each column in the formula's own row."""

from collections.abc import Mapping

from planner.exchange.contribution.codes import Codes
from planner.exchange.contribution.layout import NAME, REFUSALS, STATUS, VALUE, Answer

At = Mapping[str, str]


def pledge_check(at: At) -> str:
    """What is still missing in a row of a pledge, in words; nothing for an empty row."""
    is_empty = f'AND({at[STATUS]}="",{at["resource"]}="",{at["quantity"]}="")'
    return (
        f'=IF({is_empty},"",IF({at[STATUS]}="{Answer.DELETE}","OK",IF({at[STATUS]}="","Choose a status",'
        f'IF({at["resource"]}="","Resource is missing",IF({at[NAME]}="?","Resource is not in the list",'
        f'IF(NOT(ISNUMBER({at["quantity"]})),"Quantity is missing",'
        f'IF({at[VALUE]}="?","No rate for this currency","OK")))))))'
    )


def refusal_check(at: At) -> str:
    """What is still missing in a row of a refusal, in words; nothing for an empty row."""
    named = ",".join(f'{at[field.name]}=""' for field in REFUSALS.fields)
    both = f'AND({at["with_partner"]}<>"",{at["implementer"]}<>"")'
    return (
        f'=IF(AND({at[STATUS]}="",{named}),"",IF({at[STATUS]}="","Choose a status",'
        f'IF({both},"Name one partner, not two","OK")))'
    )


def resource_name(at: At, codes: Codes) -> str:
    """The name of the resource; ? where the list has no such code."""
    return f'=IF({at["resource"]}="","",{_of_resource(at, codes, 2, "?")})'


def unit(at: At, codes: Codes) -> str:
    """What the quantity is counted in."""
    currency = f'IF({at["currency"]}="",{codes.lists["currencies"].first},{at["currency"]})'
    is_money = f'{_of_resource(at, codes, 4)}="funding"'
    return f'=IF({at["resource"]}="","",IF({is_money},{currency},{_of_resource(at, codes, 3)}&""))'


def usable_money(at: At, codes: Codes, own_rate: float | None) -> str:
    """What a pledge of money can be spent: quantity / rate · (1 − overhead), to the nearest 0.01."""
    listed = f"VLOOKUP({at['currency']},{codes.lists['currencies'].area()},2,FALSE)"
    rate = f'IF({at["currency"]}="",1,{listed if own_rate is None else repr(own_rate)})'
    usable = f"ROUND({at['quantity']}/{rate}*(1-N({at['overhead']})),2)"
    is_money = f'AND({_of_resource(at, codes, 4)}="funding",ISNUMBER({at["quantity"]}))'
    return f'=IF({is_money},IFERROR({usable},"?"),"")'


def _of_resource(at: At, codes: Codes, column: int, otherwise: str = "") -> str:
    return f'IFERROR(VLOOKUP({at["resource"]},{codes.lists["resources"].area()},{column},FALSE),"{otherwise}")'
