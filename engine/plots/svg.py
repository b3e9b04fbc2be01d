"""Plots as SVG: the same parts as on the screen, as lines and shapes of any size."""

from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from engine.plots.curve_values import IN_MATRIX, OPTIMAL
from engine.plots.file_layout import SAMPLE, SIDE, UNIT, PlotSheet, SheetPlot
from engine.plots.frame import (
    DASH,
    HALO,
    LETTERS,
    RADIUS,
    SHADE,
    THICK,
    THIN,
    PlotFrame,
    Points,
    diamond,
    mark_ink,
    rgb,
)
from engine.plots.plot_parts import (
    CURSOR,
    POINT,
    PlotArea,
    PlotBand,
    PlotBar,
    PlotDescription,
    PlotLine,
    PlotMark,
    PlotPart,
    PlotWords,
)
from engine.plots.styles import Pattern, PlotColour, PlotStyles

ANCHORS: Final = {"l": "start", "m": "middle", "r": "end"}


def plots_svg(described: Sequence[PlotDescription], styles: PlotStyles) -> bytes:
    """Plots side by side, as text."""
    sheet = PlotSheet.of(described)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet.width}" height="{sheet.height}" '
        'font-family="sans-serif" font-size="13">'
    )
    return "\n".join([head, *_sheet(sheet, styles), "</svg>", ""]).encode()


def inline_svg(described: PlotDescription, styles: PlotStyles, label: str) -> str:
    """One plot for within a page, which gives it its width; label is what it is in words."""
    sheet = PlotSheet.of([described])
    head = (
        f'<svg class="plot" viewBox="0 0 {sheet.width} {sheet.height}" role="img" '
        f'aria-label={quoteattr(label)} font-family="sans-serif" font-size="13">'
    )
    return "\n".join([head, *_sheet(sheet, styles), "</svg>"])


def _sheet(sheet: PlotSheet, styles: PlotStyles) -> Iterator[str]:
    yield f'<rect width="{sheet.width}" height="{sheet.height}" fill="{_paper(styles)}"/>'
    for plot in sheet.plots:
        yield from _plot(plot, styles)


def _plot(plot: SheetPlot, styles: PlotStyles) -> Iterator[str]:
    frame, paper = plot.frame, _paper(styles)
    yield f'<g transform="translate({plot.left:g},{plot.top:g})">'
    for rule in frame.grid():
        yield _polyline(rule, _hex(styles.grid.color), 1)
    for part in plot.described.parts:
        yield from _part(part, frame, paper)
    yield f'<path d="M0 0 V{SIDE} H{SIDE}" fill="none" stroke="{_hex(styles.axis.color)}"/></g>'
    for x, y, entry in plot.samples():
        wide, dashed = (9, "") if "█" in entry.sample else (2, _dashed((4, 3), "╌" in entry.sample))
        yield (
            f'<path d="M{x:g} {y:g} h{SAMPLE}" stroke="{_hex(entry.style.color)}" '
            f'stroke-width="{wide}"{dashed}/>'
        )
    for said in plot.words(styles):
        weight = ' font-weight="bold"' if said.strong else ""
        yield (
            f'<text x="{said.x:.1f}" y="{said.y:.1f}" text-anchor="{ANCHORS[said.anchor]}" '
            f'fill="{_hex(said.style.color)}"{weight}>{escape(said.words)}</text>'
        )


def _part(part: PlotPart, frame: PlotFrame, paper: str) -> Iterator[str]:
    match part:
        case PlotLine():
            width = (THICK if part.pen.thick else THIN) * UNIT
            dashed = _dashed(part.pen.pattern)
            for x, y in part.runs(frame.x, frame.y):
                yield _polyline(frame.places(x, y), _hex(part.pen.style.color), width, dashed)
        case PlotArea():
            corners, ink = _places(frame.outline(part)), _hex(part.style.color)
            yield f'<polygon points="{corners}" fill="{ink}" fill-opacity="{SHADE[part.every]}"/>'
        case PlotBand():
            left, right = frame.band(part)
            yield _rectangle(left, 0, right, SIDE, _hex(part.style.bgcolor))
        case PlotBar():
            yield _rectangle(*frame.bar(part), _hex(part.style.color))
        case PlotMark():
            (place,) = frame.points(np.array([part.x]), np.array([part.y]))
            if not np.isnan(place).any():
                yield _mark(place, part, paper)
        case PlotWords():
            ((x, y),) = frame.points(np.array([frame.x.high]), np.array([part.y])).tolist()
            yield (
                f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="end" '
                f'font-size="{LETTERS * UNIT:g}" fill="{_hex(part.style.color)}" '
                f'stroke="{paper}" stroke-width="3" paint-order="stroke">'
                f"{escape(part.words.strip())}</text>"
            )


def _mark(at: Points, mark: PlotMark, paper: str) -> str:
    """The sign, with a rim of paper."""
    white: tuple[int, int, int] = (255, 255, 255)
    ink = "#{:02x}{:02x}{:02x}".format(*mark_ink(mark.style, white))
    radius, (x, y) = RADIUS * UNIT, at.tolist()
    rim = f'stroke="{paper}" stroke-width="{HALO * UNIT:g}"'
    if mark.letter in (OPTIMAL, IN_MATRIX):
        corners = _places(diamond(at, 1.25 * radius))
        fill = f'fill="{ink}" {rim}'
        if mark.letter == IN_MATRIX:
            fill = f'fill="{paper}" stroke="{ink}" stroke-width="1.5"'
        return f'<polygon points="{corners}" {fill}/>'
    if mark.letter == CURSOR:
        arm = 1.4 * radius
        path = f"M{x - arm:.1f} {y:.1f} h{2 * arm:.1f} M{x:.1f} {y - arm:.1f} v{2 * arm:.1f}"
        return f'<path d="{path}" stroke="{ink}" stroke-width="{THICK * UNIT:g}"/>'
    radius *= 0.6 if mark.letter == POINT else 1.0
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{ink}" {rim}/>'


def _polyline(points: Points, ink: str, width: float, more: str = "") -> str:
    places = _places(points)
    return (
        f'<polyline points="{places}" fill="none" stroke="{ink}" stroke-width="{width:g}"{more}/>'
    )


def _rectangle(left: float, top: float, right: float, bottom: float, ink: str) -> str:
    width, height = right - left, bottom - top
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{ink}"/>'
    )


def _places(points: Points) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points.tolist())


def _dashed(pattern: Pattern, really: bool = True) -> str:
    drawn, left_out = (each * DASH * UNIT for each in pattern)
    return (
        f" stroke-dasharray={quoteattr(f'{drawn:g} {left_out:g}')}" if left_out and really else ""
    )


def _paper(styles: PlotStyles) -> str:
    return _hex(styles.base.bgcolor)


def _hex(colour: PlotColour | None) -> str:
    assert colour is not None
    return "#{:02x}{:02x}{:02x}".format(*rgb(colour))
