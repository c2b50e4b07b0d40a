"""Files made of what is on screen: tables as shown, and charts as pictures that explain themselves."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QMenu, QPushButton, QTableView

from planner.files import replace_file
from planner.progress import Tell
from planner.report.table import ReportColumn, Table
from planner.report.table_file import Source, write_table_csv, write_table_workbook
from resources.columns import Kind
from ui.desktop.parts import button, set_menu
from ui.desktop.session import Session
from ui.desktop.tables.grid_model import GridModel
from ui.desktop.tables.table_view import TableView
from ui.desktop.theme import Theme

SCALE = 2  # device pixels per pixel of a PNG
FIRST_ROWS = 100  # that are looked at for a unit
MARGIN = 16.0
TITLE, FOOT = 28.0, 20.0  # heights


Write = Callable[[Path, Tell], object]


@dataclass(frozen=True, slots=True)
class Export:
    """One file to be made: what it is called, and the kind of file for the dialog.

    `prepare` takes what is on screen step by step; at the end comes what writes it in the background.
    """

    words: str  # on the menu
    name: str
    kind: str
    ending: str
    prepare: Callable[[], Iterator[Write | None]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with what a copy of it has to say: title, unit, source."""

    title: str
    unit: str
    source: str
    size: QSize
    draw: Callable[[QPainter, QRectF], None]


def source_of(session: Session) -> Source:
    """Where everything on the Plan page comes from."""
    settings, plan = session.scenario.settings, session.plan
    return Source(settings.title or "Scenario", plan.name if plan is not None else "", settings.sensitivity.upper())


def export_as(exports: Iterable[Export], ending: str) -> Export:
    """The one of them that writes files with this ending."""
    return next(export for export in exports if export.ending == ending)


def table_exports(view: TableView, source: Source) -> list[Export]:
    """The table as it is shown: its columns in their order, its rows as sorted and filtered."""
    name = ", ".join(filter(None, (source.title, source.plan, view.accessibleName())))

    def prepare(write: Callable[[Table, Path, Tell], object]) -> Iterator[Write | None]:
        shown = ShownTable(view)
        yield from shown.read()
        yield lambda path, tell: write(shown.table(), path, tell)

    def workbook(table: Table, path: Path, tell: Tell) -> None:
        write_table_workbook(table, source, path, tell)

    return [
        Export("Excel workbook…", name, "Workbooks (*.xlsx)", ".xlsx", partial(prepare, workbook)),
        Export("CSV file…", name, "CSV files (*.csv)", ".csv", partial(prepare, write_table_csv)),
    ]


class ShownTable:
    """What a view shows: read column by column, put into rows later; shares are percent, as their headings say."""

    def __init__(self, view: TableView) -> None:
        self._view, self._title = view, view.accessibleName()
        self._order: list[int] = []
        self._columns: list[ReportColumn] = []
        self._cells: list[_Cells] = []

    def read(self) -> Iterator[None]:
        """One column more with every step; from the start again where a cell has changed meanwhile."""
        model, version = self._view.grid, -1
        while len(self._cells) < len(positions := _shown_columns(self._view, model.columnCount())):
            if version != model.version:
                version, self._order = model.version, model.source_rows()
                self._columns.clear()
                self._cells.clear()
            at = positions[len(self._cells)]
            self._columns.append(_column(model, self._order, at))
            self._cells.append(_Cells.of(model, self._order, at))
            yield

    def table(self) -> Table:
        """The same as rows; needs the view no more."""
        cells = (column.in_order(self._order) for column in self._cells)
        return Table("shown", self._title, tuple(self._columns), tuple(zip(*cells, strict=True)))


def _column(model: GridModel, order: list[int], at: int) -> ReportColumn:
    """Title and kind of a column; a unit that stands in its cells moves to the heading."""
    title = model.headings()[at]
    if not model.is_numeric(at):
        return ReportColumn(f"column_{at}", title)
    is_percent = any(model.text_at(row, at).endswith("%") for row in order[:FIRST_ROWS])
    return ReportColumn(f"column_{at}", title, Kind.NUMBER, "%" if is_percent else "")


