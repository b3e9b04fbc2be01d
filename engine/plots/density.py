"""How the probability of a class spreads over its images and over all others."""

from typing import Final

import numpy as np

from engine.classification.kernel_density import Densities
from engine.plots.classifier_values import ClassifierCurvesView
from engine.plots.curve_values import CurvesState
from engine.plots.legend import LegendEntry
from engine.plots.plot_parts import (
    DOTTED,
    PlotArea,
    PlotDescription,
    PlotLine,
    PlotPart,
    upright,
)
from engine.plots.styles import Pen, PlotStyles
from engine.plots.ticks import RATIOS, Ticks
from engine.util.visible import clean
from engine.util.words import number, share

MEDIAN: Final = (4, 4)
DASHED: Final = (3, 2)
LEVELS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def density(view: ClassifierCurvesView, state: CurvesState, styles: PlotStyles) -> PlotDescription:
    """Two densities on a logarithmic scale, and how to read them where there is room."""
    found = view.densities
    whose = state.whose(view)
    parts: tuple[PlotPart, ...] = ()
    if found is None:
        says = "Probabilities are being counted"
    elif not found.own_images + found.other_images:
        says = "No image has a prediction"
    else:
        says, parts = "", _drawn(found, view, state, styles)
    return PlotDescription(
        title="Density",
        more=whose,
        numbers=_amounts(found),
        entries=tuple(_entries(found, styles)),
        remark="logarithmic",
        across="probability",
        x=RATIOS,
        y=_ticks(found),
        parts=parts,
        says=says,
        paragraphs=how_to_read(whose) if whose else (),
    )


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


def _drawn(
    found: Densities, view: ClassifierCurvesView, state: CurvesState, styles: PlotStyles
) -> tuple[PlotPart, ...]:
    """Others as sparse dots under a dashed line, the class as dense ones under a solid line."""
    own, others, y = np.log1p(found.own), np.log1p(found.others), _ticks(found)
    first, second = styles.pen(0).style, styles.pen(1).style
    parts: list[PlotPart] = [
        PlotArea(found.at, heights, style, every, stepped=False)
        for heights, style, every in ((others, second, 4), (own, first, 2))
        if not np.isnan(heights).any()
    ]
    parts.append(upright(view.now, y, styles.rule))
    if state.cursor is not None:
        parts.append(upright(state.cursor, y, styles.rule, DOTTED))
    parts.append(PlotLine(found.at, others, Pen(second, DASHED)))
    parts.append(PlotLine(found.at, own, Pen(first, thick=True)))
    ends = np.array([y.low, y.high])
    for median, style in ((found.others_median, second), (found.own_median, first)):
        parts.append(PlotLine(np.full(2, median), ends, Pen(style, MEDIAN, thick=True)))
    return tuple(parts)


def _ticks(found: Densities | None) -> Ticks:
    """Nothing, then 1, 2, 5, 10 and so on up to the highest density."""
    if found is None:
        return Ticks(0.0, 1.0, ())
    values = np.concatenate((found.own, found.others, [1.0]))
    high = float(np.log1p(np.nanmax(values)))
    words = [(0.0, "0"), *((float(np.log1p(level)), str(level)) for level in LEVELS)]
    return Ticks(0.0, high, tuple(one for one in words if one[0] <= high))


def how_to_read(name: str) -> tuple[str, str]:
    """The density chart in two short paragraphs."""
    name = clean(name)
    return (
        f"From left to right: the probability that the model gives to {name}. Under the solid "
        f"line are the images of {name}, under the dashed one all others, each 1 in sum; "
        "uprights are the medians. Where both areas overlap, no confidence parts them.",
        f"A perfect model: all images of {name} at the right end, all others at the left, "
        "and nothing in between.",
    )
