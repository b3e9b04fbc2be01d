"""The matrix of B less that of A."""

import numpy as np

from engine.compare.comparison import Comparison
from engine.core.matrix import ConfusionMatrix
from tui.grids.paint.view import MatrixView


def delta_view(comparison: Comparison) -> MatrixView:
    """All classes that either side counts anything of, in the order of the dataset."""
    a, b = comparison.matrix_a, comparison.matrix_b
    classes = a.classes
    either = a.counts + b.counts
    there = np.flatnonzero((either.sum(axis=0) + either.sum(axis=1))[:classes])
    names = comparison.sides.classes
    # A classifier has no end row, and an end column only where a threshold can withhold.
    column_end = b.extra_column or a.extra_column
    return MatrixView(
        names,
        ConfusionMatrix(comparison.delta, extra_row=a.extra_row, extra_column=column_end),
        there if len(there) else np.arange(classes),
        row_end=a.extra_row or None,
        column_end=column_end or None,
        signed=True,
    )
