"""What people type into cells, and what it becomes."""

import math
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.cells import (
    CellError,
    fallback,
    parse_code,
    parse_codes,
    parse_date,
    parse_number,
    parse_period,
    parse_share,
    parse_whole,
    parse_yes_no,
    period_label,
    period_of,
    period_start,
    read_cell,
    show_cell,
    write_cell,
)
from planner.scenario import TABLES, Settings
from resources.columns import Column, Kind, columns_of
from tests.strategies import values_of

QUARTERS = Settings(start=date(2027, 1, 1), periods=4)
ALL_COLUMNS = [column for table in TABLES for column in table.columns] + list(columns_of(Settings))


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (7, 7.0),
        (0.1, 0.1),
        ("1,5", 1.5),
        ("1.5", 1.5),
        (" 1 250,75 ", 1250.75),
        ("1\u00a0250\u202f000", 1250000.0),
        ("-3", -3.0),
        ("\u22123", -3.0),
        ("+4", 4.0),
        (".5", 0.5),
        ("5,", 5.0),
        ("1e-9", 1e-9),
        ("1,234", 1.234),
    ],
)
def test_that_numbers_may_be_typed_with_comma_or_point_and_blanks(raw: object, number: float) -> None:
    assert parse_number(raw) == number


@pytest.mark.parametrize(
    ("raw", "advice"),
    [
        ("1.234,5", "write 1234.5"),
        ("1,234.5", "write 1234.5"),
        ("1.234.567", "write 1234567"),
        ("1,234,567.89", "write 1234567.89"),
        ("-1.234.567,8", "write -1234567.8"),
    ],
)
def test_that_thousands_separators_are_refused_with_the_number_to_write(raw: str, advice: str) -> None:
    with pytest.raises(CellError, match=advice):
        parse_number(raw)


@pytest.mark.parametrize(
    "raw",
    ["", "abc", "12 kg", "USD 5", "--5", "1_000", "0x10", "nan", "inf", "1e999", "25 %", "#REF!", math.nan, math.inf,
     -math.inf, 10**400, True, date(2027, 1, 1), datetime(2027, 1, 1), "5-", "1e", "1\u066b5"],
)  # fmt: skip
def test_that_what_is_no_finite_number_is_refused_in_one_sentence(raw: object) -> None:
    with pytest.raises(CellError) as refused:
        parse_number(raw)
    assert "write digits" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_that_whole_numbers_have_no_decimals() -> None:
    assert parse_whole(7.0) == 7
    assert isinstance(parse_whole("7"), int)
    for wrong in (7.5, "7,5", 1e30):
        with pytest.raises(CellError):
            parse_whole(wrong)


@pytest.mark.parametrize(
    ("raw", "share"),
    [("25 %", 0.25), ("25%", 0.25), ("12,5 %", 0.125), (0.25, 0.25), ("0,25", 0.25), (1, 1.0), ("0", 0.0)],
)
def test_that_shares_are_read_as_numbers_and_percentages(raw: object, share: float) -> None:
    assert parse_share(raw) == share


@pytest.mark.parametrize("raw", ["25", 25, "101 %", -0.1, "x", "%", "1,2,3 %"])
def test_that_shares_outside_0_to_1_are_refused(raw: object) -> None:
    with pytest.raises(CellError):
        parse_share(raw)


@pytest.mark.parametrize("raw", ["much", "% 25", "x %", True])
def test_that_what_is_no_share_is_told_how_a_share_is_written(raw: object) -> None:
    with pytest.raises(CellError, match="is not a share; write a number from 0 to 1, or a percentage"):
        parse_share(raw)


def test_that_a_percentage_without_its_sign_is_told_what_to_write() -> None:
    with pytest.raises(CellError, match="for 25 percent write 25 %"):
        parse_share(25)


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        *((raw, True) for raw in ("Yes", "TRUE", 1, 1.0, "1", True)),
        *((raw, False) for raw in ("no ", "False", 0, "0", False)),
    ],
)
def test_that_yes_and_no_are_read_in_every_form(raw: object, answer: bool) -> None:
    assert parse_yes_no(raw) is answer


