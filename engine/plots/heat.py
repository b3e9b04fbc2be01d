"""Colours for counts: right answers in blue, errors in orange, sixteen steps each.

A step further is always further from the background in luminance, so that the order
survives any colour vision, and the two hues stay apart under the common deficiencies.
A tone is an index into a palette: 0 to 15 for right answers, 16 to 31 for errors.
"""

from typing import Final, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Counts, Mask, Ratios

STEPS: Final = 16
WRONG: Final = STEPS
"""The first tone of the errors."""

FEW: Final = 20
"""A largest count below this is scaled as if it were this: one error is no fire."""

Tones = NDArray[np.uint8]

DARK: Final = (("#1a5a9e", "#8accff"), ("#a4500a", "#ffc06b"))
LIGHT: Final = (("#74b0e6", "#0b3c78"), ("#f5a552", "#873400"))
"""The middle and the far end of both hues, on a dark and on a light ground."""


class Blending(Protocol):
    """A colour of any maker that can be mixed."""

    def blend(self, other: Self, part: float, /) -> Self:
        """So much of another one on this one."""
        ...


Mixed = TypeVar("Mixed", bound=Blending)


def count_tones(counts: Counts, correct: Mask, most_correct: int, most_wrong: int) -> Tones:
    """A tone for each count on a logarithmic scale, where a few errors beside thousands show.

    Right answers and errors are each scaled to their own largest count.
    """
    largest = np.where(correct, max(most_correct, FEW), max(most_wrong, FEW))
    return tones(np.log1p(counts) / np.log1p(largest), correct)


def change_tones(changes: Counts, correct: Mask, most: int) -> Tones:
    """A tone for each difference of two counts, on the same scale: right answers more, or errors
    fewer, are for the better and as blue as right answers.
    """
    better = np.where(changes == 0, correct, (changes > 0) == correct)
    return tones(np.log1p(np.abs(changes)) / np.log1p(max(most, FEW)), better)


def share_tones(shares: Ratios, correct: Mask) -> Tones:
    """A tone for each share of a row or column: absolute, so that colours keep their meaning."""
    return tones(np.sqrt(np.nan_to_num(shares)), correct)


def tones(parts: Ratios, correct: Mask) -> Tones:
    """Step 0 for nothing at all, and 1 to 15 for what there is."""
    steps = np.ceil(np.clip(parts, 0, 1) * (STEPS - 1))
    return np.where(correct, steps, steps + WRONG).astype(np.uint8)


def ramp_colours(background: Mixed, through: Mixed, last: Mixed) -> list[Mixed]:
    """The fifteen steps that are not zero, even ones from near the background to the end."""
    start, half = background.blend(through, 0.25), (STEPS - 2) // 2
    lower = [start.blend(through, step / half) for step in range(half)]
    return lower + [through.blend(last, step / half) for step in range(half + 1)]
