"""`python -m ui`: the program `concord`."""

import sys

if __name__ == "__main__":
    try:
        from ui.command_line import main
    except KeyboardInterrupt:  # so early that nothing was begun
        sys.exit(130)
    sys.exit(main())
