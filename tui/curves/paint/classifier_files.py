"""The curves of a classifier as files: every point as CSV, or the plots as SVG or PNG."""

import csv
import io
from typing import Final

import numpy as np

from engine.util.words import share
from tui.curves.paint.classifier_values import ClassCurve, ClassCurvesView
from tui.curves.paint.detector_files import INK, MEAN, Line, Plot, plots_png, plots_svg
from tui.curves.paint.detector_values import LIGHT

ENDS: Final = np.array([0.0, 1.0])
FIELDS: Final = ("confidence", "precision", "recall", "f1", "true_positives", "predictions")


def class_curves_file(view: ClassCurvesView, suffix: str) -> bytes:
    """The curves in the format that a file name's ending asks for; CSV for any other ending."""
    if suffix.lower() == ".svg":
        return plots_svg(class_plots(view))
    if suffix.lower() == ".png":
        return plots_png(class_plots(view))
    return class_curves_csv(view)


def class_curves_csv(view: ClassCurvesView) -> bytes:
    """A line for each point of each curve, with all digits; recall is the true positive rate."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["class", *FIELDS, "false_positive_rate", "images", "others", "rule"])
    for named in view.curves:
        if not isinstance(named, ClassCurve):
            continue
        columns = [getattr(named.curve, field).tolist() for field in FIELDS]
        columns.append(named.false_positive_rate.tolist())
        last = (named.curve.ground_truths, named.others, "one against the rest")
        for row in zip(*columns, strict=True):
            cells = ["" if cell != cell else repr(cell) for cell in row]
            writer.writerow([named.name, *cells, *last])
    return written.getvalue().encode()


def class_plots(view: ClassCurvesView) -> tuple[Plot, ...]:
    """ROC and precision by recall of every curve, calibration and density of the first."""
    curves = [named for named in view.curves if isinstance(named, ClassCurve)]
    roc, precision = [Line("chance", ENDS, ENDS, MEAN)], []
    for place, named in enumerate(curves):
        colour = LIGHT[place % len(LIGHT)]
        label = f"{named.name} AUC {share(named.roc_auc, 3)}"
        roc.append(Line(label, *named.roc_line, colour))
        label = f"{named.name} AP {share(named.average_precision, 3)}"
        precision.append(Line(label, named.line.recall, named.line.precision, colour))
    found = (
        Plot("ROC, against the rest", "false positive rate", "true positive rate", tuple(roc)),
        Plot("Precision and recall", "recall", "precision", tuple(precision)),
    )
    return (*found, *_of_confidences(view))


def _of_confidences(view: ClassCurvesView) -> tuple[Plot, ...]:
    name = view.scope or (view.curves[0].name if view.curves else "")
    plots = []
    if view.reliability is not None:
        bins = view.reliability
        lines = (
            Line("calibrated", ENDS, ENDS, MEAN),
            Line(f"ECE {share(bins.ece, 3)}", bins.confidence, bins.precision, LIGHT[0]),
        )
        plots.append(Plot(f"Calibration of {name}", "confidence", "share of the class", lines))
    if view.densities is not None:
        made = view.densities
        both = np.concatenate((made.own, made.others))
        highest = float(np.nanmax(both)) if not np.isnan(both).all() else 1.0
        top = float(np.log1p(highest)) or 1.0
        densities = [
            Line(words, made.at, np.log1p(values) / top, LIGHT[place])
            for place, (words, values) in enumerate(
                (("this class", made.own), ("all others", made.others))
            )
        ]
        densities += [
            Line(f"median {share(median, 3)}", np.full(2, median), ENDS, LIGHT[place])
            for place, median in enumerate((made.own_median, made.others_median))
        ]
        up = f"density, logarithmic, 1 stands for {highest:.1f}"
        plots.append(Plot(f"Density of {name}", "probability", up, tuple(densities)))
    threshold = Line("threshold", np.full(2, view.now), ENDS, INK)
    if np.isnan(view.now):
        return tuple(plots)
    return tuple(Plot(each.title, each.across, each.up, (*each.lines, threshold)) for each in plots)
