"""What the reports of all kinds say of a confusion matrix, and how a table is set."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.core.arrays import NOTHING, Indices
from engine.core.intervals import Interval
from engine.core.matrix import ConfusionMatrix
from engine.opening import Opened
from engine.util.visible import visible
from engine.util.words import percent, share

CLASSES_SHOWN = 10
CONFUSIONS_SHOWN = 10
NAME_WIDTH = 16


def document(lines: Sequence[str]) -> str:
    """A text of these lines: whatever names stand in one, it stays one."""
    return "".join(f"{visible(line.rstrip())}\n" for line in lines)


def without(opened: Opened) -> str:
    """What the first line says of the images that are left out."""
    return f" ({opened.left_out.words})" if opened.left_out.images else ""


def matrix_lines(matrix: ConfusionMatrix, classes: Sequence[str]) -> list[str]:
    """The counts of the classes confused most, with the extra lines that the task has here."""
    shown = most_confused(matrix, CLASSES_SHOWN)
    part = "" if len(shown) == matrix.classes else f", the {len(shown)} classes confused most"
    return [f"Confusion matrix (counts{part}):", *aligned(matrix_rows(matrix, classes, shown, 8))]


def matrix_rows(
    matrix: ConfusionMatrix, classes: Sequence[str], shown: Indices, room: int = NAME_WIDTH
) -> list[list[str]]:
    """A head and a row for each of the classes shown; room is that of a name in the head."""
    names = [cut(classes[c]) for c in shown]
    across = [(cut(name, room), c) for name, c in zip(names, shown.tolist(), strict=True)]
    down = list(zip(names, shown.tolist(), strict=True))
    if matrix.extra_column:
        across.append((matrix.extra_column, NOTHING))
    if matrix.extra_row:
        down.append((matrix.extra_row, NOTHING))
    return [
        ["truth ↓  predicted →", *(name for name, _ in across)],
        *(
            [name, *(_count(matrix.counts[row, column]) for _, column in across)]
            for name, row in down
        ),
    ]


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


def confusion_lines(matrix: ConfusionMatrix, classes: Sequence[str], none: str) -> list[str]:
    """The largest confusions in words; none is what to say where there is no confusion."""
    cells = matrix.confusions()[:CONFUSIONS_SHOWN]
    if not len(cells):
        return [none]
    truths = matrix.ground_truths
    return [
        "Largest confusions:",
        *(
            f"  {classes[truth]} seen as {classes[predicted]}: {matrix.counts[truth, predicted]:,} "
            f"({percent(matrix.counts[truth, predicted], truths[truth])} of true {classes[truth]})"
            for truth, predicted in cells
        ),
    ]


def aligned(table: Sequence[Sequence[str]]) -> list[str]:
    """Rows of text with the first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(("", row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])))
        for row in table
    ]


def cut(name: str, width: int = NAME_WIDTH) -> str:
    """A name that fits its column."""
    name = visible(name)
    return name if len(name) <= width else f"{name[: width - 1]}…"


def _count(count: int) -> str:
    return f"{count:,}" if count else "·"


def interval_line(named: Mapping[str, Interval], samples: int) -> str:
    """The 95 % intervals of numbers, from so many samples."""
    ranges = (f"{n} {share(each.low, 3)} to {share(each.high, 3)}" for n, each in named.items())
    return f"95 % intervals ({samples} samples of the images): {' · '.join(ranges)}"


def noticed(opened: Opened) -> list[str]:
    """What was found on the way, and the first images that could not be scored."""
    if not opened.warnings and not opened.failures:
        return []
    failures = (f"  {image}: {reason}" for image, reason in opened.failures[:20])
    return ["", "Noticed:", *(f"  {warning}" for warning in opened.warnings), *failures]
