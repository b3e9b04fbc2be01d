"""One class of a classifier against all others: every image ranked by its probability."""

import numpy as np

from engine.classification.classification import Classification
from engine.core.ranked import Ranking


def ranking(made: Classification, class_: int) -> Ranking:
    """All images with a prediction by the probability of a class; its own images are hits.

    What core.ranked, core.calibration and roc and kernel_density beside this make of it are the
    curves of the class. The rows of equal probabilities stand in any order.
    """
    column = np.ascontiguousarray(made.probabilities.value[:, class_])
    if column.dtype == np.float16:  # NumPy sorts halves slowly
        column = column.astype(np.float32)
    order = np.argsort(column)[::-1]
    hit = (made.truth == class_).take(order)
    return Ranking(hit, column.take(order).astype(np.float64), int(made.images_of_class[class_]))


def top_ranking(made: Classification) -> Ranking:
    """All images by the probability of their most probable class; right answers are hits.

    The calibration of this ranking is that of Guo et al. (2017).
    """
    answers = made.answers
    return Ranking(answers.right, answers.confidence, len(answers.right))
