"""What is needed: requirements, activities, their weights, and initiatives that depend on each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import attrgetter

from planner.problems import Problem
from planner.rulebook import is_on
from planner.scenario import Scenario
from planner.validate.findings import both_rows, error, listed, quoted, warning

LONGEST_CYCLE = 8  # more names in a sentence help nobody

Pair = tuple[str, str]  # initiative, region


def check_requirements_exist(scenario: Scenario) -> Iterator[Problem]:
    """There is something to plan for."""
    if not scenario.requirements:
        message = "There are no requirements, so there is nothing to plan for; write what each initiative needs."
        yield warning("no_requirements", "Requirements", None, "", message)
    elif not activities_of(scenario):
        message = "Every requirement is 0, so there is nothing to plan for; write how much is needed."
        yield warning("no_requirements", "Requirements", None, "quantity", message)


def check_activities_have_requirements(scenario: Scenario) -> Iterator[Problem]:
    """A row of Activities belongs to something that is needed."""
    existing = activities_of(scenario)
    for index, row in enumerate(scenario.activities):
        if (row.initiative, row.region) not in existing:
            message = (
                f"{quoted(row.initiative)} in {quoted(row.region)} has no requirement above 0, so this row counts "
                "nothing; write what it needs in the sheet Requirements."
            )
            yield warning("activity_without_requirement", "Activities", index, "initiative", message)


def check_severities(scenario: Scenario) -> Iterator[Problem]:
    """Severity is given for every region or for none."""
    missing = [index for index, region in enumerate(scenario.regions) if region.severity is None]
    if len(missing) < len(scenario.regions):
        for index in missing:
            message = "Other regions have a severity and this one has none, so it counts as 1; write 1 to 5."
            yield warning("severity_missing", "Regions", index, "severity", message)


def check_resource_weights(scenario: Scenario) -> Iterator[Problem]:
    """The rows of one activity and resource have one weight."""
    columns = (
        map(attrgetter(name), scenario.requirements)
        for name in ("initiative", "region", "resource", "weight", "quantity")
    )
    first: dict[tuple[str, str, str], tuple[int, float]] = {}
    for index, (initiative, region, resource, weight, quantity) in enumerate(zip(*columns, strict=True)):
        if quantity > 0:
            earlier, other = first.setdefault((initiative, region, resource), (index, weight))
            if weight != other:
                message = (
                    f"{quoted(resource)} has two weights, {other:.15g} and {weight:.15g}, in "
                    f"{both_rows('Requirements', earlier, index)}; their mean is used. Write the same weight in both."
                )
                yield warning("weight", "Requirements", index, "weight", message)


def check_sizes_for_weighting(scenario: Scenario) -> Iterator[Problem]:
    """The figure that weighs the activities is there for all of them."""
    weighting = scenario.settings.weighting
    if weighting not in ("requirement", "people"):
        return
    refused: set[Pair] = set()
    if is_on(scenario, "go"):
        refused = {(row.initiative, row.region) for row in scenario.activities if row.go == "no"}
    sizes = _values_needed(scenario) if weighting == "requirement" else _people_served(scenario)
    empty = [f"{pair[0]} in {pair[1]}" for pair, size in sizes.items() if not size > 0 and pair not in refused]
    if empty:
        what, step = {
            "requirement": ("the value of its requirements", "write unit_value in the sheet Resources"),
            "people": ("the people it serves", "write people in Activities or people_in_need in Regions"),
        }[weighting]
        message = (
            f"Activities weigh by {what}, which is 0 or missing for {len(empty)} of them ({listed(empty)}); they "
            f"weigh as much as the median of the others. To change it, {step}, or choose another weighting."
        )
        yield warning("weighting", "Scenario", 0, "weighting", message)


def check_prerequisite_cycles(scenario: Scenario) -> Iterator[Problem]:
    """No initiative waits for itself, directly or through others."""
    if not is_on(scenario, "prerequisite"):
        return
    needs = _prerequisites(scenario)
    row_of = {row.code: index for index, row in reversed([*enumerate(scenario.initiatives)])}
    for cycle in _separate(_cycles(needs)):
        index = row_of[cycle[0]]
        if len(cycle) == 1:
            message = f"{quoted(cycle[0])} names itself as its prerequisite; take it out."
        else:
            shown = cycle if len(cycle) <= LONGEST_CYCLE else (*cycle[: LONGEST_CYCLE - 1], "...")
            chain = " needs ".join(code[:40] for code in (*shown, cycle[0]))
            message = f"The prerequisites go in a circle: {chain}; take one of them out."
        yield error("prerequisite_cycle", "Initiatives", index, "prerequisites", message)


def check_prerequisites_in_regions(scenario: Scenario) -> Iterator[Problem]:
    """A prerequisite has an activity wherever the initiative has one; where not, it is not needed."""
    if not is_on(scenario, "prerequisite"):
        return
    regions: dict[str, set[str]] = defaultdict(set)
    for initiative, region in activities_of(scenario):
        regions[initiative].add(region)
    codes = {row.code for row in scenario.initiatives}
    for index, row in enumerate(scenario.initiatives):
        for wanted in dict.fromkeys(row.prerequisites):
            if wanted in codes and (without := sorted(regions[row.code] - regions[wanted])):
                message = (
                    f"{quoted(row.code)} needs {quoted(wanted)} first, which has no activity in {listed(without)}, so "
                    "it is not needed there; write requirements for it, or leave it so."
                )
                yield warning("prerequisite_absent", "Initiatives", index, "prerequisites", message)


def check_must_in_stopped_group(scenario: Scenario) -> Iterator[Problem]:
    """No activity must go ahead in an initiative that goes together and is refused elsewhere."""
    if not (is_on(scenario, "go") and is_on(scenario, "together")):
        return
    existing = activities_of(scenario)
    together = {row.code for row in scenario.initiatives if row.together}
    no_row = {
        row.initiative: index
        for index, row in reversed([*enumerate(scenario.activities)])
        if row.go == "no" and row.initiative in together and (row.initiative, row.region) in existing
    }
    for index, row in enumerate(scenario.activities):
        if row.go == "must" and row.initiative in no_row:
            message = (
                f"{quoted(row.initiative)} goes ahead everywhere or nowhere, but is marked must and no in "
                f"{both_rows('Activities', no_row[row.initiative], index)}; change one of them, or together in "
                "Initiatives."
            )
            yield error("go_contradiction", "Activities", index, "go", message)


def check_must_with_refused_prerequisite(scenario: Scenario) -> Iterator[Problem]:
    """No activity must go ahead whose prerequisite, direct or through others, is refused in its region."""
    if not (is_on(scenario, "go") and is_on(scenario, "prerequisite")):
        return
    existing = activities_of(scenario)
    no_row = {
        (row.initiative, row.region): index
        for index, row in reversed([*enumerate(scenario.activities)])
        if row.go == "no" and (row.initiative, row.region) in existing
    }
    needs = _prerequisites(scenario) if no_row else {}
    for index, row in enumerate(scenario.activities):
        if row.go != "must" or not no_row:
            continue
        reached, waiting = {row.initiative}, [row.initiative]
        while waiting:
            for wanted in needs.get(waiting.pop(), ()):
                if wanted not in reached and (wanted, row.region) in existing:
                    reached.add(wanted)
                    waiting.append(wanted)
        for wanted in sorted(reached - {row.initiative}):
            if (wanted, row.region) in no_row:
                other = no_row[wanted, row.region]
                message = (
                    f"{quoted(row.initiative)} must go ahead in {quoted(row.region)}, but its prerequisite "
                    f"{quoted(wanted)} is marked no there, in {both_rows('Activities', other, index)}; "
                    "change one of them."
                )
                yield error("go_contradiction", "Activities", index, "go", message)


def check_musts_in_exclusive_group(scenario: Scenario) -> Iterator[Problem]:
    """At most one initiative of an exclusive group must go ahead in a region."""
    if not (is_on(scenario, "go") and is_on(scenario, "exclusive")):
        return
    existing = activities_of(scenario)
    group_of = {row.code: row.exclusive_group for row in scenario.initiatives if row.exclusive_group}
    first: dict[Pair, int] = {}
    for index, row in enumerate(scenario.activities):
        group = group_of.get(row.initiative)
        if row.go != "must" or not group or (row.initiative, row.region) not in existing:
            continue
        earlier = first.setdefault((group, row.region), index)
        if scenario.activities[earlier].initiative != row.initiative:
            message = (
                f"Only one initiative of the group {quoted(group)} can go ahead in {quoted(row.region)}, but two are "
                f"marked must, in {both_rows('Activities', earlier, index)}; change one of them."
            )
            yield error("go_contradiction", "Activities", index, "go", message)


def activities_of(scenario: Scenario) -> set[Pair]:
    """The activities: initiatives in regions that need something."""
    columns = (map(attrgetter(name), scenario.requirements) for name in ("initiative", "region", "quantity"))
    return {(initiative, region) for initiative, region, quantity in zip(*columns, strict=True) if quantity > 0}


def _values_needed(scenario: Scenario) -> dict[Pair, float]:
    value = {resource.code: resource.value_per_unit for resource in scenario.resources}
    sizes: dict[Pair, float] = defaultdict(float)
    for row in scenario.requirements:
        if row.quantity > 0:
            sizes[row.initiative, row.region] += row.quantity * value.get(row.resource, 0.0)
    return sizes


def _people_served(scenario: Scenario) -> dict[Pair, float]:
    in_need = {region.code: region.people_in_need or 0.0 for region in scenario.regions}
    served = {(row.initiative, row.region): row.people for row in scenario.activities if row.people is not None}
    return {pair: served.get(pair, in_need.get(pair[1], 0.0)) for pair in sorted(activities_of(scenario))}


def _prerequisites(scenario: Scenario) -> dict[str, list[str]]:
    codes = {row.code for row in scenario.initiatives}
    return {row.code: [code for code in row.prerequisites if code in codes] for row in scenario.initiatives}


def _separate(cycles: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Initiatives that name themselves, then of circles that share an initiative only the longest."""
    kept: list[tuple[str, ...]] = []
    for cycle in cycles:
        if len(cycle) == 1:
            yield cycle
            continue
        sharing = [other for other in kept if not set(other).isdisjoint(cycle)]
        if all(len(other) < len(cycle) for other in sharing):
            kept = [other for other in kept if other not in sharing] + [cycle]
    yield from kept


def _cycles(needs: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """One cycle for every way back that a depth-first walk finds, each beginning at its smallest code."""
    done: set[str] = set()
    for start, first_needs in needs.items():
        path: list[str] = []
        on_path: dict[str, int] = {}
        waiting = [(start, iter(first_needs))] if start not in done else []
        if waiting:
            on_path[start] = 0
            path.append(start)
        while waiting:
            code, rest = waiting[-1]
            wanted = next(rest, None)
            if wanted is None:
                waiting.pop()
                done.add(code)
                del on_path[path.pop()]
            elif wanted in on_path:
                cycle = path[on_path[wanted] :]
                smallest = cycle.index(min(cycle))
                yield (*cycle[smallest:], *cycle[:smallest])
            elif wanted not in done:
                on_path[wanted] = len(path)
                path.append(wanted)
                waiting.append((wanted, iter(needs[wanted])))
