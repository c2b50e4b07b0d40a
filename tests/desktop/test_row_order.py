"""Where rows stand on screen once others came and went."""

from dataclasses import replace
from itertools import takewhile

from hypothesis import given
from hypothesis import strategies as st

from resources.offers import Partner
from ui.desktop.tables.table_cells import below_neighbours, places_after


@given(st.data())
def test_that_rows_are_found_again_wherever_they_went_and_edited_ones_too(data: st.DataObject) -> None:
    gone = [Partner(code=f"P{at}") for at in range(data.draw(st.integers(0, 6)))]
    stay = [row for row in data.draw(st.permutations(gone)) if data.draw(st.booleans())]
    edited = [replace(row, note="edited") if data.draw(st.booleans()) else row for row in stay]
    new = [Partner(code=f"N{at}") for at in range(data.draw(st.integers(0, 3)))]
    come = data.draw(st.permutations([*edited, *new]))

    now, fresh = places_after(gone, come, 10)

    ids = [row.id for row in come]
    assert now == [10 + ids.index(row.id) if row.id in ids else None for row in gone]
    assert fresh == [10 + at for at, row in enumerate(come) if row in new]


@given(st.permutations(range(8)), st.sets(st.integers(0, 7)))
def test_that_new_rows_stand_below_the_row_they_follow(rows: list[int], fresh: set[int]) -> None:
    kept = [row for row in rows if row not in fresh]

    order = below_neighbours(kept, sorted(fresh))

    assert sorted(order) == list(range(8))
    assert [row for row in order if row not in fresh] == kept
    for row in fresh - {0}:
        assert order.index(row) == order.index(row - 1) + 1
    first = list(takewhile(fresh.__contains__, range(8)))  # these follow no row
    assert order[len(order) - len(first) :] == first
