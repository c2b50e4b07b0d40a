"""What is told about one thing of a plan: sentences, a waterfall, and figures that lead on to other things."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from planner.plan import Fix
from planner.problems import Place


class Topic(StrEnum):
    """What can be asked about; in brackets the codes that name it."""

    ALL = "all"  # the whole plan
    ACTIVITY = "activity"  # initiative, region
    INITIATIVE = "initiative"
    REGION = "region"
    NEED = "need"  # initiative, region, resource, period
    LINE = "line"  # pledge, initiative, region, period
    PLEDGE = "pledge"
    PARTNER = "partner"
    RESOURCE = "resource"
    RULE = "rule"  # key, scope


class Subject(NamedTuple):
    """One thing of a plan that somebody wants to understand."""

    topic: Topic
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a waterfall: where it starts, how much it is; losses are negative."""

    title: str
    value: float
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From what is needed or offered, through what each reason takes away, to what is left: the last step."""

    title: str
    unit: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with its words; `value` is in `unit` (a share from 0 to 1 where that is %)."""

    title: str
    value: float | None = None
    unit: str = ""
    words: str = ""
    subject: Subject | None = None  # what a click leads to
    is_change: bool = False  # shown with its sign


@dataclass(frozen=True, slots=True)
class Section:
    """Figures of one kind under a title."""

    title: str
    lines: tuple[Line, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that is told about a subject.

    `place` is where it stands in the scenario; `trial` what to change in a copy to see a plan without it.
    """

    title: str
    state: str = ""
    sentences: tuple[str, ...] = ()
    waterfall: Waterfall | None = None
    sections: tuple[Section, ...] = ()
    place: Place | None = None
    trial: Fix | None = None


def present(*sections: Section) -> tuple[Section, ...]:
    """The sections that have something to say."""
    return tuple(section for section in sections if section.lines)
