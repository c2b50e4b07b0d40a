"""How large a workbook may be: beyond what people send, and below what would take a machine's memory."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of a sheet, by the format
LARGEST_FILE = 200 * 1024 * 1024
LARGEST_SHEET = 400 * 1024 * 1024  # bytes of XML
LARGEST_STRINGS = 100 * 1024 * 1024
LARGEST_OTHER = 16 * 1024 * 1024
LARGEST_PLAIN = 64 * 1024 * 1024  # bytes of a part that is read at once
MOST_PLAIN_CELLS = 8 * LAST_ROW  # of the rectangle around all values of a sheet that is read at once
