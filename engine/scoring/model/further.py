"""Inputs beside the image: sizes that some graphs want, and masks."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.scoring.card import InputCard
from engine.scoring.run.resize import Fit, fit_of

TRIAL_SIDE = 320  # pixels of the image that a model of any size is tried with


def further_inputs(card: InputCard, fits: Sequence[Fit | None]) -> tuple[NDArray[Any], ...]:
    """One array for each entry of `input.extra`, in its order, a row for each image.

    Sizes are int64 [B, 2], masks float32 [B, height, width]. None stands for a row
    that only fills the batch.
    """
    known = [blank_fit(card) if where is None else where for where in fits]
    return tuple(
        np.stack([_values(feed, where) for where in known]) for feed in card.extra.values()
    )


def blank_fit(card: InputCard) -> Fit:
    """The fit of an image that needs no resizing."""
    height, width = card.size or (TRIAL_SIDE, TRIAL_SIDE)
    return fit_of((width, height), card)


def _values(feed: str, where: Fit) -> NDArray[Any]:
    match feed:
        case "original_wh":
            return np.array(where.image, np.int64)
        case "original_hw":
            return np.array(where.image[::-1], np.int64)
        case "input_wh":
            return np.array(where.into, np.int64)
        case "input_hw":
            return np.array(where.into[::-1], np.int64)
    return np.ones(where.into[::-1], np.float32)
