"""What can be found by typing: places, and the rows of the scenario that have a name."""

from collections.abc import Iterator

from planner.problems import Place
from planner.rulebook import RULES
from planner.scenario import TABLE_BY_NAME, Scenario
from ui.desktop.figures import number_text
from ui.desktop.frame.sidebar import PLACES
from ui.desktop.rules.rule_words import plain_sentence
from ui.desktop.tables.chooser import Entry

NAMED = (("partners", "Partner"), ("initiatives", "Initiative"), ("regions", "Region"), ("resources", "Resource"))


def entries(scenario: Scenario, has_document: bool) -> Iterator[Entry]:
    """Everything that can be gone to; the value is the name of a place, or a Place in the scenario."""
    for number, (name, word) in enumerate(PLACES, start=1):
        if has_document or name in ("overview", "exchange", "settings"):
            yield Entry(word, f"Place, Ctrl+{number}", name)
    for table_name, word in NAMED:
        table = TABLE_BY_NAME[table_name]
        for index, row in enumerate(scenario.rows(table)):
            yield Entry(row.name or row.code, f"{word} {row.code}", Place(table.sheet, index, "name"))
    partners = {row.code: row.name or row.code for row in scenario.partners}
    resources = {row.code: row for row in scenario.resources}
    for index, pledge in enumerate(scenario.pledges):
        resource = resources.get(pledge.resource)
        what = (resource.name or resource.code) if resource is not None else pledge.resource
        title = f"{partners.get(pledge.partner, pledge.partner)}: {what}"
        unit = pledge.currency or (resource.unit if resource is not None else "")
        amount = f"{number_text(pledge.quantity)} {unit}".strip()
        yield Entry(title, f"Pledge {pledge.code}, {amount}", Place("Pledges", index, "quantity"))
    for index, rule in enumerate(scenario.rules):
        reference = RULES.get(rule.rule)
        if reference is not None:
            yield Entry(reference.title, f"Rule: {plain_sentence(reference)}", Place("Rules", index, "value"))
