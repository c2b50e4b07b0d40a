"""What can be typed after `concord`."""

import argparse
from typing import NoReturn

from planner import __version__
from planner.cells import CellError, parse_number, parse_share
from planner.problems import ConcordError

COMMANDS = ("plan", "check", "import", "export", "sample", "diff", "merge", "history", "share", "backups")
LARGEST_SEED = 2**31 - 1
_EXIT_CODES = """exit codes:
  0 done; also when a limit ended the search with a verified plan
  1 the input has errors
  2 wrong usage
  3 proven that no plan can satisfy the rules
  4 the environment failed (file missing, locked, not writable, not a Concord file ...)
  5 the limit passed before any plan was found
  6 a merge has conflicts left to decide
 70 a fault of Concord itself; a crash report was written
130 cancelled"""


class UsageError(ConcordError):
    """The call itself is wrong; nothing was read or written."""


def parse_arguments(argv: list[str]) -> argparse.Namespace:
    """The call as a namespace with `command` ("" for the desktop). Raises UsageError; --help raises SystemExit(0)."""
    if argv and argv[0] in COMMANDS:
        return _commands().parse_args(argv)
    if argv and argv[0].startswith("-"):
        _commands().parse_args(argv)  # --help, --version, or an unknown option
    if len(argv) > 1:
        raise UsageError(f"'{argv[0]}' is no command; write one of {', '.join(COMMANDS)}, or one FILE to open.")
    return argparse.Namespace(command="", file=argv[0] if argv else None)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong as an exception, like everything else that is wrong."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[0].upper()}{message[1:]}. '{self.prog} --help' shows how to call it.")


def _commands() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="concord",
        description="Plans who gives what to which initiative, in which region, when. Without a command it opens the "
        "desktop, on FILE where one is named.",
        usage="concord [FILE] | concord COMMAND ...",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Concord {__version__}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", prog="concord", parser_class=_Parser
    )
    _add_plan(commands)
    _add_check(commands)
    _add_import(commands)
    _add_export(commands)
    _add_sample(commands)
    _add_diff(commands)
    _add_merge(commands)
    _add_history(commands)
    _add_share(commands)
    _add_backups(commands)
    return parser


def _add_plan(commands: "argparse._SubParsersAction[_Parser]") -> None:
    plan = commands.add_parser(
        "plan", help="make a plan", description="Makes a plan of a scenario file (.concord) or workbook (.xlsx)."
    )
    plan.add_argument("file", metavar="FILE")
    plan.add_argument("--json", metavar="OUT", help="write the result as JSON; - is standard output")
    plan.add_argument("--excel", metavar="OUT", help="write the plan workbook")
    plan.add_argument("--3w", metavar="OUT", dest="who", help="write who does what where (.csv or .xlsx)")
    plan.add_argument("--flows", metavar="OUT", help="write a table of flows with the columns of FTS (.csv or .xlsx)")
    plan.add_argument("--save", action="store_true", help="store the plan in FILE (a .concord file)")
    plan.add_argument(
        "--prices", action="store_true", help="plan again without each of the ten dearest conditions: what they cost"
    )
    plan.add_argument("--time-limit", metavar="SECONDS", type=_seconds, help="end the search after this time")
    plan.add_argument("--gap", type=_gap, help="be content this near to the proven limit: 0.01 or 1 %%")
    plan.add_argument("--seed", type=_seed, default=1, help="for the optimiser's random choices (1)")
    plan.add_argument("--quiet", action="store_true", help="no progress and no warnings")


def _add_check(commands: "argparse._SubParsersAction[_Parser]") -> None:
    check = commands.add_parser("check", help="list every problem in FILE without planning")
    check.add_argument("file", metavar="FILE")


