"""The curves of a classifier as files: every point as CSV, or the plots as SVG or PNG."""

import csv
import io
from typing import Final

from engine.plots.classifier_plots import CLASS_PLOTS
from engine.plots.classifier_values import ClassifierCurvesView
from engine.plots.curve_values import CurvesState
from engine.plots.paper import file_styles
from tui.curves.paint.detector_files import PICTURES

FIELDS: Final = ("confidence", "precision", "recall", "f1", "true_positives", "predictions")


def classifier_curves_file(view: ClassifierCurvesView, state: CurvesState, suffix: str) -> bytes:
    """The curves in the format that a file name's ending asks for; CSV for any other ending."""
    writer, styles = PICTURES.get(suffix.lower()), file_styles()
    if writer is None:
        return classifier_curves_csv(view)
    return writer([describe(view, state, styles) for describe in CLASS_PLOTS.values()], styles)


def classifier_curves_csv(view: ClassifierCurvesView) -> bytes:
    """A line for each point of each curve, with all digits; recall is the true positive rate."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["class", *FIELDS, "false_positive_rate", "images", "others", "rule"])
    for named in view.curves:
        columns = [getattr(named.curve, field).tolist() for field in FIELDS]
        columns.append(named.false_positive_rate.tolist())
        last = (named.curve.ground_truths, named.others, "one against the rest")
        for row in zip(*columns, strict=True):
            cells = ["" if cell != cell else repr(cell) for cell in row]
            writer.writerow([named.name, *cells, *last])
    return written.getvalue().encode()
