"""What stands around the pages: the header, the places, messages, problems and the status bar."""
