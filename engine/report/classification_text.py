"""The report on a classifier as plain text, for a pipe, a log or a screen reader."""

from collections.abc import Mapping

from engine.classification.answer_counts import Average
from engine.classification.intervals import ClassificationIntervals
from engine.classification.metrics import PER_CLASS
from engine.report.classification_facts import ClassificationFacts
from engine.report.matrix_text import (
    aligned,
    confusion_lines,
    cut,
    document,
    matrix_lines,
    noticed,
    without,
)
from engine.util.words import number, share

TITLES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "top5_accuracy": "top-5",
    "log_loss": "log loss",
    "roc_auc_ovr": "ROC AUC one against the rest",
    "roc_auc_ovo": "ROC AUC mean of pairs",
    "average_precision": "average precision",
    "precision_macro": "precision macro",
    "recall_macro": "recall macro",
    "f1_macro": "F1 macro",
    "precision_weighted": "precision weighted",
    "recall_weighted": "recall weighted",
    "f1_weighted": "F1 weighted",
    "mcc": "MCC",
    "kappa": "kappa",
    "brier": "Brier",
    "ece": "calibration error",
}
LINES = (
    ("accuracy", "balanced_accuracy", "top5_accuracy", "mcc", "kappa"),
    ("precision_macro", "recall_macro", "f1_macro"),
    ("precision_weighted", "recall_weighted", "f1_weighted"),
    ("log_loss", "brier", "ece"),
    ("roc_auc_ovr", "roc_auc_ovo", "average_precision"),
)
COLUMNS = {
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "roc_auc": "ROC AUC",
    "average_precision": "AP",
    "brier": "Brier",
    "ece": "ECE",
}


def classification_text(facts: ClassificationFacts) -> str:
    """Headline, the matrix of the classes confused most, confusions in words, classes."""
    opened, made, card, best = facts.opened, facts.made, facts.card, facts.best
    withheld = len(made.probabilities) - card.predictions
    unanswered = f", {made.unanswered:,} without a prediction" if made.unanswered else ""
    lines = [
        f"{opened.answers} on {made.dataset.source.name}: "
        f"{number(len(made.images), 'image')}{without(opened) or unanswered}, "
        f"{number(len(made.classes), 'class', 'classes')}",
        f"confidence {share(facts.confidence, 4)} ({facts.source}) · "
        f"optimal {best.goal.words} {share(best.value, 3)} at {share(best.confidence, 4)}",
        f"right answers {card.true_positives:,} · wrong answers {card.false_positives:,} · "
        f"no answer {withheld:,}",
        *(
            " · ".join(f"{TITLES[name]} {share(facts.metrics.headline[name], 3)}" for name in names)
            for names in LINES
        ),
        *_undefined(facts.metrics.averages),
        *_intervals(facts.intervals),
        "",
        *matrix_lines(facts.matrix, made.classes),
        "",
        *confusion_lines(facts.matrix, made.classes, "No image was taken for another class."),
        "",
        *_per_class(facts),
        *noticed(opened),
    ]
    return document(lines)


def _undefined(averages: Mapping[str, Average]) -> list[str]:
    """Which means leave classes out, because in those the number is undefined."""
    partial = {
        name: each.defined
        for name, each in averages.items()
        if each.defined < each.classes and not name.endswith("_weighted")
    }
    if not partial:
        return []
    every = next(iter(averages.values())).classes
    parts = " · ".join(f"{TITLES[name]} {defined:,}" for name, defined in partial.items())
    return [f"means over the classes in which they are defined, of {every:,}: {parts}"]


def _intervals(found: ClassificationIntervals | None) -> list[str]:
    if found is None:
        return []
    ranges = (
        f"{TITLES[name]} {share(each.low, 3)} to {share(each.high, 3)}"
        for name, each in found.of.items()
    )
    return [f"95 % intervals ({found.samples} samples of the images): {' · '.join(ranges)}"]


def _per_class(facts: ClassificationFacts) -> list[str]:
    metrics = facts.metrics
    rows = [
        [
            cut(name, 24),
            f"{metrics.images[c]:,}",
            f"{metrics.predictions[c]:,}",
            *(share(getattr(metrics, column)[c], 3) for column in PER_CLASS),
        ]
        for c, name in enumerate(facts.made.classes)
    ]
    head = ["class", "images", "answers", *(COLUMNS[column] for column in PER_CLASS)]
    return ["Classes:", *aligned([head, *rows])]
