"""What the money of an activity is for: the activity itself, or the sectors of one vocabulary that it names."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.exchange.iati.elements import DAC_PURPOSES, AidActivity, Sector
from planner.exchange.readable_codes import readable_codes
from planner.scenario import Initiative, Scenario
from resources.codelists import code_list

NOT_SPECIFIED = "NOT-SPECIFIED"


@dataclass(frozen=True, slots=True)
class Aim:
    """What becomes an initiative: `note` is the name of the note that keeps its key."""

    key: str
    name: str
    note: str
    purpose: str = ""
    sectors: str = ""

    def initiative(self, code: str) -> Initiative:
        """The initiative, under a code."""
        extra = {self.note: self.key, "sectors": self.sectors}
        kept = tuple(sorted((name, text) for name, text in extra.items() if text))
        return Initiative(code=code, name=self.name, dac_code=self.purpose, extra=kept)


def aims_of(activity: AidActivity, vocabulary: str = "") -> Sequence[tuple[Aim, float]]:
    """The aims of an activity with their shares, which add up to 1: its sectors of a vocabulary, where one is named."""
    if not vocabulary:
        return [(_of_activity(activity), 1.0)]
    sectors = [each for each in activity.sectors if each.vocabulary == vocabulary]
    if not sectors:
        return [(Aim(NOT_SPECIFIED, "Not specified", "iati_sector"), 1.0)]
    total = sum(each.share for each in sectors)
    is_split = all(each.share for each in sectors)
    return [(_of_sector(each), each.share / total if is_split else 1 / len(sectors)) for each in sectors]


def codes_of(aims: Sequence[Aim], known: Scenario) -> dict[str, str]:
    """A code for every aim by its key; one that was imported before keeps the one that it has."""
    codes = dict(readable_codes({aim.key for aim in aims}))
    notes = {aim.note for aim in aims}
    earlier = {text: row.code for row in known.initiatives for name, text in row.extra if name in notes}
    return codes | {key: code for key, code in earlier.items() if key in codes}


def _of_activity(activity: AidActivity) -> Aim:
    own = [each for each in activity.sectors if each.vocabulary == DAC_PURPOSES]
    sectors = sorted(own, key=lambda sector: -sector.share)
    known = code_list("dac_purposes")
    purpose = next((each.code for each in sectors if each.code in known), "")
    listed = "; ".join(f"{each.code} {each.share:.0%}" if each.share else each.code for each in sectors)
    return Aim(activity.identifier, activity.title or activity.identifier, "iati_identifier", purpose, listed)


def _of_sector(sector: Sector) -> Aim:
    entry = code_list("dac_purposes").get(sector.code) if sector.vocabulary == DAC_PURPOSES else None
    name = sector.name or (entry.name if entry is not None else sector.code)
    return Aim(sector.code, name, "iati_sector", sector.code if entry is not None else "")
