"""Confidences that a graph drops by itself, which cut the precision-recall curve short."""

from typing import Final

import numpy as np

from engine.core.arrays import Scores
from engine.util.words import threshold

TELLING: Final = 50  # predictions from which the lowest confidence means something
SILENCE: Final = 0.02  # a lowest confidence from here up is a threshold, not chance


def cut_in_words(embedded: float) -> str:
    """What a threshold in the graph does to the numbers, for a person."""
    return (
        f"The model itself drops confidences below {threshold(embedded)}: the precision-recall "
        "curve ends there, and average precision is lower than the model deserves."
    )


def seen_cut(confidence: Scores, floor: float) -> tuple[str, ...]:
    """The same where the lowest confidence ever seen gives a threshold away, else nothing.

    `floor` is the confidence from which predictions are kept anyway.
    """
    lowest = float(np.min(confidence, initial=1))
    if len(confidence) < TELLING or lowest < max(SILENCE, 2 * floor):
        return ()
    return (
        f"No prediction has a confidence below {threshold(lowest)}: the model seems to drop them "
        "itself, so the precision-recall curve is cut and average precision understated.",
    )
