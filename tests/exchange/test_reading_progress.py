"""Whatever comes in tells how much of it is read, and can be ended on the way."""

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.exchange.contribution import write_contributions
from planner.exchange.fts import read_fts
from planner.exchange.intake import read_field_table, read_returned
from planner.progress import Cancelled, Tell, part, parts
from planner.samples import build_sample
from planner.scenario import Scenario
from tests.exchange.test_fts import FLOW_HEADER, NEED_HEADER, flow, need, write_table
from tests.exchange.test_iati import activity, transaction, write

Reader = Callable[[Path, Tell], object]


def fts_tables(folder: Path, tell: Tell) -> object:
    flows = [flow(str(number), "5", "Health") for number in range(1500)]
    needs = [need("Health", "100")]
    paths = [
        write_table(folder / "flows.csv", FLOW_HEADER, flows),
        write_table(folder / "needs.csv", NEED_HEADER, needs),
    ]
    return read_fts(paths, tell=tell)


def needs_table(folder: Path, tell: Tell) -> object:
    rows = [f"ML{number % 9:02},Region {number % 9},{number}" for number in range(1500)]
    (folder / "needs.csv").write_text("\n".join(("Admin1 Pcode,Admin1 Name,People in need", *rows)), encoding="utf-8")
    return read_field_table(Scenario(), folder / "needs.csv", tell=tell)


def activities(folder: Path, tell: Tell) -> object:
    path = write(folder, *(activity(f"A{number}", transaction("1", "5", "Norland")) for number in range(300)))
    return read_field_table(Scenario(), path, tell=tell)


def contributions(folder: Path, tell: Tell) -> object:
    scenario = build_sample("first-steps")
    return read_returned(scenario, write_contributions(scenario, folder), tell)


@pytest.mark.parametrize("read", [fts_tables, needs_table, activities, contributions])
def test_that_reading_tells_growing_shares_and_ends_when_asked(tmp_path: Path, read: Reader) -> None:
    shares: list[float] = []
    read(tmp_path, shares.append)
    assert len(shares) > 2
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.5 < shares[-1] <= 1

    def tell(share: float) -> None:
        if share >= shares[len(shares) // 2]:
            raise Cancelled

    with pytest.raises(Cancelled):
        read(tmp_path, tell)


def test_that_pieces_of_work_tell_their_share_of_the_whole() -> None:
    told: list[float] = []
    for each in parts(part(told.append, 0.5, 1), [1, 3]):
        each(0.5)
        each(1)
    assert told == [0.5625, 0.625, 0.8125, 1]