@pytest.mark.parametrize("raw", ["maybe", 2, 0.5, "y", "", date(2027, 1, 1)])
def test_that_other_answers_than_yes_and_no_are_refused(raw: object) -> None:
    with pytest.raises(CellError, match="write yes or no"):
        parse_yes_no(raw)


@pytest.mark.parametrize(
    ("raw", "code"),
    [(7.0, "7"), (7, "7"), (7.5, "7.5"), (" 007\u00a0", "007"), ("UA 07", "UA 07"), (100000.0, "100000")],
)
def test_that_a_number_in_a_code_column_is_read_without_its_point(raw: object, code: str) -> None:
    assert parse_code(raw) == code


@pytest.mark.parametrize(
    "raw", ["", "a;b", "a:b", "a\nb", "a\u2028b", "x" * 41, True, date(2027, 3, 1), 1e20, math.nan]
)
def test_that_what_cannot_be_a_code_is_refused(raw: object) -> None:
    with pytest.raises(CellError):
        parse_code(raw)


def test_that_lists_are_separated_by_semicolons() -> None:
    assert parse_codes(" I1; 2 ;;I3;") == ("I1", "2", "I3")
    assert parse_codes(7.0) == ("7",)


def test_that_a_day_inside_a_period_names_it() -> None:
    assert parse_period("2", QUARTERS) == 2
    assert parse_period(2.0, QUARTERS) == 2
    assert parse_period(date(2027, 5, 17), QUARTERS) == 2
    assert parse_period(datetime(2027, 6, 30, 23, 59), QUARTERS) == 2
    assert parse_period("2027-12-31", QUARTERS) == 4
    assert parse_period("2028-01-01", QUARTERS) == 5, "the checks say that it is after the last period"


@pytest.mark.parametrize(
    "settings",
    [
        QUARTERS,
        Settings(start=date(2027, 1, 1), period="month", periods=24),
        Settings(start=date(2027, 1, 1), period="year", periods=3),
        Settings(start=date(2027, 2, 1), periods=4),
        Settings(start=date(2027, 1, 15), period="month", periods=4),
        Settings(periods=4),
    ],
)
def test_that_a_period_is_read_as_the_tables_show_it(settings: Settings) -> None:
    for number in range(1, settings.periods + 1):
        assert parse_period(period_label(number, settings), settings) == number
        assert parse_period(f"  {period_label(number, settings).lower()}\u00a0", settings) == number


def test_that_what_is_no_period_is_told_how_the_tables_show_one() -> None:
    with pytest.raises(CellError, match="write its name, such as 2027 Q1, its number from 1, or a date"):
        parse_period("third", QUARTERS)


@pytest.mark.parametrize(
    ("raw", "settings", "sentence"),
    [
        (date(2027, 1, 1), None, "no start date"),
        ("2027-01-01", Settings(), "no start date"),
        (date(2026, 12, 31), QUARTERS, "before the start"),
        (0, QUARTERS, "numbered from 1"),
        (-1, QUARTERS, "numbered from 1"),
        (1.5, QUARTERS, "not a period"),
        ("Q1", QUARTERS, "not a period"),
    ],
)
def test_that_what_is_no_period_is_refused(raw: object, settings: Settings | None, sentence: str) -> None:
    with pytest.raises(CellError, match=sentence):
        parse_period(raw, settings)


def test_that_months_that_are_too_short_end_a_period_on_their_last_day() -> None:
    settings = Settings(start=date(2027, 1, 31), period="month")
    assert [period_start(number, settings) for number in (1, 2, 3)] == [
        date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31),
    ]  # fmt: skip
    assert period_of(date(2027, 2, 27), settings) == 1
    assert period_of(date(2027, 2, 28), settings) == 2


@given(
    start=st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    period=st.sampled_from(("month", "quarter", "year")),
    days=st.integers(0, 20_000),
)
def test_that_every_day_lies_in_exactly_the_period_that_begins_before_it(start: date, period: str, days: int) -> None:
    settings = Settings(start=start, period=period)
    day = date.fromordinal(start.toordinal() + days)
    number = period_of(day, settings)
    assert period_start(number, settings) <= day < period_start(number + 1, settings)


