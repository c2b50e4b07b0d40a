"""Colours, type and sizes of the window: one palette in two brightnesses, and the style sheet made from it."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

STYLE_SHEET = Path(__file__).with_name("style.qss")
SIZES = {"small": 11, "body": 13, "title": 16, "figure": 24}  # pixels
GENERIC_FAMILIES = {"", "sans", "sans serif", "sans-serif", "dejavu sans", "bitstream vera sans"}
READABLE_FAMILIES = ("Inter", "Noto Sans", "Cantarell", "Ubuntu", "Open Sans", "Liberation Sans")


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour by its role. The names are the words of the style sheet."""

    is_dark: bool
    window: str
    surface: str
    surface_2: str
    head: str
    rail: str
    line: str
    line_strong: str
    ink: str
    ink_2: str
    ink_3: str
    accent: str
    on_accent: str
    accent_soft: str
    on_accent_soft: str
    problem: str
    problem_soft: str
    binding: str
    binding_soft: str
    gap: str
    gap_soft: str
    disabled: str
    accent_disabled: str
    heat: tuple[str, ...]  # from nothing to fully covered, 7 classes
    on_heat: tuple[str, ...]
    chart: tuple[str, ...]  # partner types: multilateral, government, international NGO, local, other


LIGHT = Palette(
    is_dark=False,
    window="#F4F4F1",
    surface="#FFFFFF",
    surface_2="#FAFAF8",
    head="#F0F0EC",
    rail="#ECECE7",
    line="#E3E2DD",
    line_strong="#C9C8C2",
    ink="#1C1F23",
    ink_2="#565B62",
    ink_3="#686D74",
    accent="#0E6377",
    on_accent="#FFFFFF",
    accent_soft="#E1EEF1",
    on_accent_soft="#0B4E5E",
    problem="#B3203A",
    problem_soft="#FBEBED",
    binding="#8A5300",
    binding_soft="#FBF1DE",
    gap="#8C3D6E",
    gap_soft="#F4E6EF",
    disabled="#A9ACB0",
    accent_disabled="#8FB7C1",
    heat=("#F3F7F8", "#DDEBEE", "#BEDAE0", "#96C3CD", "#66A7B6", "#1F7488", "#0B4757"),
    on_heat=("#1C1F23", "#1C1F23", "#1C1F23", "#1C1F23", "#1C1F23", "#FFFFFF", "#FFFFFF"),
    chart=("#3E6FA8", "#C79A1E", "#2F8577", "#A84B2A", "#7A8087"),
)
DARK = Palette(
    is_dark=True,
    window="#15181B",
    surface="#1C2024",
    surface_2="#20252A",
    head="#23282D",
    rail="#111416",
    line="#2D3339",
    line_strong="#465059",
    ink="#E8EAEC",
    ink_2="#A9B0B7",
    ink_3="#8B939B",
    accent="#5DB7CB",
    on_accent="#08222A",
    accent_soft="#17343C",
    on_accent_soft="#9AD6E3",
    problem="#F28B82",
    problem_soft="#3A2022",
    binding="#E6B45C",
    binding_soft="#352A17",
    gap="#D58BB9",
    gap_soft="#36222F",
    disabled="#5B636B",
    accent_disabled="#2F5B66",
    heat=("#20282C", "#1E3A42", "#1D4E5A", "#1F6473", "#4795A6", "#6FB6C5", "#A3D8E2"),
    on_heat=("#E8EAEC", "#E8EAEC", "#E8EAEC", "#E8EAEC", "#0B1114", "#0B1114", "#0B1114"),
    chart=("#7FA8DC", "#E3C15A", "#6FBFB0", "#E08E6D", "#9AA1A8"),
)


class Theme(QObject):
    """The palette in use. It follows the system until a person chooses light or dark."""

    changed = Signal()

    def __init__(self, application: QApplication, choice: str = "system") -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self.family = readable_family(application)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self.palette = self._chosen_palette()
        self._apply()

    @property
    def choice(self) -> str:
        """`system`, `light` or `dark`."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Use light or dark, or follow the system again."""
        self._choice = choice
        self._follow_system()

    def colour(self, role: str) -> QColor:
        """The colour of a role."""
        return QColor(getattr(self.palette, role))

    def font(self, size: str = "body", *, bold: bool = False) -> QFont:
        """A font for painting by hand: tabular figures, size by its name."""
        font = QFont(self.family)
        font.setPixelSize(SIZES[size])
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def _chosen_palette(self) -> Palette:
        if self._choice == "system":
            is_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
            return DARK if is_dark else LIGHT
        return DARK if self._choice == "dark" else LIGHT

    def _follow_system(self) -> None:
        palette = self._chosen_palette()
        if palette is not self.palette:
            self.palette = palette
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        self._application.setFont(self.font())
        self._application.setPalette(qt_palette(self.palette))
        self._application.setStyleSheet(style_sheet(self.palette))


def readable_family(application: QApplication) -> str:
    """The system's font; where the system only says "some sans serif", the best readable one that is installed."""
    family: str = application.font().family()
    if family.lower() not in GENERIC_FAMILIES:
        return family
    installed = set(QFontDatabase.families())
    return next((candidate for candidate in READABLE_FAMILIES if candidate in installed), family)


def style_sheet(palette: Palette) -> str:
    """The style sheet with the palette's colours in it."""
    words = {name: value for name, value in dataclasses.asdict(palette).items() if isinstance(value, str)}
    icons = STYLE_SHEET.parent.joinpath("icons").as_posix()
    return Template(STYLE_SHEET.read_text(encoding="utf-8")).substitute(words, icons=icons)


def qt_palette(palette: Palette) -> QPalette:
    """The same colours for what Qt draws itself."""
    roles = {
        QPalette.ColorRole.Window: palette.window,
        QPalette.ColorRole.WindowText: palette.ink,
        QPalette.ColorRole.Base: palette.surface,
        QPalette.ColorRole.AlternateBase: palette.surface_2,
        QPalette.ColorRole.Text: palette.ink,
        QPalette.ColorRole.Button: palette.surface,
        QPalette.ColorRole.ButtonText: palette.ink,
        QPalette.ColorRole.PlaceholderText: palette.ink_3,
        QPalette.ColorRole.Highlight: palette.accent_soft,
        QPalette.ColorRole.HighlightedText: palette.ink,
        QPalette.ColorRole.ToolTipBase: palette.surface,
        QPalette.ColorRole.ToolTipText: palette.ink,
        QPalette.ColorRole.Link: palette.accent,
        QPalette.ColorRole.Light: palette.surface_2,
        QPalette.ColorRole.Mid: palette.line,
        QPalette.ColorRole.Dark: palette.line_strong,
        QPalette.ColorRole.Accent: palette.accent,
    }
    result = QPalette()
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.disabled))
    return result
