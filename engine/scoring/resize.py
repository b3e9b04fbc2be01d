"""An image fitted into the model's input, and its boxes back out of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.arrays import Boxes
from engine.pixels import Size, read_image
from engine.scoring.card import InputCard

Corners = NDArray[np.float64]  # [N, 4] left, top, right, bottom, in pixels of the model's input

RESAMPLING: Final = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "area": Image.Resampling.BOX,
}


@dataclass(frozen=True)
class Fit:
    """Where an image lies in the model's input: input = image * gain + offset."""

    image: Size  # width, height of the whole image
    resized: Size  # width, height that it takes in the input
    gain: tuple[float, float]  # input pixels for an image pixel, across and down
    offset: tuple[int, int]  # left, top of the image in the input

    def boxes(self, corners: Corners) -> Boxes:
        """Boxes in the input -> boxes in the image, cut at its edges."""
        across, down = self.image
        edges: Boxes = (corners - np.tile(self.offset, 2)) / np.tile(self.gain, 2)
        edges = edges.clip(0, [across, down, across, down])
        edges[:, 2:] -= edges[:, :2]
        return edges

    def corners(self, boxes: Boxes) -> Corners:
        """Boxes in the image -> corners in the input."""
        edges = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
        return np.asarray(edges * np.tile(self.gain, 2) + np.tile(self.offset, 2))


def fit(image: Size, into: tuple[int, int], resize: str) -> Fit:
    """How an image of this size lies in an input of this height and width."""
    width, height = image
    input_height, input_width = into
    if resize == "stretch":
        gains = (input_width / width, input_height / height)
        return Fit(image, (input_width, input_height), gains, (0, 0))
    gain = min(input_height / height, input_width / width)
    if resize == "letterbox-topleft":
        # YOLOX cuts the fraction of a pixel off.
        return Fit(image, _at_least_1(int(width * gain), int(height * gain)), (gain, gain), (0, 0))
    resized = _at_least_1(round(width * gain), round(height * gain))
    # Ultralytics: half of an odd margin goes to the right and the bottom.
    left = round((input_width - resized[0]) / 2 - 0.1)
    top = round((input_height - resized[1]) / 2 - 0.1)
    return Fit(image, resized, (gain, gain), (left, top))


@dataclass(frozen=True)
class Placed:
    """An image that stands in a batch."""

    fit: Fit
    turnable: bool  # see `images.Decoded`


def place(path: Path, dataset_size: Size, card: InputCard, slot: NDArray[Any]) -> Placed:
    """Read an image, resize it as the card says and write it into its slot of the batch.

    The slot is [3, height, width], or [height, width, 3] when the card says NHWC,
    with one channel instead of three for gray. Raises `images.UnreadableImage`.
    """

    def fitted(image: Size) -> Fit:
        return fit(image, (card.size[0], card.size[1]), card.resize)

    decoded = read_image(
        path,
        dataset_size,
        # Only a resize that averages hides that a JPEG was decoded at a fraction of its size.
        enough=(lambda image: fitted(image).resized) if card.antialias else None,
        gray=card.color == "GRAY",
    )
    where = fitted(decoded.size)
    pixels = _resized(decoded.pixels, where.resized, card)
    channels = slot if card.layout == "NCHW" else np.moveaxis(slot, -1, 0)
    _write(pixels, channels, where, card)
    return Placed(where, decoded.turnable)


def _write(pixels: Image.Image, channels: NDArray[Any], where: Fit, card: InputCard) -> None:
    left, top = where.offset
    width, height = where.resized
    planes = pixels.split()
    if card.color == "BGR":
        planes = planes[::-1]
    for index, plane in enumerate(planes):
        mean, std = card.mean[index % len(card.mean)], card.std[index % len(card.std)]
        factor, shift = card.scale / std, mean / std
        channel = channels[index]
        if (width, height) != (channel.shape[1], channel.shape[0]):
            channel[:] = card.pad * factor - shift
        inside = channel[top : top + height, left : left + width]
        inside[:] = np.asarray(plane)
        if factor != 1:
            inside *= inside.dtype.type(factor)
        if shift:
            inside -= inside.dtype.type(shift)


def _resized(pixels: Image.Image, size: Size, card: InputCard) -> Image.Image:
    if pixels.size == size:
        return pixels
    resampling = RESAMPLING[card.interpolation]
    if card.antialias or resampling in (Image.Resampling.NEAREST, Image.Resampling.BOX):
        return pixels.resize(size, resampling)
    across, down = pixels.width / size[0], pixels.height / size[1]
    return pixels.transform(
        size, Image.Transform.AFFINE, (across, 0, 0, 0, down, 0), resample=resampling
    )


def _at_least_1(width: int, height: int) -> Size:
    return max(width, 1), max(height, 1)
