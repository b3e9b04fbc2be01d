"""How the probability of a class spreads over its images and over all others."""

from typing import Final

import numpy as np

from engine.classification.kernel_density import Densities
from engine.util.words import number, share
from tui.curves.paint.axes import DOTTED, NARROW, RATIOS, Axes, Plot, Ticks
from tui.curves.paint.classifier_values import ClassifierCurvesView
from tui.curves.paint.classifier_words import how_to_read
from tui.curves.paint.curve_values import CurvesState, Pen, PlotStyles
from tui.curves.paint.detector_words import HEADER, LegendEntry, legend, title
from tui.drawing.canvas import PlotCanvas
from tui.drawing.frame import wrapped

MEDIAN: Final = (4, 4)
DASHED: Final = (3, 2)
LEAST: Final = 12
"""Lines of a plot that is not cut short for the words below it."""

LEVELS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def density(
    width: int, height: int, view: ClassifierCurvesView, state: CurvesState, styles: PlotStyles
) -> Plot:
    """Two densities on a logarithmic scale, and how to read them where there is room."""
    canvas = PlotCanvas(width, height, styles.base)
    found = view.densities
    whose = state.whose(view)
    words = paragraphs(whose, width - 2, max(height - LEAST - HEADER, 0)) if whose else []
    axes = Axes.on(canvas, HEADER, RATIOS, _ticks(found), styles, below=len(words))
    title(canvas, "Density", whose, _amounts(found), styles)
    legend(canvas, _entries(found, styles), "logarithmic", styles)
    axes.grid()
    axes.frame("probability")
    for line, text in enumerate(words, start=height - len(words)):
        canvas.text(1, line, text, styles.note)
    if found is None:
        axes.say("Probabilities are being counted")
    elif not found.own_images + found.other_images:
        axes.say("No image has a prediction")
    else:
        _draw(axes, found, view, state)
    return Plot(canvas.raster(), axes)


def paragraphs(name: str, width: int, room: int) -> list[str]:
    """The words below the plot: both paragraphs, what a perfect model looks like, or nothing."""
    if width < NARROW:
        return []
    read, perfect = (wrapped(text, width) for text in how_to_read(name))
    if len(read) + len(perfect) <= room:
        return [*read, *perfect]
    return perfect if len(perfect) <= room else []


def _amounts(found: Densities | None) -> str:
    if found is None:
        return ""
    return f"{number(found.own_images, 'image')}, {number(found.other_images, 'other')}"


def _entries(found: Densities | None, styles: PlotStyles) -> list[LegendEntry]:
    if found is None:
        return []
    first, second = (
        f"median {share(median, 3)}" for median in (found.own_median, found.others_median)
    )
    return [
        LegendEntry.of(0, "this class", first, styles),
        LegendEntry("╌╌", styles.pen(1).style, "all others", second),
    ]


def _draw(axes: Axes, found: Densities, view: ClassifierCurvesView, state: CurvesState) -> None:
    """Others as sparse dots under a dashed line, the class as dense ones under a solid line."""
    styles = axes.styles
    own, others = np.log1p(found.own), np.log1p(found.others)
    first, second = styles.pen(0).style, styles.pen(1).style
    for heights, style, every in ((others, second, 4), (own, first, 2)):
        if not np.isnan(heights).any():
            axes.area(found.at, heights, style, every=every)
    axes.upright(view.now, styles.rule)
    if state.cursor is not None:
        axes.upright(state.cursor, styles.rule, DOTTED)
    axes.line(found.at, others, Pen(second, DASHED))
    axes.line(found.at, own, Pen(first, thick=True))
    ends = np.array([axes.y.low, axes.y.high])
    for median, style in ((found.others_median, second), (found.own_median, first)):
        axes.line(np.full(2, median), ends, Pen(style, MEDIAN, thick=True))


def _ticks(found: Densities | None) -> Ticks:
    """Nothing, then 1, 2, 5, 10 and so on up to the highest density."""
    if found is None:
        return Ticks(0.0, 1.0, ())
    values = np.concatenate((found.own, found.others, [1.0]))
    high = float(np.log1p(np.nanmax(values)))
    words = [(0.0, "0"), *((float(np.log1p(level)), str(level)) for level in LEVELS)]
    return Ticks(0.0, high, tuple(one for one in words if one[0] <= high))
