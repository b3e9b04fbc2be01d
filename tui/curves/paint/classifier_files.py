"""The curves of a classifier as files: every point as CSV, or the plots as SVG or PNG."""

import csv
import io
from typing import Final

import numpy as np

from engine.util.words import share
from tui.curves.paint.classifier_values import ClassifierCurvesView
from tui.curves.paint.curve_values import LIGHT
from tui.curves.paint.detector_files import INK, MEAN, FileLine, FilePlot, plots_png, plots_svg

ENDS: Final = np.array([0.0, 1.0])
FIELDS: Final = ("confidence", "precision", "recall", "f1", "true_positives", "predictions")


def classifier_curves_file(view: ClassifierCurvesView, suffix: str) -> bytes:
    """The curves in the format that a file name's ending asks for; CSV for any other ending."""
    if suffix.lower() == ".svg":
        return plots_svg(classifier_plots(view))
    if suffix.lower() == ".png":
        return plots_png(classifier_plots(view))
    return classifier_curves_csv(view)


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


def classifier_plots(view: ClassifierCurvesView) -> tuple[FilePlot, ...]:
    """ROC and precision by recall of every curve, calibration and density of the first."""
    roc, precision = [FileLine("chance", ENDS, ENDS, MEAN)], []
    for place, named in enumerate(view.curves):
        colour = LIGHT[place % len(LIGHT)]
        label = f"{named.name} AUC {share(named.roc_auc, 3)}"
        roc.append(FileLine(label, *named.roc_line, colour))
        label = f"{named.name} AP {share(named.average_precision, 3)}"
        precision.append(FileLine(label, named.line.recall, named.line.precision, colour))
    found = (
        FilePlot("ROC, against the rest", "false positive rate", "true positive rate", tuple(roc)),
        FilePlot("Precision and recall", "recall", "precision", tuple(precision)),
    )
    return (*found, *_of_confidences(view))


def _of_confidences(view: ClassifierCurvesView) -> tuple[FilePlot, ...]:
    name = view.scope or (view.curves[0].name if view.curves else "")
    plots = []
    if view.reliability is not None:
        bins = view.reliability
        lines = (
            FileLine("calibrated", ENDS, ENDS, MEAN),
            FileLine(f"ECE {share(bins.ece, 3)}", bins.confidence, bins.precision, LIGHT[0]),
        )
        plots.append(FilePlot(f"Calibration of {name}", "confidence", "share of the class", lines))
    if view.densities is not None:
        made = view.densities
        both = np.concatenate((made.own, made.others))
        highest = float(np.nanmax(both)) if not np.isnan(both).all() else 1.0
        top = float(np.log1p(highest)) or 1.0
        densities = [
            FileLine(words, made.at, np.log1p(values) / top, LIGHT[place])
            for place, (words, values) in enumerate(
                (("this class", made.own), ("all others", made.others))
            )
        ]
        densities += [
            FileLine(f"median {share(median, 3)}", np.full(2, median), ENDS, LIGHT[place])
            for place, median in enumerate((made.own_median, made.others_median))
        ]
        up = f"density, logarithmic, 1 stands for {highest:.1f}"
        plots.append(FilePlot(f"Density of {name}", "probability", up, tuple(densities)))
    threshold = FileLine("threshold", np.full(2, view.now), ENDS, INK)
    if np.isnan(view.now):
        return tuple(plots)
    return tuple(
        FilePlot(each.title, each.across, each.up, (*each.lines, threshold)) for each in plots
    )
