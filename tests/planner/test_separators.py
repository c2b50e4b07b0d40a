"""Figures whose separator may stand between thousands or before decimals."""

import pytest

from planner.cells import CellError, parse_number
from planner.separators import COMMA, POINT, refuse_two_readings, shown_signs, two_readings


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("260.000", ("260000", "260.00")),
        ("12,500", ("12500", "12.50")),
        (" 1.234 ", ("1234", "1.2340")),
        ("-1,234", ("-1234", "-1.2340")),
    ],
)
def test_that_one_separator_before_three_digits_has_two_readings(text: str, readings: tuple[str, str]) -> None:
    assert two_readings(text) == readings


@pytest.mark.parametrize("written", ["260000", "260.00", "260.0", "0.125", "1234.567", "1.2345", "1,5", 260.125, None])
def test_that_other_figures_have_one_reading(written: object) -> None:
    assert two_readings(written) is None


def test_that_what_is_advised_to_be_written_has_one_reading() -> None:
    for text in ("260.000", "12,500", "1.234", "999,999"):
        thousands, decimals = two_readings(text) or ("", "")
        assert two_readings(thousands) is None
        assert two_readings(decimals) is None
        assert parse_number(thousands) == 1000 * parse_number(decimals)


def test_that_the_refusal_tells_both_readings_and_what_to_write() -> None:
    with pytest.raises(CellError, match=r"'260\.000' may mean 260,000 or 260; write 260000 or 260\.00, without"):
        refuse_two_readings("260.000")


def test_that_figures_beside_it_tell_which_reading_is_meant() -> None:
    assert shown_signs(["475.000", "1,5"]) == COMMA._replace(is_sure=True)
    assert shown_signs(["475.000", "1.5"]) == POINT._replace(is_sure=True)
    assert shown_signs(["475.000", "260.000"]) is None
    assert shown_signs(["475.000", "1,5", "1.5"]) is None


def test_that_a_sure_sign_keeps_three_decimals() -> None:
    assert POINT._replace(is_sure=True).certain("12.345") == "12.345"
    assert COMMA._replace(is_sure=True).certain("12.345") == "12345"
