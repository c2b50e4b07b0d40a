"""Which activities go ahead: minimum, go, prerequisite, exclusive, together.

These rules take their data from other sheets and have no single figure. They are binding where the plan visibly runs
into them, and `actual` counts those places:
minimum - a resource of an activity that goes ahead sits exactly at its least quantity;
go - an activity is refused, or one that must go ahead sits at its least coverage;
prerequisite - an activity stays out beside a prerequisite that stays out, or a prerequisite sits at its least coverage;
exclusive - one of a group goes ahead and another stays out;
together - an activity goes ahead with nothing allocated, or an initiative stays out because one region refuses it.
"""

from collections import defaultdict

from planner.rulebook import Condition
from solver.verify.facts import ActivityKey
from solver.verify.findings import Finding, Violation, activity_scope, at_places, equals, falls_short, number
from solver.verify.ledger import Ledger

LEAST_COVERAGE = 0.01  # an activity that something depends on goes ahead with real work only


def minimum(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """An activity that goes ahead gets its min_share of each resource, over all its periods."""
    facts, found, at_limit = ledger.facts, [], 0
    for key in sorted(ledger.ahead):
        for resource in facts.required_in_all[key]:
            least = facts.least(key, resource)
            served = ledger.served_in_all.get(key, {}).get(resource, 0.0)
            if falls_short(served, least):
                text = (
                    f"{facts.place(key)} goes ahead with {number(served)} {facts.resource(resource)}; "
                    f"its least share is {number(least)}."
                )
                found.append(Violation("minimum", activity_scope(*key), text, least - served))
            at_limit += least > 0 and equals(served, least)
    return at_places(at_limit, found)


def go(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """must: goes ahead with a coverage of at least 0.01; no: does not go ahead."""
    facts, found, at_limit = ledger.facts, [], 0
    for key in facts.requirements:
        asked, coverage = facts.go(key), ledger.coverage[key]
        if asked == "no":
            at_limit += 1
            if key in ledger.ahead:
                text = f"{facts.place(key)} is refused (go = no) but gets something."
                found.append(Violation("go", activity_scope(*key), text, 1.0))
        if asked == "must":
            at_limit += equals(coverage, LEAST_COVERAGE)
            if falls_short(coverage, LEAST_COVERAGE):
                text = (
                    f"{facts.place(key)} must go ahead with a coverage of at least {LEAST_COVERAGE}; "
                    f"it has {number(coverage)}."
                )
                found.append(Violation("go", activity_scope(*key), text, LEAST_COVERAGE - coverage))
    return at_places(at_limit, found)


def prerequisite(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """An activity goes ahead only where its prerequisites in the region do, and those with real work."""
    facts, found, at_limit = ledger.facts, [], 0
    needed: set[ActivityKey] = set()
    for initiative, region in facts.requirements:
        for code in facts.initiatives[initiative].prerequisites:
            if (code, region) not in facts.requirements:
                continue
            needed.add((code, region))
            is_ahead, is_first_ahead = (initiative, region) in ledger.ahead, (code, region) in ledger.ahead
            at_limit += not is_ahead and not is_first_ahead
            if is_ahead and not is_first_ahead:
                first = facts.initiative(code)
                text = f"{facts.place((initiative, region))} goes ahead, but its prerequisite {first} does not."
                found.append(Violation("prerequisite", activity_scope(initiative, region), text, 1.0))
    for key in sorted(needed & ledger.ahead):
        coverage = ledger.coverage[key]
        at_limit += equals(coverage, LEAST_COVERAGE)
        if falls_short(coverage, LEAST_COVERAGE):
            text = (
                f"{facts.place(key)} is a prerequisite and goes ahead with a coverage of {number(coverage)}; "
                f"it needs {LEAST_COVERAGE}."
            )
            found.append(Violation("prerequisite", activity_scope(*key), text, LEAST_COVERAGE - coverage))
    return at_places(at_limit, found)


def exclusive(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """At most one initiative of a group goes ahead in a region."""
    facts, found, at_limit = ledger.facts, [], 0
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for initiative, region in facts.requirements:
        group = facts.initiatives[initiative].exclusive_group
        if group:
            members[group, region].append(initiative)
    for (group, region), codes in sorted(members.items()):
        ahead = sorted(code for code in codes if (code, region) in ledger.ahead)
        at_limit += len(ahead) == 1 and len(codes) > 1
        if len(ahead) > 1:
            names = ", ".join(facts.initiative(code) for code in ahead)
            text = f"In {facts.region(region)} {names} go ahead together, but {group} allows only one of them."
            found.append(Violation("exclusive", f"region:{region}", text, len(ahead) - 1.0))
    return at_places(at_limit, found)


def together(ledger: Ledger, condition: Condition | None = None) -> Finding:
    """An initiative marked `together` goes ahead in all its regions or in none."""
    facts, found, at_limit = ledger.facts, [], 0
    regions: dict[str, list[str]] = defaultdict(list)
    for initiative, region in facts.requirements:
        if facts.initiatives[initiative].together:
            regions[initiative].append(region)
    for initiative, codes in sorted(regions.items()):
        ahead = [region for region in codes if (initiative, region) in ledger.ahead]
        out = sorted(set(codes) - set(ahead))
        at_limit += sum((initiative, region) not in ledger.served_in_all for region in ahead)
        at_limit += not ahead and any(facts.go((initiative, region)) == "no" for region in codes)
        if ahead and out:
            places, others = (", ".join(facts.region(code) for code in codes) for codes in (sorted(ahead), out))
            text = f"{facts.initiative(initiative)} goes ahead in {places} but not in {others}."
            found.append(Violation("together", f"initiative:{initiative}", text, float(len(out))))
    return at_places(at_limit, found)
