"""The first sheet: what the plan reaches, beside a plain split, with charts."""

from collections.abc import Sequence
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties
from openpyxl.utils import get_column_letter

from planner.plan import Plan
from planner.report.coverage_sheet import Ranking
from planner.report.data_sheet import Frame, Layout, cells_of, set_up_page
from planner.report.outcome import FUNDING_ALLOCATED, broken_rules
from planner.report.styles import ACCENT, SHARE, WHOLE, Look, Pen, format_of
from planner.report.table import PERCENT
from planner.report.tables import PlanTables
from planner.report.words import STATUS_SENTENCES

TITLE = "Summary"
_WIDTHS = (34, 14, 14, 14, 14, 10, 2)  # of the tables' columns and a gap; the charts follow
_CHART_COLUMN, _LAST_COLUMN = "H", "Q"
_CENTS = 2  # decimals of an amount; below them a difference is only rounding
ROW_HEIGHT = 0.53  # cm


class SummarySheet:
    """Writes the sheet from top to bottom, and then the charts beside it."""

    def __init__(self, sheet: Any, tables: PlanTables, frame: Frame, supply: Layout, partners: Layout) -> None:
        self._sheet = sheet
        self._pen = Pen(self._sheet)
        self._tables = tables
        self._frame = frame
        self._supply, self._partners = supply, partners
        self._row = 0

    def write(self, rankings: Sequence[Ranking]) -> None:
        """The whole sheet, with a chart of each ranking."""
        for number, width in enumerate(_WIDTHS, 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = width
        self._sheet.row_dimensions[1].height = 26
        set_up_page(self._sheet, self._frame)
        self._head(self._tables.plan)
        first = self._row + 2
        if self._tables.plan.has_allocations:
            self._key_figures()
            self._resources()
            self._objectives()
        else:
            self._clash()
        last_row = max(self._row, self._charts(rankings, first))
        self._sheet.print_area = f"A1:{_LAST_COLUMN}{last_row}"

    def _append(self, *cells: Any) -> int:
        self._sheet.append(list(cells))
        self._row += 1
        return self._row

    def _text(self, text: str, role: str = "body", align: str = "") -> Any:
        return self._pen.text(text, Look(role=role, align=align))

    def _head(self, plan: Plan) -> None:
        self._append(self._text(self._frame.title, "title"))
        self._append(self._text(self._frame.label, "label"))
        self._append(self._text(STATUS_SENTENCES.get(plan.status, plan.status), "sentence"))
        made = [plan.name, f"made {plan.made_at[:16].replace('T', ' ')}" if plan.made_at else ""]
        made += [f"{plan.run.seconds:,.1f} s" if plan.run.seconds else "", plan.run.solver, f"seed {plan.run.seed}"]
        self._append(self._text("  ·  ".join(part for part in made if part), "hint"))

    def _section(self, title: str, *headings: str) -> None:
        self._append()
        self._append(self._text(title, "section"))
        if headings:
            first, *others = headings
            self._append(self._text(first, "head"), *(self._text(heading, "head", "right") for heading in others))

    def _key_figures(self) -> None:
        table, plan = self._tables["key_figures"], self._tables.plan
        headings = ["This plan"]
        if plan.pro_rata is not None:
            headings += ["Pro-rata split", "Difference"]
        if plan.baseline is not None:
            headings.append("Agreed plan")
        self._section("Key figures", "", *headings)
        for title, unit, mine, plain, _, *agreed in table.rows:
            row = self._row + 1
            cells = [self._text(title if unit == PERCENT else f"{title}, {unit}"), self._of_plan(title, mine, unit)]
            if plan.pro_rata is not None:
                change = SHARE if unit == PERCENT else format_of(round(mine - plain, _CENTS))
                look = Look(f"+{change};-{change};{change}", align="right")
                difference = f"=B{row}-C{row}" if unit == PERCENT else f"=ROUND(B{row}-C{row},{_CENTS})"
                cells += [self._figure(plain, unit), self._pen.formula(difference, look)]
            self._append(*cells, *(self._figure(value, unit) for value in agreed))
        for head, broken in broken_rules(plan):
            self._broken(head, broken)

    def _of_plan(self, title: str, figure: float, unit: str) -> Any:
        """A figure of this plan; a sum where the partners' figures add up to it."""
        if title != FUNDING_ALLOCATED:
            return self._figure(figure, unit, "strong")
        given = cells_of(self._tables["partners"], self._partners, "allocated")
        return self._pen.formula(f"=SUM({given})", Look(format_of(figure, unit), "strong", align="right"))

    def _broken(self, head: str, rules: Sequence[str]) -> None:
        """The rules that a comparison breaks, one a line, so that no chart covers them."""
        self._append(self._text(head, "hint"))
        for rule in rules:
            self._append(self._text(f"–  {rule}", "hint"))

    def _figure(self, value: float, unit: str, role: str = "body") -> Any:
        return self._pen.number(value, Look(format_of(value, unit), role, align="right"))

    def _resources(self) -> None:
        self._section("Resources", "", "Needed", "Given", "Missing", "Offered", "Covered")
        for code, name, _, unit, needed, given, _, _, offered in self._tables["resources"].rows:
            at = self._row + 1
            look = Look(WHOLE, align="right")
            self._append(
                self._text(f"{name}, {unit}" if unit else name),
                self._pen.number(needed, look),
                self._supplied(code, "allocated", given, look),
                self._pen.formula(f"=MAX(0,B{at}-C{at})", look),
                self._supplied(code, "offered", offered, look),
                self._pen.formula(f'=IF(B{at}=0,"",C{at}/B{at})', Look(SHARE, align="right")),
            )

    def _supplied(self, code: str, column: str, figure: float, look: Look) -> Any:
        """What all partners together have of a resource: the sum over its rows of the sheet Supply, if it has any."""
        supply = self._tables["supply"]
        if code not in supply.column("resource") or not code.isprintable():
            return self._pen.number(figure, look)
        codes, figures = (cells_of(supply, self._supply, name) for name in ("resource", column))
        quoted = code.replace('"', '""')
        return self._pen.formula(f'=SUMPRODUCT(EXACT({codes},"{quoted}")*{figures})', look)

    def _objectives(self) -> None:
        rows = self._tables["objectives"].rows
        if not rows:
            return
        self._section("Objectives, in their order", "", "In the plan", "Best at its level", "Proven limit", "Gap")
        for order, title, unit, value, best, bound, gap in rows:
            figures = [self._figure(figure, unit) for figure in (value, best, bound)]
            name = title if unit in ("", PERCENT) else f"{title}, {unit}"
            self._append(self._text(f"{order}. {name}"), *figures, self._pen.number(gap, Look("0.00%", align="right")))

    def _charts(self, rankings: Sequence[Ranking], row: int) -> int:
        """Bars of coverage beside the tables, one below the other; returns the row below them."""
        for ranking in rankings:
            chart, height = _bars(ranking)
            self._sheet.add_chart(chart, f"{_CHART_COLUMN}{row}")
            row += round(height / ROW_HEIGHT) + 1
        return row

    def _clash(self) -> None:
        """The rules that clash and what would make a plan possible, as sentences."""
        conflict, fixes = self._tables["conflict"], self._tables["fixes"]
        if conflict.rows:
            self._section(conflict.title)
            for rule, scope, text in conflict.rows:
                sentence = f"{rule} ({scope}): {text}" if text else f"{rule} ({scope})"
                self._append(self._text(sentence, "plain"))
        if fixes.rows:
            self._section(fixes.title)
            for number, text in dict.fromkeys((row[0], row[1]) for row in fixes.rows):
                self._append(self._text(f"{number}. {text}", "plain"))


def _bars(ranking: Ranking) -> tuple[Any, float]:
    """Horizontal bars of the shares in column B, the first on top; and the chart's height in cm."""
    chart = BarChart()
    chart.type, chart.style = "bar", 10
    chart.title = ranking.title
    heading: Any = chart.title  # the text became an object of many parts
    heading.overlay = False
    heading.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=1200, b=True))
    chart.legend = None
    chart.gapWidth = 40
    chart.add_data(
        Reference(ranking.sheet, min_col=2, min_row=ranking.first, max_row=ranking.last), titles_from_data=False
    )
    chart.set_categories(Reference(ranking.sheet, min_col=1, min_row=ranking.first, max_row=ranking.last))
    chart.series[0].graphicalProperties = GraphicalProperties(solidFill=ACCENT)
    chart.dataLabels = DataLabelList()
    chart.dataLabels.showVal = True
    chart.dataLabels.numFmt = "0%"
    for name in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(chart.dataLabels, name, False)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = False
    chart.y_axis.delete = True
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1.15
    chart.y_axis.majorGridlines = None
    height = 1.6 + 0.55 * (ranking.last - ranking.first + 1)
    chart.width, chart.height = 16.5, height  # type: ignore[assignment]
    return chart, height
