"""What a person reads beside the numbers: cells, filters and operating points in words."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from engine.core.arrays import NOTHING
from engine.core.explanation import Explanation
from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Selection
from engine.detection.class_thresholds import ClassOptima
from engine.util.words import number, percent, share, threshold
from tui.drawing.names import cut, pair
from tui.drawing.names import left as padded
from tui.drawing.terms import Terms
from tui.drawing.two_classes import POSITIVE, has_four_cells, name_of_cell, rates

CONFUSION: Final = "confusion"
"""What a line of the largest confusions says of itself: its true class and the predicted one."""


def cell_words(
    matrix: ConfusionMatrix,
    classes: Sequence[str],
    cell: Selection,
    images: int | None,
    terms: Terms,
) -> str:
    """`truck seen as car: 141 boxes in 97 images, 7.3 % of true trucks`."""
    truth, predicted = cell.truth, cell.predicted
    if truth is None or predicted is None:
        rows = matrix.counts if truth is None else matrix.counts[truth : truth + 1 or None]
        every = rows if predicted is None else rows[:, predicted]
        amount = number(int(every.sum()), terms.thing, terms.things)
        return f"{selection_words(classes, cell, terms)} · {amount}"
    count = int(matrix.counts[truth, predicted])
    if truth == predicted == NOTHING:
        return "Nothing is counted here: no object, and none predicted."
    amount = number(count, terms.thing, terms.things)
    amount += f" in {number(images, 'image')}" if images is not None else ""
    if truth == NOTHING:
        whole = int(matrix.predictions[predicted])
        name = classes[predicted]
        return f"{name} where no object is: {amount}, {percent(count, whole)} of {name} predictions"
    name, whole = classes[truth], int(matrix.ground_truths[truth])
    part = f"{percent(count, whole)} of true {name}"
    if predicted == NOTHING:
        return f"{name} {terms.unmatched}: {amount}, {part}"
    called = f" · {name_of_cell(cell)}" if has_four_cells(matrix, terms) else ""
    if truth == predicted:
        precision = percent(count, int(matrix.predictions[predicted]))
        recall = percent(count, whole)
        return f"{name} {terms.right}: {amount}, recall {recall}, precision {precision}{called}"
    return f"{name} seen as {classes[predicted]}: {amount}, {part}{called}"


def cell_explanation(
    matrix: ConfusionMatrix, classes: Sequence[str], cell: Selection, terms: Terms, made_at: str
) -> Explanation | None:
    """How the number in a cell came to be."""
    truth, predicted = cell.truth, cell.predicted
    if truth is None or predicted is None or truth == predicted == NOTHING:
        return None
    count = int(matrix.counts[truth, predicted])
    row, column = int(matrix.counts[truth].sum()), int(matrix.counts[:, predicted].sum())
    if truth == NOTHING:
        what = terms.false_alarm_what
    elif predicted == NOTHING:
        what = terms.missed_what
    elif truth == predicted:
        what = terms.right_what
    else:
        what = terms.confusion_what
    return Explanation(
        title=short_selection(classes, cell, terms),
        what=what,
        formula="cell / sum of the row, cell / sum of the column",
        filled=(
            f"{count:,} / {row:,} = {percent(count, row)}, "
            f"{count:,} / {column:,} = {percent(count, column)}"
        ),
        made_at=made_at,
    )


def selection_words(classes: Sequence[str], selection: Selection, terms: Terms) -> str:
    """`Ground truth: truck · Predicted: any class`, and the type of error where there is one."""
    of_error = f" · Error: {selection.error}" if selection.error else ""
    return (
        f"Ground truth: {_side(classes, selection.truth, terms.no_truth)} · "
        f"Predicted: {_side(classes, selection.predicted, terms.missed)}{of_error}"
    )


def short_selection(classes: Sequence[str], selection: Selection, terms: Terms) -> str:
    """`truck → car`, and the type of error where there is one."""
    truth = _side(classes, selection.truth, terms.no_truth)
    of_error = f", {selection.error}" if selection.error else ""
    return f"{truth} → {_side(classes, selection.predicted, terms.missed)}{of_error}"


def _side(classes: Sequence[str], class_: int | None, nothing: str) -> str:
    if class_ is None:
        return "any class"
    return nothing if class_ == NOTHING else classes[class_]


def cell_panel(
    matrix: ConfusionMatrix,
    classes: Sequence[str],
    cell: Selection,
    images: int | None,
    optima: ClassOptima | None,
    terms: Terms,
    width: int,
    height: int = 0,
) -> Text:
    """What stands beside the matrix: the cell, its class, the largest confusions.

    optima are the thresholds of the classes, if each has one of its own. In so few lines
    that not all of it fits, the confusions come before the classes.
    """
    text = Text(no_wrap=True, overflow="ellipsis")
    truth, predicted = cell.truth, cell.predicted
    if truth is None or predicted is None:
        return text
    count = int(matrix.counts[truth, predicted])
    sides = _side(classes, truth, terms.no_truth), _side(classes, predicted, terms.missed)
    _row(text, pair(*sides, width - len(f"{count:,}") - 1), f"{count:,}", width, "bold")
    if images is not None:
        _row(text, "different images", f"{images:,}", width)
    if truth != NOTHING:
        whole = int(matrix.ground_truths[truth])
        _row(text, f"of {whole:,} true {classes[truth]}", percent(count, whole), width)
    if predicted != NOTHING:
        whole = int(matrix.predictions[predicted])
        _row(text, f"of {whole:,} predictions", percent(count, whole), width)
    if has_four_cells(matrix, terms):
        text.append("\n")
        _rule(text, f"positive: {classes[POSITIVE]}", width)
        for name, value in rates(matrix):
            _row(text, name, value, width)
    facts = Text(no_wrap=True)
    for class_ in dict.fromkeys((truth, predicted)):
        if class_ != NOTHING:
            _class_facts(facts, matrix, classes, class_, terms, width)
            if optima is not None:
                _own_threshold(facts, optima, class_, width)
    largest = _largest_confusions(matrix, classes, (truth, predicted), width)
    parts = [facts, largest]
    if 0 < height < sum(part.plain.count("\n") for part in (text, *parts)):
        parts.reverse()
    return text.append_text(parts[0]).append_text(parts[1])


def _largest_confusions(
    matrix: ConfusionMatrix, classes: Sequence[str], cell: tuple[int, int], width: int
) -> Text:
    text = Text(no_wrap=True)
    confusions = matrix.confusions(12)
    if len(confusions):
        text.append("\n")
        _rule(text, "largest confusions", width)
    for place, (true, seen) in enumerate(confusions.tolist(), start=1):
        here = Style(reverse=(true, seen) == cell or None, meta={CONFUSION: (true, seen)})
        times = f"{matrix.counts[true, seen]:,}"
        words = pair(classes[true], classes[seen], width - len(times) - 4)
        _row(text, f"{place:2} {words}", times, width, here)
    return text


def _class_facts(
    text: Text,
    matrix: ConfusionMatrix,
    classes: Sequence[str],
    class_: int,
    terms: Terms,
    width: int,
) -> None:
    found = int(matrix.true_positives[class_])
    truths, predicted = int(matrix.ground_truths[class_]), int(matrix.predictions[class_])
    text.append("\n")
    _rule(text, classes[class_], width)
    _row(text, terms.truths, f"{truths:,}", width)
    _row(text, "predictions", f"{predicted:,}", width)
    _row(text, "precision", percent(found, predicted), width)
    _row(text, "recall", percent(found, truths), width)


def _own_threshold(text: Text, optima: ClassOptima, class_: int, width: int) -> None:
    whose = "own threshold" if optima.used[class_] else "global threshold (few)"
    _row(text, whose, threshold(float(optima.confidence[class_])), width)
    gain = float(optima.gain[class_])
    signed = f"{'-' if gain < 0 else '+'}{share(abs(gain), 3)}"
    _row(text, f"gain in {optima.goal.words}", signed, width)


def _row(text: Text, left: str, right: str, width: int, style: str | Style = "") -> None:
    text.append(f"{padded(left, max(width - len(right) - 1, 1))} {right}\n", style)


def _rule(text: Text, title: str, width: int) -> None:
    title = cut(title, width - 4)
    text.append(f"─ {title} {'─' * max(width - cell_len(title) - 3, 0)}\n", "dim")
