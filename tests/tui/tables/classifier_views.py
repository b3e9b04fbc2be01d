"""Views of classifiers for tests, from probabilities written by hand or drawn."""

import numpy as np
from rich.style import Style

from engine.classification.classification import Classification
from engine.classification.metrics import classification_metrics
from engine.classification.probability_metrics import probability_metrics
from engine.core.goals import GOALS
from engine.core.intervals import Interval
from engine.plots.classifier_curves import classifier_curves
from engine.plots.classifier_values import ClassifierCurvesView
from tests.making_classes import classification
from tui.desk.classified import first_classified
from tui.tables.paint.classifier_columns import ClassifierMetricsView, HeadlineView
from tui.tables.paint.layout import fit
from tui.tables.paint.lines import TableInk, paint
from tui.tables.paint.scene import TableScene
from tui.tables.paint.view import MetricsView, rows

INK = TableInk(*[Style()] * len(TableInk.__match_args__))


def by_hand() -> Classification:
    """Five bolts, two nuts, one washer: a bolt is taken for a nut, the washer for a bolt."""
    return classification(
        [0, 0, 0, 0, 0, 1, 1, 2],
        [
            [0.9, 0.1, 0.0],
            [0.8, 0.1, 0.1],
            [0.7, 0.3, 0.0],
            [0.6, 0.2, 0.2],
            [0.3, 0.7, 0.0],
            [0.2, 0.8, 0.0],
            [0.4, 0.6, 0.0],
            [0.5, 0.1, 0.4],
        ],
    )


def drawn(images: int = 300, classes: int = 5, seed: int = 0) -> Classification:
    """Labels that the model knows more often than not."""
    random = np.random.default_rng(seed)
    label = random.integers(0, classes, images)
    logits = random.normal(size=(images, classes)) * 1.2
    logits[np.arange(images), label] += 2
    value = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    names = tuple(f"class {index}" for index in range(classes))
    return classification(label.tolist(), value.tolist(), classes=names)


def metrics_of(made: Classification, confidence: float = 0.0):
    known = probability_metrics(made)
    return classification_metrics(made.answers.matrix(confidence), confidence, known)


def class_view(
    made: Classification, confidence: float = 0.0, intervals: dict[str, Interval] | None = None
) -> ClassifierMetricsView:
    return ClassifierMetricsView(made.classes, metrics_of(made, confidence), intervals)


def headline_view(
    made: Classification, confidence: float = 0.0, intervals: dict[str, Interval] | None = None
) -> HeadlineView:
    return HeadlineView.of(metrics_of(made, confidence), intervals)


def curves_view(
    made: Classification, chosen: tuple[int, ...] = (0,), focus: int = 0, confidence: float = 0.0
) -> ClassifierCurvesView:
    start = first_classified(made)
    point = type(start.wish.point)(start.wish.point.iou, confidence)
    wish = type(start.wish)(point, goal=start.wish.goal)
    matrix = start.for_wish(wish).matrix
    view = classifier_curves(made, point, matrix, GOALS[0], chosen, focus, lambda: False)
    assert view is not None
    return view


def lines_of(view: MetricsView, width: int, height: int) -> list[str]:
    """What the table says, line by line."""
    layout = fit(view, width, height)
    assert layout is not None
    scene = TableScene(view, layout, rows(view), (0, 0), (0, 0))
    return [paint(scene, INK, y).text.rstrip() for y in range(height)]
