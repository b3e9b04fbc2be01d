"""Pixels of any depth in 8 bits, and what had to be decided to get there.

Pillow's own conversion clips 16 bits at 255, which turns a picture white, and makes
floating-point pixels black.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FRAMES, STRETCHED, FEW_BITS, TRANSPARENT = "frames", "stretched", "few-bits", "transparent"
# What each note says of some images; the keys are kept with predictions.
NOTES: Final = {
    FRAMES: "have several frames: only the first is used",
    STRETCHED: "have values without an agreed range: the lowest became black, the highest white",
    FEW_BITS: "have 16 bits but use the lower 8 or 12 alone: these are taken for the whole range",
    TRANSPARENT: "are transparent in places: the colors underneath are used, as trainers do",
}
LOWER_BITS: Final = (8, 12)  # cameras of 12 bits are often kept in 16


def eight_bit(image: Image.Image, mode: str) -> tuple[Image.Image, tuple[str, ...]]:
    """The image in "RGB" or "L", and the keys of `NOTES` that hold for it.

    Raises ValueError where there is nothing but NaN.
    """
    if image.mode == "F" or image.mode.startswith("I"):
        tones, notes = _scaled(np.asarray(image))
        return Image.fromarray(tones).convert(mode), notes
    if image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode in ("RGBA", "LA", "PA") and _lowest_alpha(image) < 255:
        return image.convert(mode), (TRANSPARENT,)
    return image.convert(mode), ()


def _lowest_alpha(image: Image.Image) -> float:
    lowest, _ = image.getchannel("A").getextrema()
    return float(lowest) if isinstance(lowest, int | float) else 0.0


def _scaled(values: NDArray[Any]) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Gray values of more than 8 bits, or of none: 16 bits lose their lower half."""
    whole = np.issubdtype(values.dtype, np.integer)
    if not whole or values.min() < 0 or values.max() > 0xFFFF:
        return _stretched(values), (STRETCHED,)
    most = int(values.max())
    for bits in LOWER_BITS:
        if 0 < most < 1 << bits:
            return (values >> (bits - 8)).astype(np.uint8), (FEW_BITS,)
    return (values >> 8).astype(np.uint8), ()


def _stretched(values: NDArray[Any]) -> NDArray[np.uint8]:
    """From the lowest finite value, 0, to the highest, 255; what is not finite is black."""
    finite = np.isfinite(values)
    if not finite.any():
        raise ValueError("has no pixel that is a finite number")
    known = values[finite].astype(np.float64)
    lowest, span = known.min(), np.ptp(known) or 1.0
    tones = np.zeros(values.shape, np.uint8)
    tones[finite] = np.rint((known - lowest) / span * 255)
    return tones
