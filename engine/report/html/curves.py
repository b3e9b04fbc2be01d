"""The curves of a report: the plots of the Curves tab, as SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from engine.core.arrays import Ratios
from engine.core.calibration import density, reliability
from engine.core.thresholds import OperatingPoint
from engine.plots.classifier_curves import classifier_curves
from engine.plots.classifier_plots import CLASS_PLOTS
from engine.plots.curve_values import MOST, CurvesState
from engine.plots.detector_curves import detector_curves
from engine.plots.detector_plots import PLOTS
from engine.plots.paper import file_styles
from engine.plots.plot_parts import PlotDescription, PlotMaker, View
from engine.plots.svg import inline_svg
from engine.report.classification_facts import ClassificationFacts
from engine.report.facts import ReportFacts
from engine.report.html.blocks import Block, PlotFigure, PlotsBlock, WordsBlock
from engine.util.visible import visible
from engine.util.words import listed

CLASSES_DRAWN: Final = MOST - 1  # beside the curve of all classes


def detector_plots(facts: ReportFacts) -> tuple[Block, ...]:
    """All classes together, and those with the lowest average precision."""
    at_iou, best, names = facts.at_iou, facts.best, facts.detection.classes
    few = len(names) <= CLASSES_DRAWN
    lowest = [*range(len(names))] if few else _lowest(facts.metrics.ap50[:-1], CLASSES_DRAWN)
    chosen = (None, *lowest)
    made = detector_curves(at_iou, facts.point, chosen, 0, facts.opened.floor, lambda: False)
    assert made is not None
    view, focused = made
    view = replace(
        view,
        reliability=reliability(focused),
        density=density(focused),
        goal=best.goal,
        optimum=best.confidence,
        flat=best.flat,
    )
    words = () if few else (_which(lowest, names, "AP50"),)
    return *words, _figures(PLOTS, view)


def classifier_plots(facts: ClassificationFacts) -> tuple[Block, ...]:
    """Each class against the rest: those with the lowest area under the ROC curve."""
    made, names = facts.made, facts.made.classes
    if not names:
        return (WordsBlock(("There is no class to draw a curve of.",)),)
    worst = _lowest(facts.metrics.roc_auc, MOST)
    chosen = tuple(worst) or (0,)
    point = OperatingPoint(np.nan, facts.confidence)
    view = classifier_curves(made, point, facts.matrix, facts.best.goal, chosen, 0, lambda: False)
    assert view is not None
    words = [f"Calibration and density are those of {names[chosen[0]]}."]
    if len(chosen) < len(names):
        words.insert(0, _which(list(chosen), names, "ROC AUC").paragraphs[0])
    return WordsBlock((" ".join(words),)), _figures(CLASS_PLOTS, view)


def _figures(plots: Mapping[str, PlotMaker[View]], view: View) -> PlotsBlock:
    styles = file_styles()
    made = [describe(view, CurvesState(), styles) for describe in plots.values()]
    drawn = (inline_svg(each, styles, _label(each)).split("\n") for each in made)
    return PlotsBlock(tuple(PlotFigure("\n".join(map(visible, lines))) for lines in drawn))


def _label(plot: PlotDescription) -> str:
    """What a plot shows, for who does not see it."""
    named = ", ".join(f"{entry.name} {entry.value}".rstrip() for entry in plot.entries)
    said = (f"{plot.title} over {plot.across}", plot.more, plot.numbers, plot.says, named)
    return ". ".join(filter(None, said))


def _which(chosen: Sequence[int], names: Sequence[str], metric: str) -> WordsBlock:
    drawn = listed([names[class_] for class_ in chosen], len(chosen))
    return WordsBlock((f"Drawn are the classes with the lowest {metric}: {drawn}.",))


def _lowest(values: Ratios, most: int) -> list[int]:
    """The classes with the lowest of the values that are defined."""
    order = np.argsort(values, kind="stable")  # NaN comes last
    return [int(each) for each in order[:most] if not np.isnan(values[each])]
