"""The plots that tell what the confidences are worth: calibration, and how many there are."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from rich.style import Style
from textual.geometry import Region

from engine.core.calibration import Density, Reliability
from engine.util.words import share
from tui.curves.paint.axes import DOTTED, RATIOS, Axes, Plot, Ticks
from tui.curves.paint.curve_values import CurvesState, CurvesView, Pen, PlotStyles
from tui.curves.paint.detector_values import DetectorCurvesView
from tui.curves.paint.detector_words import HEADER, LegendEntry, legend, title
from tui.drawing.canvas import ACROSS, PlotCanvas

HALF: Final = "half are right where the lines cross"
EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
FEW: Final = 20
"""A bar of fewer predictions than this is drawn faint."""

ROOM_FOR_COUNTS: Final = 12  # lines
CALIBRATED: Final = (3, 2)


def calibration(
    width: int, height: int, view: CurvesView, state: CurvesState, styles: PlotStyles
) -> Plot:
    """How often predictions of a confidence are right, against that confidence itself."""
    canvas, found = PlotCanvas(width, height, styles.base), view.reliability
    counted = found is not None and height >= ROOM_FOR_COUNTS
    axes = Axes.on(canvas, HEADER, RATIOS, RATIOS, styles, below=int(counted))
    error = "" if found is None else f"ECE {share(found.ece, 3)}"
    title(canvas, "Calibration", state.whose(view), error, styles)
    entries = (
        LegendEntry("██", styles.bar, view.share_words),
        LegendEntry("██", styles.gap, "confidence beyond it"),
        LegendEntry("╌╌", styles.label, "calibrated"),
    )
    few = f"faint: fewer than {FEW}"
    legend(canvas, entries, few, styles)
    axes.grid()
    axes.frame("confidence")
    if found is None:
        axes.say("Calibration is being worked out")
    elif not found.count.any():
        axes.say("No predictions: calibration is undefined")
    else:
        _bars(axes, found)
        if counted:
            _counts(axes, found)
    return Plot(canvas.raster(), axes)


def _bars(axes: Axes, found: Reliability) -> None:
    """A bar for each bin up to its precision, and from there what its confidence claims more."""
    styles, bars = axes.styles, []
    columns = (axes.column(found.edges) // ACROSS).tolist()
    columns[-1] += 2  # bars end a cell before the next one begins
    for place, count in enumerate(found.count.tolist()):
        if count:
            right, claimed = float(found.precision[place]), float(found.confidence[place])
            left, end = columns[place], max(columns[place + 1] - 1, columns[place] + 1)
            few = count < FEW
            if claimed > right:
                bars.append(Bar(left, end, claimed, styles.few_gap if few else styles.gap))
            bars.append(Bar(left, end, right, styles.few if few else styles.bar))
    for bar in bars:
        full, _ = bar.on(axes.cells)
        axes.canvas.shade(full, Style(bgcolor=bar.style.color))
        axes.canvas.blank(full)
    ends = np.array([0.0, 1.0])
    axes.line(ends, ends, Pen(styles.mean, CALIBRATED))
    for bar in bars:
        full, top = bar.on(axes.cells)
        axes.canvas.text(full.x, full.y - 1, top * full.width, bar.style)


def _counts(axes: Axes, found: Reliability) -> None:
    """How many there are in each bin, below it; as many of them as stand apart."""
    canvas, free = axes.canvas, axes.cells.x
    columns = (axes.column(found.edges) // ACROSS).tolist()
    canvas.text(0, canvas.height - 1, "n", axes.styles.note)
    for left, right, count in zip(columns[:-1], columns[1:], found.count.tolist(), strict=True):
        words = f"{count:,}" if len(f"{count:,}") < right - left else short_count(count)
        x = max((left + right - len(words)) // 2, axes.cells.x)
        if count and x >= free and x + len(words) <= canvas.width:
            canvas.text(x, canvas.height - 1, words, axes.styles.note)
            free = x + len(words) + 1


@dataclass(frozen=True)
class Bar:
    """Columns of cells filled up to a value between 0 and 1."""

    left: int
    end: int
    value: float
    style: Style

    def on(self, cells: Region) -> tuple[Region, str]:
        """The cells that are full, and the letter of those on top of them."""
        whole, eighths = divmod(round(min(max(self.value, 0.0), 1.0) * cells.height * 8), 8)
        width = min(self.end, cells.right) - self.left
        full = Region(self.left, cells.bottom - whole, width, whole)
        return full, EIGHTHS[eighths] if eighths else ""


def confidences(
    width: int, height: int, view: DetectorCurvesView, state: CurvesState, styles: PlotStyles
) -> Plot:
    """How many predictions of each confidence are right and wrong, on a logarithmic scale."""
    canvas = PlotCanvas(width, height, styles.base)
    found = view.density
    axes = Axes.on(canvas, HEADER, RATIOS, _count_ticks(found), styles)
    right = 0 if found is None else int(found.true_positives.sum())
    wrong = 0 if found is None else int(found.false_positives.sum())
    title(canvas, "Confidences", state.whose(view), "logarithmic", styles)
    entries = (
        LegendEntry.of(0, "true positives", f"{right:,}", styles),
        LegendEntry.of(1, "false positives", f"{wrong:,}", styles),
    )
    legend(canvas, entries, HALF, styles)
    axes.grid()
    axes.frame("confidence")
    if found is None:
        axes.say("Confidences are being counted")
    elif not right + wrong:
        axes.say("No predictions")
    else:
        _spread(axes, found, view, state)
    return Plot(canvas.raster(), axes)


def _spread(axes: Axes, found: Density, view: DetectorCurvesView, state: CurvesState) -> None:
    """Right ones as an area, wrong ones as a line over it, and the threshold among them."""
    styles = axes.styles
    right, wrong = (
        np.log1p(np.append(counts, counts[-1]))
        for counts in (found.true_positives, found.false_positives)
    )
    axes.area(found.edges, right, styles.pen(0).style, every=4)
    axes.upright(view.point.confidence, styles.rule)
    if state.cursor is not None:
        axes.upright(state.cursor, styles.rule, DOTTED)
    axes.steps(found.edges, right, styles.pen(0))
    axes.steps(found.edges, wrong, styles.pen(1))


def _count_ticks(found: Density | None) -> Ticks:
    """Nothing, ten, a hundred and so on up to the largest count."""
    if found is None:
        return Ticks(0.0, 1.0, ())
    most = max(int(found.true_positives.max()), int(found.false_positives.max()), 1)
    powers = [10**power for power in range(1, len(str(most)))] or [1]
    words = ((0.0, "0"), *((float(np.log1p(count)), short_count(count)) for count in powers))
    return Ticks(0.0, float(np.log1p(most)), words)


def short_count(count: int) -> str:
    """10, 100, 1k, 10k, .1M, 1M."""
    if count >= 100_000:
        return f"{count / 1_000_000:g}M".removeprefix("0")
    return f"{count // 1000}k" if count >= 1000 else str(count)
