"""What formulas make of one cell as somebody filled it in: the import reads it in the same way.

`cell` names the cell, `written` the one that holds its text as `text_of` gives it. Each function gives a formula for
the value as it is read: nothing for an empty cell, and UNREADABLE for one that the import refuses. What no formula can
tell, such as a day from a number, is not told.
"""

from collections.abc import Iterable

from planner.cells import BLANKS, LONGEST_CODE
from planner.exchange.contribution.codes import CodeList
from planner.exchange.contribution.layout import FIRST_ROW

UNREADABLE = "?:"  # no code holds a colon, and the beginning of a text has a sign of its own
UNKNOWN = "?"
TWO_READINGS = f"{UNREADABLE} "  # and what to write instead
TOO_LARGE = "1E+15"
_NUMBER_SIGNS = "0123456789.+-e"
_LONGEST_TEXT = 32767  # characters in one cell
_TEXT_SIGN = "_"
_NO_BLANK, _LINE_BREAKS = '""', {"\n": '" "', "\r": '" "'}
_CONTROLS = {"\t": "CHAR(9)", "\n": "CHAR(10)", "\r": "CHAR(13)"}


def text_of(cell: str) -> str:
    """The text of a cell, without outer blanks of any kind."""
    written = cell
    for blank in BLANKS.replace(" ", ""):
        quoted = _CONTROLS.get(blank, f'"{blank}"')
        written = f'SUBSTITUTE({written},{quoted}," ")'
    return f"=TRIM({written})"


def word(cell: str, written: str, words: Iterable[str]) -> str:
    """One of some words, in small letters."""
    listed = ",".join(f'"{each.lower()}"' for each in words)
    is_known = f"SUMPRODUCT(--EXACT(LOWER({written}),{{{listed}}}))>0"
    return _read(cell, written, f'IF({is_known},LOWER({written}),"{UNREADABLE}")')


def text(written: str) -> str:
    """Any text: the beginning of it."""
    return f'=IFERROR(IF({written}="","","{_TEXT_SIGN}"&LEFT({written},{LONGEST_CODE})),"{UNREADABLE}")'


def listed_code(cell: str, written: str, codes: CodeList) -> str:
    """A code of a list, in its letter case."""
    return _read(cell, written, f'IF({_place(written, codes)}>0,{written},"{UNREADABLE}")')


def free_code(cell: str, written: str) -> str:
    """A code that stands in no list."""
    wrong = f'LEN({written})>{LONGEST_CODE},ISNUMBER(SEARCH(";",{written})),ISNUMBER(SEARCH(":",{written}))'
    wrong = f"{wrong},{_has_line_break(cell)}"
    return _read(cell, written, f'IF(OR({wrong}),"{UNREADABLE}",{written})')


def listed_codes(cell: str, written: str, codes: CodeList) -> str:
    """Codes of a list with semicolons between them: what is in the list must add up to all that is written."""
    joined = _between_semicolons(written)
    doubled = f'";"&SUBSTITUTE({joined},";",";;")&";"'
    area = codes.area()
    found = f'LEN({doubled})-LEN(SUBSTITUTE({doubled},";"&{area}&";",""))'
    known = f"SUMPRODUCT(({found})/(LEN({area})+2)*LEN({area}))"
    return _read(cell, written, f'IF({known}<LEN(SUBSTITUTE({joined},";","")),"{UNREADABLE}",{joined})')


def free_codes(cell: str, written: str) -> str:
    """Codes that stand in no list, with semicolons between them."""
    joined = _between_semicolons(written)
    stretch = f"MID({joined},ROW($1:${_LONGEST_TEXT}),{LONGEST_CODE + 1})"  # one without a semicolon is of one code
    of_one_code = f'SUMPRODUCT((LEN({stretch})>{LONGEST_CODE})*ISERR(FIND(";",{stretch})))>0'
    too_long = f"IF(LEN({joined})>{LONGEST_CODE},{of_one_code},FALSE)"
    wrong = f'ISNUMBER(SEARCH(":",{written})),{too_long},{_has_line_break(cell)}'
    return _read(cell, written, f'IF(OR({wrong}),"{UNREADABLE}",{joined})')


def amount(cell: str, written: str) -> str:
    """A number from 0, as a number or as text with a decimal point or comma; TWO_READINGS of `260.000`."""
    plain = _plain(written)
    bare = f'SUBSTITUTE(SUBSTITUTE({plain},"-",""),"+","")'
    signs = f'LEN({bare})-LEN(SUBSTITUTE(SUBSTITUTE({bare},".",""),"e",""))=1,LEFT(RIGHT({bare},4),1)="."'
    is_either = f'AND(NOT(ISNUMBER({cell})),LEN({bare})>4,LEN({bare})<8,LEFT({bare},1)<>"0",{signs})'
    decimals = f'IF(RIGHT({plain},1)="0",LEFT({plain},LEN({plain})-1),{plain}&"0")'
    readings = f'"{TWO_READINGS}"&SUBSTITUTE({plain},".","")&" or "&{decimals}'
    number = _number(cell, written)
    return _read(cell, written, f'IF({number}<0,"{UNREADABLE}",IF({is_either},{readings},{_within(number)}))')


