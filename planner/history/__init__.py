"""Who changed what and when: the records of saves, the content of earlier ones, and what two files descend from."""

from planner.history.ancestry import descends, joined_plans, joined_states, saved_at, told_otherwise
from planner.history.base import Base, common_base, no_base
from planner.history.log import Entry, entries, moment_words, partner_finder
from planner.history.recording import record_of, system_person
from planner.history.versions import Version, changed_keys, holds, last_writers, scenario_at, versions

__all__ = [
    "Base",
    "Entry",
    "Version",
    "changed_keys",
    "common_base",
    "descends",
    "entries",
    "holds",
    "joined_plans",
    "joined_states",
    "last_writers",
    "moment_words",
    "no_base",
    "partner_finder",
    "record_of",
    "saved_at",
    "scenario_at",
    "system_person",
    "told_otherwise",
    "versions",
]
