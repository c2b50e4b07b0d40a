"""Sheets that are read at once say what sheets say that are read cell by cell; what is not plain is never guessed."""

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from planner.exchange.workbook import package as packages
from planner.exchange.workbook.package import open_package
from planner.exchange.workbook.sheet_row import CellFault
from planner.progress import Cancelled
from tests.exchange.sheets import save

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1)).map(lambda day: day.replace(microsecond=0)),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.times().map(lambda hour: hour.replace(microsecond=0)),
    st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
    st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=12),
    st.sampled_from(["  two blanks  ", "\u00a0", "a\nb", "=1+1", "#N/A", "<&>", "007", "1,5"]),
)


def cells_of(path: Path) -> dict[tuple[int, int], Any]:
    """Every value of the first sheet; a day at midnight is a day."""
    with open_package(path) as package:
        rows = list(package.rows(package.titles[0]))
    return {(row.number, column): _plain(value) for row in rows for column, value in row.values.items()}


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) and value.time() == time(0) else value


def is_read_at_once(path: Path) -> bool:
    """Whether the first sheet is a plain one."""
    with open_package(path) as package:
        return package._plain_rows(package.titles[0]) is not None


@settings(max_examples=60)
@given(
    rows=st.lists(st.lists(VALUES, max_size=5), min_size=1, max_size=5), row=st.integers(1, 4), column=st.integers(1, 4)
)
def test_that_both_ways_of_reading_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]], row: int, column: int
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for down, values in enumerate(rows):
        for across, value in enumerate(values):
            cell = sheet.cell(row + down, column + across, value)
            if isinstance(value, str):
                cell.data_type = "s"
    path = tmp_path_factory.mktemp("both") / "book.xlsx"
    book.save(path)
    at_once = cells_of(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packages, "LARGEST_PLAIN", 0)
        assert at_once == cells_of(path)


def test_that_an_ordinary_sheet_is_read_at_once(tmp_path: Path) -> None:
    path = save({"Table": [["code", "name"], ["A", 1], ["B", date(2027, 3, 31)]]}, tmp_path / "plain.xlsx")
    assert is_read_at_once(path)


@pytest.mark.parametrize(
    ("old", "new", "is_at_once"),
    [
        ("<v>1</v>", "<f>0+1</f><v>1</v>", True),
        ("<v>1</v>", "<f>0+1</f>", False),
        ("<v>1</v>", '<f t="shared" si="0"/>', False),
        ('t="n"><v>1</v>', 't="e"><v>#N/A</v>', False),
        ('t="n"><v>1</v>', "t='e'><v>#N/A</v>", False),
        ('t="n"><v>1</v>', "t = 'e'><v>#N/A</v>", False),
        ('t="n"><v>1</v>', "t='d'><v>2027-03-31</v>", False),
        ('t="n"><v>1</v>', "t='n'><v>1</v>", False),
        ('t="n"><v>1</v>', 't="str"><f>A1</f><v>text</v>', True),
        ('t="n"><v>1</v>', 't="str"><v>1</v>', True),
        ('t="n"><v>1</v>', 't="b"><v>true</v>', False),
        ("<v>1</v>", "<v>-1.5E-07</v>", True),
        ("<v>1</v>", "<v>NaN</v>", False),
        ("<v>1</v>", "<v>1e999</v>", False),
        ("<v>1</v>", "<v>abc</v>", False),
        ("<v>1</v>", "<v> 12 </v>", False),
        ("<v>1</v>", "<v>1</v><v>2</v>", False),
        ("<t>A</t>", "<t>A_x000D_</t>", False),
        ("<t>A</t>", "<t><![CDATA[A]]></t>", False),
        ("<t>A</t>", "<t>A < B</t>", False),
        ("<t>A</t>", "<t>A</is>", False),
        ('<c r="A2"', '<c r="XFD1048576"', False),
        ('<c r="A2"', "<c", False),
    ],
)
def test_that_anything_unusual_is_read_cell_by_cell(tmp_path: Path, old: str, new: str, is_at_once: bool) -> None:
    path = save({"Table": [["code", "name"], ["A", 1]]}, tmp_path / "unusual.xlsx")
    change_sheet(path, old, new)
    assert is_read_at_once(path) is is_at_once


@pytest.mark.parametrize("error", ['t="e"', "t='e'"])
def test_that_an_error_in_one_cell_keeps_its_sign(tmp_path: Path, error: str) -> None:
    path = save({"Table": [["code", "name"], ["A", 1]]}, tmp_path / "error.xlsx")
    change_sheet(path, 't="n"><v>1</v>', f"{error}><v>#N/A</v>")
    fault = cells_of(path)[2, 2]
    assert isinstance(fault, CellFault)
    assert fault.sign == "#N/A"


@pytest.mark.parametrize(("value", "is_at_once"), [(date(2027, 3, 31), False), (7, True)])
def test_that_a_negative_number_is_read_at_once_unless_it_is_shown_as_a_day(
    tmp_path: Path, value: object, is_at_once: bool
) -> None:
    path = save({"Table": [["code", "day"], ["A", value]]}, tmp_path / "negative.xlsx")
    change_sheet(path, "<v>46477</v>" if isinstance(value, date) else "<v>7</v>", "<v>-1</v>")
    assert is_read_at_once(path) is is_at_once


def test_that_rows_out_of_order_are_all_there(tmp_path: Path) -> None:
    path = save({"Table": [["code"], ["A"], ["B"], ["C"]]}, tmp_path / "order.xlsx")
    change_sheet(path, "", "", reorder=True)
    assert sorted(cells_of(path).items()) == [((1, 1), "code"), ((2, 1), "A"), ((3, 1), "B"), ((4, 1), "C")]


def change_sheet(path: Path, old: str, new: str, *, reorder: bool = False) -> None:
    """Change the XML of the first sheet; `reorder` turns its rows around."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["xl/worksheets/sheet1.xml"].decode()
    assert old in text
    text = text.replace(old, new, 1)
    if reorder:
        start, end = text.index("<sheetData>") + len("<sheetData>"), text.index("</sheetData>")
        rows = [f"{row}</row>" for row in text[start:end].split("</row>") if row]
        text = text[:start] + "".join(reversed(rows)) + text[end:]
    parts["xl/worksheets/sheet1.xml"] = text.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("largest", [packages.LARGEST_PLAIN, 0])
def test_that_reading_tells_how_far_it_is_and_can_be_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    monkeypatch.setattr(packages, "LARGEST_PLAIN", largest)
    path = save({"Table": [["code"], *[[f"C{number}"] for number in range(3000)]]}, tmp_path / "long.xlsx")
    shares: list[float] = []

    def tell(share: float) -> None:
        shares.append(share)
        if share > 0.5:
            raise Cancelled

    with open_package(path, tell=tell) as package, pytest.raises(Cancelled):
        list(package.rows("Table"))
    assert len(shares) > 1
    assert shares == sorted(shares)
    assert shares[0] < 0.5
