"""One palette in two brightnesses that everybody can read."""

import dataclasses
import re
from itertools import pairwise

import pytest
from PySide6.QtGui import QColor

from ui.desktop.theme import DARK, LIGHT, Palette, style_sheet

READABLE = 4.5  # WCAG 2 AA for text
PAIRS = (
    *(("ink", ground) for ground in ("window", "surface", "surface_2", "head", "rail", "accent_soft", "problem_soft")),
    *(("ink_2", ground) for ground in ("window", "surface", "surface_2", "head", "rail", "accent_soft")),
    *(("ink_3", ground) for ground in ("surface", "surface_2")),
    ("accent", "surface"),
    ("on_accent", "accent"),
    ("on_accent_soft", "accent_soft"),
    ("problem", "surface"),
    ("problem", "problem_soft"),
    ("binding", "binding_soft"),
    ("gap", "surface"),
)


def luminance(colour: str) -> float:
    parts = [value / 255 for value in QColor(colour).getRgb()[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_that_text_can_be_read_on_its_ground(palette: Palette, ink: str, ground: str) -> None:
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= READABLE


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_the_heat_map_survives_grey_print_and_its_numbers_can_be_read(palette: Palette) -> None:
    steps = [luminance(colour) for colour in palette.heat]
    steps = steps if palette.is_dark else steps[::-1]

    assert all(darker < lighter for darker, lighter in pairwise(steps))
    assert all(contrast(ink, ground) >= READABLE for ink, ground in zip(palette.on_heat, palette.heat, strict=True))


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_the_style_sheet_takes_every_colour_from_the_palette(palette: Palette) -> None:
    known = {value.upper() for value in dataclasses.astuple(palette) if isinstance(value, str)}

    sheet = style_sheet(palette)

    assert "$" not in sheet.partition("*/")[2]
    assert set(re.findall(r"#[0-9A-Fa-f]{6}\b", sheet)) <= known
