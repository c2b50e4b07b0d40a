"""Tables as people know them from spreadsheets: shown, filtered, typed into, found and replaced in."""
