"""The headless program: plans, checks, imports and exports without a screen. Imports no Qt."""

from ui.command_line.exit_codes import ExitCode
from ui.command_line.program import main

__all__ = ["ExitCode", "main"]
