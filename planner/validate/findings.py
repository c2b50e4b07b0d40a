"""How the checks speak: problems with their place, values in quotes, rows by number, the nearest known code."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches

from planner.problems import Place, Problem, Severity

LONGEST_QUOTE = 60
LONGEST_MESSAGE = 600
_LOOK_ALIKES = str.maketrans("oil", "011")
MOST_COMPARISONS = 20_000  # looking for near codes takes about 10 microseconds each

RowNumber = Callable[[str, int], int]


def workbook_row(sheet: str, index: int) -> int:
    """Row number in the scenario workbook: the first row of data stands below the column names."""
    return index + 2


_row_number: ContextVar[RowNumber] = ContextVar("row_number", default=workbook_row)


@contextmanager
def rows_numbered_by(row_number: RowNumber) -> Iterator[None]:
    """Name rows in messages by this numbering while the checks run."""
    token = _row_number.set(row_number)
    try:
        yield
    finally:
        _row_number.reset(token)


def error(code: str, sheet: str, row: int | None, column: str, message: str) -> Problem:
    """A problem that stops planning."""
    return Problem(code, _printable(message), _place(sheet, row, column))


def warning(code: str, sheet: str, row: int | None, column: str, message: str) -> Problem:
    """A problem that does not stop planning."""
    return Problem(code, _printable(message), _place(sheet, row, column), Severity.WARNING)


def _printable(message: str) -> str:
    """The message as one line, cut where it is endless, without what steers a terminal: a file may hold anything."""
    message = message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 3]}..."
    return message if message.isprintable() else "".join(sign if sign.isprintable() else "?" for sign in message)


def _place(sheet: str, row: int | None, column: str) -> Place:
    return Place(sheet, None if sheet == "Scenario" else row, column)  # the settings are one row, which has no number


def both_rows(sheet: str, first: int, second: int) -> str:
    """Two rows of one sheet: `rows 2 and 7 of Partners`."""
    number = _row_number.get()
    return f"rows {number(sheet, first)} and {number(sheet, second)} of {sheet}"


def quoted(value: object) -> str:
    """A value in quotes, cut where it is long; any kind of object."""
    try:
        text = value if isinstance(value, str) else repr(value)
    except Exception:  # a hostile object, or a number too long to print
        text = type(value).__name__
    return f"'{text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 3] + '...'}'"


def listed(words: Iterable[str], most: int = 3) -> str:
    """`A, B, C and 4 more`."""
    known = [word if len(word) <= LONGEST_QUOTE else f"{word[: LONGEST_QUOTE - 3]}..." for word in words]
    text = ", ".join(known[:most])
    return text if len(known) <= most else f"{text} and {len(known) - most} more"


class NearCodes:
    """Finds what a mistyped code was meant to be, within a bound on the effort for one table."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._by_form = {_form(code): code for code in known if code}
        self._comparisons_left = MOST_COMPARISONS

    def hint(self, code: str, otherwise: str) -> str:
        """`Did you mean 'R01'?`, or `otherwise` where nothing is near."""
        near = self._by_form.get(_form(code))
        if near is None and self._comparisons_left >= len(self._known):
            self._comparisons_left -= len(self._known)
            near = next(iter(get_close_matches(code, self._known, n=1)), None)
        return f"Did you mean {quoted(near)}?" if near else otherwise


def _form(code: str) -> str:
    """A code without what is lost or mistaken most often: letter case, signs, leading zeros, O for 0 and l for 1."""
    letters = "".join(character for character in code.casefold() if character.isalnum())
    return letters.translate(_LOOK_ALIKES).lstrip("0")
