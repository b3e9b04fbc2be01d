"""Resizing that looks at the nearest pixels only, as OpenCV and torch do without antialiasing."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.images.pixels import Size

WEIGHT: Final = 2048  # OpenCV's weights are whole numbers of this
STRIP: Final = 16  # rows at once: what is worked on stays in the processor's cache

Weights = NDArray[np.int32]
Shares = NDArray[np.float32]
Places = NDArray[np.intp]


def linear(pixels: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    """[H, W] or [H, W, C] -> the same at this width and height, to the bit as OpenCV's linear.

    Each number is the mean of the four nearest pixels by their distance, rounded as OpenCV's
    whole numbers round it.
    """
    width, height = size
    rows = pixels.reshape(len(pixels), -1)  # [H, W * C]
    channels = rows.shape[1] // pixels.shape[1]
    left, right, of_left, of_right = _columns(pixels.shape[1], width, channels)
    upper, lower, of_upper, of_lower = _neighbours(len(pixels), height)
    resized = np.empty((height, width * channels), np.uint8)
    for start in range(0, height, STRIP):
        strip = slice(start, min(start + STRIP, height))
        wanted = np.concatenate([upper[strip], lower[strip]])
        needed, place = np.unique(wanted, return_inverse=True)
        source = rows[needed]
        across = np.multiply(source.take(left, axis=1), of_left, dtype=np.int32)
        across += np.multiply(source.take(right, axis=1), of_right, dtype=np.int32)
        across >>= 4
        above, below = np.split(across[place], 2)
        above *= of_upper[strip, None]
        above >>= 16
        below *= of_lower[strip, None]
        below >>= 16
        above += below
        above += 2
        above >>= 2
        resized[strip] = above
    return resized.reshape(height, width, *pixels.shape[2:])


def linear_in_floats(pixels: NDArray[np.uint8], size: Size) -> NDArray[np.float32]:
    """[H, W] -> the same at this width and height, as torch's bilinear does it to floats.

    Each number is the mean of the four nearest pixels by their distance, not rounded.
    """
    width, height = size
    left, right, across = _between(pixels.shape[1], width)
    upper, lower, down = _between(pixels.shape[0], height)
    floats = pixels.astype(np.float32)
    rows = floats[upper] + (floats[lower] - floats[upper]) * down[:, None]
    resized: NDArray[np.float32] = rows[:, left] + (rows[:, right] - rows[:, left]) * across
    return resized


def _columns(inside: int, wanted: int, channels: int) -> tuple[Places, Places, Weights, Weights]:
    """The neighbours across, channel by channel; beyond an edge only the last column counts."""
    left, right, of_left, of_right = _neighbours(inside, wanted)
    edge = left == right
    of_left = np.where(edge, WEIGHT, of_left)
    of_right = np.where(edge, 0, of_right)
    each = np.arange(channels)
    return (
        (left[:, None] * channels + each).reshape(-1),
        (right[:, None] * channels + each).reshape(-1),
        np.repeat(of_left, channels),
        np.repeat(of_right, channels),
    )


def _neighbours(inside: int, wanted: int) -> tuple[Places, Places, Weights, Weights]:
    """For each of the wanted pixels the two it lies between, and how much of WEIGHT each has."""
    first, second, share = _between(inside, wanted)
    return (
        first,
        second,
        np.rint((1 - share) * WEIGHT).astype(np.int32),
        np.rint(share * WEIGHT).astype(np.int32),
    )


def _between(inside: int, wanted: int) -> tuple[Places, Places, Shares]:
    """For each of the wanted pixels the two it lies between, and the share of the second."""
    scale = 1.0 / (wanted / inside)
    center = ((np.arange(wanted) + 0.5) * scale - 0.5).astype(np.float32)
    before = np.floor(center)
    share = center - before
    first = before.astype(np.intp)
    return first.clip(0, inside - 1), (first + 1).clip(0, inside - 1), share


def smooth(image: Image.Image, size: Size, resampling: Image.Resampling) -> NDArray[np.uint8]:
    """An image [H, W] or [H, W, C] at this width and height by Pillow's wider filters, rounded.

    Pillow itself cuts fractions off when it does not average over what it skips.
    """
    across, down = image.width / size[0], image.height / size[1]
    matrix = (across, 0, 0, 0, down, 0)
    planes: list[NDArray[Any]] = [
        np.asarray(plane.convert("F").transform(size, Image.Transform.AFFINE, matrix, resampling))
        for plane in image.split()
    ]
    whole = np.stack(planes, axis=-1) if len(planes) > 1 else planes[0]
    rounded: NDArray[np.uint8] = np.rint(whole).clip(0, 255).astype(np.uint8)
    return rounded
