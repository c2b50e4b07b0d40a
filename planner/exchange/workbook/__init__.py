"""The scenario workbook (.xlsx): one sheet per table, as people fill it in and send it round."""

from planner.exchange.workbook.places import Places
from planner.exchange.workbook.reading import KNOWN_SHEETS, SETTINGS_SHEET, ReadResult, read_workbook
from planner.exchange.workbook.writing import write_workbook

__all__ = ["KNOWN_SHEETS", "SETTINGS_SHEET", "Places", "ReadResult", "read_workbook", "write_workbook"]
