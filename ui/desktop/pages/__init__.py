"""What stands in the middle of the window, one module per place of the sidebar."""