def share(cell: str, written: str) -> str:
    """A number from 0 to 1; text with a percent sign too."""
    is_percentage = f'RIGHT({written},1)="%"'
    bare = f"LEFT({written},LEN({written})-IF({is_percentage},1,0))"
    return _read(cell, written, _within(f"{_number(cell, bare)}/IF({is_percentage},100,1)", "<=1"))


def period(cell: str, written: str, periods: CodeList) -> str:
    """The number of a period: written as its name, its number, or a day inside it."""
    named = _place(f"LOWER({written})", periods, f"LOWER({periods.area()})")
    number = _number(cell, written)
    counted = f"IF({number}>{len(periods.rows)},{_period_of(number, periods)},1/({number}>=1)*{number})"
    numbered = f"IF({number}=INT({number}),{counted},NA())"
    dated = _period_of(_written_day(written), periods)
    return _read(cell, written, f'IF({named}>0,{named},IFERROR({numbered},IFERROR({dated},"{UNREADABLE}")))')


def beside_code(code: str, codes: CodeList, number: int) -> str:
    """An expression for what stands in a column of a list beside a code; an error where the list has no such code."""
    place = _place(code, codes)
    return f"INDEX({codes.area(number)},IF({place}=0,NA(),{place}))"


def _read(cell: str, written: str, value: str) -> str:
    return f'=IFERROR(IF({written}="","",IF(ISLOGICAL({cell}),"{UNREADABLE}",{value})),"{UNREADABLE}")'


def _within(number: str, limit: str = f"<{TOO_LARGE}") -> str:
    return f'IF(AND({number}>=0,{number}{limit}),{number},"{UNREADABLE}")'


def _place(code: str, codes: CodeList, area: str = "") -> str:
    """The place of a code in a list from 1; 0 where it is none. Looking it up would not mind letter case."""
    return f"SUMPRODUCT(EXACT({code},{area or codes.area()})*(ROW({codes.area()})-{FIRST_ROW - 1}))"


def _period_of(day: str, periods: CodeList) -> str:
    """The number of the period that a day lies in; an error outside the plan, and where periods have no days."""
    if len(periods.headings) == 1:
        return "NA()"
    end = f"MAX({periods.area(3)})+1"
    return f"MATCH(IF({day}<{end},{day},NA()),{periods.area(2)},1)"


def _written_day(written: str) -> str:
    """A day written as 2027-03-31; an error for other texts."""
    date = f"DATE(LEFT({written},4),MID({written},6,2),MID({written},9,2))"
    same = f'YEAR({date})&"-"&RIGHT("0"&MONTH({date}),2)&"-"&RIGHT("0"&DAY({date}),2)'
    return f"IF(EXACT({same},{written}),{date},NA())"


def _number(cell: str, written: str) -> str:
    """The number in a cell, or the one that its text writes; an error where there is none."""
    plain = _plain(written)
    character = f"MID({plain},ROW($1:${LONGEST_CODE}),1)"
    is_strange = f'SUMPRODUCT(({character}<>"")*ISERR(FIND({character},"{_NUMBER_SIGNS}")))>0'
    is_sum = f'ISNUMBER(SEARCH("-",SUBSTITUTE(MID({plain},2,{LONGEST_CODE}),"e-","")))'
    return f'IF(ISNUMBER({cell}),{cell},IF(OR({is_strange},{is_sum}),NA(),_xlfn.NUMBERVALUE({plain},"."," ")))'


def _plain(written: str) -> str:
    """The text of a number without blanks, with a decimal point."""
    return f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE(LOWER({written})," ",""),"\u2212","-"),",",".")'


def _has_line_break(cell: str) -> str:
    """Whether a line ends inside a code: outer blanks and those beside semicolons do not count."""
    bare = cell
    for blank in BLANKS:
        quoted = _CONTROLS.get(blank, f'"{blank}"')
        bare = f"SUBSTITUTE({bare},{quoted},{_LINE_BREAKS.get(blank, _NO_BLANK)})"
    return f'ISNUMBER(FIND(" ",{_between_semicolons(f"TRIM({bare})")}))'


def _between_semicolons(written: str) -> str:
    return f'SUBSTITUTE(SUBSTITUTE({written},"; ",";")," ;",";")'