class _Cells(NamedTuple):
    """A column as it is shown: figures where it holds some, else the words; of groups, which are below 0, apart."""

    of_rows: Sequence[float | str | None]
    of_groups: Mapping[int, float | str | None]

    @classmethod
    def of(cls, model: GridModel, order: list[int], column: int) -> "_Cells":
        groups = [row for row in order if row < 0]
        if model.is_numeric(column):
            return cls(model.column_figures(column), {row: model.number_at(row, column) for row in groups})
        return cls(model.column_texts(column), {row: model.text_at(row, column) for row in groups})

    def in_order(self, order: list[int]) -> list[float | str | None]:
        """The cells as they stand on screen; nothing for a dash."""
        cells = [self.of_rows[row] if row >= 0 else self.of_groups[row] for row in order]
        return [None if cell in ("", "–") else cell for cell in cells]


def _shown_columns(view: QTableView, count: int) -> list[int]:
    header = view.horizontalHeader()
    return [at for at in map(header.logicalIndex, range(count)) if not view.isColumnHidden(at)]


def picture_exports(picture: Picture, theme: Theme) -> list[Export]:
    """The picture with its title, unit and source inside, drawn now and written later."""
    name = f"{picture.source.partition('. ')[0].removeprefix('Source: ')}, {picture.title}"
    return [
        Export(
            "PNG picture…", name, "PNG pictures (*.png)", ".png", lambda: iter([_writer(png_bytes(picture, theme))])
        ),
        Export(
            "SVG drawing…", name, "SVG drawings (*.svg)", ".svg", lambda: iter([_writer(svg_bytes(picture, theme))])
        ),
    ]


def _writer(content: bytes) -> Write:
    def write(path: Path, _: Tell) -> None:
        with replace_file(path) as fresh:
            fresh.write_bytes(content)

    return write


def paint_picture(painter: QPainter, picture: Picture, theme: Theme) -> None:
    """Draw title and unit above, the chart, the source below."""
    whole, palette = QRectF(0, 0, picture.size.width(), picture.size.height()), theme.palette
    painter.fillRect(whole, QColor(palette.surface))
    inner = whole.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    painter.setPen(QColor(palette.ink))
    painter.setFont(theme.font("title", bold=True))
    painter.drawText(QRectF(inner.left(), inner.top(), inner.width(), TITLE), Qt.AlignmentFlag.AlignTop, picture.title)
    used = painter.fontMetrics().horizontalAdvance(picture.title) + 10
    painter.setFont(theme.font())
    painter.setPen(QColor(palette.ink_3))
    unit = QRectF(inner.left() + used, inner.top() + 3, max(0.0, inner.width() - used), TITLE)
    painter.drawText(unit, Qt.AlignmentFlag.AlignTop, picture.unit)
    painter.save()
    picture.draw(painter, inner.adjusted(0, TITLE + 8, 0, -FOOT - 6))
    painter.restore()
    painter.setFont(theme.font("small"))
    painter.setPen(QColor(palette.ink_2))
    foot = QRectF(inner.left(), inner.bottom() - FOOT, inner.width(), FOOT)
    painter.drawText(foot, Qt.AlignmentFlag.AlignBottom, picture.source)


def png_bytes(picture: Picture, theme: Theme) -> bytes:
    """The picture with two pixels for one."""
    image = QImage(picture.size * SCALE, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(SCALE)
    painter = QPainter(image)
    paint_picture(painter, picture, theme)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # it takes text only
    return bytes(buffer.data().data())


def svg_bytes(picture: Picture, theme: Theme) -> bytes:
    """The picture as a drawing."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(picture.size)
    generator.setViewBox(QRectF(0, 0, picture.size.width(), picture.size.height()))
    generator.setTitle(picture.title)
    generator.setDescription(picture.source)
    painter = QPainter(generator)
    paint_picture(painter, picture, theme)
    painter.end()
    return bytes(buffer.data().data())


def export_button(theme: Theme, exports: Callable[[], list[Export]], asked: Callable[[Export], object]) -> QPushButton:
    """A button with a menu of the files that can be made; what goes into them is taken when one is chosen."""
    made = button(theme, "Export", lambda: None, icon="export", kind="tool", tip="Write what is shown to a file")
    menu = QMenu(made)

    def fill() -> None:
        menu.clear()
        for export in exports():
            menu.addAction(export.words, partial(asked, export))

    menu.aboutToShow.connect(fill)
    set_menu(made, menu)
    return made
