"""Two classes: the four cells and the rates that have names of their own."""

from typing import Final

from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Selection
from engine.util.words import percent
from tui.drawing.terms import Terms

POSITIVE: Final = 1  # the second class, as scikit-learn's binary metrics take it
SIGNS: Final = (("TN", "FP"), ("FN", "TP"))
WORDS: Final = (("true negative", "false positive"), ("false negative", "true positive"))
RATES: Final = (
    (1, 1, "TP rate, sensitivity"),
    (1, 0, "FN rate, miss rate"),
    (0, 0, "TN rate, specificity"),
    (0, 1, "FP rate, fall-out"),
)


def has_four_cells(matrix: ConfusionMatrix, terms: Terms) -> bool:
    """Whether the cells of this matrix have these names."""
    return terms.four_cells and matrix.classes == 2


def name_of_cell(cell: Selection) -> str:
    """`FN`, of the second class."""
    return "" if cell.truth is None or cell.predicted is None else SIGNS[cell.truth][cell.predicted]


def rates(matrix: ConfusionMatrix) -> list[tuple[str, str]]:
    """Counts of the four cells, then each as a share of its row: name and value.

    An image without an answer is in none of the four, so the two shares of a row then
    sum to less than everything.
    """
    counts = matrix.counts
    lines = [
        (f"{WORDS[truth][seen]}s ({SIGNS[truth][seen]})", f"{int(counts[truth, seen]):,}")
        for truth, seen, _ in RATES
    ]
    for truth, seen, name in RATES:
        lines.append((name, percent(int(counts[truth, seen]), int(counts[truth].sum()))))
    return lines
