"""Who changed what and when: the records of saves, the content of earlier ones, and what two files descend from."""

from planner.history.ancestry import Base, common_base, descends, joined_plans, joined_states, saved_at
from planner.history.log import Entry, entries, moment_words, partner_finder
from planner.history.recording import record_of, system_person
from planner.history.versions import Version, changed_keys, last_writers, scenario_at, versions

__all__ = [
    "Base",
    "Entry",
    "Version",
    "changed_keys",
    "common_base",
    "descends",
    "entries",
    "joined_plans",
    "joined_states",
    "last_writers",
    "moment_words",
    "partner_finder",
    "record_of",
    "saved_at",
    "scenario_at",
    "system_person",
    "versions",
]
