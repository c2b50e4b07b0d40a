"""The sample "first-steps": three partners, two regions, three initiatives, four quarters."""

from planner.samples.folder import read_folder
from planner.scenario import Scenario


def build() -> Scenario:
    """The sample as its files say it."""
    return read_folder("first_steps")
