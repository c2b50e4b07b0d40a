"""Lines of the grid after a change: as if all requirements had been grouped anew."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from planner.scenario import Requirement, Scenario
from planner.table_changes import table_changes
from ui.desktop.tables.requirement_lines import Line, Lines

REQUIREMENT = st.builds(
    Requirement,
    initiative=st.sampled_from("AB"),
    region=st.sampled_from("RS"),
    resource=st.just("K"),
    period=st.integers(1, 3),
    quantity=st.integers(0, 5).map(float),
)


@given(st.lists(REQUIREMENT, max_size=8), st.data())
def test_that_lines_made_again_in_part_are_those_made_again_as_a_whole(
    rows: list[Requirement], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(rows)))
    last = data.draw(st.integers(first, len(rows)))
    stay = data.draw(st.permutations(rows[first:last]))[: data.draw(st.integers(0, last - first))]
    recoded = [replace(row, region="S") if data.draw(st.booleans()) else row for row in stay]
    come = [*recoded, *data.draw(st.lists(REQUIREMENT, max_size=4))]
    now = [*rows[:first], *come, *rows[last:]]
    lines = lines_of(rows)
    before = {line.key: line for line in lines}
    assert len(lines.row_places) == len(rows), "known before the change"

    scenario = Scenario(requirements=tuple(rows))
    for change in table_changes(scenario, replace(scenario, requirements=tuple(now))):
        has_other_lines = lines.follow(now, change.first, change.removed)
        assert has_other_lines or [line.key for line in lines] == list(before)

    anew = lines_of(now)
    assert list(lines) == list(anew)
    assert [lines.rows_at(at) for at in range(len(lines))] == [anew.rows_at(at) for at in range(len(anew))]
    assert [lines.place_of(at) for at in range(len(now))] == [anew.place_of(at) for at in range(len(now))]
    assert lines.row_places == {row.id: at for at, row in enumerate(now)}
    touched = {(row.initiative, row.region, row.resource) for row in (*rows[first:last], *come)}
    is_most = 2 * len(come) > len(now)
    assert is_most or all(line is before[line.key] for line in lines if line.key not in touched)


@given(st.lists(REQUIREMENT, max_size=8))
def test_that_figures_of_all_lines_are_those_of_each(rows: list[Requirement]) -> None:
    lines = lines_of(rows)

    assert lines.totals() == [line.total for line in lines]
    for period in (1, 2, 3):
        shown = [line.rows.get(period) for line in lines]
        assert lines.quantities(period) == [row.quantity if row is not None else None for row in shown]


def test_that_of_two_rows_for_one_period_the_first_is_shown() -> None:
    twice = [Requirement(initiative="A", region="R", resource="K", quantity=quantity) for quantity in (1.0, 2.0)]

    assert list(lines_of(twice)) == [Line(("A", "R", "K"), {1: twice[0]})]
    assert lines_of(twice).rows_at(0) == twice


def lines_of(rows: list[Requirement]) -> Lines:
    made = Lines()
    made.follow(rows, 0, 0)
    return made
