"""Figures on screen: signs, decimals, percent."""

import pytest
from PySide6.QtWidgets import QApplication

from planner.report.figures import Figures
from planner.report.table import ReportColumn, Table
from planner.scenario import TABLE_BY_NAME, Rule, Scenario, Settings
from resources.columns import Kind
from ui.desktop.figures import change_text, number_text
from ui.desktop.plans.solving_strip import NOT_YET, figure
from ui.desktop.tables.cell_words import CellWords
from ui.desktop.tables.result_model import ResultModel


@pytest.mark.parametrize(
    ("value", "words"), [(18.62, "+18.6"), (-1.2, "−1.2"), (0.0, "0.0"), (-0.04, "0.0"), (-467186.9, "−467,186.9")]
)
def test_that_a_difference_has_a_sign_unless_it_is_nothing(application: QApplication, value: float, words: str) -> None:
    assert change_text(value, 1) == words


def test_that_what_adding_up_leaves_of_nothing_is_nothing(application: QApplication) -> None:
    assert change_text(-5.82e-11) == "0"
    assert number_text(0.000322) == "0.000322"


def test_that_large_figures_of_a_plan_are_told_without_decimals(application: QApplication) -> None:
    columns = (ReportColumn("value", "Value", Kind.NUMBER), ReportColumn("change", "Change", Kind.NUMBER))
    model = ResultModel(Table("any", "Any", columns, ((16896.08, -1588.84), (12.5, 3.0))))

    assert [model.text_at(row, column) for row in (0, 1) for column in (0, 1)] == ["16,896", "−1,589", "12.5", "+3"]


def test_that_coverage_is_told_in_percent_while_planning(application: QApplication, scenario: Scenario) -> None:
    figures = Figures(scenario, NOT_YET)
    whole = sum(figures.weights.values())

    assert figure(whole / 2, figures.objective_wholes["coverage"]) == "50.0 %"
    assert figure(whole, figures.objective_wholes["effective"]) == "100 %"
    assert figure(0.584, figures.objective_wholes["worst_region"]) == "58.4 %"
    assert figure(596508.58, figures.objective_wholes.get("delivery_cost")) == "597 k"


@pytest.mark.parametrize(
    ("rule", "value", "words"),
    [
        ("local_share", "0.35", "35 %"),
        ("delivery_cap", "750000", "750,000 EUR"),
        ("delivery_cap", "much", "much"),
        ("count_status", "commitment", "commitment"),
        ("unheard_of", "1", "1"),
    ],
)
def test_that_the_value_of_a_rule_is_told_with_its_unit(
    application: QApplication, rule: str, value: str, words: str
) -> None:
    cells = CellWords(TABLE_BY_NAME["rules"], lambda: Scenario(settings=Settings(currency="EUR")))

    assert cells.rule_value(Rule(rule=rule, value=value)) == words
