"""What the solver answers: a plan, its figures and the reason for every line.

All quantities are in the resource's unit, funding in scenario currency. The plan remembers the fingerprint of the
scenario it was made from, so that a stale plan can be shown as stale.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from resources.columns import new_id

STATUSES = ("optimal", "feasible", "interrupted", "infeasible", "unknown")


@dataclass(frozen=True, slots=True)
class Allocation:
    """One line of the plan: so much of a pledge serves one requirement. `text` says why this pledge; not compared."""

    pledge: str
    partner: str
    initiative: str
    region: str
    resource: str
    period: int
    quantity: float
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class DeliveryPayment:
    """Funding of a pledge spent on delivery in a region and period, in scenario currency."""

    pledge: str
    region: str
    period: int
    quantity: float


@dataclass(frozen=True, slots=True)
class ActivityResult:
    """Goes ahead or not, how well covered, and why (one line of the decision record)."""

    initiative: str
    region: str
    go: bool
    coverage: float
    effective: float
    reason: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a quantity has this reason."""

    reason: str
    quantity: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing of one requirement, and why.

    `parts` add up to `missing`, in the order in which reasons are looked for; `reason` is that of the first.
    """

    initiative: str
    region: str
    resource: str
    period: int
    required: float
    allocated: float
    missing: float
    reason: str = ""
    text: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class StrandedPledge:
    """A pledge that is not used in full: over all its periods, and why the rest is unused.

    `parts` add up to `unused`; `reason` and `text` are those of the largest.
    """

    pledge: str
    partner: str
    resource: str
    usable: float
    allocated: float
    paid: float  # spent on delivery
    unused: float
    reason: str = ""
    text: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """What the plan gives more or less than the agreed plan to a partner, an activity or a budget category.

    In scenario currency where `resource` is empty, else in the unit of that resource, which has no value.
    """

    by: str  # partner, activity, category
    code: str
    region: str  # of an activity
    resource: str
    old: float
    new: float
    change: float
    share: float | None  # of the old figure; None where that is 0
    is_large: bool


@dataclass(frozen=True, slots=True)
class ObjectiveResult:
    """One objective: value of the finished plan, the best reached at its level, the proven bound and gap there."""

    objective: str
    value: float
    best: float
    bound: float
    gap: float


@dataclass(frozen=True, slots=True)
class RuleReport:
    """One rule in the finished plan: met, binding or off, its limit and what the plan does."""

    rule: str
    scope: str
    state: str  # met, binding, off
    limit: float | None
    actual: float | None
    price: float | None = None


@dataclass(frozen=True, slots=True)
class ConditionPrice:
    """What a condition costs the plan, as gains of the first objective.

    `rule` is a rule's key, or veto or earmark; `scope` is kind:code (of an earmark pledge:code). `price` is the gain
    per unit of a limit (a share: per 0.01), of a veto or an earmark per unit of the resource, with the activities that
    go ahead as they are; `most` the most that could so be gained without the condition. Of a cap it is the price of as
    much again, and no bound: nobody knows how much more there would be. Both are None where that says nothing: a
    condition of yes and no. `gain` is what a plan without it gains, None until one was made.
    """

    rule: str
    scope: str
    text: str
    price: float | None
    most: float | None
    gain: float | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """What `amount` more of a resource would buy, in one period, from whom, and which pledges could be enlarged for it.

    `gain` is of the first objective. Without `pledges` it takes an offer that no earmark holds back.
    """

    resource: str
    amount: float
    gain: float
    initiative: str
    region: str
    period: int
    partners: tuple[str, ...]
    pledges: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class ConflictMember:
    """One of the conditions that clash."""

    rule: str
    scope: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One cell to change: sheet, the key columns of its row, column, old and new value as text."""

    sheet: str
    key: Mapping[str, str]
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Key figures of a plan; 0 where there is nothing to divide by."""

    coverage: float = 0.0
    effective: float = 0.0
    funding_coverage: float = 0.0
    delivery_cost: float = 0.0
    funding_allocated: float = 0.0
    local_share: float = 0.0
    worst_region: float = 0.0


@dataclass(frozen=True, slots=True)
class Fix:
    """A set of changes that makes a plan possible.

    `totals` are those of the best plan for the first objective with these changes; None where that was not planned.
    """

    text: str
    changes: tuple[Change, ...]
    totals: Totals | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Another way to share out the same pledges (plain split, agreed plan), with the rules it breaks, in words."""

    totals: Totals
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """How the plan was made. `stopped`: None, "time" or "user"."""

    seconds: float = 0.0
    seed: int = 1
    solver: str = ""
    stopped: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A finished plan, verified against every rule, or the proof that there is none."""

    title: str
    fingerprint: str
    status: str  # one of STATUSES
    objectives: tuple[ObjectiveResult, ...] = ()
    totals: Totals = Totals()
    activities: tuple[ActivityResult, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    delivery: tuple[DeliveryPayment, ...] = ()
    gaps: tuple[Gap, ...] = ()
    rules: tuple[RuleReport, ...] = ()
    prices: tuple[ConditionPrice, ...] = ()
    asks: tuple[Ask, ...] = ()
    conflict: tuple[ConflictMember, ...] = ()
    fixes: tuple[Fix, ...] = ()
    pro_rata: Comparison | None = None
    baseline: Comparison | None = None  # the agreed plan under today's rules
    stranded: tuple[StrandedPledge, ...] = ()
    changes: tuple[Shift, ...] = ()  # since the agreed plan
    run: Run = Run()
    id: str = field(default_factory=new_id, compare=False)
    name: str = ""
    made_at: str = ""  # ISO 8601 with offset

    @property
    def has_allocations(self) -> bool:
        """Whether there is a plan to show (it may allocate nothing), rather than the news that there is none."""
        return self.status in ("optimal", "feasible", "interrupted")
