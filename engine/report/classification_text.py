"""The report on a classifier as plain text, for a pipe, a log or a screen reader."""

from collections.abc import Mapping

from engine.classification.answer_counts import Average
from engine.classification.class_metrics import IN_REPORT
from engine.classification.headline_metrics import HEADLINE_METRICS, REPORT_LINES
from engine.classification.intervals import ClassificationIntervals
from engine.report.classification_facts import ClassificationFacts
from engine.report.matrix_text import (
    aligned,
    confusion_lines,
    cut,
    document,
    interval_line,
    matrix_lines,
    noticed,
    without,
)
from engine.util.words import number, share, threshold


def classification_text(facts: ClassificationFacts) -> str:
    """Headline, the matrix of the classes confused most, confusions in words, classes."""
    opened, made, card, best = facts.opened, facts.made, facts.card, facts.best
    withheld = len(made.probabilities) - card.predictions
    unanswered = f", {made.unanswered:,} without a prediction" if made.unanswered else ""
    lines = [
        f"{opened.answers} on {made.dataset.source.name}: "
        f"{number(len(made.images), 'image')}{without(opened) or unanswered}, "
        f"{number(len(made.classes), 'class', 'classes')}",
        f"confidence {threshold(facts.confidence, best.confidence)} ({facts.source}) · "
        f"optimal {best.goal.words} {share(best.value, 3)} "
        f"at {threshold(best.confidence, facts.confidence)}",
        f"right answers {card.true_positives:,} · wrong answers {card.false_positives:,} · "
        f"no answer {withheld:,}",
        *(
            " · ".join(
                f"{_title(key)} {share(facts.metrics.headline[key], 3)}"
                for key, metric in HEADLINE_METRICS.items()
                if metric.line == line
            )
            for line in REPORT_LINES
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
    parts = " · ".join(f"{_title(key)} {defined:,}" for key, defined in partial.items())
    return [f"means over the classes in which they are defined, of {every:,}: {parts}"]


def _title(key: str) -> str:
    """Of a number of the headline."""
    return HEADLINE_METRICS[key].in_report


def _intervals(found: ClassificationIntervals | None) -> list[str]:
    if found is None:
        return []
    return [interval_line({_title(key): each for key, each in found.of.items()}, found.samples)]


def _per_class(facts: ClassificationFacts) -> list[str]:
    metrics = facts.metrics
    rows = [
        [
            cut(name, 24),
            f"{metrics.images[c]:,}",
            f"{metrics.predictions[c]:,}",
            *(share(metric.values(metrics)[c], 3) for metric in IN_REPORT),
        ]
        for c, name in enumerate(facts.made.classes)
    ]
    head = ["class", "images", "answers", *(metric.in_report for metric in IN_REPORT)]
    return ["Classes:", *aligned([head, *rows])]
