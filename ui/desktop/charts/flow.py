"""The flow picture (Sankey): partners at the left, initiatives in the middle, regions at the right.

Ribbons are as wide as the value they carry, and keep the colour of the giver's type through the whole picture.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker

from planner.report.table import Table
from planner.report.why import Subject, Topic
from ui.desktop.charts.spot import Spot
from ui.desktop.figures import number_text
from ui.desktop.theme import Theme

MOST = {0: 11, 1: 14, 2: 12}  # nodes of each side; the smallest are put together as others
NODE = 8.0  # pixels wide
GAP, LEAST = 12.0, 2.0  # pixels between nodes, so that the names of two low ones stay apart; the lowest node
LEGEND = 24.0
RIBBON, LIT_RIBBON = 0.36, 0.6  # how dense
LABEL_LEFT, LABEL_RIGHT = 0.20, 0.15  # of the width
OTHERS = "Others"
TOPICS = (Topic.PARTNER, Topic.INITIATIVE, Topic.REGION)
CHART_TYPES = {"40": 0, "10": 1, "11": 1, "15": 1, "21": 2, "22": 3, "24": 3, "72": 3}  # IATI type -> chart colour
TYPE_TITLES = ("Multilateral", "Government", "International NGO", "Local", "Other")


@dataclass(frozen=True, slots=True)
class Node:
    """A partner, an initiative or a region; `code` is empty where it stands for several."""

    name: str
    code: str
    value: float
    kind: int = 4  # of a partner: chart colour


@dataclass(frozen=True, slots=True)
class Ribbon:
    """So much goes from one node to another; `kind` is the colour of the giver."""

    source: int
    target: int
    value: float
    kind: int


@dataclass(frozen=True)
class Flow:
    """What the picture shows: three columns of nodes, the ribbons between the first two and the last two."""

    unit: str
    nodes: tuple[tuple[Node, ...], ...]
    ribbons: tuple[tuple[Ribbon, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Nothing flows."""
        return not self.nodes or not self.nodes[0]


def flow_of(table: Table, local: frozenset[str], unit: str) -> Flow:
    """The flow picture of the table `flows`; local partners have their own colour whatever their type."""
    at = table.positions
    names = ("partner", "initiative", "region")
    totals: list[dict[str, float]] = [defaultdict(float), defaultdict(float), defaultdict(float)]
    titles: list[dict[str, str]] = [{}, {}, {}]
    kinds: dict[str, int] = {}
    for row in table.rows:
        for side, name in enumerate(names):
            totals[side][row[at[name]]] += row[at["value"]]
            titles[side][row[at[name]]] = row[at[f"{name}_name"]]
        code = row[at["partner"]]
        kinds[code] = 3 if code in local else CHART_TYPES.get(row[at["type"]], 4)
    places, columns = [], []
    for side in range(3):
        nodes, place = _nodes(totals[side], titles[side], kinds if side == 0 else {}, MOST[side])
        columns.append(nodes)
        places.append(place)
    ribbons: list[dict[tuple[int, int, int], float]] = [defaultdict(float), defaultdict(float)]
    for row in table.rows:
        partner, initiative, region = (places[side][row[at[name]]] for side, name in enumerate(names))
        kind = columns[0][partner].kind
        ribbons[0][partner, initiative, kind] += row[at["value"]]
        ribbons[1][initiative, region, kind] += row[at["value"]]
    made = tuple(
        tuple(Ribbon(source, target, value, kind) for (source, target, kind), value in sorted(each.items()))
        for each in ribbons
    )
    return Flow(unit, tuple(columns), made)


def _nodes(
    totals: Mapping[str, float], titles: Mapping[str, str], kinds: Mapping[str, int], most: int
) -> tuple[tuple[Node, ...], dict[str, int]]:
    """The largest nodes, kinds together, and which of them each code belongs to."""
    ranked = sorted(totals, key=lambda code: -totals[code])
    kept = ranked if len(ranked) <= most else ranked[: most - 1]
    kept = sorted(kept, key=lambda code: (kinds.get(code, 4), -totals[code]))
    nodes = [Node(titles[code], code, totals[code], kinds.get(code, 4)) for code in kept]
    place = {code: at for at, code in enumerate(kept)}
    if len(kept) < len(ranked):
        others = [code for code in ranked if code not in place]
        nodes.append(Node(f"{OTHERS} ({len(others)})", "", sum(totals[code] for code in others)))
        place |= dict.fromkeys(others, len(nodes) - 1)
    return tuple(nodes), place


