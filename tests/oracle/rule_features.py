"""Which parts of the model the comparisons with the oracle need for each rule and each objective."""

# Beside these always objectives and delivery costs.
FEATURES_OF_RULE = {
    "supply": {"reusable", "money", "windows"},
    "requirement": {"fractions", "weights", "earmarks", "vetoes"},
    "minimum": {"minimum", "fractions"},
    "go": {"go"},
    "prerequisite": {"prerequisite"},
    "exclusive": {"exclusive"},
    "together": {"together", "minimum"},
    "joint": {"joint", "together", "fractions"},
    "apart": {"apart"},
    "keep": {"keep", "earmarks", "windows", "vetoes", "status", "likelihood", "access"},
    "frozen_until": {"frozen_until", "reusable", "earmarks", "windows", "vetoes", "status"},
    "count_status": {"status"},
    "expected": {"likelihood"},
    "access_limit": {"access"},
    "local_share": {"local_share"},
    "implementer_share": {"implementer_share", "fractions"},
    "implementer_cap": {"implementer_cap", "fractions"},
    "partner_type_share": {"partner_type_share", "reusable", "pay_delivery"},
    "language_share": {"language_share"},
    "coverage_floor": {"coverage_floor"},
    "burden_cap": {"burden_cap", "reusable", "pay_delivery"},
    "max_activities": {"max_activities"},
    "min_contribution": {"min_contribution", "reusable", "fractions"},
    "max_contribution": {"max_contribution", "reusable", "fractions"},
    "single_source": {"single_source"},
    "pay_delivery": {"pay_delivery", "windows", "vetoes"},
    "delivery_cap": {"delivery_cap"},
}
FEATURES_OF_OBJECTIVE = {
    "coverage": {"weights"},
    "effective": {"weights"},
    "worst_region": {"weights"},
    "delivery_cost": {"money"},
    "stability": {"stability", "earmarks", "fractions"},
    "starts": {"starts", "reusable", "keep", "status"},
    "burden": {"burden", "reusable", "pay_delivery"},
}
FEATURES_OF = {
    key: features | {"objectives", "delivery"} for key, features in (FEATURES_OF_RULE | FEATURES_OF_OBJECTIVE).items()
}