@pytest.mark.parametrize(
    ("settings", "label"),
    [
        (QUARTERS, "2027 Q2"),
        (Settings(start=date(2027, 12, 1), period="month"), "2028-01"),
        (Settings(start=date(2027, 1, 1), period="year"), "2028"),
        (Settings(start=date(2027, 7, 1), period="year"), "Jul 2028 - Jun 2029"),
        (Settings(start=date(2027, 2, 1)), "May 2027 - Jul 2027"),
        (Settings(start=date(2027, 1, 15)), "2027-04-15 - 2027-07-14"),
        (Settings(), "Period 2"),
    ],
)
def test_that_periods_have_the_names_that_people_use(settings: Settings, label: str) -> None:
    assert period_label(2, settings) == label


def test_that_a_period_beyond_the_calendar_still_has_a_name() -> None:
    assert period_label(10**9, QUARTERS) == "Period 1000000000"


@pytest.mark.parametrize("raw", ["01/02/2027", "2027", 46000, "tomorrow", "2027-02-30"])
def test_that_days_are_read_in_one_form_only(raw: object) -> None:
    with pytest.raises(CellError, match="2027-03-31"):
        parse_date(raw)


def test_that_a_day_is_read_from_text_and_from_date_cells() -> None:
    assert parse_date("2027-03-31") == date(2027, 3, 31)
    assert parse_date(datetime(2027, 3, 31, 12)) == date(2027, 3, 31)
    assert type(parse_date(datetime(2027, 3, 31, 12))) is date


def test_that_an_empty_cell_gives_the_default_and_a_required_one_an_error() -> None:
    for empty in (None, "", " \u00a0"):
        assert read_cell(Column("n", Kind.NUMBER, 1.0, ""), empty) == 1.0
        with pytest.raises(CellError, match="empty"):
            read_cell(Column("c", Kind.CODE, "", "", is_required=True), empty)


def test_that_a_text_column_takes_whatever_the_spreadsheet_made_of_it() -> None:
    column = Column("value", Kind.TEXT, "", "")
    read = [read_cell(column, raw) for raw in (0.25, 4.0, True, datetime(2027, 1, 1), "0,25", 1e-9)]
    assert read == ["0.25", "4", "yes", "2027-01-01", "0,25", "1e-09"]


def test_that_a_choice_is_read_without_letter_case_and_refused_with_the_choices() -> None:
    column = Column("go", Kind.CHOICE, "decide", "", choices=("decide", "must", "no"))
    assert read_cell(column, " MUST ") == "must"
    with pytest.raises(CellError, match="decide, must or no"):
        read_cell(column, "maybe")


@pytest.mark.parametrize("column", ALL_COLUMNS, ids=lambda column: column.name)
@settings(max_examples=10)
@given(data=st.data())
def test_that_every_value_reads_back_from_a_cell_and_from_the_screen(column: Column, data: st.DataObject) -> None:
    value = data.draw(values_of(column))
    if column.is_required and value in ("", None):
        return
    assert read_cell(column, write_cell(column, value)) == value
    if not (column.kind is Kind.TEXT and not value.strip()):
        assert read_cell(column, show_cell(column, value)) == value


@pytest.mark.parametrize("column", ALL_COLUMNS, ids=lambda column: column.name)
@settings(max_examples=15)
@given(
    raw=st.none() | st.text() | st.integers() | st.floats() | st.booleans() | st.dates() | st.datetimes() | st.times()
)
def test_that_whatever_stands_in_a_cell_is_read_or_refused_in_one_sentence(column: Column, raw: object) -> None:
    sentence = ""
    try:
        read_cell(column, raw, QUARTERS)
    except CellError as error:
        sentence = str(error)
    assert sentence == "" or (sentence.endswith((".", ").")) and 10 < len(sentence) < 300)


@pytest.mark.parametrize("column", ALL_COLUMNS, ids=lambda column: column.name)
def test_that_what_stands_in_for_an_unreadable_cell_is_a_value_of_its_column(column: Column) -> None:
    stand_in = fallback(column)
    if stand_in not in (None, "", ()):
        assert read_cell(column, stand_in) == stand_in
