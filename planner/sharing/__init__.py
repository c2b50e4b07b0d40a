"""Copies of a scenario for others: what they may not see never enters the file, and what comes back can be merged."""

from planner.sharing.ancestry import Completed, Origin, completed, copies_in, origin_of
from planner.sharing.audience import ALL, PUBLIC, Audience, audiences, for_partner
from planner.sharing.redaction import Redacted, Withheld, redact
from planner.sharing.shared_copy import is_shared_copy, share

__all__ = [
    "ALL",
    "PUBLIC",
    "Audience",
    "Completed",
    "Origin",
    "Redacted",
    "Withheld",
    "audiences",
    "completed",
    "copies_in",
    "for_partner",
    "is_shared_copy",
    "origin_of",
    "redact",
    "share",
]
