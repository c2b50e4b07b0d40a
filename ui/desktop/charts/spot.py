"""A place of a chart that stands for something: what the mouse finds, what the keyboard walks through."""

from dataclasses import dataclass

from PySide6.QtGui import QPainterPath

from planner.report.why import Subject


@dataclass(frozen=True, slots=True)
class Spot:
    """`words` are said on hover; a click asks about `subject`."""

    shape: QPainterPath
    words: str
    subject: Subject | None = None
