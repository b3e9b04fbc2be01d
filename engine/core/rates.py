"""Precision, recall and F-beta: what a model is measured by, from counts and in one place."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Counts, Ratios

Numbers: TypeAlias = NDArray[np.number[Any]]  # any shape


def ratio(part: Numbers | float, whole: Numbers | float) -> Ratios:
    """Part over whole, NaN where the whole is 0; the two broadcast."""
    parts, wholes = np.broadcast_arrays(part, whole)
    undefined = np.full(parts.shape, np.nan)
    quotient: Ratios = np.divide(parts, wholes, out=undefined, where=wholes != 0)
    return quotient


def precision(true_positives: Counts | int, predictions: Counts | int) -> Ratios:
    """TP / predictions, NaN without a prediction."""
    return ratio(true_positives, predictions)


def recall(true_positives: Counts | int, ground_truths: Counts | int) -> Ratios:
    """TP / ground truths, NaN without a ground truth."""
    return ratio(true_positives, ground_truths)


def f_beta(
    true_positives: Counts | int,
    predictions: Counts | int,
    ground_truths: Counts | int,
    beta: float = 1,
) -> Ratios:
    """(1 + b^2) TP / (b^2 ground truths + predictions), NaN with neither of the two.

    Recall weighs b times as much as precision: van Rijsbergen 1979, as scikit-learn's
    fbeta_score. F1 is 2 TP / (ground truths + predictions).
    """
    square = beta * beta
    return ratio((1 + square) * true_positives, square * ground_truths + predictions)
