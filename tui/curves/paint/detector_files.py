"""The curves of a detector as files: every point as CSV, or the plots as SVG or PNG."""

import csv
import io
from collections.abc import Callable, Sequence

from engine.plots.curve_values import CurvesState
from engine.plots.detector_plots import PLOTS
from engine.plots.detector_values import DetectorCurvesView
from engine.plots.paper import file_styles
from engine.plots.plot_parts import PlotDescription
from engine.plots.styles import PlotStyles
from engine.plots.svg import plots_svg
from tui.curves.paint.png import plots_png

PICTURES: dict[str, Callable[[Sequence[PlotDescription], PlotStyles], bytes]] = {
    ".svg": plots_svg,
    ".png": plots_png,
}
"""By the ending of a file's name."""


def curves_file(view: DetectorCurvesView, state: CurvesState, suffix: str) -> bytes:
    """The curves in the format that a file name's ending asks for; CSV for any other ending."""
    writer, styles = PICTURES.get(suffix.lower()), file_styles()
    if writer is None:
        return curves_csv(view)
    return writer([describe(view, state, styles) for describe in PLOTS.values()], styles)


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
