"""The report as plain text, for a pipe, a log or a screen reader."""

from collections.abc import Sequence

import numpy as np

from engine.arrays import NOTHING, Indices
from engine.coco_summary import AveragePrecision
from engine.intervals import Intervals
from engine.matrix import ConfusionMatrix, ratio
from engine.report.facts import NOT_AN_OBJECT, NOT_DETECTED, Facts
from engine.words import number, percent, share

CLASSES_SHOWN = 10
CONFUSIONS_SHOWN = 10
NAME_WIDTH = 16


def detection_text(facts: Facts) -> str:
    """Headline, the matrix of the classes confused most, confusions in words, classes."""
    opened, detection, point = facts.opened, facts.detection, facts.point
    matrix, card = facts.at_iou.matrix(point.confidence), facts.at_iou.scorecard(point.confidence)
    best, coco = facts.best, facts.coco
    lines = [
        f"{opened.answers} on {detection.dataset.source.name}: "
        f"{number(len(detection.images), 'image')}, "
        f"{number(int(matrix.ground_truths.sum()), 'ground truth')}, "
        f"{number(len(detection.predictions), 'prediction')}",
        f"IoU {share(point.iou)} · confidence {share(point.confidence, 4)} ({facts.source}) · "
        f"matching {point.matching}",
        f"precision {share(card.precision, 3)} · recall {share(card.recall, 3)} · "
        f"F1 {share(card.f1, 3)} · optimal {best.goal.words} {share(best.value, 3)} "
        f"at {share(best.confidence, 4)}",
        f"true positives {card.true_positives:,} · false positives {card.false_positives:,} · "
        f"not found as their class {card.not_detected:,} · ignored on crowds {matrix.ignored:,}",
        f"AP {share(coco.summary.AP, 3)} · AP50 {share(coco.summary.AP50, 3)} · "
        f"AP75 {share(coco.summary.AP75, 3)} · small {share(coco.summary.APs, 3)} · "
        f"medium {share(coco.summary.APm, 3)} · large {share(coco.summary.APl, 3)} "
        "(COCO, at all confidences)",
        *_intervals(facts.intervals),
        "",
        *_matrix(matrix, detection.classes),
        "",
        *_confusions(matrix, detection.classes),
        "",
        *_per_class(matrix, coco, detection.classes),
    ]
    if opened.warnings or opened.failures:
        lines += ["", "Noticed:", *(f"  {warning}" for warning in opened.warnings)]
        lines += [f"  {image}: {reason}" for image, reason in opened.failures[:20]]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _intervals(found: Intervals | None) -> list[str]:
    if found is None:
        return []
    named = {
        "AP": found.ap,
        "AP50": found.ap50,
        "precision": found.precision,
        "recall": found.recall,
        "F1": found.f1,
        "optimal confidence": found.optimum,
    }
    ranges = (f"{n} {share(each.low, 3)} to {share(each.high, 3)}" for n, each in named.items())
    return [f"95 % intervals ({found.samples} samples of the images): {' · '.join(ranges)}"]


def _matrix(matrix: ConfusionMatrix, classes: Sequence[str]) -> list[str]:
    shown = most_confused(matrix, CLASSES_SHOWN)
    part = "" if len(shown) == matrix.classes else f", the {len(shown)} classes confused most"
    lines = [*shown.tolist(), NOTHING]
    names = [_cut(classes[c]) for c in shown]
    table = [
        ["truth ↓  predicted →", *(_cut(name, 8) for name in names), NOT_DETECTED],
        *(
            [name, *(_count(matrix.counts[row, column]) for column in lines)]
            for name, row in zip([*names, NOT_AN_OBJECT], lines, strict=True)
        ),
    ]
    return [f"Confusion matrix (counts{part}):", *aligned(table)]


def most_confused(matrix: ConfusionMatrix, most: int) -> Indices:
    """[K] the classes of the largest confusions, in the order of the dataset."""
    if matrix.classes <= most:
        return np.arange(matrix.classes)
    errors = matrix.counts.copy()
    np.fill_diagonal(errors, 0)
    wrong = (errors.sum(axis=0) + errors.sum(axis=1))[:-1]
    pairs = matrix.confusions().ravel()
    by_errors = np.argsort(-wrong, kind="stable")
    chosen = list(dict.fromkeys([*pairs.tolist(), *by_errors.tolist()]))[:most]
    return np.sort(np.array(chosen, np.intp))


def _confusions(matrix: ConfusionMatrix, classes: Sequence[str]) -> list[str]:
    cells = matrix.confusions()[:CONFUSIONS_SHOWN]
    if not len(cells):
        return ["No object was taken for one of another class."]
    truths = matrix.ground_truths
    return [
        "Largest confusions:",
        *(
            f"  {classes[truth]} seen as {classes[predicted]}: {matrix.counts[truth, predicted]:,} "
            f"({percent(matrix.counts[truth, predicted], truths[truth])} of true {classes[truth]})"
            for truth, predicted in cells
        ),
    ]


def _per_class(
    matrix: ConfusionMatrix, coco: AveragePrecision, classes: Sequence[str]
) -> list[str]:
    found = matrix.true_positives
    precision, recall = ratio(found, matrix.predictions), ratio(found, matrix.ground_truths)
    f1 = ratio(2 * found, matrix.predictions + matrix.ground_truths)
    columns = zip(
        classes,
        matrix.ground_truths,
        matrix.predictions,
        *(precision, recall, f1, coco.ap, coco.ap50),
        strict=True,
    )
    rows = [
        [_cut(name, 24), f"{truths:,}", f"{predicted:,}", *(share(value, 3) for value in values)]
        for name, truths, predicted, *values in columns
    ]
    head = ["class", "ground truths", "predictions", "precision", "recall", "F1", "AP", "AP50"]
    return ["Classes:", *aligned([head, *rows])]


def aligned(table: Sequence[Sequence[str]]) -> list[str]:
    """Rows of text with the first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  " + "  ".join(_padded(text, width, i) for i, (text, width) in enumerate(cells))
        for cells in (list(zip(row, widths, strict=True)) for row in table)
    ]


def _padded(text: str, width: int, column: int) -> str:
    return text.rjust(width) if column else text.ljust(width)


def _cut(name: str, width: int = NAME_WIDTH) -> str:
    return name if len(name) <= width else f"{name[: width - 1]}…"


def _count(count: int) -> str:
    return f"{count:,}" if count else "·"
