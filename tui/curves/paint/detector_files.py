"""Curves as files: every point as CSV, or a picture as SVG or PNG."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.core.thresholds import OperatingPoint
from engine.util.words import iou_threshold
from tui.curves.paint.curve_values import LIGHT
from tui.curves.paint.detector_values import DetectorCurvesView

SIDE: Final = 480  # pixels of a plot
EDGE: Final = 60  # pixels around it
TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
INK, PALE, MEAN = "#222222", "#dddddd", "#777777"


@dataclass(frozen=True, eq=False)
class FileLine:
    """A polyline in a plot whose sides go from 0 to 1."""

    name: str
    x: NDArray[np.float64]  # [S]
    y: NDArray[np.float64]  # [S]
    colour: str


@dataclass(frozen=True, eq=False)
class FilePlot:
    """A square plot."""

    title: str
    across: str
    up: str
    lines: tuple[FileLine, ...]


def curves_file(view: DetectorCurvesView, suffix: str) -> bytes:
    """The curves in the format that a file name's ending asks for; CSV for any other ending."""
    writers: dict[str, Callable[[Sequence[FilePlot]], bytes]] = {
        ".svg": plots_svg,
        ".png": plots_png,
    }
    writer = writers.get(suffix.lower())
    return curves_csv(view) if writer is None else writer(plots(view))


def curves_csv(view: DetectorCurvesView) -> bytes:
    """A line for each point of each curve, with all digits."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    names = ("confidence", "precision", "recall", "f1", "true_positives", "predictions")
    writer.writerow(["curve", *names, "ground_truths", "iou", "matching"])
    for named in view.curves:
        columns = (getattr(named.curve, name).tolist() for name in names)
        last = (named.curve.ground_truths, view.point.iou, view.point.matching)
        for row in zip(*columns, strict=True):
            cells = ["" if cell != cell else repr(cell) for cell in row]
            writer.writerow([named.name, *cells, *last])
    return written.getvalue().encode()


def plots(view: DetectorCurvesView) -> tuple[FilePlot, FilePlot]:
    """Precision by recall of every curve, and the three measures of the first by confidence."""
    point = made_at(view.point)
    found = [
        FileLine(named.name, named.line.recall, named.line.precision, LIGHT[index % len(LIGHT)])
        for index, named in enumerate(view.curves)
    ]
    if view.mean is not None:
        found.append(FileLine("mean of classes", view.mean.recall, view.mean.precision, MEAN))
    by_confidence = []
    title = "by confidence"
    if view.curves:
        line, title = view.curves[0].line, f"{view.curves[0].name} by confidence"
        measures = (("precision", line.precision), ("recall", line.recall), ("F1", line.f1))
        by_confidence = [
            FileLine(name, line.confidence, values, LIGHT[index])
            for index, (name, values) in enumerate(measures)
        ]
        at = np.full(2, view.point.confidence)
        by_confidence.append(FileLine("threshold", at, np.array([0.0, 1.0]), INK))
    return (
        FilePlot(f"Precision and recall, {point}", "recall", "precision", tuple(found)),
        FilePlot(title, "confidence", "", tuple(by_confidence)),
    )


def made_at(point: OperatingPoint) -> str:
    """What the curves depend on."""
    return f"IoU {iou_threshold(point.iou)}, matching {point.matching}"


def plots_svg(drawn: Sequence[FilePlot]) -> bytes:
    """Plots side by side, as text."""
    width, height = (SIDE + 2 * EDGE) * len(drawn), SIDE + 2 * EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for place, plot in enumerate(drawn):
        left = place * (SIDE + 2 * EDGE) + EDGE
        for (ax, ay), (bx, by), colour in _grid(left):
            parts.append(f'<path d="M{ax} {ay} L{bx} {by}" stroke="{colour}"/>')
        for x, y, words, anchor in _words(plot, left):
            at = {"l": "start", "m": "middle", "r": "end"}[anchor]
            parts.append(f'<text x="{x}" y="{y}" text-anchor="{at}">{escape(words)}</text>')
        for line, run in _runs(plot, left):
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
            parts.append(
                f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="2"/>'
            )
        for x, y, line in _legend(plot, left):
            parts.append(f'<text x="{x}" y="{y}" fill="{line.colour}">{escape(line.name)}</text>')
    return "\n".join([*parts, "</svg>", ""]).encode()


def plots_png(drawn: Sequence[FilePlot]) -> bytes:
    """Plots side by side, twice as sharp as their size in points."""
    size = ((SIDE + 2 * EDGE) * len(drawn) * 2, (SIDE + 2 * EDGE) * 2)
    image = Image.new("RGB", size, "#ffffff")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(26)
    for place, plot in enumerate(drawn):
        left = place * (SIDE + 2 * EDGE) + EDGE
        for start, end, colour in _grid(left):
            draw.line([_twice(start), _twice(end)], colour, 2)
        for x, y, words, anchor in _words(plot, left):
            draw.text(_twice((x, y)), words, INK, font, anchor=f"{anchor}s")
        for line, run in _runs(plot, left):
            draw.line([_twice(at) for at in run], line.colour, 4)
        for x, y, line in _legend(plot, left):
            draw.text(_twice((x, y)), line.name, line.colour, font, anchor="ls")
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


FilePlace = tuple[float, float]  # pixels from the left and from the top


def _grid(left: float) -> list[tuple[FilePlace, FilePlace, str]]:
    """Lines at the ticks, the axes darker."""
    lines = []
    for tick in TICKS:
        colour = INK if tick == 0 else PALE
        across, down = left + tick * SIDE, EDGE + (1 - tick) * SIDE
        lines.append(((across, float(EDGE)), (across, float(EDGE + SIDE)), colour))
        lines.append(((left, down), (left + SIDE, down), colour))
    return lines


def _words(plot: FilePlot, left: float) -> list[tuple[float, float, str, str]]:
    """Places, words and where they are anchored: title, ticks, names of the axes."""
    found = [(left, EDGE - 20.0, plot.title, "l")]
    for tick in TICKS:
        found.append((left + tick * SIDE, EDGE + SIDE + 18.0, f"{tick:g}", "m"))
        found.append((left - 8, EDGE + (1 - tick) * SIDE + 4, f"{tick:g}", "r"))
    found.append((left + SIDE / 2, EDGE + SIDE + 40.0, plot.across, "m"))
    return [*found, (left, EDGE - 4.0, plot.up, "l")]


def _runs(plot: FilePlot, left: float) -> list[tuple[FileLine, Sequence[FilePlace]]]:
    """Each line in pieces without an undefined point, in pixels."""
    pieces: list[tuple[FileLine, Sequence[FilePlace]]] = []
    for line in plot.lines:
        defined = np.flatnonzero(~np.isnan(line.x) & ~np.isnan(line.y))
        breaks = np.flatnonzero(np.diff(defined) > 1) + 1
        for run in np.split(defined, breaks):
            if len(run) > 1:
                x, y = left + line.x[run] * SIDE, EDGE + (1 - line.y[run]) * SIDE
                pieces.append((line, list(zip(x.tolist(), y.tolist(), strict=True))))
    return pieces


def _legend(plot: FilePlot, left: float) -> list[tuple[float, float, FileLine]]:
    return [
        (left + 14, EDGE + SIDE - 14.0 - 18 * place, line)
        for place, line in enumerate(reversed(plot.lines))
    ]


def _twice(place: FilePlace) -> FilePlace:
    return 2 * place[0], 2 * place[1]
