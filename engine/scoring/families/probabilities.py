"""Whether a classifier's graph ends in probabilities or in logits."""

import numpy as np

from engine.scoring.families.seen import SeenModel

SUM_TOLERANCE = 1e-2


def activation_of(seen: SeenModel, output: str) -> str:
    """What is left to do: "none" for probabilities, "softmax" for logits.

    An output of a Softmax or a Sigmoid is settled. Else the answer to noise decides:
    probabilities are not negative and sum to 1.
    """
    values = seen.values(output)
    if output in seen.graph.probabilities:
        return "none"
    if values is None or not values.size:
        return "softmax"
    rows = values.reshape(len(values), -1).astype(np.float64)
    if values.dtype == np.uint8:
        return "none"
    fine = (rows >= 0).all() and np.abs(rows.sum(axis=1) - 1).max() <= SUM_TOLERANCE
    return "none" if fine else "softmax"
