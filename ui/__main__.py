"""`python -m ui`: the program `concord`."""

import sys

from ui.command_line import main

if __name__ == "__main__":
    sys.exit(main())
