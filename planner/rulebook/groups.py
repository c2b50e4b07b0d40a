"""The rules by what they are about, in the order in which people look for them."""

from collections.abc import Mapping

RULE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "Who carries it out": ("local_share", "implementer_share", "implementer_cap", "language_share"),
    "Getting there": ("access_limit", "pay_delivery", "delivery_cap"),
    "What each place gets": (
        *("coverage_floor", "minimum", "go", "prerequisite", "exclusive", "together", "joint", "requirement"),
    ),
    "What counts as available": ("count_status", "expected", "supply"),
    "How partners share": (
        *("partner_type_share", "burden_cap", "max_activities", "min_contribution", "max_contribution"),
        *("single_source", "apart"),
    ),
    "What is agreed": ("keep", "frozen_until"),
}
