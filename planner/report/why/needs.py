"""What there is to say about needs: one requirement, an activity, or all of a region, an initiative or the plan."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import fsum

from planner.plan import Gap
from planner.problems import Place
from planner.report.figures import NOTHING, ActivityKey, Figures
from planner.report.table import PERCENT
from planner.report.why.conditions import price_lines
from planner.report.why.explanation import Explanation, Line, Section, Step, Subject, Topic, Waterfall, present
from planner.report.words import amount_words, reason_title, share_words
from planner.report.worth import gain_unit

MOST_STEPS = 7  # losses of a waterfall; more are told by reason alone, then the small ones together
MOST_LINES = 12  # of one section
LONGEST_STEP = 28  # signs of a step's title that there is room for
SMALL = 5e-5  # of coverage: not worth a bar
FROM_NEED = "From need to plan"


def explain_activity(figures: Figures, codes: tuple[str, ...]) -> Explanation:
    """Goes ahead or not, how far its needs are met, what takes the rest away, and who serves it."""
    key = (codes[0], codes[1])
    title = activity_name(figures, key)
    result = figures.results.get(key)
    if result is None:
        return Explanation(title, "No need: nothing is required here.")
    gaps = [gap for gap in figures.plan.gaps if (gap.initiative, gap.region) == key]
    decision = "goes ahead" if result.go else "does not go ahead"
    if result.go and result.coverage < 1 - 1e-6:
        decision = "goes ahead in part"
    losses = _losses(figures, {key: 1.0}, gaps)
    return Explanation(
        title,
        f"{share_words(result.coverage)} covered, {decision}",
        tuple(filter(None, (result.text,))),
        _waterfall(figures, losses, result.coverage),
        present(
            _missing(figures, gaps),
            _givers(figures, key),
            Section(
                "What would help",
                tuple(
                    Line(figures.name("resources", ask.resource), words=ask.text, subject=_resource(ask.resource))
                    for ask in figures.plan.asks
                    if ask.gain > 0 and (ask.initiative, ask.region) == key
                ),
            ),
        ),
        _place(figures, key),
    )


def explain_need(figures: Figures, codes: tuple[str, ...]) -> Explanation:
    """What is missing of one requirement, and how much of that each reason accounts for."""
    initiative, region, resource, number = codes
    period = int(number)
    key = (initiative, region, resource, period)
    unit, place = figures.unit(resource), activity_name(figures, (initiative, region))
    when = figures.period(period)[0]
    gap = next((row for row in figures.plan.gaps if _need(row) == key), None)
    lines = [row for row in figures.plan.allocations if (row.initiative, row.region, row.resource, row.period) == key]
    given = fsum(row.quantity for row in lines)
    required = gap.required if gap is not None else given
    state = f"{amount_words(given)} of {amount_words(required)} {unit} given"
    return Explanation(
        f"{figures.name('resources', resource)} for {place}",
        f"{when}: {state}",
        (gap.text,) if gap is not None and gap.text else (),
        _need_waterfall(gap, unit) if gap is not None else None,
        present(
            Section(
                "What is missing",
                _missing_parts(gap) if gap is not None else (),
                unit,
            ),
            Section(
                "Given by",
                tuple(
                    Line(
                        f"{figures.name('partners', row.partner)} ({row.pledge})",
                        row.quantity,
                        words=row.text,
                        subject=Subject(Topic.PLEDGE, (row.pledge,)),
                    )
                    for row in lines
                ),
                unit,
            ),
            Section("Part of", (Line(place, subject=Subject(Topic.ACTIVITY, (initiative, region))),)),
        ),
        _place(figures, (initiative, region)),
    )


def explain_scope(figures: Figures, topic: Topic, codes: tuple[str, ...]) -> Explanation:
    """The activities of a region, an initiative or the whole plan, and what takes their coverage away."""
    at = {Topic.INITIATIVE: 0, Topic.REGION: 1}.get(topic)
    keys = [key for key in figures.counted if key in figures.results and (at is None or key[at] == codes[0])]
    title = "All initiatives, all regions" if at is None else figures.name(f"{topic}s", codes[0])
    whole = fsum(figures.weights[key] for key in keys)
    if not whole:
        return Explanation(title, "No need: nothing is required here.")
    weights = {key: figures.weights[key] / whole for key in keys}
    coverage = fsum(weights[key] * figures.results[key].coverage for key in keys)
    gaps = [gap for gap in figures.plan.gaps if (gap.initiative, gap.region) in weights]
    ahead = sum(figures.results[key].go for key in keys)
    worst = sorted(keys, key=lambda key: figures.results[key].coverage)
    return Explanation(
        title,
        f"{share_words(coverage)} covered, {ahead} of {len(keys)} activities go ahead",
        (),
        _waterfall(figures, _losses(figures, weights, gaps), coverage),
        present(
            Section(
                "Activities, the least covered first",
                tuple(
                    Line(
                        activity_name(figures, key) if at is None else _other_name(figures, key, at),
                        figures.results[key].coverage,
                        PERCENT,
                        figures.results[key].text,
                        Subject(Topic.ACTIVITY, key),
                    )
                    for key in worst[:MOST_LINES]
                ),
                "% of need",
            ),
            Section(
                "What conditions cost at most",
                price_lines(figures, MOST_LINES // 2) if at is None else (),
                gain_unit(figures),
            ),
        ),
    )


def activity_name(figures: Figures, key: ActivityKey) -> str:
    """`Demining of farm roads, Serin Pass`."""
    return f"{figures.name('initiatives', key[0])}, {figures.name('regions', key[1])}"


def _other_name(figures: Figures, key: ActivityKey, known: int) -> str:
    return figures.name("regions", key[1]) if known == 0 else figures.name("initiatives", key[0])


def _need(gap: Gap) -> tuple[str, str, str, int]:
    return gap.initiative, gap.region, gap.resource, gap.period


def _resource(code: str) -> Subject:
    return Subject(Topic.RESOURCE, (code,))


def _losses(
    figures: Figures, weights: Mapping[ActivityKey, float], gaps: Iterable[Gap]
) -> Mapping[tuple[str, str], float]:
    """How much coverage each (reason, resource) takes away: c_a is the weighted mean over the activity's resources."""
    losses: dict[tuple[str, str], float] = defaultdict(float)
    for gap in gaps:
        key = (gap.initiative, gap.region)
        required = figures.required.get(key, {}).get(gap.resource, 0.0)
        if required > NOTHING and key in weights:
            scale = weights[key] * figures.resource_shares[key][gap.resource] / required
            for part in gap.parts:
                losses[part.reason, gap.resource] += part.quantity * scale
    return losses


