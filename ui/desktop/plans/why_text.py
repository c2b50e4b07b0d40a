"""An explanation as a page of rich text with links, and as plain text for the clipboard."""

from html import escape

from planner.report.table import NO_DECIMALS_FROM, PERCENT
from planner.report.why import Explanation, Line, Section, Subject
from ui.desktop.charts import waterfall
from ui.desktop.figures import change_text, number_text
from ui.desktop.theme import Palette

PICTURE = "waterfall"  # name of the picture in the page
LINK = "why:"
CHARACTER = 7.5  # pixels of a figure's sign: a column of figures never breaks them


def line_figure(line: Line, unit: str) -> str:
    """The figure of a line, with its own unit where the section has none."""
    if line.value is None:
        return ""
    is_share = PERCENT in (line.unit, unit)
    value = line.value * 100 if is_share else line.value
    is_end = is_share and min(abs(value), abs(100 - value)) < 0.05  # 0 and 100 have nothing to be exact about
    decimals = (0 if is_end else 1) if is_share else 0 if abs(value) >= NO_DECIMALS_FROM else None
    words = change_text(value, decimals) if line.is_change else number_text(value, decimals)
    return f"{words} {line.unit}" if line.unit and not unit else words


def page(told: Explanation, note: str, palette: Palette, width: int, subjects: list[Subject]) -> str:
    """The explanation as rich text under a note; a link names a position in `subjects`, which this fills."""
    parts = [
        *([f"<p style='color:{palette.binding}; margin-bottom:2px'>{escape(note)}</p>"] if note else []),
        f"<p style='font-size:16px; font-weight:600; margin-bottom:2px'>{escape(told.title)}</p>",
        f"<p style='color:{palette.ink_2}; margin-top:0; margin-bottom:6px'>{escape(told.state)}</p>",
        *(f"<p style='margin-top:0; margin-bottom:6px'>{escape(sentence)}</p>" for sentence in told.sentences),
    ]
    if told.waterfall is not None:
        parts.append(_heading(told.waterfall.title, _unit_words(told.waterfall.unit), palette))
        parts.append(f"<img src='{PICTURE}' width='{width}' height='{waterfall.height_of(told.waterfall)}'>")
    parts += [_section(section, palette, width, subjects) for section in told.sections]
    return f"<div style='font-size:12px; color:{palette.ink}'>{''.join(parts)}</div>"


def _unit_words(unit: str) -> str:
    return "points of coverage" if unit == PERCENT else unit


def _heading(title: str, unit: str, palette: Palette) -> str:
    return (
        f"<p style='margin-top:12px; margin-bottom:6px'><b>{escape(title)}</b>"
        f"<span style='color:{palette.ink_3}; font-size:11px'>&nbsp; {escape(unit)}</span></p>"
    )


def _section(section: Section, palette: Palette, width: int, subjects: list[Subject]) -> str:
    rows = []
    longest = max(len(line_figure(line, section.unit)) for line in section.lines)
    room = min(round(width * 0.55), round(longest * CHARACTER) + 10)
    for line in section.lines:
        title = escape(line.title)
        if line.subject is not None:
            title = f"<a href='{LINK}{len(subjects)}' style='color:{palette.accent}; text-decoration:none'>{title}</a>"
            subjects.append(line.subject)
        figure = escape(line_figure(line, section.unit)).replace(" ", "&nbsp;")
        colour = palette.gap if line.is_change and (line.value or 0) < 0 else palette.ink
        figure = f"<span style='color:{colour}; font-weight:600'>{figure}</span>"
        rows.append(
            f"<tr><td width='{width - room}' style='padding-top:3px'>{title}</td>"
            f"<td width='{room}' align='right' style='padding-top:3px; padding-left:8px'>{figure}</td></tr>"
        )
        if line.words:
            words = f"<span style='font-size:11px; color:{palette.ink_2}'>{escape(line.words)}</span>"
            rows.append(f"<tr><td colspan='2' style='padding-bottom:3px'>{words}</td></tr>")
    table = f"<table width='{width}' cellspacing='0' cellpadding='0'>{''.join(rows)}</table>"
    return _heading(section.title, section.unit, palette) + table


def plain_text(told: Explanation) -> str:
    """The explanation to paste into a letter."""
    lines = [told.title, told.state, *told.sentences]
    if told.waterfall is not None:
        unit = _unit_words(told.waterfall.unit)
        lines += ["", f"{told.waterfall.title} ({unit})"]
        lines += [f"{step.title}: {waterfall.step_text(step, told.waterfall.unit)}" for step in told.waterfall.steps]
    for section in told.sections:
        lines += ["", f"{section.title} ({section.unit})" if section.unit else section.title]
        for line in section.lines:
            figure = line_figure(line, section.unit)
            lines.append(f"{line.title}: {figure}" if figure else line.title)
            if line.words:
                lines.append(f"  {line.words}")
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"
