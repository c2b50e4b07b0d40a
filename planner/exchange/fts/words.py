"""How the Financial Tracking Service (FTS) names things, and what they are called here."""

from collections.abc import Mapping

# Columns without which a table cannot be read; further ones are used where they are there.
FLOW_COLUMNS = (
    "id",
    "amountUSD",
    "srcOrganization",
    "srcOrganizationTypes",
    "destPlanId",
    "destPlanCode",
    "destGlobalClusters",
    "contributionType",
    "boundary",
    "status",
)
REQUIREMENT_COLUMNS = ("countryCode", "id", "name", "code", "startDate", "clusterCode", "cluster", "requirements")
PLAN_COLUMNS = ("typeId", "typeName", "requirements", "funding")  # requirements by plan, without clusters

CURRENCY = "USD"  # of every amount that FTS compares
FUNDING = "FUNDING"  # code of the one resource
NOT_SPECIFIED = "NOT-SPECIFIED"  # initiative without requirement: what is earmarked to it serves no plan

UNSPECIFIED = "Not specified"
UNSPECIFIED_NAMES = frozenset({"", "not specified", "multiple clusters/sectors (shared)"})

ORGANISATION_TYPES: Mapping[str, str] = {  # FTS -> IATI OrganisationType
    "government": "10",
    "governments": "10",
    "ngo": "21",  # FTS does not tell national from international ones here
    "ngos": "21",
    "international ngo": "21",
    "international ngos": "21",
    "national ngo": "22",
    "national ngos": "22",
    "local ngo": "22",
    "red cross/red crescent": "21",
    "inter-governmental": "40",
    "un agency": "40",
    "un agencies": "40",
    "multilateral organization": "40",
    "multilateral organizations": "40",
    "pooled fund": "40",
    "pooled funds": "40",
    "private organization/foundation": "60",
    "foundation": "60",
    "private sector": "70",
    "academic": "80",
    "other": "90",
}
OTHER_TYPE = "90"

# Global clusters by their FTS id. A plan's own clusters have other ids, which is how the two tables are told apart.
GLOBAL_CLUSTERS: Mapping[str, str] = {
    "1": "Agriculture",
    "2": "Camp Coordination / Management",
    "3": "Education",
    "4": "Emergency Shelter and NFI",
    "5": "Emergency Telecommunications",
    "6": "Food Security",
    "7": "Health",
    "8": "Logistics",
    "9": "Nutrition",
    "10": "Protection",
    "11": "Water Sanitation Hygiene",
    "12": "Child Protection",
    "13": "Gender Based Violence",
    "14": "Housing, Land and Property",
    "15": "Mine Action",
    "16": "Human Trafficking & Smuggling",
    "26479": "Multi-sector",
    "26480": "Coordination and support services",
}
MORE_CLUSTERS = (  # without an id that is known here
    "COVID-19",
    "Early Recovery",
    "Multipurpose Cash",
    "Other",
    "Protection - Child Protection",
    "Protection - Gender-Based Violence",
    "Protection - Housing, Land and Property",
    "Protection - Human Trafficking & Smuggling",
    "Protection - Mine Action",
)