def _add_import(commands: "argparse._SubParsersAction[_Parser]") -> None:
    description = (
        "Adds scenario workbooks, other scenario files or FTS tables (.csv) to a scenario file, and makes it where "
        "there is none. A row with a new key is added; a row whose key is known updates the columns that the source "
        "has; nothing is removed. With an error in any source nothing is written. Contribution workbooks change the "
        "rows of their partner, as the status of each row says; of a plan workbook the board's own decisions are read. "
        "Tables from the field are workbooks or CSV files of who does what where (3W, 4W, 5W) and of people in need by "
        "region, whose columns are guessed and told, or files of IATI "
        "activities (.xml). In these, a row with an error is refused by itself."
    )
    adding = commands.add_parser(
        "import", help="add workbooks or field data to a scenario file", description=description
    )
    adding.add_argument("sources", metavar="SOURCE", nargs="+")
    adding.add_argument("--into", metavar="FILE", required=True)
    adding.add_argument("--preview", action="store_true", help="show what would change, row by row; write nothing")
    adding.add_argument(
        "--problems",
        metavar="OUT",
        help="write the problems as a workbook, the cells coloured in copies of the sheets",
    )
    adding.add_argument(
        "--map",
        metavar="COLUMN=WORD",
        action="append",
        default=[],
        help="what a column of a table, or a part of an IATI file, is, such as Organisation=partner (may be repeated)",
    )
    adding.add_argument(
        "--join", metavar="NAME=NAME", action="append", default=[], help="the first name counts as the second"
    )
    adding.add_argument(
        "--apart",
        metavar="NAME=NAME",
        action="append",
        default=[],
        help="these two names are not one; 'all': none of those offered are. Both answers are remembered",
    )
    adding.add_argument("--sheet", metavar="TITLE", default="", help="the sheet with the table from the field")
    adding.add_argument(
        "--unspecified-as-unearmarked",
        action="store_true",
        help="FTS flows that name no cluster may serve any cluster of their plan",
    )


def _add_export(commands: "argparse._SubParsersAction[_Parser]") -> None:
    description = (
        "Writes the scenario workbook of FILE, or a contribution workbook for each partner: the partner's own pledges "
        "and refusals to fill in and send back, and nothing of anybody else. 'concord import' reads them."
    )
    export = commands.add_parser("export", help="write workbooks of FILE", description=description)
    export.add_argument("file", metavar="FILE")
    export.add_argument("--workbook", metavar="OUT", help="write the scenario workbook")
    export.add_argument("--contributions", metavar="FOLDER", help="write contribution-CODE.xlsx for every partner")
    export.add_argument("--partner", metavar="CODE", action="append", help="only for this partner (may be repeated)")


def _add_sample(commands: "argparse._SubParsersAction[_Parser]") -> None:
    sample = commands.add_parser("sample", help="write a built-in or synthetic sample scenario")
    sample.add_argument("name", metavar="NAME", nargs="?", help="one of --list")
    sample.add_argument("-o", "--output", metavar="FILE", help="a .concord or .xlsx file")
    sample.add_argument("--list", action="store_true", help="list the built-in samples")
    sample.add_argument("--size", help="a synthetic scenario of this size: s, m, l or xl")
    sample.add_argument("--seed", type=_seed, help="of the synthetic scenario (1)")


def _add_diff(commands: "argparse._SubParsersAction[_Parser]") -> None:
    diff = commands.add_parser("diff", help="say in words what differs between two scenario files or workbooks")
    diff.add_argument("a", metavar="A")
    diff.add_argument("b", metavar="B")


