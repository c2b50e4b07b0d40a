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
    come = data.draw(st.lists(REQUIREMENT, max_size=4))
    now = [*rows[:first], *come, *rows[last:]]
    lines = lines_of(rows)
    before = {line.key: line for line in lines.all}

    scenario = Scenario(requirements=tuple(rows))
    for change in table_changes(scenario, replace(scenario, requirements=tuple(now))):
        has_other_lines = lines.follow(now, change.first, change.removed)
        assert has_other_lines or [line.key for line in lines.all] == list(before)

    assert lines.all == lines_of(now).all
    assert [lines.place_of(at) for at in range(len(now))] == [lines_of(now).place_of(at) for at in range(len(now))]
    touched = {(row.initiative, row.region, row.resource) for row in (*rows[first:last], *come)}
    assert all(line is before[line.key] for line in lines.all if line.key not in touched)


def test_that_of_two_rows_for_one_period_the_first_is_shown() -> None:
    twice = [Requirement(initiative="A", region="R", resource="K", quantity=quantity) for quantity in (1.0, 2.0)]

    assert lines_of(twice).all == [Line(("A", "R", "K"), {1: twice[0]})]


def lines_of(rows: list[Requirement]) -> Lines:
    made = Lines()
    made.follow(rows, 0, 0)
    return made
