"""The colours that a cell can have: of the 256-colour palette, or nearly any."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # [H, W, 3] red, green, blue
ColourValues = NDArray[np.float32]  # [3, ...] red, green, blue, 0 to 255
Numbers = NDArray[np.intp]  # [...] of the palette, or red << 16 | green << 8 | blue

NONE: Final = -1  # the number of a colour of which nothing is seen
_SHADES: Final = 63  # steps of a channel of 24-bit colours: runs merge, no eye sees it


def numbers_of(colours: Pixels, truecolor: bool) -> Numbers:
    """[...] the number of the colour that is nearest to each of [..., 3]."""
    return nearest(np.moveaxis(colours, -1, 0).astype(np.float32), truecolor)[0]


def nearest(values: ColourValues, truecolor: bool) -> tuple[Numbers, ColourValues]:
    """Number and value of the colour that is nearest to each."""
    return _of_all(values) if truecolor else _of_palette(values)


def _of_all(values: ColourValues) -> tuple[Numbers, ColourValues]:
    steps = np.rint(values * np.float32(_SHADES / 255))
    seen = np.rint(steps * np.float32(255 / _SHADES))
    number = (seen[0] * 65536 + seen[1] * 256 + seen[2]).astype(np.intp)  # exact: below 2^24
    return number, seen


def _of_palette(values: ColourValues) -> tuple[Numbers, ColourValues]:
    """Of xterm's cube of six levels, from 16 on, and its 24 greys, from 232 on.

    The sixteen colours before them look different in each terminal.
    """
    # The levels are 0, 95, 135, 175, 215 and 255.
    step = np.maximum(np.floor((values - 35) / 40), values >= 47.5)
    seen = 40 * step + np.float32(55) * (step > 0)
    cube = 16 + 36 * step[0] + 6 * step[1] + step[2]
    shade = np.clip(np.rint((values[0] + values[1] + values[2] - 24) / 30), 0, 23)
    grey = 8 + 10 * shade
    greyer = ((values - grey) ** 2).sum(0) < ((values - seen) ** 2).sum(0)
    number = np.where(greyer, 232 + shade, cube).astype(np.intp)
    return number, np.where(greyer, grey, seen)
