"""In which order to look at a classifier's images."""

from typing import Final, Literal, get_args

import numpy as np

from engine.classification.classification import Classification
from engine.classification.label_errors import label_suspicion
from engine.core.arrays import NOTHING, Indices
from engine.core.outcomes import Outcomes

ClassifierOrder = Literal["probability", "margin", "confident and wrong", "suspected label"]
FEED_ORDERS: Final[tuple[ClassifierOrder, ...]] = get_args(ClassifierOrder)


def row_order(
    outcomes: Outcomes, made: Classification, by: ClassifierOrder, descending: bool = True
) -> Indices:
    """[R] the order of the rows; equal ones keep theirs.

    - probability: of the most probable class, the highest first.
    - margin: of the most probable class over the second, the widest first.
    - confident and wrong: wrong answers from the most confident on, then what has no
      answer, then right answers from the least confident on.
    - suspected label: the label that the model contradicts most first, see label_errors.

    Not descending turns the order round. Margins that are undefined come last either way.
    """
    rows = outcomes.prediction
    if by == "probability":
        key = outcomes.confidence
    elif by == "margin":
        key = outcomes.confidence - made.values.runner_up.take(rows)
    elif by == "suspected label":
        suspicion = label_suspicion(made)
        rank = np.empty(len(made.probabilities), np.intp)
        rank[suspicion.order] = np.arange(len(rank))
        key = -rank.take(rows).astype(np.float64)
    else:
        withheld = outcomes.predicted == NOTHING
        signed = np.where(outcomes.correct, -outcomes.confidence, outcomes.confidence)
        group = np.where(withheld, 1, np.where(outcomes.correct, 0, 2))
        return np.lexsort((-signed, -group) if descending else (signed, group))
    return np.argsort(-key if descending else key, kind="stable")
