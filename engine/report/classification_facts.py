"""What `offdiag report` says of a classifier, as plain values with the keys others rely on."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Self

from engine.classification.class_metrics import IN_REPORT
from engine.classification.classification import Classification
from engine.classification.intervals import ClassificationIntervals, bootstrap
from engine.classification.metrics import ClassificationMetrics, classification_metrics
from engine.classification.probability_metrics import probability_metrics
from engine.core.goals import Goal, GoalOptimum, optimum
from engine.core.matrix import ConfusionMatrix
from engine.core.thresholds import Scorecard, WantedConfidence
from engine.opening import Opened
from engine.report.facts import (
    ReportValue,
    interval_values,
    left_out,
    optimum_values,
)
from engine.util.words import json_number


@dataclass(frozen=True, eq=False)
class ClassificationFacts:
    """Everything that a report is written from."""

    opened: Opened
    made: Classification
    confidence: float
    source: str  # of the confidence: "top-1" where every image is answered, "optimal" or "given"
    best: GoalOptimum  # of the thresholds below which the model could abstain
    matrix: ConfusionMatrix
    card: Scorecard
    metrics: ClassificationMetrics
    intervals: ClassificationIntervals | None

    @classmethod
    def of(
        cls,
        made: Classification,
        opened: Opened,
        confidence: WantedConfidence,
        *,
        with_intervals: bool,
    ) -> Self:
        """At a confidence, for None with an answer for every image."""
        answers = made.answers
        best = optimum(answers, Goal.parse(opened.inputs.optimise), len(made.images))
        match confidence:
            case None | "top-1":
                source, threshold = "top-1", made.start_confidence
            case "optimal":
                source, threshold = "optimal", best.confidence
            case _:
                source, threshold = "given", confidence
        matrix = answers.matrix(threshold)
        intervals = None
        if with_intervals:
            for intervals in bootstrap(made, threshold):  # noqa: B007  the last
                pass
        return cls(
            opened,
            made,
            threshold,
            source,
            best,
            matrix,
            answers.scorecard(threshold),
            classification_metrics(matrix, threshold, probability_metrics(made)),
            intervals,
        )


def classification_facts(facts: ClassificationFacts) -> dict[str, ReportValue]:
    """Counts and ratios at a confidence; what is undefined is None, never 0."""
    made, metrics, card = facts.made, facts.metrics, facts.card
    told: dict[str, ReportValue] = {
        "task": "classification",
        "images": len(made.images),
        "unanswered": made.unanswered,
        "left_out": left_out(facts.opened),
        "operating_point": {
            "confidence": json_number(facts.confidence),
            "source": facts.source,
            "answers": card.predictions,
            "precision": json_number(card.precision),
            "recall": json_number(card.recall),
            "f1": json_number(card.f1),
        },
        "optimal": optimum_values(facts.best),
        "metrics": {name: json_number(value) for name, value in metrics.headline.items()},
        "classes_defined": {name: each.defined for name, each in metrics.averages.items()},
        "per_class": [_class(facts, c) for c in range(len(made.classes))],
        "matrix": _matrix(facts.matrix, made.classes),
        "classes_never_shown": list(compress(made.classes, metrics.never_shown)),
        "warnings": list(facts.opened.warnings),
    }
    if facts.intervals is not None:
        told["intervals"] = interval_values(facts.intervals.of, facts.intervals.samples)
    return told


def _class(facts: ClassificationFacts, c: int) -> Mapping[str, ReportValue]:
    metrics = facts.metrics
    return {
        "class": facts.made.classes[c],
        "images": int(metrics.images[c]),
        "predictions": int(metrics.predictions[c]),
        "true_positives": int(metrics.true_positives[c]),
        **{metric.key: json_number(metric.values(metrics)[c]) for metric in IN_REPORT},
    }


def _matrix(matrix: ConfusionMatrix, classes: tuple[str, ...]) -> Mapping[str, ReportValue]:
    """Without the lines that the task does not have here."""
    down, across = ([name] if name else [] for name in (matrix.extra_row, matrix.extra_column))
    rows, columns = [*classes, *down], [*classes, *across]
    return {
        "rows": rows,
        "columns": columns,
        "counts": matrix.counts[: len(rows), : len(columns)].tolist(),
    }
