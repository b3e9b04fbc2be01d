"""The plots that tell what the confidences are worth: calibration, and how many there are."""

from typing import Final

import numpy as np

from engine.core.calibration import Density, Reliability
from engine.plots.curve_values import CurvesState, CurvesView
from engine.plots.detector_values import DetectorCurvesView
from engine.plots.legend import LegendEntry
from engine.plots.plot_parts import (
    DOTTED,
    BinCount,
    PlotArea,
    PlotBar,
    PlotDescription,
    PlotLine,
    PlotPart,
    steps,
    upright,
)
from engine.plots.styles import Pen, PlotStyles
from engine.plots.ticks import RATIOS, Ticks, short_count
from engine.util.words import share

HALF: Final = "half are right where the lines cross"
FEW: Final = 20
"""A bar of fewer predictions than this is drawn faint."""

CALIBRATED: Final = (3, 2)


def calibration(view: CurvesView, state: CurvesState, styles: PlotStyles) -> PlotDescription:
    """How often predictions of a confidence are right, against that confidence itself."""
    found = view.reliability
    parts: tuple[PlotPart, ...] = ()
    counts: tuple[BinCount, ...] = ()
    if found is None:
        says = "Calibration is being worked out"
    elif not found.count.any():
        says = "No predictions: calibration is undefined"
    else:
        says, parts = "", (*_bars(found, styles), _calibrated(styles))
        edges = found.edges.tolist()
        bins = zip(edges[:-1], edges[1:], found.count.tolist(), strict=True)
        counts = tuple(BinCount(*one) for one in bins)
    return PlotDescription(
        title="Calibration",
        more=state.whose(view),
        numbers="" if found is None else f"ECE {share(found.ece, 3)}",
        entries=(
            LegendEntry("██", styles.bar, view.share_words),
            LegendEntry("██", styles.gap, "confidence beyond it"),
            LegendEntry("╌╌", styles.label, "calibrated"),
        ),
        remark=f"faint: fewer than {FEW}",
        across="confidence",
        x=RATIOS,
        y=RATIOS,
        parts=parts,
        says=says,
        counts=counts,
    )


def _bars(found: Reliability, styles: PlotStyles) -> list[PlotBar]:
    """A bar for each bin up to its precision, and from there what its confidence claims more."""
    bars, edges = [], found.edges.tolist()
    for place, count in enumerate(found.count.tolist()):
        if count:
            ends = edges[place], edges[place + 1]
            right, claimed = float(found.precision[place]), float(found.confidence[place])
            few = count < FEW
            if claimed > right:
                bars.append(PlotBar(*ends, claimed, styles.few_gap if few else styles.gap))
            bars.append(PlotBar(*ends, right, styles.few if few else styles.bar))
    return bars


def _calibrated(styles: PlotStyles) -> PlotLine:
    ends = np.array([0.0, 1.0])
    return PlotLine(ends, ends, Pen(styles.mean, CALIBRATED))


def confidences(
    view: DetectorCurvesView, state: CurvesState, styles: PlotStyles
) -> PlotDescription:
    """How many predictions of each confidence are right and wrong, on a logarithmic scale."""
    found = view.density
    right = 0 if found is None else int(found.true_positives.sum())
    wrong = 0 if found is None else int(found.false_positives.sum())
    parts: tuple[PlotPart, ...] = ()
    if found is None:
        says = "Confidences are being counted"
    elif not right + wrong:
        says = "No predictions"
    else:
        says, parts = "", _spread(found, view, state, styles)
    return PlotDescription(
        title="Confidences",
        more=state.whose(view),
        numbers="logarithmic",
        entries=(
            LegendEntry.of(0, "true positives", f"{right:,}", styles),
            LegendEntry.of(1, "false positives", f"{wrong:,}", styles),
        ),
        remark=HALF,
        across="confidence",
        x=RATIOS,
        y=_count_ticks(found),
        parts=parts,
        says=says,
    )


def _spread(
    found: Density, view: DetectorCurvesView, state: CurvesState, styles: PlotStyles
) -> tuple[PlotPart, ...]:
    """Right ones as an area, wrong ones as a line over it, and the threshold among them."""
    y = _count_ticks(found)
    right, wrong = (
        np.log1p(np.append(counts, counts[-1]))
        for counts in (found.true_positives, found.false_positives)
    )
    parts: list[PlotPart] = [
        PlotArea(found.edges, right, styles.pen(0).style, every=4, stepped=True),
        upright(view.point.confidence, y, styles.rule),
    ]
    if state.cursor is not None:
        parts.append(upright(state.cursor, y, styles.rule, DOTTED))
    parts.append(PlotLine(*steps(found.edges, right), styles.pen(0)))
    parts.append(PlotLine(*steps(found.edges, wrong), styles.pen(1)))
    return tuple(parts)


def _count_ticks(found: Density | None) -> Ticks:
    """Nothing, ten, a hundred and so on up to the largest count."""
    if found is None:
        return Ticks(0.0, 1.0, ())
    most = max(int(found.true_positives.max()), int(found.false_positives.max()), 1)
    powers = [10**power for power in range(1, len(str(most)))] or [1]
    words = ((0.0, "0"), *((float(np.log1p(count)), short_count(count)) for count in powers))
    return Ticks(0.0, float(np.log1p(most)), words)
