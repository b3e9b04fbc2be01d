"""What a person reads beside the numbers: cells, filters and operating points in words."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from engine.arrays import NOTHING
from engine.coco_summary import CocoSummary
from engine.explanation import Explanation, made_at
from engine.goals import ClassOptima, GoalOptimum
from engine.matrix import ConfusionMatrix
from engine.outcomes import Selection
from engine.thresholds import OperatingPoint, Scorecard
from engine.words import number, percent, share
from tui.painters.names import cut
from tui.painters.names import left as padded

NOT_AN_OBJECT = "Not an object"
NOT_DETECTED = "Not detected"


def boxes(count: int) -> str:
    """`1 box`, `141 boxes`."""
    return number(count, "box", "boxes")


def cell_words(
    matrix: ConfusionMatrix, classes: Sequence[str], cell: Selection, images: int | None
) -> str:
    """`truck seen as car: 141 boxes in 97 images, 7.3 % of true trucks`."""
    truth, predicted = cell.truth, cell.predicted
    if truth is None or predicted is None:
        return selection_words(classes, cell)
    count = int(matrix.counts[truth, predicted])
    if truth == predicted == NOTHING:
        return "Nothing is counted here: no object, and none predicted."
    amount = boxes(count) + (f" in {number(images, 'image')}" if images is not None else "")
    if truth == NOTHING:
        whole = int(matrix.predictions[predicted])
        name = classes[predicted]
        return f"{name} where no object is: {amount}, {percent(count, whole)} of {name} predictions"
    name, whole = classes[truth], int(matrix.ground_truths[truth])
    part = f"{percent(count, whole)} of true {name}"
    if predicted == NOTHING:
        return f"{name} not detected: {amount}, {part}"
    if truth == predicted:
        precision = percent(count, int(matrix.predictions[predicted]))
        recall = percent(count, whole)
        return f"{name} found: {amount}, recall {recall}, precision {precision}"
    return f"{name} seen as {classes[predicted]}: {amount}, {part}"


def cell_explanation(
    matrix: ConfusionMatrix,
    classes: Sequence[str],
    cell: Selection,
    point: OperatingPoint,
) -> Explanation | None:
    """How the number in a cell came to be."""
    truth, predicted = cell.truth, cell.predicted
    if truth is None or predicted is None or truth == predicted == NOTHING:
        return None
    count = int(matrix.counts[truth, predicted])
    row, column = int(matrix.counts[truth].sum()), int(matrix.counts[:, predicted].sum())
    if truth == NOTHING:
        what = "Predictions that were paired with no ground truth: false alarms."
    elif predicted == NOTHING:
        what = "Ground truths that no prediction was paired with: misses."
    elif truth == predicted:
        what = "Ground truths that a prediction of their own class found: the true positives."
    else:
        what = "Ground truths paired with a prediction of another class: a confusion."
    return Explanation(
        title=short_selection(classes, cell),
        what=what,
        formula="cell / sum of the row, cell / sum of the column",
        filled=(
            f"{count:,} / {row:,} = {percent(count, row)}, "
            f"{count:,} / {column:,} = {percent(count, column)}"
        ),
        made_at=made_at(point),
    )


def selection_words(classes: Sequence[str], selection: Selection) -> str:
    """`Ground truth: truck · Predicted: any class`."""
    return (
        f"Ground truth: {_side(classes, selection.truth, NOT_AN_OBJECT)} · "
        f"Predicted: {_side(classes, selection.predicted, NOT_DETECTED)}"
    )


def short_selection(classes: Sequence[str], selection: Selection) -> str:
    """`truck → car`."""
    truth = _side(classes, selection.truth, NOT_AN_OBJECT)
    return f"{truth} → {_side(classes, selection.predicted, NOT_DETECTED)}"


def _side(classes: Sequence[str], class_: int | None, nothing: str) -> str:
    if class_ is None:
        return "any class"
    return nothing.lower() if class_ == NOTHING else classes[class_]


def point_words(point: OperatingPoint) -> str:
    """`IoU .50 · confidence .412 · class-first`."""
    confidence = "of each class" if point.per_class else share(point.confidence, 3)
    return f"IoU {share(point.iou)} · confidence {confidence} · {point.matching}"


def summary(
    card: Scorecard,
    point: OperatingPoint,
    best: GoalOptimum,
    ignored: int,
    coco: CocoSummary | None,
    width: int,
) -> Text:
    """One line of the numbers at an operating point, with as much as fits the width."""
    counts = f"TP {card.true_positives:,}  FP {card.false_positives:,}  FN {card.not_detected:,}"
    parts = [
        f"P {share(card.precision, 3)}  R {share(card.recall, 3)}  F1 {share(card.f1, 3)}",
        f"at {point_words(point)}",
        counts,
        f"AP {share(coco.AP, 3)}  AP50 {share(coco.AP50, 3)}" if coco else "",
        optimum_words(best),
        f"{ignored:,} ignored on crowds" if ignored else "",
    ]
    line = ""
    for part in parts:
        longer = f"{line}   {part}" if line else part
        if part and len(longer) <= width:
            line = longer
    return Text(line, no_wrap=True, overflow="ellipsis")


def optimum_words(best: GoalOptimum) -> str:
    """`optimal F1 .773 at .487`."""
    return f"optimal {best.goal.words} {share(best.value, 3)} at {share(best.confidence, 3)}"


def cell_panel(
    matrix: ConfusionMatrix,
    classes: Sequence[str],
    cell: Selection,
    images: int | None,
    optima: ClassOptima | None,
    width: int,
) -> Text:
    """What stands beside the matrix: the cell, its class, the largest confusions.

    optima are the thresholds of the classes, if each has one of its own.
    """
    text = Text(no_wrap=True, overflow="ellipsis")
    truth, predicted = cell.truth, cell.predicted
    if truth is None or predicted is None:
        return text
    count = int(matrix.counts[truth, predicted])
    _row(text, short_selection(classes, cell), f"{count:,}", width, "bold")
    if images is not None:
        _row(text, "different images", f"{images:,}", width)
    if truth != NOTHING:
        whole = int(matrix.ground_truths[truth])
        _row(text, f"of {whole:,} true {classes[truth]}", percent(count, whole), width)
    if predicted != NOTHING:
        whole = int(matrix.predictions[predicted])
        _row(text, f"of {whole:,} predictions", percent(count, whole), width)
    for class_ in dict.fromkeys((truth, predicted)):
        if class_ != NOTHING:
            _class_facts(text, matrix, classes, class_, width)
            if optima is not None:
                _own_threshold(text, optima, class_, width)
    confusions = matrix.confusions()[:12]
    if len(confusions):
        text.append("\n")
        _rule(text, "largest confusions", width)
    for place, (true, seen) in enumerate(confusions.tolist(), start=1):
        here = "reverse" if (true, seen) == (truth, predicted) else ""
        words = f"{place:2} {classes[true]} → {classes[seen]}"
        _row(text, words, f"{matrix.counts[true, seen]:,}", width, here)
    return text


def _class_facts(
    text: Text, matrix: ConfusionMatrix, classes: Sequence[str], class_: int, width: int
) -> None:
    found = int(matrix.true_positives[class_])
    truths, predicted = int(matrix.ground_truths[class_]), int(matrix.predictions[class_])
    text.append("\n")
    _rule(text, classes[class_], width)
    _row(text, "ground truths", f"{truths:,}", width)
    _row(text, "predictions", f"{predicted:,}", width)
    _row(text, "precision", percent(found, predicted), width)
    _row(text, "recall", percent(found, truths), width)


def _own_threshold(text: Text, optima: ClassOptima, class_: int, width: int) -> None:
    whose = "own threshold" if optima.used[class_] else "global threshold (few)"
    _row(text, whose, share(float(optima.confidence[class_]), 3), width)
    gain = float(optima.gain[class_])
    _row(
        text,
        f"gain in {optima.goal.words}",
        f"{'-' if gain < 0 else '+'}{share(abs(gain), 3)}",
        width,
    )


def _row(text: Text, left: str, right: str, width: int, style: str = "") -> None:
    text.append(f"{padded(left, max(width - len(right) - 1, 1))} {right}\n", style)


def _rule(text: Text, title: str, width: int) -> None:
    title = cut(title, width - 4)
    text.append(f"─ {title} {'─' * max(width - cell_len(title) - 3, 0)}\n", "dim")
