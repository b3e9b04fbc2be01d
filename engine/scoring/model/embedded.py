"""Confidences that a graph drops by itself, which cut the precision-recall curve short.

They are only told, never acted on: what a model gives is kept, whatever it is said to drop.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.core.arrays import Scores
from engine.util.words import threshold

TELLING: Final = 50  # predictions from which the lowest confidence means something
SILENCE: Final = 0.02  # a lowest confidence from here up is a threshold, not chance
ROUNDING: Final = 1e-4  # share of a threshold by which a graph of half precision may miss it


@dataclass(frozen=True)
class Silence:
    """The confidence below which a model is silent, and the sentence that says so."""

    below: float = 0.0  # 0 where nothing is known
    sentence: str = ""


def silence_of(
    stated: float, confidence: Scores, kept_from: float, *, by_itself: bool = True
) -> Silence:
    """What the graph or the card states, unless the run has shown less; else what it shows.

    `confidence` are all that a run has found, kept from `kept_from` up. Only of a model that
    suppresses by itself does the lowest of them tell a threshold.
    """
    lowest = float(np.min(confidence, initial=1))
    if stated > kept_from and lowest >= stated * (1 - ROUNDING):
        return Silence(stated, _cut(stated))
    if not by_itself or len(confidence) < TELLING or lowest < max(SILENCE, 2 * kept_from):
        return Silence()
    # A threshold is a round number, and the lowest confidence seen is a little above it.
    return Silence(
        np.floor(lowest * 100) / 100,
        f"No prediction has a confidence below {threshold(lowest)}: the model seems to drop them "
        "itself, so the precision-recall curve is cut and average precision understated.",
    )


def _cut(stated: float) -> str:
    return (
        f"The model itself drops confidences below {threshold(stated)}: the precision-recall "
        "curve ends there, and average precision is lower than the model deserves."
    )
