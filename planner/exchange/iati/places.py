"""Where an activity takes place: countries, regions or locations, and how much of it in each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.exchange.iati.elements import AidActivity
from planner.exchange.iati.mapping import COUNTRY, LOCATION, REGION, IatiMapping
from planner.exchange.readable_codes import readable_codes
from resources.codelists import countries_by_alpha_2

NOWHERE = "Not specified"


@dataclass(frozen=True, slots=True)
class PlaceShare:
    """A place with the share of an activity that is there."""

    code: str
    name: str
    share: float


class PlaceFinder:
    """Finds the places of activities, as the mapping takes them: locations go before the countries that they are in."""

    def __init__(self, activities: Iterable[AidActivity], mapping: IatiMapping) -> None:
        self._mapping = mapping
        takes_locations = mapping.takes(LOCATION)
        self._locations = readable_codes(
            {name for each in activities for name in (each.locations if takes_locations else ())}
        )

    def places(self, activity: AidActivity) -> Sequence[PlaceShare]:
        """Every place; without percentages all have the same share."""
        written = list(self._written(activity))
        if not written:
            return [PlaceShare("NOT-SPECIFIED", NOWHERE, 1.0)]
        total = sum(share or 0.0 for _, _, share in written)
        is_split = total and all(share is not None for _, _, share in written)
        return [
            PlaceShare(code, name, (share or 0.0) / total if is_split else 1 / len(written))
            for code, name, share in written
        ]

    def _written(self, activity: AidActivity) -> Iterable[tuple[str, str, float | None]]:
        named = [(self._locations[name], name, None) for name in dict.fromkeys(activity.locations) if self._locations]
        if named:
            yield from named
            return
        countries = countries_by_alpha_2()
        for code, share in activity.countries if self._mapping.takes(COUNTRY) else ():
            country = countries.get(code)
            if country is not None:
                yield country.code, country.name, share
            elif code:
                yield code[:40], code, share
        for code, name, share in activity.regions if self._mapping.takes(REGION) else ():
            if code:
                yield f"REGION-{code}"[:40], name or f"Region {code}", share
