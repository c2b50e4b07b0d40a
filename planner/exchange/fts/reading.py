"""What is known while FTS tables are read: plans, needs, cluster names, flows, and the problems met on the way."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from planner.exchange.csv_table import CsvRow
from planner.exchange.fts.words import GLOBAL_CLUSTERS, MORE_CLUSTERS
from planner.problems import Place, Problem, Severity

LARGEST_AMOUNT = Decimal(10) ** 13  # beyond it a cell no longer keeps cents

_AMOUNT = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Plan:
    """A response plan of the requirements table."""

    id: str
    code: str
    name: str
    start: date | None

    @property
    def key(self) -> str:
        """What flows name it by."""
        return self.id or self.code


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow that belongs in the scenario; without `clusters` it is not specified."""

    row: CsvRow
    plan: Plan
    clusters: tuple[str, ...]
    amount: Decimal

    @property
    def is_in_kind(self) -> bool:
        """Goods or services, counted at their value."""
        return self.row["contributionType"].lower() not in ("", "financial")


@dataclass(slots=True)
class Reading:
    """What the tables have said so far."""

    keeps_unspecified: bool  # flows that name no cluster may serve any of their plan
    problems: list[Problem] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)  # by key
    needs: dict[tuple[str, str, str], Decimal] = field(default_factory=dict)  # by plan key, cluster, country
    cluster_ids: dict[str, str] = field(default_factory=dict)
    clusters: dict[str, str] = field(  # spelling by folded name
        default_factory=lambda: {name.casefold(): name for name in (*GLOBAL_CLUSTERS.values(), *MORE_CLUSTERS)}
    )

    def warn(self, code: str, message: str, sheet: str = "Pledges") -> None:
        """Note something that people should know."""
        self.problems.append(Problem(code, message, Place(sheet), Severity.WARNING))

    def fail(self, code: str, message: str, sheet: str = "Pledges") -> None:
        """Note an error: nothing will be imported."""
        self.problems.append(Problem(code, message, Place(sheet)))

    def has_failed(self) -> bool:
        """Whether an error was met."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def plan_of(self, row: CsvRow) -> Plan | None:
        """The plan of the requirements that a flow names, by id or, where one side has none, by code."""
        number, code = row["destPlanId"], row["destPlanCode"]
        if number in self.plans:
            return self.plans[number]
        same_code = (plan for plan in self.plans.values() if code and plan.code == code)
        return next((plan for plan in same_code if not number or not plan.id), None)

    def title(self, plan: Plan) -> str:
        """What to call a plan in codes and messages."""
        is_code_unique = sum(other.code == plan.code for other in self.plans.values()) == 1
        return plan.code if plan.code and is_code_unique else plan.key

    def amount(self, row: CsvRow, column: str) -> Decimal:
        """The amount in a cell; 0 where it is empty or wrong, which is then noted as an error."""
        text = row[column]
        if not text:
            return Decimal(0)
        if _AMOUNT.fullmatch(text) and Decimal(text) <= LARGEST_AMOUNT:
            return Decimal(text)
        is_flow = column == "amountUSD"
        who = f"Flow {row['id']}" if is_flow else row["cluster"] or "The row"
        advice = "write digits with a point as the decimal sign, without thousands separators"
        if text.startswith("-"):
            advice = "an amount is never negative; correct it, or delete the row"
        elif _AMOUNT.fullmatch(text):
            advice = "it is beyond any real amount; correct it"
        self.fail(
            "fts_amount",
            f"{who} (line {row.line}): {column} is '{text}', which is not an amount as FTS writes it; {advice}.",
            "Pledges" if is_flow else "Requirements",
        )
        return Decimal(0)


def listed(names: list[str]) -> str:
    """The first ten names, and how many more there are."""
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return ", ".join(names[:10]) + more


def count_flows(count: int) -> str:
    """`1 flow`, `12 flows`."""
    return "1 flow" if count == 1 else f"{count} flows"
