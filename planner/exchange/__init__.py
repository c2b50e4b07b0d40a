"""Files that other programs read and write: the scenario workbook and the formats of the field."""
