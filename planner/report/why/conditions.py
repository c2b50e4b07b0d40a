"""What there is to say about a rule, a veto or an earmark: what it asks, whether it binds, and what it costs."""

from dataclasses import replace

from planner.cell_changes import changes_between
from planner.plan import Fix, RuleReport
from planner.problems import Place
from planner.report.figures import Figures
from planner.report.outcome import rule_figure, rule_unit, scope_words
from planner.report.table import PERCENT
from planner.report.why.explanation import Explanation, Line, Section, Subject, Topic, present
from planner.report.words import RULE_STATES, amount_words, share_words
from planner.report.worth import gain_unit, shown_gain
from planner.rulebook import RULES, plain_scope

NAMED = ("region", "initiative", "resource", "partner", "pledge")  # kinds of scope that are topics themselves
REFUSALS = {"veto": "Veto", "earmark": "Earmark"}


def explain_rule(figures: Figures, codes: tuple[str, ...]) -> Explanation:
    """What it says, what the plan does, and what the plan would gain without it."""
    key, scope = codes
    reference = RULES.get(key)
    title = reference.title if reference is not None else REFUSALS.get(key, key)
    report = next((row for row in figures.plan.rules if (row.rule, row.scope) == (key, scope)), None)
    price = next((row for row in figures.plan.prices if (row.rule, row.scope) == (key, scope)), None)
    unit = gain_unit(figures)
    costs = []
    if price is not None and price.most is not None:
        costs.append(Line("Costs at most", shown_gain(figures, price.most), unit))
    if price is not None and price.gain is not None:
        costs.append(Line("Gain without it, planned again", shown_gain(figures, price.gain), unit, is_change=True))
    sentences = [price.text if price is not None else "", reference.statement if reference is not None else ""]
    return Explanation(
        title,
        ". ".join(filter(None, (scope_words(figures, scope) if key not in REFUSALS else "", _state(figures, report)))),
        tuple(dict.fromkeys(filter(None, sentences))),
        None,
        present(
            Section("What it costs", tuple(costs)),
            Section("Other rules for the same", _others(figures, key, scope)),
            Section("Lead on to", _named(figures, scope)),
        ),
        place := _place(figures, key, scope),
        _without(figures, place, title),
    )


def _without(figures: Figures, place: Place | None, title: str) -> Fix | None:
    """A rule that has a row of its own, switched off."""
    scenario = figures.scenario
    if place is None or place.sheet != "Rules" or place.row is None or not scenario.rules[place.row].on:
        return None
    rules = list(scenario.rules)
    rules[place.row] = replace(rules[place.row], on=False)
    return Fix(f"Switch off “{title}”.", changes_between(scenario, replace(scenario, rules=tuple(rules))))


def rule_lines(figures: Figures, scope: str) -> tuple[Line, ...]:
    """The rules of one scope, each with its state."""
    return tuple(
        Line(
            RULES[row.rule].title if row.rule in RULES else row.rule,
            words=_state(figures, row),
            subject=Subject(Topic.RULE, (row.rule, row.scope)),
        )
        for row in figures.plan.rules
        if row.scope == scope
    )


def _others(figures: Figures, key: str, scope: str) -> tuple[Line, ...]:
    return tuple(
        line
        for line in (rule_lines(figures, scope) if scope else ())
        if line.subject is not None and line.subject.codes != (key, scope)
    )


def price_lines(figures: Figures, most: int) -> tuple[Line, ...]:
    """The conditions that cost the plan most."""
    lines = []
    for row in figures.plan.prices:
        cost = row.gain if row.gain is not None else row.most
        if cost is not None and cost > 0:
            subject = Subject(Topic.RULE, (row.rule, row.scope))
            lines.append(Line(row.text.rstrip("."), shown_gain(figures, cost), subject=subject))
    return tuple(sorted(lines, key=lambda line: -(line.value or 0.0))[:most])


def _state(figures: Figures, report: RuleReport | None) -> str:
    """`Binding: the limit is 35 %, the plan is at 35 %`."""
    if report is None:
        return ""
    words = RULE_STATES.get(report.state, report.state)
    unit = rule_unit(figures, report)
    limit, actual = (_figure(rule_figure(report, value), unit) for value in (report.limit, report.actual))
    if limit and actual:
        return f"{words}: the limit is {limit}, the plan is at {actual}"
    return f"{words}: {limit}" if limit else words


def _figure(value: object, unit: str) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return share_words(value, 1) if unit == PERCENT else f"{amount_words(value)} {unit}".rstrip()
    return str(value) if value is not None else ""


def _named(figures: Figures, scope: str) -> tuple[Line, ...]:
    """What the scope names, where more can be said about it."""
    kind, colon, code = scope.partition(":")
    topics = {
        each.value: each for each in (Topic.REGION, Topic.INITIATIVE, Topic.RESOURCE, Topic.PARTNER, Topic.PLEDGE)
    }
    if not colon or kind not in topics:
        return ()
    return (Line(f"{kind.capitalize()} {code}", subject=Subject(topics[kind], (code,))),)


def _place(figures: Figures, key: str, scope: str) -> Place | None:
    """The rule's row; without one the sheet that holds its figures."""
    for at, row in enumerate(figures.scenario.rules):
        if row.rule == key and plain_scope(row, figures.scenario) == scope:
            return Place("Rules", at, "value")
    if key == "veto":
        return Place("Vetoes")
    if key == "earmark":
        code = scope.rpartition(":")[2]
        rows = enumerate(figures.scenario.pledges)
        return next((Place("Pledges", at, "initiatives") for at, row in rows if row.code == code), None)
    reference = RULES.get(key)
    return Place(reference.sheet, None, reference.column) if reference is not None and reference.sheet else None
