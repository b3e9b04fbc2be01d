"""From a number in the tables of a classifier to the words that explain it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.classification.class_metrics import CLASS_METRICS, ClassMetric
from engine.classification.explanations import explain_class, explain_headline
from engine.classification.metrics import ClassificationMetrics
from engine.core.explanation import Explanation, value_of
from tui.tables.paint.classifier_columns import HEADLINE_PREFIX

CURVES: Final = {"roc": "roc_auc", "own": "images", "others": "images"}
"""Sparklines are explained by what they are summed up in."""


def answer(
    question: str, metrics: ClassificationMetrics, row: int, classes: Sequence[str]
) -> Explanation | None:
    """What is asked of a row: of the headline, of a class, or of all classes for row C."""
    if not question:
        return None
    if question.startswith(HEADLINE_PREFIX):
        return explain_headline(question.removeprefix(HEADLINE_PREFIX), metrics)
    metric = CURVES.get(question, question)
    if row < len(classes):
        return explain_class(metric, metrics, row, classes)
    if mean := CLASS_METRICS[metric].mean_key:
        return explain_headline(mean, metrics)
    return _together(CLASS_METRICS[metric], metrics)


def _together(metric: ClassMetric, metrics: ClassificationMetrics) -> Explanation:
    """Of all classes, where the headline has no such number."""
    values = metric.values(metrics)
    if metric.is_count:
        return Explanation(
            title=f"{metric.name} of all classes",
            what="The sum over the classes.",
            formula="sum over classes",
            filled=f"sum over {len(values):,} classes = {int(values.sum()):,}",
            made_at=metric.made_at(metrics),
        )
    defined = values[~np.isnan(values)]
    mean = float(defined.mean()) if len(defined) else np.nan
    return Explanation(
        title=f"{metric.name} of the classes, mean",
        what="The mean of the classes, each against the rest: the headline has the model's own.",
        formula="sum over classes / classes",
        filled=f"{float(defined.sum()):,.3f} / {len(defined):,} = {value_of(mean)}",
        made_at=metric.made_at(metrics),
    )
