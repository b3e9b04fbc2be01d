"""Every number of a classifier in words: what it means, how it is counted, and from what."""

from collections.abc import Sequence

from engine.classification.class_metrics import CLASS_METRICS
from engine.classification.headline_metrics import AT_ALL, HEADLINE_METRICS, at_confidence
from engine.classification.metrics import ClassificationMetrics
from engine.core.explanation import Explanation, value_of
from engine.util.words import number


def explain_class(
    key: str, metrics: ClassificationMetrics, class_: int, classes: Sequence[str]
) -> Explanation:
    """The number of a class in a column of CLASS_METRICS."""
    return CLASS_METRICS[key].explained(metrics, class_, classes[class_])


def explain_headline(key: str, metrics: ClassificationMetrics) -> Explanation:
    """A number of all classes together, by its key in HEADLINE_METRICS."""
    asked = HEADLINE_METRICS[key]
    average, defined = metrics.averages.get(key), ""
    if average is not None and average.defined < average.classes:
        defined = f" ({average.defined:,} of {number(average.classes, 'class', 'classes')} defined)"
    filled = asked.filled(metrics.counts, metrics.probability)
    return Explanation(
        asked.name,
        asked.what + asked.remark(len(metrics.images)),
        asked.formula,
        f"{asked.formula} = {filled} = {value_of(metrics.headline[key])}{defined}",
        at_confidence(metrics.confidence) if asked.from_answers else AT_ALL,
    )
