"""Every objective of the planning model, in words for the people who use them."""

from collections.abc import Mapping

from planner.rulebook.reference import ObjectiveReference

_ALL = (
    ObjectiveReference(
        key="coverage",
        title="Coverage",
        sense="max",
        statement="Cover as much of the need as possible, heavier activities first (priority, severity, size).",
        formula="max Σ_a w_a · c_a",
        example="Two of three trainers and half of the money: coverage (2/3 + 1/2) / 2 = 58 %.",
    ),
    ObjectiveReference(
        key="effective",
        title="Effective coverage",
        sense="max",
        statement="Cover what works together: in each period an activity is as good as its scarcest essential "
        "resource, because people without vehicles or money deliver nothing.",
        formula="max Σ_a w_a · e_a",
        example="All trainers but half of the vehicles: effective coverage 50 %.",
    ),
    ObjectiveReference(
        key="worst_region",
        title="Worst-covered region",
        sense="max",
        statement="Lift the region that is covered least; as the last objective go on with the next one, and so on.",
        formula="max min_r coverage of r",
        example="Regions at 20 %, 60 %, 80 %: the figure is 20 %.",
    ),
    ObjectiveReference(
        key="delivery_cost",
        title="Delivery cost",
        sense="min",
        statement="Spend as little as possible on delivery: unit costs, fixed costs and mobilisation.",
        formula="min Σ cost_per_unit · x + fixed costs + mobilisation costs",
        example="Vehicles come from the partner that brings them for less.",
    ),
    ObjectiveReference(
        key="stability",
        title="Few changes",
        sense="min",
        statement="Stay close to the plan agreed last, each resource compared with what was agreed of it.",
        formula="min Σ_k Σ |x − baseline| / Σ baseline of k",
        example="One of ten agreed vehicles moves: 0.2 (one leaves, one arrives).",
    ),
    ObjectiveReference(
        key="starts",
        title="Few moves",
        sense="min",
        statement="Let reusable things and people stay where they are from period to period.",
        formula="min Σ max(0, X_akt − X_ak,t−1) / Σ Q_o of k",
        example="A team that stays a year starts once, one that moves every quarter four times.",
    ),
    ObjectiveReference(
        key="burden",
        title="Fair burden",
        sense="min",
        statement="Keep small what any partner contributes beyond its fair share.",
        formula="min max_p (value of p − fair_share_p · Σ value)",
        example="Fair share 100,000 USD, contributed 130,000 USD: 30,000 USD beyond.",
    ),
)

OBJECTIVES: Mapping[str, ObjectiveReference] = {objective.key: objective for objective in _ALL}
