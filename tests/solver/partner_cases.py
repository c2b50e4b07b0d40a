"""Plans made by hand for the rules on kinds of partners."""

from dataclasses import replace

from planner.scenario import Region
from resources.offers import DeliveryCost, Partner
from tests.solver.verify_scenarios import (
    KITS,
    MONEY,
    STAFF,
    Case,
    activity,
    having,
    need,
    payment,
    pledge,
    rule,
    scenario,
    serve,
)

OPEN = scenario(
    settings={"periods": 2},
    partners=(
        Partner(code="ALFA", type="21", fair_share=0.3),
        Partner(code="BETA", type="22", fair_share=0.1),
        Partner(code="GAMMA", type="22"),
    ),
    resources=(MONEY, KITS, replace(STAFF, unit_value=10)),
    pledges=(
        pledge("A", "ALFA", "MONEY", 300),
        pledge("B", "BETA", "MONEY", 300),
        pledge("C", "GAMMA", "MONEY", 300),
        pledge("K", "GAMMA", "KITS", 9),
        pledge("S", "BETA", "STAFF", 5),
    ),
    requirements=(
        *(need(i, r, "MONEY", 100) for i in ("DEMINE", "RETURN") for r in ("R1", "R2")),
        *(need("DEMINE", "R1", "STAFF", 5, period) for period in (1, 2)),
        need("RETURN", "R1", "KITS", 5),
    ),
    activities=(
        activity("DEMINE", "R1", implementer="BETA"),
        activity("RETURN", "R1", implementer="GAMMA"),
        activity("DEMINE", "R2", implementer="ALFA"),
    ),
)
IMPLEMENTERS = having(OPEN, rules=(rule("implementer_share", 0.4, "type:22"), rule("implementer_share", 0.1, "21")))
ABSORBS = having(OPEN, rules=(rule("implementer_cap", 60, "BETA"), rule("implementer_cap", 80, "partner:GAMMA")))
TYPES = having(OPEN, rules=(rule("partner_type_share", 0.5, "22"),))
TYPES_PAYING = having(
    TYPES,
    rules=(*TYPES.rules, rule("pay_delivery", "yes")),
    delivery_costs=(DeliveryCost(resource="KITS", cost_per_unit=10),),
)
BURDEN = having(OPEN, rules=(rule("burden_cap", 1.2),))

SPEAKING = scenario(
    settings={"periods": 2},
    regions=(
        Region(code="R1", languages=("SOM ", "swa")),
        Region(code="R2", languages=("amh",)),
        Region(code="R3", languages=("",)),
    ),
    pledges=(
        pledge("SOMALI", "ALFA", "STAFF", 9, languages=("eng", " som", "")),
        pledge("AMHARIC", "BETA", "STAFF", 9, languages=("AMH",)),
        pledge("SILENT", "BETA", "STAFF", 9),
        pledge("M", "BETA", "MONEY", 9),
    ),
    requirements=tuple(
        need("DEMINE", r, k, 9, t) for r in ("R1", "R2", "R3") for k in ("STAFF", "MONEY") for t in (1, 2)
    ),
    rules=(rule("language_share", 0.5),),
)
SPEAKING_IN_ONE = having(SPEAKING, rules=(rule("language_share", 0.5, "region:R1"), rule("language_share", 1, "R3")))

CASES = (
    # 40 % of funding for type 22 and 10 % for type 21.
    Case("implementer_share", "met", IMPLEMENTERS, serve(("A", "DEMINE R1", 80), ("A", "DEMINE R2", 20))),
    Case(
        "implementer_share",
        "binding",
        IMPLEMENTERS,
        serve(("A", "DEMINE R1", 20), ("B", "RETURN R1", 20), ("A", "DEMINE R2", 40), ("A", "RETURN R2", 20)),
    ),
    Case(
        "implementer_share",
        "broken",
        IMPLEMENTERS,
        serve(("A", "DEMINE R1", 45), ("A", "RETURN R2", 55)),
        amount=10,
        scope="type:21",
    ),
    Case("implementer_cap", "met", ABSORBS, serve(("A", "DEMINE R1", 59), ("A", "DEMINE R2", 99))),
    Case("implementer_cap", "binding", ABSORBS, serve(("A", "DEMINE R1", 60), ("S", "DEMINE R1", 5))),
    Case("implementer_cap", "broken", ABSORBS, serve(("A", "RETURN R1", 30), ("B", "RETURN R1", 55)), amount=5),
    Case("partner_type_share", "met", TYPES, serve(("A", "DEMINE R1", 49), ("B", "DEMINE R1", 51))),
    # A reusable unit counts for each period in which it serves.
    Case(
        "partner_type_share",
        "binding",
        TYPES,
        serve(("A", "DEMINE R1", 90), ("S", "DEMINE R1", 5, 1), ("S", "DEMINE R1", 4, 2)),
    ),
    Case("partner_type_share", "broken", TYPES, serve(("A", "DEMINE R1", 60), ("B", "DEMINE R1", 40)), amount=10),
    Case(
        "partner_type_share",
        "binding",
        TYPES_PAYING,
        serve(("A", "DEMINE R1", 60), ("C", "DEMINE R1", 20), ("K", "RETURN R1", 4)),
        (payment("B", "R1", 40, 1),),
    ),
    # R1: 2 of 4 over both periods; a region without languages does not count.
    Case("language_share", "met", SPEAKING, serve(("SOMALI", "DEMINE R1", 2), ("SILENT", "DEMINE R3", 9))),
    Case("language_share", "binding", SPEAKING, serve(("SOMALI", "DEMINE R1", 2), ("SILENT", "DEMINE R1", 2, 2))),
    Case(
        "language_share",
        "broken",
        SPEAKING,
        serve(("SOMALI", "DEMINE R1", 5), ("AMHARIC", "DEMINE R2", 1), ("SOMALI", "DEMINE R2", 4)),
        amount=1.5,
        scope="region:R2",
    ),
    Case("language_share", "met", SPEAKING_IN_ONE, serve(("M", "DEMINE R1", 5), ("SILENT", "DEMINE R2", 9))),
    Case("language_share", "broken", SPEAKING_IN_ONE, serve(("AMHARIC", "DEMINE R1", 4)), amount=2),
    # Three quarters of what ALFA and BETA contribute are ALFA's fair share, a quarter BETA's; GAMMA stands outside.
    Case("burden_cap", "met", BURDEN, serve(("A", "DEMINE R1", 75), ("B", "DEMINE R1", 25), ("C", "DEMINE R2", 99))),
    Case("burden_cap", "met", BURDEN, serve()),
    Case("burden_cap", "binding", BURDEN, serve(("A", "DEMINE R1", 70), ("B", "DEMINE R1", 20), ("S", "DEMINE R1", 1))),
    Case("burden_cap", "broken", BURDEN, serve(("A", "DEMINE R1", 60), ("B", "DEMINE R2", 40)), amount=10),
)
