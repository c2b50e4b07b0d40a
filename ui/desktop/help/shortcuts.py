"""Every key that does something, with what it does: for the window that listens and the help that tells."""

from collections.abc import Mapping

Keys = tuple[tuple[str, str], ...]  # key, what it does

WINDOW_KEYS: Keys = (
    ("F1", "Help: keys, rules and objectives"),
    ("Ctrl+K", "Find a partner, initiative, region, pledge, rule or place"),
    ("F5", "Plan"),
    ("F8", "Go to the next problem; in a merge to the next conflict"),
    ("Ctrl+I", "Why? Explain the figure with the cursor"),
    ("Escape", "Close what is temporary: a filter, a panel, a message; stop planning"),
    ("Ctrl+Z", "Undo"),
    ("Ctrl+Y", "Redo"),
    ("Ctrl+Shift+Z", "Redo"),
    ("Ctrl+O", "Open a scenario file or a workbook"),
    ("Ctrl+S", "Save"),
    ("Ctrl+Shift+S", "Save as"),
    ("Ctrl++", "Add a row, or a rule"),
    ("Ctrl+-", "Delete the selected rows, or the rule"),
)
PLACE_KEYS: Keys = (
    *(("Ctrl+1", "Overview"), ("Ctrl+2", "Partners"), ("Ctrl+3", "Needs"), ("Ctrl+4", "Rules"), ("Ctrl+5", "Plan")),
    *(("Ctrl+6", "Exchange"), ("Ctrl+7", "Settings")),
)
SHORTCUTS: Mapping[str, Keys] = {
    "Everywhere": WINDOW_KEYS,
    "Places": PLACE_KEYS,
    "In tables": (
        ("F2", "Edit the cell; typing starts anew"),
        ("Return, Shift+Return", "Keep what was typed and go down, or up"),
        ("Ctrl+C, Ctrl+X, Ctrl+V", "Copy, cut, paste; also from and to Excel"),
        ("Delete", "Empty the selected cells"),
        ("Ctrl+D, Ctrl+R", "Fill down, fill to the right"),
        ("Ctrl+Shift+D", "Duplicate the rows"),
        ("Alt+Up, Alt+Down", "Move the rows"),
        ("Ctrl+F, Ctrl+H", "Find, find and replace; F3 goes to the next"),
        ("Ctrl+Shift+F", "Filter by what is in a column; Alt+Down lists it"),
        ("Ctrl+.", "Put a marked cell right, as the first button beside it does"),
        ("Ctrl+arrow", "Jump to the edge of what is filled; with Shift select up to there"),
        ("Shift+Space, Ctrl+Space", "Select the row, the column"),
        ("Tab", "Leave the table"),
    ),
    "In rules and objectives": (
        ("Space", "Switch a rule on or off"),
        ("Up, Down", "Go from rule to rule, from objective to objective"),
        ("Alt+Up, Alt+Down", "Move an objective"),
        ("Delete", "Delete the rule or the objective"),
    ),
    "In plans": (
        ("Up, Down", "Go from plan to plan"),
        ("F2", "Rename the plan"),
        ("Delete", "Delete the plan; the message brings it back"),
        ("Return", "Why? In a table of the plan: explain the row"),
        ("Alt+Left", "Back to what was explained before"),
    ),
    "In a merge": (
        ("M, T", "Take mine, take theirs, for all selected rows"),
        ("Delete", "Leave the conflict open again"),
    ),
    "In charts": (
        ("Arrows", "Go from figure to figure"),
        ("Return, Space", "Why? Explain the figure"),
    ),
}