def _waterfall(figures: Figures, losses: Mapping[tuple[str, str], float], coverage: float) -> Waterfall | None:
    """From 100 % of need to coverage, with few enough steps to be read."""
    named = {
        f"{reason_title(reason)}: {figures.name('resources', code)}": loss for (reason, code), loss in losses.items()
    }
    if len(named) > MOST_STEPS or max(map(len, named), default=0) > LONGEST_STEP:
        by_reason: dict[str, float] = defaultdict(float)
        for (reason, _), loss in losses.items():
            by_reason[reason_title(reason)] += loss
        named = dict(by_reason)
    kept = sorted(((title, loss) for title, loss in named.items() if loss > SMALL), key=lambda item: -item[1])
    if len(kept) > MOST_STEPS:
        kept = [*kept[: MOST_STEPS - 1], ("Other reasons", fsum(loss for _, loss in kept[MOST_STEPS - 1 :]))]
    if not kept:
        return None
    steps = (
        Step("Needed", 1.0, is_total=True),
        *(Step(title, -loss) for title, loss in kept),
        Step(f"Covered by {figures.plan.name or 'the plan'}", coverage, is_total=True),
    )
    return Waterfall(FROM_NEED, PERCENT, steps)


def _missing_parts(gap: Gap) -> tuple[Line, ...]:
    """How much each reason accounts for, where there are several; what stands above already is not said twice."""
    if len(gap.parts) < 2:
        return ()
    return tuple(
        Line(reason_title(part.reason), part.quantity, words="" if part.text == gap.text else part.text)
        for part in gap.parts
    )


def _need_waterfall(gap: Gap, unit: str) -> Waterfall | None:
    if not gap.parts:
        return None
    steps = (
        Step("Needed", gap.required, is_total=True),
        *(Step(reason_title(part.reason), -part.quantity) for part in gap.parts),
        Step("Given", gap.allocated, is_total=True),
    )
    return Waterfall(FROM_NEED, unit, steps)


def _missing(figures: Figures, gaps: Sequence[Gap]) -> Section:
    """What is missing of each resource, with the sentence of its largest gap, which a click leads to."""
    of_resource: dict[str, list[Gap]] = defaultdict(list)
    for gap in gaps:
        of_resource[gap.resource].append(gap)
    lines = []
    for code, found in of_resource.items():
        largest = max(found, key=lambda gap: gap.missing)
        codes = (largest.initiative, largest.region, largest.resource, str(largest.period))
        missing = fsum(gap.missing for gap in found)
        name = figures.name("resources", code)
        title = name if name == figures.unit(code) else f"{name}, {figures.unit_over_time(code)}"
        lines.append(Line(title, -missing, words=largest.text, subject=Subject(Topic.NEED, codes), is_change=True))
    return Section("What is missing", tuple(lines[:MOST_LINES]))


def _givers(figures: Figures, key: ActivityKey) -> Section:
    """Who gives how much of what to an activity, over all periods."""
    given: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in figures.plan.allocations:
        if (row.initiative, row.region) == key:
            given[row.resource, row.partner, row.pledge] += row.quantity
    lines = tuple(
        Line(
            f"{figures.name('resources', resource)} from {figures.name('partners', partner)} ({pledge})",
            quantity,
            figures.unit_over_time(resource, quantity),
            subject=Subject(Topic.PLEDGE, (pledge,)),
        )
        for (resource, partner, pledge), quantity in sorted(given.items())
    )
    return Section("Served by", lines)


def _place(figures: Figures, key: ActivityKey) -> Place | None:
    """The activity's first requirement."""
    rows = enumerate(figures.scenario.requirements)
    return next(
        (Place("Requirements", at, "quantity") for at, row in rows if (row.initiative, row.region) == key), None
    )
