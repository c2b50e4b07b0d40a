"""IATI activity files (XML, version 1 and 2) as a scenario: what organisations publish of their own aid activities."""

from planner.exchange.iati.building import read_iati
from planner.exchange.iati.elements import is_iati

__all__ = ["is_iati", "read_iati"]
