"""Plans made by hand for the rules on who serves which activity."""

from dataclasses import replace

from planner.scenario import Initiative
from resources.offers import Veto
from tests.solver.verify_scenarios import (
    KITS,
    MONEY,
    STAFF,
    Case,
    activity,
    having,
    need,
    pledge,
    rule,
    scenario,
    serve,
)

OPEN = scenario(
    settings={"periods": 2},
    resources=(MONEY, replace(KITS, unit_value=20), STAFF),
    pledges=(
        pledge("A", "ALFA", "MONEY", 300),
        pledge("A2", "ALFA", "MONEY", 300, agreement="LOAN"),
        pledge("A3", "ALFA", "MONEY", 300, agreement="LOAN"),
        pledge("B", "BETA", "MONEY", 300),
        pledge("K", "BETA", "KITS", 9),
        pledge("S", "ALFA", "STAFF", 9),
    ),
    requirements=(
        *(need(i, r, "MONEY", 100) for i in ("DEMINE", "RETURN") for r in ("R1", "R2")),
        need("DEMINE", "R1", "MONEY", 100, 2),
        need("DEMINE", "R1", "KITS", 10, 2),
        need("DEMINE", "R2", "STAFF", 2),
        need("DEMINE", "R2", "STAFF", 2, 2),
    ),
)
JOINT = having(OPEN, activities=(activity("DEMINE", "R1", min_partners=2),))
JOINT_TAKEN_ALONG = having(JOINT, initiatives=(Initiative(code="DEMINE", together=True), Initiative(code="RETURN")))
APART = having(OPEN, vetoes=(Veto(partner="BETA", with_partner="ALFA", region="R1"),))
ACTIVITIES = having(OPEN, rules=(rule("max_activities", 3, "ALFA"), rule("max_activities", 2, "partner:BETA")))
EACH_ACTIVITIES = having(OPEN, rules=(rule("max_activities", 2),))
LEAST = having(OPEN, rules=(rule("min_contribution", 50), rule("min_contribution", 60, "partner:BETA")))
MOST = having(OPEN, rules=(rule("max_contribution", 80), rule("max_contribution", 60, "partner:BETA")))
SOURCE = having(OPEN, rules=(rule("single_source", "yes", "MONEY"),))

CASES = (
    Case("joint", "met", JOINT, serve(("A", "DEMINE R2", 50))),
    Case("joint", "binding", JOINT, serve(("A", "DEMINE R1", 50), ("B", "DEMINE R1", 6), ("B", "DEMINE R1", 4, 2))),
    # 0.02 of the money and 0.1 of the kits make up for little money.
    Case("joint", "binding", JOINT, serve(("A", "DEMINE R1", 50), ("B", "DEMINE R1", 4), ("K", "DEMINE R1", 1, 2))),
    Case("joint", "broken", JOINT, serve(("A", "DEMINE R1", 50), ("B", "DEMINE R1", 9.9)), amount=1),
    Case("joint", "broken", JOINT, serve(("A", "DEMINE R1", 50), ("A2", "DEMINE R1", 50)), amount=1),
    Case("joint", "broken", JOINT_TAKEN_ALONG, serve(("A", "DEMINE R2", 50)), amount=2),
    Case("apart", "met", APART, serve(("A", "DEMINE R2", 50), ("B", "DEMINE R2", 50))),
    Case("apart", "binding", APART, serve(("A", "DEMINE R1", 50), ("B", "RETURN R1", 50))),
    Case(
        "apart",
        "broken",
        APART,
        serve(("A", "DEMINE R1", 50), ("K", "DEMINE R1", 1, 2)),
        amount=1,
        scope="initiative:DEMINE region:R1",
    ),
    Case("max_activities", "met", ACTIVITIES, serve(("A", "DEMINE R1", 9), ("A2", "DEMINE R1", 9))),
    Case("max_activities", "binding", ACTIVITIES, serve(("B", "DEMINE R1", 9), ("B", "RETURN R1", 9))),
    Case(
        "max_activities",
        "broken",
        ACTIVITIES,
        serve(*(("A", f"{i} {r}", 9) for i in ("DEMINE", "RETURN") for r in ("R1", "R2"))),
        amount=1,
        scope="partner:ALFA",
    ),
    Case("max_activities", "met", EACH_ACTIVITIES, serve(("A", "DEMINE R1", 9), ("B", "RETURN R1", 9))),
    Case(
        "max_activities",
        "broken",
        EACH_ACTIVITIES,
        serve(("S", "DEMINE R2", 1), ("A", "DEMINE R1", 9), ("A", "RETURN R1", 9)),
        amount=1,
    ),
    Case("min_contribution", "met", LEAST, serve(("A", "DEMINE R1", 51), ("B", "RETURN R1", 61))),
    Case("min_contribution", "met", LEAST, serve(("S", "DEMINE R2", 1))),  # worth nothing
    Case("min_contribution", "binding", LEAST, serve(("A", "DEMINE R1", 30), ("A2", "DEMINE R1", 20, 2))),
    Case("min_contribution", "binding", LEAST, serve(("B", "DEMINE R1", 20), ("K", "DEMINE R1", 2, 2))),
    Case("min_contribution", "broken", LEAST, serve(("B", "RETURN R1", 55)), amount=5),
    Case("min_contribution", "broken", LEAST, serve(("A", "DEMINE R1", 49), ("A", "DEMINE R2", 60)), amount=1),
    Case("max_contribution", "met", MOST, serve(("A", "DEMINE R1", 79), ("A", "DEMINE R2", 79))),
    Case("max_contribution", "binding", MOST, serve(("A", "DEMINE R1", 40), ("A2", "DEMINE R1", 40, 2))),
    Case("max_contribution", "broken", MOST, serve(("B", "DEMINE R1", 30), ("K", "DEMINE R1", 2, 2)), amount=10),
    Case("single_source", "met", SOURCE, serve(("A", "DEMINE R1", 100), ("A2", "DEMINE R1", 100, 2))),
    Case("single_source", "binding", SOURCE, serve(("A2", "DEMINE R1", 40), ("A3", "DEMINE R1", 40))),
    Case("single_source", "broken", SOURCE, serve(("A", "DEMINE R1", 40), ("A3", "DEMINE R1", 40)), amount=1),
)