@dataclass(frozen=True)
class Geometry:
    """Where the nodes and the ribbons stand in a rectangle."""

    boxes: tuple[tuple[QRectF, ...], ...]
    paths: tuple[tuple[QPainterPath, ...], ...]


@lru_cache(maxsize=8)
def _geometry(data: Flow, left: float, top: float, width: float, height: float) -> Geometry:
    """Columns of nodes spread over the height, ribbons as bands of Bezier curves between them."""
    room = height - LEGEND
    most = max(len(column) for column in data.nodes)
    gap = min(GAP, room * 0.35 / max(1, most - 1))
    whole = max(sum(node.value for node in column) for column in data.nodes)
    scale = max(0.0, room - gap * (most - 1) - LEAST * most) / whole
    x = (left + width * LABEL_LEFT, left + width * 0.55, left + width * (1 - LABEL_RIGHT) - NODE)
    boxes = []
    for side, column in enumerate(data.nodes):
        heights = [max(LEAST, node.value * scale) for node in column]
        spare = (room - sum(heights)) / max(1, len(column) - 1) if len(column) > 1 else 0.0
        y = top if len(column) > 1 else top + (room - heights[0]) / 2
        placed = []
        for size in heights:
            placed.append(QRectF(x[side], y, NODE, size))
            y += size + spare
        boxes.append(tuple(placed))
    paths = tuple(
        tuple(_bands(ribbons, boxes[side], boxes[side + 1], scale)) for side, ribbons in enumerate(data.ribbons)
    )
    return Geometry(tuple(boxes), paths)


def _bands(
    ribbons: tuple[Ribbon, ...], sources: tuple[QRectF, ...], targets: tuple[QRectF, ...], scale: float
) -> Iterator[QPainterPath]:
    """The shape of every ribbon: they leave and arrive below each other."""
    leave, arrive = [box.top() for box in sources], [box.top() for box in targets]
    starts: dict[int, float] = {}
    for at in sorted(range(len(ribbons)), key=lambda at: (ribbons[at].source, ribbons[at].target)):
        starts[at] = leave[ribbons[at].source]
        leave[ribbons[at].source] += ribbons[at].value * scale
    ends: dict[int, float] = {}
    for at in sorted(range(len(ribbons)), key=lambda at: (ribbons[at].target, ribbons[at].source)):
        ends[at] = arrive[ribbons[at].target]
        arrive[ribbons[at].target] += ribbons[at].value * scale
    for at, ribbon in enumerate(ribbons):
        size = max(0.6, ribbon.value * scale)
        a, b = sources[ribbon.source].right(), targets[ribbon.target].left()
        middle = (a + b) / 2
        path = QPainterPath(QPointF(a, starts[at]))
        path.cubicTo(QPointF(middle, starts[at]), QPointF(middle, ends[at]), QPointF(b, ends[at]))
        path.lineTo(QPointF(b, ends[at] + size))
        path.cubicTo(
            QPointF(middle, ends[at] + size), QPointF(middle, starts[at] + size), QPointF(a, starts[at] + size)
        )
        path.closeSubpath()
        yield path


def spots(rect: QRectF, data: Flow, theme: Theme) -> list[Spot]:
    """Ribbons first, nodes above them."""
    geometry = _geometry(data, rect.left(), rect.top(), rect.width(), rect.height())
    found = []
    for side, ribbons in enumerate(data.ribbons):
        for ribbon, path in zip(ribbons, geometry.paths[side], strict=True):
            source, target = data.nodes[side][ribbon.source], data.nodes[side + 1][ribbon.target]
            words = f"{source.name} → {target.name}: {number_text(ribbon.value, 0)} {data.unit}"
            if side == 1:
                words += f", of {TYPE_TITLES[ribbon.kind].lower()} givers"
            is_activity = side == 1 and source.code and target.code
            subject = Subject(Topic.ACTIVITY, (source.code, target.code)) if is_activity else _subject(side, source)
            found.append(Spot(path, words, subject))
    for side, column in enumerate(data.nodes):
        for node, box in zip(column, geometry.boxes[side], strict=True):
            path = QPainterPath()
            path.addRect(box.adjusted(-4, -2, 4, 2))
            found.append(Spot(path, f"{node.name}: {number_text(node.value, 0)} {data.unit}", _subject(side, node)))
    return found


def _subject(side: int, node: Node) -> Subject | None:
    return Subject(TOPICS[side], (node.code,)) if node.code else None


