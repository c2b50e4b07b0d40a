"""Plans made by hand for the rules on what was agreed last: keep, frozen_until."""

from resources.offers import Veto
from tests.solver.verify_scenarios import Case, activity, agreed, having, need, pledge, rule, scenario, serve

OPEN = scenario(
    settings={"periods": 3},
    pledges=(pledge("M", "ALFA", "MONEY", 300), pledge("K", "BETA", "KITS", 9)),
    requirements=(
        *(need("DEMINE", r, k, 100, t) for r in ("R1", "R2") for k in ("MONEY", "KITS") for t in (1, 2, 3)),
        need("RETURN", "R1", "MONEY", 100),
    ),
)
KEEP = having(
    OPEN,
    baseline=(
        agreed("M", "DEMINE R1", 30),
        agreed("M", "DEMINE R1", 10, keep=True),  # rows with one key are added up, kept if one of them is
        agreed("M", "DEMINE R2", 7),
        agreed("K", "DEMINE R1", 0, 2, keep=True),
    ),
)
KEEP_NOTHING = having(KEEP, baseline=(agreed("M", "DEMINE R2", 7),), rules=(rule("keep"),))
AGAINST_ALL_LIMITS = having(
    OPEN,
    pledges=(
        pledge("M", "ALFA", "MONEY", 300, from_period=3, initiatives=("RETURN",), status="pledge"),
        pledge("K", "BETA", "KITS", 9, likelihood=0, exclude_regions=("R2",)),
    ),
    vetoes=(Veto(partner="ALFA"),),
    baseline=(agreed("M", "DEMINE R1", 40, keep=True), agreed("K", "DEMINE R2", 5, keep=True)),
    rules=(rule("access_limit", 1), rule("expected", "yes")),
)
KEEP_REFUSED = having(KEEP, activities=(activity("DEMINE", "R1", go="no"),))
FROZEN = having(
    OPEN,
    baseline=(agreed("M", "DEMINE R1", 30, 1), agreed("K", "DEMINE R2", 2, 2), agreed("M", "DEMINE R1", 50, 3)),
    rules=(rule("frozen_until", 2),),
)
FROZEN_AGAINST_ALL_LIMITS = having(
    AGAINST_ALL_LIMITS,
    baseline=(agreed("M", "DEMINE R1", 40), agreed("K", "DEMINE R2", 5)),
    rules=(*AGAINST_ALL_LIMITS.rules, rule("frozen_until", 1)),
)
AGREED = (("M", "DEMINE R1", 30, 1), ("K", "DEMINE R2", 2, 2))

CASES = (
    Case("keep", "met", KEEP_NOTHING, serve(("M", "DEMINE R1", 12))),
    Case("keep", "binding", KEEP, serve(("M", "DEMINE R1", 40), ("M", "DEMINE R2", 99))),
    Case("keep", "broken", KEEP, serve(("M", "DEMINE R1", 42)), amount=2, scope="pledge:M initiative:DEMINE region:R1"),
    Case("keep", "broken", KEEP, serve(("M", "DEMINE R1", 40, 2)), amount=40),
    Case("keep", "broken", KEEP, serve(("M", "DEMINE R1", 40), ("K", "DEMINE R1", 3, 2)), amount=3),
    Case("keep", "binding", AGAINST_ALL_LIMITS, serve(("M", "DEMINE R1", 40), ("K", "DEMINE R2", 5))),
    Case("keep", "broken", KEEP_REFUSED, serve(("M", "DEMINE R1", 40)), amount=1, broken_as="go"),
    Case("frozen_until", "met", FROZEN, serve(*AGREED, ("M", "DEMINE R1", 50, 3))),
    Case("frozen_until", "binding", FROZEN, serve(*AGREED, ("M", "DEMINE R1", 60, 3))),
    Case("frozen_until", "broken", FROZEN, serve(*AGREED[:1]), amount=2),
    Case("frozen_until", "broken", FROZEN, serve(*AGREED, ("M", "RETURN R1", 4)), amount=4),
    Case("frozen_until", "met", FROZEN_AGAINST_ALL_LIMITS, serve(("M", "DEMINE R1", 40), ("K", "DEMINE R2", 5))),
)
