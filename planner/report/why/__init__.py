"""Why? - what there is to say about any figure of a plan, and which figure a row of a table is about."""

from collections.abc import Callable, Mapping

from planner.report.figures import Figures
from planner.report.table import Table
from planner.report.why.conditions import explain_rule
from planner.report.why.explanation import Explanation, Line, Section, Step, Subject, Topic, Waterfall
from planner.report.why.needs import explain_activity, explain_need, explain_scope
from planner.report.why.supply import explain_line, explain_partner, explain_pledge, explain_resource

__all__ = ["Explanation", "Line", "Section", "Step", "Subject", "Topic", "Waterfall", "explain", "subject_of"]

EXPLAINERS: Mapping[Topic, Callable[[Figures, tuple[str, ...]], Explanation]] = {
    Topic.ALL: lambda figures, codes: explain_scope(figures, Topic.ALL, codes),
    Topic.INITIATIVE: lambda figures, codes: explain_scope(figures, Topic.INITIATIVE, codes),
    Topic.REGION: lambda figures, codes: explain_scope(figures, Topic.REGION, codes),
    Topic.ACTIVITY: explain_activity,
    Topic.NEED: explain_need,
    Topic.LINE: explain_line,
    Topic.PLEDGE: explain_pledge,
    Topic.PARTNER: explain_partner,
    Topic.RESOURCE: explain_resource,
    Topic.RULE: explain_rule,
}
ABOUT: Mapping[str, tuple[Topic, tuple[str, ...]]] = {  # table -> what its rows are about, columns of the codes
    "activities": (Topic.ACTIVITY, ("initiative", "region")),
    "gaps": (Topic.NEED, ("initiative", "region", "resource", "period")),
    "allocations": (Topic.LINE, ("pledge", "initiative", "region", "period")),
    "partners": (Topic.PARTNER, ("partner",)),
    "supply": (Topic.PARTNER, ("partner",)),
    "stranded": (Topic.PLEDGE, ("pledge",)),
    "resources": (Topic.RESOURCE, ("resource",)),
    "asks": (Topic.RESOURCE, ("resource",)),
    "compared_activities": (Topic.ACTIVITY, ("initiative", "region")),
    "compared_lines": (Topic.NEED, ("initiative", "region", "resource", "period")),
    "prices": (Topic.RULE, ("rule", "scope")),
}


def explain(figures: Figures, subject: Subject) -> Explanation:
    """What there is to say about it; codes that the scenario no longer has are told as they are."""
    return EXPLAINERS[subject.topic](figures, subject.codes)


def subject_of(figures: Figures, table: Table, row: int) -> Subject | None:
    """What a row of one of the plan's tables is about; None where there is nothing to say."""
    if table.key == "rules":
        report = figures.plan.rules[row]
        return Subject(Topic.RULE, (report.rule, report.scope))
    if table.key == "changes":
        shift = figures.plan.changes[row]
        topics = {"partner": (Topic.PARTNER, (shift.code,)), "activity": (Topic.ACTIVITY, (shift.code, shift.region))}
        return Subject(*topics[shift.by]) if shift.by in topics else None
    if table.key in ("key_figures", "compared_figures"):
        return Subject(Topic.ALL)
    if table.key not in ABOUT:
        return None
    topic, columns = ABOUT[table.key]
    return Subject(topic, tuple(str(table.value(row, name)) for name in columns))