def paint(painter: QPainter, rect: QRectF, data: Flow, theme: Theme, lit: int | None = None) -> None:
    """Draw the ribbons, the nodes with their names and values, and the legend. `lit` is the spot in focus."""
    geometry = _geometry(data, rect.left(), rect.top(), rect.width(), rect.height())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for side, ribbons in enumerate(data.ribbons):
        for ribbon, path in zip(ribbons, geometry.paths[side], strict=True):
            painter.fillPath(path, _ribbon_colour(ribbon, theme, RIBBON))
    for side, column in enumerate(data.nodes):
        for node, box in zip(column, geometry.boxes[side], strict=True):
            painter.fillRect(box, QColor(theme.palette.chart[node.kind] if side == 0 else theme.palette.ink_2))
            _paint_label(painter, rect, box, node, side, theme)
    _paint_legend(painter, rect, {node.kind for node in data.nodes[0]}, theme)
    if lit is not None:
        paint_lit(painter, rect, data, theme, lit)


def paint_lit(painter: QPainter, rect: QRectF, data: Flow, theme: Theme, lit: int) -> None:
    """Draw the spot in focus over the picture: a ribbon in full colour, or a node with a frame and all its ribbons."""
    geometry = _geometry(data, rect.left(), rect.top(), rect.width(), rect.height())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawn = [
        (side, ribbon, path)
        for side, ribbons in enumerate(data.ribbons)
        for ribbon, path in zip(ribbons, geometry.paths[side], strict=True)
    ]
    if lit < len(drawn):
        painter.fillPath(drawn[lit][2], _ribbon_colour(drawn[lit][1], theme, LIT_RIBBON))
        return
    nodes = [(side, at) for side, column in enumerate(data.nodes) for at in range(len(column))]
    side, at = nodes[lit - len(drawn)]
    for before, ribbon, path in drawn:
        if (before, ribbon.source) == (side, at) or (before + 1, ribbon.target) == (side, at):
            painter.fillPath(path, _ribbon_colour(ribbon, theme, RIBBON))
    painter.setPen(QColor(theme.palette.ink))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(geometry.boxes[side][at].adjusted(-2, -2, 2, 2))
    _paint_label(painter, rect, geometry.boxes[side][at], data.nodes[side][at], side, theme)


def _ribbon_colour(ribbon: Ribbon, theme: Theme, alpha: float) -> QColor:
    colour = QColor(theme.palette.chart[ribbon.kind])
    colour.setAlphaF(alpha)
    return colour


def _paint_label(painter: QPainter, rect: QRectF, box: QRectF, node: Node, side: int, theme: Theme) -> None:
    """Name and value beside a node, with a halo where ribbons pass behind it."""
    font = theme.font("small")
    metrics = QFontMetricsF(font)
    room = (box.left() - rect.left() - 6, rect.width() * 0.26, rect.right() - box.right() - 8)[side]
    value = f" {short_amount(node.value)}"
    if metrics.horizontalAdvance(node.name + value) > room:  # the name counts more; hovering says the value
        value = ""
    words = metrics.elidedText(node.name, Qt.TextElideMode.ElideRight, room - metrics.horizontalAdvance(value)) + value
    width = metrics.horizontalAdvance(words)
    x = box.left() - 6 - width if side == 0 else box.right() + 5
    path = QPainterPath()
    path.addText(QPointF(x, box.center().y() + metrics.ascent() / 2 - 1), font, words)
    halo = QPainterPathStroker()
    halo.setWidth(3)
    painter.fillPath(halo.createStroke(path), QColor(theme.palette.surface))
    painter.fillPath(path, QColor(theme.palette.ink))


def _paint_legend(painter: QPainter, rect: QRectF, kinds: set[int], theme: Theme) -> None:
    painter.setFont(theme.font("small"))
    metrics = QFontMetricsF(painter.font())
    x, y = rect.left(), rect.bottom() - 12
    for kind in sorted(kinds):
        painter.fillRect(QRectF(x, y, 10, 10), QColor(theme.palette.chart[kind]))
        painter.setPen(QColor(theme.palette.ink_2))
        title = TYPE_TITLES[kind]
        painter.drawText(QRectF(x + 15, y - 4, 200, 18), Qt.AlignmentFlag.AlignVCenter, title)
        x += 15 + metrics.horizontalAdvance(title) + 18


def short_amount(value: float) -> str:
    """`1.80 M`, `467 k`, `12`."""
    if abs(value) >= 999_500:
        return f"{number_text(value / 1e6, 2)} M"
    if abs(value) >= 9_995:
        return f"{number_text(value / 1e3, 0)} k"
    return number_text(value, 0)
