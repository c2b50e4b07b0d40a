"""The board's own columns in the decision record: empty when it goes out, read when it comes back."""

from dataclasses import replace

from planner.report.table import ReportColumn, Table

RECORD_SHEET = "Decision record"
BOARD, BOARD_REASON = "Board's decision", "Why it differs"
DECISIONS = {"Goes ahead": "must", "Does not go ahead": "no", "Open": "decide"}  # what each makes of an activity's `go`
BOARD_COLUMNS = (ReportColumn("board", BOARD), ReportColumn("board_reason", BOARD_REASON))


def with_board_columns(record: Table) -> Table:
    """The decision record with the columns that are the board's to fill in."""
    empty = (None,) * len(BOARD_COLUMNS)
    return replace(record, columns=(*record.columns, *BOARD_COLUMNS), rows=tuple((*row, *empty) for row in record.rows))
