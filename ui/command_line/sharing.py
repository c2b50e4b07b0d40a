"""The commands share and backups."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from planner.files import is_same_file, refuse_unwritable
from planner.problems import ConcordError
from planner.scenario import Scenario
from planner.sharing import ALL, PUBLIC, Audience, for_partner, share
from planner.sharing.words import Line, audience_words, look_ahead
from planner.store import StoredFile, backups_of
from ui.command_line.arguments import UsageError
from ui.command_line.exit_codes import ExitCode
from ui.command_line.output import say
from ui.command_line.passphrases import new_passphrase, read_scenario_file
from ui.command_line.saving import save
from ui.command_line.sources import read_sound_source


def run_share(call: argparse.Namespace) -> int:
    """Tell what leaves and what stays, then write the copy."""
    path = Path(call.file)
    if call.output is None and not call.preview:
        raise UsageError("Name the copy with --output OUT.concord, or only look at it with --preview.")
    output = Path(call.output) if call.output is not None else None
    if output is not None:
        _refuse_output(path, output)
    source = read_sound_source(path)
    if source is None:
        return ExitCode.INPUT_HAS_ERRORS
    stored = source.stored or StoredFile(scenario=source.scenario)
    audience = _audience(call.audience, stored.scenario)
    outlook = look_ahead(stored, audience)
    _tell(f"Leaves, for {audience_words(audience)}:", outlook.leaving)
    _tell("Stays here:", outlook.staying_rows if call.preview else outlook.staying)
    say(outlook.label)
    if call.preview or output is None:
        say("Only a preview: nothing was written.")
        return ExitCode.DONE
    refuse_unwritable(output)
    share(stored, audience, output, new_passphrase() if call.protect else "")
    say(f"Written: {output}{', protected by the passphrase' if call.protect else ''}")
    return ExitCode.DONE


def run_backups(call: argparse.Namespace) -> int:
    """List the earlier versions of a file that are kept, or bring one of them back."""
    path = Path(call.file)
    kept = backups_of(path)
    if call.restore is None:
        for number, backup in enumerate(kept, start=1):
            say(f"{number}  replaced {backup.replaced_at:%Y-%m-%d %H:%M:%S}  {backup.path}")
        say(f"{len(kept)} earlier versions of {path} are kept." if len(kept) != 1 else f"1 version of {path} is kept.")
        return ExitCode.DONE
    if not 1 <= call.restore <= len(kept):
        raise ConcordError(
            f"There is no earlier version {call.restore} of {path}; 'concord backups {path}' lists those that are kept."
        )
    output = Path(call.output) if call.output is not None else path
    backup = kept[call.restore - 1]
    stored = read_scenario_file(backup.path)
    done = f"restore the version replaced {backup.replaced_at:%Y-%m-%d %H:%M:%S}"
    save(output, stored, stored, done)
    say(f"Written: {output}")
    return ExitCode.DONE


def _audience(words: list[str], scenario: Scenario) -> Audience:
    """Whom `--for` names."""
    match words:
        case ["public"]:
            return PUBLIC
        case ["all"]:
            return ALL
        case ["partner", code]:
            return for_partner(scenario, code)
    raise UsageError(f"'{' '.join(words)}' is nobody to share with; write --for public, all, or partner CODE.")


def _refuse_output(path: Path, output: Path) -> None:
    if output.suffix.lower() != ".concord":
        raise UsageError(f"'{output}' has the wrong ending; a copy is a .concord file.")
    if is_same_file(output, path):
        raise UsageError(f"{output} is the file to share; name another one for the copy.")


def _tell(heading: str, lines: Iterable[Line]) -> None:
    say(heading)
    for parts in lines:
        say("  " + ": ".join(filter(None, (" ".join(filter(None, parts[:2])), parts[2]))))
