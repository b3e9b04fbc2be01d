"""Parts of images: a window around a box, and its pixels at another size."""

from typing import Final

from PIL import Image

from engine.images.drawing import Box
from engine.images.pixels import DecodedImage, Size

LEAST_WINDOW: Final = 48.0  # pixels: a smaller cut shows an object without its place


def crop_around(box: Box, image_size: Size, context: float = 1.5, aspect: float = 1.0) -> Box:
    """A window inside the image that holds the box and some of what is around it.

    aspect is the width over the height of the place to fill; the window has it
    too unless the image is too small for that.
    """
    across, down = image_size
    left, top, width, height = box
    wide = max(width * context, LEAST_WINDOW)
    high = max(height * context, LEAST_WINDOW)
    wide, high = max(wide, high * aspect), max(high, wide / aspect)
    wide, high = min(wide, float(across)), min(high, float(down))
    x = min(max(left + (width - wide) / 2, 0.0), across - wide)
    y = min(max(top + (height - high) / 2, 0.0), down - high)
    return x, y, wide, high


def union(box: Box, other: Box | None) -> Box:
    """The smallest box around both."""
    if other is None:
        return box
    left, top = min(box[0], other[0]), min(box[1], other[1])
    right = max(box[0] + box[2], other[0] + other[2])
    bottom = max(box[1] + box[3], other[1] + other[3])
    return left, top, right - left, bottom - top


def cut(decoded: DecodedImage, window: Box, size: Size, smooth: bool = True) -> Image.Image:
    """The window of the image, scaled to size."""
    across = decoded.pixels.width / max(decoded.size[0], 1)
    down = decoded.pixels.height / max(decoded.size[1], 1)
    left, top, width, height = window
    right = min((left + width) * across, decoded.pixels.width)
    bottom = min((top + height) * down, decoded.pixels.height)
    method = Image.Resampling.LANCZOS if smooth else Image.Resampling.BOX
    source = (max(left * across, 0), max(top * down, 0), right, bottom)
    return decoded.pixels.resize(size, method, source)
