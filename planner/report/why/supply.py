"""What there is to say about supply: a line of the plan, a pledge, a partner, a resource."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from math import fsum

from planner.problems import Place
from planner.report.figures import Figures
from planner.report.table import PERCENT
from planner.report.why.conditions import rule_lines
from planner.report.why.explanation import Explanation, Line, Section, Step, Subject, Topic, Waterfall, present
from planner.report.why.needs import MOST_LINES, MOST_STEPS, activity_name
from planner.report.words import amount_words, reason_title, share_words
from resources.offers import Partner, Pledge, Resource


def explain_line(figures: Figures, codes: tuple[str, ...]) -> Explanation:
    """Why this pledge serves this need."""
    pledge, initiative, region, number = codes
    period = int(number)
    for line in figures.plan.allocations:
        if (line.pledge, line.initiative, line.region, line.period) == (pledge, initiative, region, period):
            break
    else:
        return Explanation(f"Pledge {pledge}", "This plan has no such line.", place=_place(figures, "Pledges", pledge))
    unit, resource = figures.unit(line.resource), figures.name("resources", line.resource)
    others = [
        Line(
            f"{figures.name('partners', row.partner)} ({row.pledge})",
            row.quantity,
            words=row.text,
            subject=Subject(Topic.LINE, (row.pledge, initiative, region, number)),
        )
        for row in figures.plan.allocations
        if (row.initiative, row.region, row.resource, row.period) == (initiative, region, line.resource, period)
        and row.pledge != pledge
    ]
    need = Subject(Topic.NEED, (initiative, region, line.resource, number))
    return Explanation(
        f"{amount_words(line.quantity)} {unit} of {figures.name('partners', line.partner)}",
        f"{resource} for {activity_name(figures, (initiative, region))}, {figures.period(period)[0]}",
        (line.text,) if line.text else (),
        None,
        present(
            Section("Serving the same need", tuple(others), unit),
            Section(
                "Lead on to",
                (
                    Line("The need", subject=need),
                    Line(f"Pledge {pledge}", subject=Subject(Topic.PLEDGE, (pledge,))),
                    Line("The activity", subject=Subject(Topic.ACTIVITY, (initiative, region))),
                ),
            ),
        ),
        _place(figures, "Pledges", pledge),
    )


def explain_pledge(figures: Figures, codes: tuple[str, ...]) -> Explanation:
    """How much of a pledge is used and where, and why the rest is not."""
    code = codes[0]
    pledge = figures.pledges.get(code)
    if pledge is None:
        return Explanation(f"Pledge {code}", "This pledge is no longer in the scenario.")
    unit = figures.unit_over_time(pledge.resource)
    stranded = figures.stranded.get(code)
    used = figures.allocated_by_pledge.get(code, 0.0) + figures.paid_by_pledge.get(code, 0.0)
    usable = stranded.usable if stranded is not None else max(used, figures.capacity(pledge))
    served: dict[tuple[str, str], float] = defaultdict(float)
    for row in figures.plan.allocations:
        if row.pledge == code:
            served[row.initiative, row.region] += row.quantity
    steps = (
        *(Step(reason_title(part.reason), -part.quantity) for part in (stranded.parts if stranded else ())),
        Step("Used", used, is_total=True),
    )
    return Explanation(
        f"{figures.name('resources', pledge.resource)} of {figures.name('partners', pledge.partner)} ({code})",
        f"{amount_words(used)} of {amount_words(usable)} {unit} used",
        (stranded.text,) if stranded is not None and stranded.text else (),
        Waterfall("From pledge to plan", unit, (Step("Usable", usable, is_total=True), *steps)) if stranded else None,
        present(
            Section(
                "Where it goes",
                _largest_activities(figures, served),
                unit,
            ),
            Section("Delivery paid", _paid(figures, code), figures.currency),
            _asks(figures, lambda ask_pledges, _partners: code in ask_pledges),
            Section("Partner", (_partner_line(figures, pledge.partner),)),
        ),
        _place(figures, "Pledges", code),
    )


def explain_partner(figures: Figures, codes: tuple[str, ...]) -> Explanation:
    """What a partner offers and gives, beside its fair share, what it could be asked for, and the rules about it."""
    code = codes[0]
    whole = fsum(figures.contributed.values())
    value = figures.contributed.get(code, 0.0)
    partner = figures.partners.get(code)
    sentences = []
    if partner is not None and partner.fair_share is not None and figures.fair_shares.get(code):
        fair = figures.fair_shares[code]
        mine = value / figures.fair_whole if figures.fair_whole else 0.0
        sentences.append(
            f"Its fair share is {share_words(fair)} of what the partners with a fair share contribute; this plan "
            f"takes {share_words(mine)}."
        )
    given: dict[tuple[str, str], float] = defaultdict(float)
    for row in figures.plan.allocations:
        if row.partner == code:
            given[row.initiative, row.region] += row.quantity * figures.unit_value(row.resource)
    carried = [
        Line(activity_name(figures, key), figures.results[key].coverage, PERCENT, subject=Subject(Topic.ACTIVITY, key))
        for key, row in figures.details.items()
        if row.implementer == code and key in figures.results
    ]
    return Explanation(
        figures.name("partners", code),
        f"Contributes {amount_words(value)} {figures.currency}, {share_words(value / whole if whole else 0.0)} of all",
        tuple(sentences),
        None,
        present(
            Section("Its pledges: how much is used", _pledge_lines(figures, code), PERCENT),
            Section(
                "What it serves, by value",
                tuple(
                    Line(activity_name(figures, key), amount, subject=Subject(Topic.ACTIVITY, key))
                    for key, amount in sorted(given.items(), key=lambda item: -item[1])
                )[:MOST_LINES],
                figures.currency,
            ),
            Section("What it carries out", tuple(carried[:MOST_LINES]), "% of need"),
            _asks(figures, lambda _pledges, partners: code in partners),
            Section("Rules about it", rule_lines(figures, f"partner:{code}")),
        ),
        _place(figures, "Partners", code),
    )


def explain_resource(figures: Figures, codes: tuple[str, ...]) -> Explanation:
    """How far a resource goes, what takes the rest away, and what more of it would buy."""
    code = codes[0]
    unit = figures.unit_over_time(code)
    needed = fsum(figures.required[key].get(code, 0.0) for key in figures.counted)
    gaps = [
        gap for gap in figures.plan.gaps if gap.resource == code and (gap.initiative, gap.region) in figures.weights
    ]
    given = needed - fsum(gap.missing for gap in gaps)
    losses: dict[str, float] = defaultdict(float)
    places: dict[tuple[str, str], float] = defaultdict(float)
    for gap in gaps:
        places[gap.initiative, gap.region] += gap.missing
        for part in gap.parts:
            losses[reason_title(part.reason)] += part.quantity
    kept = sorted(losses.items(), key=lambda item: -item[1])[:MOST_STEPS]
    pledges = [
        _used_line(figures, row.code, f"{figures.name('partners', row.partner)} ({row.code})")
        for row in figures.scenario.pledges
        if row.resource == code
    ]
    pledges.sort(key=lambda line: line.value or 0.0)
    steps = (
        Step("Needed", needed, is_total=True),
        *(Step(title, -loss) for title, loss in kept),
        Step("Given", given, is_total=True),
    )
    return Explanation(
        figures.name("resources", code),
        f"{amount_words(given)} of {amount_words(needed)} {unit} given",
        (),
        Waterfall("From need to plan", unit, steps) if kept else None,
        present(
            _asks(figures, None, code),
            Section(
                "Where it is missing",
                _largest_activities(figures, places),
                unit,
            ),
            Section("Pledges, the least used first", tuple(pledges[:MOST_LINES]), PERCENT),
        ),
        _place(figures, "Resources", code),
    )


def _largest_activities(figures: Figures, amounts: Mapping[tuple[str, str], float]) -> tuple[Line, ...]:
    """The activities with the largest amounts, by initiative and region, each leading on to its own explanation."""
    largest = sorted(amounts.items(), key=lambda item: -item[1])[:MOST_LINES]
    return tuple(
        Line(activity_name(figures, key), amount, subject=Subject(Topic.ACTIVITY, key)) for key, amount in largest
    )


def _paid(figures: Figures, code: str) -> tuple[Line, ...]:
    paid: dict[str, float] = defaultdict(float)
    for row in figures.plan.delivery:
        if row.pledge == code:
            paid[row.region] += row.quantity
    return tuple(Line(figures.name("regions", region), amount) for region, amount in sorted(paid.items()))


def _asks(
    figures: Figures, is_meant: Callable[[tuple[str, ...], tuple[str, ...]], bool] | None, resource: str = ""
) -> Section:
    """What more of a resource would buy: asks that name these pledges or partners, or that resource."""
    lines = tuple(
        Line(figures.name("resources", ask.resource), words=ask.text, subject=Subject(Topic.RESOURCE, (ask.resource,)))
        for ask in figures.plan.asks
        if (is_meant(ask.pledges, ask.partners) if is_meant is not None else ask.resource == resource)
    )
    return Section("What to ask for", lines)


def _partner_line(figures: Figures, code: str) -> Line:
    return Line(figures.name("partners", code), subject=Subject(Topic.PARTNER, (code,)))


def _pledge_lines(figures: Figures, partner: str) -> tuple[Line, ...]:
    lines = [
        _used_line(figures, row.code, f"{figures.name('resources', row.resource)} ({row.code})")
        for row in figures.scenario.pledges
        if row.partner == partner
    ]
    return tuple(lines[: 2 * MOST_LINES])


def _used_line(figures: Figures, code: str, title: str) -> Line:
    """How much of a pledge is used, with the reason why not all of it is."""
    stranded = figures.stranded.get(code)
    pledge = figures.pledges[code]
    used = figures.allocated_by_pledge.get(code, 0.0) + figures.paid_by_pledge.get(code, 0.0)
    usable = stranded.usable if stranded is not None else max(used, figures.capacity(pledge))
    words = stranded.text if stranded is not None else ""
    share = used / usable if usable > 0 else 0.0
    return Line(title, share, PERCENT, words, Subject(Topic.PLEDGE, (code,)))


def _place(figures: Figures, sheet: str, code: str) -> Place | None:
    """The row with this code."""
    rows: dict[str, tuple[Pledge | Partner | Resource, ...]] = {
        "Pledges": figures.scenario.pledges,
        "Partners": figures.scenario.partners,
        "Resources": figures.scenario.resources,
    }
    return next((Place(sheet, at, "code") for at, row in enumerate(rows[sheet]) if row.code == code), None)