def _add_merge(commands: "argparse._SubParsersAction[_Parser]") -> None:
    description = (
        "Brings two descendants of one scenario together. What only one side changed is kept, what both changed alike "
        "too. What both changed differently is a conflict: with any left to decide OUT is not written, a workbook of "
        "the conflicts is (OUT-conflicts.xlsx), and the exit code is 6."
    )
    merging = commands.add_parser("merge", help="three-way merge of scenario files", description=description)
    start = merging.add_mutually_exclusive_group()
    start.add_argument(
        "--base",
        metavar="BASE",
        help="what both started from; where it is not named, the last save they have in common",
    )
    start.add_argument(
        "--no-base",
        action="store_true",
        help="of files with nothing in common: what is alike in both is kept, and what differs is a conflict",
    )
    merging.add_argument("mine", metavar="MINE")
    merging.add_argument("theirs", metavar="THEIRS")
    merging.add_argument("-o", "--output", metavar="OUT", required=True, help="a .concord or .xlsx file")
    merging.add_argument("--decisions", metavar="WORKBOOK", help="the workbook of conflicts, filled in")
    merging.add_argument("--take", choices=("mine", "theirs"), help="for every conflict that is not decided otherwise")
    merging.add_argument("--preview", action="store_true", help="say what would be merged and write nothing")


def _add_history(commands: "argparse._SubParsersAction[_Parser]") -> None:
    description = (
        "Lists the saves of a scenario file, those of files merged into it too: when, who, why, what was done, and "
        "every cell and row that changed."
    )
    history = commands.add_parser("history", help="who changed what in FILE, and when", description=description)
    history.add_argument("file", metavar="FILE")
    history.add_argument("--person", metavar="NAME", default="", help="only saves of this person")
    history.add_argument("--partner", metavar="CODE", default="", help="only changes that concern this partner")
    history.add_argument("--field", metavar="COLUMN", default="", help="only changes of this column, such as quantity")
    history.add_argument("--restore", metavar="NUMBER", type=int, help="write what the scenario was at this save")
    history.add_argument("-o", "--output", metavar="OUT", help="the scenario file (.concord) for --restore")


def _add_share(commands: "argparse._SubParsersAction[_Parser]") -> None:
    description = (
        "Writes a copy of FILE for others and tells what leaves and what stays. Refusals and their reasons, notes, "
        "columns of your own, likelihoods, plans and the history stay, but what is one partner's own leaves with the "
        "copy for that partner. A column 'sensitivity' in any table labels rows (confidential) and cells "
        "(note: public) otherwise. What comes back is merged with 'concord merge FILE RETURNED -o OUT'."
    )
    sharing = commands.add_parser("share", help="write a copy without what others may not see", description=description)
    sharing.add_argument("file", metavar="FILE")
    sharing.add_argument(
        "--for", dest="audience", metavar="WHOM", nargs="+", required=True, help="public, all, or partner CODE"
    )
    sharing.add_argument("-o", "--output", metavar="OUT", help="the copy, a .concord file")
    sharing.add_argument("--preview", action="store_true", help="tell what would leave and write nothing")
    sharing.add_argument(
        "--protect",
        action="store_true",
        help="protect the copy by a passphrase of its own: that in the variable CONCORD_NEW_PASSPHRASE or in the file "
        "that CONCORD_NEW_PASSPHRASE_FILE names, else asked for; CONCORD_PASSPHRASE is that which opens FILE",
    )


def _add_backups(commands: "argparse._SubParsersAction[_Parser]") -> None:
    description = "Lists the last versions of FILE that saving replaced, the latest first; they are kept for each user."
    backups = commands.add_parser("backups", help="list or restore earlier versions of FILE", description=description)
    backups.add_argument("file", metavar="FILE")
    backups.add_argument(
        "--restore", metavar="NUMBER", type=int, help="put this version in the place of FILE, which becomes a backup"
    )
    backups.add_argument("-o", "--output", metavar="OUT", help="restore it to this file instead")


def _seconds(text: str) -> float:
    try:
        seconds = parse_number(text)
    except CellError as error:
        raise argparse.ArgumentTypeError(str(error).rstrip(".")) from error
    if seconds <= 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a time; write seconds above 0")
    return seconds


def _gap(text: str) -> float:
    try:
        return parse_share(text)
    except CellError as error:
        raise argparse.ArgumentTypeError(str(error).rstrip(".")) from error


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"'{text}' is not a seed; write a whole number from 0 to {LARGEST_SEED}")
    return int(text)
